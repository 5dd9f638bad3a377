//! Checks that hold for every engine of ranks, run on threads and by MPI.

#[path = "trainer.rs"]
mod trainer;

use monograd::Philox;
use monograd::distributed::{Collective, CollectiveError, DataParallel, Slice, SliceMut};
use monograd::prelude::*;
use std::ops::Range;

network! {
    /// Weighted classes, ignored targets and dropout: what depends on the whole batch.
    Classes(x: [5]) -> [3] { x >> Linear(7) >> Tanh >> Dropout(0.3) >> Linear(3) }
    loss cross_entropy(label_smoothing = 0.1, weight = [1, 2, 0.5], ignore_index = -100)
    metric accuracy
}

network! {
    /// A state for each channel, which every rank finds by its own part.
    Normalised(x: [5]) -> [1] { x >> Linear(4) >> BatchNorm1d() >> Tanh >> Linear(1) }
    loss mse
}

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// The work and the checks of each rank.
pub type Scenario = fn(&mut dyn Collective) -> Outcome;

/// Every scenario, by name.
pub const ALL: [(&str, Scenario); 11] = [
    ("sums", sums),
    ("whole batch", is_the_whole_batch),
    ("single precision", in_single_precision),
    ("statistics", statistics_are_of_the_part),
    ("resumed", a_resumed_rank_tells_the_others),
    ("wrong data", wrong_data_fails_everywhere),
    ("trainer: whole batch", trainer::is_the_whole_batch),
    ("trainer: statistics", trainer::statistics_are_of_the_part),
    ("trainer: resumed", trainer::a_training_goes_on),
    ("trainer: one ends all", trainer::one_ends_all),
    ("trainer: ranks that differ", trainer::ranks_that_differ),
];

/// Fails if two values differ by more than a tolerance.
fn close(what: &str, actual: f64, expected: f64, tolerance: f64) -> Outcome {
    let scale = expected.abs().max(1.0);
    match (actual - expected).abs() <= tolerance * scale {
        true => Ok(()),
        false => Err(format!("{what}: {actual:e} instead of {expected:e}").into()),
    }
}

/// Parts of 23 samples, that differ in size; with more than two ranks, the second is empty.
fn parts(size: usize) -> Vec<Range<usize>> {
    let ends: &[usize] = match size {
        1 => &[23],
        2 => &[4, 23],
        3 => &[9, 9, 23],
        _ => &[6, 6, 7, 23],
    };
    let starts = std::iter::once(&0).chain(ends);
    starts.zip(ends).map(|(start, end)| *start..*end).collect()
}

fn inputs() -> Vec<f64> {
    let mut random = Philox::new(3).stream(0);
    (0..23 * 5).map(|_| random.uniform() * 2.0 - 1.0).collect()
}

/// The first part has few targets that are not ignored.
fn classes() -> Vec<u32> {
    (0..23).map(|i| if i < 5 && i != 2 { monograd::IGNORE_INDEX } else { i * i % 3 }).collect()
}

/// Sums, broadcasts and barriers give every rank the same, also beyond one message.
fn sums(world: &mut dyn Collective) -> Outcome {
    let (rank, size) = (world.rank(), world.size());
    for len in [0, 1, 17, 300_000] {
        let value = |rank: usize, i: usize| (rank * 1000 + i % 1000) as f32;
        let values: Vec<f32> = (0..len).map(|i| value(rank, i)).collect();
        let mut sums = vec![f32::NAN; len];
        world.all_reduce_sum(Slice::F32(&values), SliceMut::F32(&mut sums))?;
        let expected = |i| (0..size).map(|rank| value(rank, i)).sum::<f32>();
        if let Some(i) = (0..len).find(|i| sums[*i] != expected(*i)) {
            return Err(format!("sum {i} of {len} is {}, not {}", sums[i], expected(i)).into());
        }
        let root = size - 1;
        let mut values: Vec<f64> = (0..len).map(|i| (rank + i) as f64).collect();
        world.broadcast(SliceMut::F64(&mut values), root)?;
        if values.iter().enumerate().any(|(i, value)| *value != (root + i) as f64) {
            return Err(format!("{len} values of rank {root} did not arrive").into());
        }
        world.barrier()?;
    }
    match world.broadcast(SliceMut::F64(&mut []), size) {
        Err(CollectiveError::NoSuchRank { .. }) => Ok(()),
        other => Err(format!("a broadcast of no rank: {other:?}").into()),
    }
}

/// Losses, metrics, gradients and steps are those of one rank with the whole batch.
fn is_the_whole_batch(world: &mut dyn Collective) -> Outcome {
    equal::<f64>(world, 1e-12)
}

fn in_single_precision(world: &mut dyn Collective) -> Outcome {
    equal::<f32>(world, 1e-6)
}

fn equal<T: Scalar>(world: &mut dyn Collective, tolerance: f64) -> Outcome {
    let x: Vec<T> = inputs().into_iter().map(T::from_f64).collect();
    let targets = classes();
    let part = parts(world.size())[world.rank()].clone();
    let (own, of_own) = (&x[part.start * 5..part.end * 5], &targets[part]);
    let rank = world.rank();
    let mut group = DataParallel::new(world);
    let mut alone = Classes::init(7).cast::<T>();
    // the ranks begin apart
    let mut net = Classes::init(7 + rank as u64).cast::<T>();
    group.broadcast(&mut net)?;
    let (mut first, mut second) =
        (AdamW::new(0.05).clip_norm(1.0), AdamW::new(0.05).clip_norm(1.0));
    for step in 0..6 {
        let (expected, gradients) = alone.gradients(&x, &targets)?;
        let (loss, summed) = group.gradients(&net, own, of_own)?;
        close("loss", loss.to_f64(), expected.to_f64(), tolerance)?;
        for (actual, expected) in summed.to_vec().iter().zip(&gradients.to_vec()) {
            close("gradient", actual.to_f64(), expected.to_f64(), tolerance)?;
        }
        let expected = alone.train_step(&x, &targets, &mut first)?;
        let loss = group.train_step(&mut net, own, of_own, &mut second)?;
        close(&format!("step {step}"), loss.to_f64(), expected.to_f64(), tolerance)?;
    }
    for (actual, expected) in net.parameters().iter().zip(alone.parameters().iter()) {
        for (actual, expected) in actual.as_slice().iter().zip(expected.as_slice()) {
            // Adam's first steps have the gradient's sign, however small it is
            close("parameter", actual.to_f64(), expected.to_f64(), 100.0 * tolerance)?;
        }
    }
    let (measures, expected) = (group.measure(&net, own, of_own)?, alone.measure(&x, &targets)?);
    close("loss", measures.loss.to_f64(), expected.loss.to_f64(), 10.0 * tolerance)?;
    let accuracy = |measures: &monograd::Measures<T>| measures.get("accuracy").map(T::to_f64);
    close(
        "accuracy",
        accuracy(&measures).unwrap_or(-1.0),
        accuracy(&expected).unwrap_or(-2.0),
        1e-6,
    )?;
    let loss = group.loss(&net, own, of_own)?;
    close("loss alone", loss.to_f64(), expected.loss.to_f64(), 10.0 * tolerance)
}

/// Batch statistics are those of the part; the states are their mean, the same on all ranks.
fn statistics_are_of_the_part(world: &mut dyn Collective) -> Outcome {
    let (rank, size) = (world.rank(), world.size());
    let x = inputs();
    let y: Vec<f64> = x.chunks(5).map(|x| x[0] - x[1] * x[2]).collect();
    let parts = parts(size).into_iter().map(|part| match part.len() {
        // a mean and a variance take two samples at least
        1 => part.start..part.start,
        _ => part,
    });
    let parts: Vec<Range<usize>> = parts.collect();
    let of = |part: &Range<usize>| (&x[part.start * 5..part.end * 5], &y[part.clone()]);
    let mut net = Normalised::init(5).cast::<f64>();
    let mut expected = net.clone();
    let samples: usize = parts.iter().map(Range::len).sum();
    // what the ranks compute, one after the other
    let (mut loss, mut sums, mut states) = (0.0, None, Vec::new());
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let (x, y) = of(part);
        let (part_loss, mut gradients) = expected.gradients(x, y)?;
        let share = part.len() as f64 / samples as f64;
        loss += part_loss * share;
        gradients.scale(share);
        match &mut sums {
            None => sums = Some(gradients),
            Some(sums) => sums.add(&gradients)?,
        }
        let mut stepped = expected.clone();
        stepped.train_step(x, y, &mut Sgd::new(0.0))?;
        states.push(stepped);
    }
    Sgd::new(0.1).step(&mut expected, sums.as_ref().ok_or("no part")?)?;
    let (own, of_own) = of(&parts[rank]);
    let mut group = DataParallel::new(world);
    let actual = group.train_step(&mut net, own, of_own, &mut Sgd::new(0.1))?;
    close("loss", actual, loss, 1e-12)?;
    for entry in net.parameters().iter() {
        let name = entry.name().to_string();
        for (i, actual) in entry.as_slice().iter().enumerate() {
            let mean = |name: &str| -> Result<f64, Error> {
                let values = states.iter().map(|net| Ok(net.parameters().get(name)?.as_slice()[i]));
                Ok(values.sum::<Result<f64, Error>>()? / states.len() as f64)
            };
            let is_state = name.contains("running") || name.contains("tracked");
            let expected = match is_state {
                true => mean(&name)?,
                false => expected.parameters().get(&name)?.as_slice()[i],
            };
            close(&name, *actual, expected, 1e-12)?;
        }
    }
    let tracked = entries_named(&net, "num_batches_tracked")?;
    close("batches", tracked, 1.0, 0.0)
}

fn entries_named(net: &impl Network<Scalar = f64>, end: &str) -> Result<f64, String> {
    let found = net.parameters().iter().find(|view| view.name().to_string().ends_with(end));
    found.map(|view| view.as_slice()[0]).ok_or_else(|| format!("no state {end}"))
}

/// A state that rank 0 has loaded reaches the others: parameters, steps and the state of the optimiser.
fn a_resumed_rank_tells_the_others(world: &mut dyn Collective) -> Outcome {
    let (x, targets) = (inputs(), classes());
    let rank = world.rank();
    let part = parts(world.size())[rank].clone();
    let (own, of_own) = (&x[part.start * 5..part.end * 5], &targets[part]);
    let mut alone = Classes::init(1).cast::<f64>();
    let mut first = AdamW::new(0.05);
    for _ in 0..3 {
        alone.train_step(&x, &targets, &mut first)?;
    }
    let (mut net, mut second) = match rank {
        0 => (alone.clone(), first.clone()),
        _ => (Classes::init(2).cast::<f64>(), AdamW::new(0.7)),
    };
    let mut group = DataParallel::new(world);
    group.broadcast(&mut net)?;
    group.broadcast_optimizer(&mut second, &net)?;
    for _ in 0..3 {
        let expected = alone.train_step(&x, &targets, &mut first)?;
        let loss = group.train_step(&mut net, own, of_own, &mut second)?;
        close("loss", loss, expected, 1e-12)?;
    }
    // a network of other sizes is not overwritten
    if group.collective().size() == 1 {
        return Ok(());
    }
    let outcome = match rank {
        1 => group.broadcast(&mut Normalised::init(1).cast::<f64>()),
        _ => group.broadcast(&mut net),
    };
    match outcome {
        Err(Error::Collective(CollectiveError::OtherNetwork { rank: 1 })) => Ok(()),
        other => Err(format!("another network on rank 1: {other:?}").into()),
    }
}

/// A call that is wrong on one rank fails on all of them, and leaves the networks as they were.
fn wrong_data_fails_everywhere(world: &mut dyn Collective) -> Outcome {
    let (x, targets) = (inputs(), classes());
    let (rank, size) = (world.rank(), world.size());
    let mut net = Classes::init(1).cast::<f64>();
    let before = net.clone();
    let mut optimizer = AdamW::new(0.05);
    let mut group = DataParallel::new(world);
    let wrong = size - 1;
    let len = if rank == wrong { 7 } else { 10 };
    let outcome = group.train_step(&mut net, &x[..len], &targets[..2], &mut optimizer);
    match outcome {
        Err(Error::InputLength { actual: 7, .. }) if rank == wrong => {}
        Err(Error::Collective(CollectiveError::Failed { rank: failed }))
            if failed == wrong && rank != wrong => {}
        other => return Err(format!("wrong data on rank {wrong}: {other:?}").into()),
    }
    match group.loss(&net, &[0.0; 0], &[0; 0]) {
        Err(Error::EmptyBatch { .. }) => {}
        other => return Err(format!("no data at all: {other:?}").into()),
    }
    let same = before.parameters().iter().zip(net.parameters().iter());
    if same.into_iter().any(|(a, b)| a.as_slice() != b.as_slice()) {
        return Err("the network has changed".into());
    }
    // and the next call works
    group.train_step(&mut net, &x[..10], &targets[5..7], &mut optimizer)?;
    Ok(())
}
