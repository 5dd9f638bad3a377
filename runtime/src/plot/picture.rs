//! The shapes that a chart consists of, before it is written in one format or another.

/// Light or dark colours.
///
/// ```
/// use monograd::plot::{Chart, Theme};
///
/// let chart = Chart::new("").line("", [(0.0, 0.0), (1.0, 1.0)]);
/// assert!(chart.clone().svg().contains("prefers-color-scheme"));
/// assert!(!chart.theme(Theme::Dark).svg().contains("prefers-color-scheme"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Theme {
    /// Those that the reader prefers; in a PNG, light ones.
    #[default]
    Reader,
    /// Dark on white.
    Light,
    /// Light on black.
    Dark,
}

/// A colour by its role, or by its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    Background,
    Text,
    /// Text of axes.
    Muted,
    Grid,
    /// A colour of a series.
    Series(usize),
    Rgb([u8; 3]),
}

/// Number of colours of series.
pub(super) const SERIES: usize = 7;

/// The colours of series on white and on black, after Okabe and Ito.
const LIGHT: [[u8; 3]; SERIES] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 143, 104],
    [190, 90, 150],
    [200, 135, 0],
    [60, 150, 205],
    [70, 70, 70],
];
const DARK: [[u8; 3]; SERIES] = [
    [86, 180, 233],
    [255, 140, 66],
    [46, 196, 152],
    [229, 150, 196],
    [240, 195, 66],
    [120, 160, 255],
    [205, 205, 205],
];

impl Ink {
    /// All colours that a theme decides.
    pub fn themed() -> impl Iterator<Item = Self> {
        let roles = [Self::Background, Self::Text, Self::Muted, Self::Grid];
        roles.into_iter().chain((0..SERIES).map(Self::Series))
    }

    pub const fn rgb(self, dark: bool) -> [u8; 3] {
        match (self, dark) {
            (Self::Background, false) => [255, 255, 255],
            (Self::Background, true) => [22, 24, 29],
            (Self::Text, false) => [30, 32, 36],
            (Self::Text, true) => [230, 232, 236],
            (Self::Muted, false) => [92, 96, 104],
            (Self::Muted, true) => [160, 166, 176],
            (Self::Grid, false) => [226, 228, 232],
            (Self::Grid, true) => [52, 56, 64],
            (Self::Series(index), false) => LIGHT[index % SERIES],
            (Self::Series(index), true) => DARK[index % SERIES],
            (Self::Rgb(rgb), _) => rgb,
        }
    }
}

/// The place of a text's anchor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Start,
    Middle,
    End,
}

/// A shape, in pixels from the upper left corner.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Line { points: Vec<(f64, f64)>, ink: Ink, width: f64, dash: Option<f64> },
    Area { points: Vec<(f64, f64)>, ink: Ink, opacity: f64 },
    Text { at: (f64, f64), text: String, align: Align, size: f64, ink: Ink, upwards: bool },
}

/// Shapes on a background, the last ones on top.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub width: f64,
    pub height: f64,
    /// The title, which readers that see no pictures are told.
    pub title: String,
    pub shapes: Vec<Shape>,
}

/// The sizes of text.
pub(super) const TITLE: f64 = 16.0;
pub(super) const LABEL: f64 = 12.0;

/// Returns the width of a text, for a font whose letters are as wide as those of the PNG.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * 0.6
}

impl Picture {
    /// Creates a picture with a title.
    pub fn new((width, height): (u32, u32), title: &str) -> Self {
        let (width, height) = (f64::from(width), f64::from(height));
        let mut picture = Self { width, height, title: title.to_owned(), shapes: Vec::new() };
        if !title.is_empty() {
            picture.text((16.0, 26.0), title, Align::Start, TITLE, Ink::Text);
        }
        picture
    }

    /// Returns the place below the title.
    pub fn top(&self) -> f64 {
        if self.title.is_empty() { 14.0 } else { 42.0 }
    }

    pub fn text(&mut self, at: (f64, f64), text: &str, align: Align, size: f64, ink: Ink) {
        let text = text.to_owned();
        self.shapes.push(Shape::Text { at, text, align, size, ink, upwards: false });
    }

    /// Adds a text that is read from below, centred.
    pub fn upwards(&mut self, at: (f64, f64), text: &str) {
        let (text, align) = (text.to_owned(), Align::Middle);
        self.shapes.push(Shape::Text {
            at,
            text,
            align,
            size: LABEL,
            ink: Ink::Muted,
            upwards: true,
        });
    }

    pub fn line(&mut self, points: Vec<(f64, f64)>, ink: Ink, width: f64) {
        self.shapes.push(Shape::Line { points, ink, width, dash: None });
    }

    pub fn area(&mut self, points: Vec<(f64, f64)>, ink: Ink, opacity: f64) {
        self.shapes.push(Shape::Area { points, ink, opacity });
    }

    pub fn rectangle(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), ink: Ink) {
        let points = vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        self.area(points, ink, 1.0);
    }

    /// Adds a legend of names, each with a short line or a square, from `top` downwards; returns the place below.
    pub fn legend(&mut self, names: &[(String, usize)], left: f64, top: f64, lines: bool) -> f64 {
        if names.is_empty() {
            return top;
        }
        let (mut x, mut y) = (left, top + 8.0);
        for (name, index) in names {
            let width = 24.0 + text_width(name, LABEL) + 18.0;
            if x > left && x + width > self.width - 8.0 {
                (x, y) = (left, y + 18.0);
            }
            let ink = Ink::Series(*index);
            if lines {
                let points = vec![(x, y), (x + 18.0, y)];
                self.shapes.push(Shape::Line { points, ink, width: 2.5, dash: dash(*index) });
            } else {
                self.rectangle((x + 4.0, y - 5.0), (10.0, 10.0), ink);
            }
            self.text((x + 24.0, y + 4.0), name, Align::Start, LABEL, Ink::Text);
            x += width;
        }
        y + 14.0
    }
}

/// Returns the length of dashes, for series beyond the number of colours.
pub(super) const fn dash(index: usize) -> Option<f64> {
    match index / SERIES {
        0 => None,
        1 => Some(7.0),
        _ => Some(3.0),
    }
}
