//! From planned passes to tokens: one struct, its constants, and a function for each pass.

mod assertions;
mod buffers;
mod constants;
mod constructors;
mod content;
mod definition;
mod description;
mod epilogue;
mod function;
mod interface;
mod iterations;
mod layer;
mod lengths;
mod loops;
mod measure;
mod mentioned;
mod names;
mod network;
mod own;
mod parentheses;
mod results;
mod rows;
mod scalar;
mod signature;
mod slots;
mod step;
mod stream;
mod training;
mod unused;
mod views;

use crate::ast::Network;
use crate::pass::Passes;
use crate::program::Program;
pub use constants::constants;
use content::Content;
use interface::Interface;
pub use mentioned::mentioned;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::HashSet;

/// Where the runtime is, and whether source lines are put before operations.
pub struct Options {
    /// The path of the runtime.
    pub runtime: TokenStream,
    /// Whether to emit markers that become comments.
    pub comments: bool,
    /// Every name that the networks mention: generated types avoid them.
    pub names: TokenStream,
    /// The networks that others contain, which may be of no other use.
    pub contained: HashSet<String>,
}

/// The path of the runtime: what `crate = path` says, or where Cargo has it.
#[must_use]
pub fn runtime(path: Option<&syn::Path>) -> TokenStream {
    path.map_or_else(|| quote!(::monograd), |path| quote!(#path))
}

/// The whole code of a network.
#[must_use]
pub fn generate(
    network: &Network,
    program: &Program,
    passes: &Passes,
    options: &Options,
) -> TokenStream {
    let interface = Interface::new(network, options, false);
    let content = Content::new(&interface, program, passes, options);
    let unused = interface.unused_names();
    let items = parentheses::without(interface.tokens(&content));
    quote!(#items #unused)
}

/// The type and its signatures without content: what stands beside the errors of a network, so
/// that code that uses it has none of its own.
#[must_use]
pub fn stub(network: &Network, options: &Options) -> TokenStream {
    let interface = Interface::new(network, options, true);
    interface.tokens(&Content::empty(network))
}
