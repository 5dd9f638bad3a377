//! Expressions and what they are made of.

use super::For;
use crate::report::Place;
use proc_macro2::Ident;

/// An expression and where it stands.
#[derive(Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it stands.
    pub place: Place,
}

impl Expr {
    /// The expressions that it is made of.
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
            | ExprKind::Unknown => Vec::new(),
        }
    }

    /// What is wrong in it that the parser went on after.
    #[must_use]
    pub fn refusals(&self) -> Vec<(Place, &Refused)> {
        let mut refusals: Vec<_> = self.parts().into_iter().flat_map(Self::refusals).collect();
        if let ExprKind::Refused(refused) = &self.kind {
            refusals.push((self.place, refused));
        }
        refusals
    }
}

/// A form that is not the language's. It has a value that is not known, so that nothing else is
/// wrong because of it, and what stands around it and in it is checked.
#[derive(Clone)]
pub struct Refused {
    /// The tokens that are wrong.
    pub at: Place,
    /// What to write instead.
    pub message: String,
    /// The values in it.
    pub parts: Vec<Expr>,
}

impl Refused {
    /// In place of the expression from `at` to the end of `whole`.
    #[must_use]
    pub fn expr(self, whole: Place) -> Expr {
        Expr { kind: ExprKind::Refused(Box::new(self)), place: whole }
    }
}

/// The forms of expressions.
#[derive(Clone)]
pub enum ExprKind {
    /// `h`, `H`, `Gelu`, `my::Snake`.
    Path(syn::Path),
    /// `2`, `0.5`.
    Number(f64),
    /// `Linear(H, bias = false)`.
    Call {
        /// `Linear`.
        callee: syn::Path,
        /// What stands in the parentheses.
        arguments: Vec<Argument>,
    },
    /// `x >> layer`.
    Chain(Box<Expr>, Box<Expr>),
    /// `a + b`.
    Binary {
        /// The operator.
        operator: Operator,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `-a`.
    Negate(Box<Expr>),
    /// `x[a..b, 3]`.
    Index(Box<Expr>, Vec<Selection>),
    /// `fc.weight`: a parameter.
    Member(Box<Expr>, Ident),
    /// `(a, b)`.
    Tuple(Vec<Expr>),
    /// `[2, 4]`.
    List(Vec<Expr>),
    /// `true`, `false`.
    Bool(bool),
    /// `for x_t in x { ..; h }`: the results of all iterations.
    For(Box<For>),
    /// `dyn T`, `dyn T <= 256`.
    Dynamic {
        /// `T`.
        name: Ident,
        /// `256`.
        bound: Option<Box<Expr>>,
    },
    /// What the parser went on after, with what to write instead.
    Refused(Box<Refused>),
    /// What could not be parsed; the report says why.
    Unknown,
}

/// What is taken of one axis.
#[derive(Clone)]
pub enum Selection {
    /// `a..b`, with either end left out at will.
    Range {
        /// The first index.
        start: Option<Expr>,
        /// The index after the last.
        end: Option<Expr>,
        /// `(a..b).step_by(2)`: from one index to the next.
        step: Option<Box<Expr>>,
        /// `(a..b).rev()`: the last first.
        reversed: bool,
        /// The dots.
        place: Place,
    },
    /// `i`: one index; the axis goes.
    At(Expr),
}

impl Selection {
    /// The indices that it names.
    fn indices(&self) -> Vec<&Expr> {
        match self {
            Self::Range { start, end, step, .. } => {
                start.iter().chain(end).chain(step.as_deref()).collect()
            }
            Self::At(index) => vec![index],
        }
    }
}

/// An argument of a call.
#[derive(Clone)]
pub enum Argument {
    /// By position.
    Positional(Expr),
    /// `bias = false`.
    Option {
        /// `bias`.
        name: Ident,
        /// `false`.
        value: Expr,
    },
}

impl Argument {
    /// What is given.
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

/// The operators between values.
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
    /// As it is written.
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

    /// How strongly it binds, as in Rust: a comparison by 0, `>>` by 1.
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
