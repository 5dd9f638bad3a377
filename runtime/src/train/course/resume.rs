//! The state of a training in a checkpoint.

use super::{Course, Sum};
use crate::train::checkpoint::{GOAL, MOST, Notes, VALUE};
use crate::train::history::History;
use crate::train::options::Rate;

const EPOCH: &str = "epoch";
const BATCH: &str = "batch";
const STEP: &str = "step";
const SUM: &str = "epoch_loss";
const STOPPING: &str = "early_stopping";
const PLATEAU: &str = "plateau";
const SCHEDULED: &str = "scheduled_rate";
const HISTORY: &str = "history";

impl Course<'_> {
    /// Adds the state to the notes of a checkpoint.
    pub fn put(&self, notes: &mut Notes) {
        notes.put(EPOCH, self.epoch);
        notes.put(BATCH, self.batch);
        notes.put(STEP, self.step);
        notes.put_numbers(SUM, &[self.of_epoch.loss, self.of_epoch.samples]);
        let (number, best) =
            self.stopping.best.map_or((-1.0, f64::NAN), |(n, best)| (n as f64, best));
        notes.put_numbers(STOPPING, &[self.stopping.seen as f64, number, best]);
        match &self.rate {
            Rate::Own => {}
            Rate::Scheduled(schedule) => notes.put_numbers(SCHEDULED, &[schedule.rate(self.step)]),
            Rate::Plateau(plateau) => {
                let (rate, best, bad, cooling) = plateau.state();
                notes.put_numbers(PLATEAU, &[rate, best, bad as f64, cooling as f64]);
            }
        }
        // only after an epoch, since the value is that of the weights then
        if let Some(value) = self.value.filter(|_| self.batch == 0) {
            notes.put_numbers(VALUE, &[value]);
            notes.put(GOAL, self.stopping.goal.name());
        }
        notes.put(HISTORY, self.history.to_csv());
    }

    /// Returns what differs between the schedule and that of the checkpoint.
    pub fn differences(&self, notes: &Notes) -> Result<Vec<String>, String> {
        let Rate::Scheduled(schedule) = &self.rate else { return Ok(Vec::new()) };
        let ([theirs], step) = (notes.numbers(SCHEDULED)?, notes.get(STEP)?);
        let ours = schedule.rate(step);
        Ok(match theirs.to_bits() == ours.to_bits() {
            true => Vec::new(),
            false => vec![format!(
                "the schedule's rate of step {step} is {theirs:?} in it, and {ours:?} here"
            )],
        })
    }

    /// Restores the state. An error is the reason; nothing is changed then.
    pub fn restore(&mut self, notes: &Notes) -> Result<(), String> {
        let (epoch, batch, step) = (notes.count(EPOCH)?, notes.count(BATCH)?, notes.count(STEP)?);
        let [loss, samples] = notes.numbers(SUM)?;
        let [seen, number, best] = notes.numbers(STOPPING)?;
        let seen = count(STOPPING, seen)?;
        let best = match number < 0.0 {
            true => None,
            false => Some((count(STOPPING, number)?, best)),
        };
        // the best is one of those seen
        if best.is_some_and(|(number, best)| number >= seen || best.is_nan()) {
            return Err(impossible(STOPPING));
        }
        count(SUM, samples)?;
        if loss.is_nan() {
            return Err(impossible(SUM));
        }
        let text: String = notes.get(HISTORY)?;
        let history = History::from_csv(&text)
            .map_err(|(line, reason)| format!("line {line} of its history: {reason}"))?;
        if let Rate::Plateau(plateau) = &mut self.rate {
            let [rate, best, bad, cooling] = notes.numbers(PLATEAU)?;
            if !rate.is_finite() || rate < 0.0 || best.is_nan() {
                return Err(impossible(PLATEAU));
            }
            plateau.restore((rate, best, count(PLATEAU, bad)?, count(PLATEAU, cooling)?));
        }
        (self.epoch, self.batch, self.step) = (epoch, batch, step);
        self.of_epoch = Sum { loss, samples };
        (self.stopping.seen, self.stopping.best) = (seen, best);
        self.history = history;
        self.saved = Some(step);
        Ok(())
    }
}

/// Returns a count among the numbers of a name; an error is the reason.
fn count(name: &str, number: f64) -> Result<u64, String> {
    let is_count = number >= 0.0 && number <= MOST as f64 && number.fract() == 0.0;
    is_count.then_some(number as u64).ok_or_else(|| impossible(name))
}

/// Returns the reason for numbers that no training has.
fn impossible(name: &str) -> String {
    format!("`{name}` of its metadata is not what a training leaves")
}
