//! Code generation: planned passes become tokens of a struct, its constants, and a function for
//! each pass.

mod assertions;
mod batch;
mod body;
mod buffers;
mod constructors;
mod content;
mod definition;
mod description;
mod impls;
mod input_gradients;
mod inspect;
mod interface;
mod iterations;
mod layer;
mod lengths;
mod loops;
mod names;
mod parentheses;
mod rows;
mod scalar;
mod signature;
mod step;
mod stream;
mod stub;
mod user_items;
mod variables;

use crate::ast::{File, Network};
use crate::ir::function::UserFn;
use crate::pass::Passes;
use crate::program::Program;
use content::Content;
use interface::Interface;
use names::mentioned;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::HashSet;
pub use stub::Fault;
pub use user_items::{activations, constants};

/// The options of code generation.
pub struct Options {
    /// The path of the runtime.
    pub runtime: TokenStream,
    /// `true` to emit markers that become comments with source lines.
    pub comments: bool,
    /// Every name that the networks mention, which generated type parameters avoid.
    pub names: TokenStream,
    /// The networks that others contain, which may have no other use.
    pub contained: HashSet<String>,
}

impl Options {
    /// Returns the options for the networks of one macro call, of which others contain some.
    #[must_use]
    pub fn new(file: &File, contained: HashSet<String>, comments: bool) -> Self {
        let names = mentioned(&file.networks);
        Self { runtime: runtime(file.runtime.as_ref()), comments, names, contained }
    }
}

/// Returns the path of the runtime: that of `crate = path`, or `::monograd`.
#[must_use]
pub fn runtime(path: Option<&syn::Path>) -> TokenStream {
    path.map_or_else(|| quote!(::monograd), |path| quote!(#path))
}

/// Returns the whole code of a network.
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

/// Returns the type and its signatures without content. This stub stands beside the errors of a
/// network, so that code that uses it has no errors of its own. `own` are the user's functions that it
/// calls, so that one that does not exist is reported beside the other errors.
#[must_use]
pub fn stub(network: &Network, own: Vec<UserFn>, options: &Options, fault: &Fault) -> TokenStream {
    let interface = Interface::new(network, options, true);
    interface.tokens(&Content { own, ..Content::empty(network, fault) })
}
