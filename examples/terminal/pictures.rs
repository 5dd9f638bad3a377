//! Prints images with characters of several shades.

use std::fmt;

/// Shades from paper to ink.
const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];
/// The gap between pictures, such that four fit into 80 columns.
const GAP: &str = "    ";
const PER_ROW: usize = 4;

/// A picture with a caption.
#[derive(Clone, Debug)]
pub struct Picture<'a> {
    /// The pixels, row by row, from -1 (paper) to 1 (ink).
    pub pixels: &'a [f32],
    /// The caption, of at most two characters per column.
    pub caption: String,
}

/// Pictures of the same width, printed side by side.
#[derive(Clone, Debug)]
pub struct Pictures<'a> {
    /// Number of pixels per row.
    pub width: usize,
    /// The pictures, in reading order.
    pub pictures: Vec<Picture<'a>>,
}

impl fmt::Display for Pictures<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, row) in self.pictures.chunks(PER_ROW).enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            for y in 0..row[0].pixels.len() / self.width {
                let line = |p: &Picture<'_>| shades(&p.pixels[y * self.width..][..self.width]);
                join(f, row.iter().map(line))?;
            }
            let columns = 2 * self.width;
            join(f, row.iter().map(|p| format!("{:<columns$}", p.caption)))?;
        }
        Ok(())
    }
}

/// Formats a row of pixels. A pixel is two characters wide, so that it is about square.
fn shades(pixels: &[f32]) -> String {
    let darkest = (SHADES.len() - 1) as f32;
    let shade = |&pixel: &f32| {
        let ink = f32::midpoint(1.0, pixel.clamp(-1.0, 1.0));
        SHADES[(ink * darkest).round() as usize]
    };
    pixels.iter().flat_map(|pixel| [shade(pixel); 2]).collect()
}

fn join(f: &mut fmt::Formatter<'_>, pieces: impl Iterator<Item = String>) -> fmt::Result {
    writeln!(f, "{GAP}{}", pieces.collect::<Vec<_>>().join(GAP).trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_dark_and_pictures_stand_side_by_side() {
        let picture = |pixels, caption: &str| Picture { pixels, caption: caption.into() };
        let pictures = vec![picture(&[-1.0, 1.0, 0.0, -0.6], "a"), picture(&[1.0; 4], "b")];
        let drawn = Pictures { width: 2, pictures }.to_string();
        assert_eq!(drawn, "      ██    ████\n    ▒▒░░    ████\n    a       b\n");
    }
}
