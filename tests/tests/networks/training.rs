//! Training is reproducible bit by bit, does not depend on threads, tiles or earlier batches, and leaves
//! the network unchanged if it fails.

use monograd::prelude::*;
use monograd::{Gradients, Parameters};
use monograd_tests::batch::{Batch, Column};

network! {
    Net(x: [17]) -> [7] {
        let h = x >> Linear(65) >> Gelu;
        let h = h + (h >> Linear(65) >> Tanh);
        h >> Linear(7, init = xavier_normal)
    }
    loss cross_entropy(label_smoothing = 0.1)

    Noisy(x: [17]) -> [7] { x >> Linear(33) >> Dropout(0.5) >> Relu >> Dropout(0.1) >> Linear(7) }
    loss mse

    Drawn(x: [9]) -> [33] {
        let h = x >> Linear(9, init = orthogonal) >> Linear(17, init = kaiming_normal);
        h >> Linear(5, init = truncated_normal(0.02)) >> Linear(33, init = uniform(0.1))
    }
    loss mse
}

/// A number of samples for several tiles and threads, with remainders everywhere.
const BATCH: usize = 1009;

fn bits(parameters: Parameters<'_, f32>) -> Vec<u32> {
    parameters.iter().flat_map(|p| p.as_slice().iter().map(|x| x.to_bits())).collect()
}

pub(super) fn on_threads<R: Send>(threads: usize, f: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
}

fn batch<N: Trainable<Scalar = f32>>(samples: usize) -> (Batch<f32>, Batch<f32>) {
    (Batch::random(N::INPUTS, samples, 1), Batch::random(N::TARGETS, samples, 2))
}

/// Returns the largest difference, relative to the largest number.
fn distance(a: &Gradients<f64>, b: &Gradients<f64>) -> f64 {
    let pairs = a.as_slice().iter().zip(b.as_slice());
    let largest = a.as_slice().iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    pairs.fold(0.0_f64, |m, (a, b)| m.max((a - b).abs())) / largest
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let (x, t) = batch::<Noisy>(65);
    let train = |seed| {
        let mut net = Noisy::init(seed);
        let mut optimizer = AdamW::new(1e-2);
        for _ in 0..20 {
            net.train_step(x.feed(), t.feed(), &mut optimizer).unwrap();
        }
        bits(net.parameters())
    };
    assert_eq!(train(3), train(3));
    assert_ne!(train(3), train(4));
}

#[test]
fn a_cast_network_begins_where_the_other_does() {
    let net = Drawn::init(11);
    let wide = net.cast::<f64>();
    for (narrow, wide) in net.parameters().iter().zip(wide.parameters().iter()) {
        assert!(narrow.as_slice().iter().any(|x| *x != narrow.as_slice()[0]));
        for (narrow, wide) in narrow.as_slice().iter().zip(wide.as_slice()) {
            assert_eq!(f64::from(*narrow), *wide);
        }
    }
    assert_eq!(bits(net.cast::<f64>().cast::<f32>().parameters()), bits(net.parameters()));
}

#[test]
fn threads_make_no_difference() {
    let (x, t) = batch::<Net>(BATCH);
    let (x, t) = (x.cast::<f64>(), t.cast::<f64>());
    let net = Net::init(5).cast::<f64>();
    let run = |threads| on_threads(threads, || net.gradients(x.feed(), t.feed()).unwrap());
    let (loss, gradients) = run(1);
    for threads in [2, 3, 7] {
        let (other, others) = run(threads);
        assert!((loss - other).abs() < 1e-12 && distance(&gradients, &others) < 1e-12);
        let again = run(threads);
        assert_eq!((other, others.as_slice()), (again.0, again.1.as_slice()));
    }
    let single = |threads| {
        let (mut net, mut sgd) = (Net::init(5), Sgd::new(0.1));
        let (x, t) = (x.cast::<f32>(), t.cast::<f32>());
        on_threads(threads, || net.train_step(x.feed(), t.feed(), &mut sgd).unwrap());
        net
    };
    let (one, three) = (single(1), single(3));
    for (a, b) in one.parameters().iter().zip(three.parameters().iter()) {
        assert!(a.as_slice().iter().zip(b.as_slice()).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}

/// The mean of the gradients of single samples is the gradient of the batch, for any tiles.
#[test]
fn tiles_add_up() {
    type Wide = Net<f64>;
    let net: Wide = Net::init(9).cast();
    let x = Batch::random(Wide::INPUTS, BATCH, 1);
    // no sample is ignored, so that all have the same weight
    let labels = (0..BATCH as u32).map(|i| i % 7).collect();
    let t = Batch::<f64>::new(vec![Column::Classes(labels)]);
    let (mut sum, mut losses) = (Vec::new(), 0.0);
    let (loss, whole) = on_threads(1, || net.gradients(x.feed(), t.feed()).unwrap());
    for i in 0..BATCH {
        let one = x.samples(Wide::INPUTS, i, i + 1);
        let (loss, gradients) =
            net.gradients(one.feed(), t.samples(Wide::TARGETS, i, i + 1).feed()).unwrap();
        losses += loss / BATCH as f64;
        sum.resize(gradients.as_slice().len(), 0.0);
        sum.iter_mut().zip(gradients.as_slice()).for_each(|(s, g)| *s += g / BATCH as f64);
    }
    assert!((loss - losses).abs() < 1e-12, "{loss} {losses}");
    for (whole, sum) in whole.as_slice().iter().zip(sum) {
        assert!((whole - sum).abs() < 1e-12, "{whole} {sum}");
    }
    assert!((net.loss(x.feed(), t.feed()).unwrap() - loss).abs() < 1e-12);
}

#[test]
fn a_smaller_batch_after_a_larger_one() {
    let (x, t) = batch::<Noisy>(BATCH);
    let ports = (<Noisy>::INPUTS, <Noisy>::TARGETS);
    let (small, small_t) = (x.samples(ports.0, 5, 12), t.samples(ports.1, 5, 12));
    let mut net = Noisy::init(2);
    net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).unwrap();
    // the workspace of the clone has never held the larger batch
    let mut fresh = net.clone();
    net.train_step(small.feed(), small_t.feed(), &mut Sgd::new(0.1)).unwrap();
    fresh.train_step(small.feed(), small_t.feed(), &mut Sgd::new(0.1)).unwrap();
    assert_eq!(bits(net.parameters()), bits(fresh.parameters()));
}

#[test]
fn every_step_drops_others() {
    let (x, t) = batch::<Noisy>(65);
    let mut net = Noisy::init(2);
    let before = net.gradients(x.feed(), t.feed()).unwrap().0;
    assert_eq!(before, net.gradients(x.feed(), t.feed()).unwrap().0);
    net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.0)).unwrap();
    assert_ne!(before, net.gradients(x.feed(), t.feed()).unwrap().0);
}

#[test]
fn evaluation_and_errors_change_nothing() {
    let (x, t) = batch::<Net>(33);
    let mut net = Net::init(1);
    let mut adam = Adam::new(0.1);
    net.train_step(x.feed(), t.feed(), &mut adam).unwrap();
    let before = (bits(net.parameters()), adam.steps());
    let next = |net: &Net, adam: &Adam<f32>| {
        let (mut net, mut adam) = (net.clone(), adam.clone());
        net.train_step(x.feed(), t.feed(), &mut adam).unwrap();
        bits(net.parameters())
    };
    let after = next(&net, &adam);
    net.forward(x.feed()).unwrap();
    net.loss(x.feed(), t.feed()).unwrap();
    net.gradients(x.feed(), t.feed()).unwrap();
    let (good, labels) = (vec![0.5_f32; 34], [1_u32, 2]);
    assert!(matches!(
        net.train_step(&good[..33], &labels, &mut adam),
        Err(Error::InputLength { actual: 33, expected: 17, .. })
    ));
    assert!(matches!(
        net.train_step(&good, &[1, 7], &mut adam),
        Err(Error::ClassOutOfRange { sample: 1, class: 7, classes: 7, .. })
    ));
    assert!(matches!(
        net.train_step(&good, &[1, 2, 3], &mut adam),
        Err(Error::BatchMismatch { first_batch: 2, second_batch: 3, .. })
    ));
    assert!(matches!(
        net.train_step(&good[..0], &labels[..0], &mut adam),
        Err(Error::EmptyBatch { .. })
    ));
    let mut other = Adam::new(0.1);
    let (x2, t2) = batch::<Noisy>(3);
    Noisy::init(1).train_step(x2.feed(), t2.feed(), &mut other).unwrap();
    assert!(matches!(net.train_step(&good, &labels, &mut other), Err(Error::Step(_))));
    assert!(net.restore("no such file").is_err());
    assert!(net.parameters_mut().get("linear0.wieght").is_err());
    assert_eq!((bits(net.parameters()), adam.steps()), before);
    assert_eq!(next(&net, &adam), after);
}
