//! Code shared by the examples: data sets, terminal output, training loops, and the networks themselves,
//! which tests compare with PyTorch. Each example is a file of its own.

pub mod data {
    //! Data sets, embedded in the program.

    pub mod digits;
    pub mod text;
}
pub mod networks;
pub mod options;
pub mod reading;
pub mod terminal;
pub mod writing;

/// The result of an operation, with an error of a network or of a program.
pub type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;
