//! Parameters without a layer: `param([D], init = ones)`.

use super::Function;
use crate::ast::{Argument, Expr, ExprKind, Let, path_text};
use crate::check::arguments::Arguments;
use crate::check::initialiser::Fans;
use crate::check::naming::variable;
use crate::check::nested::Member;
use crate::check::{Checker, Reported, Result};
use crate::ir::display::ShapeText;
use crate::ir::kernel::permute;
use crate::ir::{Leaf, Op, Type, Value};
use crate::program::{Label, Parameter, Relation, Row, StateKind};
use crate::report::Place;
use crate::size::Size;

const USAGE: &str = "param([D], init = zeros, bias = false, transposed = false, zero_row = 0)";

pub const FUNCTIONS: &[Function] = &[
    Function { name: "param", usage: USAGE, build: unnamed },
    Function { name: "l2", usage: "l2(fc.weight)", build: l2 },
];

/// Computes the sum of squares of a parameter, for weight decay in a loss.
fn l2(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let x = arguments.next(checker, "a parameter")?;
    let x = checker.real(x)?;
    let square = checker.graph().multiply(x, x);
    Ok(checker.sum_of_sample(square))
}

/// Adds a parameter that has no `let`, named `param0` and so on.
fn unnamed(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, expr: &Expr) -> Result<Value> {
    let name = checker.name_or_numbered("param", expr.place);
    checker.bare_parameter(name, arguments, expr, None)
}

impl Checker<'_> {
    /// Returns the parameter that a `let` declares, if it does:
    /// `let scale = param([D], init = ones);`.
    pub(in crate::check) fn parameter_declaration(
        &mut self,
        statement: &Let,
    ) -> Option<Result<Value>> {
        let expr = &statement.value;
        let (ExprKind::Call { callee, arguments }, [declared]) = (&expr.kind, &statement.names[..])
        else {
            return None;
        };
        if path_text(callee) != "param" {
            return None;
        }
        let name = self.name_of_let(declared);
        Some(self.named_parameter(name, arguments, expr))
    }

    fn named_parameter(
        &mut self,
        name: (String, Place),
        arguments: &[Argument],
        expr: &Expr,
    ) -> Result<Value> {
        let mut arguments = Arguments::new(USAGE, expr.place, arguments);
        let value = self.bare_parameter(name, &mut arguments, expr, None);
        match value {
            Ok(value) => arguments.finish(self).map(|()| value),
            Err(Reported) => {
                arguments.abandon(self);
                Err(Reported)
            }
        }
    }

    /// Adds a parameter, or a state of this kind.
    pub(super) fn bare_parameter(
        &mut self,
        (name, place): (String, Place),
        arguments: &mut Arguments<'_>,
        expr: &Expr,
        state: Option<StateKind>,
    ) -> Result<Value> {
        let sizes = arguments.next(self, "a shape");
        let init = arguments.option("init");
        let (mut is_bias, mut transposed, mut zero_row) = (false, false, None);
        if state.is_none() {
            is_bias = arguments.flag(self, "bias", false);
            transposed = arguments.flag(self, "transposed", false);
            zero_row = arguments.option("zero_row").map(|row| self.index(row)).transpose()?;
        }
        let sizes = sizes?;
        let ExprKind::List(sizes) = &sizes.kind else {
            let what = format!("expected a shape such as `[64]`, found `{sizes}`");
            return self.error(sizes.place, what);
        };
        let shape = self.sizes(sizes)?;
        if let Some(made) = self.reused_parameter() {
            let made = self.same_shape(made, &shape, &name, expr)?;
            return Ok(self.current_state(made));
        }
        if transposed && shape.len() != 2 {
            let what = format!(
                "a parameter with two axes is transposed, but `{name}` has {}",
                shape.len()
            );
            return self.error(expr.place, what);
        }
        if let Some(row) = &zero_row {
            let Some(rows) = shape.first() else {
                return self.error(expr.place, format!("`{name}` has no rows"));
            };
            let message = format!("`{name}` has {rows} rows: there is no row {row}");
            if row.minus(rows).constant().is_some_and(|over| over >= 0) {
                return self.error(expr.place, message);
            }
            self.require(expr.place, &row.plus(&Size::one()), Relation::AtMost, rows, || message);
        }
        let Some(init) = init else {
            let kind = if state.is_some() { "state" } else { "param" };
            let what = format!("missing how `{name}` begins: `{kind}([..], init = zeros)`");
            return self.error(expr.place, what);
        };
        let init = self.initialiser(Some(init), Fans::of(&shape).as_ref())?;
        let name = self.new_name(&name, place)?;
        self.must_be_fixed(&name, &shape, expr.place);
        if shape.iter().any(|size| self.by_iteration(size)) {
            let shape = ShapeText(&shape).to_string();
            let what = format!(
                "`{name}` would be {shape}, but a parameter has one shape in all iterations"
            );
            return self.error(expr.place, what);
        }
        let region = self.region_of_parameters(expr.place)?;
        let uncounted = self.frame.loops.uncounted.clone();
        let at = self.frame.place.unwrap_or(expr.place);
        self.must_be_counted(uncounted.as_ref(), &expr.to_string(), at);
        let leaf = Op::Leaf(Leaf::Parameter(self.program.parameters.len()));
        // a single number is stored in memory as an axis of size 1, as scalars are kept in
        // registers
        let mut axes = if shape.is_empty() { vec![Size::one()] } else { shape.clone() };
        if transposed {
            axes.reverse();
        }
        let value = self.graph().add_in(region, leaf, Vec::new(), Type::shared(axes));
        self.graph().name(value, &variable(&name));
        let iterations = self.iterations_of_parameters(region);
        let named = self.named(&name, place);
        self.program.rows.push(Row {
            name: name.clone(),
            layer: vec![Label::Text(expr.to_string())],
            shape: shape.clone(),
            parameters: match state {
                Some(_) => Size::default(),
                None => Size::product(iterations.iter().chain(&shape)),
            },
            flops: Size::default(),
            depth: self.frame.depth,
            result: None,
            values: 0..0,
        });
        self.program.parameters.push(Parameter {
            name,
            shape: shape.clone(),
            transposed,
            is_bias,
            init,
            zero_row,
            frozen: self.scope.frozen || state.is_some(),
            state,
            iterations,
            layer: None,
            place: self.frame.place.unwrap_or(place),
            named,
            value,
        });
        let index = self.program.parameters.len() - 1;
        self.mark_row(&[], index..index + 1);
        let value = match transposed {
            true => permute(self.graph(), value, &[1, 0]),
            false => self.graph().view(value, shape),
        };
        self.remember_member(Member::Parameter(value));
        Ok(value)
    }

    /// Returns a parameter that an earlier application of its network has declared, whose shape
    /// must be the one that this application asks for.
    fn same_shape(
        &mut self,
        made: Value,
        shape: &[Size],
        name: &str,
        expr: &Expr,
    ) -> Result<Value> {
        let known = self.graph().shape(made).to_vec();
        let message = format!(
            "`{name}` is {} since the first use, but this takes {}",
            ShapeText(&known),
            ShapeText(shape)
        );
        self.must_have_shape(expr.place, &known, shape, &message)?;
        Ok(made)
    }
}
