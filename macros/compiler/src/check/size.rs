//! Sizes and shapes in expressions and declarations.

use super::arguments::Arguments;
use super::{Binding, Checker, Reported, Result};
use crate::ast::{self, Expr, ExprKind, Operator, Selection, path_text};
use crate::ir::loops::Region;
use crate::nearest::suggestion;
use crate::parse::size::{BATCH, CALCULATION};
use crate::program::Relation;
use crate::report::Place;
use crate::size::Size;

/// Returns true if a number is written as a fraction or with an exponent: `3.0`, `1e3`.
pub(super) fn is_fraction(place: Place) -> bool {
    let text = place.start.source_text().unwrap_or_default();
    let hexadecimal = text.starts_with("0x");
    text.starts_with(|first: char| first.is_ascii_digit())
        && !hexadecimal
        && text.contains(['.', 'e', 'E'])
}

/// The maximum number of terms of a product of sizes, because terms multiply.
const MOST_TERMS: usize = 256;

impl Checker<'_> {
    /// Returns the sizes of a declared shape.
    pub(super) fn shape(&mut self, shape: &ast::Shape) -> Result<Vec<Size>> {
        self.shape_with_batch(shape, shape.sizes.len() > 1)
    }

    /// Returns the sizes of a declared shape, the first of which may be a batch axis by mistake.
    pub(super) fn shape_with_batch(
        &mut self,
        shape: &ast::Shape,
        first: bool,
    ) -> Result<Vec<Size>> {
        let sizes = shape.sizes.iter().enumerate();
        let mut outcome = Ok(Vec::new());
        for (axis, size) in sizes {
            let sizes = match &size.kind {
                ExprKind::Rest => self.leading_axes(size.place),
                _ => self.declared_size(size, first && axis == 0).map(|size| vec![size]),
            };
            outcome = match (outcome, sizes) {
                (Ok(all), Ok(sizes)) => Ok([all, sizes].concat()),
                _ => Err(Reported),
            };
        }
        let sizes = outcome?;
        self.must_fit_memory(&sizes, shape.place)?;
        Ok(sizes)
    }

    /// Returns the sizes in a list that is a shape: `[.., 4, D]`.
    pub(super) fn sizes(&mut self, items: &[Expr]) -> Result<Vec<Size>> {
        let sizes = items.iter().map(|item| match &item.kind {
            ExprKind::Rest => self.leading_axes(item.place),
            _ => self.exact(item).and_then(|()| self.size(item)).map(|size| vec![size]),
        });
        let sizes: Vec<_> = sizes.collect();
        Ok(sizes.into_iter().collect::<Result<Vec<_>>>()?.concat())
    }

    /// Reports a quotient with a remainder in a shape of a described layer, whose options have to
    /// divide the sizes that they share.
    fn exact(&mut self, expr: &Expr) -> Result<()> {
        let ExprKind::Binary { operator, left, right } = &expr.kind else { return Ok(()) };
        if !self.frame.described {
            return Ok(());
        }
        self.exact(left)?;
        self.exact(right)?;
        if *operator != Operator::Divide {
            return Ok(());
        }
        let (whole, parts) = (self.index(left)?, self.index(right)?);
        match (whole.constant(), parts.constant()) {
            (Some(whole), Some(parts @ 1..)) if whole % parts != 0 => self
                .error(expr.place, format!("`{left}` is {whole}, which {parts} does not divide")),
            _ => Ok(()),
        }
    }

    /// Returns the leading axes that `..` stands for.
    fn leading_axes(&mut self, place: Place) -> Result<Vec<Size>> {
        match self.scope.get("..") {
            Some(Binding::Axes(axes)) => Ok(axes.clone()),
            _ => self.error(place, format!("no size `..`; {BATCH}")),
        }
    }

    /// Returns the value of an expression that is a size: at least 1.
    pub(super) fn size(&mut self, expr: &Expr) -> Result<Size> {
        let size = self.index(expr)?;
        match size.constant() {
            Some(n) if n < 1 => self.error(expr.place, format!("a size is at least 1, not {n}")),
            Some(n) if n > i128::from(u32::MAX) => {
                self.error(expr.place, format!("{n} is more than memory holds"))
            }
            _ => {
                self.some_in_all_iterations(&size, expr)?;
                self.names_are_sizes(&size, expr.place);
                self.require_some(expr.place, &size, || {
                    format!("the size `{expr}` is less than 1")
                });
                Ok(size)
            }
        }
    }

    /// Reports a size that is less than 1 in an iteration of a loop around it.
    pub(super) fn some_in_all_iterations(&mut self, size: &Size, expr: &Expr) -> Result<()> {
        let values = self.in_extreme_iterations([size]);
        let mut values = values.iter().filter_map(|[size]| size.constant());
        match (size.constant(), values.find(|value| *value < 1)) {
            (None, Some(value)) => {
                let what = format!("this is at least 1, but `{expr}` is {value} in an iteration");
                self.error(expr.place, what)
            }
            _ => Ok(()),
        }
    }

    /// Records the constants in a size, each of which has to be at least 1.
    fn names_are_sizes(&mut self, size: &Size, place: Place) {
        let place = self.frame.place.unwrap_or(place);
        for name in size.constants() {
            let graph = &self.program.graph;
            let counts = |region: Region| name == Size::symbol(&*graph[region].index);
            let known = self.program.named_sizes.iter().any(|(known, _)| *known == name);
            if !known && !graph.regions().any(counts) {
                self.program.named_sizes.push((name, place));
            }
        }
    }

    /// Returns the value of an expression that is a size or an index, which may be 0.
    pub(super) fn index(&mut self, expr: &Expr) -> Result<Size> {
        match &expr.kind {
            ExprKind::Number(x) if x.fract() == 0.0 && is_fraction(expr.place) => {
                self.error(expr.place, format!("a size is a whole number: write `{x}`"))
            }
            ExprKind::Number(x) if x.fract() == 0.0 && (0.0..=9e15).contains(x) =>
            {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                Ok(Size::from(*x as u64))
            }
            // an option of a described layer: `(1 + bidirectional) * hidden`
            ExprKind::Bool(flag) if self.frame.depth > 0 => Ok(Size::from(u64::from(*flag))),
            ExprKind::Number(x) if x.fract() == 0.0 => {
                self.error(expr.place, "a size of this many is more than memory holds")
            }
            ExprKind::Number(_) => self.error(expr.place, "a size is a whole number"),
            ExprKind::Path(path) => self.named_size(path, expr),
            ExprKind::Binary { operator, left, right } => {
                let (a, b) = (self.index(left), self.index(right));
                let (a, b) = (a?, b?);
                match operator {
                    Operator::Add => Ok(a.plus(&b)),
                    Operator::Subtract => Ok(a.minus(&b)),
                    Operator::Multiply if a.terms() * b.terms() > MOST_TERMS => {
                        self.error(expr.place, "this size is too long a sum of products")
                    }
                    Operator::Multiply => Ok(a.times(&b)),
                    Operator::Divide => {
                        self.require_start(left.place, &a, || format!("`{left}` is less than 0"));
                        self.require_some(right.place, &b, || format!("`{right}` is less than 1"));
                        match a.over(&b) {
                            Some(quotient) => Ok(quotient),
                            None => self.error(right.place, "division by zero"),
                        }
                    }
                    _ => self.error(expr.place, format!("a comparison is no size; {CALCULATION}")),
                }
            }
            ExprKind::Call { callee, arguments } if path_text(callee) == "len" => {
                let mut arguments = Arguments::new("len(x)", expr.place, arguments);
                let value = arguments.next(self, "a value").and_then(|value| self.value(value));
                arguments.finish(self)?;
                let value = value?;
                Ok(self.graph().ty(value).len())
            }
            ExprKind::Index(of, selections) => self.item(of, selections, expr),
            ExprKind::Dynamic { name, .. } => self.undeclared_length(name, expr),
            ExprKind::Negate(_) => {
                self.error(expr.place, format!("a size is at least 1, not `{expr}`"))
            }
            ExprKind::Call { callee, arguments } if path_text(callee) == "pow" => {
                let mut arguments = Arguments::new("pow(2, i)", expr.place, arguments);
                let base = arguments.next(self, "a size").and_then(|base| self.index(base));
                let exponent = arguments.next(self, "an exponent").and_then(|by| self.index(by));
                arguments.finish(self)?;
                Ok(base?.power(&exponent?))
            }
            ExprKind::Call { .. } => {
                self.error(expr.place, format!("`{expr}` is no size: {CALCULATION}"))
            }
            _ => self.error(expr.place, format!("expected a size, found `{expr}`")),
        }
    }

    /// Returns an item of a list of sizes, `[1, 2, 4][i]`, or of an option of a described layer that
    /// is one size for all axes or one for each.
    fn item(&mut self, of: &Expr, selections: &[Selection], expr: &Expr) -> Result<Size> {
        let [Selection::At(at)] = selections else {
            return self.error(expr.place, format!("expected a size, found `{expr}`"));
        };
        let (ExprKind::List(items) | ExprKind::Tuple(items)) = &of.kind else {
            if self.frame.depth > 0 && matches!(at.kind, ExprKind::Number(_)) {
                return self.index(of);
            }
            return self.error(expr.place, format!("expected a size, found `{expr}`"));
        };
        let items: Vec<_> = items.iter().map(|item| self.index(item)).collect();
        let (items, index) = (items.into_iter().collect::<Result<Vec<_>>>(), self.index(at));
        let (items, index) = (items?, index?);
        let (count, needed) = (Size::from(items.len() as u64), index.plus(&Size::one()));
        let message = || {
            let last = items.len().saturating_sub(1);
            format!("`{at}` is beyond the list `{of}`, whose last index is {last}")
        };
        for [needed] in self.in_extreme_iterations([&needed]) {
            if needed.minus(&count).constant().is_some_and(|beyond| beyond > 0) {
                return self.error(at.place, message());
            }
        }
        self.require(at.place, &needed, Relation::AtMost, &count, message);
        Ok(Size::item(items, index))
    }

    fn named_size(&mut self, path: &syn::Path, expr: &Expr) -> Result<Size> {
        let name = path_text(path);
        match self.scope.get(&name) {
            Some(Binding::Size(size) | Binding::Length(size)) => return Ok(size.clone()),
            Some(Binding::Unknown) => return Err(super::Reported),
            Some(Binding::Activation(_)) => {
                return self.error(expr.place, format!("`{name}` is an activation, not a size"));
            }
            Some(_) => {
                return self.error(expr.place, format!("`{name}` is a value, not a size"));
            }
            None => {}
        }
        if self.is_of_targets(&name) {
            let message =
                format!("`{name}` is known from the targets only: no input has that size");
            return self.error(expr.place, message);
        }
        // a constant of the user's, which is resolved when the generated code is compiled
        if super::expression::is_constant(path) {
            self.is_visible(path, expr.place)?;
            return self.constant_size(path, expr.place);
        }
        let near = match self.near_size(&name) {
            near if near.is_empty() && name.starts_with(char::is_lowercase) => format!(
                ": sizes are const parameters, `dyn` sizes and constants, whose names are in upper case: `{}`",
                name.to_uppercase()
            ),
            near => near,
        };
        self.error(expr.place, format!("no size `{name}`{near}"))
    }

    /// declare.
    pub(super) fn is_of_targets(&self, name: &str) -> bool {
        let outermost = self.frame.depth == 0;
        outermost && self.program.lengths.iter().any(|length| length.name == name)
    }

    /// Returns a suggestion for an unknown size.
    fn near_size(&self, name: &str) -> String {
        suggestion(name, self.size_names())
    }

    /// Returns the names of the sizes in scope.
    pub(super) fn size_names(&self) -> impl Iterator<Item = &str> {
        let is_size = |binding: &Binding| matches!(binding, Binding::Size(_) | Binding::Length(_));
        let known = self.scope.iter().filter(move |(_, binding)| is_size(binding));
        known.map(|(name, _)| name.as_str())
    }
}
