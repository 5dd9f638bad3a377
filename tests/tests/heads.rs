//! Losses of many classes, which are computed together with the product of their logits: against PyTorch
//! (`vectors/heads.py`), finite differences, and the same networks with logits in memory.

use monograd::__private::Slot;
use monograd::prelude::*;
use monograd::source::Feed;
use monograd_tests::batch::{Batch, Fed};
use monograd_tests::{
    differences::check, differences::check_at, expected::compare, same::assert_same,
};
use rayon::ThreadPoolBuilder;

/// The networks of `vectors/heads.py`.
mod pytorch {
    use super::*;

    network! {
        pub Classifier(x: [3]) -> [1031] { x >> Linear(4) >> Gelu >> Linear(1031) }
        loss cross_entropy(ignore_index = 5, label_smoothing = 0.1)

        pub Tied(tokens: u32[3]) -> [3, 1031] {
            let table = param([1031, 4], init = normal(1.0));
            matmul(gather(table, tokens) >> Linear(4), transpose(table))
        }
        loss cross_entropy

        pub Biased(tokens: u32[3]) -> [3, 1031] {
            let table = param([1031, 4], init = normal(1.0));
            let bias = param([1031], init = zeros);
            linear(gather(table, tokens) >> Linear(4), table, bias)
        }
        loss cross_entropy(label_smoothing = 0.2)
    }
}

/// Heads, each beside one whose logits are read once more, and so are stored.
mod pairs {
    use super::*;

    network! {
        pub Plain(x: [3]) -> [1100] { x >> Linear(5) >> Linear(1100) }
        loss cross_entropy
        metric accuracy

        pub PlainStored(x: [3]) -> [1100] { x >> Linear(5) >> Linear(1100) }
        loss |y, target: u32| cross_entropy(y, target) + 1e-30 * mean(square(y))
        metric accuracy

        pub Tied(x: [dyn T, 3], w: [3]) -> [T, 1100] {
            let table = param([1100, 5], init = normal(1.0));
            let h = x * w >> Linear(5);
            matmul(h, transpose(table)) + param([1100], init = normal(1.0))
        }
        loss cross_entropy(ignore_index = 7, label_smoothing = 0.3)
        metric accuracy

        pub TiedStored(x: [dyn T, 3], w: [3]) -> [T, 1100] {
            let table = param([1100, 5], init = normal(1.0));
            let h = x * w >> Linear(5);
            matmul(h, transpose(table)) + param([1100], init = normal(1.0))
        }
        loss |y, target: u32[dyn T]| {
            cross_entropy(y, target, ignore_index = 7, label_smoothing = 0.3) + 1e-30 * mean(square(y))
        }
        metric accuracy

        /// Every sample counts as much as the caller says.
        pub Weighted(x: [2, 3]) -> [2, 1100] { x >> Linear(5) >> Linear(1100, bias = false) }
        loss |y, target: u32[2], weight: []| square(weight) * cross_entropy(y, target)

        pub WeightedStored(x: [2, 3]) -> [2, 1100] { x >> Linear(5) >> Linear(1100, bias = false) }
        loss |y, target: u32[2], weight: []| {
            square(weight) * cross_entropy(y, target) + 1e-30 * mean(square(y))
        }

        /// The gradient of the loss depends on it.
        pub Focal(x: [3]) -> [1100] { x >> Linear(5) >> Linear(1100) }
        loss |y, target: u32| {
            let l = cross_entropy(y, target);
            square(1.0 - exp(-l)) * l
        }

        pub FocalStored(x: [3]) -> [1100] { x >> Linear(5) >> Linear(1100) }
        loss |y, target: u32| {
            let l = cross_entropy(y, target);
            square(1.0 - exp(-l)) * l + 1e-30 * mean(square(y))
        }

        /// Two heads of one trunk, one of which only teaches the trunk.
        pub Two(x: [3]) -> ([1100], [2000]) {
            let h = x >> Linear(5) >> Tanh;
            #[frozen]
            let second = Linear(2000);
            (h >> Linear(1100), h >> second)
        }
        loss |y, z, one: u32, two: u32| cross_entropy(y, one) + 0.5 * cross_entropy(z, two)

        pub TwoStored(x: [3]) -> ([1100], [2000]) {
            let h = x >> Linear(5) >> Tanh;
            #[frozen]
            let second = Linear(2000);
            (h >> Linear(1100), h >> second)
        }
        loss |y, z, one: u32, two: u32| {
            cross_entropy(y, one) + 0.5 * cross_entropy(z, two) + 1e-30 * (mean(square(y)) + mean(square(z)))
        }
    }
}

#[test]
fn agrees_with_pytorch() {
    compare::<pytorch::Classifier>("heads/classifier", pytorch::Classifier::init(1));
    compare::<pytorch::Tied>("heads/tied", pytorch::Tied::init(1));
    compare::<pytorch::Biased>("heads/biased", pytorch::Biased::init(1));
}

macro_rules! same {
    ($one:ident, $other:ident, $samples:expr, $lengths:expr) => {{
        let one: pairs::$one<f64> = pairs::$one::init(1).cast();
        let mut other: pairs::$other<f64> = pairs::$other::init(2).cast();
        assert_same::<pairs::$one<f64>, pairs::$other<f64>>(&one, &mut other, $samples, $lengths);
    }};
}

#[test]
fn equals_the_loss_of_stored_logits() {
    for samples in [1, 2, 7, 300] {
        same!(Plain, PlainStored, samples, &[]);
        same!(Tied, TiedStored, samples, &[5]);
        same!(Weighted, WeightedStored, samples, &[]);
        same!(Focal, FocalStored, samples, &[]);
        same!(Two, TwoStored, samples, &[]);
    }
}

#[test]
fn gradients_are_slopes() {
    // the others are the same kernels, and equal those of stored logits
    check_at::<pairs::Tied<f64>>("tied", pairs::Tied::init(3).cast(), [&[3], &[5], &[1]]);
    check::<pairs::Weighted<f64>>("weighted", pairs::Weighted::init(3).cast());
    check::<pairs::Focal<f64>>("focal", pairs::Focal::init(3).cast());
}

fn measured<N>(net: &N, lengths: &[usize]) -> Vec<f64>
where
    N: Trainable<Scalar = f64>,
    for<'a> Fed<'a, f64>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    let x = Batch::random_at(N::INPUTS, 70, lengths, 1);
    let t = Batch::random_at(N::TARGETS, 70, lengths, 2);
    let measures = net.measure(x.feed(), t.feed()).unwrap();
    std::iter::once(measures.loss).chain(measures.iter().map(|(_, value)| value)).collect()
}

#[test]
fn measures_the_same_accuracy() {
    let plain = measured::<pairs::Plain<f64>>(&pairs::Plain::init(4).cast(), &[]);
    assert_eq!(
        plain[1..],
        measured::<pairs::PlainStored<f64>>(&pairs::PlainStored::init(4).cast(), &[])[1..]
    );
    let tied = measured::<pairs::Tied<f64>>(&pairs::Tied::init(4).cast(), &[6]);
    assert_eq!(
        tied[1..],
        measured::<pairs::TiedStored<f64>>(&pairs::TiedStored::init(4).cast(), &[6])[1..]
    );
}

#[test]
fn two_threads_give_the_same_bits_each_time() {
    let net = pairs::Plain::init(5);
    let x = Batch::<f32>::random(pairs::Plain::<f32>::INPUTS, 300, 1);
    let t = Batch::<f32>::random(pairs::Plain::<f32>::TARGETS, 300, 2);
    let run = || {
        let (loss, gradients) = net.gradients(x.feed(), t.feed()).unwrap();
        let gradients = gradients.iter().flat_map(|gradient| gradient.as_slice().to_vec());
        std::iter::once(loss).chain(gradients).map(f32::to_bits).collect::<Vec<u32>>()
    };
    let two = ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let first = two.install(run);
    for _ in 0..5 {
        assert!(two.install(run) == first);
    }
}

mod large {
    use super::*;

    network! {
        pub Head(x: [768]) -> [50257] {
            let shift = param([768], init = zeros);
            (x + shift) >> Linear(50257)
        }
        loss cross_entropy
        metric accuracy
    }
}

#[test]
fn the_logits_of_a_large_vocabulary_are_never_whole() {
    let mib = |slots: &[Slot]| {
        let scalars: usize = slots.iter().map(|slot| slot.len(512)).sum();
        (scalars * size_of::<f32>()) >> 20
    };
    // the logits alone are 98 MiB
    assert!(mib(large::Head::<f32>::TRAIN_SLOTS) < 16);
    assert!(mib(large::Head::<f32>::EVALUATE_SLOTS) < 16);
    assert!(mib(large::Head::<f32>::MEASURE_SLOTS) < 16);
}

#[test]
fn the_summary_tells() {
    let summary = pairs::Tied::summary().to_string();
    let line = "loss        fused with the product by table: its logits are never stored";
    assert!(summary.contains(line), "{summary}");
    assert!(!pairs::TiedStored::summary().to_string().contains("fused"));
}
