//! The arguments of layers and functions: by position, then options by name.

use super::{Checker, Reported, Result};
use crate::ast::{Argument, Expr, ExprKind};
use crate::nearest::suggestion;
use crate::report::Place;
use std::borrow::Cow;
use std::collections::VecDeque;

/// The arguments of one call, taken one by one.
pub struct Arguments<'a> {
    usage: Cow<'static, str>,
    place: Place,
    positional: VecDeque<&'a Expr>,
    options: Vec<(&'a proc_macro2::Ident, &'a Expr)>,
    known: Vec<&'static str>,
    given: usize,
}

impl<'a> Arguments<'a> {
    /// The arguments of a call at `place` of something that is used like `usage`.
    pub fn new(
        usage: impl Into<Cow<'static, str>>,
        place: Place,
        arguments: &'a [Argument],
    ) -> Self {
        let usage = usage.into();
        let (mut positional, mut options) = (VecDeque::new(), Vec::new());
        for argument in arguments {
            match argument {
                Argument::Positional(value) => positional.push_back(value),
                Argument::Option { name, value } => options.push((name, value)),
            }
        }
        let given = positional.len();
        Self { usage, place, positional, options, known: Vec::new(), given }
    }

    /// The next argument by position, or an error that says what is missing.
    pub fn next(&mut self, checker: &mut Checker<'_>, what: &str) -> Result<&'a Expr> {
        match self.positional.pop_front() {
            Some(expr) => Ok(expr),
            None => checker.error(self.place, format!("missing {what}: `{}`", self.usage)),
        }
    }

    /// All that are left by position.
    pub fn rest(&mut self) -> Vec<&'a Expr> {
        self.positional.drain(..).collect()
    }

    /// The option of this name, if given.
    pub fn option(&mut self, name: &'static str) -> Option<&'a Expr> {
        self.known.push(name);
        let index = self.options.iter().position(|(given, _)| *given == name)?;
        Some(self.options.remove(index).1)
    }

    /// An option that has two spellings, of which one is given.
    pub fn either(
        &mut self,
        checker: &mut Checker<'_>,
        name: &'static str,
        other: &'static str,
    ) -> Result<Option<&'a Expr>> {
        match (self.option(name), self.option(other)) {
            (Some(_), Some(second)) => checker
                .error(second.place, format!("`{other}` is another word for `{name}`: give one")),
            (first, second) => Ok(first.or(second)),
        }
    }

    /// An option that is a number.
    pub fn number(
        &mut self,
        checker: &mut Checker<'_>,
        name: &'static str,
        default: f64,
    ) -> Result<f64> {
        self.option(name).map_or(Ok(default), |expr| checker.literal(expr, name))
    }

    /// An option that is true or false.
    pub fn flag(
        &mut self,
        checker: &mut Checker<'_>,
        name: &'static str,
        default: bool,
    ) -> Result<bool> {
        match self.option(name) {
            None => Ok(default),
            Some(Expr { kind: ExprKind::Bool(flag), .. }) => Ok(*flag),
            Some(other) => {
                checker.error(other.place, format!("`{name}` is `true` or `false`, not `{other}`"))
            }
        }
    }

    /// Reports what nothing asked for.
    pub fn finish(self, checker: &mut Checker<'_>) -> Result<()> {
        let mut outcome = Ok(());
        if let Some(surplus) = self.positional.front() {
            let (given, usage) = (self.given, &self.usage);
            outcome = checker.error(
                surplus.place,
                format!("too many arguments ({given}): it is used as `{usage}`"),
            );
        }
        for (name, _) in &self.options {
            let near = suggestion(&name.to_string(), self.known.iter().copied());
            let usage = &self.usage;
            outcome = checker
                .error(name.span(), format!("no option `{name}`{near}; it is used as `{usage}`"));
        }
        outcome
    }
}

impl Checker<'_> {
    /// A literal number, with a sign at will.
    pub(super) fn literal(&mut self, expr: &Expr, what: &str) -> Result<f64> {
        match &expr.kind {
            ExprKind::Number(x) => Ok(*x),
            ExprKind::Negate(inner) => Ok(-self.literal(inner, what)?),
            ExprKind::Path(path) if self.is_unknown(path) => Err(Reported),
            _ => self.error(expr.place, format!("`{what}` is a number, not `{expr}`")),
        }
    }
}
