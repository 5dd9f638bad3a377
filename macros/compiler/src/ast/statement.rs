//! Statements: what stands before the result of a body.

use super::Expr;
use super::display::Separated;
use crate::report::Place;
use proc_macro2::Ident;

/// Statements and a result.
#[derive(Clone)]
pub struct Body {
    /// What is named on the way.
    pub statements: Vec<Statement>,
    /// The last expression.
    pub result: Option<Expr>,
    /// The closing brace.
    pub end: Place,
}

/// What stands before the result of a body.
#[derive(Clone)]
pub enum Statement {
    /// `let h = x >> Linear(H);`
    Let(Let),
    /// `h = h + x;`: a new value for what `let mut` named.
    Assign(Assign),
    /// `for _ in 0..LAYERS { .. }`
    For(Box<For>),
}

impl Statement {
    /// The expressions in it, outside of loops.
    pub fn values(&self) -> Vec<&Expr> {
        match self {
            Self::Let(Let { value, .. }) | Self::Assign(Assign { value, .. }) => vec![value],
            Self::For(repeated) => repeated.values(),
        }
    }
}

/// A loop: over numbers, each iteration with parameters of its own, or along the leading axis of values.
#[derive(Clone)]
pub struct For {
    /// `#[name = "..."]`: what precedes the names of its parameters.
    pub stored_name: Option<syn::LitStr>,
    /// `#[checkpoint]`: nothing but what is carried from iteration to iteration is kept for the backward pass.
    pub checkpoint: bool,
    /// `#[truncate(16)]`: gradients go back through so many iterations at most.
    pub truncate: Option<Expr>,
    /// What is named in each iteration; `_` for nothing.
    pub names: Vec<Ident>,
    /// What it goes over.
    pub over: Over,
    /// What is done in each iteration.
    pub body: Body,
    /// From `for` to what it goes over.
    pub place: Place,
}

impl For {
    /// The expressions in it.
    pub fn values(&self) -> Vec<&Expr> {
        let over = match &self.over {
            Over::Range(start, end) => vec![start, end],
            Over::Values { values, .. } => values.iter().collect(),
        };
        let body = self.body.statements.iter().flat_map(Statement::values);
        over.into_iter().chain(&self.truncate).chain(body).chain(&self.body.result).collect()
    }

    /// Its first line, as it is written.
    #[must_use]
    pub fn head(&self) -> String {
        let names = pattern(&self.names);
        match &self.over {
            Over::Range(start, end) => format!("for {names} in {start}..{end}"),
            Over::Values { values, reversed } => {
                let values = match &values[..] {
                    [value] => value.to_string(),
                    values => format!("({})", Separated(values)),
                };
                match reversed {
                    true => format!("for {names} in rev({values})"),
                    false => format!("for {names} in {values}"),
                }
            }
        }
    }
}

/// What a loop goes over.
#[derive(Clone)]
pub enum Over {
    /// `0..LAYERS`.
    Range(Expr, Expr),
    /// `x`, `(x, mask)`, `rev(x)`.
    Values {
        /// The values, whose leading axes are equally long.
        values: Vec<Expr>,
        /// Whether from the last to the first.
        reversed: bool,
    },
}

/// `let h = x >> Linear(H);` or `let (mean, log_var) = x >> Encoder;`
#[derive(Clone)]
pub struct Let {
    /// `#[name = "..."]`.
    pub stored_name: Option<syn::LitStr>,
    /// `#[frozen]`.
    pub frozen: bool,
    /// The names that are `mut`, so that other values can be assigned to them.
    pub mutable: Vec<Ident>,
    /// What is named: one name, or those of a tuple.
    pub names: Vec<Ident>,
    /// What it is.
    pub value: Expr,
}

impl Let {
    /// The name or names as they are written.
    #[must_use]
    pub fn pattern(&self) -> String {
        pattern(&self.names)
    }
}

/// `h = h + x;` or `(h, c) = (h, c, x) >> Cell;`
#[derive(Clone)]
pub struct Assign {
    /// What gets a new value: one name, or those of a tuple; `_` for nothing.
    pub names: Vec<Ident>,
    /// The value.
    pub value: Expr,
}

impl Assign {
    /// The name or names as they are written.
    #[must_use]
    pub fn pattern(&self) -> String {
        pattern(&self.names)
    }
}

/// A name, or those of a tuple, as they are written.
pub fn pattern(names: &[Ident]) -> String {
    match names {
        [name] => name.to_string(),
        names => format!("({})", Separated(names)),
    }
}
