//! The part of a training that does not depend on the type of the network: where it is, its learning rate, its
//! values, and when it ends.

use super::TrainError;
use super::checkpoint::Notes;
use super::fitted::Stop;
use super::history::{History, LOSS, NORM, RATE};
use super::options::{Options, Rate};
use super::ranks::Pause;
use super::report::Reporter;
use super::stopping::{EarlyStopping, Goal};
use crate::error::Result;
use crate::nearest::Nearest;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

mod resume;

/// The mean loss of some samples.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    pub loss: f64,
    pub samples: f64,
}

impl Sum {
    pub fn add(&mut self, loss: f64, samples: usize) {
        self.loss += loss * samples as f64;
        self.samples += samples as f64;
    }

    pub fn mean(&self) -> f64 {
        self.loss / self.samples
    }
}

/// The state of a training.
pub(super) struct Course<'a> {
    pub options: Options,
    pub rate: Rate<'a>,
    pub stopping: EarlyStopping,
    pub reporter: Reporter<'a>,
    /// The flags that others set to end the training.
    pub flags: Vec<Arc<AtomicBool>>,
    pub history: History,
    pub epoch: u64,
    /// The number of batches of the epoch that were trained on.
    pub batch: u64,
    /// The number of steps taken.
    pub step: u64,
    /// The losses of the epoch, and of the step that is not complete.
    pub of_epoch: Sum,
    pub of_step: Sum,
    /// The number of micro-batches of the step that is not complete.
    pub parts: u64,
    pub last_loss: f64,
    /// The value to be optimised, after the last epoch.
    pub value: Option<f64>,
    pub is_stopped: bool,
    pub is_interrupted: bool,
    pub saved: Option<u64>,
    pub resumed_from: Option<PathBuf>,
    /// The beginning of the epoch, or of its rest, and the samples since then.
    pub clock: Instant,
    pub clocked: f64,
}

impl Course<'_> {
    /// Checks the options, before anything is trained. `measured` are the names of the values of each epoch.
    pub fn check(&self, measured: &[String]) -> Result<(), TrainError> {
        let Options { accumulate, clip_norm, epoch_len, .. } = self.options;
        let wrong =
            |option, value: String, expected| TrainError::Option { option, value, expected };
        if accumulate == 0 {
            return Err(wrong("accumulate", "0".into(), "1 or more"));
        }
        if epoch_len == Some(0) {
            return Err(wrong("batches_per_epoch", "0".into(), "1 or more"));
        }
        if let Some(max) = clip_norm.filter(|max| max.is_nan() || *max <= 0.0) {
            return Err(wrong("clip_norm", max.to_string(), "more than 0"));
        }
        if self.stopping.min_delta.is_nan() || self.stopping.min_delta < 0.0 {
            return Err(wrong("min_delta", self.stopping.min_delta.to_string(), "0 or more"));
        }
        match &self.options.value {
            Some(name) if self.find(name, |name| measured.iter().any(|m| m == name)).is_none() => {
                let nearest = self.nearest(name, measured);
                let known = measured.to_vec();
                Err(TrainError::UnknownValue { name: name.clone(), nearest, known })
            }
            _ => Ok(()),
        }
    }

    /// Returns the full name of a value: that of the validation, if there is one.
    fn find(&self, name: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
        [format!("val_{name}"), name.to_owned()].into_iter().find(|name| is_known(name))
    }

    /// Returns the measured name that is most similar, as it is asked for: without the part in front of values of the
    /// validation.
    fn nearest(&self, name: &str, measured: &[String]) -> Option<String> {
        let mut nearest = Nearest::to(name);
        for known in measured {
            let short = known.strip_prefix("val_").unwrap_or(known);
            let shown = if name.starts_with("val_") { known } else { short };
            nearest.consider_as(shown, shown);
        }
        nearest.found()
    }

    /// Returns true if there is nothing more to train.
    pub fn is_over(&self) -> bool {
        let reached = |at: u64, end: Option<u64>| end.is_some_and(|end| at >= end);
        reached(self.epoch, self.options.last_epoch())
            || self.is_out_of_steps()
            || self.is_paused()
            || self.stopping.is_over()
    }

    /// Returns true if all steps are taken.
    pub fn is_out_of_steps(&self) -> bool {
        self.options.steps.is_some_and(|steps| self.step >= steps)
    }

    /// Returns true if a callback or a signal ends the training.
    pub fn is_paused(&self) -> bool {
        self.is_stopped || self.is_interrupted
    }

    /// Looks at the flags that others set to end the training.
    pub fn poll(&mut self) {
        self.is_interrupted |= self.flags.iter().any(|flag| flag.load(Ordering::Relaxed));
    }

    /// Returns the reasons to end the training now.
    pub fn pause(&self) -> Pause {
        Pause { is_stopped: self.is_stopped, is_interrupted: self.is_interrupted }
    }

    /// Takes over the reasons of all ranks.
    pub fn set_pause(&mut self, pause: Pause) {
        (self.is_stopped, self.is_interrupted) = (pause.is_stopped, pause.is_interrupted);
    }

    /// Returns true if the epoch has all batches that it is to have.
    pub fn is_full(&self) -> bool {
        self.options.epoch_len.is_some_and(|len| self.batch >= len)
    }

    /// Returns the learning rate of the next step, if it is not the optimiser's own.
    pub fn learning_rate(&self) -> Option<f64> {
        match &self.rate {
            Rate::Own => None,
            Rate::Scheduled(schedule) => Some(schedule.rate(self.step)),
            Rate::Plateau(plateau) => Some(plateau.rate()),
        }
    }

    pub fn begin_epoch(&mut self) {
        (self.clock, self.clocked) = (Instant::now(), 0.0);
    }

    /// Notes a training pass over a batch. Fails if the loss is not finite.
    pub fn note_pass(&mut self, loss: f64, samples: usize, rate: f64) -> Result<(), TrainError> {
        if !loss.is_finite() {
            return Err(self.not_finite("loss", loss, rate));
        }
        self.of_step.add(loss, samples);
        self.clocked += samples as f64;
        self.batch += 1;
        self.parts += 1;
        Ok(())
    }

    /// Returns the error for a number that is not finite in the current batch.
    pub fn not_finite(&self, what: &'static str, value: f64, learning_rate: f64) -> TrainError {
        let batch = if what == "loss" { self.batch } else { self.batch.saturating_sub(1) };
        let (step, epoch) = (self.step, self.epoch);
        TrainError::NotFinite { what, value, step, epoch, batch, learning_rate, cause: None }
    }

    /// Notes that a step was taken with this learning rate, and this norm of the gradients if it is known.
    pub fn note_step(&mut self, rate: f64, norm: Option<f64>) {
        let loss = self.of_step.mean();
        match norm {
            None => self.history.record_step(self.step, &[(LOSS, loss), (RATE, rate)]),
            Some(norm) => {
                self.history.record_step(self.step, &[(LOSS, loss), (RATE, rate), (NORM, norm)]);
            }
        }
        self.of_epoch.loss += self.of_step.loss;
        self.of_epoch.samples += self.of_step.samples;
        (self.of_step, self.parts, self.last_loss) = (Sum::default(), 0, loss);
        self.step += 1;
        let speed = self.clocked / self.clock.elapsed().as_secs_f64().max(1e-9);
        self.reporter.step(self.step, self.epoch, self.of_epoch.mean(), speed);
    }

    /// Adds the row of the epoch to the history.
    pub fn note_epoch(&mut self, rate: f64, measured: Option<&super::Measured>) {
        let seconds = self.clock.elapsed().as_secs_f64();
        let mut row = vec![(LOSS.to_owned(), self.of_epoch.mean())];
        if let Some(measured) = measured {
            row.extend(measured.iter().map(|(name, value)| (format!("val_{name}"), value)));
        }
        row.push((RATE.to_owned(), rate));
        row.push(("samples_per_second".to_owned(), self.clocked / seconds.max(1e-9)));
        row.push(("seconds".to_owned(), seconds));
        let row: Vec<(&str, f64)> =
            row.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        self.history.record_epoch(self.epoch, self.step, &row);
        self.reporter.epoch(self.epoch, &row);
        self.last_loss = self.of_epoch.mean();
        let name = self.options.value.as_deref().unwrap_or(LOSS);
        let of = |name: &str| row.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        self.value = self.find(name, |name| of(name).is_some()).and_then(|name| of(&name));
    }

    /// Lets early stopping and the learning rate know the value of the epoch. Returns true if it is the best.
    pub fn observe(&mut self) -> bool {
        let Some(value) = self.value else { return false };
        if let Rate::Plateau(plateau) = &mut self.rate {
            let is_less = self.stopping.goal == Goal::Minimize;
            plateau.observe(if is_less { value } else { -value });
        }
        self.stopping.observe(value)
    }

    pub fn next_epoch(&mut self) {
        self.epoch += 1;
        (self.batch, self.of_epoch) = (0, Sum::default());
    }

    /// Returns true if a checkpoint is due in the middle of an epoch.
    pub fn is_due(&self) -> bool {
        let every =
            self.options.checkpoints.as_ref().and_then(|checkpoints| checkpoints.every_steps);
        self.parts == 0 && every.is_some_and(|every| self.step.is_multiple_of(every))
    }

    /// Returns true if a checkpoint is due after an epoch.
    pub fn is_due_after_epoch(&self) -> bool {
        let every = self.options.checkpoints.as_ref().map_or(0, |c| c.every_epochs);
        every > 0 && self.epoch.is_multiple_of(every)
    }

    /// Returns the reason why the training ended.
    pub fn stop(&self) -> Stop {
        match () {
            () if self.is_interrupted => Stop::Interrupted,
            () if self.is_stopped => Stop::Callback,
            () if self.stopping.is_over() => Stop::Patience,
            () => Stop::Finished,
        }
    }

    /// Returns the options that have to be the same when the training goes on.
    pub fn notes_of_options(&self, average: Option<f64>) -> Notes {
        let mut notes = Notes::default();
        let Options { accumulate, clip_norm, epoch_len, value, .. } = &self.options;
        notes.put_option("accumulate", accumulate);
        let mut put = |name, value: Option<String>| {
            if let Some(value) = value {
                notes.put_option(name, value);
            }
        };
        put("clip_norm", clip_norm.map(|max| format!("{max:?}")));
        put("batches_per_epoch", epoch_len.map(|len| len.to_string()));
        put("average", average.map(|decay| format!("{decay:?}")));
        let (goal, value) = (self.stopping.goal.name(), value.as_deref().unwrap_or(LOSS));
        notes.put_option(goal, value);
        notes.put_option(
            "learning_rate",
            match &self.rate {
                Rate::Own => "that of the optimiser",
                Rate::Scheduled(_) => "a schedule",
                Rate::Plateau(_) => "reduced on plateau",
            },
        );
        notes
    }
}
