//! Shows the progress of a training: a bar in a terminal, a few plain lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, Write, stdout};

/// A counter of epochs that shows the results of each.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    epochs: u64,
}

impl Progress {
    /// Returns a progress display for a number of epochs.
    ///
    /// # Panics
    /// Never: the style is a constant.
    #[must_use]
    pub fn new(epochs: u64) -> Self {
        let style = ProgressStyle::with_template("{bar:24} epoch {pos:>3}/{len}  {msg}")
            .expect("a well-formed template")
            .progress_chars("━╸─");
        Self { bar: ProgressBar::new(epochs).with_style(style), epochs }
    }

    /// Shows loss and accuracy after an epoch.
    ///
    /// # Errors
    /// If plain lines cannot be written.
    pub fn epoch(&self, loss: f64, accuracy: f64) -> io::Result<()> {
        self.note(format!("loss {loss:.4}  held-out accuracy {:.1} %", 100.0 * accuracy))
    }

    /// Shows a message after an epoch.
    ///
    /// # Errors
    /// If plain lines cannot be written.
    pub fn note(&self, message: String) -> io::Result<()> {
        self.bar.set_message(message.clone());
        self.bar.inc(1);
        let epoch = self.bar.position();
        let tenth = self.epochs.div_ceil(10);
        if epoch == self.epochs {
            self.bar.abandon();
        }
        if self.bar.is_hidden() && (epoch.is_multiple_of(tenth) || epoch == self.epochs) {
            writeln!(stdout(), "epoch {epoch:>3}/{}  {message}", self.epochs)?;
        }
        Ok(())
    }
}
