//! `Linear`: y = x W + b along the last axis.

use super::{Apply, Input, Kind, Layer, Wanted};
use crate::check::arguments::Arguments;
use crate::check::initialiser::Fans;
use crate::check::naming::variable;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::kernel::Dense;
use crate::program::Relation;
use quote::quote;

pub const LINEAR: Kind = Kind {
    name: "Linear",
    usage: "Linear(out, bias = true, init = kaiming)",
    prefix: "linear",
    apply: Apply::Built(linear),
};

fn linear(
    checker: &mut Checker<'_>,
    layer: &mut Layer,
    mut arguments: Arguments<'_>,
    input: Input<'_>,
) -> Result<Value> {
    let mut out = arguments.next(checker, "the number of outputs");
    if let (Ok(inputs), Some(outputs)) = (&out, arguments.last()) {
        let what = format!("the size of the input is known here: write `Linear({outputs})`");
        checker.report.error(inputs.place, what);
        out = Ok(outputs);
    }
    let out = out.and_then(|out| checker.size(out));
    let bias = arguments.flag(checker, "bias", true);
    let init = arguments.option("init");
    let outcome = arguments.finish(checker);
    let out = outcome.and(out)?;
    if out.is_dynamic() {
        let what = format!(
            "`{}` has one number of outputs, but `{out}` is known only when the network runs: give it a number or a const parameter",
            layer.text
        );
        return checker.error(layer.place, what);
    }
    if checker.by_iteration(&out) {
        let what = format!(
            "`{}` has one number of outputs in all iterations, but `{out}` is another in each",
            layer.text
        );
        return checker.error(layer.place, what);
    }

    let shape = checker.graph().shape(input.value).to_vec();
    let Some(size) = shape.last() else {
        let text = &layer.text;
        return checker.error(
            input.expr.place,
            format!("`{text}` takes a tensor, but `{}` is a single number", input.expr),
        );
    };
    let expected = layer.input.get_or_insert_with(|| size.clone()).clone();
    if size.equals(&expected) == Some(false) {
        let (name, what) = (layer.name.clone(), checker.describe(input.expr, input.value));
        return checker.error(input.expr.place, format!("`{name}` takes [{expected}], but {what}"));
    }
    checker.require(input.expr.place, size, Relation::Equal, &expected, || {
        format!("`{}` takes [{expected}], but `{}` is [{size}]", layer.name, input.expr)
    });

    let fans = Fans { inputs: expected.clone(), outputs: out.clone() };
    let weight = Wanted {
        name: "weight",
        shape: vec![out.clone(), expected.clone()],
        transposed: true,
        is_bias: false,
        init: checker.initialiser(init, Some(&fans))?,
    };
    let mut operands = vec![input.value, checker.parameter(layer, weight)];
    if bias {
        let fan_in = expected.total_tokens();
        let bias = Wanted {
            name: "bias",
            shape: vec![out],
            transposed: false,
            is_bias: true,
            init: quote!(FanIn { fan_in: #fan_in }),
        };
        operands.push(checker.parameter(layer, bias));
    }
    let value = checker.graph().kernel(Dense, operands);
    let name = variable(&layer.name);
    checker.graph().name(value, &name);
    Ok(value)
}
