//! Arguments of layers and functions: positional ones, then options by name.

use super::{Checker, Reported, Result};
use crate::ast::{Argument, Expr, ExprKind};
use crate::habits::names;
use crate::nearest::suggestion;
use crate::report::Place;
use std::borrow::Cow;
use std::collections::VecDeque;

/// The arguments of one call, which are taken one by one.
pub struct Arguments<'a> {
    usage: Cow<'static, str>,
    place: Place,
    positional: VecDeque<&'a Expr>,
    options: Vec<(&'a proc_macro2::Ident, &'a Expr)>,
    known: Vec<Cow<'static, str>>,
    given: usize,
    /// The number of positional arguments taken so far.
    taken: usize,
}

impl<'a> Arguments<'a> {
    /// Collects the arguments of a call at `place`; `usage` is shown in messages.
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
        Self { usage, place, positional, options, known: Vec::new(), given, taken: 0 }
    }

    /// Takes the next positional argument. If there is none, it reports that `what` is missing,
    /// unless the argument was given by name: then only that is reported.
    pub fn next(&mut self, checker: &mut Checker<'_>, what: &str) -> Result<&'a Expr> {
        if let Some(expr) = self.positional.pop_front() {
            self.taken += 1;
            return Ok(expr);
        }
        let named = |(name, _): &(&proc_macro2::Ident, &Expr)| {
            names::is_argument(&self.usage, self.taken, &name.to_string())
        };
        if let Some(index) = self.options.iter().position(named) {
            let (name, value) = self.options.remove(index);
            let own = names::argument(&self.usage, self.taken).unwrap_or_default();
            self.taken += 1;
            // in error already: `p: 0.5`
            if matches!(value.kind, ExprKind::Refused(_)) {
                return Ok(value);
            }
            let usage = &self.usage;
            let what = match own == "out" || *name == own {
                true => format!("`{value}` stands without a name: it is used as `{usage}`"),
                false => format!("`{name}` is called `{own}`: it is used as `{usage}`"),
            };
            checker.report.error(name.span(), what);
            return Ok(value);
        }
        checker.error(self.place, format!("missing {what}: `{}`", self.usage))
    }

    /// Takes the last positional argument, if exactly one is left.
    pub fn last(&mut self) -> Option<&'a Expr> {
        if self.positional.len() == 1 { self.positional.pop_front() } else { None }
    }

    /// Takes all positional arguments that are left.
    pub fn rest(&mut self) -> Vec<&'a Expr> {
        self.positional.drain(..).collect()
    }

    /// Takes the option `name`, if given.
    pub fn option(&mut self, name: &'static str) -> Option<&'a Expr> {
        self.known.push(name.into());
        self.take(name)
    }

    /// Takes the option `name` of a described layer, if given.
    pub fn named(&mut self, name: &str) -> Option<&'a Expr> {
        self.known.push(name.to_owned().into());
        self.take(name)
    }

    fn take(&mut self, name: &str) -> Option<&'a Expr> {
        let index = self.options.iter().position(|(given, _)| *given == name)?;
        Some(self.options.remove(index).1)
    }

    /// Returns the positional arguments that are left.
    pub fn left(&self) -> impl ExactSizeIterator<Item = &'a Expr> {
        self.positional.iter().copied()
    }

    /// Takes the next positional argument, if there is one.
    pub fn optional(&mut self) -> Option<&'a Expr> {
        self.positional.pop_front()
    }

    /// Takes an option that has two spellings. Both at once are reported.
    pub fn either(
        &mut self,
        checker: &mut Checker<'_>,
        name: &'static str,
        other: &'static str,
    ) -> Option<&'a Expr> {
        let (first, second) = (self.option(name), self.option(other));
        if let (Some(_), Some(second)) = (first, second) {
            let what = format!("`{other}` is another word for `{name}`: give one");
            checker.report.error(second.place, what);
        }
        first.or(second)
    }

    /// Takes an option that is a number. One in error is reported and counts as the default, so
    /// that the other arguments are checked too.
    pub fn number(&mut self, checker: &mut Checker<'_>, name: &'static str, default: f64) -> f64 {
        self.number_that(checker, name, default, |_| None)
    }

    /// Takes an option that is a number; `fault` returns the message for a number that is not
    /// valid.
    pub fn number_that(
        &mut self,
        checker: &mut Checker<'_>,
        name: &'static str,
        default: f64,
        fault: impl FnOnce(f64) -> Option<String>,
    ) -> f64 {
        let Some(expr) = self.option(name) else { return default };
        let Ok(number) = checker.literal(expr, name) else { return default };
        match fault(number) {
            None => number,
            Some(message) => {
                checker.report.error(expr.place, message);
                default
            }
        }
    }

    /// Takes an option that is `true` or `false`. One in error is reported and counts as the
    /// default.
    pub fn flag(&mut self, checker: &mut Checker<'_>, name: &'static str, default: bool) -> bool {
        match self.option(name) {
            None => default,
            Some(Expr { kind: ExprKind::Bool(flag), .. }) => *flag,
            Some(other) => {
                let what = format!("`{name}` is `true` or `false`, not `{other}`");
                checker.report.error(other.place, what);
                default
            }
        }
    }

    /// Returns the message for an option that the callee does not have.
    fn unknown_option(&self, name: &str) -> String {
        let near = suggestion(name, self.known.iter().map(|known| &**known));
        if !near.is_empty() {
            return format!("no option `{name}`{near}; it is used as `{}`", self.usage);
        }
        let own = names::own_option(name).filter(|own| self.known.iter().any(|known| known == own));
        match (own, names::option(name)) {
            (Some(own), _) => format!("no option `{name}`: it is called `{own}`"),
            (None, Some(advice)) => format!("no option `{name}`: {advice}"),
            (None, None) => format!("no option `{name}`; it is used as `{}`", self.usage),
        }
    }

    /// Reports the arguments that were not taken. Returns an error for surplus positional ones, as
    /// the meaning of the call is unclear then.
    pub fn finish(mut self, checker: &mut Checker<'_>) -> Result<()> {
        let mut outcome = Ok(());
        if let Some(surplus) = self.positional.front() {
            let (given, usage) = (self.given, &self.usage);
            let what = format!("too many arguments ({given}): it is used as `{usage}`");
            outcome = checker.error(surplus.place, what);
        }
        self.positional.clear();
        self.abandon(checker);
        outcome
    }

    /// Reports unknown and repeated options of a call in error. Options in the usage are not
    /// reported, because the callee may not have got to them.
    pub fn abandon(self, checker: &mut Checker<'_>) {
        for (name, _) in &self.options {
            let text = name.to_string();
            let known = self.known.iter().any(|known| *known == text);
            if !known && self.mentions(&text) {
                continue;
            }
            let what = match known {
                true => format!("`{name}` is given twice"),
                false => self.unknown_option(&text),
            };
            checker.report.error(name.span(), what);
        }
    }

    /// Returns true if the usage has an option of this name, or one for which it is another
    /// spelling.
    fn mentions(&self, name: &str) -> bool {
        let name = match name {
            "dim" => "axis",
            "keepdim" => "keep",
            name => name,
        };
        self.usage
            .split(['(', ','])
            .any(|part| part.trim().strip_prefix(name).is_some_and(|rest| rest.starts_with(" =")))
    }
}

impl Checker<'_> {
    /// Returns the value of a number literal with an optional sign.
    pub(super) fn literal(&mut self, expr: &Expr, what: &str) -> Result<f64> {
        match &expr.kind {
            ExprKind::Number(x) => Ok(*x),
            ExprKind::Negate(inner) => Ok(-self.literal(inner, what)?),
            ExprKind::Path(path) if self.is_unknown(path) => Err(Reported),
            _ => self.error(expr.place, format!("`{what}` is a number, not `{expr}`")),
        }
    }

    /// Returns an axis of a tensor of this rank; negative ones count from the end.
    pub(super) fn axis(&mut self, expr: &Expr, rank: usize) -> Result<usize> {
        let axis = self.literal(expr, "axis")?;
        #[allow(clippy::cast_precision_loss)]
        let (axis, ranks) = (if axis < 0.0 { axis + rank as f64 } else { axis }, rank as f64);
        if axis.fract() != 0.0 || !(0.0..ranks).contains(&axis) {
            let there = match rank {
                0 => "the value is a single number".to_owned(),
                1 => "the value has only axis 0".to_owned(),
                _ => format!("the value has axes 0 to {}", rank - 1),
            };
            return self.error(expr.place, format!("there is no axis {expr}: {there}"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(axis as usize)
    }
}
