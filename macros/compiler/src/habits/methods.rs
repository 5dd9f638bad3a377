//! Methods and fields after a dot; the language has functions instead.

use super::names::{Instead, instead, layer};
use super::operators::may_be_size;
use crate::ast::Argument;

/// Methods and fields, each with advice on what to write: `{x}` stands for the receiver and `{}`
/// for the arguments.
pub(super) static METHODS: &[(&[&str], &str)] = &[
    (&["view", "reshape", "view_as"], "write `reshape({x}, [..])`"),
    (&["T", "t", "mT", "transpose", "swap_dims"], "write `transpose({x})`"),
    (&["permute"], "write `permute({x}, [1, 0])`, the axes in their new order"),
    (
        &["unsqueeze", "squeeze", "insert_axis", "expand_dims"],
        "write `reshape({x}, [..])` with the new shape",
    ),
    (
        &["shape", "size", "dim", "dims", "ndim", "len", "rank"],
        "sizes are names: those of the signature, as `T` in `x: [dyn T, 8]`",
    ),
    (&["forward", "apply", "call", "__call__"], "a layer is applied as `{} >> {x}`"),
    (&["mm", "bmm", "dot", "matmul"], "write `matmul({x}, {})`"),
    (&["add"], "write `{x} + {}`"),
    (&["sub"], "write `{x} - {}`"),
    (&["mul"], "write `{x} * {}`"),
    (&["div"], "write `{x} / {}`"),
    (&["neg"], "write `-{x}`"),
    (&["powf", "powi", "powf_scalar", "pow"], "write `pow({x}, {})`"),
    (&["gt", "greater"], "write `{x} > {}`"),
    (&["lt", "lower"], "write `{x} < {}`"),
    (&["eq", "equal"], "write `{x} == {}`"),
    (
        &["iter", "into_iter", "iter_mut", "rows", "outer_iter", "chunks"],
        "a loop goes along the first axis: `for row in {x} { .. }`",
    ),
    (
        &["map", "for_each", "fold", "scan", "collect"],
        "functions are of every element as they are, `2 * tanh({x})`; along an axis goes `for row in {x} { .. }`",
    ),
    (
        &[
            "to",
            "cpu",
            "cuda",
            "float",
            "half",
            "double",
            "long",
            "int",
            "contiguous",
            "clone",
            "copy",
            "numpy",
            "item",
            "to_owned",
            "into",
            "cast",
            "astype",
        ],
        "values are not moved or converted: leave it out",
    ),
    (
        &["backward", "requires_grad_", "requires_grad", "grad", "eval", "train", "zero_grad"],
        "gradients are derived of themselves: leave it out",
    ),
    (&["unwrap", "expect"], "nothing fails here: leave it out"),
    (
        &["weight", "bias", "parameters"],
        "a parameter is named without parentheses, as `{x}.weight`",
    ),
    (
        &["init", "build", "set_bias", "with_bias", "new"],
        "a layer is written with its size alone, as `Linear(8)`",
    ),
    (&["data"], "write `stop_gradient({x})`"),
];

/// Returns the error message for the method or field `name` of `of`, called with `given`.
#[must_use]
pub fn advice(of: &str, name: &str, given: &[Argument]) -> String {
    let texts: Vec<String> = given.iter().map(ToString::to_string).collect();
    let arguments = &*texts.join(", ");
    if let Some((_, advice)) = METHODS.iter().find(|(names, _)| names.contains(&name)) {
        let given = if arguments.is_empty() { ".." } else { arguments };
        let advice = advice.replace("{x}", of).replace("{}", given);
        let in_size = match (name, arguments) {
            ("pow", "2") if may_be_size(of) => format!(", in a size `{of} * {of}`"),
            _ => String::new(),
        };
        return format!("values have no `.{name}`: {advice}{in_size}");
    }
    let written = match instead(name) {
        Some(Instead::Layer(usage)) => format!("write `{of} >> {}`", layer(usage, given)),
        Some(Instead::Activation(activation)) => format!("write `{of} >> {activation}`"),
        Some(Instead::Function(usage)) => format!("write `{}`", call(usage, of, given, arguments)),
        Some(Instead::Loss(loss)) => format!("write `{loss}({of}, target)`"),
        Some(Instead::Say(words)) => words.to_owned(),
        None => "functions are called as `tanh(x)`, layers as `x >> Linear(10)`".to_owned(),
    };
    format!("values have no `.{name}`: {written}")
}

/// Returns a call of a function on `of`: with the given options if the function has them, otherwise
/// with the arguments of its usage.
fn call(usage: &str, of: &str, given: &[Argument], arguments: &str) -> String {
    let name = usage.split('(').next().unwrap_or_default();
    let options = given.iter().all(|argument| match argument {
        Argument::Positional(_) => false,
        Argument::Option { name, .. } => {
            *name == "dim" || *name == "keepdim" || usage.contains(&format!(" {name} ="))
        }
    });
    match arguments {
        "" => format!("{name}({of})"),
        given if options => format!("{name}({of}, {given})"),
        _ => match usage.split_once(", ") {
            Some((_, rest)) => format!("{name}({of}, {rest}"),
            None => format!("{name}({of})"),
        },
    }
}
