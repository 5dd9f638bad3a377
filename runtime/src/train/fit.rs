//! The loop of a training.

use super::callback::{At, Event};
use super::fitted::Fitted;
use super::ranks::{Next, agree};
use super::{Measured, Metric, TrainError, Trainer};
use crate::buffer::Buffer;
use crate::data::{Batch, Batches, DataError};
use crate::error::{Error, Result};
use crate::network::{self, Trainable, assign_states, backward};
use crate::optimizer::clip_gradient_norm;
use crate::scalar::Scalar;

mod checkpoints;
mod together;

pub(super) use together::begin_together;

impl<N: Trainable> Trainer<'_, N> {
    /// Trains on the data, and returns the history. The network has the best weights then if there is patience, or
    /// their average if that is kept.
    ///
    /// # Errors
    /// Those of the data, the network, the optimiser, the metrics, the callbacks and the checkpoints; if an option is
    /// out of range; if a loss is NaN or infinite. The network is then as before the step, and all checkpoints
    /// are whole.
    pub fn fit(mut self, mut data: impl Batches<N>) -> Result<Fitted> {
        #[cfg(feature = "interrupt")]
        let _caught = self.catch()?;
        self.begin(data.batches())?;
        while !self.course.is_over() {
            self.course.begin_epoch();
            self.call(Event::EpochBegin)?;
            let mut batches = data.epoch(self.course.epoch)?;
            // resumed: those that it has seen
            if let Some(seen) = self.course.batch.checked_sub(1) {
                match batches.nth(usize::try_from(seen).unwrap_or(usize::MAX)) {
                    Some(batch) => drop(batch?),
                    None => return Err(self.shorter_epoch().into()),
                }
            }
            let is_complete = loop {
                if self.course.is_full() {
                    break true;
                }
                let next = self.next(&mut batches)?;
                if self.course.is_paused() {
                    break false;
                }
                let Some(batch) = next else { break true };
                if self.course.is_out_of_steps() {
                    break false;
                }
                self.train(&batch)?;
            };
            drop(batches);
            if !self.end_epoch(is_complete)? {
                break;
            }
        }
        self.finish()
    }

    /// Returns the next batch, if there is one, and if nothing ends the training before it.
    fn next<B>(
        &mut self,
        batches: &mut impl Iterator<Item = Result<B, DataError>>,
    ) -> Result<Option<B>> {
        let next = match self.course.is_paused() {
            true => Ok(None),
            false => batches.next().transpose(),
        };
        let agreed = self.share(Next::of(&next));
        // the rank's own error tells more than that it has failed
        let batch = next?;
        agreed?;
        Ok(batch)
    }

    /// Looks at the flags that end the training, those of all ranks.
    fn poll(&mut self) -> Result<()> {
        self.course.poll();
        self.share(Next::End)
    }

    /// Takes over the reasons of other ranks to end the training, and tells them those of this one.
    fn share(&mut self, next: Next) -> Result<()> {
        let Some(ranks) = &mut self.ranks else { return Ok(()) };
        let (own, epoch) = (self.course.pause(), self.course.epoch);
        let pause = agree(ranks.collective(), next, own, ("training", epoch))?;
        self.course.set_pause(pause);
        Ok(())
    }

    /// Trains on a batch.
    fn train(&mut self, batch: &impl Batch<N>) -> Result<()> {
        if self.course.parts == 0
            && let Some(rate) = self.course.learning_rate()
        {
            self.optimizer.set_learning_rate(rate);
        }
        let whole = network::Batch::<N>::new(batch.inputs(), batch.targets());
        let (loss, samples) = match &mut self.ranks {
            None => {
                let whole = whole?;
                (backward(self.net, &whole)?, whole.samples)
            }
            Some(ranks) => ranks.backward(self.net, whole)?,
        };
        self.take_pass(loss.to_f64(), samples).map_err(|error| explained(error, self.net, batch))
    }

    /// Takes over a training pass, and the step if it is complete.
    fn take_pass(&mut self, loss: f64, samples: usize) -> Result<()> {
        self.course.note_pass(loss, samples, self.optimizer.learning_rate())?;
        assign_states(self.net);
        let state = self.net.state_mut();
        state.steps += 1;
        if self.course.options.accumulate > 1 {
            if self.course.parts == 1 && self.sum.len() != state.parameters.len() {
                self.sum = Buffer::try_zeros(state.parameters.len())?;
            }
            let (weight, is_first) = (N::Scalar::from_f64(samples as f64), self.course.parts == 1);
            add_scaled(&mut self.sum, state.gradients_mut(), weight, is_first);
        }
        if self.course.parts == self.course.options.accumulate {
            self.step()?;
            self.course.poll();
            if self.course.is_due() {
                self.save()?;
            }
        }
        Ok(())
    }

    /// Takes a step with the gradients of the last pass, or of all since the last step.
    fn step(&mut self) -> Result<()> {
        let (state, rate) = (self.net.state_mut(), self.optimizer.learning_rate());
        let gradients = state.gradients_mut();
        if self.course.options.accumulate > 1 {
            let share = N::Scalar::from_f64(1.0 / self.course.of_step.samples);
            for (gradient, sum) in gradients.iter_mut().zip(&*self.sum) {
                *gradient = *sum * share;
            }
        }
        let mut norm = None;
        if let Some(max) = self.course.options.clip_norm {
            let value = clip_gradient_norm(gradients, max)?.to_f64();
            if !value.is_finite() {
                return Err(self.course.not_finite("norm of the gradients", value, rate).into());
            }
            norm = Some(value);
        }
        state.update(self.optimizer, N::LAYOUT)?;
        if let Some(average) = &mut self.average {
            average.take(&state.parameters, N::LAYOUT)?;
        }
        self.course.note_step(rate, norm);
        if !self.callbacks.is_empty() {
            self.call(Event::StepEnd)?;
        }
        Ok(())
    }

    /// Ends an epoch, or the training within one. Returns false in the latter case.
    fn end_epoch(&mut self, is_complete: bool) -> Result<bool> {
        if is_complete && self.course.parts > 0 {
            self.step()?;
        }
        if !is_complete {
            // its checkpoint is that of the middle of an epoch, whatever is measured now
            self.save()?;
            if !self.course.is_paused() && self.course.of_epoch.samples > 0.0 {
                let measured = self.validate()?;
                self.course.note_epoch(self.optimizer.learning_rate(), measured.as_ref());
            }
            return Ok(false);
        }
        if self.course.batch == 0 {
            let epoch = self.course.epoch;
            return Err(TrainError::NoBatches { data: "training", epoch }.into());
        }
        let measured = self.validate()?;
        self.course.note_epoch(self.optimizer.learning_rate(), measured.as_ref());
        if self.course.observe() && self.course.options.keeps_best {
            self.keep_best();
        }
        self.call(Event::EpochEnd)?;
        self.course.next_epoch();
        self.poll()?;
        if self.course.is_due_after_epoch() || self.course.is_paused() {
            self.save()?;
        }
        Ok(true)
    }

    /// Measures the network, or its average, on the data of the validation.
    fn validate(&mut self) -> Result<Option<Measured>> {
        let Some(validation) = &mut self.validation else { return Ok(None) };
        if let Some(average) = &mut self.average {
            average.swap(self.net)?;
        }
        let mut metrics: Vec<&mut dyn Metric<N>> = Vec::new();
        for metric in &mut self.metrics {
            metrics.push(&mut **metric);
        }
        let measured = validation(self.ranks.as_mut(), self.net, &mut metrics);
        if let Some(average) = &mut self.average {
            average.swap(self.net)?;
        }
        measured.map(Some)
    }

    /// Copies the weights, or their average.
    fn keep_best(&mut self) {
        let average = self.average.as_ref().and_then(|average| average.values());
        let weights = average.unwrap_or(&self.net.state().parameters);
        match self.best.len() == weights.len() {
            true => self.best.copy_from_slice(weights),
            false => self.best = Buffer::from_slice(weights),
        }
    }

    /// Calls the callbacks.
    fn call(&mut self, event: Event) -> Result<()> {
        let course = &mut self.course;
        for callback in &mut self.callbacks {
            let mut at = At {
                net: &*self.net,
                optimizer: &mut *self.optimizer,
                history: &course.history,
                epoch: course.epoch,
                step: course.step,
                loss: course.last_loss,
                stop: &mut course.is_stopped,
            };
            match event {
                Event::EpochBegin => callback.epoch_begin(&mut at)?,
                Event::StepEnd => callback.step_end(&mut at)?,
                Event::EpochEnd => callback.epoch_end(&mut at)?,
            }
        }
        Ok(())
    }

    /// Checks the options, and resumes. `batches` is the number of batches of an epoch, if it is known.
    fn begin(&mut self, batches: Option<u64>) -> Result<()> {
        let mut measured = vec!["loss".to_owned()];
        if self.validation.is_some() {
            let own = N::METRICS.iter().map(|name| (*name).to_owned());
            let names = own.chain(self.metrics.iter().flat_map(|metric| metric.names()));
            let names = std::iter::once("loss".to_owned()).chain(names);
            measured.extend(names.map(|name| format!("val_{name}")));
        }
        self.course.check(&measured)?;
        match self.ranks.take() {
            None => self.resume_or_refuse()?,
            Some(mut ranks) => {
                (ranks.begin)(self, &mut ranks)?;
                self.ranks = Some(ranks);
            }
        }
        let options = &self.course.options;
        let epochs = options.last_epoch();
        let len = options.epoch_len.or(batches).map(|len| len.div_ceil(options.accumulate));
        let of_epochs = epochs.zip(len).map(|(epochs, len)| epochs.saturating_mul(len));
        let steps = options.steps.into_iter().chain(of_epochs).min();
        let taken = self.course.step;
        self.course.reporter.begin(epochs, steps, taken);
        Ok(())
    }

    /// Gives the network the weights that it is to have after the training.
    fn finish(mut self) -> Result<Fitted> {
        self.course.reporter.end();
        if self.course.saved != Some(self.course.step) {
            self.save()?;
        }
        if self.course.options.keeps_best && !self.best.is_empty() {
            self.net.state_mut().parameters.copy_from_slice(&self.best);
        } else if let Some(average) = &mut self.average {
            average.swap(self.net)?;
        }
        let course = self.course;
        Ok(Fitted {
            stop: course.stop(),
            steps: course.step,
            best: course.stopping.best(),
            history: course.history,
            resumed_from: course.resumed_from,
        })
    }

    fn shorter_epoch(&self) -> TrainError {
        TrainError::ShorterEpoch { epoch: self.course.epoch, batches: self.course.batch }
    }

    /// Catches signals until the result is dropped, if that is asked for.
    #[cfg(feature = "interrupt")]
    fn catch(&mut self) -> Result<Option<super::interrupt::Caught>> {
        if !self.catches {
            return Ok(None);
        }
        let flag = super::interrupt::flag().map_err(|error| TrainError::Callback(error.into()))?;
        self.course.flags.push(flag.clone());
        Ok(Some(super::interrupt::Caught::new(flag)))
    }
}

/// Adds to an error about a number that is not finite which operation made it.
fn explained<N: Trainable>(mut error: Error, net: &N, batch: &impl Batch<N>) -> Error {
    if let Error::Train(of_training) = &mut error
        && let TrainError::NotFinite { cause, .. } = &mut **of_training
    {
        // the search may fail, which must not hide the error that it is about
        let found = net.find_anomaly(batch.inputs(), batch.targets());
        *cause = found.ok().flatten().map(|anomaly| anomaly.to_string());
    }
    error
}

/// Adds the gradients of a batch times its weight to a sum, or begins the sum with them.
fn add_scaled<T: Scalar>(sum: &mut [T], gradients: &[T], weight: T, is_first: bool) {
    for (sum, gradient) in sum.iter_mut().zip(gradients) {
        let before = if is_first { T::ZERO } else { *sum };
        *sum = before + *gradient * weight;
    }
}
