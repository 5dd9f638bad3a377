//! Prints the generated code of every `network!` in a file:
//! `cargo run -p monograd-compiler --example expand -- FILE.rs`

use monograd_compiler::{calls, render};
use proc_macro2::TokenStream;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: expand FILE.rs");
        return ExitCode::FAILURE;
    };
    let source = match std::fs::read_to_string(&path) {
        Ok(source) => source,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let tokens: TokenStream = match source.parse() {
        Ok(tokens) => tokens,
        Err(error) => {
            eprintln!("{path}: {error}");
            return ExitCode::FAILURE;
        }
    };
    let calls = calls(tokens);
    if calls.is_empty() {
        eprintln!("{path}: there is no `network!` in it");
        return ExitCode::FAILURE;
    }
    for call in calls {
        match render(call) {
            Ok(code) => print!("{code}"),
            Err(error) => {
                eprintln!("{path}: the generated code is not Rust: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
