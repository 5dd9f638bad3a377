//! The statistics of layers as a picture.

use super::{Inspected, Inspection};
use crate::plot::Panels;

impl Inspection {
    /// Returns a chart of all rows, from the first layer to the last, those in a loop once for each iteration (needs
    /// feature `plot`): mean and standard deviation, the shares of saturated and of dead elements, and the norm of the
    /// gradient, each in a panel. A panel without any value is left out, as that of the gradients if the network was not
    /// trained.
    ///
    /// ```
    /// use monograd::prelude::*;
    ///
    /// network! {
    ///     #[inspect]
    ///     Net(x: [2]) -> [1] {
    ///         x >> Linear(4) >> Tanh >> Linear(1)
    ///     }
    ///     loss mse
    /// }
    ///
    /// let net = Net::init(1);
    /// let chart = net.inspect_training(&[0.5, -0.5], &[1.0])?.chart(); // chart.save("layers.svg")
    /// assert!(chart.svg().contains("gradient norm"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn chart(&self) -> Panels {
        let rows = &self.rows;
        let title = format!("{}, {} samples", self.network, self.samples);
        let mut chart = Panels::new(title, self.labels())
            .spread("mean and deviation", rows.iter().map(|row| Some((row.mean, row.deviation))));
        if rows.iter().any(|row| row.saturated.is_some()) {
            chart = chart.shares("saturated", rows.iter().map(|row| row.saturated));
        }
        chart = chart.shares("dead", rows.iter().map(|row| Some(row.dead)));
        if rows.iter().any(|row| row.gradient_norm.is_some()) {
            chart = chart.log_marks("gradient norm", rows.iter().map(|row| row.gradient_norm));
        }
        chart
    }

    /// Returns the label of each row: its name, and the iteration if that is not part of the name.
    fn labels(&self) -> Vec<String> {
        let title = |row: &Inspected| match &row.iterations[..] {
            iterations if !iterations.is_empty() && self.rows_named(row.title()) > 1 => {
                let numbers: Vec<String> = iterations.iter().map(ToString::to_string).collect();
                format!("{} [{}]", row.title(), numbers.join(", "))
            }
            _ => row.title().to_owned(),
        };
        self.rows.iter().map(title).collect()
    }

    fn rows_named(&self, title: &str) -> usize {
        self.rows.iter().filter(|row| row.title() == title).count()
    }
}
