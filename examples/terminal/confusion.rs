//! Confusion matrices.

use std::fmt;

/// A confusion matrix: a row for each actual class, a column for each predicted class.
#[derive(Clone, Debug, PartialEq)]
pub struct Confusion {
    counts: Vec<Vec<usize>>,
}

impl Confusion {
    /// Counts pairs of (actual, predicted) classes below `classes`.
    #[must_use]
    pub fn new(classes: usize, pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut counts = vec![vec![0; classes]; classes];
        for (actual, predicted) in pairs {
            counts[actual as usize][predicted as usize] += 1;
        }
        Self { counts }
    }

    /// Returns the share of samples that are classified correctly.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right: usize = self.counts.iter().enumerate().map(|(class, row)| row[class]).sum();
        share(right, self.counts.iter().flatten().sum())
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

impl fmt::Display for Confusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " is \\ read as")?;
        (0..self.counts.len()).try_for_each(|class| write!(f, "{class:>4}"))?;
        writeln!(f, "    right")?;
        for (class, row) in self.counts.iter().enumerate() {
            write!(f, "{class:>13}")?;
            for &count in row {
                match count {
                    0 => write!(f, "   ·")?,
                    _ => write!(f, "{count:>4}")?,
                }
            }
            writeln!(f, "{:>7.1} %", 100.0 * share(row[class], row.iter().sum()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_was_taken_for_what() {
        let confusion = Confusion::new(2, [(0, 0), (0, 1), (1, 1), (1, 1)]);
        assert_eq!(confusion.accuracy(), 0.75);
        assert_eq!(
            confusion.to_string(),
            " is \\ read as   0   1    right
            0   1   1   50.0 %
            1   ·   2  100.0 %
"
        );
    }
}
