//! Functions: what is called on values. One file a family, one line each in the families' tables.

mod along;
mod arrange;
mod classes;
mod elementwise;
mod filled;
mod indices;
mod losses;
mod masks;
mod norm;
mod parameter;
mod product;
mod reduce;
mod several;
mod structure;

use super::arguments::Arguments;
use super::{Checker, Reported, Result};
use crate::ast::{Argument, Expr};
use crate::ir::Value;
use crate::ir::function::NAMED;
use several::Several;
use std::borrow::Cow;

/// A function of the language.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// How it is written, with its options and their defaults.
    pub usage: &'static str,
    /// What a call of it computes.
    pub build: fn(&mut Checker<'_>, &mut Arguments<'_>, &Expr) -> Result<Value>,
}

/// Every family.
static FAMILIES: &[&[Function]] = &[
    elementwise::FUNCTIONS,
    filled::FUNCTIONS,
    reduce::FUNCTIONS,
    norm::FUNCTIONS,
    along::FUNCTIONS,
    product::FUNCTIONS,
    structure::FUNCTIONS,
    arrange::FUNCTIONS,
    indices::FUNCTIONS,
    masks::FUNCTIONS,
    losses::FUNCTIONS,
    parameter::FUNCTIONS,
    classes::FUNCTIONS,
];

/// What a name means.
#[derive(Clone, Copy)]
pub enum Found {
    /// A function of one argument, the same for every element.
    Named(&'static str),
    /// Any other.
    Function(&'static Function),
    /// One that gives several values.
    Several(&'static Several),
}

/// The function of this name.
pub fn find(name: &str) -> Option<Found> {
    if let Some(named) = NAMED.iter().find(|named| named.name == name) {
        return Some(Found::Named(named.name));
    }
    if let Some(several) = several::FUNCTIONS.iter().find(|f| f.name == name) {
        return Some(Found::Several(several));
    }
    FAMILIES.iter().copied().flatten().find(|f| f.name == name).map(Found::Function)
}

/// The names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    let named = NAMED.iter().map(|named| named.name);
    let several = several::FUNCTIONS.iter().map(|f| f.name);
    named.chain(several).chain(FAMILIES.iter().copied().flatten().map(|f| f.name))
}

/// How all functions are called; those of one plain argument by their names.
pub fn usages() -> impl Iterator<Item = &'static str> {
    let named = NAMED.iter().map(|named| named.name);
    let several = several::FUNCTIONS.iter().map(|f| f.usage);
    named.chain(several).chain(FAMILIES.iter().copied().flatten().map(|f| f.usage))
}

/// The names of all losses that stand alone after `loss`.
pub fn loss_names() -> impl Iterator<Item = &'static str> {
    losses::FUNCTIONS.iter().map(|f| f.name)
}

/// The names of all metrics that stand alone after `metric`.
pub fn metric_names() -> impl Iterator<Item = &'static str> {
    classes::FUNCTIONS.iter().map(|f| f.name).chain(loss_names())
}

impl Found {
    /// The only value that a call computes.
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

    /// What a call computes.
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
        let mut arguments = Arguments::new(usage, expr.place, arguments);
        let values = match self {
            Self::Named(name) => {
                let argument = arguments.next(checker, "a value")?;
                let value = checker.real(argument)?;
                Ok(vec![checker.graph().named(name, value)])
            }
            Self::Function(function) => {
                (function.build)(checker, &mut arguments, expr).map(|value| vec![value])
            }
            Self::Several(several) => (several.build)(checker, &mut arguments),
        };
        match values {
            Ok(values) => arguments.finish(checker).map(|()| values),
            Err(Reported) => {
                arguments.abandon(checker);
                Err(Reported)
            }
        }
    }
}
