//! States, which training assigns and files keep, and statistics over the batch.

use monograd::prelude::*;
use monograd::{Error, Gradients, Kind, Parameters};
use monograd_tests::batch::Batch;
use monograd_tests::gradients;

network! {
    /// Learns from the distance to a running centre.
    Centred(x: [3]) -> [2] {
        let mut centre = state([3], init = constant(0.5));
        let mut steps = state([], init = zeros, integer = true);
        let y = (x - centre) >> Linear(2);
        centre = 0.75 * centre + 0.25 * batch_mean(x);
        steps = steps + 1;
        y
    }
    loss mse

    /// A state of the loss alone (centre loss).
    Attracted(x: [3]) -> [2] {
        let mut centre = state([2], init = zeros);
        x >> Linear(2)
    }
    loss |y, target: [2]| {
        centre = 0.5 * centre + 0.5 * batch_mean(y);
        mse(y, target) + 0.1 * mean(square(y - centre))
    }

    /// States of its iterations, with and without a checkpoint.
    Deep(x: [4, 3, 3]) -> [2] {
        let mut h = x;
        for _ in 0..3 {
            let g = h >> Conv2d(4, 3, padding = 1, bias = false) >> BatchNorm2d() >> Relu;
            let mut level = state([], init = ones);
            level = 0.5 * level + 0.5 * batch_mean(mean(square(g)));
            h = h + g * rsqrt(level + 1);
        }
        h >> GlobalAvgPool() >> Linear(2)
    }
    loss mse

    Saved(x: [4, 3, 3]) -> [2] {
        let mut h = x;
        #[checkpoint]
        for _ in 0..3 {
            let g = h >> Conv2d(4, 3, padding = 1, bias = false) >> BatchNorm2d() >> Relu;
            let mut level = state([], init = ones);
            level = 0.5 * level + 0.5 * batch_mean(mean(square(g)));
            h = h + g * rsqrt(level + 1);
        }
        h >> GlobalAvgPool() >> Linear(2)
    }
    loss mse

    Counted(x: [3]) -> [3] {
        let mut uses = state([], init = zeros, integer = true);
        uses = uses + 1;
        x * 2
    }

    /// One network twice: its state changes twice in a step.
    Twice(x: [3]) -> [1] {
        let counted = Counted;
        x >> counted >> Linear(3) >> counted >> Linear(1)
    }
    loss mse

    Frozen(x: [2, 3, 3]) -> [1] {
        #[frozen]
        let norm = BatchNorm2d();
        x >> norm >> Flatten() >> Linear(1)
    }
    loss mse

    /// Mixes samples whenever it runs.
    Mixed(x: [3]) -> [2] { (x - batch_mean(x)) >> Linear(2) }
    loss mse

    Small(x: [6]) -> [2] { x >> Linear(8) >> BatchNorm1d() >> Relu >> Linear(2) }
    loss mse

    Signal(x: [2, dyn T <= 40]) -> [1] {
        let h = x >> Conv1d(4, 3, padding = 1) >> BatchNorm1d() >> Tanh;
        mean(h, axis = 1) >> Linear(1)
    }
    loss mse

    #[streaming]
    Streamed(x: [dyn T, 3]) -> [T, 3] { transpose(transpose(x) >> BatchNorm1d()) >> Linear(3) }
    loss mse
}

fn batch<N: Trainable<Scalar = f32>>(samples: usize) -> (Batch<f32>, Batch<f32>) {
    (Batch::random(N::INPUTS, samples, 1), Batch::random(N::TARGETS, samples, 2))
}

/// With this run-time size, which only the input of `Signal` has.
fn signals<N: Trainable<Scalar = f32>>(samples: usize, len: usize) -> (Batch<f32>, Batch<f32>) {
    let at = |ports, seed| Batch::random_at(ports, samples, &[len], seed);
    (at(N::INPUTS, 1), at(N::TARGETS, 2))
}

fn state(parameters: Parameters<'_, f32>, name: &str) -> Vec<f32> {
    parameters.get(name).unwrap().as_slice().to_vec()
}

fn bits(parameters: Parameters<'_, f32>) -> Vec<u32> {
    parameters.iter().flat_map(|p| p.as_slice().iter().map(|x| x.to_bits())).collect()
}

fn on_threads<R: Send>(threads: usize, f: impl FnOnce() -> R + Send) -> R {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(f)
}

#[test]
fn training_assigns_and_nothing_else_does() {
    let mut net = Centred::init(1);
    let x = [[1.0, 2.0, 3.0], [3.0, 2.0, -1.0]];
    let y = [[0.0; 2]; 2];
    let centre = |net: &Centred| state(net.parameters(), "centre");
    net.loss(&x, &y).unwrap();
    net.forward(&x).unwrap();
    let (_, gradients) = net.gradients(&x, &y).unwrap();
    assert_eq!(centre(&net), [0.5; 3]);
    for name in ["centre", "steps"] {
        let gradient: Gradients<f32> = gradients.clone();
        assert!(gradient.get(name).unwrap().as_slice().iter().all(|g| *g == 0.0), "{name}");
        assert_eq!(gradient.get(name).unwrap().kind(), Kind::State);
    }
    // decay and clipping leave it alone
    let mut adam = AdamW::new(0.1).weight_decay(0.5).clip_norm(1.0);
    net.train_step(&x, &y, &mut adam).unwrap();
    assert_eq!(centre(&net), [0.875, 0.875, 0.625]);
    net.train_step(&x, &y, &mut adam).unwrap();
    assert_eq!(centre(&net), [1.15625, 1.15625, 0.71875]);
    assert_eq!(state(net.parameters(), "steps"), [2.0]);
    assert_eq!((Centred::PARAMS, net.clone().parameters().len()), (8, 4));
    assert_eq!(centre(&net.clone()), centre(&net));
    let exact = net.cast::<f64>();
    assert_eq!(exact.parameters().get("centre").unwrap().as_slice(), [1.15625, 1.15625, 0.71875]);
}

#[test]
fn the_summary_shows_states_apart() {
    let summary = Centred::summary();
    assert_eq!((summary.parameters, summary.states, summary.frozen), (8, 4, 0));
    let text = summary.to_string();
    assert!(text.contains("states      4, assigned in training"), "{text}");
    assert!(text.contains("batch       as a whole in training"), "{text}");
    assert!(!Frozen::summary().to_string().contains("as a whole"));
}

#[test]
fn a_loss_has_states() {
    let mut net = Attracted::init(1);
    let (x, t) = batch::<Attracted>(5);
    let y = net.forward(x.feed()).unwrap();
    net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.0)).unwrap();
    let mean = |i: usize| y.as_slice().iter().skip(i).step_by(2).sum::<f32>() / 10.0;
    let centre = state(net.parameters(), "centre");
    assert!((0..2).all(|i| (centre[i] - mean(i)).abs() < 1e-6), "{centre:?}");
}

#[test]
fn iterations_have_their_own_and_a_checkpoint_assigns_once() {
    let (x, t) = batch::<Deep>(5);
    let (mut deep, mut saved) = (Deep::init(1), Saved::init(1));
    let mut optimizers = [Sgd::new(0.1), Sgd::new(0.1)];
    for _ in 0..3 {
        deep.train_step(x.feed(), t.feed(), &mut optimizers[0]).unwrap();
        saved.train_step(x.feed(), t.feed(), &mut optimizers[1]).unwrap();
    }
    for (deep, saved) in deep.parameters().iter().zip(saved.parameters().iter()) {
        let name = deep.name();
        assert_eq!(name, saved.name());
        for (a, b) in deep.as_slice().iter().zip(saved.as_slice()) {
            assert!((a - b).abs() <= 1e-6 * a.abs().max(1.0), "{name}: {a} and {b}");
        }
    }
    for i in 0..3 {
        let count =
            state(deep.parameters(), &format!("layers0.{i}.batch_norm2d0.num_batches_tracked"));
        assert_eq!(count, [3.0]);
    }
    let levels = [0, 1, 2].map(|i| state(deep.parameters(), &format!("layers0.{i}.level"))[0]);
    assert!(levels[0] != levels[1] && levels[1] != levels[2], "{levels:?}");
}

#[test]
fn a_shared_network_assigns_each_time() {
    let mut net = Twice::init(1);
    let (x, t) = batch::<Twice>(5);
    for _ in 0..3 {
        net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).unwrap();
    }
    assert_eq!(state(net.parameters(), "counted.uses"), [6.0]);
}

#[test]
fn what_is_frozen_is_as_in_inference() {
    let mut net = Frozen::init(1);
    let (x, t) = batch::<Frozen>(5);
    net.parameters_mut().get("norm.running_mean").unwrap().as_mut_slice().fill(0.25);
    let loss = net.loss(x.feed(), t.feed()).unwrap();
    let trained = net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).unwrap();
    assert!((loss - trained).abs() < 1e-6, "{loss} and {trained}");
    assert_eq!(state(net.parameters(), "norm.running_mean"), [0.25; 2]);
    assert_eq!(state(net.parameters(), "norm.num_batches_tracked"), [0.0]);
}

#[test]
fn two_threads_give_the_bits_of_one() {
    let train = |threads: usize| {
        on_threads(threads, || {
            let (x, t) = batch::<Deep>(301);
            let mut net = Deep::init(3);
            let mut optimizer = AdamW::new(1e-2);
            for _ in 0..3 {
                net.train_step(x.feed(), t.feed(), &mut optimizer).unwrap();
            }
            (bits(net.parameters()), net.loss(x.feed(), t.feed()).unwrap())
        })
    };
    assert_eq!(train(1).0, train(2).0);
}

/// After another batch, whose memory is used again.
#[test]
fn a_step_is_that_of_the_batch_alone() {
    let (large, small) = (batch::<Small>(300), batch::<Small>(7));
    let mut fresh = Small::init(1);
    let mut used = Small::init(1);
    used.train_step(large.0.feed(), large.1.feed(), &mut Sgd::new(0.0)).unwrap();
    for name in ["batch_norm1d0.running_mean", "batch_norm1d0.running_var"] {
        let before = state(fresh.parameters(), name);
        used.parameters_mut().get(name).unwrap().as_mut_slice().copy_from_slice(&before);
    }
    for net in [&mut fresh, &mut used] {
        net.train_step(small.0.feed(), small.1.feed(), &mut Sgd::new(0.1)).unwrap();
    }
    let name = "batch_norm1d0.num_batches_tracked";
    assert_eq!(
        (state(fresh.parameters(), name), state(used.parameters(), name)),
        (vec![1.0], vec![2.0])
    );
    used.parameters_mut().get(name).unwrap().as_mut_slice().fill(1.0);
    assert_eq!(bits(fresh.parameters()), bits(used.parameters()));
}

#[test]
fn run_time_sizes_share_their_memory() {
    let sizes = [(9, 40), (3, 7), (40, 3), (2, 1)];
    let mut used = Signal::init(1);
    for size in sizes {
        let (x, t) = signals::<Signal>(size.0, size.1);
        let mut fresh = used.clone();
        for net in [&mut fresh, &mut used] {
            net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).unwrap();
        }
        assert_eq!(bits(fresh.parameters()), bits(used.parameters()), "{size:?}");
    }
}

#[test]
fn one_value_for_each_channel_is_an_error() {
    let mut net = Small::init(1);
    let before = bits(net.parameters());
    let (x, t) = batch::<Small>(1);
    let error = net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).unwrap_err();
    assert!(matches!(error, Error::BatchSize { actual: 1, expected: 2 }), "{error}");
    let text = "the batch has 1 sample, but its statistics take at least 2: more than one value for each channel";
    assert_eq!(error.to_string(), text);
    assert_eq!(bits(net.parameters()), before);
    assert!(net.gradients(x.feed(), t.feed()).is_err());
    // running statistics need no batch
    assert!(net.loss(x.feed(), t.feed()).is_ok() && net.forward(x.feed()).is_ok());
    // where a channel has several values, one sample is enough; with run-time sizes, the call tells
    let (x, t) = batch::<Deep>(1);
    assert!(Deep::init(1).train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).is_ok());
    let mut signal = Signal::init(1);
    for (len, fits) in [(1, false), (2, true)] {
        let (x, t) = signals::<Signal>(1, len);
        let step = signal.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1));
        assert_eq!(step.is_ok(), fits, "{len}: {step:?}");
    }
}

#[test]
fn inference_takes_samples_one_by_one_or_the_whole_batch() {
    let (x, t) = batch::<Small>(700);
    let mut net = Small::init(1);
    net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).unwrap();
    let all = net.forward(x.feed()).unwrap();
    let numbers: Vec<f32> = (0..6 * 3).map(|i| (i as f32).sin()).collect();
    let three = net.forward(&numbers).unwrap();
    let one = net.forward(&numbers[6..12]).unwrap();
    assert!(three.as_slice()[2..4].iter().zip(one.as_slice()).all(|(a, b)| (a - b).abs() < 1e-6));
    assert_eq!(all.shape(), [700, 2]);

    let mixed = Mixed::init(1);
    let (x, _) = batch::<Mixed>(1000);
    let y = on_threads(2, || mixed.forward(x.feed()).unwrap());
    let bias = state(mixed.parameters(), "linear0.bias");
    // the inputs add up to 0
    for (i, bias) in bias.iter().enumerate() {
        let mean = y.as_slice().iter().skip(i).step_by(2).sum::<f32>() / 1000.0;
        assert!((mean - bias).abs() < 1e-5, "{mean} and {bias}");
    }
    let mut workspace = mixed.workspace(1000);
    assert_eq!(mixed.forward_into(x.feed(), &mut workspace).unwrap(), y.as_slice());
}

#[test]
fn a_stream_uses_the_running_statistics() {
    let mut net = Streamed::init(1);
    let (x, t) = signals::<Streamed>(4, 5);
    net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).unwrap();
    let steps: Vec<[f32; 3]> = (0..6).map(|i| [0.1, -0.3, 0.2].map(|x| x * i as f32)).collect();
    let whole = net.forward(&Tensor::from_vec([6, 3], steps.concat()).unwrap()).unwrap();
    let mut stream = net.stream();
    for (step, expected) in steps.iter().zip(whole.as_slice().chunks(3)) {
        let y = stream.step(step);
        assert!(y.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6));
    }
}

#[test]
fn states_are_saved_as_pytorch_does() {
    let mut net = Centred::init(1);
    let (x, t) = batch::<Centred>(5);
    net.train_step(x.feed(), t.feed(), &mut Sgd::new(0.1)).unwrap();
    let folder = std::env::temp_dir().join(format!("monograd-state-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("centred.safetensors");
    net.save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let steps = file.tensor("steps").unwrap();
    assert_eq!((steps.dtype(), steps.shape()), (safetensors::Dtype::I64, &[][..]));
    assert_eq!(steps.data(), 1_i64.to_le_bytes());
    assert_eq!(file.tensor("centre").unwrap().dtype(), safetensors::Dtype::F32);
    assert_eq!(bits(Centred::load(&path).unwrap().parameters()), bits(net.parameters()));
    std::fs::remove_dir_all(folder).unwrap();
}

gradients! {
    statistics_over_the_batch {
        (x: [4]) -> [2] {
            let h = x >> Linear(4);
            let centred = h - batch_mean(h);
            let spread = sqrt(batch_mean(centred * centred) + 0.1);
            (centred / spread + h) >> Linear(2)
        } loss { mse }
        (x: [3, 4]) -> [2] {
            let h = x >> Linear(4);
            let w = softmax(batch_mean(h), axis = -1);
            sum(h * w, axis = 0) >> Linear(2)
        } loss { mse }
        (x: [4]) -> [2] { let h = x >> Linear(4); h >> Linear(2) }
            loss { |y, h, t: [2]| mse(y, t) + 0.1 * mean(square(batch_mean(tanh(h)))) }
        (x: [5, 3]) -> [2] {
            let fc = Linear(3);
            let mut h = zeros([3]);
            for x_t in x { h = tanh(h + x_t - batch_mean(x_t >> fc)); }
            h >> Linear(2)
        } loss { mse }
        (x: [4]) -> [] { let s = mean(x >> Linear(4)); s - 0.5 * batch_mean(s * s) / batch_size() }
            loss { |y, t: []| square(y - t) }
        (x: [2, 5, 3]) -> [2] {
            let mut h = x;
            for _ in 0..2 {
                let mut sum = h;
                for _ in 0..2 {
                    sum = sum + (h >> Conv2d(2, 3, padding = 1, bias = false) >> BatchNorm2d() >> Tanh);
                }
                h = sum;
            }
            h >> GlobalAvgPool() >> Linear(2)
        } loss { mse }
        (x: [3, 4]) -> [2] {
            let norm = BatchNorm1d(eps = 0.1);
            let a = x >> norm;
            let b = (x * x) >> norm;
            mean(a * b, axis = 1) >> Linear(2)
        } loss { mse }
    }
}
