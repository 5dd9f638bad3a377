//! Sizes that only an external layer knows: they become calls or constants of its type.

use super::{Atom, Size};
use crate::external::External;
use crate::reserved::private_path;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::fmt;

/// A size that an external layer knows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalSize {
    /// The layer.
    pub layer: External,
    /// The size that is asked for.
    pub asked: Asked,
}

/// A size that can be asked of an external layer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// An axis of an output, `(output, axis)`, for inputs of these shapes. Run-time sizes in the
    /// shapes count as unknown.
    Output(usize, usize, Vec<Vec<Size>>),
    /// The length of its parameter buffer in scalars, with the gaps between parameters.
    Buffer,
    /// The number of parameters, without gaps.
    Parameters,
    /// A cost for inputs of these shapes, evaluated at run time.
    Cost(Cost, Vec<Vec<Size>>),
    /// The cost as a constant of the type, with run-time sizes at their bounds, or at 1 without a
    /// bound.
    ConstantCost(Cost),
}

/// A cost of an external layer for one sample.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cost {
    /// Operations of the forward pass.
    Flops,
    /// Scratch memory of the forward pass, in scalars.
    Forward,
    /// Scratch memory of the backward pass, in scalars.
    Backward,
}

impl Size {
    /// Returns the size `asked` of `layer`.
    #[must_use]
    pub fn external(layer: &External, asked: Asked) -> Self {
        Atom::External(ExternalSize { layer: layer.clone(), asked }).into()
    }

    /// Returns the external layers that it depends on.
    #[must_use]
    pub fn layers(&self) -> Vec<&External> {
        self.leaves().into_iter().filter_map(Atom::external).map(|size| &size.layer).collect()
    }

    /// Returns true if it depends on a cost that is evaluated at run time.
    #[must_use]
    pub fn asks_at_run_time(&self) -> bool {
        let mut sizes = self.leaves().into_iter().filter_map(Atom::external);
        sizes.any(|size| matches!(size.asked, Asked::Cost(..)))
    }
}

impl Atom {
    fn external(&self) -> Option<&ExternalSize> {
        match self {
            Self::External(size) => Some(size),
            _ => None,
        }
    }
}

impl ExternalSize {
    /// Returns the sizes of the input shapes that it depends on.
    pub(super) fn shapes(&self) -> impl Iterator<Item = &Size> {
        let shapes = match &self.asked {
            Asked::Output(_, _, shapes) | Asked::Cost(_, shapes) => shapes.as_slice(),
            Asked::Buffer | Asked::Parameters | Asked::ConstantCost(_) => &[],
        };
        shapes.iter().flatten()
    }

    /// Returns the sizes of the input shapes with whose run-time sizes it varies: only a cost does.
    pub(super) fn varying(&self) -> impl Iterator<Item = &Size> {
        let varies = matches!(self.asked, Asked::Cost(..));
        self.shapes().filter(move |_| varies)
    }

    /// Returns it as a constant of the type, for run-time sizes at their bounds.
    pub(super) fn as_constant(&self) -> Self {
        let asked = match &self.asked {
            Asked::Cost(cost, _) => Asked::ConstantCost(*cost),
            other => other.clone(),
        };
        Self { layer: self.layer.clone(), asked }
    }

    /// Returns it as a `usize` expression.
    pub(super) fn tokens(&self) -> TokenStream {
        let (layer, private_path) = (self.layer.as_layer(), private_path());
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
                Cost::Backward => quote!(#layer::BACKWARD_MEMORY),
            },
        }
    }
}

/// Returns shapes as an expression: `&[&[16, 64]]`.
#[must_use]
pub fn shapes_tokens(shapes: &[Vec<Size>]) -> TokenStream {
    let shapes = shapes.iter().map(|shape| {
        let sizes = shape.iter().map(Size::tokens);
        quote!(&[#(#sizes),*])
    });
    quote!(&[#(#shapes),*])
}

/// Returns shapes as an expression, with 0 for sizes that are known only at run time.
#[must_use]
pub fn known_shapes(shapes: &[Vec<Size>]) -> TokenStream {
    let known = |size: &Size| if size.is_dynamic() { Size::default() } else { size.clone() };
    let shapes: Vec<Vec<Size>> =
        shapes.iter().map(|shape| shape.iter().map(known).collect()).collect();
    shapes_tokens(&shapes)
}

/// Writes the size with the layer's path: `other::Encoder::<64>[0]`.
impl fmt::Display for ExternalSize {
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

impl fmt::Debug for ExternalSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
