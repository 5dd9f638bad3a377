//! Two stacked bidirectional LSTMs over sequences of any length.

use monograd::prelude::*;

network! {
    Tagger<const D: usize = 16, const H: usize = 32>(x: [dyn T, D]) -> [T, 8] {
        let h = x >> Both::<D, H>;
        h >> Both::<{ 2 * H }, H> >> Linear(8)
    }
    loss cross_entropy
    metric accuracy

    Both<const D: usize, const H: usize>(x: [dyn T, D]) -> [T, 2 * H] {
        let forwards = x >> Lstm::<D, H>;
        let backwards = x >> Reversed::<D, H>;
        concat(forwards, backwards, axis = 1)
    }

    Lstm<const D: usize, const H: usize>(x: [dyn T, D]) -> [T, H] {
        let ih = Linear(4 * H);
        let hh = Linear(4 * H);
        let mut h = zeros([H]);
        let mut c = zeros([H]);
        for x_t in x {
            let (i, f, g, o) = split((x_t >> ih) + (h >> hh), 4);
            c = sigmoid(f) * c + sigmoid(i) * tanh(g);
            h = sigmoid(o) * tanh(c);
            h
        }
    }

    /// Runs from the last position to the first. Row i of the result still belongs to position i.
    Reversed<const D: usize, const H: usize>(x: [dyn T, D]) -> [T, H] {
        let ih = Linear(4 * H);
        let hh = Linear(4 * H);
        let mut h = zeros([H]);
        let mut c = zeros([H]);
        for x_t in rev(x) {
            let (i, f, g, o) = split((x_t >> ih) + (h >> hh), 4);
            c = sigmoid(f) * c + sigmoid(i) * tanh(g);
            h = sigmoid(o) * tanh(c);
            h
        }
    }
}

fn main() -> Result<(), Error> {
    let x: Vec<f32> = (0..8 * 40 * 16).map(|i| (i as f32).sin()).collect();
    let x = Tensor::from_vec(&[8, 40, 16], x)?;
    let tags: Vec<u32> = (0..8 * 40).map(|i| i % 8).collect();
    let tags = Tensor::from_vec(&[8, 40], tags)?;
    let mut net: Tagger = Tagger::init(42);
    let mut optimizer = Adam::new(1e-3);
    for _ in 0..20 {
        println!("{}", net.train_step(&x, &tags, &mut optimizer)?);
    }
    println!("{}", net.measure(&x, &tags)?);
    println!("{:?}", net.forward(&x)?.shape());
    Ok(())
}
