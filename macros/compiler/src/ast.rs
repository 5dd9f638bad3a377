//! What was written, as a tree that keeps the place of every piece.

mod display;
mod expression;
mod statement;

pub use display::path_text;
pub use expression::{Argument, Expr, ExprKind, Operator, Refused, Selection};
pub use statement::{Assign, Body, For, Let, Over, Statement, pattern};

use crate::report::Place;
use proc_macro2::Ident;

/// Everything in one macro call.
#[derive(Default)]
pub struct File {
    /// `crate = path;`: where the runtime is, if not at `::monograd`.
    pub runtime: Option<syn::Path>,
    /// The networks, in order.
    pub networks: Vec<Network>,
}

/// One network.
pub struct Network {
    /// Documentation comments and other attributes of the type.
    pub attributes: Vec<syn::Attribute>,
    /// Who may name the type.
    pub visibility: syn::Visibility,
    /// The type's name.
    pub name: Ident,
    /// What is chosen where the type is named.
    pub generics: Vec<Generic>,
    /// What goes in.
    pub inputs: Vec<Input>,
    /// The declared shapes of what comes out.
    pub outputs: Vec<Shape>,
    /// What is computed.
    pub body: Body,
    /// What training minimises.
    pub loss: Option<Loss>,
    /// What is measured beside it.
    pub metrics: Vec<Metric>,
    /// `#[streaming]`: it has to have a streaming form.
    pub streaming: Option<Place>,
    /// Whether all of it could be parsed.
    pub complete: bool,
}

/// A generic parameter of a network.
pub enum Generic {
    /// `A: Activation = Gelu`.
    Activation {
        /// `A`.
        name: Ident,
        /// `Gelu`.
        default: Option<syn::Path>,
    },
    /// `const H: usize = 64`.
    Size {
        /// `H`.
        name: Ident,
        /// `64`.
        default: Option<Expr>,
    },
    /// What is wrong, and counts as a parameter nevertheless.
    Unknown {
        /// `H`.
        name: Ident,
        /// Whether it is probably a size.
        is_size: bool,
    },
}

impl Generic {
    /// The parameter's name.
    #[must_use]
    pub fn name(&self) -> &Ident {
        match self {
            Self::Activation { name, .. }
            | Self::Size { name, .. }
            | Self::Unknown { name, .. } => name,
        }
    }
}

/// `x: [64]` or `tokens: u32[8]`: an input of a network or of a loss.
#[derive(Clone)]
pub struct Input {
    /// Its name.
    pub name: Ident,
    /// What its elements are; `None` where nothing was written (the first arguments of a loss).
    pub kind: Option<(Element, Shape)>,
}

/// What a tensor holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// Real numbers.
    Real,
    /// Class or token numbers, `u32`.
    Index,
}

/// `[3, 4 * D]`.
#[derive(Clone)]
pub struct Shape {
    /// Its sizes.
    pub sizes: Vec<Expr>,
    /// Where it stands.
    pub place: Place,
}

/// `loss ...`.
pub enum Loss {
    /// `loss cross_entropy(label_smoothing = 0.1)`: the outputs against targets of their own kind.
    Named {
        /// `cross_entropy`.
        name: Ident,
        /// Its options.
        options: Vec<Argument>,
    },
    /// `loss |y, target: [10]| expression`, or statements in braces and then an expression.
    Custom {
        /// The outputs by name, then inner values, then the targets with their shapes.
        inputs: Vec<Input>,
        /// What is named on the way.
        statements: Vec<Statement>,
        /// One number a sample.
        value: Expr,
    },
}

/// `metric accuracy |y, target| accuracy(y, target)`.
pub struct Metric {
    /// `accuracy`.
    pub name: Ident,
    /// How it is measured: alone, the metric of this name; else as a loss is written.
    pub value: Loss,
}
