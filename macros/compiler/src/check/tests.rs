use super::*;

fn checked(source: &str) -> (Option<Program>, Vec<String>) {
    let mut report = Report::default();
    let file = crate::parse::parse(source.parse().unwrap(), &mut report);
    let networks = Networks::new(&file.networks);
    let program = check_among(&file.networks[0], &networks, &mut report);
    (program, report.problems().iter().map(|problem| problem.message.clone()).collect())
}

fn sound(source: &str) -> Program {
    let (program, problems) = checked(source);
    assert!(problems.is_empty(), "{problems:?}");
    program.unwrap()
}

fn wrong(source: &str) -> Vec<String> {
    let (program, problems) = checked(source);
    assert!(program.is_none());
    problems
}

#[test]
fn finds_shapes_and_parameters() {
    let program = sound(
        "Net<const H: usize>(x: [2, H]) -> [3] {
            let a = x[0] >> Linear(2 * H);
            a[0..H] + a[H..] >> Linear(3, bias = false)
        }",
    );
    let parameters: Vec<String> = program
        .parameters
        .iter()
        .map(|parameter| format!("{} {}", parameter.name, ShapeText(&parameter.shape)))
        .collect();
    assert_eq!(
        parameters,
        ["linear0.weight [2 * H, H]", "linear0.bias [2 * H]", "linear1.weight [3, H]"]
    );
    // the requirement that H is not 0 is recorded once
    let [(size, _)] = &program.named_sizes[..] else { panic!("one named size") };
    assert_eq!(size.to_string(), "H");
    assert!(program.requirements.is_empty());
}

#[test]
fn shares_the_parameters_of_a_layer() {
    let program =
        sound("Net(a: [4], b: [4]) -> [3] { let fc = Linear(3); (a >> fc) + (b >> fc) } loss mse");
    assert_eq!(program.parameters.len(), 2);
    assert_eq!(program.targets.len(), 1);
    assert!(program.loss.is_some());
}

#[test]
fn leaves_to_the_types_what_only_they_know() {
    let program = sound("Net<const H: usize>(x: [4], y: [H]) -> [4] { x + y }");
    let [(size, _)] = &program.named_sizes[..] else { panic!("one named size") };
    assert_eq!(*size, Size::symbol("H"));
    let [requirement] = &program.requirements[..] else { panic!("one requirement") };
    assert_eq!(
        (requirement.left.to_string(), requirement.right.to_string()),
        ("4".into(), "H".into())
    );
    assert!(requirement.message.contains("`x` is [4] and `y` is [H]"), "{}", requirement.message);
}

#[test]
fn reports_every_error_once() {
    let problems = wrong(
        "Net(x: [4]) -> [4] {
            let a = x >> Lienar(4);
            let b = a + a;
            let c = tahn(x) + y;
            let d = x >> Linear(8);
            b + c + (x + d)
        }",
    );
    assert_eq!(problems.len(), 4, "{problems:#?}");
    assert!(problems[0].contains("did you mean `Linear`?"));
    assert!(problems[1].contains("did you mean `tanh`?"));
    assert!(problems[2].contains("no value `y`"));
    assert!(problems[3].contains("`d` is [8] (from `Linear(8)` on line 5)"));
}

#[test]
fn wants_every_parameter_to_learn() {
    let source = |attribute: &str| {
        format!(
            "Net(x: [4]) -> ([4], [2]) {{
                {attribute}
                let a = x >> Linear(2);
                (x >> Linear(4), a)
            }}
            loss |y, z, target: [4]| mse(y, target)"
        )
    };
    let problems = wrong(&source(""));
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("the loss does not depend on it"), "{problems:?}");
    assert_eq!(sound(&source("#[frozen]")).parameters.len(), 4);
}

#[test]
fn names_the_parts_of_a_tuple() {
    sound("Net(x: [4]) -> [4] { let (a, b) = (x[..2], exp(x[2..])); concat(b, a) }");
    let problems = wrong("Net(x: [4]) -> [4] { let (a, b) = exp(x); a + b }");
    assert_eq!(problems, ["`(a, b)` is 2 names, but this is 1 value"]);
    let problems = wrong("Net(x: [4]) -> [4] { let () = x; let (a b) = x; x }");
    assert_eq!(problems.len(), 2, "{problems:?}");
}

mod constants;
mod inside;
mod losses;
mod nested;
mod norms;
mod parameters;
