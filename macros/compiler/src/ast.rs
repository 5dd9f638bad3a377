//! The syntax tree: a network as written, in which every node keeps its source span.

mod display;
mod expression;
mod statement;

pub use display::path_text;
pub use expression::{Argument, Expr, ExprKind, Operator, Refused, Selection};
pub use statement::{Assign, Body, For, Let, Over, Statement, When, pattern};

use crate::report::Place;
use proc_macro2::Ident;

/// The contents of one macro call.
#[derive(Default)]
pub struct File {
    /// The path of `crate = path;`, if given: the runtime crate, otherwise `::monograd`.
    pub runtime: Option<syn::Path>,
    /// The networks in source order.
    pub networks: Vec<Network>,
    /// `true` if there are networks whose headers could not be parsed.
    pub lost: bool,
}

/// A network declaration.
pub struct Network {
    /// Doc comments and other attributes, which go to the generated type.
    pub attributes: Vec<syn::Attribute>,
    /// The visibility of the generated type.
    pub visibility: syn::Visibility,
    /// The name of the generated type.
    pub name: Ident,
    /// The generic parameters: activations and sizes.
    pub generics: Vec<Generic>,
    /// The inputs with their shapes.
    pub inputs: Vec<Input>,
    /// `true` if each of the inputs could be parsed at least as far as its name.
    pub counted: bool,
    /// The declared shapes of the outputs.
    pub outputs: Vec<Shape>,
    /// The statements and the result.
    pub body: Body,
    /// The loss that training minimises.
    pub loss: Option<Loss>,
    /// The metrics that are computed beside the loss.
    pub metrics: Vec<Metric>,
    /// The span of `#[streaming]`, if given: the network must have a streaming form, or it is an
    /// error.
    pub streaming: Option<Place>,
    /// The span of `#[input_gradients]`, if given: the network has gradients of its inputs.
    pub input_gradients: Option<Place>,
    /// The span of `#[inspect]`, if given: the network can be looked into.
    pub inspect: Option<Place>,
    /// `true` if all of the network was parsed without an error.
    pub complete: bool,
}

/// A generic parameter of a network.
pub enum Generic {
    /// An activation: `A: Activation = Gelu`.
    Activation {
        /// The name, `A`.
        name: Ident,
        /// The default, `Gelu`.
        default: Option<syn::Path>,
    },
    /// A size: `const H: usize = 64`.
    Size {
        /// The name, `H`.
        name: Ident,
        /// The default, `64`.
        default: Option<Expr>,
    },
    /// A parameter in error, kept so that the generated stub takes as many arguments as users give.
    Unknown {
        /// The name.
        name: Ident,
        /// `true` if it is probably a size, `false` if it is probably an activation.
        is_size: bool,
        /// The default of a size.
        default: Option<Expr>,
    },
}

impl Generic {
    /// Returns the parameter's name.
    #[must_use]
    pub fn name(&self) -> &Ident {
        match self {
            Self::Activation { name, .. }
            | Self::Size { name, .. }
            | Self::Unknown { name, .. } => name,
        }
    }
}

/// An input of a network or of a loss: `x: [64]` or `tokens: u32[8]`.
#[derive(Clone)]
pub struct Input {
    /// The name.
    pub name: Ident,
    /// The element type and shape, or `None` if not written (the first arguments of a loss) or in
    /// error.
    pub kind: Option<(Element, Shape)>,
    /// The element type as far as it can be told, even if the shape is in error.
    pub element: Option<Element>,
}

/// The element type of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// Real numbers of the network's scalar type.
    Real,
    /// Class or token indices, `u32`.
    Index,
}

/// A shape: `[3, 4 * D]`.
#[derive(Clone)]
pub struct Shape {
    /// The sizes of the axes.
    pub sizes: Vec<Expr>,
    /// The span of the whole shape.
    pub place: Place,
}

/// A loss or the value of a metric.
pub enum Loss {
    /// A loss of the language by its name, of the outputs and of targets of the fitting kind:
    /// `loss cross_entropy(label_smoothing = 0.1)`.
    Named {
        /// The name, `cross_entropy`.
        name: Ident,
        /// The arguments in parentheses.
        options: Vec<Argument>,
    },
    /// A loss written out: `loss |y, target: [10]| expression`, or statements in braces and then an
    /// expression.
    Custom {
        /// The parameters: the outputs by name, then inner values, then the targets with their
        /// shapes.
        inputs: Vec<Input>,
        /// The statements before the value.
        statements: Vec<Statement>,
        /// The value: one number per sample.
        value: Expr,
    },
}

/// A metric: `metric accuracy |y, target| accuracy(y, target)`.
pub struct Metric {
    /// The name, `accuracy`.
    pub name: Ident,
    /// The value: [`Loss::Named`] with the metric's own name if it stands alone, otherwise written
    /// out like a loss.
    pub value: Loss,
}
