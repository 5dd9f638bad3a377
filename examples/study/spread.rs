//! The middle and the spread of repeated measurements.

use std::fmt;

/// The median and the quartiles of measurements, between which half of them lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// A quarter of the measurements lies below it.
    pub low: f64,
    /// The median.
    pub middle: f64,
    /// A quarter of the measurements lies above it.
    pub high: f64,
}

impl Spread {
    /// Returns the quartiles, with linear interpolation between neighbours, as NumPy's `percentile`.
    ///
    /// # Panics
    /// If there is no value.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let last = values.len().checked_sub(1).expect("at least one measurement");
        let at = |share: f64| {
            let position = share * last as f64;
            let (below, above) =
                (values[position.floor() as usize], values[position.ceil() as usize]);
            // infinities have no difference
            if below == above { below } else { below + (above - below) * position.fract() }
        };
        Self { low: at(0.25), middle: at(0.5), high: at(0.75) }
    }

    /// Returns the spread of these measurements after an increasing function.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self { low: f(self.low), middle: f(self.middle), high: f(self.high) }
    }
}

/// `0.912 (0.905 to 0.918)`, with the precision that is asked for. The quartiles stay on one line.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { low, middle, high } = self;
        let digits = f.precision().unwrap_or(3);
        write!(f, "{middle:.digits$} ({low:.digits$}\u{a0}to\u{a0}{high:.digits$})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_numpys() {
        let spread = Spread::of([4.0, 1.0, 3.0, 2.0]);
        assert_eq!((spread.low, spread.middle, spread.high), (1.75, 2.5, 3.25));
        assert_eq!(Spread::of([7.0]).to_string(), "7.000 (7.000\u{a0}to\u{a0}7.000)");
        assert_eq!(
            format!("{:.1}", Spread::of([f64::INFINITY, 1.0, 1.0])),
            "1.0 (1.0\u{a0}to\u{a0}inf)"
        );
    }
}
