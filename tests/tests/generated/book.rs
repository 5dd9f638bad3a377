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
#[path = "../../../book/code/loops.rs"]
mod loops;
#[path = "book/quotes.rs"]
mod quotes;
#[path = "../../../book/code/reference.rs"]
mod reference;
#[path = "book/reference.rs"]
mod reference_page;
#[path = "../../../book/code/seeing.rs"]
mod seeing;
#[path = "../../../book/code/training.rs"]
mod training;
