//! Several steps at once, saved states, and several streams of one network.

use super::same;
use monograd::prelude::*;
use monograd::{Network, SavedStream, Stream};
use std::thread;

mod elsewhere {
    use monograd::prelude::*;

    network! { pub Hidden(x: [dyn T, 4]) -> [T, 4] { x >> Linear(4) >> Tanh } }
}

network! {
    #[streaming]
    Outputs(x: [dyn T <= 300, 2]) -> ([T, 3], [2]) {
        let mut h = zeros([2]);
        for e in x { h = 0.5 * h + e; }
        let scores = matmul(x >> Linear(2), transpose(x >> Linear(2)));
        (matmul(softmax(mask_future(scores)), x) >> Linear(3), h)
    }

    #[streaming]
    Inputs(x: [dyn T, 2], y: [3], z: [T]) -> [T, 3] {
        let sums = cumsum(z);
        for (e, s) in (x, sums) { y * sum(e) + s }
    }

    #[streaming]
    Tokens(x: u32[dyn T]) -> [T, 7] { x >> Embedding(7, 5) >> Gru(5) >> Linear(7) }

    #[streaming]
    External(x: [dyn T, 4]) -> [T, 4] { (x >> elsewhere::Hidden()) + cumsum(x, axis = 0) }

    #[streaming]
    TwoOfOneLoop(x: [dyn T, 2]) -> [T, 2] {
        let mut h = x;
        let hs = for k in 0..2 { h = tanh(h * (k + 1)); h * 2 };
        (h >> Linear(2)) + sum(hs, axis = 0)
    }

    #[streaming]
    StridesInAStep(x: [dyn T, 1, 8]) -> [T, 3, 2] {
        let convolution = Conv1d(3, 2, stride = 2);
        for e in x { e >> convolution >> MaxPool1d(2) }
    }

    #[streaming]
    Everything(x: [dyn T <= 50, 2]) -> [T, 2] {
        let mut h = x;
        for k in 0..2 {
            let mut g = zeros([2]);
            let gs = for e in h {
                g = 0.5 * g + (e >> Linear(2)) * (k + 1);
                for i in 0..2 { g = tanh(g) + i; }
                g
            };
            let weights = softmax(mask_future(matmul(gs, transpose(h))));
            let before = pad(gs, [(2, 0), (0, 0)])[..T];
            h = h + matmul(weights, gs) + before + cumsum(h, axis = 0) * 0.1;
        }
        h
    }
}

fn signal(len: usize) -> Vec<f64> {
    (0..len).map(|i| (i as f64 * 0.7).sin()).collect()
}

/// One of two outputs has no streamed axis: it is that after the last step.
#[test]
fn every_output_is_as_after_single_steps() {
    let net = Outputs::init(2).cast::<f64>();
    let x = signal(600);
    let whole = net.forward(&x).unwrap();
    let mut stream = net.stream();
    let (y, h) = stream.extend(&x);
    same(y, whole.0.as_slice(), "all", 0);
    same(h, whole.1.as_slice(), "state", 0);
    stream.reset();
    let (y, h) = stream.prefill(&x);
    same(y, &whole.0.as_slice()[299 * 3..], "the last", 299);
    same(h, whole.1.as_slice(), "state", 299);
}

#[test]
fn inputs_without_the_streamed_axis_are_those_of_all_steps() {
    let net = Inputs::init(1).cast::<f64>();
    let (x, y, z) = (signal(14), [1.0, 2.0, 3.0], signal(7));
    let whole = net.forward((&x, &y, &z)).unwrap();
    let mut stream = net.stream();
    let mut all = stream.extend((&x[..6], &y, &z[..3])).to_vec();
    all.extend_from_slice(stream.step((&x[6..8], &y, &z[3..4])));
    all.extend_from_slice(stream.extend((&x[8..], &y, &z[4..])));
    same(&all, whole.as_slice(), "pieces", 0);
}

#[test]
fn class_numbers_layers_of_others_and_loops_in_loops() {
    let tokens = [1_u32, 4, 6, 2, 0, 5, 3, 1, 1, 6];
    let net = Tokens::init(1).cast::<f64>();
    let whole = net.forward(&tokens).unwrap();
    let mut stream = net.stream();
    same(stream.extend(&tokens[..9]), &whole.as_slice()[..63], "tokens", 0);
    same(stream.prefill(&tokens[9..]), &whole.as_slice()[63..], "the last token", 9);

    fn pieces<N>(net: &N, width: usize)
    where
        N: Streaming<Scalar = f64, Output = Tensor<f64>>,
        for<'a> N: Network<Inputs<'a> = (&'a [f64],)>,
    {
        assert!(N::BLOCK > 1);
        let x = signal(20 * width);
        let whole = net.forward(&x).unwrap();
        let mut stream = net.stream();
        let mut all = stream.extend(&x[..7 * width]).to_vec();
        all.extend_from_slice(stream.step(&x[7 * width..8 * width]));
        all.extend_from_slice(stream.extend(&x[8 * width..]));
        same(&all, whole.as_slice(), "pieces", 0);
    }
    pieces(&External::init(1).cast::<f64>(), 4);
    pieces(&StridesInAStep::init(1).cast::<f64>(), 8);
    pieces(&TwoOfOneLoop::init(1).cast::<f64>(), 2);
    pieces(&Everything::init(1).cast::<f64>(), 2);
}

/// A call that returns an error leaves the stream unchanged.
#[test]
fn errors_of_several_steps() {
    let net = Outputs::init(2).cast::<f64>();
    let mut stream = net.stream();
    let x = signal(590);
    stream.extend(&x);
    let saved = stream.save();
    let mut error = |x: &Tensor<f64>| {
        let error = stream.try_extend(x).map(|_| ()).unwrap_err().to_string();
        assert_eq!(stream.try_prefill(x).map(|_| ()).unwrap_err().to_string(), error);
        error
    };
    let zeros = |shape: &[usize]| Tensor::zeros(shape);
    assert_eq!(
        error(&zeros(&[6, 2])),
        "the stream has taken 295 steps, and with 6 more it would pass the bound of its run-time size, 300"
    );
    assert_eq!(error(&zeros(&[301, 2])), "`x` has T = 301, but T is at most 300");
    assert_eq!(error(&zeros(&[2, 1, 2])), "`x` has 2 sequences, but a stream goes along one");
    assert_eq!(
        error(&zeros(&[3])),
        "`x` is [3], but a sample is [T, 2]: a batch of them has one axis more, in front"
    );
    assert_eq!(error(&zeros(&[0])), "`x` has T = 0, but a run-time size is at least 1");
    assert_eq!(stream.save(), saved);
    stream.extend(&zeros(&[5, 2]));
    assert_eq!(stream.position(), 300);
    let error = stream.try_extend(&zeros(&[1, 2])).map(|_| ()).unwrap_err().to_string();
    assert_eq!(error, "the stream has taken 300 steps, which is the bound of its run-time size");
}

#[test]
fn a_state_is_that_of_one_network() {
    let net = Outputs::init(2).cast::<f64>();
    let mut stream = net.stream();
    stream.extend(&signal(40));
    let saved = stream.save();
    let goes_on = |stream: &mut Stream<'_, Outputs<f64>>| stream.step(&[0.5, -0.5]).0.to_vec();
    let next = goes_on(&mut stream);
    // on the same stream, on another, and on one of another copy of the network
    let copy = net.clone();
    for mut stream in [stream, net.stream(), copy.stream()] {
        stream.restore(&saved).unwrap();
        assert_eq!((stream.position(), saved.position()), (20, 20));
        assert_eq!(goes_on(&mut stream), next);
    }
    let other = Everything::init(1).cast::<f64>();
    let mut stream = other.stream();
    stream.extend(&signal(8));
    let before = stream.save();
    let error = stream.restore(&saved).unwrap_err().to_string();
    assert!(error.contains("::Outputs<f64>`, but this is a stream of `"), "{error}");
    assert_eq!(stream.save(), before);
}

/// Streams are independent, and go to other threads.
#[test]
fn several_streams_of_one_network() {
    fn crosses<T: Send>() {}
    crosses::<Stream<'_, Outputs<f64>>>();
    crosses::<SavedStream<f64>>();
    let net = Everything::init(4).cast::<f64>();
    let sequences: Vec<Vec<f64>> =
        (0..4).map(|k| signal(80).iter().map(|x| x * f64::from(k + 1)).collect()).collect();
    thread::scope(|scope| {
        for x in &sequences {
            let (net, mut stream) = (&net, net.stream());
            scope.spawn(move || {
                let whole = net.forward(x).unwrap();
                for _ in 0..20 {
                    stream.reset();
                    let mut all = stream.extend(&x[..20]).to_vec();
                    for x in x[20..40].chunks(2) {
                        all.extend_from_slice(stream.step(x));
                    }
                    all.extend_from_slice(stream.extend(&x[40..]));
                    same(&all, whole.as_slice(), "a thread", 0);
                }
            });
        }
    });
}
