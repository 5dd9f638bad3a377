//! Networks inside networks: checks gradients against finite differences, and values against the same
//! network written without inner networks.

use monograd::prelude::*;
use monograd_tests::differences::check;

network! {
    Block<A: Activation = Gelu, const D: usize = 7, const H: usize = { 2 * 5 }>(x: [D]) -> [D] {
        let fc = Linear(H);
        let proj = Linear(D);
        x + (x >> fc >> A >> proj)
    }
    loss mse

    Deep<A: Activation, const D: usize>(x: [3, D]) -> [5] {
        let shared = Block::<A, D, { D + 2 }>;
        let h = x[0] >> shared >> Block::<Tanh, D> >> shared;
        let k = (x[1] >> shared, x[2]) >> Merge::<D>;
        #[frozen]
        let fixed = Block::<Own, D, 3>;
        h * k >> fixed >> Linear(5)
    }
    loss mse

    Merge<const D: usize>(x: [D], y: [D]) -> [D] {
        let (a, b) = x >> Two::<D>;
        a * tanh(y) + b
    }

    Two<const D: usize>(x: [D]) -> ([D], [D]) { (x >> Linear(D), x >> Linear(D) >> Silu) }

    /// Only the first output of two is used.
    Part(x: [7]) -> [3] {
        let (value, _) = Heads(x >> Block);
        value
    }
    loss mse

    Heads(x: [7]) -> ([3], [7]) {
        (x >> Linear(3), exp(x))
    }
}

/// A user-defined name of an activation, from outside the macro.
type Own = Softplus;

#[test]
fn has_right_gradients() {
    check::<Block<Gelu, 7, 10, f64>>("Block", Block::<Gelu, 7, 10>::init(1).cast());
    check::<Deep<Silu, 9, f64>>("Deep", Deep::<Silu, 9>::init(1).cast());
    check::<Deep<Sigmoid, 3, f64>>("Deep, other choices", Deep::<Sigmoid, 3>::init(1).cast());
    check::<Part<f64>>("Part", Part::init(1).cast());
}

/// `Deep` without inner networks.
mod flat {
    use monograd::prelude::*;

    network! {
        pub Deep<A: Activation, const D: usize>(x: [3, D]) -> [5] {
            #[name = "shared.fc"] let fc = Linear(D + 2);
            #[name = "shared.proj"] let proj = Linear(D);
            let a = x[0] + (x[0] >> fc >> A >> proj);
            #[name = "block0.fc"] let fc1 = Linear(10);
            #[name = "block0.proj"] let proj1 = Linear(D);
            let b = a + (a >> fc1 >> Tanh >> proj1);
            let h = b + (b >> fc >> A >> proj);
            let c = x[1] + (x[1] >> fc >> A >> proj);
            #[name = "merge0.two0.linear0"] let left = Linear(D);
            #[name = "merge0.two0.linear1"] let right = Linear(D);
            let k = (c >> left) * tanh(x[2]) + (c >> right >> Silu);
            #[frozen] #[name = "fixed.fc"] let fc2 = Linear(3);
            #[frozen] #[name = "fixed.proj"] let proj2 = Linear(D);
            let m = h * k;
            m + (m >> fc2 >> Softplus >> proj2) >> Linear(5)
        }
        loss mse
    }
}

#[test]
fn is_the_same_written_out() -> Result<(), Error> {
    let nested = Deep::<Gelu, 9>::init(3);
    let flat = flat::Deep::<Gelu, 9>::init(3);
    let (x, y): (Vec<f32>, Vec<f32>) = (
        (0..27 * 4).map(|i| (i as f32 * 0.37).sin()).collect(),
        (0..5 * 4).map(|i| (i as f32 * 0.73).cos()).collect(),
    );
    assert_eq!(nested.forward(&x)?, flat.forward(&x)?);
    let (loss, gradients) = nested.gradients(&x, &y)?;
    let (expected_loss, expected) = flat.gradients(&x, &y)?;
    assert_eq!(loss, expected_loss);
    let names = |gradients: &monograd::Gradients<f32>| -> Vec<String> {
        gradients.iter().map(|gradient| gradient.name().to_string()).collect()
    };
    assert_eq!(names(&gradients), names(&expected));
    for (gradient, expected) in gradients.iter().zip(expected.iter()) {
        assert_eq!(gradient.as_slice(), expected.as_slice(), "{}", expected.name());
    }
    assert_eq!(Deep::<Gelu, 9>::FLOPS, flat::Deep::<Gelu, 9>::FLOPS);
    Ok(())
}

#[test]
fn the_summary_nests() {
    let summary = Deep::<Gelu, 9>::summary().to_string();
    let names: Vec<&str> =
        summary.lines().skip(4).take_while(|line| !line.starts_with('-')).collect();
    let begins = |line: &str, text: &str| line.starts_with(text);
    assert!(begins(names[1], "shared"), "{summary}");
    assert!(begins(names[2], "  fc "), "{summary}");
    assert!(names.iter().any(|line| begins(line, "    linear1")), "{summary}");
}
