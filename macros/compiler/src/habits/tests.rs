//! Checks that the tables name only what the language has, and have no entries for the language's
//! own names.

use super::names::{INITIAL_VALUES, Instead, NAMES};
use super::operators::OPERATORS;
use super::{folded, methods, names, words};
use crate::check::{self, Sort};

fn own(usage: &str) -> &str {
    usage.split('(').next().unwrap_or_default()
}

fn is_known(sort: Sort, name: &str) -> bool {
    check::usages().iter().any(|(other, usage)| *other == sort && own(usage) == name)
}

/// Asserts that every function or layer called in the advice is one of the language's.
fn calls_what_exists(advice: &str) {
    for code in advice.split('`').skip(1).step_by(2) {
        for (before, _) in code.match_indices('(').map(|(at, _)| code.split_at(at)) {
            let name: Vec<char> =
                before.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let name: String = name.into_iter().rev().collect();
            let known = name.is_empty()
                || check::names().contains(&&*name)
                || ["Net", "Block", "for", "in", "N"].contains(&&*name);
            assert!(known, "`{name}` in `{advice}`");
        }
    }
}

#[test]
fn names_lead_to_the_language() {
    for (names, instead) in NAMES {
        match instead {
            Instead::Layer(usage) => assert!(is_known(Sort::Layer, own(usage)), "{usage}"),
            Instead::Activation(name) => assert!(is_known(Sort::Activation, name), "{name}"),
            Instead::Function(usage) => assert!(is_known(Sort::Function, own(usage)), "{usage}"),
            Instead::Loss(name) => assert!(is_known(Sort::Loss, name), "{name}"),
            Instead::Say(words) => calls_what_exists(words),
        }
        for name in *names {
            let taken =
                check::usages().into_iter().find(|(_, usage)| folded(own(usage)) == folded(name));
            assert!(taken.is_none(), "`{name}` is one of the language's: {taken:?}");
        }
    }
}

#[test]
fn initial_values_exist() {
    for (_, instead) in INITIAL_VALUES {
        assert!(check::names().contains(&own(instead)), "{instead}");
    }
}

#[test]
fn no_name_stands_twice() {
    let mut all: Vec<String> =
        NAMES.iter().flat_map(|(names, _)| names.iter().map(|name| folded(name))).collect();
    all.sort();
    let twice = all.windows(2).find(|pair| pair[0] == pair[1]);
    assert_eq!(twice, None);
}

#[test]
fn advice_calls_what_exists() {
    for (names, advice) in methods::METHODS {
        calls_what_exists(&advice.replace("{x}", "x"));
        assert!(names.iter().all(|name| !name.is_empty()));
    }
    OPERATORS.iter().for_each(|operator| calls_what_exists(&operator.message("x", "y")));
    words::VALUES.iter().for_each(|(.., advice)| calls_what_exists(advice));
    words::STATEMENTS.iter().for_each(|(_, advice)| calls_what_exists(advice));
}

#[test]
fn spellings_are_folded() {
    let advice = |name| names::advice(name).unwrap_or_default();
    assert_eq!(advice("ReLU"), "write `x >> Relu`, or `Relu(x)`");
    assert_eq!(advice("leaky_relu"), "write `x >> LeakyRelu`, or `LeakyRelu(x)`");
    assert_eq!(advice("tanh"), "write `tanh(x)`");
    assert_eq!(advice("TanH"), "write `x >> Tanh`, or `Tanh(x)`");
    assert_eq!(advice("Softmax"), "write `softmax(x, axis = -1)`");
    assert_eq!(advice("wobble"), "");
}

#[test]
fn methods_keep_their_options() {
    assert_eq!(methods::advice("x", "mean", &[]), "values have no `.mean`: write `mean(x)`");
    assert_eq!(methods::advice("h", "tanh", &[]), "values have no `.tanh`: write `tanh(h)`");
    assert_eq!(methods::advice("h", "relu", &[]), "values have no `.relu`: write `h >> Relu`");
}
