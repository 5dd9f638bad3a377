//! Networks to run, read and change: one file an example.
