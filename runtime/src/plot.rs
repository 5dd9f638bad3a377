//! Charts as SVG and PNG: lines, bars, heat maps and panels (needs feature `plot`).
//!
//! ```
//! use monograd::plot::Chart;
//!
//! let loss = (1..=50).map(|epoch| (f64::from(epoch), 2.0 / f64::from(epoch)));
//! let spread = (1..=50).map(|epoch| {
//!     let x = f64::from(epoch);
//!     (x, 1.6 / x, 2.6 / x) // the quartiles of several runs
//! });
//! let chart = Chart::new("Loss of 8 runs")
//!     .x_label("epoch")
//!     .y_label("cross entropy")
//!     .log_y()
//!     .line("training", loss)
//!     .band(spread);
//! # let folder = std::env::temp_dir().join(format!("monograd-plot-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("loss.svg");
//! chart.save(path)?; // or `loss.png`
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), monograd::Error>(())
//! ```
//!
//! Colours are those of Okabe and Ito, which colour-blind readers tell apart, and heat maps are viridis. An SVG follows
//! the reader's choice of light or dark, unless a [`Theme`] is set; a PNG is light. Text in a PNG comes from a font in
//! the library, so that it needs none of the system; it has the letters of ASCII, and `?` for others.

mod axis;
mod bars;
mod chart;
mod heat;
mod panels;
mod picture;
mod png;
mod svg;

use crate::error::FileProblem;
use std::path::Path;

pub use bars::Bars;
pub use chart::Chart;
pub use heat::HeatMap;
pub use panels::Panels;
pub use picture::Theme;

/// The methods that all charts have.
macro_rules! output {
    ($chart:ident) => {
        impl $chart {
            /// Sets the size in pixels; a PNG has twice as many in each direction, for sharp screens.
            #[must_use]
            pub const fn size(mut self, width: u32, height: u32) -> Self {
                self.size = Some((width, height));
                self
            }

            /// Sets the colours (by default those that the reader prefers).
            #[must_use]
            pub const fn theme(mut self, theme: crate::plot::Theme) -> Self {
                self.theme = theme;
                self
            }

            /// Returns the chart as SVG.
            #[must_use]
            pub fn svg(&self) -> String {
                crate::plot::svg::write(&self.picture(), self.theme)
            }

            /// Returns the chart as PNG.
            ///
            /// # Errors
            /// If the size is 0, or too large for a picture.
            pub fn png(&self) -> crate::Result<Vec<u8>> {
                Ok(crate::plot::png::write(&self.picture(), self.theme)?)
            }

            /// Writes the chart to a file, as PNG if its name ends with `.png`, else as SVG. An existing file is
            /// replaced.
            ///
            /// # Errors
            /// [`Error::File`](crate::Error::File) if the file cannot be written, is not a regular file, or the size
            /// is none of a [`png`](Self::png).
            pub fn save(&self, path: impl AsRef<std::path::Path>) -> crate::Result<()> {
                let path = path.as_ref();
                let written = crate::plot::write(path, &self.picture(), self.theme);
                written.map_err(|problem| problem.at(Some(path)))
            }
        }
    };
}

/// Writes a picture to a file of the kind that its name says.
fn write(path: &Path, picture: &picture::Picture, theme: Theme) -> Result<(), FileProblem> {
    let is_png = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("png"));
    let bytes =
        if is_png { png::write(picture, theme)? } else { svg::write(picture, theme).into() };
    crate::file::replace_bytes(path, &bytes)
}

use output;

#[cfg(test)]
mod tests;
