//! Functions of the language. Each family has a file with a table of its functions.

mod along;
mod arrange;
mod attention;
mod batch;
mod classes;
mod convolution;
mod elementwise;
mod filled;
mod indices;
mod losses;
mod masks;
mod norm;
mod padding;
mod parameter;
mod pooling;
mod product;
mod reduce;
mod several;
mod state;
mod structure;

use super::arguments::Arguments;
use super::{Checker, Reported, Result};
use crate::ast::{Argument, Expr};
use crate::ir::Value;
use crate::ir::function::NAMED;
use crate::library;
pub use losses::target_element;
use several::Several;
pub use state::State;
use std::borrow::Cow;

/// A function of the language that returns one value.
pub struct Function {
    /// The name.
    pub name: &'static str,
    /// The call as written, with its options and their defaults.
    pub usage: &'static str,
    /// Checks the arguments and adds the operations to the graph.
    pub build: fn(&mut Checker<'_>, &mut Arguments<'_>, &Expr) -> Result<Value>,
}

/// The tables of all families.
static FAMILIES: &[&[Function]] = &[
    elementwise::FUNCTIONS,
    filled::FUNCTIONS,
    reduce::FUNCTIONS,
    norm::FUNCTIONS,
    along::FUNCTIONS,
    product::FUNCTIONS,
    attention::FUNCTIONS,
    convolution::FUNCTIONS,
    pooling::FUNCTIONS,
    structure::FUNCTIONS,
    arrange::FUNCTIONS,
    padding::FUNCTIONS,
    indices::FUNCTIONS,
    masks::FUNCTIONS,
    losses::FUNCTIONS,
    parameter::FUNCTIONS,
    state::FUNCTIONS,
    batch::FUNCTIONS,
    classes::FUNCTIONS,
];

/// The function that a name refers to.
#[derive(Clone, Copy)]
pub enum Found {
    /// A scalar function of one argument, by name.
    Named(&'static str),
    /// Another function that returns one value.
    Function(&'static Function),
    /// A function that returns several values.
    Several(&'static Several),
}

/// Returns the function `name`.
pub fn find(name: &str) -> Option<Found> {
    if let Some(named) = NAMED.iter().find(|named| named.name == name) {
        return Some(Found::Named(named.name));
    }
    if let Some(several) = several::FUNCTIONS.iter().find(|f| f.name == name) {
        return Some(Found::Several(several));
    }
    FAMILIES.iter().copied().flatten().find(|f| f.name == name).map(Found::Function)
}

/// Returns the names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    let named = NAMED.iter().map(|named| named.name);
    let several = several::FUNCTIONS.iter().map(|f| f.name);
    let described = library::FUNCTIONS.iter().map(|f| f.name);
    let built = FAMILIES.iter().copied().flatten().map(|f| f.name);
    named.chain(several).chain(built).chain(described)
}

/// Returns the usages of all functions; scalar functions of one argument by their names alone.
pub fn usages() -> impl Iterator<Item = &'static str> {
    let named = NAMED.iter().map(|named| named.name);
    let several = several::FUNCTIONS.iter().map(|f| f.usage);
    let described = library::FUNCTIONS.iter().map(|f| f.usage);
    let built = FAMILIES.iter().copied().flatten().map(|f| f.usage);
    named.chain(several).chain(built).chain(described)
}

/// Returns the names of the losses that may stand alone after `loss`.
pub fn loss_names() -> impl Iterator<Item = &'static str> {
    losses::FUNCTIONS.iter().map(|f| f.name)
}

/// Returns the names of the metrics that may stand alone after `metric`.
pub fn metric_names() -> impl Iterator<Item = &'static str> {
    classes::FUNCTIONS.iter().map(|f| f.name).chain(loss_names())
}

impl Found {
    fn name(self) -> &'static str {
        match self {
            Self::Named(name) => name,
            Self::Function(function) => function.name,
            Self::Several(several) => several.name,
        }
    }

    /// Returns true for a function of every element.
    fn is_elementwise(self) -> bool {
        match self {
            Self::Named(_) => true,
            Self::Function(found) => elementwise::FUNCTIONS.iter().any(|f| f.name == found.name),
            Self::Several(_) => false,
        }
    }

    /// Adds a call to the graph and returns its value. Several values are an error.
    pub fn call(
        self,
        checker: &mut Checker<'_>,
        arguments: &[Argument],
        expr: &Expr,
    ) -> Result<Value> {
        match self.calls(checker, arguments, expr)?[..] {
            [value] => Ok(value),
            ref values => {
                let (name, count) = (expr, values.len());
                checker.error(
                    expr.place,
                    format!(
                        "`{name}` is {count} values: take them apart with `let (a, b, ..) = ..`"
                    ),
                )
            }
        }
    }

    /// Adds a call to the graph and returns its values.
    pub fn calls(
        self,
        checker: &mut Checker<'_>,
        arguments: &[Argument],
        expr: &Expr,
    ) -> Result<Vec<Value>> {
        let usage = match self {
            Self::Named(name) => Cow::Owned(format!("{name}(x)")),
            Self::Function(function) => Cow::Borrowed(function.usage),
            Self::Several(several) => Cow::Borrowed(several.usage),
        };
        let written = arguments;
        let mut arguments = Arguments::new(usage, expr.place, written);
        let values = match self {
            Self::Named(name) => {
                let argument = arguments.next(checker, "a value")?;
                let value = checker.real(argument)?;
                Ok(vec![checker.graph().named(name, value)])
            }
            Self::Function(function) => {
                let before = checker.graph().values().len();
                (function.build)(checker, &mut arguments, expr).map(|value| {
                    // a result is named after the function, not after its last operation
                    if value.0 >= before {
                        checker.graph().result_of(value, function.name);
                    }
                    vec![value]
                })
            }
            Self::Several(several) => (several.build)(checker, &mut arguments),
        };
        match values {
            Ok(values) => arguments.finish(checker).map(|()| {
                checker.mark_operation(&values, self.is_elementwise(), |checker| {
                    checker.call_without_values(self.name(), written)
                });
                values
            }),
            Err(Reported) => {
                arguments.abandon(checker);
                Err(Reported)
            }
        }
    }
}
