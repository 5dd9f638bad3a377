//! Sizes that only a layer from elsewhere can tell.

use super::Size;
use crate::external::External;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::fmt;

/// A size that a layer from elsewhere tells.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignSize {
    /// The layer.
    pub layer: External,
    /// Which of its sizes.
    pub asked: Asked,
}

/// Which size of a layer is asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// An axis of an output, for inputs of these shapes; run-time sizes in them count as unknown.
    Output(usize, usize, Vec<Vec<Size>>),
    /// Scalars of the parameters, with the gaps between them.
    Buffer,
    /// Numbers in the parameters.
    Parameters,
    /// Operations, or scalars of memory, for inputs of these shapes.
    Cost(Cost, Vec<Vec<Size>>),
    /// The same as a constant.
    ConstantCost(Cost),
}

/// What a layer takes for one sample.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// Operations of the forward pass.
    Flops,
    /// Scratch memory of the forward pass.
    Forward,
    /// Scratch memory of the backward pass.
    Backward,
}

impl Size {
    /// A size that a layer from elsewhere tells.
    #[must_use]
    pub fn external(layer: &External, asked: Asked) -> Self {
        super::Atom::External(ForeignSize { layer: layer.clone(), asked }).into()
    }

    /// The layers from elsewhere that tell something of it.
    #[must_use]
    pub fn layers(&self) -> Vec<&External> {
        let mut layers = Vec::new();
        for atom in self.atoms() {
            match atom {
                super::Atom::External(size) => layers.push(&size.layer),
                super::Atom::Quotient(a, b) | super::Atom::Least(a, b) => {
                    layers.extend(a.layers().into_iter().chain(b.layers()))
                }
                super::Atom::Symbol(_) | super::Atom::Constant(_) | super::Atom::Dynamic(_) => {}
            }
        }
        layers
    }

    /// Whether it is told by a layer from elsewhere, and by no constant.
    #[must_use]
    pub fn asks_at_run_time(&self) -> bool {
        self.atoms().any(|atom| match atom {
            super::Atom::External(external) => matches!(external.asked, Asked::Cost(..)),
            super::Atom::Quotient(a, b) | super::Atom::Least(a, b) => {
                a.asks_at_run_time() || b.asks_at_run_time()
            }
            super::Atom::Symbol(_) | super::Atom::Constant(_) | super::Atom::Dynamic(_) => false,
        })
    }
}

impl ForeignSize {
    /// The shapes that it depends on.
    pub(super) fn shapes(&self) -> impl Iterator<Item = &Size> {
        let shapes = match &self.asked {
            Asked::Output(_, _, shapes) | Asked::Cost(_, shapes) => shapes.as_slice(),
            Asked::Buffer | Asked::Parameters | Asked::ConstantCost(_) => &[],
        };
        shapes.iter().flatten()
    }

    /// Those whose run-time sizes it changes with.
    pub(super) fn varying(&self) -> impl Iterator<Item = &Size> {
        let varies = matches!(self.asked, Asked::Cost(..));
        self.shapes().filter(move |_| varies)
    }

    /// The same with run-time sizes at some value.
    pub(super) fn as_constant(&self) -> Self {
        let asked = match &self.asked {
            Asked::Cost(cost, _) => Asked::ConstantCost(*cost),
            other => other.clone(),
        };
        Self { layer: self.layer.clone(), asked }
    }

    /// As a `usize` expression.
    pub(super) fn tokens(&self) -> TokenStream {
        let (layer, private_path) = (self.layer.as_layer(), &self.layer.private_path);
        match &self.asked {
            Asked::Output(output, axis, shapes) => {
                let [output, axis] = [*output, *axis].map(Literal::usize_unsuffixed);
                let shapes = known_shapes(shapes);
                quote! {
                    #private_path::output_size(#layer::INPUTS, #layer::OUTPUTS, (#output, #axis), #shapes)
                }
            }
            Asked::Buffer => quote!(#layer::BUFFER),
            Asked::Parameters => quote!(#layer::PARAMS),
            Asked::Cost(cost, shapes) => {
                let shapes = shapes_tokens(shapes);
                match cost {
                    Cost::Flops => quote!(#layer::flops_for(#shapes)),
                    Cost::Forward => quote!(#layer::forward_room(#shapes)),
                    Cost::Backward => quote!(#layer::backward_room(#shapes)),
                }
            }
            Asked::ConstantCost(cost) => match cost {
                Cost::Flops => quote!(#layer::FLOPS),
                Cost::Forward => quote!(#layer::FORWARD_MEMORY),
                Cost::Backward => quote!(#layer::BACKWARD_ROOM),
            },
        }
    }
}

/// `&[&[16, 64]]`
#[must_use]
pub fn shapes_tokens(shapes: &[Vec<Size>]) -> TokenStream {
    let shapes = shapes.iter().map(|shape| {
        let sizes = shape.iter().map(Size::tokens);
        quote!(&[#(#sizes),*])
    });
    quote!(&[#(#shapes),*])
}

/// The same with 0 for what is known only at run time.
#[must_use]
pub fn known_shapes(shapes: &[Vec<Size>]) -> TokenStream {
    let known = |size: &Size| if size.is_dynamic() { Size::default() } else { size.clone() };
    let shapes: Vec<Vec<Size>> =
        shapes.iter().map(|shape| shape.iter().map(known).collect()).collect();
    shapes_tokens(&shapes)
}

/// `other::Encoder::<64>[0]`
impl fmt::Display for ForeignSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.layer.text;
        match &self.asked {
            Asked::Output(0, axis, _) => write!(f, "{text}[{axis}]"),
            Asked::Output(output, axis, _) => write!(f, "{text}.{output}[{axis}]"),
            Asked::Buffer | Asked::Parameters => write!(f, "parameters of {text}"),
            Asked::Cost(..) | Asked::ConstantCost(_) => write!(f, "cost of {text}"),
        }
    }
}

impl fmt::Debug for ForeignSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
