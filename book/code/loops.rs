//! The chapter "The language", loops and streams.

use monograd::prelude::*;

// ANCHOR: depth
network! {
    /// As many residual blocks as `LAYERS` says.
    Deep<const D: usize = 16, const LAYERS: usize = 6>(x: [8]) -> [4] {
        let mut h = x >> Linear(D);
        for _ in 0..LAYERS {
            h = h + (h >> Linear(4 * D) >> Gelu >> Linear(D));
        }
        h >> Linear(4)
    }
    loss cross_entropy
}
// ANCHOR_END: depth

#[test]
fn every_iteration_has_parameters_of_its_own() -> Result<(), Error> {
    // ANCHOR: names
    let net = Deep::<16, 3>::init(1);
    let names: Vec<_> = net.parameters().iter().map(|p| p.name().into_owned()).collect();
    assert_eq!(names[2], "layers0.0.linear0.weight");
    assert_eq!(names[3], "layers0.1.linear0.weight");
    // ANCHOR_END: names
    Ok(())
}

// ANCHOR: options
network! {
    Named(x: [8]) -> [8] {
        let shared = Linear(8); // made before the loop: the same in every iteration
        let mut h = x;
        #[name = "encoder"]
        #[checkpoint]
        for i in 0..4 {
            #[name = "h.{i}.fc"]
            let fc = Linear(8);
            h = h + (h >> fc >> Gelu >> shared);
        }
        h
    }
    loss mse
}
// ANCHOR_END: options

#[test]
fn names_say_where_the_iteration_stands() -> Result<(), Error> {
    let net = Named::init(1);
    assert_eq!(net.parameters().get("h.3.fc.weight")?.shape(), [8, 8]);
    assert_eq!(net.parameters().get("shared.weight")?.shape(), [8, 8]);
    Ok(())
}

// ANCHOR: dilations
network! {
    /// Sees 31 samples of the past: the dilations are 1, 2, 4, 8.
    WaveNet(x: [16, dyn T]) -> [1, T] {
        let mut h = x;
        for i in 0..4 {
            let gates = h >> Conv1d(32, 3, dilation = pow(2, i), padding = causal);
            let (filter, gate) = split(gates, 2);
            h = h + (tanh(filter) * sigmoid(gate) >> Conv1d(16, 1));
        }
        h >> Conv1d(1, 1)
    }
    loss mse
}
// ANCHOR_END: dilations

#[test]
fn dilations_widen_what_is_seen() -> Result<(), Error> {
    let net = WaveNet::init(1);
    let mut x = Tensor::<f32>::zeros([16, 40]);
    let before = net.forward(&x)?;
    x.as_mut_slice()[0] = 1.0;
    let after = net.forward(&x)?;
    // the first sample is seen by the first 31 outputs
    let changed: Vec<bool> = before.iter().zip(after.iter()).map(|(a, b)| a != b).collect();
    assert!(changed[..31].iter().all(|changed| *changed) && !changed[31..].contains(&true));
    Ok(())
}

// ANCHOR: recurrence
network! {
    /// A recurrent layer over a sequence of any length.
    Rnn<const H: usize = 8>(x: [dyn T, 3]) -> [T, 2] {
        let ih = Linear(H);
        let hh = Linear(H, bias = false);
        let mut h = zeros([H]);
        let hs = for x_t in x {
            h = tanh((x_t >> ih) + (h >> hh));
            h
        };
        hs >> Linear(2)
    }
    loss mse

    /// Both ways; the results stand at the places of what they were computed from.
    BothWays(x: [dyn T, 3]) -> [T, 8] {
        let ahead = Linear(4);
        let back = Linear(4);
        let mut a = zeros([4]);
        let mut b = zeros([4]);
        let forwards = for x_t in x {
            a = tanh((x_t >> ahead) + a);
            a
        };
        let backwards = for x_t in rev(x) {
            b = tanh((x_t >> back) + b);
            b
        };
        concat(forwards, backwards, axis = 1)
    }
}
// ANCHOR_END: recurrence

#[test]
fn a_stream_gives_what_the_whole_sequence_gives() -> Result<(), Error> {
    assert_eq!(BothWays::init(1).forward(&Tensor::zeros([1, 5, 3]))?.shape(), [1, 5, 8]);
    // ANCHOR: stream
    let net: Rnn = Rnn::init(1);
    let x = Tensor::from_fn([5, 3], |i| i as f32 / 10.0);
    let whole = net.forward(&x)?;

    let mut stream = net.stream(); // all memory is allocated here
    for (x_t, y_t) in x.as_slice().chunks(3).zip(whole.as_slice().chunks(2)) {
        let y = stream.step(x_t);
        assert!((y[0] - y_t[0]).abs() < 1e-6 && (y[1] - y_t[1]).abs() < 1e-6);
    }
    // ANCHOR_END: stream
    Ok(())
}

// ANCHOR: attention
network! {
    /// Attention to the past, which a stream keeps: so much of it that the size needs a bound.
    #[streaming]
    Attention(x: [dyn T <= 256, 8]) -> [T, 8] {
        let q = x >> Linear(8);
        let k = x >> Linear(8);
        let v = x >> Linear(8);
        let scores = mask_future(matmul(q, transpose(k)) / sqrt(8.0));
        matmul(softmax(scores), v) >> Linear(8)
    }
}
// ANCHOR_END: attention

#[test]
fn attention_streams() -> Result<(), Error> {
    // ANCHOR: blocks
    let net = Attention::init(1);
    let mut stream = net.stream();
    let prompt = Tensor::from_fn([20, 8], |i| (i as f32).sin());

    // 20 steps at once: the outputs of each
    let all = stream.extend(&prompt).to_vec();
    assert_eq!(all.len(), 20 * 8);

    // or of the last alone, which is all that a next word needs
    stream.reset();
    let last = stream.prefill(&prompt).to_vec();
    assert!(last.iter().zip(&all[19 * 8..]).all(|(a, b)| (a - b).abs() < 1e-6));

    // a state can be saved, and any stream of the network goes on from it
    let saved = stream.save();
    let next = stream.step(&[0.5; 8]).to_vec();
    let mut other = net.stream();
    other.restore(&saved)?;
    assert_eq!(other.step(&[0.5; 8]), next);
    assert_eq!(other.position(), 21);
    // ANCHOR_END: blocks
    Ok(())
}
