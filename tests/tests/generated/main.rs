//! The generated code, and the book that quotes it.

mod agree;
mod book;
mod drawings;
mod examples;
mod expand;
mod hygiene;
mod inside;
