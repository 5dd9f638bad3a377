//! The loop: its steps, epochs, events and ends.

use super::super::{At, Callback, Event, Goal, Perplexity, Stop, TrainError};
use super::*;
use crate::metrics::{Confusion, Regression, RocAuc, TopK};
use crate::schedule::ReduceOnPlateau;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The trainer takes the steps of a loop of one's own, bit for bit.
#[test]
fn the_steps_of_a_bare_loop() -> Result<(), Error> {
    let (mut net, mut optimizer) = (Scores::init(1), AdamW::new(0.01));
    for epoch in 0..3 {
        for (x, y) in shuffled(epoch) {
            net.train_step(&x, &y, &mut optimizer)?;
        }
    }
    let (mut other, mut adam) = (Scores::init(1), AdamW::new(0.01));
    let fitted = Trainer::new(&mut other, &mut adam).epochs(3).fit(shuffled)?;
    assert_same(&net, &other);
    assert_eq!((fitted.steps, fitted.stop, adam.steps()), (36, Stop::Finished, 36));
    assert_eq!(fitted.history.epochs(), [0, 1, 2]);
    assert_eq!(fitted.history.steps().len(), 36);
    Ok(())
}

network! {
    Cubic(x: [3]) -> [2] { x >> Linear(5) >> Tanh >> Linear(2) }
    loss mse
}

/// Micro-batches of any sizes are one large batch.
#[test]
fn accumulation_equals_the_large_batch() -> Result<(), Error> {
    let numbers =
        |n: usize, seed: f64| -> Vec<f64> { (0..n).map(|i| (i as f64 * seed).sin()).collect() };
    let (x, y) = (numbers(3 * 15, 0.7), numbers(2 * 15, 1.3));
    let parts = [(0, 5), (5, 8), (8, 15)];
    let part =
        |(from, to): (usize, usize)| (x[3 * from..3 * to].to_vec(), y[2 * from..2 * to].to_vec());
    for (accumulate, clip) in [(3, None), (8, None), (3, Some(0.05))] {
        let mut whole = Cubic::init(1).cast::<f64>();
        let mut parted = whole.clone();
        let (mut one, mut other) = (AdamW::new(0.01), AdamW::new(0.01));
        let mut at_once = Trainer::new(&mut whole, &mut one).epochs(20);
        let mut bit_by_bit =
            Trainer::new(&mut parted, &mut other).epochs(20).accumulate(accumulate);
        if let Some(max) = clip {
            (at_once, bit_by_bit) = (at_once.clip_norm(max), bit_by_bit.clip_norm(max));
        }
        let at_once = at_once.fit(|_| [(&x, &y)])?;
        let bit_by_bit = bit_by_bit.fit(|_| parts.map(part))?;
        assert_eq!((at_once.steps, bit_by_bit.steps), (20, 20));
        for (a, b) in whole.parameters().iter().zip(parted.parameters().iter()) {
            for (a, b) in a.as_slice().iter().zip(b.as_slice()) {
                assert!((a - b).abs() < 1e-12, "{a} {b}");
            }
        }
        for name in ["loss", "gradient_norm"] {
            let series = |fitted: &super::super::Fitted| {
                fitted.history.step_series(name).map(<[f64]>::to_vec).unwrap_or_default()
            };
            for (a, b) in series(&at_once).iter().zip(series(&bit_by_bit)) {
                assert!((a - b).abs() < 1e-12, "{name}: {a} {b}");
            }
        }
    }
    Ok(())
}

/// Steps, batches of an epoch, and data without an end.
#[test]
fn steps_of_endless_data() -> Result<(), Error> {
    let (mut net, mut sgd) = (Line::init(1), Sgd::new(0.01));
    let endless = |_| (0..).map(|i| ([(i % 7) as f32], [1.0_f32]));
    let fitted = Trainer::new(&mut net, &mut sgd).steps(25).batches_per_epoch(10).fit(endless)?;
    assert_eq!((fitted.steps, fitted.history.epochs()), (25, &[0, 1, 2][..]));
    let fitted = Trainer::new(&mut net, &mut sgd)
        .epochs(2)
        .batches_per_epoch(10)
        .accumulate(4)
        .fit(endless)?;
    assert_eq!(fitted.steps, 6); // 4 + 4 + 2 batches in each epoch
    Ok(())
}

/// Every metric is measured in one pass, and the best weights are restored.
#[test]
fn validation_and_the_best_weights() -> Result<(), Error> {
    let (x, y) = thirds();
    let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.05));
    let mut confusion = Confusion::new(3);
    let at_best = RefCell::new((f64::NEG_INFINITY, None));
    let fitted = Trainer::new(&mut net, &mut adam)
        .epochs(50)
        .validation(|_| x.chunks(2 * 20).zip(y.chunks(20)))
        .metric(&mut confusion)
        .metric(TopK::new(2, 3))
        .metric(Perplexity)
        .maximize("f1")
        .patience(3)
        .min_delta(0.001)
        .on(Event::EpochEnd, |at| {
            let f1 = at.history().last("val_f1").unwrap();
            if f1 > at_best.borrow().0 + 0.001 {
                *at_best.borrow_mut() = (f1, Some(at.net().clone()));
            }
        })
        .fit(shuffled)?;
    let (value, best) = at_best.into_inner();
    assert_same(&best.unwrap(), &net);
    assert_eq!(fitted.stop, Stop::Patience);
    let (epoch, found) = fitted.best.unwrap();
    assert_eq!(found, value);
    assert_eq!(fitted.history.epochs().len() as u64, epoch + 1 + 3);
    assert_eq!(fitted.history.last("val_f1"), Some(confusion.macro_f1()));
    let names: Vec<&str> = fitted.history.names().take(8).collect();
    let expected = [
        "loss",
        "val_loss",
        "val_accuracy",
        "val_precision",
        "val_recall",
        "val_f1",
        "val_top2",
        "val_perplexity",
    ];
    assert_eq!(names, expected);
    // the network's own accuracy, over batches of unequal sizes, is that of all samples
    let series = |name| fitted.history.series(name).unwrap();
    assert!((series("val_accuracy").last().unwrap() - confusion.accuracy()).abs() < 1e-6);
    assert_eq!(series("val_perplexity")[0], series("val_loss")[0].exp());
    Ok(())
}

network! {
    Sure(x: [1]) -> [1] { x >> Linear(1) }
    loss bce_with_logits
}

#[test]
fn metrics_of_numbers() -> Result<(), Error> {
    let (x, y) = ([-1.0_f32, -0.5, 0.5, 1.0], [0.0_f32, 0.0, 1.0, 1.0]);
    let (mut net, mut sgd) = (Sure::init(1), Sgd::new(0.5));
    let fitted = Trainer::new(&mut net, &mut sgd)
        .epochs(30)
        .validation(|_| [(&x, &y)])
        .metric(RocAuc::new())
        .metric(Regression::new())
        .fit(|_| [(&x, &y)])?;
    assert_eq!(fitted.history.last("val_roc_auc"), Some(1.0));
    assert!(fitted.history.last("val_mae").is_some() && fitted.history.last("val_r2").is_some());
    Ok(())
}

struct Events<'e>(&'e RefCell<Vec<String>>);

impl<N: Trainable> Callback<N> for Events<'_> {
    fn epoch_begin(&mut self, at: &mut At<'_, N>) -> Result<(), Error> {
        self.0.borrow_mut().push(format!("begin {}", at.epoch()));
        Ok(())
    }

    fn step_end(&mut self, at: &mut At<'_, N>) -> Result<(), Error> {
        assert!(at.loss().is_finite() && at.optimizer().steps() == at.step());
        self.0.borrow_mut().push(format!("step {}", at.step()));
        if at.step() == 5 {
            at.stop();
        }
        Ok(())
    }

    fn epoch_end(&mut self, at: &mut At<'_, N>) -> Result<(), Error> {
        self.0.borrow_mut().push(format!(
            "end {}, {} rows",
            at.epoch(),
            at.history().epochs().len()
        ));
        Ok(())
    }
}

#[test]
fn callbacks() -> Result<(), Error> {
    let (mut net, mut sgd) = (Line::init(1), Sgd::new(0.1));
    let events = RefCell::default();
    let data = |_| [([1.0_f32], [1.0_f32]); 3];
    let fitted = Trainer::new(&mut net, &mut sgd)
        .epochs(9)
        .callback(Events(&events))
        .on(Event::StepEnd, |at| at.optimizer().set_learning_rate(0.01))
        .fit(data)?;
    assert_eq!((fitted.stop, fitted.steps), (Stop::Callback, 5));
    let expected =
        ["begin 0", "step 1", "step 2", "step 3", "end 0, 1 rows", "begin 1", "step 4", "step 5"];
    assert_eq!(*events.borrow(), expected);
    assert_eq!(fitted.history.step_series("learning_rate").unwrap()[..2], [0.1, 0.01]);

    let failing = Trainer::new(&mut net, &mut sgd).on(Event::EpochEnd, |_| Err("enough")).fit(data);
    assert_eq!(failing.unwrap_err().to_string(), "enough");
    let failing = Trainer::new(&mut net, &mut sgd)
        .on(Event::EpochBegin, |at| at.net().forward(&[f32::NAN; 0]).map(drop))
        .fit(data);
    assert!(matches!(failing, Err(Error::EmptyBatch { .. })));
    Ok(())
}

#[test]
fn lines_and_flags() -> Result<(), Error> {
    let (mut net, mut sgd) = (Line::init(1), Sgd::new(0.1));
    let (mut lines, flag) = (Vec::new(), Arc::new(AtomicBool::new(false)));
    let fitted = Trainer::new(&mut net, &mut sgd)
        .epochs(12)
        .reduce_on_plateau(ReduceOnPlateau::new(0.01))
        .report(|line| lines.push(line.to_owned()))
        .stop_when(flag.clone())
        .on(Event::EpochEnd, |at| flag.store(at.epoch() == 1, Ordering::Relaxed))
        .fit(|_| [([0.0_f32], [0.5_f32])])?;
    assert_eq!(fitted.stop, Stop::Interrupted);
    assert_eq!(lines.len(), 2);
    assert!(
        lines[0].starts_with("epoch  1/12  loss ")
            && lines[0].contains("  learning_rate 1.00e-2  ")
    );
    Ok(())
}

/// A loss that is NaN names the step, and leaves everything as before it.
#[test]
fn a_loss_that_is_nan() {
    let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.01));
    let mut before = None;
    let broken = |epoch| {
        shuffled(epoch).enumerate().map(move |(at, (mut x, y))| {
            if epoch == 1 && at == 4 {
                x[3] = f32::NAN;
            }
            (x, y)
        })
    };
    let result = Trainer::new(&mut net, &mut adam)
        .epochs(3)
        .on(Event::StepEnd, |at| {
            if at.step() == 16 {
                before = Some(at.net().clone());
            }
        })
        .fit(broken);
    let error = result.unwrap_err().to_string();
    let expected = "the loss of step 16 (epoch 1, batch 4) is NaN, so that the step was not taken. Look at this batch";
    assert!(error.starts_with(expected), "{error}");
    assert!(error.contains("learning rate (1e-2: lower it"), "{error}");
    let cause =
        "(`clip_norm`); the loss is NaN: with `#[inspect]` before the network's name, this names";
    assert!(error.contains(cause), "{error}");
    assert_same(&before.unwrap(), &net);
    assert_eq!(adam.steps(), 16);

    // an infinite gradient of a finite loss is found by clipping
    let (mut line, mut sgd) = (Line::init(1), Sgd::new(0.1));
    line.parameters_mut().get("linear0.weight").unwrap().as_mut_slice()[0] = 1e15;
    let result =
        Trainer::new(&mut line, &mut sgd).clip_norm(1.0).fit(|_| [([3e23_f32], [0.0_f32])]);
    assert!(
        matches!(result, Err(Error::Train(error)) if matches!(*error, TrainError::NotFinite { .. }))
    );
}

#[test]
fn goals_have_directions() {
    assert_ne!(Goal::Minimize.name(), Goal::Maximize.name());
}
