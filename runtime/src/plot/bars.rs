//! Bar charts.

use super::axis::{Axis, short};
use super::picture::{Align, Ink, LABEL, Picture, Theme, text_width};

/// Horizontal bars, which leave room for long names, one below the other; with several series, those of a label form a
/// group.
///
/// ```
/// use monograd::plot::Bars;
///
/// let bars = Bars::new("Time", ["forward", "backward"]).series("ReLU", [1.0, 2.1]).value_label("ms");
/// assert!(bars.svg().starts_with("<svg"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Bars {
    title: String,
    label: String,
    labels: Vec<String>,
    series: Vec<(String, Vec<f64>)>,
    pub(super) size: Option<(u32, u32)>,
    pub(super) theme: Theme,
}

impl Bars {
    /// Creates a chart of bars with these labels; the title may be empty.
    #[must_use]
    pub fn new(
        title: impl Into<String>,
        labels: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let labels = labels.into_iter().map(Into::into).collect();
        Self { title: title.into(), labels, ..Self::default() }
    }

    /// Adds the values of a series, one for each label, with its name in the legend. Values that are missing or not
    /// finite have no bar.
    #[must_use]
    pub fn series(
        mut self,
        name: impl Into<String>,
        values: impl IntoIterator<Item = f64>,
    ) -> Self {
        self.series.push((name.into(), values.into_iter().collect()));
        self
    }

    /// Sets the text below the axis of values.
    #[must_use]
    pub fn value_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn picture(&self) -> Picture {
        let (count, groups) = (self.series.len().max(1), self.labels.len());
        let bar = 16.0;
        let group = bar * count as f64 + 10.0;
        let height = 130.0 + group * groups as f64;
        let mut picture = Picture::new(self.size.unwrap_or((720, height as u32)), &self.title);
        let named = |(index, (name, _)): (usize, &(String, Vec<f64>))| (name.clone(), index);
        let names: Vec<_> = self.series.iter().enumerate().map(named).collect();
        let top = picture.top();
        let names = if names.len() > 1 { &names[..] } else { &[] };
        let top = picture.legend(names, 16.0, top, false) + 4.0;
        let wide = self.labels.iter().map(|label| text_width(label, LABEL)).fold(0.0, f64::max);
        let values = || self.series.iter().flat_map(|(_, values)| values.iter().copied());
        // the numbers of negative bars stand to their left
        let beside = if values().any(|value| value < 0.0) { 44.0 } else { 0.0 };
        let left = 24.0 + wide + beside;
        let right = (picture.width - 60.0).max(left + 16.0);
        let below = if self.label.is_empty() { 30.0 } else { 52.0 };
        let bottom = picture.height - below;
        let x = Axis::new(values(), false, true).over(left, right);
        for tick in x.ticks(((right - left) / 80.0) as usize) {
            let Some(place) = x.place(tick.value) else { continue };
            picture.line(vec![(place, top), (place, bottom)], Ink::Grid, 1.0);
            let at = (place, bottom + 17.0);
            picture.text(at, &tick.label, Align::Middle, LABEL, Ink::Muted);
        }
        let room = (bottom - top) / groups.max(1) as f64;
        let thick = (room * 0.74 / count as f64).min(28.0);
        let zero = x.place(0.0).unwrap_or(left);
        for (i, label) in self.labels.iter().enumerate() {
            let middle = top + room * (i as f64 + 0.5);
            let at = (left - beside - 10.0, middle + 4.0);
            picture.text(at, label, Align::End, LABEL, Ink::Text);
            for (index, (_, values)) in self.series.iter().enumerate() {
                let Some((value, place)) =
                    values.get(i).and_then(|value| Some((*value, x.place(*value)?)))
                else {
                    continue;
                };
                let y = middle + (index as f64 - count as f64 / 2.0) * thick;
                let size = ((place - zero).abs().max(1.0), (thick - 1.0).max(1.0));
                picture.rectangle((place.min(zero), y), size, Ink::Series(index));
                let (at, align) = match value < 0.0 {
                    true => (place - 5.0, Align::End),
                    false => (place + 5.0, Align::Start),
                };
                let at = (at, y + thick / 2.0 + 4.0);
                if thick >= 11.0 {
                    picture.text(at, &short(value), align, LABEL, Ink::Muted);
                }
            }
        }
        picture.line(vec![(zero, top), (zero, bottom)], Ink::Muted, 1.0);
        if !self.label.is_empty() {
            let at = (f64::midpoint(left, right), picture.height - 12.0);
            picture.text(at, &self.label, Align::Middle, LABEL, Ink::Muted);
        }
        picture
    }
}

super::output!(Bars);
