//! Tests the table of a network's layers: it shows the values of sizes and the names of activations of
//! the given instance.

use monograd::prelude::*;

const DEEP: usize = 12;

/// An activation with its own name.
#[derive(Clone, Copy, Default)]
struct Wave;
impl Activation for Wave {
    fn forward<N: Number>(x: N) -> N {
        x.sin()
    }
    fn name() -> &'static str {
        "Sine"
    }
}

network! {
    /// A network with every kind of label.
    Mixed<A: Activation = Gelu, const H: usize = 8>(x: [6]) -> [3] {
        let h = x >> Linear(4 * H, bias = false) >> A;
        let h = h >> Linear(4 * H / 2) >> Wave >> Dropout(0.5);
        Tanh(h >> Linear(DEEP)) >> Linear(3)
    }
    loss cross_entropy
}

fn labels(summary: &monograd::Summary) -> Vec<String> {
    summary.rows.iter().map(|row| row.layer.iter().map(ToString::to_string).collect()).collect()
}

#[test]
fn labels_hold_values_and_names() {
    let shared = ["Dropout(0.5)", "Linear(12)", "Tanh", "Linear(3)"];
    let expected = [["Linear(32, bias = false)", "Gelu", "Linear(16)", "Sine"], shared].concat();
    assert_eq!(labels(&Mixed::<Gelu, 8>::summary()), expected);
    let expected = [["Linear(20, bias = false)", "Relu", "Linear(10)", "Sine"], shared].concat();
    assert_eq!(labels(&Mixed::<Relu, 5>::summary()), expected);
}

#[test]
fn the_table_shows_them() {
    let table = Mixed::<Silu, 8>::summary().to_string();
    for part in ["Linear(32, bias = false)", "Silu", "Sine", "[12]", "Linear(12)"] {
        assert!(table.contains(part), "no {part} in\n{table}");
    }
    assert!(!table.contains(" A ") && !table.contains("H") && !table.contains("DEEP"), "{table}");
}
