use super::*;
use crate::ast::{Generic, Loss};

fn parsed(source: &str) -> (File, Vec<String>) {
    let mut report = Report::default();
    let file = parse(source.parse().unwrap(), &mut report);
    (file, report.problems().iter().map(|problem| problem.message.clone()).collect())
}

/// Parses the expression as a network's result and prints it again.
fn understood(expression: &str) -> String {
    let (file, problems) = parsed(&format!("Net(x: [4]) -> [4] {{ {expression} }}"));
    assert!(problems.is_empty(), "{problems:?}");
    file.networks[0].body.result.as_ref().unwrap().to_string()
}

#[test]
fn binds_as_rust_does() {
    assert_eq!(understood("x + y * z"), "x + y * z");
    assert_eq!(understood("(x + y) * z"), "(x + y) * z");
    assert_eq!(understood("x - (y - z)"), "x - (y - z)");
    assert_eq!(understood("(x - y) - z"), "x - y - z");
    assert_eq!(understood("x >> Linear(3) + y"), "x >> Linear(3) + y");
    assert_eq!(understood("(x >> A) + y"), "(x >> A) + y");
    assert_eq!(understood("-x[1..][..2, 0] * -y"), "-x[1..][..2, 0] * -y");
}

#[test]
fn reads_headers() {
    let source = "crate = my::nets;
        /// Doc.
        pub Net<A: Activation = Gelu, const H: usize = { 2 * 4 }>(x: [4], t: u32[2]) -> ([H], [1]) { (x, x) }
        loss |y, z, target: u32| y
        Other(x: [1]) -> [1] { x } loss mse";
    let (file, problems) = parsed(source);
    assert!(problems.is_empty(), "{problems:?}");
    assert!(file.runtime.is_some());
    let [net, other] = &file.networks[..] else { panic!("two networks") };
    assert!(matches!(&net.generics[..], [Generic::Activation { .. }, Generic::Size { .. }]));
    assert_eq!((net.inputs.len(), net.outputs.len()), (2, 2));
    assert!(matches!(&net.loss, Some(Loss::Custom { inputs, .. }) if inputs.len() == 3));
    assert!(matches!(&other.loss, Some(Loss::Named { name, .. }) if *name == "mse"));
}

#[test]
fn goes_on_after_an_error() {
    let (file, problems) = parsed(
        "First(x: [4]) -> [4] { let = 1; let h = x >>; x.tanh() }
         Second(x: f64[4]) -> [4] { x }
         Third(x: [4]) -> [4] { x }",
    );
    assert_eq!(problems.len(), 4, "{problems:?}");
    let complete: Vec<bool> = file.networks.iter().map(|network| network.complete).collect();
    assert_eq!(complete, [false, false, true]);
}

#[test]
fn keeps_a_parameter_with_a_wrong_bound() {
    let (file, problems) = parsed("Net<A: Clone, const H: u8>(x: [4]) -> [4] { x }");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(file.networks[0].generics.len(), 2);
    assert!(!file.networks[0].complete);
}
