//! Heat maps.

use super::axis::{Axis, short};
use super::picture::{Align, Ink, LABEL, Picture, Theme, text_width};

/// A matrix as colours, with a scale beside it. Cells of small matrices show their numbers; those that are not finite
/// are empty.
///
/// ```
/// use monograd::plot::HeatMap;
///
/// let map = HeatMap::new("Correlation", ["a", "b"], ["a", "b"], [1.0, -0.3, -0.3, 1.0]);
/// assert!(map.around_zero().svg().starts_with("<svg"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct HeatMap {
    title: String,
    labels: (String, String),
    rows: Vec<String>,
    columns: Vec<String>,
    values: Vec<f64>,
    around_zero: bool,
    pub(super) size: Option<(u32, u32)>,
    pub(super) theme: Theme,
}

/// Viridis, at equal distances.
const VIRIDIS: [[u8; 3]; 9] = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];

/// From blue over white to red, for values around zero.
const AROUND_ZERO: [[u8; 3]; 5] =
    [[0, 90, 160], [120, 180, 220], [245, 245, 245], [240, 160, 110], [180, 60, 0]];

impl HeatMap {
    /// Creates a heat map of values row by row, with the names of rows and columns; the title may be empty.
    #[must_use]
    pub fn new(
        title: impl Into<String>,
        rows: impl IntoIterator<Item = impl Into<String>>,
        columns: impl IntoIterator<Item = impl Into<String>>,
        values: impl IntoIterator<Item = f64>,
    ) -> Self {
        Self {
            title: title.into(),
            rows: rows.into_iter().map(Into::into).collect(),
            columns: columns.into_iter().map(Into::into).collect(),
            values: values.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Sets the text below the columns.
    #[must_use]
    pub fn x_label(mut self, label: impl Into<String>) -> Self {
        self.labels.0 = label.into();
        self
    }

    /// Sets the text beside the rows.
    #[must_use]
    pub fn y_label(mut self, label: impl Into<String>) -> Self {
        self.labels.1 = label.into();
        self
    }

    /// Uses colours for values around zero: blue below, red above, equally strong.
    #[must_use]
    pub const fn around_zero(mut self) -> Self {
        self.around_zero = true;
        self
    }

    /// Returns the values at the ends of the scale.
    fn ends(&self) -> (f64, f64) {
        let finite = || self.values.iter().copied().filter(|value| value.is_finite());
        let (low, high) =
            (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        match (low <= high, self.around_zero) {
            (false, _) => (0.0, 1.0),
            (true, true) => {
                let most = low.abs().max(high.abs()).max(f64::MIN_POSITIVE);
                (-most, most)
            }
            (true, false) if low == high => (low - 0.5, high + 0.5),
            (true, false) => (low, high),
        }
    }

    fn colour(&self, share: f64) -> [u8; 3] {
        let colours = if self.around_zero { &AROUND_ZERO[..] } else { &VIRIDIS };
        let place = share.clamp(0.0, 1.0) * (colours.len() - 1) as f64;
        let index = (place as usize).min(colours.len() - 2);
        let part = place - index as f64;
        let mix = |channel: usize| {
            let (a, b) = (colours[index][channel], colours[index + 1][channel]);
            (f64::from(a) + part * (f64::from(b) - f64::from(a))).round() as u8
        };
        [mix(0), mix(1), mix(2)]
    }

    pub(super) fn picture(&self) -> Picture {
        let (rows, columns) = (self.rows.len(), self.columns.len());
        let wide = |labels: &[String]| {
            labels.iter().map(|label| text_width(label, LABEL)).fold(0.0, f64::max)
        };
        let cell = (480.0 / columns.max(1) as f64).clamp(4.0, 44.0);
        let beside = if self.labels.1.is_empty() { 0.0 } else { 22.0 };
        let below = if self.labels.0.is_empty() { 34.0 } else { 56.0 };
        let left = 20.0 + beside + wide(&self.rows);
        let width = (left + cell.max(24.0) * columns as f64 + 110.0).max(320.0);
        let height = 70.0 + cell.max(18.0) * rows as f64 + below;
        let size = self.size.unwrap_or((width as u32, height as u32));
        let mut picture = Picture::new(size, &self.title);
        let (top, bottom) = (picture.top(), (picture.height - below).max(picture.top() + 4.0));
        let right = (picture.width - 100.0).max(left + 4.0);
        let (cell_width, cell_height) =
            ((right - left) / columns.max(1) as f64, (bottom - top) / rows.max(1) as f64);
        let (low, high) = self.ends();
        let with_numbers = cell_width >= 34.0 && cell_height >= 16.0;
        let row_step = (14.0 / cell_height).ceil().max(1.0) as usize;
        for (row, label) in self.rows.iter().enumerate() {
            let y = top + cell_height * row as f64;
            if row % row_step == 0 {
                let at = (left - 8.0, y + cell_height / 2.0 + 4.0);
                picture.text(at, label, Align::End, LABEL, Ink::Muted);
            }
            let colour = |column: usize| {
                let value = self.values.get(row * columns + column).copied();
                let value = value.filter(|value| value.is_finite())?;
                Some((value, self.colour((value - low) / (high - low))))
            };
            let mut column = 0;
            while column < columns {
                let found = colour(column);
                // neighbours of one colour are one rectangle, unless each shows its number
                let is_same = |next: &usize| {
                    !with_numbers && colour(*next).map(|c| c.1) == found.map(|c| c.1)
                };
                let count = 1 + (column + 1..columns).take_while(is_same).count();
                let x = left + cell_width * column as f64;
                column += count;
                let size = (cell_width * count as f64, cell_height);
                let Some((value, rgb)) = found else {
                    picture.rectangle((x, y), size, Ink::Grid);
                    continue;
                };
                picture.rectangle((x, y), size, Ink::Rgb(rgb));
                if with_numbers {
                    let [r, g, b] = rgb.map(f64::from);
                    let is_light = 0.3 * r + 0.59 * g + 0.11 * b > 140.0;
                    let ink = Ink::Rgb(if is_light { [20; 3] } else { [250; 3] });
                    let at = (x + cell_width / 2.0, y + cell_height / 2.0 + 4.0);
                    picture.text(at, &short(value), Align::Middle, LABEL - 1.0, ink);
                }
            }
        }
        let column_step = ((wide(&self.columns) + 8.0) / cell_width).ceil().max(1.0) as usize;
        for (column, label) in self.columns.iter().enumerate().step_by(column_step) {
            let at = (left + cell_width * (column as f64 + 0.5), bottom + 17.0);
            picture.text(at, label, Align::Middle, LABEL, Ink::Muted);
        }
        if !self.labels.0.is_empty() {
            let at = (f64::midpoint(left, right), picture.height - 12.0);
            picture.text(at, &self.labels.0, Align::Middle, LABEL, Ink::Muted);
        }
        if !self.labels.1.is_empty() {
            picture.upwards((20.0, f64::midpoint(top, bottom)), &self.labels.1);
        }
        self.scale(&mut picture, (low, high), right + 18.0, (top, bottom));
        picture
    }

    /// Draws the scale of colours.
    fn scale(&self, picture: &mut Picture, ends: (f64, f64), x: f64, (top, bottom): (f64, f64)) {
        const PARTS: usize = 64;
        let part = (bottom - top) / PARTS as f64;
        for i in 0..PARTS {
            let rgb = self.colour(1.0 - (i as f64 + 0.5) / PARTS as f64);
            // each covers the seam to the next
            let height = if i + 1 < PARTS { part + 1.0 } else { part };
            picture.rectangle((x, top + part * i as f64), (14.0, height), Ink::Rgb(rgb));
        }
        let y = Axis::new([ends.0, ends.1].into_iter(), false, false).over(bottom, top);
        for tick in y.ticks(((bottom - top) / 40.0).clamp(1.0, 6.0) as usize) {
            let Some(place) = y.place(tick.value) else { continue };
            picture.line(vec![(x + 14.0, place), (x + 18.0, place)], Ink::Muted, 1.0);
            let at = (x + 22.0, place + 4.0);
            picture.text(at, &tick.label, Align::Start, LABEL, Ink::Muted);
        }
    }
}

super::output!(HeatMap);
