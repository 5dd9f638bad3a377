//! The content of a stub, which stands beside the errors of a network: what its signature tells.

use super::content::{Content, Training};
use super::input_gradients::InputGradients;
use super::inspect::Inspect;
use super::layer::Layer;
use super::lengths::Slots;
use super::stream::Streaming;
use crate::ast::{Element, Input, Loss, Network, Statement};
use crate::check::{MOST_PORTS, loss_name, target_element};
use crate::report::Report;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashSet;
use syn::ext::IdentExt as _;

/// A constant in error. A constant that refers to it has no value, so that the compiler evaluates no
/// assertion of the user's about it.
pub struct Fault {
    /// `None` if no network is known, whose stub would refer to it.
    name: Option<Ident>,
}

impl Fault {
    /// Returns the constant of a macro call with these networks.
    #[must_use]
    pub fn new(networks: &[Network]) -> Self {
        // the name of a network is the only one of its kind in the module
        let name = |first: &Network| {
            format_ident!("__ERROR_{}", first.name.unraw(), span = Span::call_site())
        };
        Self { name: networks.first().map(name) }
    }

    /// Emits the constant with the errors. If there are networks whose names are not known (`lost`),
    /// the errors stand beside it in the module: unknown names of such a module are no errors to the
    /// compiler.
    #[must_use]
    pub fn tokens(&self, report: &Report, lost: bool) -> TokenStream {
        let errors = report.tokens();
        let Some(name) = &self.name else { return errors };
        match (report.first(), lost) {
            (None, _) => TokenStream::new(),
            (Some(first), true) => quote! {
                #[doc(hidden)]
                const #name: () = { #first };
                #errors
            },
            (Some(_), false) => quote! {
                #[doc(hidden)]
                const #name: () = { #errors };
            },
        }
    }

    /// Returns an expression for `value` in a constant that has no value.
    pub fn instead_of(&self, value: &TokenStream) -> TokenStream {
        let name = &self.name;
        quote!({ let () = #name; #value })
    }
}

impl Content {
    /// Returns the content of a stub.
    pub fn empty(network: &Network, fault: &Fault) -> Self {
        let zero = quote!(__monograd::zero());
        let slots = || Slots { constant: fault.instead_of(&quote!(&[])), at: None };
        let training = Training {
            targets: targets(network),
            evaluate: zero.clone(),
            train: zero,
            evaluate_slots: slots(),
            train_slots: slots(),
            ..Training::default()
        };
        Self {
            inputs: inputs(network),
            outputs: network.outputs.len().clamp(1, MOST_PORTS),
            fault: Some(fault.instead_of(&quote!(&[]))),
            flops: fault.instead_of(&quote!(0)),
            slots: slots(),
            training: Some(training),
            streaming: Some(Streaming::default()),
            input_gradients: network.input_gradients.map(|_| InputGradients::empty(network)),
            inspect: network.inspect.map(|_| Inspect::empty()),
            layer: Some(Layer::empty(network.inputs.len())),
            ..Self::default()
        }
    }
}

/// Returns the element types of the inputs, or `None` if they cannot be told.
fn inputs(network: &Network) -> Option<Vec<Element>> {
    // of one that is declared twice, the second may be meant to go or to have another name
    let names: HashSet<_> = network.inputs.iter().map(|input| &input.name).collect();
    let counted = network.counted && names.len() == network.inputs.len();
    let inputs = network.inputs.iter().map(|input| input.element).collect::<Option<Vec<_>>>()?;
    (counted && (1..=MOST_PORTS).contains(&inputs.len())).then_some(inputs)
}

/// Returns the element types of the targets, or `None` if they cannot be told.
fn targets(network: &Network) -> Option<Vec<Element>> {
    match network.loss.as_ref()? {
        Loss::Named { name, .. } => Some(vec![target_element(loss_name(&name.to_string())?)]),
        Loss::Custom { inputs, .. } => {
            let values = values(network);
            let (outputs, rest) = inputs.split_at_checked(network.outputs.len())?;
            if outputs.iter().any(|output| output.kind.is_some()) {
                return None;
            }
            let is_target =
                |input: &&Input| input.kind.is_some() || !values.contains(&input.name.to_string());
            let targets = rest.iter().filter(is_target).map(|input| input.element);
            targets.collect::<Option<Vec<_>>>().filter(|targets| targets.len() <= MOST_PORTS)
        }
    }
}

/// Returns the names of the values of a network that its loss may use.
fn values(network: &Network) -> HashSet<String> {
    let lets = network.body.statements.iter().filter_map(|statement| match statement {
        Statement::Let(binding) => Some(&binding.names),
        Statement::Assign(_) | Statement::For(_) | Statement::When(_) => None,
    });
    let inputs = network.inputs.iter().map(|input| &input.name);
    inputs.chain(lets.flatten()).map(ToString::to_string).collect()
}
