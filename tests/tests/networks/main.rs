//! Networks of every form: what they compute, what they keep, what they refuse when they run.

mod architectures;
mod attention;
mod composition;
mod depth;
mod dynamic;
mod external;
mod inside;
mod loops;
mod operations;
mod rows;
mod sizes;
mod state;
mod streaming;
mod summary;
mod training;
mod truncation;
