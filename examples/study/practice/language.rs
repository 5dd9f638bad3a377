//! A small GPT on the sentences of customer reviews.

use super::ReluSquared;
use crate::study::{Repeat, Results, Scale, Spread, Table, at_best_rate, sentences};
use monograd::data::text::Passages;
use monograd::plot::Chart;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::text::CHARACTERS;
use monograd_examples::writing::PASSAGE;
use std::time::Instant;

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
    /// Milliseconds of a training step on one thread, the lower quartile: other work on the machine only adds to it.
    milliseconds: f64,
}

/// Trains a network for some steps.
fn train<N: Supervised<u32, u32>>(mut net: N, rate: f64, steps: u64, seed: u64) -> Outcome<Learnt> {
    let (train, validation) = sentences()?;
    let warm_up = steps / 10;
    let schedule = Cosine::new(rate, 0.1 * rate, steps - warm_up).warm_up(warm_up);
    let mut optimizer = AdamW::new(0.0).betas(0.9, 0.99).weight_decay(0.1).clip_norm(1.0);
    let mut random = Philox::new(seed).stream(5);
    let Passages { read: held_out, next: answers } = Passages::all(&validation, PASSAGE)?;
    let mut times = Vec::new();
    let mut curve = Vec::new();
    for step in 0..steps {
        optimizer.set_learning_rate(schedule.rate(step));
        let Passages { read, next } = Passages::random(&train, BATCH, PASSAGE, &mut random)?;
        let start = Instant::now();
        net.train_step(&read, &next, &mut optimizer)?;
        times.push(1e3 * start.elapsed().as_secs_f64());
        if (step + 1).is_multiple_of(steps.div_ceil(10)) || step + 1 == steps {
            curve.push(((step + 1) as f64, f64::from(net.loss(&held_out, &answers)?)));
        }
    }
    let loss = curve.last().map_or(f64::INFINITY, |(_, loss)| *loss);
    Ok(Learnt { curve, loss, milliseconds: Spread::of(times).low })
}

type Train = fn(rate: f64, steps: u64, seed: u64) -> Outcome<Learnt>;

fn plain<A: Activation>(rate: f64, steps: u64, seed: u64) -> Outcome<Learnt> {
    train(Writer::<A, CHARACTERS, D>::init(seed), rate, steps, seed)
}

fn gated<A: Activation>(rate: f64, steps: u64, seed: u64) -> Outcome<Learnt> {
    train(GatedWriter::<A, CHARACTERS, D>::init(seed), rate, steps, seed)
}

fn sigmoid_attention(rate: f64, steps: u64, seed: u64) -> Outcome<Learnt> {
    train(SigmoidWriter::<CHARACTERS, D>::init(seed), rate, steps, seed)
}

fn scaled_sigmoid_attention(rate: f64, steps: u64, seed: u64) -> Outcome<Learnt> {
    train(ScaledSigmoidWriter::<CHARACTERS, D>::init(seed), rate, steps, seed)
}

const VARIANTS: [(&str, &str, Train); 11] = [
    ("sigmoid", "softmax", plain::<Sigmoid>),
    ("tanh", "softmax", plain::<Tanh>),
    ("ReLU", "softmax", plain::<Relu>),
    ("GELU", "softmax", plain::<Gelu>),
    ("SiLU", "softmax", plain::<Silu>),
    ("ReLU squared", "softmax", plain::<ReluSquared>),
    ("GLU", "softmax", gated::<Sigmoid>),
    ("GEGLU", "softmax", gated::<Gelu>),
    ("SwiGLU", "softmax", gated::<Silu>),
    ("GELU", "sigmoid", sigmoid_attention),
    ("GELU", "sigmoid, LayerScale", scaled_sigmoid_attention),
];

/// Trains each variant at the best of several learning rates, and tabulates.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    let steps = scale.pick(40, 1000);
    let rates = scale.pick(&[3e-3][..], &[1e-3, 3e-3, 1e-2][..]);
    let mut chart = Chart::new("A small GPT with other activations in its feed-forward")
        .x_label("steps")
        .y_label("validation loss (nats)");
    let mut table = Table::new([
        "feed-forward",
        "attention",
        "learning rate",
        "validation loss (nats)",
        "a step (ms)",
    ]);
    for (name, attention, train) in VARIANTS {
        let run = |rate, seed| train(rate, steps, seed);
        let (rate, runs) = at_best_rate(
            Repeat { rates, trials: scale.pick(1, 3), seeds: scale.seeds() },
            run,
            |learnt| learnt.loss,
        )?;
        let loss = Spread::of(runs.iter().map(|learnt| learnt.loss));
        let milliseconds = Spread::of(runs.iter().map(|learnt| learnt.milliseconds));
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
        results.spread(format!("{key}.milliseconds"), milliseconds);
        results.number(format!("{key}.rate"), rate);
        table.row([
            name.to_owned(),
            attention.to_owned(),
            rate.to_string(),
            loss.to_string(),
            format!("{:.1}", milliseconds.middle),
        ]);
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
