//! Looks up layers, activations, functions and losses by their names in other libraries.

mod table;

use super::folded;
use crate::ast::Argument;
use crate::case::is_capitalised;
use crate::check::{self, Sort};

/// The equivalent in the language of a name in another library.
#[derive(Clone, Copy)]
pub enum Instead {
    /// The usage of a layer, such as `Linear(out)`.
    Layer(&'static str),
    /// The name of an activation.
    Activation(&'static str),
    /// A call of a function.
    Function(&'static str),
    /// The name of a loss.
    Loss(&'static str),
    /// Any other advice, in words.
    Say(&'static str),
}

use Instead::{Activation, Function, Layer, Loss, Say};
pub use table::{INITIAL_VALUES, NAMES, OPTIONS};
use table::{LAYERS_ELSEWHERE, OWN_OPTIONS};

/// Returns the language's equivalent of `name`, if it is a name in another library or another
/// spelling of a name of the language.
#[must_use]
pub fn instead(name: &str) -> Option<Instead> {
    let capital = is_capitalised(name);
    let name = folded(name);
    let is_it = |names: &[&str]| names.iter().any(|other| folded(other) == name);
    if let Some((_, instead)) = NAMES.iter().find(|(names, _)| is_it(names)) {
        return Some(*instead);
    }
    // a capital begins a type: `Norm()` is more likely a layer of the user's than the function
    // `norm`
    let may_mean = |sort: Sort, usage: &str| {
        !capital || sort != Sort::Function || LAYERS_ELSEWHERE.contains(&own(usage))
    };
    let usages = check::usages();
    let mut alike: Vec<_> = usages
        .into_iter()
        .filter(|(sort, usage)| may_mean(*sort, usage) && folded(own(usage)) == name)
        .collect();
    // `tanh` is the function, `TanH` the activation
    alike.sort_by_key(|(sort, _)| (*sort == Sort::Activation) != capital);
    let (sort, usage) = alike.first()?;
    Some(match sort {
        Sort::Layer => Layer(usage),
        Sort::Activation => Activation(usage),
        Sort::Function => Function(usage),
        Sort::Loss => Loss(usage),
    })
}

/// Returns the name of a usage, without its arguments.
fn own(usage: &str) -> &str {
    usage.split('(').next().unwrap_or_default()
}

/// Returns the advice, in words, for a name after `>>` with `arguments`.
#[must_use]
pub fn advice_after_chain(name: &str, arguments: &[Argument]) -> Option<String> {
    Some(match instead(name)? {
        Layer(usage) => format!("write `{}`", layer(usage, arguments)),
        Activation(activation) if !arguments.is_empty() => {
            format!("write `{activation}`, which takes no arguments")
        }
        Activation(activation) => format!("write `{activation}`"),
        _ => return advice(name),
    })
}

/// Returns the advice, in words, for a name.
#[must_use]
pub fn advice(name: &str) -> Option<String> {
    Some(match instead(name)? {
        Layer(usage) => format!("write `x >> {}`", layer(usage, &[])),
        Activation(activation) => format!("write `x >> {activation}`, or `{activation}(x)`"),
        Function(call) => format!("write `{}`", called(call)),
        Loss(loss) => {
            format!("write `loss {loss}` after the body's braces, or `{loss}(y, target)`")
        }
        Say(words) => words.to_owned(),
    })
}

/// Names of the number of outputs in other libraries.
const SIZES: &[&str] =
    &["out_features", "out_channels", "filters", "units", "features", "d_output", "out_dim"];

/// Returns the usage of a layer with the size that another library's layer was given: the last of
/// its arguments, as the number of inputs may come before that of outputs.
#[must_use]
pub fn layer(usage: &str, arguments: &[Argument]) -> String {
    let (name, rest) = usage.split_once('(').unwrap_or((usage, ")"));
    let own: Vec<&str> = rest.trim_end_matches(')').split(", ").collect();
    let own: Vec<&str> = own.into_iter().filter(|one| !one.contains('=')).collect();
    let is_size = |name: &str| own.contains(&name) || SIZES.contains(&name);
    let mut given = arguments.iter().filter_map(|argument| match argument {
        Argument::Positional(value) => Some(value),
        Argument::Option { name, value } => is_size(&name.to_string()).then_some(value),
    });
    match given.next_back() {
        Some(last) if own.len() == 1 && !own[0].is_empty() => format!("{name}({last})"),
        _ => format!("{name}({})", own.join(", ")),
    }
}

/// Returns the usage of a function as a call, with `(x)` if it is only a name.
#[must_use]
pub fn called(usage: &str) -> String {
    if usage.contains('(') { usage.to_owned() } else { format!("{usage}(x)") }
}

/// Returns the advice for an option of another library.
#[must_use]
pub fn option(name: &str) -> Option<&'static str> {
    OPTIONS.iter().find(|(names, _)| names.contains(&name)).map(|(_, advice)| *advice)
}

/// Returns the name of the positional argument at `position` of the usage.
#[must_use]
pub fn argument(usage: &str, position: usize) -> Option<&str> {
    let (_, rest) = usage.split_once('(')?;
    let mut own = rest.trim_end_matches(')').split(", ").filter(|one| !one.contains('='));
    own.nth(position)
}

/// Returns true if the option `name` is the positional argument at `position` of the usage, by its
/// own name or that of another library.
#[must_use]
pub fn is_argument(usage: &str, position: usize, name: &str) -> bool {
    let own = argument(usage, position);
    own.is_some_and(|own| own == name || own_option(name) == Some(own))
}

/// Returns the language's name of an option of another library.
#[must_use]
pub fn own_option(name: &str) -> Option<&'static str> {
    if SIZES.contains(&name) {
        return Some("out");
    }
    OWN_OPTIONS.iter().find(|(names, _)| names.contains(&name)).map(|(_, own)| *own)
}

/// Returns the language's initial value for a name in another library.
#[must_use]
pub fn initial_value(name: &str) -> Option<&'static str> {
    let name = folded(name);
    let is_it = |(names, _): &&(&[&str], &str)| names.iter().any(|other| folded(other) == name);
    INITIAL_VALUES.iter().find(is_it).map(|(_, instead)| *instead)
}

/// Returns true for a module in which other libraries have layers and functions.
#[must_use]
pub fn is_module(name: &str) -> bool {
    [
        "nn",
        "F",
        "torch",
        "tf",
        "keras",
        "layers",
        "np",
        "jnp",
        "jax",
        "flax",
        "linen",
        "optax",
        "math",
        "functional",
    ]
    .contains(&name)
}
