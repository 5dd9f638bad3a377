//! Functions of class and token indices: lookups and one-hot rows.

use super::Function;
use crate::ast::{Element, Expr};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::kernel::{Gather, OneHot, Range, ToReal};
use crate::ir::{Leaf, Op, Type, Value, function};
use crate::program::{Classes, Ignored, Relation};
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[
    Function { name: "gather", usage: "gather(table, indices)", build: gather },
    Function { name: "one_hot", usage: "one_hot(indices, classes)", build: one_hot },
    Function { name: "float", usage: "float(indices)", build: float },
    Function { name: "range", usage: "range(n)", build: range },
];

fn gather(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let of = arguments.next(checker, "the table")?;
    let by = arguments.next(checker, "the indices")?;
    let (table, indices) = (checker.real(of), checker.value(by));
    let (table, mut indices) = (table?, indices?);
    let Some(rows) = checker.graph().shape(table).first().cloned() else {
        return checker.error(
            of.place,
            format!("`{of}` is a single number: there are no rows to choose from"),
        );
    };
    if checker.graph().ty(indices).element == Element::Index {
        checker.classes(by, indices, Classes::below(rows, Ignored::Nothing))?;
    } else {
        checker.positions(by, indices, of, &rows)?;
        // the kernel reads indices from memory, where a single number is not stored; they are
        // expanded to every sample for that, or if the table differs between samples
        let graph = checker.graph();
        let ty = graph.ty(indices).clone();
        let batched = ty.batched || ty.is_number() || graph.ty(table).batched;
        indices = graph.expand(indices, &Type { batched, ..ty });
    }
    Ok(checker.graph().kernel(Gather, vec![table, indices]))
}

fn one_hot(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let of = arguments.next(checker, "the indices")?;
    let count = arguments.next(checker, "the number of classes")?;
    let (value, count) = (checker.value(of), checker.size(count));
    let (value, count) = (value?, count?);
    let ty = checker.graph().ty(value).clone();
    if ty.element == Element::Index {
        let classes = Classes::below(count.clone(), Ignored::Nothing);
        checker.classes(of, value, classes)?;
        return Ok(checker.graph().kernel(OneHot { classes: count }, vec![value]));
    }
    // positions computed by the network, such as those of `argmax`
    let mut shape = ty.shape;
    shape.push(Size::one());
    let graph = checker.graph();
    let column = graph.view(value, shape);
    let each = graph.kernel(Range { len: count }, Vec::new());
    Ok(graph.scalar(function::Function::Equal, vec![column, each]))
}

/// Converts class numbers to real ones.
fn float(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let of = arguments.next(checker, "class numbers")?;
    let value = checker.value(of)?;
    match checker.graph().ty(value).element {
        Element::Real => Ok(value),
        Element::Index => Ok(checker.graph().kernel(ToReal, vec![value])),
    }
}

fn range(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let len = arguments.next(checker, "how many")?;
    let len = checker.size(len)?;
    Ok(checker.graph().kernel(Range { len }, Vec::new()))
}

impl Checker<'_> {
    /// Checks that positions computed by the network are less than the number of `rows` of a table.
    fn positions(&mut self, by: &Expr, value: Value, of: &Expr, rows: &Size) -> Result<()> {
        let Some(below) = self.program.graph.below(value) else {
            return self.error(
                by.place,
                format!("`gather` takes indices, which `{by}` is not: an input that is declared as `u32[..]`, or positions, such as those of `argmax(..)` and `range(n)`"),
            );
        };
        let what = |below: &Size, rows: &Size| {
            format!("`{by}` is one of {below}, but `{of}` has {rows} rows")
        };
        if rows.is_at_most(&below.minus(&Size::one())) {
            return self.error(by.place, what(&below, rows));
        }
        self.require(by.place, &below, Relation::AtMost, rows, || what(&below, rows));
        Ok(())
    }

    /// Records the valid class indices of an input or a target. All uses have to agree on their
    /// number; if they ignore different indices, none is ignored.
    pub(in crate::check) fn classes(
        &mut self,
        expr: &Expr,
        value: Value,
        classes: Classes,
    ) -> Result<()> {
        let port = match self.program.graph[value].op {
            Op::Leaf(Leaf::Input(index)) => &mut self.program.inputs[index],
            Op::Leaf(Leaf::Target(index)) => &mut self.program.targets[index],
            _ => return Ok(()),
        };
        let Some(before) = &mut port.classes else {
            port.classes = Some(classes);
            return Ok(());
        };
        if before.count != classes.count {
            let (first, second) = (before.count.clone(), classes.count);
            return self.error(
                expr.place,
                format!("`{expr}` numbers one of {second} here, but one of {first} before"),
            );
        }
        if before.ignored != classes.ignored {
            before.ignored = Ignored::Nothing;
        }
        Ok(())
    }
}
