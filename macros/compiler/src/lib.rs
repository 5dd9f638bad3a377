//! Compiles the declarations of neural networks into plain Rust.
//!
//! ```text
//! tokens -> parse -> ast -> check -> the graph of the network
//!
//! the graph, without what is random -> inference
//!                                   -> heads -> evaluation  (with a loss)
//!                                   -> heads -> measurement (with metrics)
//!                                   -> stream -> one step of a stream, and a block of steps
//!                                   -> differentiate -> gradients of inputs (if asked)
//!                                   -> trace -> a look at its layers (if asked)
//! the graph -> heads -> differentiate -> training   (with a loss)
//!           -> differentiate -> trace -> training that shows all values (if asked)
//!           -> differentiate          -> backward pass as a layer of another network
//! the graph                           -> training   as a layer of another network
//!
//! each of these -> views -> fuse (loops, rows, accumulate, epilogue, siblings) -> plan -> codegen -> tokens
//! ```
//!
//! [`compile`] runs the stages in this order; each is a module of its own.

pub mod ast;
pub mod case;
pub mod check;
pub mod codegen;
pub mod differentiate;
pub mod external;
pub mod formulas;
pub mod fuse;
pub mod graphs;
pub mod habits;
pub mod heads;
pub mod ir;
pub mod library;
pub mod namesakes;
pub mod nearest;
pub mod parse;
pub mod pass;
pub mod plan;
pub mod program;
#[cfg(feature = "render")]
mod render;
pub mod report;
pub mod reserved;
pub mod scopes;
pub mod size;
pub mod sketch;
pub mod stream;
pub mod trace;
pub mod unused;

#[cfg(feature = "render")]
pub use render::{calls, render};

use ast::{Expr, ExprKind, Generic, Network};
use check::Networks;
use codegen::{Fault, Options};
use fuse::cost::Estimate;
use fuse::views;
use ir::Value;
use ir::step::Refusal;
use pass::{Pass, PassGraph, Passes};
use proc_macro2::{Span, TokenStream};
use program::Program;
use quote::quote;
use report::{Place, Report};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Compiles everything in one `network!` call: each network, or a stub of it and its errors.
#[must_use]
pub fn compile(tokens: TokenStream) -> TokenStream {
    compile_with(tokens, false)
}

fn compile_with(tokens: TokenStream, comments: bool) -> TokenStream {
    let mut report = Report::default();
    let mut file = parse::parse(tokens, &mut report);
    let count = namesakes::set_apart(&mut file.networks, &mut report);
    let networks = Networks::new(&file.networks);
    let options = Options::new(&file, networks.contained(), comments);
    let fault = Fault::new(&file.networks[..count]);
    let (mut items, mut constants) = (TokenStream::new(), Vec::new());
    for network in &file.networks[..count] {
        let program = check::check_among(network, &networks, &mut report).map(|program| Program {
            formulas: formulas::formulas(network, &file.networks),
            ..program
        });
        let compiled = program.map(|program| (passes(network, &program), program));
        items.extend(match compiled {
            Some((passes, program)) if !is_refused(network, &program, &passes, &mut report) => {
                constants.extend_from_slice(&program.constants);
                codegen::generate(network, &program, &passes, &options)
            }
            _ => codegen::stub(network, networks.functions(network), &options, &fault),
        });
    }
    let (mentioned, activations) = networks.mentioned();
    constants.extend(mentioned);
    let constants = codegen::constants(constants);
    let activations = codegen::activations(&activations);
    let errors = fault.tokens(&report, file.lost);
    quote!(#constants #activations #items #errors)
}

/// Prepares the passes of a checked network for code generation.
#[must_use]
pub fn passes(network: &Network, program: &Program) -> Passes {
    let sizes = probable_sizes(network, program);
    passes_by(network, program, &|size| size.estimate(&sizes))
}

/// Prepares the passes by another estimate of sizes, which only serves to choose between variants
/// of the code, such as buffers, loops, and copies or slices in place.
#[must_use]
pub fn passes_by(network: &Network, program: &Program, estimate: Estimate<'_>) -> Passes {
    graphs::graphs(network, program, estimate).map(|PassGraph { mut graph, roots }| {
        views::open(&mut graph, &roots, estimate);
        let schedule = fuse::fuse(&graph, &roots, estimate);
        let plan = plan::plan(&graph, &roots, &schedule, estimate);
        Pass { graph, roots, schedule, plan }
    })
}

/// Returns the defaults of const parameters and the bounds of run-time sizes.
fn probable_sizes(network: &Network, program: &Program) -> HashMap<String, f64> {
    let default = |generic: &Generic| match generic {
        Generic::Size { name, default: Some(Expr { kind: ExprKind::Number(n), .. }) } => {
            Some((name.to_string(), *n))
        }
        _ => None,
    };
    let mut sizes: HashMap<String, f64> = network.generics.iter().filter_map(default).collect();
    for length in &program.lengths {
        if let Some(bound) = &length.bound {
            sizes.insert(length.name.clone(), bound.estimate(&sizes));
        }
    }
    sizes
}

/// Reports the reasons why a network with `#[streaming]` cannot be streamed, each at the first value
/// from the refused one on that has a place in the source. Returns true if there are any.
fn is_refused(network: &Network, program: &Program, passes: &Passes, report: &mut Report) -> bool {
    let (Some(asked), Err(first)) = (network.streaming, &passes.stream) else { return false };
    let mut told: Vec<Place> = Vec::new();
    for Refusal { value, reason } in std::iter::once(first).chain(&passes.further_refusals) {
        let written = (value.0..program.graph.values().count()).map(Value);
        let place = written.filter_map(|value| program.places.get(&value)).next();
        let place = place.copied().unwrap_or(asked);
        // one expression has one reason
        if !told.iter().any(|other| other.is_at(place)) {
            told.push(place);
            report.error(
                place,
                format!("this cannot be done one step at a time, as `#[streaming]` asks: {reason}"),
            );
        }
    }
    true
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
    let contained = file.networks.iter().map(|network| network.name.to_string()).collect();
    let options = Options::new(&file, contained, false);
    let fault = Fault::new(&file.networks);
    let stubs =
        file.networks.iter().map(|network| codegen::stub(network, Vec::new(), &options, &fault));
    stubs.chain([fault.tokens(report, true)]).collect()
}

/// Prefix of the doc comments in generated code that carry the user's source lines.
const COMMENT: &str = "~";

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
