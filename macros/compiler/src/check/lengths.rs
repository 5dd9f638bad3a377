//! Run-time sizes: their declarations, and requirements on sizes.

use super::{Binding, Checker, Reported, Result};
use crate::ast::{self, Expr, ExprKind, Input, Loss};
use crate::ir::Value;
use crate::ir::display::ShapeText;
use crate::program::{Length, Relation};
use crate::report::Place;
use crate::size::{Size, length_name};
use proc_macro2::Ident;

/// The maximum number of run-time sizes that the runtime supports.
pub const MOST_LENGTHS: usize = 8;

/// The maximum number of elements of a shape: in `f64`, the size of the largest allocation.
const MOST_NUMBERS: i128 = isize::MAX as i128 / 8;

impl Checker<'_> {
    /// Declares every `dyn T` of the inputs and of the loss's targets. Those of the targets alone
    /// are not visible in the body.
    pub(super) fn lengths(&mut self, network: &ast::Network) {
        self.declare(&network.inputs, false);
        if let Some(Loss::Custom { inputs, .. }) = &network.loss {
            self.declare(inputs, true);
        }
    }

    fn declare(&mut self, inputs: &[Input], of_targets: bool) {
        let shapes = inputs.iter().filter_map(|input| input.kind.as_ref());
        for size in shapes.flat_map(|(_, shape)| &shape.sizes) {
            if let ExprKind::Dynamic { name, bound } = &size.kind {
                let bound = bound.as_ref().and_then(|bound| self.bound(bound));
                self.declare_length(name, bound, of_targets);
            }
        }
    }

    /// Returns the upper bound of a run-time size, or `None` if it is in error.
    fn bound(&mut self, expr: &Expr) -> Option<Size> {
        let size = self.size(expr).ok()?;
        if size.is_dynamic() {
            let message = format!("a bound is known before the network runs, but `{expr}` is not");
            self.report.error(expr.place, message);
            return None;
        }
        Some(size)
    }

    fn declare_length(&mut self, name: &Ident, bound: Option<Size>, of_targets: bool) {
        let text = name.to_string();
        if let Some(known) = self.program.lengths.iter().find(|length| length.name == text) {
            if bound.is_some() && bound != known.bound {
                let message = format!("the bound of `{name}` stands where it is first declared");
                self.report.error(name.span(), message);
            }
            return;
        }
        let kind = match self.scope.get(&text) {
            Some(Binding::Size(_)) => Some("a const parameter"),
            Some(Binding::Activation(_)) => Some("an activation"),
            _ => None,
        };
        let alike = |length: &&Length| length_name(&length.name) == length_name(&text);
        let problem = if let Some(kind) = kind {
            format!("`{name}` is {kind}: give the run-time size another name")
        } else if let Some(other) = self.program.lengths.iter().find(alike) {
            format!("`{name}` and `{}` differ in case alone", other.name)
        } else if self.program.lengths.len() == MOST_LENGTHS {
            format!("a network has at most {MOST_LENGTHS} run-time sizes")
        } else {
            if !of_targets {
                self.scope.insert(text.clone(), Binding::Length(Size::dynamic(&text)));
            }
            self.program.lengths.push(Length { name: text, bound, of_targets });
            return;
        };
        self.report.error(name.span(), problem);
        self.scope.insert(text, Binding::Unknown);
    }

    /// Binds the run-time sizes of a network that is inlined here to the sizes of the values that
    /// it is given.
    pub(super) fn bind_lengths(&mut self, network: &ast::Network, given: &[(&Expr, Value)]) {
        let name = &network.name;
        for (input, (expr, value)) in network.inputs.iter().zip(given) {
            let Some((_, shape)) = &input.kind else { continue };
            let actual = self.graph().shape(*value).to_vec();
            for (axis, size) in shape.sizes.iter().enumerate() {
                let ExprKind::Dynamic { name: length, bound } = &size.kind else { continue };
                let text = length.to_string();
                if self.scope.contains_key(&text) {
                    continue;
                }
                // a different rank is reported when the shapes are compared
                let size = match actual.len() == shape.sizes.len() {
                    true => actual[axis].clone(),
                    false => Size::dynamic(&text),
                };
                if let Some(bound) = bound.as_ref().and_then(|bound| self.bound(bound)) {
                    let message =
                        format!("`{name}` takes {length} <= {bound}, but `{expr}` has {size}");
                    match size.minus(&bound).constant() {
                        Some(1..) => self.report.error(expr.place, message),
                        _ => self.require(expr.place, &size, Relation::AtMost, &bound, || message),
                    }
                }
                self.scope.insert(text, Binding::Length(size));
            }
        }
    }

    /// Makes the run-time sizes of the targets visible, for the loss.
    pub(super) fn lengths_of_targets(&mut self) {
        for length in self.program.lengths.iter().filter(|length| length.of_targets) {
            let size = Binding::Length(Size::dynamic(&length.name));
            self.scope.insert(length.name.clone(), size);
        }
    }

    /// Returns a size in the declaration of an input, target or output; `first` is true for an axis that
    /// may be that of the batch by mistake.
    pub(super) fn declared_size(&mut self, expr: &Expr, first: bool) -> Result<Size> {
        if let ExprKind::Dynamic { name, .. } = &expr.kind {
            match self.scope.get(&name.to_string()) {
                Some(Binding::Length(size)) => return Ok(size.clone()),
                Some(Binding::Unknown) => return Err(Reported),
                _ => {}
            }
        }
        match &expr.kind {
            ExprKind::Path(path) if first && self.is_batch_axis(path) => {
                self.batch_axis(path, expr.place)
            }
            ExprKind::Negate(_) => {
                let message = format!(
                    "a size is at least 1, not `{expr}`; shapes are of one sample, without the batch: leave its axis out, and write `dyn T` for a size that is known only when the network runs"
                );
                self.error(expr.place, message)
            }
            _ => self.size(expr),
        }
    }

    /// Reports a `dyn T` in a place where it declares nothing.
    pub(super) fn undeclared_length(&mut self, name: &Ident, expr: &Expr) -> Result<Size> {
        let known = self.program.lengths.iter().find(|length| *name == length.name);
        let message = match known {
            Some(length) if !length.of_targets => format!("`{name}` is declared: write `{name}`"),
            _ => format!(
                "`dyn {name}` is declared by an axis of an input that is nothing else, as in `x: [dyn {name}, 4]`"
            ),
        };
        self.error(expr.place, message)
    }

    /// Reports two sizes that are never equal; if they are for some values of the names, requires it.
    pub(super) fn must_equal(
        &mut self,
        place: Place,
        given: &Size,
        wanted: &Size,
        message: &str,
    ) -> Result<()> {
        if given.equals(wanted) == Some(false) {
            return self.error(place, message);
        }
        self.require(place, given, Relation::Equal, wanted, || message.to_owned());
        Ok(())
    }

    /// Reports two shapes that are never equal; if they are for some values of the names, requires it.
    pub(super) fn must_have_shape(
        &mut self,
        place: Place,
        given: &[Size],
        wanted: &[Size],
        message: &str,
    ) -> Result<()> {
        let mut pairs = given.iter().zip(wanted);
        if given.len() != wanted.len() || pairs.any(|(a, b)| a.equals(b) == Some(false)) {
            return self.error(place, message);
        }
        for (given, wanted) in given.iter().zip(wanted) {
            self.require(place, given, Relation::Equal, wanted, || message.to_owned());
        }
        Ok(())
    }

    /// Adds the requirement that a size is at least 1, if it may be less for some values of the
    /// names. Each name is at least 1.
    pub(super) fn require_some(
        &mut self,
        place: Place,
        size: &Size,
        message: impl FnOnce() -> String,
    ) {
        let text = message();
        let required = match size.may_vanish() {
            true if size.constant().is_some() => return,
            true => vec![size.clone()],
            false => size.factors(),
        };
        for size in required {
            if !self.program.named_sizes.iter().any(|(known, _)| *known == size) {
                self.require(place, &Size::one(), Relation::AtMost, &size, || text.clone());
            }
        }
    }

    /// Adds the requirement that an index is at least 0, if it may be less for some values of the
    /// names.
    pub(super) fn require_start(
        &mut self,
        place: Place,
        index: &Size,
        message: impl FnOnce() -> String,
    ) {
        if index.has_difference() || (index.is_dynamic() && index.has_quotient()) {
            self.require(place, &Size::default(), Relation::AtMost, index, message);
        }
    }

    /// Reports a shape with more numbers than memory holds.
    pub(super) fn must_fit_memory(&mut self, shape: &[Size], place: Place) -> Result<()> {
        match Size::product(shape).constant() {
            Some(numbers) if numbers > MOST_NUMBERS => {
                let shape = ShapeText(shape).to_string();
                self.error(place, format!("{shape} is {numbers} numbers: more than memory holds"))
            }
            _ => Ok(()),
        }
    }

    /// Reports a parameter whose shape depends on run-time sizes, or is too large.
    pub(super) fn must_be_fixed(&mut self, name: &str, shape: &[Size], place: Place) {
        // the error itself is in the report
        let _ = self.must_fit_memory(shape, place);
        let Some(length) = shape.iter().flat_map(Size::lengths).next().map(str::to_owned) else {
            return;
        };
        let shape = ShapeText(shape).to_string();
        self.report.error(
            place,
            format!("`{name}` would be {shape}, but a parameter has one size: `{length}` is known only when the network runs"),
        );
    }
}
