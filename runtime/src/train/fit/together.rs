//! The beginning of a training by several ranks: all of them have what rank 0 has.

use crate::buffer::Buffer;
use crate::distributed::{CollectiveError, SliceMut, broadcast_text};
use crate::error::Result;
use crate::layout::buffer_len;
use crate::network::{Trainable, broadcast_optimizer, broadcast_state};
use crate::train::checkpoint::{AVERAGE, BEST, Notes, put_options};
use crate::train::ranks::Ranks;
use crate::train::report::Reporter;
use crate::train::{TrainError, Trainer};

/// The buffers that rank 0 has beside those of network and optimiser.
const BUFFERS: &str = "buffers";
const RESUMED_FROM: &str = "resumed_from";
const AVERAGE_UPDATES: &str = "average_updates";

/// Resumes on rank 0, and takes its state over on the others.
pub(in crate::train) fn begin_together<N: Trainable>(
    trainer: &mut Trainer<'_, N>,
    ranks: &mut Ranks<'_, N>,
) -> Result<()> {
    trainer.begin_together(ranks)
}

impl<N: Trainable> Trainer<'_, N> {
    fn begin_together(&mut self, ranks: &mut Ranks<'_, N>) -> Result<()> {
        if !ranks.is_first() {
            self.course.reporter = Reporter::default();
            self.course.options.checkpoints = None;
        }
        let resumed = self.resume_or_refuse();
        ranks.all(resumed)?;
        let here = self.notes_of_rank();
        let text =
            broadcast_text(ranks.collective(), &self.notes_of_state(here.clone()).to_text())?;
        let first = Notes::from_text(&text).map_err(unread);
        let taken = match ranks.is_first() {
            true => first.map_err(Into::into),
            false => first.map_err(Into::into).and_then(|first| {
                self.take_over(&first, &here)?;
                Ok(first)
            }),
        };
        let first = ranks.all(taken)?;
        broadcast_state(self.net.state_mut(), N::LAYOUT, ranks.collective())?;
        broadcast_optimizer(self.optimizer, N::LAYOUT, ranks.collective())?;
        let buffers: String = first.get(BUFFERS).map_err(unread)?;
        for name in buffers.split_whitespace() {
            let own = match name {
                AVERAGE => self.average.as_ref().and_then(|average| average.values()),
                _ => Some(&*self.best),
            };
            let mut values = match own.filter(|own| !own.is_empty()) {
                Some(own) => Buffer::from_slice(own),
                None => Buffer::try_zeros(buffer_len(N::LAYOUT))?,
            };
            ranks.collective().broadcast(SliceMut::of(&mut values), 0)?;
            match (name, &mut self.average) {
                (AVERAGE, Some(average)) => {
                    average.restore(first.get(AVERAGE_UPDATES).map_err(unread)?, values);
                }
                _ => self.best = values,
            }
        }
        Ok(())
    }

    /// Returns the options that all ranks have to have.
    fn notes_of_rank(&self) -> Notes {
        let mut notes = self.course.notes_of_options(self.average.as_ref().map(|a| a.decay()));
        let (options, stopping) = (&self.course.options, &self.course.stopping);
        put_options(&mut notes, self.optimizer);
        notes.put_option("optimiser", self.optimizer.name());
        let numbers = [
            ("epochs", options.epochs),
            ("steps", options.steps),
            ("patience", stopping.patience),
            ("validation", self.validation.as_ref().map(|_| 1)),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                notes.put_option(name, number);
            }
        }
        notes.put_option("min_delta", format!("{:?}", stopping.min_delta));
        notes.put_option("restore_best", options.keeps_best);
        let metrics: Vec<String> = self.metrics.iter().flat_map(|metric| metric.names()).collect();
        notes.put_option("metrics", metrics.join(" "));
        notes
    }

    /// Adds the state of the training.
    fn notes_of_state(&self, mut notes: Notes) -> Notes {
        self.course.put(&mut notes);
        let mut buffers = Vec::new();
        if !self.best.is_empty() {
            buffers.push(BEST);
        }
        if let Some(average) = self.average.as_ref().filter(|average| average.updates() > 0) {
            buffers.push(AVERAGE);
            notes.put(AVERAGE_UPDATES, average.updates());
        }
        notes.put(BUFFERS, buffers.join(" "));
        if let Some(path) = &self.course.resumed_from {
            notes.put(RESUMED_FROM, path.display());
        }
        notes
    }

    /// Checks that rank 0 trains with the options of this rank, and takes over where its training is.
    fn take_over(&mut self, first: &Notes, here: &Notes) -> Result<()> {
        let mut differences = first.differences(here, "");
        if differences.is_empty() {
            differences = self.course.differences(first).map_err(unread)?;
        }
        if !differences.is_empty() {
            return Err(TrainError::OtherRank { differences }.into());
        }
        self.course.restore(first).map_err(unread)?;
        self.course.resumed_from = first.get::<String>(RESUMED_FROM).ok().map(Into::into);
        Ok(())
    }
}

/// Returns the error for a message that is not as this version of the library writes it.
fn unread(reason: String) -> CollectiveError {
    CollectiveError::Engine { message: format!("the state of rank 0 cannot be read: {reason}") }
}
