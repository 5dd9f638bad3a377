//! `Linear`: y = x W + b along the last axis.

use super::{Input, Kind, Layer, Wanted};
use crate::ast::{Expr, ExprKind, path_text};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::kernel::Dense;
use crate::nearest::suggestion;
use crate::program::Relation;
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub const LINEAR: Kind = Kind {
    name: "Linear",
    usage: "Linear(out, bias = true, init = kaiming)",
    prefix: "linear",
    apply: linear,
};

fn linear(
    checker: &mut Checker<'_>,
    layer: &mut Layer,
    mut arguments: Arguments<'_>,
    input: Input<'_>,
) -> Result<Value> {
    let out = arguments.next(checker, "the number of outputs");
    let out = out.and_then(|out| checker.size(out));
    let bias = arguments.flag(checker, "bias", true);
    let init = arguments.option("init");
    arguments.finish(checker)?;
    let (out, bias) = (out?, bias?);

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

    let weight = Wanted {
        name: "weight",
        shape: vec![out.clone(), expected.clone()],
        transposed: true,
        is_bias: false,
        init: initialiser(checker, init, &expected, &out)?,
    };
    let mut operands = vec![input.value, checker.parameter(layer, weight)];
    if bias {
        let fan_in = expected.tokens();
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
    let name = layer.name.replace(".{i}", "").replace('.', "_");
    checker.graph().name(value, &name);
    Ok(value)
}

/// The names that `init` takes, beside `normal(std)` and its like.
const INITIALISERS: &[&str] = &[
    "kaiming",
    "kaiming_uniform",
    "kaiming_normal",
    "xavier_uniform",
    "xavier_normal",
    "orthogonal",
    "zeros",
    "ones",
    "normal",
    "truncated_normal",
    "uniform",
    "constant",
];

/// A variant of the runtime's `Init`, with its fields.
fn initialiser(
    checker: &mut Checker<'_>,
    expr: Option<&Expr>,
    inputs: &Size,
    outputs: &Size,
) -> Result<TokenStream> {
    let (fan_in, fan_out) = (inputs.tokens(), outputs.tokens());
    let Some(expr) = expr else { return Ok(quote!(FanIn { fan_in: #fan_in })) };
    match &expr.kind {
        ExprKind::Path(path) => match path_text(path).as_str() {
            "kaiming" => return Ok(quote!(FanIn { fan_in: #fan_in })),
            "kaiming_uniform" => return Ok(quote!(KaimingUniform { fan_in: #fan_in })),
            "kaiming_normal" => return Ok(quote!(KaimingNormal { fan_in: #fan_in })),
            "xavier_uniform" => {
                return Ok(quote!(XavierUniform { fan_in: #fan_in, fan_out: #fan_out }));
            }
            "xavier_normal" => {
                return Ok(quote!(XavierNormal { fan_in: #fan_in, fan_out: #fan_out }));
            }
            "orthogonal" => return Ok(quote!(Orthogonal { rows: #fan_out, columns: #fan_in })),
            "zeros" => return Ok(quote!(Constant(0.0))),
            "ones" => return Ok(quote!(Constant(1.0))),
            _ => {}
        },
        ExprKind::Call { callee, arguments } => {
            let mut arguments = Arguments::new("init = normal(0.02)", expr.place, arguments);
            let number = arguments.next(checker, "a number");
            let number = number.and_then(|number| checker.literal(number, "init"));
            arguments.finish(checker)?;
            let number = Literal::f64_unsuffixed(number?);
            match path_text(callee).as_str() {
                "normal" => return Ok(quote!(Normal { mean: 0.0, std: #number })),
                "truncated_normal" => return Ok(quote!(TruncatedNormal { std: #number })),
                "uniform" => return Ok(quote!(Uniform { bound: #number })),
                "constant" => return Ok(quote!(Constant(#number))),
                _ => {}
            }
        }
        _ => {}
    }
    let text = expr.to_string();
    let name = text.split('(').next().unwrap_or_default();
    let near = suggestion(name, INITIALISERS.iter().copied());
    let hint = match near.is_empty() {
        false => near,
        true => format!(
            "; there are {} (the last four with a number: `normal(0.02)`)",
            INITIALISERS.join(", ")
        ),
    };
    checker.error(expr.place, format!("no initialiser `{text}`{hint}"))
}
