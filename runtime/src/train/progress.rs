//! A bar in a terminal, plain lines elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::{Write as _, stdout};
use std::time::{Duration, Instant};

/// The time between two drawings.
const PAUSE: Duration = Duration::from_millis(100);

/// A bar of all steps, with the epoch, its loss, samples a second, and the time left. Without a terminal, it is not
/// drawn, and only the lines of the epochs are printed.
pub(super) struct Bar {
    bar: ProgressBar,
    drawn: Instant,
}

impl Bar {
    pub fn new() -> Self {
        Self { bar: ProgressBar::no_length(), drawn: Instant::now() }
    }

    pub fn begin(&self, steps: Option<u64>, taken: u64) {
        let template = match steps {
            Some(_) => "{bar:24} {msg}  {eta} left",
            None => "{spinner} step {pos}  {msg}",
        };
        let style = ProgressStyle::with_template(template);
        // a constant, whose form a test checks
        self.bar.set_style(
            style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸─"),
        );
        if let Some(steps) = steps {
            self.bar.set_length(steps);
        }
        self.bar.set_position(taken);
        self.bar.reset_eta();
    }

    pub fn step(&mut self, step: u64, message: &dyn Fn() -> String) {
        if self.drawn.elapsed() >= PAUSE && !self.bar.is_hidden() {
            self.drawn = Instant::now();
            self.bar.set_position(step);
            self.bar.set_message(message());
        }
    }

    pub fn line(&self, text: &str) {
        if self.bar.is_hidden() {
            // an error of printing is none of the training
            let _ = writeln!(stdout(), "{text}");
        } else {
            self.bar.println(text);
        }
    }

    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
