//! Networks to run, read and change: one file an example. Here is what they share.

pub mod data {
    //! Data sets, embedded in the program.

    pub mod digits;
}
pub mod terminal;
