//! A training that is resumed goes on bit for bit as if it had not stopped.

use super::super::{Checkpoints, Event, Fitted, Stop};
use super::*;
use crate::metrics::Confusion;
use crate::schedule::{Cosine, ReduceOnPlateau, Schedule as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The parts that a training has.
#[derive(Clone, Copy)]
enum Kind {
    /// Accumulation, an average of weights, a schedule, clipping, patience.
    Everything,
    /// A rate that is reduced on plateau, with momentum.
    Plateau,
}

fn run(kind: Kind, folder: &Path, epochs: u64, steps: u64) -> Result<(Scores, Fitted), Error> {
    let (x, y) = thirds();
    let (mut net, mut adam, mut sgd) =
        (Scores::init(5), AdamW::new(0.01), Sgd::new(0.05).momentum(0.9));
    let optimizer: &mut dyn Optimizer<f32> = match kind {
        Kind::Everything => &mut adam,
        Kind::Plateau => &mut sgd,
    };
    let trainer = Trainer::new(&mut net, optimizer)
        .epochs(epochs)
        .steps(steps)
        .validation(|_| [(&x, &y)])
        .checkpoints(Checkpoints::new(folder).every_steps(2))
        .resume();
    let trainer = match kind {
        Kind::Everything => trainer
            .accumulate(5)
            .average(0.9)
            .schedule(Cosine::new(0.02, 0.0, 40).warm_up(3))
            .clip_norm(0.5)
            .maximize("f1")
            .metric(Confusion::new(3))
            .patience(2),
        Kind::Plateau => trainer
            .reduce_on_plateau(ReduceOnPlateau::new(0.05).patience(0).threshold(0.2))
            .restore_best(true),
    };
    let fitted = trainer.fit(shuffled)?;
    Ok((net, fitted))
}

#[test]
fn stopping_anywhere_changes_nothing() -> Result<(), Error> {
    let folder = Folder::new("resume");
    for (number, kind) in [Kind::Everything, Kind::Plateau].into_iter().enumerate() {
        let at = |name: &str| folder.path().join(format!("{number}-{name}"));
        let (whole, fitted) = run(kind, &at("whole"), 8, u64::MAX)?;
        // within epochs and at their ends, and not at all
        for steps in [1, 2, 5, 7, 9, 9, 13] {
            let (_, stopped) = run(kind, &at("parts"), 8, steps)?;
            assert_eq!((stopped.steps, stopped.stop), (steps, Stop::Finished));
        }
        run(kind, &at("parts"), 6, u64::MAX)?;
        let (parts, resumed) = run(kind, &at("parts"), 8, u64::MAX)?;
        assert_same(&whole, &parts);
        assert!(resumed.resumed_from.is_some() && fitted.resumed_from.is_none());
        assert_eq!((resumed.best, resumed.steps), (fitted.best, fitted.steps));
        for name in ["loss", "learning_rate"] {
            assert_eq!(fitted.history.step_series(name), resumed.history.step_series(name));
            assert_eq!(fitted.history.series(name), resumed.history.series(name));
        }
        assert_eq!(fitted.history.series("val_loss"), resumed.history.series("val_loss"));
        if let Kind::Plateau = kind {
            let rates = fitted.history.series("learning_rate").unwrap();
            assert!(rates[7] < rates[0], "{rates:?}");
        }
        // a training that is over stays as it is
        let (over, again) = run(kind, &at("parts"), 8, u64::MAX)?;
        assert_same(&over, &whole);
        assert_eq!(again.steps, fitted.steps);
    }
    Ok(())
}

/// An interrupted training leaves a checkpoint, from which it goes on.
#[test]
fn an_interrupted_training_goes_on() -> Result<(), Error> {
    let folder = Folder::new("interrupted");
    let run = |path: &Path, end: u64| -> Result<(Scores, Fitted), Error> {
        let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.01));
        let flag = Arc::new(AtomicBool::new(false));
        let fitted = Trainer::new(&mut net, &mut adam)
            .epochs(3)
            .checkpoints(path)
            .resume()
            .stop_when(flag.clone())
            .on(Event::StepEnd, |at| flag.store(at.step() == end, Ordering::Relaxed))
            .fit(shuffled)?;
        Ok((net, fitted))
    };
    let (whole, _) = run(&folder.path().join("whole"), 0)?;
    let path = folder.path().join("parts");
    for end in [4, 12, 23, 36] {
        let (_, fitted) = run(&path, end)?;
        assert_eq!((fitted.steps, fitted.stop), (end, Stop::Interrupted));
    }
    let (parts, fitted) = run(&path, 0)?;
    assert_same(&whole, &parts);
    assert_eq!(fitted.stop, Stop::Finished);
    Ok(())
}

/// The last ones and the best one are kept.
#[test]
fn old_checkpoints_are_deleted() -> Result<(), Error> {
    let folder = Folder::new("rotation");
    let (mut net, mut sgd) = (Line::init(1), Sgd::new(0.0));
    let checkpoints = Checkpoints::new(folder.path()).keep_last(2).keep_best(2);
    // the loss of the epoch is its number's distance from 3
    let data = |epoch: u64| [([0.0_f32], [(epoch as f32 - 3.0) * 10.0 + 0.125])];
    Trainer::new(&mut net, &mut sgd).epochs(8).checkpoints(checkpoints.clone()).fit(data)?;
    let steps: Vec<u64> = checkpoints.list()?.iter().map(|(step, _)| *step).collect();
    assert_eq!(steps.len(), 4, "{steps:?}");
    assert!(steps.contains(&4) && steps.ends_with(&[7, 8]), "{steps:?}");
    let best = checkpoints.best()?.unwrap();
    assert!(best.ends_with("checkpoint-0000000004.safetensors"), "{}", best.display());
    let others: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(others.len(), 4);
    Ok(())
}
