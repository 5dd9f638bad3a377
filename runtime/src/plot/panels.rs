//! Panels beside each other, with the same rows.

use super::axis::Axis;
use super::picture::{Align, Ink, LABEL, Picture, Theme, text_width};

/// Rows with a label each, and panels beside each other, each with a value of every row on an axis of its own: several
/// quantities of the same things.
///
/// A row without a value has no mark in a panel; a value that is not finite is written in its place.
///
/// ```
/// use monograd::plot::Panels;
///
/// let panels = Panels::new("Layers", ["linear0", "linear1"])
///     .spread("mean and deviation", [Some((0.1, 0.9)), Some((-0.2, 0.4))])
///     .shares("dead", [Some(0.25), None])
///     .log_marks("gradient norm", [Some(1e-3), Some(0.1)]);
/// assert!(panels.svg().contains("gradient norm"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Panels {
    title: String,
    labels: Vec<String>,
    panels: Vec<Panel>,
    pub(super) size: Option<(u32, u32)>,
    pub(super) theme: Theme,
}

#[derive(Clone, Debug)]
struct Panel {
    title: String,
    kind: Kind,
    /// A value of each row, and how far it spreads to either side.
    values: Vec<Option<(f64, f64)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Spread,
    /// Percentages, from 0 to 100.
    Shares,
    LogMarks,
}

/// The height of a row, the gap between panels, and the width of a panel if no size is set.
const ROW: f64 = 18.0;
const GAP: f64 = 44.0;
const WIDTH: f64 = 180.0;
/// The room above and below a panel: for its title, and for the numbers of its axis.
const ABOVE: f64 = 24.0;
const BELOW: f64 = 30.0;

impl Panels {
    /// Creates rows with these labels, without a panel yet; the title may be empty.
    #[must_use]
    pub fn new(
        title: impl Into<String>,
        labels: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let labels = labels.into_iter().map(Into::into).collect();
        Self { title: title.into(), labels, ..Self::default() }
    }

    /// Adds a panel of values and how far each spreads to either side: a mean and its standard deviation.
    #[must_use]
    pub fn spread(
        self,
        title: impl Into<String>,
        values: impl IntoIterator<Item = Option<(f64, f64)>>,
    ) -> Self {
        self.panel(title.into(), Kind::Spread, values.into_iter().collect())
    }

    /// Adds a panel of bars for shares from 0 to 1, as percentages.
    #[must_use]
    pub fn shares(
        self,
        title: impl Into<String>,
        values: impl IntoIterator<Item = Option<f64>>,
    ) -> Self {
        let percent = |value: Option<f64>| value.map(|value| (100.0 * value, 0.0));
        self.panel(title.into(), Kind::Shares, values.into_iter().map(percent).collect())
    }

    /// Adds a panel of marks on a logarithmic axis. A value that it cannot show is written in its place.
    #[must_use]
    pub fn log_marks(
        self,
        title: impl Into<String>,
        values: impl IntoIterator<Item = Option<f64>>,
    ) -> Self {
        let mark = |value: Option<f64>| value.map(|value| (value, 0.0));
        self.panel(title.into(), Kind::LogMarks, values.into_iter().map(mark).collect())
    }

    fn panel(mut self, title: String, kind: Kind, values: Vec<Option<(f64, f64)>>) -> Self {
        self.panels.push(Panel { title, kind, values });
        self
    }

    pub(super) fn picture(&self) -> Picture {
        let count = self.panels.len().max(1) as f64;
        let wide = self.labels.iter().map(|label| text_width(label, LABEL)).fold(0.0, f64::max);
        let left = 16.0 + wide + 10.0;
        let width = left + count * WIDTH + (count - 1.0) * GAP + 24.0;
        let above = if self.title.is_empty() { 14.0 } else { 42.0 } + ABOVE;
        let height = above + ROW * self.labels.len().max(1) as f64 + BELOW;
        let mut picture =
            Picture::new(self.size.unwrap_or((width as u32, height as u32)), &self.title);
        let top = picture.top() + ABOVE;
        let bottom = (picture.height - BELOW).max(top + 4.0);
        let room = (bottom - top) / self.labels.len().max(1) as f64;
        let middle = |row: usize| top + room * (row as f64 + 0.5);
        // rows that are too low for all labels have some
        let every = (14.0 / room).ceil().max(1.0) as usize;
        for (row, label) in self.labels.iter().enumerate().step_by(every) {
            let at = (left - 10.0, middle(row) + 4.0);
            picture.text(at, label, Align::End, LABEL, Ink::Text);
        }
        let each = ((picture.width - 24.0 - left - (count - 1.0) * GAP) / count).max(8.0);
        for (number, panel) in self.panels.iter().enumerate() {
            let start = left + (each + GAP) * number as f64;
            let (sides, ink) = ((start, start + each), Ink::Series(number));
            let axis = panel.axis().over(sides.0, sides.1);
            panel.draw(&mut picture, ink, &axis, sides, (top, bottom));
            for (row, value) in panel.values.iter().enumerate().take(self.labels.len()) {
                let Some(value) = value else { continue };
                panel.mark(&mut picture, ink, &axis, (middle(row), room), *value);
            }
        }
        picture
    }
}

impl Panel {
    fn axis(&self) -> Axis {
        let values = self.values.iter().flatten();
        match self.kind {
            Kind::Spread => {
                let ends = values.flat_map(|(value, spread)| [value - spread, value + spread]);
                Axis::new(ends, false, true).with_room()
            }
            Kind::Shares => Axis::new([0.0, 100.0].into_iter(), false, true),
            Kind::LogMarks => Axis::new(values.map(|(value, _)| *value), true, false).with_room(),
        }
    }

    /// Draws the title, the axis and the grid.
    fn draw(
        &self,
        picture: &mut Picture,
        ink: Ink,
        axis: &Axis,
        (left, right): (f64, f64),
        (top, bottom): (f64, f64),
    ) {
        picture.rectangle((left, top - 17.0), (9.0, 9.0), ink);
        picture.text((left + 14.0, top - 8.0), &self.title, Align::Start, LABEL, Ink::Text);
        for tick in axis.ticks(((right - left) / 48.0) as usize) {
            let Some(place) = axis.place(tick.value) else { continue };
            let is_zero = tick.value == 0.0;
            let of_grid = if is_zero { Ink::Muted } else { Ink::Grid };
            picture.line(vec![(place, top), (place, bottom)], of_grid, 1.0);
            let label = match self.kind {
                Kind::Shares => format!("{} %", tick.label),
                _ => tick.label,
            };
            let at = (place, bottom + 17.0);
            picture.text(at, &label, Align::Middle, LABEL - 1.0, Ink::Muted);
        }
    }

    /// Draws the value of a row.
    fn mark(
        &self,
        picture: &mut Picture,
        ink: Ink,
        axis: &Axis,
        (y, room): (f64, f64),
        (value, spread): (f64, f64),
    ) {
        let Some(x) = axis.place(value) else {
            let at = (axis.place_of_low() + 4.0, y + 4.0);
            picture.text(at, &value.to_string(), Align::Start, LABEL - 1.0, Ink::Muted);
            return;
        };
        let high = (room * 0.6).clamp(1.0, 11.0);
        match self.kind {
            Kind::Shares => {
                let zero = axis.place_of_low();
                // nothing is a thin line, to tell it from a row without a value
                picture.rectangle((zero, y - high / 2.0), ((x - zero).max(1.0), high), ink);
            }
            _ => {
                if let (Some(low), Some(end)) =
                    (axis.place(value - spread), axis.place(value + spread))
                    && spread > 0.0
                {
                    picture.line(vec![(low, y), (end, y)], ink, 2.0);
                }
                let side = (high * 0.7).min(7.0);
                picture.rectangle((x - side / 2.0, y - side / 2.0), (side, side), ink);
            }
        }
    }
}

super::output!(Panels);
