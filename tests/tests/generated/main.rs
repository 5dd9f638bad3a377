//! The generated code, and the book that quotes it.

mod book;
mod expand;
mod hygiene;
