//! Checks of the trainer of several ranks, that hold for every engine.

use super::{Classes, Normalised, Outcome, classes, close, inputs};
use monograd::distributed::{Collective, CollectiveError, DataParallel};
use monograd::metrics::Confusion;
use monograd::prelude::*;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::train::{Checkpoints, Event, Fitted, Stop, TrainError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

type Net<T> = <Classes as Network>::Cast<T>;

/// The whole batches of an epoch: larger and smaller than the number of ranks.
fn batches<T: Scalar>(epoch: u64) -> impl Iterator<Item = (Vec<T>, Vec<u32>)> {
    let (mut x, mut targets) = (inputs(), classes());
    x.rotate_left(epoch as usize * 5);
    targets.rotate_left(epoch as usize);
    [(0, 9), (9, 10), (10, 18), (18, 23)].into_iter().map(move |(from, to)| {
        let x = x[from * 5..to * 5].iter().map(|x| T::from_f64(*x)).collect();
        (x, targets[from..to].to_vec())
    })
}

/// Batches for a validation whose metrics know no target that is ignored.
fn held_out<T: Scalar>(epoch: u64) -> impl Iterator<Item = (Vec<T>, Vec<u32>)> {
    batches(epoch).map(|(x, targets)| (x, targets.iter().map(|target| target % 3).collect()))
}

/// Trains with all that a trainer has, by all ranks or by one.
fn learn<T: Scalar>(
    world: Option<&mut dyn Collective>,
    confusion: &mut Confusion,
    checkpoints: Option<&Path>,
    steps: u64,
) -> Result<(Net<T>, Fitted), Error> {
    let rank = world.as_ref().map_or(0, |world| world.rank());
    // the ranks begin apart
    let mut net = Classes::init(7 + rank as u64).cast::<T>();
    let mut optimizer = AdamW::new(0.05);
    let mut lines = 0;
    let mut trainer = Trainer::new(&mut net, &mut optimizer)
        .epochs(4)
        .steps(steps)
        .accumulate(3)
        .clip_norm(0.5)
        .average(0.8)
        .schedule(Cosine::new(0.05, 0.0, 8).warm_up(2))
        .validation(held_out::<T>)
        .metric(confusion)
        .maximize("f1")
        .patience(3)
        .report(|_| lines += 1);
    if let Some(folder) = checkpoints {
        trainer = trainer.checkpoints(Checkpoints::new(folder).every_steps(1)).resume();
    }
    if let Some(world) = world {
        trainer = trainer.distributed(world);
    }
    let fitted = trainer.fit(batches::<T>)?;
    assert_eq!(lines > 0, rank == 0, "only rank 0 reports");
    Ok((net, fitted))
}

/// Fails unless two trainings have had the same course.
fn same<T: Scalar>(
    actual: &(Net<T>, Fitted),
    expected: &(Net<T>, Fitted),
    tolerance: f64,
) -> Outcome {
    let ((net, fitted), (of, expected)) = (actual, expected);
    if (fitted.steps, fitted.stop) != (expected.steps, expected.stop) {
        return Err(format!("{fitted:?} instead of {expected:?}").into());
    }
    for name in ["loss", "val_loss", "val_accuracy", "val_f1", "learning_rate"] {
        let (actual, expected) = (fitted.history.series(name), expected.history.series(name));
        let (actual, expected) = (actual.ok_or(name)?, expected.ok_or(name)?);
        close("number of epochs", actual.len() as f64, expected.len() as f64, 0.0)?;
        for (actual, expected) in actual.iter().zip(expected) {
            close(name, *actual, *expected, tolerance)?;
        }
    }
    for name in ["loss", "gradient_norm"] {
        let (actual, expected) =
            (fitted.history.step_series(name), expected.history.step_series(name));
        for (actual, expected) in actual.ok_or(name)?.iter().zip(expected.ok_or(name)?) {
            close(name, *actual, *expected, tolerance)?;
        }
    }
    for (actual, expected) in net.parameters().iter().zip(of.parameters().iter()) {
        for (actual, expected) in actual.as_slice().iter().zip(expected.as_slice()) {
            // Adam's first steps have the gradient's sign, however small it is
            close("parameter", actual.to_f64(), expected.to_f64(), 100.0 * tolerance)?;
        }
    }
    Ok(())
}

/// The ranks learn and measure together as one of them does alone.
pub fn is_the_whole_batch(world: &mut dyn Collective) -> Outcome {
    fn equal<T: Scalar>(world: &mut dyn Collective, tolerance: f64) -> Outcome {
        let (mut alone, mut together) = (Confusion::new(3), Confusion::new(3));
        let expected = learn::<T>(None, &mut alone, None, u64::MAX)?;
        let actual = learn::<T>(Some(world), &mut together, None, u64::MAX)?;
        same(&actual, &expected, tolerance)?;
        match together.to_string() == alone.to_string() {
            true => Ok(()),
            false => Err(format!("{together}\ninstead of\n{alone}").into()),
        }
    }
    equal::<f64>(world, 1e-12)?;
    equal::<f32>(world, 1e-6)
}

/// Batches of numbers, of two samples at least: a mean and a variance take as many.
fn numbers(epoch: u64) -> impl Iterator<Item = (Vec<f64>, Vec<f64>)> {
    let batches = batches::<f64>(epoch).map(|(x, _)| {
        let y: Vec<f64> = x.chunks(5).map(|x| x[0] - x[1] * x[2]).collect();
        (x, y)
    });
    batches.filter(|(_, y)| y.len() > 1)
}

/// The steps are those of `DataParallel`, and statistics of a few samples are left to fewer ranks.
pub fn statistics_are_of_the_part(world: &mut dyn Collective) -> Outcome {
    let (rank, size) = (world.rank(), world.size());
    let mut net = Normalised::init(5 + rank as u64).cast::<f64>();
    Trainer::new(&mut net, &mut Sgd::new(0.1)).epochs(2).distributed(&mut *world).fit(numbers)?;
    let mut group = DataParallel::new(world);
    let (mut other, mut sgd) = (Normalised::init(5).cast::<f64>(), Sgd::new(0.1));
    for (x, y) in (0..2).flat_map(numbers) {
        let ranks = size.min(y.len() / 2);
        let start = |rank: usize| y.len() * rank.min(ranks) / ranks;
        let part = start(rank)..start(rank + 1);
        group.train_step(&mut other, &x[part.start * 5..part.end * 5], &y[part], &mut sgd)?;
    }
    for (actual, expected) in net.parameters().iter().zip(other.parameters().iter()) {
        for (value, expected) in actual.as_slice().iter().zip(expected.as_slice()) {
            close(&actual.name(), *value, *expected, 1e-14)?;
        }
    }
    Ok(())
}

/// A folder of rank 0, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, world: &dyn Collective) -> Self {
        let (rank, size) = (world.rank(), world.size());
        let name = format!("monograd-{name}-{}-{rank}-of-{size}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Rank 0 alone has the checkpoints, from which all go on as if they had not stopped.
pub fn a_training_goes_on(world: &mut dyn Collective) -> Outcome {
    let folder = Folder::new("ranks", world);
    let confusion = &mut Confusion::new(3);
    let expected = learn::<f64>(Some(&mut *world), confusion, None, 7)?;
    // within epochs and at an end
    for steps in [1, 4, 5] {
        let (_, fitted) = learn::<f64>(Some(&mut *world), confusion, Some(&folder.0), steps)?;
        close("steps", fitted.steps as f64, steps as f64, 0.0)?;
    }
    let actual = learn::<f64>(Some(&mut *world), confusion, Some(&folder.0), 7)?;
    same(&actual, &expected, 1e-12)?;
    let resumed = actual.1.resumed_from.ok_or("it has begun anew")?;
    if !resumed.ends_with("checkpoint-0000000005.safetensors") {
        return Err(format!("resumed from `{}`", resumed.display()).into());
    }
    if folder.0.exists() != (world.rank() == 0) {
        return Err("rank 0 alone writes".into());
    }
    Ok(())
}

/// A reason to end the training on the last rank ends it on all, after the same step.
pub fn one_ends_all(world: &mut dyn Collective) -> Outcome {
    let is_last = world.rank() + 1 == world.size();
    let flag = Arc::new(AtomicBool::new(false));
    let (mut net, mut optimizer) = (Classes::init(1), AdamW::new(0.01));
    for (event, by_flag, steps) in [
        (Event::EpochBegin, false, 0),
        (Event::StepEnd, false, 2),
        (Event::StepEnd, true, 2),
        (Event::EpochEnd, false, 4),
        (Event::EpochEnd, true, 4),
    ] {
        flag.store(false, Ordering::Relaxed);
        let fitted = Trainer::new(&mut net, &mut optimizer)
            .epochs(3)
            .stop_when(flag.clone())
            .distributed(&mut *world)
            .on(event, |at| match (is_last && at.step() == steps, by_flag) {
                (false, _) => {}
                (true, true) => flag.store(true, Ordering::Relaxed),
                (true, false) => at.stop(),
            })
            .fit(batches::<f32>)?;
        let expected = if by_flag { Stop::Interrupted } else { Stop::Callback };
        if (fitted.steps, fitted.stop) != (steps, expected) {
            return Err(format!("{event:?}, {by_flag}: {fitted:?}").into());
        }
    }
    Ok(())
}

/// Ranks that do not train the same are told so, all of them.
pub fn ranks_that_differ(world: &mut dyn Collective) -> Outcome {
    let (rank, size) = (world.rank(), world.size());
    let is_last = rank + 1 == size;
    if size == 1 {
        return Ok(());
    }
    let failed = |of: usize, error: &Error| matches!(error, Error::Collective(CollectiveError::Failed { rank }) if *rank == of);
    let (mut net, mut optimizer) = (Classes::init(1), AdamW::new(0.01));
    let mut fit = |world: &mut dyn Collective, accumulate, fewer, wrong| {
        let data = |epoch| {
            let batches = batches::<f32>(epoch).enumerate().map(move |(at, (mut x, targets))| {
                if wrong && at == 1 {
                    x.pop();
                }
                (x, targets)
            });
            batches.take(if fewer { 3 } else { 4 })
        };
        let trainer = Trainer::new(&mut net, &mut optimizer).accumulate(accumulate);
        let error = trainer.distributed(world).fit(data).err();
        error.ok_or("ranks that differ have trained")
    };
    let text = "the training of rank 0 has other options than that of this rank: \
                `accumulate` is 1 in it, and 2 here";
    let error = fit(&mut *world, if is_last { 2 } else { 1 }, false, false)?;
    if if is_last { error.to_string() != text } else { !failed(size - 1, &error) } {
        return Err(format!("other options: {error}").into());
    }
    let error = fit(&mut *world, 1, is_last, false)?;
    let unequal = |error: &Error| match error {
        Error::Train(error) => {
            matches!(**error, TrainError::UnequalRanks { data: "training", epoch: 0, rank } if rank + 1 == size)
        }
        _ => false,
    };
    if !unequal(&error) {
        return Err(format!("fewer batches: {error}").into());
    }
    let error = fit(&mut *world, 1, false, is_last)?;
    let own = matches!(error, Error::InputLength { .. });
    if if is_last { !own } else { !failed(size - 1, &error) } {
        return Err(format!("wrong data: {error}").into());
    }

    // rank 0 refuses a folder with checkpoints
    let folder = Folder::new("ranks-refuse", world);
    let mut fit = |world: &mut dyn Collective| {
        let trainer = Trainer::new(&mut net, &mut optimizer).checkpoints(&folder.0);
        trainer.distributed(world).fit(batches::<f32>)
    };
    fit(&mut *world)?;
    let error = fit(&mut *world).err().ok_or("the folder was overwritten")?;
    let refused = match &error {
        Error::Train(error) => matches!(**error, TrainError::FolderInUse { .. }),
        _ => false,
    };
    if if rank == 0 { !refused } else { !failed(0, &error) } {
        return Err(format!("a folder in use: {error}").into());
    }
    Ok(())
}
