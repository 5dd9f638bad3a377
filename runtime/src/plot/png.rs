//! Pictures as PNG.

use super::picture::{Align, Ink, Picture, Shape, TITLE, Theme};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster};
use std::io;
use tiny_skia::{
    Color, FillRule, LineJoin, Paint, PathBuilder, Pixmap, PremultipliedColorU8, Stroke,
    StrokeDash, Transform,
};

/// Number of pixels of a PNG for one of the picture, in each direction.
const SCALE: f64 = 2.0;

/// Returns a picture as PNG.
pub(super) fn write(picture: &Picture, theme: Theme) -> io::Result<Vec<u8>> {
    let dark = theme == Theme::Dark;
    let size = |pixels: f64| (pixels * SCALE) as u32;
    let wrong = || {
        let text = format!("a picture of {} x {} pixels", picture.width, picture.height);
        io::Error::new(io::ErrorKind::InvalidInput, format!("{text}: it has none, or too many"))
    };
    let mut pixels = Pixmap::new(size(picture.width), size(picture.height)).ok_or_else(wrong)?;
    pixels.fill(colour(Ink::Background, 1.0, dark));
    for shape in &picture.shapes {
        match shape {
            Shape::Text { at, text, align, size, ink, upwards } => {
                let text =
                    Text { text, align: *align, is_title: *size >= TITLE, upwards: *upwards };
                text.draw(&mut pixels, *at, ink.rgb(dark));
            }
            shape => draw(&mut pixels, shape, dark),
        }
    }
    pixels.encode_png().map_err(io::Error::other)
}

fn colour(ink: Ink, opacity: f64, dark: bool) -> Color {
    let [r, g, b] = ink.rgb(dark);
    Color::from_rgba8(r, g, b, (opacity * 255.0).round() as u8)
}

/// Draws a line or an area.
fn draw(pixels: &mut Pixmap, shape: &Shape, dark: bool) {
    let (points, ink, opacity) = match shape {
        Shape::Line { points, ink, .. } => (points, *ink, 1.0),
        Shape::Area { points, ink, opacity } => (points, *ink, *opacity),
        Shape::Text { .. } => return,
    };
    let mut path = PathBuilder::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let (x, y) = ((x * SCALE) as f32, (y * SCALE) as f32);
        if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    if matches!(shape, Shape::Area { .. }) {
        path.close();
    }
    let Some(path) = path.finish() else { return };
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(colour(ink, opacity, dark));
    match shape {
        Shape::Line { width, dash, .. } => {
            let dash = dash.and_then(|dash| {
                let dash = (dash * SCALE) as f32;
                StrokeDash::new(vec![dash, dash], 0.0)
            });
            let width = (width * SCALE) as f32;
            let stroke = Stroke { width, dash, line_join: LineJoin::Round, ..Stroke::default() };
            pixels.stroke_path(&path, &paint, &stroke, Transform::identity(), None);
        }
        _ => {
            // seams between cells show the background through if their edges are smooth
            paint.anti_alias = opacity < 1.0;
            pixels.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
        }
    }
}

/// A text in the letters of the library's font.
struct Text<'a> {
    text: &'a str,
    align: Align,
    is_title: bool,
    upwards: bool,
}

impl Text<'_> {
    fn draw(&self, pixels: &mut Pixmap, (x, y): (f64, f64), ink: [u8; 3]) {
        let height = if self.is_title { RasterHeight::Size32 } else { RasterHeight::Size24 };
        let letters: Vec<_> = self
            .text
            .chars()
            .map(|letter| {
                let raster = |letter| get_raster(letter, FontWeight::Regular, height);
                raster(letter).or_else(|| raster('?'))
            })
            .collect();
        let width: usize = letters.iter().flatten().map(|letter| letter.width()).sum();
        let before = match self.align {
            Align::Start => 0,
            Align::Middle => width / 2,
            Align::End => width,
        };
        // letters stand on a line at four fifths of their height
        let above = height.val() * 4 / 5;
        let (x, y) = ((x * SCALE).round() as i64, (y * SCALE).round() as i64);
        let mut start = 0;
        for letter in letters.iter().flatten() {
            for (row, line) in letter.rows().enumerate() {
                for (column, strength) in line.iter().enumerate() {
                    let along = (start + column) as i64 - before as i64;
                    let down = row as i64 - above as i64;
                    let place = match self.upwards {
                        false => (x + along, y + down),
                        true => (x + down, y - along),
                    };
                    blend(pixels, place, ink, *strength);
                }
            }
            start += letter.width();
        }
    }
}

/// Mixes a colour into an opaque pixel.
fn blend(pixels: &mut Pixmap, (x, y): (i64, i64), ink: [u8; 3], strength: u8) {
    let (width, height) = (i64::from(pixels.width()), i64::from(pixels.height()));
    if strength == 0 || !(0..width).contains(&x) || !(0..height).contains(&y) {
        return;
    }
    let pixel = &mut pixels.pixels_mut()[(y * width + x) as usize];
    let mix = |under: u8, over: u8| {
        let (under, over, share) = (u32::from(under), u32::from(over), u32::from(strength));
        ((under * (255 - share) + over * share + 127) / 255) as u8
    };
    let [r, g, b] = [(pixel.red(), ink[0]), (pixel.green(), ink[1]), (pixel.blue(), ink[2])]
        .map(|(a, b)| mix(a, b));
    if let Some(mixed) = PremultipliedColorU8::from_rgba(r, g, b, 255) {
        *pixel = mixed;
    }
}
