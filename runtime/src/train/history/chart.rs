//! The curves of a training.

use super::History;
use crate::plot::Chart;

impl History {
    /// Returns a chart of the values of all epochs (needs feature `plot`); without names, of the losses.
    ///
    /// ```
    /// use monograd::train::History;
    ///
    /// let mut history = History::new();
    /// for epoch in 0..20 {
    ///     let loss = 1.0 / (epoch + 1) as f64;
    ///     history.record_epoch(epoch, 10 * (epoch + 1), &[("loss", loss), ("val_loss", 1.2 * loss)]);
    /// }
    /// let chart = history.chart(&[]).log_y();
    /// assert!(chart.svg().contains("val_loss"));
    /// ```
    #[must_use]
    pub fn chart(&self, names: &[&str]) -> Chart {
        let is_shown = |name: &&str| match names {
            [] => name.ends_with("loss"),
            names => names.contains(name),
        };
        let mut chart = Chart::new("").x_label("epoch");
        for name in self.names().filter(is_shown) {
            let values = self.series(name).unwrap_or_default();
            // people count epochs from 1
            let points = self.epochs().iter().zip(values);
            chart = chart.line(name, points.map(|(epoch, value)| ((epoch + 1) as f64, *value)));
        }
        chart
    }
}
