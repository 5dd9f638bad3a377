//! Networks to run, read and change: one file an example. Here is what they share. Those networks
//! that tests compare with PyTorch are in `networks/`, which no example compiles but for its own.

pub mod data {
    //! Data sets: embedded in the program, or read from files.

    pub mod digits;
    pub mod nam;
    pub mod text;
}
pub mod options;
pub mod reading;
pub mod terminal;

pub mod writing;

/// The result of an operation, with an error of a network or of a program.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
