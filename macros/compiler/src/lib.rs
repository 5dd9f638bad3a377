//! Compiles the declarations of neural networks into plain Rust.
//!
//! ```text
//! tokens -> parse -> ast -> check -> the graph of the network
//!
//! the graph, without what is random -> inference
//!                                   -> evaluation  (with a loss)
//!                                   -> measurement (with metrics)
//!                                   -> stream      -> one step of a stream
//! the graph -> differentiate        -> training    (with a loss)
//!                                   -> backward pass and training as a layer of another network
//!
//! each of these passes -> views -> fuse -> plan -> codegen -> tokens
//! ```
//!
//! [`compile`] runs all stages, [`pass::passes`] those of the passes; every stage is a module of its own.

pub mod ast;
pub mod check;
pub mod codegen;
pub mod differentiate;
pub mod external;
pub mod fuse;
pub mod habits;
pub mod ir;
pub mod nearest;
pub mod parse;
pub mod pass;
pub mod plan;
pub mod program;
#[cfg(feature = "render")]
mod render;
pub mod report;
pub mod reserved;
pub mod size;
pub mod stream;
pub mod unused;

#[cfg(feature = "render")]
pub use render::{calls, render};

use check::Networks;
use codegen::{Fault, Options};
use ir::Value;
use proc_macro2::{Span, TokenStream};
use program::Program;
use quote::quote;
use report::{Place, Report};
use std::panic::{AssertUnwindSafe, catch_unwind};
use stream::Refusal;

/// Compiles everything in one `network!` call: each network, or a stub of it and its errors.
#[must_use]
pub fn compile(tokens: TokenStream) -> TokenStream {
    compile_with(tokens, false)
}

/// Runs `compile` and turns a panic, which would be a bug of the compiler, into one error beside
/// stubs of the networks.
#[must_use]
pub fn compile_guarded(
    tokens: TokenStream,
    compile: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let given = tokens.clone();
    catch_unwind(AssertUnwindSafe(|| compile(given))).unwrap_or_else(|panic| {
        let told = panic.downcast_ref::<&str>().map(ToString::to_string);
        let told = told.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
        let message = format!(
            "this is a fault of monograd, not of your network; please report it with the network: {told}"
        );
        let mut report = Report::default();
        report.error(Span::call_site(), message);
        catch_unwind(AssertUnwindSafe(|| stubs(tokens, &report)))
            .unwrap_or_else(|_| report.tokens())
    })
}

/// Returns stubs of all networks beside the errors in `report`.
fn stubs(tokens: TokenStream, report: &Report) -> TokenStream {
    let file = parse::parse(tokens, &mut Report::default());
    let options = Options {
        runtime: codegen::runtime(file.runtime.as_ref()),
        comments: false,
        names: codegen::mentioned(&file.networks),
        contained: file.networks.iter().map(|network| network.name.to_string()).collect(),
    };
    let fault = Fault::new(&file.networks);
    let stubs = file.networks.iter().map(|network| codegen::stub(network, &options, &fault));
    stubs.chain([fault.tokens(report, true)]).collect()
}

/// Prefix of the doc comments in generated code that carry the user's source lines.
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
    let fault = Fault::new(&file.networks);
    let (mut items, mut constants) = (TokenStream::new(), Vec::new());
    for network in &file.networks {
        items.extend(match check::check_among(network, &networks, &mut report) {
            Some(program) => {
                let passes = pass::passes(network, &program);
                if let (Some(place), Err(refusal)) = (network.streaming, &passes.stream) {
                    let mut told: Vec<Place> = Vec::new();
                    for refusal in std::iter::once(refusal).chain(&passes.further_refusals) {
                        let (at, message) = refused(&program, refusal, place);
                        // one expression has one reason
                        if !told.iter().any(|other| other.is_at(at)) {
                            told.push(at);
                            report.error(at, message);
                        }
                    }
                    codegen::stub(network, &options, &fault)
                } else {
                    constants.extend_from_slice(&program.constants);
                    codegen::generate(network, &program, &passes, &options)
                }
            }
            None => codegen::stub(network, &options, &fault),
        });
    }
    let (mentioned, activations) = networks.mentioned();
    constants.extend(mentioned);
    let constants = codegen::constants(constants);
    let activations = codegen::activations(&activations);
    let errors = fault.tokens(&report, file.lost);
    quote!(#constants #activations #items #errors)
}

/// Returns the error for a network with `#[streaming]` that cannot be streamed, at the first value
/// from the refused one on that has a place in the source, or else at `otherwise`.
fn refused(program: &Program, refusal: &Refusal, otherwise: Place) -> (Place, String) {
    let written = (refusal.value.0..program.graph.values().count()).map(Value);
    let place = written.filter_map(|value| program.places.get(&value)).next();
    let Refusal { reason, .. } = refusal;
    (
        place.copied().unwrap_or(otherwise),
        format!("this cannot be done one step at a time, as `#[streaming]` asks: {reason}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_of_the_compiler_is_one_error_beside_stubs() {
        let source = "pub Net<A: Activation, const H: usize>(x: [4]) -> [4] { x >> A } loss mse";
        let code = compile_guarded(source.parse().unwrap(), |_| panic!("no entry {}", 3));
        let code = code.to_string();
        // twice the same, which the compiler tells once
        assert_eq!(code.matches("compile_error").count(), 2);
        assert!(code.contains("this is a fault of monograd") && code.contains("no entry 3"));
        assert!(code.contains("pub struct Net") && code.contains("fn init"));
        let sound = compile_guarded("Net(x: [4]) -> [4] { x }".parse().unwrap(), compile);
        assert!(!sound.to_string().contains("compile_error"));
    }
}
