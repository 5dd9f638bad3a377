//! Networks inside networks.

use super::{sound, wrong};
use crate::program::{Label, Program, Row};

fn parameters(program: &Program) -> Vec<&str> {
    program.parameters.iter().map(|parameter| parameter.name.as_str()).collect()
}

/// Returns a layer's label in the summary, with sizes and activations as written.
fn label(row: &Row) -> String {
    let text = |label: &Label| match label {
        Label::Text(text) => text.clone(),
        Label::Size(size) => size.to_string(),
        Label::Activation(activation) => activation.text.to_string(),
    };
    row.layer.iter().map(text).collect()
}

#[test]
fn puts_a_network_in() {
    let program = sound(
        "Net<A: Activation, const D: usize>(x: [D]) -> [2] {
            let encoder = Block::<A, { 2 * D }, D>;
            let h = x >> encoder >> encoder;
            h >> Block::<Gelu, 4, D> >> Linear(2)
        }
        Block<A: Activation, const H: usize, const D: usize>(x: [D]) -> [D] {
            let fc = Linear(H);
            x + (x >> fc >> A >> Linear(D))
        }
        loss mse",
    );
    assert_eq!(
        parameters(&program),
        [
            "encoder.fc.weight",
            "encoder.fc.bias",
            "encoder.linear0.weight",
            "encoder.linear0.bias",
            "block0.fc.weight",
            "block0.fc.bias",
            "block0.linear0.weight",
            "block0.linear0.bias",
            "linear0.weight",
            "linear0.bias"
        ]
    );
    assert_eq!(program.parameters[0].shape[0].to_string(), "2 * D");
    assert!(program.loss.is_none() && program.targets.is_empty());
    let rows: Vec<String> =
        program.rows.iter().map(|row| format!("{} {}", row.depth, label(row))).collect();
    assert_eq!(rows[..4], ["0 Block::<A, { 2 * D }, D>", "1 Linear(2 * D)", "1 A", "1 Linear(D)"]);
}

#[test]
fn takes_and_gives_several_values() {
    let program = sound(
        "Net(x: [4], y: [4]) -> ([3], [3]) {
            let (a, b) = (x, y) >> Split;
            let (c, _) = Split(b, a);
            (x, c) >> Split
        }
        Split(x: [4], y: [4]) -> ([4], [4]) { (x + y, x * y) }"
            .replace("([3], [3])", "([4], [4])")
            .as_str(),
    );
    assert_eq!(program.outputs.len(), 2);
    assert!(program.parameters.is_empty());
}

#[test]
fn defaults_fill_in() {
    let program = sound(
        "Net(x: [4]) -> [3] { x >> Head }
        Head<A: Activation = Gelu, B: Activation = A, const H: usize = 3>(x: [4]) -> [H] {
            x >> Linear(H) >> A >> B
        }",
    );
    assert_eq!(parameters(&program), ["head0.linear0.weight", "head0.linear0.bias"]);
    assert_eq!(program.outputs[0].0.shape[0].constant(), Some(3));
    assert_eq!(program.rows.iter().filter(|row| label(row) == "Gelu").count(), 2);
}

#[test]
fn names_and_freezes_as_a_whole() {
    let program = sound(
        "Net(x: [4]) -> [4] {
            #[name = \"model.encoder\"]
            #[frozen]
            let encoder = Two;
            x >> encoder >> Linear(4)
        }
        Two(x: [4]) -> [4] { #[name = \"fc\"] let first = Linear(4); x >> first >> One }
        One(x: [4]) -> [4] { x >> Linear(4, bias = false) }",
    );
    assert_eq!(
        parameters(&program)[..3],
        ["model.encoder.fc.weight", "model.encoder.fc.bias", "model.encoder.one0.linear0.weight"]
    );
    let frozen: Vec<bool> = program.parameters.iter().map(|parameter| parameter.frozen).collect();
    assert_eq!(frozen, [true, true, true, false, false]);
}

#[test]
fn says_what_does_not_fit() {
    let with = |body: &str| {
        wrong(&format!(
            "Net<A: Activation, const D: usize>(x: [4], y: [D]) -> [4] {{ {body} }}
            Block<A: Activation, const H: usize>(x: [H]) -> [H] {{ x >> Linear(H) >> A }}
            Merge(x: [4], y: [4]) -> [4] {{ x + y }}
            Two(x: [4]) -> ([4], [4]) {{ (x, x) }}
            Half<const H: usize>(x: [4]) -> [4] {{ x + (x >> Linear(H)) }}"
        ))
    };
    for (body, message) in [
        (
            "let h = x >> Linear(5); h >> Block::<A, 4>",
            "`Block::<A, 4>` takes x: [4], but `h` is [5] (from `Linear(5)` on line 1)",
        ),
        ("x >> Block", "`Block` needs its `A`: write `Block::<A, H>`"),
        ("x >> Block::<Relu>", "`Block` needs its `H`: write `Block::<A, H>`"),
        ("x >> Block::<4, 4>", "`A` is an activation, not `4`: `Block::<A, H>`"),
        (
            "x >> Block::<Relu, 4, 5>",
            "`Block` takes 2 parameters, but 3 are given: `Block::<A, H>`",
        ),
        ("x >> Block::<Relu, Gelu>", "no size `Gelu`"),
        ("x >> Merge", "`Merge` takes 2 inputs, but 1 is given: write `(x, y) >> Merge`"),
        (
            "x >> Merge(x)",
            "`Merge` is a network of this macro, which takes no parentheses: write `(a, b) >> Merge`",
        ),
        ("Merge(x, y, x)", "`Merge` takes 2 inputs, but 3 are given: write `(x, y) >> Merge`"),
        ("x >> Two", "`Two` gives 2 values: name them with `let (y0, y1) = ..`"),
        ("let (a, b, c) = x >> Two; a", "`(a, b, c)` is 3 names, but this is 2 values"),
        (
            "x >> Half::<5>",
            "in `Half::<5>`: `+` takes equal shapes, but `x` is [4] and `x >> Linear(H)` is [5]: 4 is not 5",
        ),
        ("x >> Mergee", "no layer `Mergee`; did you mean `Merge`?"),
        ("(x, x) >> Linear(4)", "`Linear(4)` takes one value, not 2"),
        ("let b = Block::<A, 4>; x", "network `b` is never applied"),
        ("x + Merge", "`Merge` is a network: apply it as `x >> Merge`"),
        ("x >> Block<A, 4>", "expected `::` before `<`: `Block::<..>`"),
        (
            "Merge(x, y = x)",
            "a network takes its inputs, and no option `y`; its parameters stand in `Merge::<..>`",
        ),
    ] {
        let problems = with(body);
        assert_eq!(problems, [message], "{body}");
    }
}

#[test]
fn what_is_bound_hides_a_network_of_its_name() {
    for source in [
        "h(x: [4]) -> [4] { let h = x >> Linear(4); h >> Linear(4) }",
        "x(x: [4]) -> [4] { x >> Linear(4) }",
        "H<const H: usize>(x: [4]) -> [4] { x >> Linear(H) >> Linear(4) }",
        "A<A: Activation>(x: [4]) -> [4] { x >> A }",
        "y(x: [4]) -> [4] { x >> Linear(4) } loss |y, t: [4]| mse(y, t)",
    ] {
        sound(source);
    }
    for source in [
        "h(x: [4]) -> [4] { let y = x >> h; let h = y; h }",
        "H<const H: usize>(x: [4]) -> [4] { x >> H::<2> }",
    ] {
        assert!(wrong(source)[0].contains("contains itself"), "{source}");
    }
}

#[test]
fn says_what_goes_round_in_circles() {
    assert_eq!(wrong("Net(x: [4]) -> [4] { x >> Net }"), ["`Net` contains itself"]);
    let circle =
        "Net(x: [4]) -> [4] { x >> B } B(x: [4]) -> [4] { x >> C } C(x: [4]) -> [4] { x >> Net }";
    assert_eq!(wrong(circle), ["`Net` contains itself (`Net` > `B` > `C` > `Net`)"]);
    let lead =
        "Net(x: [4]) -> [4] { x >> B } B(x: [4]) -> [4] { x >> C } C(x: [4]) -> [4] { x >> B }";
    assert_eq!(wrong(lead), [""; 0]);
    let deep: String =
        (0..50).map(|i| format!("N{i}(x: [4]) -> [4] {{ x >> N{} }} ", i + 1)).collect();
    assert_eq!(wrong(&format!("{deep} N50(x: [4]) -> [4] {{ x }}")), [""; 0]);
}

#[test]
fn reports_an_inner_error_where_it_is() {
    // the error is in `Inner`, and reported when that is checked
    let inner = "Net(x: [4]) -> [4] { x >> Inner } Inner(x: [4]) -> [4] { x >> Lienar(4) }";
    assert_eq!(wrong(inner), [""; 0]);
}

#[test]
fn names_of_the_user_are_not_captured() {
    let problems = wrong(
        "Net<Snake: Activation>(x: [4]) -> [4] { x >> Inner >> Snake }
        Inner(x: [4]) -> [4] { x >> Snake }",
    );
    assert_eq!(
        problems,
        ["in `Inner`: `Snake` is not this network's parameter `Snake`: rename the parameter"]
    );
}

#[test]
fn a_hidden_parameter_never_learns() {
    let problems = wrong(
        "Net(x: [4]) -> [4] { let (a, _) = x >> Two; a }
        Two(x: [4]) -> ([4], [4]) { (x >> Linear(4), x >> Linear(4)) }
        loss mse"
            .replace("loss mse", "")
            .as_str(),
    );
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("`two0.linear1.weight` would never learn"), "{problems:?}");
}

#[test]
fn every_iteration_has_a_network_of_its_own_unless_it_is_shared() {
    let program = sound(
        "Net<const N: usize>(x: [4]) -> [4] {
            let shared = Block;
            let mut h = x;
            for i in 0..N { h = h >> Block >> shared; }
            h
        }
        Block(x: [4]) -> [4] { x + (x >> Linear(4, bias = false)) }",
    );
    let iterations: Vec<(&str, String)> = program
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), format!("{:?}", p.iterations)))
        .collect();
    assert_eq!(
        iterations,
        [
            ("layers0.{i}.block0.linear0.weight", "[N]".to_owned()),
            ("shared.linear0.weight", "[]".to_owned())
        ]
    );
    let problems = wrong(
        "Net(x: [4]) -> [4] {
            let stack = Stack;
            let mut h = x;
            for _ in 0..2 { h = h >> stack; }
            h
        }
        Stack(x: [4]) -> [4] { let mut h = x; for _ in 0..3 { h = h >> Linear(4); } h }",
    );
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].starts_with("in `Stack`: a network with a loop of its own"));
}

#[test]
fn a_network_named_as_its_loss_contains_itself() {
    let problems = wrong("mse(x: [4]) -> [4] { x >> Linear(4) } loss mse");
    assert!(problems.iter().any(|problem| problem.contains("contains itself")), "{problems:?}");
}
