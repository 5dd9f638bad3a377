//! Experiment 4: the output layer. 50,257 independent sigmoids against one softmax.

use crate::study::{Repeat, Results, Scale, Spread, Table, at_best_rate};
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use std::time::Instant;

// ANCHOR: networks
network! {
    /// One softmax over all tokens.
    pub Softmax<const D: usize, const V: usize>(context: [D]) -> [V] {
        let head = Linear(V);
        context >> head
    }
    loss cross_entropy

    /// A sigmoid for each token: the binary cross entropies of all of them, of which one has the target 1. That is
    /// the sum of softplus(y), less the target's y.
    pub Sigmoids<const D: usize, const V: usize>(context: [D]) -> [V] {
        let head = Linear(V);
        context >> head
    }
    loss |y, target: u32[]| sum(softplus(y)) - gather(y, target)
}
// ANCHOR_END: networks

/// GPT-2's number of tokens.
const V: usize = 50_257;
const D: usize = 64;
const BATCH: usize = 64;

type One = Softmax<D, V>;
type Many = Sigmoids<D, V>;

fn sigmoid(y: f64) -> f64 {
    1.0 / (1.0 + (-y).exp())
}

/// Returns the probabilities of the tokens by a softmax.
fn softmax(y: &[f32]) -> Vec<f64> {
    let largest = y.iter().fold(f32::NEG_INFINITY, |a, b| a.max(*b));
    let exps: Vec<f64> = y.iter().map(|y| f64::from(y - largest).exp()).collect();
    let sum: f64 = exps.iter().sum();
    exps.into_iter().map(|exp| exp / sum).collect()
}

/// Tabulates the probabilities of new networks, and the gradients of one target.
fn beginning(results: &mut Results) -> Outcome {
    let context = contexts(1);
    let mut table = Table::new([
        "output",
        "sum of probabilities",
        "gradient by the target's logit, in size",
        "by all others together",
        "share of the target",
    ]);
    let (one, many) = (One::init(1), Many::init(1));
    let mut biased = many.clone();
    biased.parameters_mut().get("head.bias")?.fill(-(V as f32).ln());
    let sigmoids = |y: &[f32]| y.iter().map(|y| sigmoid(f64::from(*y))).collect::<Vec<f64>>();
    let rows = [
        ("softmax", softmax(one.forward(&context)?.as_slice())),
        ("sigmoids", sigmoids(many.forward(&context)?.as_slice())),
        ("sigmoids, bias -log V", sigmoids(biased.forward(&context)?.as_slice())),
    ];
    let target = 1234;
    for (name, probabilities) in rows {
        // for both, the gradient of a logit is its probability, less 1 for the target
        let sum: f64 = probabilities.iter().sum();
        let of_target = 1.0 - probabilities[target];
        let others = sum - probabilities[target];
        results.number(format!("output.sum.{name}"), sum);
        results.number(format!("output.others.{name}"), others);
        results.number(format!("output.share.{name}"), of_target / (of_target + others));
        table.row([
            name.to_owned(),
            format!("{sum:.3}"),
            format!("{of_target:.5}"),
            format!("{others:.5}"),
            format!("{:.4} %", 100.0 * of_target / (of_target + others)),
        ]);
    }
    results.table("output_beginning", "The gradient of one target in a new network", table);
    Ok(())
}

/// Returns `count` contexts, each a vector of random signs.
fn contexts(count: u64) -> Vec<[f32; D]> {
    let signs = |context| {
        let mut random = Philox::new(17).stream(context);
        std::array::from_fn(|_| if random.uniform() < 0.5 { -1.0 } else { 1.0 })
    };
    (0..count).map(signs).collect()
}

/// A batch of a language of 256 contexts: half of the time, a context is followed by its own token, otherwise by any
/// token, with frequencies that fall as 1 / rank (Zipf's law).
fn batch(
    contexts: &[[f32; D]],
    random: &mut monograd::random::Generator,
) -> (Vec<[f32; D]>, Vec<u32>) {
    (0..BATCH)
        .map(|_| {
            let context = random.below(contexts.len());
            let token = match random.uniform() < 0.5 {
                true => 100 + 7 * context,
                false => ((V as f64).powf(random.uniform()) as usize).min(V) - 1,
            };
            (contexts[context], token as u32)
        })
        .unzip()
}

/// Trains, and returns the loss in nats of the tokens by probabilities that are made to sum to 1, the share of contexts
/// whose own token is the most probable one, and the milliseconds of a step on one thread, the lower quartile.
fn learn<N>(
    mut net: N,
    rate: f64,
    steps: u64,
    seed: u64,
    normalise: fn(&[f32]) -> Vec<f64>,
) -> Outcome<[f64; 3]>
where
    N: Supervised<f32, u32>,
{
    let contexts = contexts(256);
    let mut random = Philox::new(seed).stream(1);
    let mut optimizer = Adam::new(rate);
    let mut times = Vec::new();
    for _ in 0..steps {
        let (x, tokens) = batch(&contexts, &mut random);
        let start = Instant::now();
        net.train_step(&x, &tokens, &mut optimizer)?;
        times.push(1e3 * start.elapsed().as_secs_f64());
    }
    let mut random = Philox::new(seed).stream(2);
    let (x, tokens) = batch(&contexts, &mut random);
    let y = net.forward(&x)?;
    let nats =
        tokens.iter().enumerate().map(|(i, token)| -normalise(y.row(i))[*token as usize].ln());
    let nats = nats.sum::<f64>() / BATCH as f64;
    let best = net.forward(&contexts)?.argmax();
    let right =
        best.iter().enumerate().filter(|(i, token)| **token as usize == 100 + 7 * i).count();
    Ok([nats, right as f64 / contexts.len() as f64, Spread::of(times).low])
}

/// Compares how they learn.
fn learning(scale: Scale, results: &mut Results) -> Outcome {
    let steps = scale.pick(5, 300);
    let rates = scale.pick(&[1e-2][..], &[1e-3, 3e-3, 1e-2, 3e-2][..]);
    let normalised = |y: &[f32]| {
        let odds: Vec<f64> = y.iter().map(|y| sigmoid(f64::from(*y))).collect();
        let sum: f64 = odds.iter().sum();
        odds.into_iter().map(|p| p / sum).collect()
    };
    type Train<'a> = &'a (dyn Fn(f64, u64) -> Outcome<[f64; 3]> + Sync);
    let many = |bias: bool, rate, seed| {
        let mut net = Many::init(seed);
        if bias {
            net.parameters_mut().get("head.bias")?.fill(-(V as f32).ln());
        }
        learn(net, rate, steps, seed, normalised)
    };
    let variants: [(&str, usize, Train); 3] = [
        ("softmax", One::TRAIN_WORKSPACE, &|rate, seed| {
            learn(One::init(seed), rate, steps, seed, softmax)
        }),
        ("sigmoids", Many::TRAIN_WORKSPACE, &|rate, seed| many(false, rate, seed)),
        ("sigmoids, bias -log V", Many::TRAIN_WORKSPACE, &|rate, seed| many(true, rate, seed)),
    ];
    let mut table = Table::new([
        "output",
        "learning rate",
        "loss (nats)",
        "contexts whose token comes first",
        "a step (ms)",
        "scratch memory a sample (KiB)",
    ]);
    for (name, workspace, train) in variants {
        let seeds = scale.pick(1, 5);
        let (rate, runs) =
            at_best_rate(Repeat { rates, trials: 1, seeds }, train, |[nats, ..]| *nats)?;
        let [nats, right, time] = [0, 1, 2].map(|i| Spread::of(runs.iter().map(|run| run[i])));
        results.spread(format!("output.nats.{name}"), nats);
        results.spread(format!("output.right.{name}"), right);
        results.number(format!("output.rate.{name}"), rate);
        results.spread(format!("output.milliseconds.{name}"), time);
        results.number(format!("output.scratch.{name}"), workspace as f64 * 4.0 / 1024.0);
        table.row([
            name.to_owned(),
            rate.to_string(),
            format!("{nats:.2}"),
            format!("{:.0} %", 100.0 * right.middle),
            format!("{:.0}", time.middle),
            format!("{:.0}", workspace as f64 * 4.0 / 1024.0),
        ]);
    }
    let title = format!("{V} tokens, after {steps} steps on {BATCH} contexts");
    results.table("output_learning", &title, table);
    Ok(())
}

/// Compares the losses of one target at extreme logits, in f32: computed as the definitions read, and by the losses of
/// the library.
fn extremes(results: &mut Results) -> Outcome {
    network! {
        Three(x: [3]) -> [3] { x + param([3], init = zeros) }
        loss cross_entropy
        OfThree(x: [3]) -> [3] { x + param([3], init = zeros) }
        loss bce_with_logits
    }
    let (softmax, sigmoids) = (Three::init(0), OfThree::init(0));
    let mut table = Table::new([
        "logits (the first is the target)",
        "-log(exp y / sum exp y)",
        "cross_entropy",
        "-log sigmoid(y) - sum log(1 - sigmoid(y))",
        "bce_with_logits x 3",
    ]);
    for logits in [
        [1.0_f32, 0.0, -1.0],
        [-10.0, 0.0, 10.0],
        [-60.0, 0.0, 60.0],
        [-100.0, 0.0, 100.0],
        [1e4, 0.0, -1e4],
    ] {
        let exps = logits.map(f32::exp);
        let naive = -(exps[0] / exps.iter().sum::<f32>()).ln();
        let odds = logits.map(|y| 1.0 / (1.0 + (-y).exp()));
        let naive_sigmoids = -odds[0].ln() - odds[1..].iter().map(|p| (1.0 - p).ln()).sum::<f32>();
        table.row([
            format!("{logits:?}"),
            naive.to_string(),
            softmax.loss(&logits, &[0])?.to_string(),
            naive_sigmoids.to_string(),
            (3.0 * sigmoids.loss(&logits, &[1.0, 0.0, 0.0])?).to_string(),
        ]);
    }
    results.table("output_extremes", "One target at extreme logits, in single precision", table);
    Ok(())
}

/// Runs the experiment.
///
/// # Errors
/// Those of the networks.
pub fn run(scale: Scale, results: &mut Results) -> Outcome {
    beginning(results)?;
    extremes(results)?;
    learning(scale, results)
}
