//! Facts that the compiler and the runtime both know: limits, the list of activations.

use monograd_compiler::check::{self, Sort};
use monograd_compiler::parse;
use monograd_compiler::report::Report;
use std::path::Path;

fn runtime(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the value of `pub const NAME: usize = value;` in a file of the runtime.
fn constant(path: &str, name: &str) -> usize {
    let (text, start) = (runtime(path), format!("pub const {name}: usize = "));
    let value = text.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix(';'));
    value.unwrap_or_else(|| panic!("no `{name}` in {path}")).parse().expect("a number")
}

#[test]
fn limits() {
    assert_eq!(check::MOST_PORTS, constant("source/views.rs", "MAX_PORTS"));
    assert_eq!(check::MOST_LENGTHS, constant("source/extent.rs", "MAX_LENGTHS"));
}

#[test]
fn activations() {
    let text = runtime("activation.rs");
    let exported = text.lines().filter_map(|line| line.strip_prefix("pub use "));
    let exported = exported.filter_map(|line| Some(line.split_once("::")?.1));
    let mut exported: Vec<&str> =
        exported.flat_map(|names| names.trim_matches(['{', '}', ';']).split(", ")).collect();
    let mut known: Vec<&str> = check::usages()
        .into_iter()
        .filter(|(sort, _)| *sort == Sort::Activation)
        .map(|(_, name)| name)
        .collect();
    exported.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, exported);
}

#[test]
fn every_loss_takes_its_kind_of_target() {
    let mut losses = check::usages();
    losses.retain(|(sort, _)| *sort == Sort::Loss);
    assert!(!losses.is_empty());
    for (_, loss) in losses {
        let source = format!("Net(x: [4]) -> [4] {{ x >> Linear(4) }} loss {loss}");
        let mut report = Report::default();
        let file = parse::parse(source.parse().expect("tokens"), &mut report);
        let program = check::check(&file.networks[0], &mut report).expect(loss);
        assert_eq!(program.targets[0].element, check::target_element(loss), "{loss}");
    }
}
