//! Statements and bodies.

use super::Expr;
use super::display::Separated;
use crate::report::Place;
use proc_macro2::Ident;

/// The contents of braces: statements and then a result.
#[derive(Clone)]
pub struct Body {
    /// The statements, in order.
    pub statements: Vec<Statement>,
    /// The last expression, if there is one.
    pub result: Option<Expr>,
    /// The closing brace.
    pub end: Place,
}

/// A statement of a body.
#[derive(Clone)]
pub enum Statement {
    /// A binding: `let h = x >> Linear(H);`
    Let(Let),
    /// An assignment to a binding that was declared by `let mut`: `h = h + x;`
    Assign(Assign),
    /// A loop: `for _ in 0..LAYERS { .. }`
    For(Box<For>),
    /// A statement that stands under a condition on the options of a described layer:
    /// `#[cfg(bias)] let y = y + b;`
    When(Box<When>),
}

/// A statement under a condition.
#[derive(Clone)]
pub struct When {
    /// The condition, `#[cfg(bias)]`.
    pub condition: syn::Attribute,
    /// The statement.
    pub statement: Statement,
}

impl Statement {
    /// Returns the expressions of the statement, including those inside of a loop.
    pub fn values(&self) -> Vec<&Expr> {
        match self {
            Self::Let(Let { value, .. }) | Self::Assign(Assign { value, .. }) => vec![value],
            Self::For(repeated) => repeated.values(),
            Self::When(when) => when.statement.values(),
        }
    }
}

/// A loop: over a range of numbers, with parameters of its own per iteration, or along the leading
/// axis of values.
#[derive(Clone)]
pub struct For {
    /// The string of `#[name = "..."]`: the prefix of the stored names of its parameters.
    pub stored_name: Option<syn::LitStr>,
    /// `true` with `#[checkpoint]`: only the loop-carried values are kept for the backward pass.
    pub checkpoint: bool,
    /// `true` with `#[unroll]`: a described layer writes its iterations out one by one.
    pub unroll: bool,
    /// The number in `#[truncate(16)]`: the number of iterations through which gradients go back at
    /// most.
    pub truncate: Option<Expr>,
    /// The names bound in each iteration; `_` binds nothing.
    pub names: Vec<Ident>,
    /// The range or the values that are iterated over.
    pub over: Over,
    /// The body of one iteration.
    pub body: Body,
    /// The span from `for` to the end of `over`.
    pub place: Place,
}

impl For {
    /// Returns all expressions in the loop: `over`, `truncate` and the body.
    pub fn values(&self) -> Vec<&Expr> {
        let over = match &self.over {
            Over::Range(start, end) => vec![start, end],
            Over::Values { values, .. } => values.iter().collect(),
        };
        let body = self.body.statements.iter().flat_map(Statement::values);
        over.into_iter().chain(&self.truncate).chain(body).chain(&self.body.result).collect()
    }

    /// Returns the loop's first line, without the braces, as source text.
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

/// The range or the values that a loop iterates over.
#[derive(Clone)]
pub enum Over {
    /// A range of numbers: `0..LAYERS`.
    Range(Expr, Expr),
    /// Values along their leading axes: `x`, `(x, mask)`, `rev(x)`.
    Values {
        /// The values, whose leading axes must be equally long.
        values: Vec<Expr>,
        /// `true` if iterated from the last index to the first.
        reversed: bool,
    },
}

/// A binding: `let h = x >> Linear(H);` or `let (mean, log_var) = x >> Encoder;`
#[derive(Clone)]
pub struct Let {
    /// The string of `#[name = "..."]`: the stored name of its parameters.
    pub stored_name: Option<syn::LitStr>,
    /// `true` with `#[frozen]`: its parameters are not learned.
    pub frozen: bool,
    /// The bindings declared `mut`, which may be assigned to.
    pub mutable: Vec<Ident>,
    /// The bindings: one name, or those of a tuple.
    pub names: Vec<Ident>,
    /// The value that is bound.
    pub value: Expr,
}

impl Let {
    /// Returns the name or the tuple of names as source text.
    #[must_use]
    pub fn pattern(&self) -> String {
        pattern(&self.names)
    }
}

/// An assignment: `h = h + x;` or `(h, c) = (h, c, x) >> Cell;`
#[derive(Clone)]
pub struct Assign {
    /// The bindings that are assigned to: one name, or those of a tuple; `_` for none.
    pub names: Vec<Ident>,
    /// The new value.
    pub value: Expr,
}

impl Assign {
    /// Returns the name or the tuple of names as source text.
    #[must_use]
    pub fn pattern(&self) -> String {
        pattern(&self.names)
    }
}

/// Returns one name, or a tuple of names in parentheses, as source text.
pub fn pattern(names: &[Ident]) -> String {
    match names {
        [name] => name.to_string(),
        names => format!("({})", Separated(names)),
    }
}
