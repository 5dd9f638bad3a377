//! Expressions and their parts.

use super::For;
use crate::report::Place;
use proc_macro2::Ident;

/// An expression with its source span.
#[derive(Clone)]
pub struct Expr {
    /// The form of the expression.
    pub kind: ExprKind,
    /// The span of the whole expression.
    pub place: Place,
}

impl Expr {
    /// Returns the direct subexpressions.
    #[must_use]
    pub fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Call { arguments, .. } => arguments.iter().map(Argument::value).collect(),
            ExprKind::Chain(left, right) | ExprKind::Binary { left, right, .. } => {
                vec![left, right]
            }
            ExprKind::Negate(value) | ExprKind::Member(value, _) => vec![value],
            ExprKind::Index(value, selections) => {
                let indices = selections.iter().flat_map(Selection::indices);
                std::iter::once(&**value).chain(indices).collect()
            }
            ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().collect(),
            ExprKind::For(repeated) => repeated.values(),
            ExprKind::Refused(refused) => refused.parts.iter().collect(),
            ExprKind::Path(_)
            | ExprKind::Number(_)
            | ExprKind::Bool(_)
            | ExprKind::Dynamic { .. }
            | ExprKind::Rest
            | ExprKind::Unknown => Vec::new(),
        }
    }

    /// Returns every [`Refused`] form in the expression, with the span of its node.
    #[must_use]
    pub fn refusals(&self) -> Vec<(Place, &Refused)> {
        let mut refusals: Vec<_> = self.parts().into_iter().flat_map(Self::refusals).collect();
        if let ExprKind::Refused(refused) = &self.kind {
            refusals.push((self.place, refused));
        }
        refusals
    }
}

/// A form that the language does not have but the parser understood well enough to go on. Its value
/// is unknown, so that it causes no further errors, while its subexpressions and the code around it
/// are still checked.
#[derive(Clone)]
pub struct Refused {
    /// The span of the wrong tokens, at which the error is reported.
    pub at: Place,
    /// The error message, which says what to write instead.
    pub message: String,
    /// The subexpressions that are still checked.
    pub parts: Vec<Expr>,
}

impl Refused {
    /// Wraps `self` in an expression whose span is `whole`.
    #[must_use]
    pub fn expr(self, whole: Place) -> Expr {
        Expr { kind: ExprKind::Refused(Box::new(self)), place: whole }
    }
}

/// The form of an expression.
#[derive(Clone)]
pub enum ExprKind {
    /// A name or a path: `h`, `H`, `Gelu`, `my::Snake`.
    Path(syn::Path),
    /// A number: `2`, `0.5`.
    Number(f64),
    /// A call, or a layer with its arguments: `Linear(H, bias = false)`.
    Call {
        /// The function or layer, `Linear`.
        callee: syn::Path,
        /// The arguments in the parentheses.
        arguments: Vec<Argument>,
    },
    /// A layer applied to a value: `x >> layer`.
    Chain(Box<Expr>, Box<Expr>),
    /// A binary operation: `a + b`.
    Binary {
        /// The operator.
        operator: Operator,
        /// The left operand.
        left: Box<Expr>,
        /// The right operand.
        right: Box<Expr>,
    },
    /// A negation: `-a`.
    Negate(Box<Expr>),
    /// A selection from a value: `x[a..b, 3]`.
    Index(Box<Expr>, Vec<Selection>),
    /// A parameter of a layer: `fc.weight`.
    Member(Box<Expr>, Ident),
    /// A tuple: `(a, b)`.
    Tuple(Vec<Expr>),
    /// A list: `[2, 4]`.
    List(Vec<Expr>),
    /// A flag: `true`, `false`.
    Bool(bool),
    /// A loop whose value is the stacked results of its iterations: `for x_t in x { ..; h }`.
    For(Box<For>),
    /// A run-time size, with an upper bound if given: `dyn T`, `dyn T <= 256`.
    Dynamic {
        /// The name, `T`.
        name: Ident,
        /// The upper bound, `256`.
        bound: Option<Box<Expr>>,
    },
    /// The leading axes in the shapes of a described layer: `[.., D]`.
    Rest,
    /// A form that the language does not have, with the error message.
    Refused(Box<Refused>),
    /// An expression that could not be parsed; the error is already in the report.
    Unknown,
}

/// The selection along one axis, in the brackets after a value.
#[derive(Clone)]
pub enum Selection {
    /// A range of indices, `a..b`, in which either end may be left out.
    Range {
        /// The first index; 0 if left out.
        start: Option<Expr>,
        /// The index after the last; the length of the axis if left out.
        end: Option<Expr>,
        /// The step of `(a..b).step_by(2)`; 1 if left out.
        step: Option<Box<Expr>>,
        /// `true` with `(a..b).rev()`: the indices from last to first.
        reversed: bool,
        /// The span of the dots.
        place: Place,
    },
    /// A single index, `i`, which removes the axis.
    At(Expr),
}

impl Selection {
    /// Returns the index expressions: start, end and step, or the single index.
    fn indices(&self) -> Vec<&Expr> {
        match self {
            Self::Range { start, end, step, .. } => {
                start.iter().chain(end).chain(step.as_deref()).collect()
            }
            Self::At(index) => vec![index],
        }
    }
}

/// An argument of a call or layer.
#[derive(Clone)]
pub enum Argument {
    /// An argument by position.
    Positional(Expr),
    /// An option by name: `bias = false`.
    Option {
        /// The name, `bias`.
        name: Ident,
        /// The value, `false`.
        value: Expr,
    },
}

impl Argument {
    /// Returns the value of the argument.
    #[must_use]
    pub fn value(&self) -> &Expr {
        let (Self::Positional(value) | Self::Option { value, .. }) = self;
        value
    }
}

impl From<Expr> for Argument {
    fn from(value: Expr) -> Self {
        Self::Positional(value)
    }
}

impl From<Expr> for Selection {
    fn from(index: Expr) -> Self {
        Self::At(index)
    }
}

/// A binary operator between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Operator {
    /// Returns the operator as source text.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Equal => "==",
            Self::Unequal => "!=",
        }
    }

    /// Returns the binding strength, in the order of Rust's precedences: 0 for comparisons, 2 for
    /// `+` and `-`, 3 for `*` and `/`; `>>` has 1.
    #[must_use]
    pub fn strength(self) -> u8 {
        match self {
            Self::Above
            | Self::AtLeast
            | Self::Below
            | Self::AtMost
            | Self::Equal
            | Self::Unequal => 0,
            Self::Add | Self::Subtract => 2,
            Self::Multiply | Self::Divide => 3,
        }
    }
}
