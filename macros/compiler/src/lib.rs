//! Compiles the description of a neural network into plain Rust.
//!
//! ```text
//! tokens -> parse -> ast -> check -> ir -> differentiate -> fuse -> plan -> codegen -> tokens
//! ```
//!
//! [`compile`] shows the whole way; every stage is a module of its own.

pub mod ast;
pub mod check;
pub mod codegen;
pub mod differentiate;
pub mod foreign;
pub mod fuse;
pub mod ir;
pub mod nearest;
pub mod parse;
pub mod pass;
pub mod plan;
pub mod program;
#[cfg(feature = "render")]
mod render;
pub mod report;
pub mod size;
pub mod stream;

#[cfg(feature = "render")]
pub use render::{calls, render};

use check::Networks;
use codegen::Options;
use ir::Value;
use proc_macro2::TokenStream;
use program::Program;
use quote::quote;
use report::{Place, Report};
use stream::Refusal;

/// Compiles everything in one `network!` call: the networks, or stubs of them beside their errors.
#[must_use]
pub fn compile(tokens: TokenStream) -> TokenStream {
    compile_with(tokens, false)
}

/// What begins the documentation comments that mark source lines.
const COMMENT: &str = "~";

fn compile_with(tokens: TokenStream, comments: bool) -> TokenStream {
    let mut report = Report::default();
    let file = parse::parse(tokens, &mut report);
    let runtime = codegen::runtime(file.runtime.as_ref());
    let networks = Networks::new(&file.networks).with_runtime(&runtime);
    let options = Options {
        runtime,
        comments,
        names: codegen::mentioned(&file.networks),
        contained: networks.contained(),
    };
    let (mut items, mut constants) = (TokenStream::new(), Vec::new());
    for network in &file.networks {
        items.extend(match check::check_among(network, &networks, &mut report) {
            Some(program) => {
                let passes = pass::passes(network, &program);
                if let (Some(place), Err(refusal)) = (network.streaming, &passes.stream) {
                    let (place, message) = refused(&program, refusal, place);
                    report.error(place, message);
                }
                constants.extend_from_slice(&program.constants);
                codegen::generate(network, &program, &passes, &options)
            }
            None => codegen::stub(network, &options),
        });
    }
    let (constants, errors) = (codegen::constants(constants), report.tokens());
    quote!(#constants #items #errors)
}

/// Where a network that is to be streamed looks ahead, and how.
fn refused(program: &Program, refusal: &Refusal, otherwise: Place) -> (Place, String) {
    let written = (refusal.value.0..program.graph.values().count()).map(Value);
    let place = written.filter_map(|value| program.places.get(&value)).next();
    let Refusal { reason, .. } = refusal;
    (
        place.copied().unwrap_or(otherwise),
        format!("this cannot be done one step at a time, as `#[streaming]` asks: {reason}"),
    )
}
