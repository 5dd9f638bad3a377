//! A small GPT on the sentences of customer reviews.

use super::ReluSquared;
use crate::study::timing::{least_seconds, on_one_thread};
use crate::study::{Repeat, Results, Scale, Spread, Table, at_best_rate, sentences};
use monograd::data::text::Passages;
use monograd::plot::Chart;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::text::CHARACTERS;
use monograd_examples::writing::PASSAGE;

// ANCHOR: networks
network! {
    /// A GPT of two blocks with the activation `A` between the layers of its feed-forward.
    pub Writer<A: Activation, const V: usize, const D: usize>(text: u32[dyn T <= 64]) -> [T, V] {
        let wte = param([V, D], init = normal(0.02));
        let wpe = LearnedPositions(64);
        let mut x = gather(wte, text) >> wpe;
        for _ in 0..2 {
            x = x + (x >> LayerNorm() >> MultiheadAttention(4, causal = true));
            x = x + (x >> LayerNorm() >> Linear(4 * D) >> A >> Linear(D));
        }
        linear(x >> LayerNorm(), wte)
    }
    loss cross_entropy
    metric accuracy

    /// The same with a gated feed-forward, (x A(gate)) (x up), that has as many parameters: GLU with a sigmoid, GEGLU,
    /// `SwiGLU` (Shazeer 2020, arXiv 2002.05202).
    pub GatedWriter<A: Activation, const V: usize, const D: usize>(
        text: u32[dyn T <= 64],
    ) -> [T, V] {
        let wte = param([V, D], init = normal(0.02));
        let wpe = LearnedPositions(64);
        let mut x = gather(wte, text) >> wpe;
        for _ in 0..2 {
            x = x + (x >> LayerNorm() >> MultiheadAttention(4, causal = true));
            x = x + (x >> LayerNorm() >> GatedMlp(8 * D / 3, activation = A, bias = true));
        }
        linear(x >> LayerNorm(), wte)
    }
    loss cross_entropy
    metric accuracy

    /// The GPT with GELU, whose attention has a sigmoid in place of the softmax (Ramapuram et al. 2024, arXiv 2409.04431).
    pub SigmoidWriter<const V: usize, const D: usize>(text: u32[dyn T <= 64]) -> [T, V] {
        let wte = param([V, D], init = normal(0.02));
        let wpe = LearnedPositions(64);
        let mut x = gather(wte, text) >> wpe;
        for _ in 0..2 {
            x = x + (x >> LayerNorm() >> SigmoidAttention::<D, 4>);
            x = x + (x >> LayerNorm() >> Linear(4 * D) >> Gelu >> Linear(D));
        }
        linear(x >> LayerNorm(), wte)
    }
    loss cross_entropy
    metric accuracy

    /// That with LayerScale: what attention adds is multiplied by learnt factors that begin small.
    pub ScaledSigmoidWriter<const V: usize, const D: usize>(text: u32[dyn T <= 64]) -> [T, V] {
        let wte = param([V, D], init = normal(0.02));
        let wpe = LearnedPositions(64);
        let mut x = gather(wte, text) >> wpe;
        for _ in 0..2 {
            let scale = param([D], init = 0.1);
            x = x + scale * (x >> LayerNorm() >> SigmoidAttention::<D, 4>);
            x = x + (x >> LayerNorm() >> Linear(4 * D) >> Gelu >> Linear(D));
        }
        linear(x >> LayerNorm(), wte)
    }
    loss cross_entropy
    metric accuracy

    /// Each position takes of every earlier one a share between 0 and 1. The shares do not sum to 1; the bias -log 64, for
    /// 64 positions, makes their sum about 1 at the beginning.
    SigmoidAttention<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let qkv = Linear(3 * D);
        let out = Linear(D);
        let (q, k, v) = split(x >> qkv, 3, axis = 1);
        let q = transpose(reshape(q, [T, HEADS, D / HEADS]), 0, 1);
        let k = transpose(reshape(k, [T, HEADS, D / HEADS]), 0, 1);
        let v = transpose(reshape(v, [T, HEADS, D / HEADS]), 0, 1);
        let scores = matmul(q, transpose(k)) / sqrt(D / HEADS) - 4.1588831;
        let y = matmul(sigmoid(mask_future(scores)), v);
        reshape(transpose(y, 0, 1), [T, D]) >> out
    }
}
// ANCHOR_END: networks

const D: usize = 64;
const BATCH: usize = 12;

/// The results of a training.
struct Learnt {
    /// Validation loss after some steps.
    curve: Vec<(f64, f64)>,
    /// Validation loss, in nats a character.
    loss: f64,
}

/// Trains a network for some steps.
fn train<N: Supervised<u32, u32>>(mut net: N, rate: f64, steps: u64, seed: u64) -> Outcome<Learnt> {
    let (train, validation) = sentences()?;
    let warm_up = steps / 10;
    let schedule = Cosine::new(rate, 0.1 * rate, steps - warm_up).warm_up(warm_up);
    let mut optimizer = AdamW::new(0.0).betas(0.9, 0.99).weight_decay(0.1).clip_norm(1.0);
    let mut random = Philox::new(seed).stream(5);
    let Passages { read: held_out, next: answers } = Passages::all(&validation, PASSAGE)?;
    let mut curve = Vec::new();
    for step in 0..steps {
        optimizer.set_learning_rate(schedule.rate(step));
        let Passages { read, next } = Passages::random(&train, BATCH, PASSAGE, &mut random)?;
        net.train_step(&read, &next, &mut optimizer)?;
        if (step + 1).is_multiple_of(steps.div_ceil(10)) || step + 1 == steps {
            curve.push(((step + 1) as f64, f64::from(net.loss(&held_out, &answers)?)));
        }
    }
    let loss = curve.last().map_or(f64::INFINITY, |(_, loss)| *loss);
    Ok(Learnt { curve, loss })
}

/// Returns the milliseconds of a training step, the least of some.
fn time<N: Supervised<u32, u32>>(mut net: N) -> Outcome<f64> {
    let (train, _) = sentences()?;
    let mut random = Philox::new(0).stream(5);
    let Passages { read, next } = Passages::random(&train, BATCH, PASSAGE, &mut random)?;
    let mut optimizer = AdamW::new(0.0);
    Ok(1e3 * least_seconds(20, || net.train_step(&read, &next, &mut optimizer).map(drop))?)
}

type Train = fn(rate: f64, steps: u64, seed: u64) -> Outcome<Learnt>;
type Time = fn() -> Outcome<f64>;

/// A network in which one part differs from the others.
struct Variant {
    feed_forward: &'static str,
    attention: &'static str,
    train: Train,
    time: Time,
}

macro_rules! variants {
    ($($feed_forward:literal $attention:literal $network:ty),+ $(,)?) => {
        [$(Variant {
            feed_forward: $feed_forward,
            attention: $attention,
            train: |rate, steps, seed| train(<$network>::init(seed), rate, steps, seed),
            time: || time(<$network>::init(0)),
        }),+]
    };
}

const VARIANTS: [Variant; 11] = variants![
    "sigmoid" "softmax" Writer<Sigmoid, CHARACTERS, D>,
    "tanh" "softmax" Writer<Tanh, CHARACTERS, D>,
    "ReLU" "softmax" Writer<Relu, CHARACTERS, D>,
    "GELU" "softmax" Writer<Gelu, CHARACTERS, D>,
    "SiLU" "softmax" Writer<Silu, CHARACTERS, D>,
    "ReLU squared" "softmax" Writer<ReluSquared, CHARACTERS, D>,
    "GLU" "softmax" GatedWriter<Sigmoid, CHARACTERS, D>,
    "GEGLU" "softmax" GatedWriter<Gelu, CHARACTERS, D>,
    "SwiGLU" "softmax" GatedWriter<Silu, CHARACTERS, D>,
    "GELU" "sigmoid" SigmoidWriter<CHARACTERS, D>,
    "GELU" "sigmoid, LayerScale" ScaledSigmoidWriter<CHARACTERS, D>,
];

/// Tabulates the time of a training step of each variant, on one thread and in turns.
pub fn times(scale: Scale, results: &mut Results) -> Outcome {
    let rounds = scale.pick(1, 10);
    let times = on_one_thread(|| {
        let mut least = VARIANTS.map(|_| f64::INFINITY);
        for _ in 0..rounds {
            for (least, variant) in least.iter_mut().zip(&VARIANTS) {
                *least = least.min((variant.time)()?);
            }
        }
        Ok(least)
    })?;
    let mut table = Table::new(["feed-forward", "attention", "a step (ms)"]);
    for (Variant { feed_forward, attention, .. }, milliseconds) in VARIANTS.iter().zip(times) {
        results.number(format!("cost.gpt.{feed_forward}.{attention}"), milliseconds);
        table.row([
            (*feed_forward).to_owned(),
            (*attention).to_owned(),
            format!("{milliseconds:.2}"),
        ]);
    }
    results.table("cost_gpt", "A training step of a GPT of two blocks, on one core", table);
    Ok(())
}

/// Trains each variant at the best of several learning rates, and tabulates.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let steps = scale.pick(40, 1000);
    let rates = scale.pick(&[3e-3][..], &[1e-3, 3e-3, 1e-2][..]);
    let mut chart = Chart::new("A small GPT with other activations in its feed-forward")
        .x_label("steps")
        .y_label("validation loss (nats)");
    let mut table =
        Table::new(["feed-forward", "attention", "learning rate", "validation loss (nats)"]);
    for Variant { feed_forward: name, attention, train, .. } in VARIANTS {
        let run = |rate, seed| train(rate, steps, seed);
        let (rate, runs) = at_best_rate(
            Repeat { rates, trials: scale.pick(1, 3), seeds: scale.seeds() },
            run,
            |learnt| learnt.loss,
        )?;
        let loss = Spread::of(runs.iter().map(|learnt| learnt.loss));
        if attention == "softmax" {
            let curve: Vec<(f64, Spread)> = (0..runs[0].curve.len())
                .map(|place| {
                    let losses = runs.iter().map(|learnt| learnt.curve[place].1);
                    (runs[0].curve[place].0, Spread::of(losses))
                })
                .collect();
            chart = chart.line(name, curve.iter().map(|(step, loss)| (*step, loss.middle)));
        }
        let key = format!("language.{name}.{attention}");
        results.spread(&key, loss);
        results.number(format!("{key}.rate"), rate);
        table.row([name.to_owned(), attention.to_owned(), rate.to_string(), loss.to_string()]);
    }
    results.number("language.parameters.plain", Writer::<Gelu, CHARACTERS, D>::PARAMS as f64);
    results.number("language.parameters.gated", GatedWriter::<Gelu, CHARACTERS, D>::PARAMS as f64);
    let title = format!(
        "A GPT of two blocks after {steps} steps on {BATCH} passages of {PASSAGE} characters"
    );
    results.table("practice_language", &title, table);
    results.figure("practice_language", chart.svg());
    Ok(())
}
