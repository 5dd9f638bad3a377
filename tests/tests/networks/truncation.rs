//! Truncated recurrences compute the same as a network in which every group of iterations is a loop of
//! its own and the gradient is stopped by hand between them, in less memory.

use monograd::prelude::*;
use monograd::source::Feed;
use monograd_tests::batch::{Batch, Fed};

/// Compares the loss and all gradients of a truncated network with those of one that is truncated by hand
/// and has the same parameters.
#[track_caller]
fn same<A, B>(what: &str, truncated: &A, lengths: &[usize], by_hand: &B)
where
    A: Trainable<Scalar = f64>,
    B: Trainable<Scalar = f64>,
    for<'a> Fed<'a, f64>: Feed<A::Inputs<'a>> + Feed<A::Targets<'a>>,
    for<'a> Fed<'a, f64>: Feed<B::Inputs<'a>> + Feed<B::Targets<'a>>,
{
    for samples in [1, 5] {
        let x = Batch::<f64>::random_at(A::INPUTS, samples, lengths, 1);
        let t = Batch::<f64>::random_at(A::TARGETS, samples, lengths, 2);
        let (loss, gradients) = truncated.gradients(x.feed(), t.feed()).unwrap();
        let x = Batch::<f64>::random(B::INPUTS, samples, 1);
        let t = Batch::<f64>::random(B::TARGETS, samples, 2);
        let (expected, others) = by_hand.gradients(x.feed(), t.feed()).unwrap();
        assert!((loss - expected).abs() < 1e-13 * (1.0 + expected.abs()), "{what}");
        assert_eq!(gradients.as_slice().len(), others.as_slice().len(), "{what}");
        for (a, b) in gradients.iter().zip(others.iter()) {
            let largest = b.as_slice().iter().fold(0.0_f64, |m, b| m.max(b.abs()));
            assert!(largest > 1e-6, "{what}: {} has no gradient", b.name());
            for (a_i, b_i) in a.as_slice().iter().zip(b.as_slice()) {
                let near = (a_i - b_i).abs() < 1e-12 * (1.0 + largest);
                assert!(near, "{what}, {} samples, {}: {a_i}, not {b_i}", samples, a.name());
            }
        }
    }
}

mod forwards {
    use super::*;

    network! {
        Cell(x: [3], h: [4]) -> [4] {
            let ih = Linear(4);
            let hh = Linear(4);
            tanh((x >> ih) + (h >> hh))
        }

        /// The initial state is a parameter, the sequence is computed, and each iteration reads a value from
        /// outside the loop.
        pub Truncated(x: [dyn T, 2]) -> [T, 4] {
            let cell = Cell;
            let scale = param([4], init = 0.7);
            let xs = tanh(x >> Linear(3));
            let about = tanh(mean(x, axis = 0) >> Linear(4));
            let mut h = param([4], init = 0.3);
            #[truncate(3)]
            for x_t in xs {
                h = (x_t, h) >> cell;
                h = h * scale + 0.1 * about;
                h * h
            }
        }
        loss mse

        pub ByHand(x: [7, 2]) -> [7, 4] {
            let cell = Cell;
            let scale = param([4], init = 0.7);
            let xs = tanh(x >> Linear(3));
            let about = tanh(mean(x, axis = 0) >> Linear(4));
            let mut h = param([4], init = 0.3);
            let first = for x_t in xs[0..3] {
                h = (x_t, h) >> cell;
                h = h * scale + 0.1 * about;
                h * h
            };
            h = stop_gradient(h);
            let second = for x_t in xs[3..6] {
                h = (x_t, h) >> cell;
                h = h * scale + 0.1 * about;
                h * h
            };
            h = stop_gradient(h);
            let third = for x_t in xs[6..7] {
                h = (x_t, h) >> cell;
                h = h * scale + 0.1 * about;
                h * h
            };
            concat(first, second, third)
        }
        loss mse
    }
}

mod backwards {
    use super::*;

    network! {
        pub Truncated(x: [dyn T, 3]) -> [T, 4] {
            let ih = Linear(4);
            let hh = Linear(4);
            let mut h = param([4], init = 0.3);
            #[truncate(3)]
            for x_t in rev(x) { h = tanh((x_t >> ih) + (h >> hh)); h }
        }
        loss mse

        pub ByHand(x: [7, 3]) -> [7, 4] {
            let ih = Linear(4);
            let hh = Linear(4);
            let mut h = param([4], init = 0.3);
            let first = for x_t in rev(x[4..7]) { h = tanh((x_t >> ih) + (h >> hh)); h };
            h = stop_gradient(h);
            let second = for x_t in rev(x[1..4]) { h = tanh((x_t >> ih) + (h >> hh)); h };
            h = stop_gradient(h);
            let third = for x_t in rev(x[0..1]) { h = tanh((x_t >> ih) + (h >> hh)); h };
            concat(third, second, first)
        }
        loss mse
    }
}

/// Layers within an iteration that have separate parameters, and a recurrence whose final state alone is
/// used.
mod deep {
    use super::*;

    network! {
        pub Truncated<const N: usize = 2>(x: [dyn T, 4]) -> [4] {
            let mut h = zeros([4]);
            let mut c = zeros([4]);
            #[checkpoint]
            #[truncate(N)]
            for x_t in x {
                let mut y = x_t + h;
                for _ in 0..2 { y = y + tanh(y >> Linear(4)); }
                c = 0.5 * c + y;
                h = tanh(c);
            }
            h + c
        }
        loss mse

        pub ByHand(x: [5, 4]) -> [4] {
            let one = Linear(4);
            let two = Linear(4);
            let mut h = zeros([4]);
            let mut c = zeros([4]);
            for x_t in x[0..2] {
                let y = x_t + h;
                let y = y + tanh(y >> one);
                let y = y + tanh(y >> two);
                c = 0.5 * c + y;
                h = tanh(c);
            }
            (h, c) = (stop_gradient(h), stop_gradient(c));
            for x_t in x[2..4] {
                let y = x_t + h;
                let y = y + tanh(y >> one);
                let y = y + tanh(y >> two);
                c = 0.5 * c + y;
                h = tanh(c);
            }
            (h, c) = (stop_gradient(h), stop_gradient(c));
            for x_t in x[4..5] {
                let y = x_t + h;
                let y = y + tanh(y >> one);
                let y = y + tanh(y >> two);
                c = 0.5 * c + y;
                h = tanh(c);
            }
            h + c
        }
        loss mse
    }
}

/// A truncated loop in every iteration of another loop.
mod nested {
    use super::*;

    network! {
        pub Truncated(x: [dyn T, 4]) -> [T, 4] {
            let hh = Linear(4);
            let mut xs = x;
            for _ in 0..2 {
                let mut h = zeros([4]);
                let ih = Linear(4);
                #[truncate(2)]
                let ys = for x_t in rev(xs) { h = tanh((x_t >> ih) + (h >> hh)); h };
                xs = ys;
            }
            xs
        }
        loss mse

        pub ByHand(x: [5, 4]) -> [5, 4] {
            let hh = Linear(4);
            let mut xs = x;
            for _ in 0..2 {
                let mut h = zeros([4]);
                let ih = Linear(4);
                let a = for x_t in rev(xs[3..5]) { h = tanh((x_t >> ih) + (h >> hh)); h };
                h = stop_gradient(h);
                let b = for x_t in rev(xs[1..3]) { h = tanh((x_t >> ih) + (h >> hh)); h };
                h = stop_gradient(h);
                let c = for x_t in rev(xs[0..1]) { h = tanh((x_t >> ih) + (h >> hh)); h };
                xs = concat(c, b, a);
            }
            xs
        }
        loss mse
    }
}

#[test]
fn groups_are_those_cut_by_hand() {
    let truncated = forwards::Truncated::init(4).cast::<f64>();
    same::<forwards::Truncated<f64>, forwards::ByHand<f64>>(
        "forwards",
        &truncated,
        &[7],
        &forwards::ByHand::init(4).cast::<f64>(),
    );
    let truncated = backwards::Truncated::init(4).cast::<f64>();
    same::<backwards::Truncated<f64>, backwards::ByHand<f64>>(
        "backwards",
        &truncated,
        &[7],
        &backwards::ByHand::init(4).cast::<f64>(),
    );
}

#[test]
fn layers_within_have_parameters_of_their_own() {
    let mut truncated = deep::Truncated::<2>::init(4).cast::<f64>();
    let mut by_hand = deep::ByHand::init(4).cast::<f64>();
    // the parameters are in another order: those of the same shape get the same numbers, so that the
    // gradients are the same
    truncated.parameters_mut().iter_mut().for_each(|mut parameter| parameter.fill(0.25));
    by_hand.parameters_mut().iter_mut().for_each(|mut parameter| parameter.fill(0.25));
    let x = Batch::<f64>::random(deep::ByHand::<f64>::INPUTS, 3, 1);
    let t = Batch::<f64>::random(deep::ByHand::<f64>::TARGETS, 3, 2);
    let expected = by_hand.gradients(x.feed(), t.feed()).unwrap().1;
    let x = Batch::<f64>::random_at(deep::Truncated::<2, f64>::INPUTS, 3, &[5], 1);
    let t = Batch::<f64>::random_at(deep::Truncated::<2, f64>::TARGETS, 3, &[5], 2);
    let gradients = truncated.gradients(x.feed(), t.feed()).unwrap().1;
    let sorted = |values: &[f64]| {
        let mut values: Vec<f64> = values.iter().copied().filter(|x| *x != 0.0).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let (a, b) = (sorted(gradients.as_slice()), sorted(expected.as_slice()));
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(&b) {
        assert!((a - b).abs() < 1e-13, "{a}, not {b}");
    }
}

#[test]
fn a_loop_within_another_is_cut_in_each_of_its_iterations() {
    let truncated = nested::Truncated::init(4).cast::<f64>();
    same::<nested::Truncated<f64>, nested::ByHand<f64>>(
        "nested",
        &truncated,
        &[5],
        &nested::ByHand::init(4).cast::<f64>(),
    );
}

network! {
    One(x: [dyn T]) -> [T, 1] {
        let w = param([1], init = 0.5);
        let mut h = zeros([1]);
        #[truncate(100)]
        for x_t in rev(x) { h = x_t + w * h; h }
    }
    loss mse

    Whole(x: [dyn T, 8]) -> [T, 16] {
        let ih = Linear(16);
        let hh = Linear(16);
        let mut h = zeros([16]);
        for x_t in x { h = tanh((x_t >> ih) + (h >> hh)); h }
    }
    loss mse

    InGroups(x: [dyn T, 8]) -> [T, 16] {
        let ih = Linear(16);
        let hh = Linear(16);
        let mut h = zeros([16]);
        #[truncate(100)]
        for x_t in x { h = tanh((x_t >> ih) + (h >> hh)); h }
    }
    loss mse
}

#[test]
fn one_group_is_the_whole_gradient() {
    let net = One::init(1);
    let (_, gradients) = net.gradients(&[1.0, 2.0, 3.0], &[0.0, 0.0, 0.0]).unwrap();
    let gradient = gradients.as_slice()[0];
    assert!((gradient - 16.166_668).abs() < 1e-5, "{gradient}");
    let x = Batch::<f64>::random_at(Whole::<f64>::INPUTS, 3, &[100], 1);
    let t = Batch::<f64>::random_at(Whole::<f64>::TARGETS, 3, &[100], 2);
    let whole = Whole::init(3).cast::<f64>().gradients(x.feed(), t.feed()).unwrap().1;
    let groups = InGroups::init(3).cast::<f64>().gradients(x.feed(), t.feed()).unwrap().1;
    for (a, b) in whole.as_slice().iter().zip(groups.as_slice()) {
        assert!((a - b).abs() < 1e-13, "{a} and {b}");
    }
}

/// Values that the backward pass needs of an iteration are kept for one group only, the initial values of
/// groups for all groups.
#[test]
fn memory_is_that_of_one_group() {
    let whole = |t| Whole::<f32>::cost(&[t]).unwrap().train_workspace;
    let groups = |t| InGroups::<f32>::cost(&[t]).unwrap().train_workspace;
    // the memory per iteration; the whole loop keeps all of it, besides the output and its gradient
    let (a, b) = (whole(20_000) - whole(10_000), groups(20_000) - groups(10_000));
    assert_eq!(b, 10_000 / 100 * 16 + 10_000 * 16, "{a} a group of memory, {b}");
    assert!(b * 2 < a, "{b} and {a}");
    assert!(groups(10_000) < whole(10_000) / 2);
}
