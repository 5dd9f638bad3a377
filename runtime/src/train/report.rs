//! Reports of a training: plain lines, and a bar.

#[cfg(feature = "progress")]
use super::progress::Bar;

/// Takes the line of each epoch.
pub(super) type Lines<'a> = Box<dyn FnMut(&str) + 'a>;

/// The destination of reports.
#[derive(Default)]
pub(super) struct Reporter<'a> {
    pub lines: Option<Lines<'a>>,
    #[cfg(feature = "progress")]
    pub bar: Option<Bar>,
    pub epochs: Option<u64>,
}

impl Reporter<'_> {
    /// Begins with the number of epochs and of all steps, as far as they are known, and the steps taken.
    pub fn begin(&mut self, epochs: Option<u64>, steps: Option<u64>, taken: u64) {
        self.epochs = epochs;
        #[cfg(feature = "progress")]
        if let Some(bar) = &self.bar {
            bar.begin(steps, taken);
        }
        let _ = (steps, taken);
    }

    #[inline]
    pub fn step(&mut self, step: u64, epoch: u64, loss: f64, speed: f64) {
        #[cfg(feature = "progress")]
        if let Some(bar) = &mut self.bar {
            let epochs = self.epochs;
            bar.step(step, &|| {
                format!("{}  loss {loss:.4}  {speed:.0} samples/s", numbered(epoch, epochs))
            });
        }
        let _ = (step, epoch, loss, speed);
    }

    /// Reports the values of an epoch.
    pub fn epoch(&mut self, epoch: u64, row: &[(&str, f64)]) {
        let mut text = numbered(epoch, self.epochs);
        for (name, value) in row {
            text += &match *name {
                "seconds" => format!("  {value:.1} s"),
                "samples_per_second" => format!("  {value:.0} samples/s"),
                "learning_rate" => format!("  learning_rate {value:.2e}"),
                name => format!("  {name} {value:.4}"),
            };
        }
        self.line(&text);
    }

    /// Reports something else.
    pub fn line(&mut self, text: &str) {
        #[cfg(feature = "progress")]
        if let Some(bar) = &self.bar {
            bar.line(text);
        }
        if let Some(lines) = &mut self.lines {
            lines(text);
        }
    }

    pub fn end(&mut self) {
        #[cfg(feature = "progress")]
        if let Some(bar) = &self.bar {
            bar.end();
        }
    }
}

/// Returns the number of an epoch, from 1, and of how many.
fn numbered(epoch: u64, epochs: Option<u64>) -> String {
    let epoch = epoch + 1;
    match epochs {
        None => format!("epoch {epoch}"),
        Some(all) => format!("epoch {epoch:>width$}/{all}", width = all.to_string().len()),
    }
}
