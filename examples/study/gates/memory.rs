//! An LSTM with other functions in its gates, on tasks that need memory and on text.

use crate::study::{Repeat, Results, Scale, Spread, Table, at_best_rate, sentences};
use monograd::data::text::Passages;
use monograd::random::Generator;
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::text::CHARACTERS;
use monograd_examples::writing::PASSAGE;

// ANCHOR: networks
network! {
    /// An LSTM whose gates have the function `G`: a sigmoid in the original. The bias of the gate that keeps the memory
    /// begins at 1 (Jozefowicz et al. 2015).
    Cell<G: Activation, const D: usize, const H: usize>(x: [dyn T, D]) -> [T, H] {
        let ih = Linear(4 * H);
        let hh = Linear(4 * H, bias = false);
        let mut h = zeros([H]);
        let mut c = zeros([H]);
        for x_t in x {
            let (i, f, g, o) = split((x_t >> ih) + (h >> hh), 4);
            c = G(f + 1) * c + G(i) * tanh(g);
            h = G(o) * tanh(c);
            h
        }
    }

    /// The adding problem (Hochreiter and Schmidhuber 1997): each step has a number and a mark, and the answer is the sum
    /// of the two marked numbers.
    pub Adds<G: Activation, const H: usize>(x: [dyn T, 2]) -> [1] {
        let cell = Cell::<G, 2, H>;
        let all = x >> cell;
        all[T - 1] >> Linear(1)
    }
    loss mse

    /// Reads symbols, waits, and repeats them. Symbol 0 is a pause, and 9 asks to begin.
    pub Copies<G: Activation, const H: usize>(symbols: u32[dyn T]) -> [T, 10] {
        let cell = Cell::<G, 16, H>;
        symbols >> Embedding(10, 16) >> cell >> Linear(10)
    }
    loss cross_entropy(ignore_index = 0)
    metric accuracy

    /// Predicts the next character of a text.
    pub Predicts<G: Activation, const V: usize, const H: usize>(text: u32[dyn T]) -> [T, V] {
        let cell = Cell::<G, 32, H>;
        text >> Embedding(V, 32) >> cell >> Linear(V)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: networks

const STEPS: usize = 50;
const SYMBOLS: usize = 5;
const BATCH: usize = 32;

/// Returns sequences and their sums.
fn sums(random: &mut Generator) -> (Vec<[[f32; 2]; STEPS]>, Vec<f32>) {
    let sum = |_| {
        let first = random.below(STEPS / 2);
        let second = STEPS / 2 + random.below(STEPS / 2);
        let x: [[f32; 2]; STEPS] = std::array::from_fn(|t| {
            [random.uniform() as f32, f32::from(t == first || t == second)]
        });
        (x, x[first][0] + x[second][0])
    };
    (0..BATCH).map(sum).unzip()
}

/// Returns sequences of symbols, and what is to be answered: nothing, and then the symbols.
fn copies(wait: usize, random: &mut Generator) -> Result<(Tensor<u32>, Tensor<u32>), Error> {
    let len = 2 * SYMBOLS + wait;
    let (mut read, mut answer) = (vec![0; BATCH * len], vec![0; BATCH * len]);
    for (read, answer) in read.chunks_mut(len).zip(answer.chunks_mut(len)) {
        for k in 0..SYMBOLS {
            let symbol = 1 + random.below(8) as u32;
            read[k] = symbol;
            answer[SYMBOLS + wait + k] = symbol;
        }
        read[SYMBOLS + wait - 1] = 9;
    }
    let shape = [BATCH, len];
    Ok((Tensor::from_vec(shape, read)?, Tensor::from_vec(shape, answer)?))
}

/// Returns the mean squared error of sums after training.
fn add<G: Activation>(rate: f64, steps: u64, seed: u64) -> Outcome<f64> {
    let mut random = Philox::new(seed).stream(1);
    let mut net = Adds::<G, 32>::init(seed);
    let mut optimizer = Adam::new(rate).clip_norm(1.0);
    for _ in 0..steps {
        let (x, y) = sums(&mut random);
        net.train_step(&x, &y, &mut optimizer)?;
    }
    let mut error = 0.0;
    for _ in 0..8 {
        let (x, y) = sums(&mut random);
        error += f64::from(net.loss(&x, &y)?) / 8.0;
    }
    Ok(error)
}

/// Returns the share of symbols that are wrong after training.
fn copy<G: Activation>(rate: f64, steps: u64, seed: u64) -> Outcome<f64> {
    let mut random = Philox::new(seed).stream(1);
    let mut net = Copies::<G, 64>::init(seed);
    let mut optimizer = Adam::new(rate).clip_norm(1.0);
    for _ in 0..steps {
        let (read, answer) = copies(20, &mut random)?;
        net.train_step(&read, &answer, &mut optimizer)?;
    }
    let (read, answer) = copies(20, &mut random)?;
    let scores = net.forward(&read)?;
    let best = scores.argmax();
    let (right, all) = best
        .iter()
        .zip(answer.as_slice())
        .filter(|(_, answer)| **answer != 0)
        .fold((0, 0), |(right, all), (best, answer)| {
            (right + usize::from(best == answer), all + 1)
        });
    Ok(1.0 - f64::from(right as u32) / f64::from(all))
}

/// Returns the validation loss on text, in nats a character.
fn predict<G: Activation>(rate: f64, steps: u64, seed: u64) -> Outcome<f64> {
    let (train, validation) = sentences()?;
    let mut random = Philox::new(seed).stream(1);
    let mut net = Predicts::<G, CHARACTERS, 64>::init(seed);
    let mut optimizer = Adam::new(rate).clip_norm(1.0);
    for _ in 0..steps {
        let Passages { read, next } = Passages::random(&train, 12, PASSAGE, &mut random)?;
        net.train_step(&read, &next, &mut optimizer)?;
    }
    let Passages { read, next } = Passages::all(&validation, PASSAGE)?;
    Ok(f64::from(net.loss(&read, &next)?))
}

type Train = fn(rate: f64, steps: u64, seed: u64) -> Outcome<f64>;

/// Trains and tabulates.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let rates = scale.pick(&[3e-3][..], &[1e-3, 3e-3, 1e-2][..]);
    let steps: [u64; 3] = scale.pick([20, 20, 10], [1500, 1500, 600]);
    let gates: [(&str, [Train; 3]); 4] = [
        ("sigmoid", [add::<Sigmoid>, copy::<Sigmoid>, predict::<Sigmoid>]),
        ("hard sigmoid", [add::<HardSigmoid>, copy::<HardSigmoid>, predict::<HardSigmoid>]),
        ("tanh", [add::<Tanh>, copy::<Tanh>, predict::<Tanh>]),
        ("ReLU", [add::<Relu>, copy::<Relu>, predict::<Relu>]),
    ];
    let mut table = Table::new([
        "gates",
        "adding: squared error (0.167 without memory)",
        "copying: wrong symbols (7/8 by chance)",
        "text: validation loss (nats)",
    ]);
    for (name, trains) in gates {
        let mut row = vec![name.to_owned()];
        for ((task, train), steps) in ["adding", "copying", "text"].iter().zip(trains).zip(steps) {
            let run = |rate, seed| train(rate, steps, seed);
            let (_, runs) = at_best_rate(
                Repeat { rates, trials: scale.pick(1, 3), seeds: scale.seeds() },
                run,
                |error| *error,
            )?;
            let spread = Spread::of(runs);
            results.spread(format!("gates.{task}.{name}"), spread);
            row.push(match spread.high.is_finite() {
                true => spread.to_string(),
                false => "diverges".to_owned(),
            });
        }
        table.row(row);
    }
    results.table("gates_memory", "An LSTM with other functions in its gates", table);
    Ok(())
}
