//! Events of a training, as a callback of its trainer.

use super::EventWriter;
use crate::error::Result;
use crate::network::Trainable;
use crate::train::{Answer as _, At, Callback};
use std::io::{self, Write};

/// Writes the loss and the learning rate of every step as `step/loss` and `step/learning_rate`, and the values of
/// every epoch, by the number of steps taken, as `epoch/loss`, `epoch/val_loss` and so on.
///
/// ```
/// use monograd::prelude::*;
/// use monograd::tensorboard::EventWriter;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// # let folder = std::env::temp_dir().join(format!("monograd-callback-{}", std::process::id()));
/// let (x, y) = ([0.0, 1.0], [1.0, 3.0]);
/// let (mut net, mut optimizer) = (Line::init(1), Sgd::new(0.1));
/// Trainer::new(&mut net, &mut optimizer)
///     .epochs(10)
///     .callback(EventWriter::create(folder.join("runs/first"))?)
///     .fit(|_epoch| [(&x, &y)])?;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), monograd::Error>(())
/// ```
impl<N: Trainable, W: Write> Callback<N> for EventWriter<W> {
    fn step_end(&mut self, at: &mut At<'_, N>) -> Result<()> {
        let (step, loss, rate) = (at.step(), at.loss(), at.optimizer().learning_rate());
        self.step(step, loss, rate).outcome()
    }

    fn epoch_end(&mut self, at: &mut At<'_, N>) -> Result<()> {
        let history = at.history();
        for name in history.names() {
            if let Some(value) = history.last(name) {
                self.scalar(&format!("epoch/{name}"), at.step(), value).outcome()?;
            }
        }
        self.flush().outcome()
    }
}

impl<W: Write> EventWriter<W> {
    fn step(&mut self, step: u64, loss: f64, rate: f64) -> io::Result<()> {
        self.scalar("step/loss", step, loss)?;
        self.scalar("step/learning_rate", step, rate)
    }
}
