//! Line charts.

use super::axis::Axis;
use super::picture::{Align, Ink, LABEL, Picture, Shape, Theme, dash, text_width};

/// Lines over two axes. Points that are not finite interrupt a line; so do those that a logarithmic axis cannot show.
///
/// ```
/// use monograd::plot::Chart;
///
/// let chart = Chart::new("Loss").line("training", [(0.0, 2.3), (1.0, 0.7), (2.0, 0.4)]).log_y();
/// assert!(chart.svg().starts_with("<svg"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Chart {
    title: String,
    labels: (String, String),
    log: (bool, bool),
    lines: Vec<Line>,
    pub(super) size: Option<(u32, u32)>,
    pub(super) theme: Theme,
}

#[derive(Clone, Debug, Default)]
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
    band: Vec<(f64, f64, f64)>,
}

/// Its size if none is set.
const SIZE: (u32, u32) = (720, 420);

impl Chart {
    /// Creates a chart without lines; the title may be empty.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Sets the text below the horizontal axis.
    #[must_use]
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.labels.0 = label.into();
        self
    }

    /// Sets the text beside the vertical axis.
    #[must_use]
    pub fn y_label(mut self, label: impl Into<String>) -> Self {
        self.labels.1 = label.into();
        self
    }

    /// Makes the horizontal axis logarithmic.
    #[must_use]
    pub const fn log_x(mut self) -> Self {
        self.log.0 = true;
        self
    }

    /// Makes the vertical axis logarithmic.
    #[must_use]
    pub const fn log_y(mut self) -> Self {
        self.log.1 = true;
        self
    }

    /// Adds a line through points (x, y), with its name in the legend.
    #[must_use]
    pub fn line(
        mut self,
        name: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        let points = points.into_iter().collect();
        self.lines.push(Line { name: name.into(), points, band: Vec::new() });
        self
    }

    /// Adds a band from low to high around the last line: (x, low, high), such as the quartiles of several runs.
    #[must_use]
    pub fn band(mut self, band: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let band = band.into_iter().collect();
        match self.lines.last_mut() {
            Some(line) => line.band = band,
            None => self.lines.push(Line { band, ..Line::default() }),
        }
        self
    }

    pub(super) fn picture(&self) -> Picture {
        let mut picture = Picture::new(self.size.unwrap_or(SIZE), &self.title);
        let named = |(index, line): (usize, &Line)| (line.name.clone(), index);
        let mut names: Vec<_> = self.lines.iter().enumerate().map(named).collect();
        names.retain(|(name, _)| !name.is_empty());
        if let ([_], true) = (&names[..], !self.title.is_empty() && self.labels.1.is_empty()) {
            // the title tells what the only line is
            names.clear();
        }
        let top = picture.top();
        let top = picture.legend(&names, 16.0, top, true) + 6.0;
        let xs = self.lines.iter().flat_map(|line| {
            line.points.iter().map(|point| point.0).chain(line.band.iter().map(|band| band.0))
        });
        let ys = self.lines.iter().flat_map(|line| {
            let bands = line.band.iter().flat_map(|band| [band.1, band.2]);
            line.points.iter().map(|point| point.1).chain(bands)
        });
        let y = Axis::new(ys, self.log.1, false).with_room();
        let below = if self.labels.0.is_empty() { 30.0 } else { 52.0 };
        let bottom = (picture.height - below).max(top + 10.0);
        let y = y.over(bottom, top);
        let rows = y.ticks(((bottom - top) / 40.0) as usize);
        let wide = rows.iter().map(|tick| text_width(&tick.label, LABEL)).fold(0.0, f64::max);
        let beside = if self.labels.1.is_empty() { 0.0 } else { 22.0 };
        let (left, right) = (14.0 + beside + wide + 8.0, picture.width - 20.0);
        let x = Axis::new(xs, self.log.0, false).over(left, right.max(left + 10.0));
        for tick in &rows {
            let Some(place) = y.place(tick.value) else { continue };
            picture.line(vec![(left, place), (right, place)], Ink::Grid, 1.0);
            let at = (left - 8.0, place + 4.0);
            picture.text(at, &tick.label, Align::End, LABEL, Ink::Muted);
        }
        for tick in x.ticks(((right - left) / 72.0) as usize) {
            let Some(place) = x.place(tick.value) else { continue };
            picture.line(vec![(place, bottom), (place, bottom + 5.0)], Ink::Muted, 1.0);
            let at = (place, bottom + 19.0);
            picture.text(at, &tick.label, Align::Middle, LABEL, Ink::Muted);
        }
        picture.line(vec![(left, bottom), (right, bottom)], Ink::Muted, 1.0);
        if !self.labels.0.is_empty() {
            let at = (f64::midpoint(left, right), picture.height - 12.0);
            picture.text(at, &self.labels.0, Align::Middle, LABEL, Ink::Muted);
        }
        if !self.labels.1.is_empty() {
            picture.upwards((20.0, f64::midpoint(top, bottom)), &self.labels.1);
        }
        // bands behind all lines
        for (index, line) in self.lines.iter().enumerate() {
            let end = |value: f64| y.place(value);
            let ends = |(x_value, low, high): (f64, f64, f64)| {
                Some((x.place(x_value)?, end(low)?, end(high)?))
            };
            for run in runs(line.band.iter().map(|band| ends(*band))) {
                let lows = run.iter().map(|(x, low, _)| (*x, *low));
                let highs = run.iter().rev().map(|(x, _, high)| (*x, *high));
                picture.area(lows.chain(highs).collect(), Ink::Series(index), 0.2);
            }
        }
        for (index, line) in self.lines.iter().enumerate() {
            let place = |(a, b): (f64, f64)| Some((x.place(a)?, y.place(b)?));
            for points in runs(line.points.iter().map(|point| place(*point))) {
                let (ink, dash) = (Ink::Series(index), dash(index));
                if let [(x, y)] = points[..] {
                    // a point alone has no length
                    picture.rectangle((x - 2.5, y - 2.5), (5.0, 5.0), ink);
                } else {
                    picture.shapes.push(Shape::Line { points, ink, width: 2.0, dash });
                }
            }
        }
        picture
    }
}

super::output!(Chart);

/// Returns the runs of what is there.
fn runs<T>(items: impl Iterator<Item = Option<T>>) -> Vec<Vec<T>> {
    let (mut runs, mut run) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Some(item) => run.push(item),
            None => runs.push(std::mem::take(&mut run)),
        }
    }
    runs.push(run);
    runs.retain(|run| !run.is_empty());
    runs
}
