//! Compiles and runs the code of the book, and checks what the book quotes.

#[path = "../../../book/code/activations.rs"]
mod activations;
#[path = "../../../book/code/compile.rs"]
mod compile;
#[path = "../../../book/code/composition.rs"]
mod composition;
#[path = "../../../book/code/data.rs"]
mod data;
#[path = "../../../book/code/elsewhere.rs"]
mod elsewhere;
#[path = "book/error_index.rs"]
mod error_index;
#[path = "../../../book/code/errors.rs"]
mod errors;
#[path = "../../../book/code/extend.rs"]
mod extend;
#[path = "../../../book/code/first.rs"]
mod first;
#[path = "../../../book/code/inspecting.rs"]
mod inspecting;
#[path = "../../../book/code/language.rs"]
mod language;
#[path = "../../../book/code/layers.rs"]
mod layers;
#[path = "../../../book/code/lengths.rs"]
mod lengths;
#[path = "book/links.rs"]
mod links;
#[path = "../../../book/code/loops.rs"]
mod loops;
// its `main` is called by nobody here
#[allow(dead_code)]
#[path = "../../../book/code/own_table.rs"]
mod own_table;
#[path = "../../../book/code/pytorch.rs"]
mod pytorch;
#[path = "book/quotes.rs"]
mod quotes;
#[path = "../../../book/code/reference.rs"]
mod reference;
#[path = "book/reference.rs"]
mod reference_page;
#[path = "../../../book/code/saving.rs"]
mod saving;
#[path = "../../../book/code/seeing.rs"]
mod seeing;
// its `main` is called by nobody here
#[allow(dead_code)]
#[path = "../../../book/code/spirals.rs"]
mod spirals;
#[path = "book/study.rs"]
mod study;
#[path = "../../../book/code/tour.rs"]
mod tour;
#[path = "../../../book/code/training.rs"]
mod training;
