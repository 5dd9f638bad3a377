//! Images in the IDX format of MNIST (LeCun, Cortes and Burges 1998) and Fashion-MNIST.

use crate::Outcome;
use std::path::Path;

/// Images of one size and their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Images {
    /// The height and width of an image.
    pub size: usize,
    /// The pixels, image by image and row by row, from -1 (paper) to 1 (ink).
    pub pixels: Vec<f32>,
    /// The classes.
    pub labels: Vec<u32>,
}

impl Images {
    /// Returns the number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Returns true if there are no images.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Returns the images at `indices`.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        let len = self.size * self.size;
        let pixels = indices.iter().flat_map(|&i| &self.pixels[i * len..][..len]);
        Self {
            size: self.size,
            pixels: pixels.copied().collect(),
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
        }
    }
}

/// Reads `train-images-idx3-ubyte` and `train-labels-idx1-ubyte` in a folder, or those that begin with
/// `t10k` for the test.
///
/// # Errors
/// When a file cannot be read, or is no IDX file of square images, or of as many labels.
pub fn read(folder: &Path, part: &str) -> Outcome<Images> {
    let (sizes, pixels) = file(folder, &format!("{part}-images-idx3-ubyte"))?;
    let (counts, labels) = file(folder, &format!("{part}-labels-idx1-ubyte"))?;
    match (&sizes[..], &counts[..]) {
        (&[images, height, width], &[labelled]) if images == labelled && height == width => {
            let pixel = |ink: &u8| f32::from(*ink) / 127.5 - 1.0;
            Ok(Images {
                size: height,
                pixels: pixels.iter().map(pixel).collect(),
                labels: labels.iter().map(|&label| u32::from(label)).collect(),
            })
        }
        _ => {
            let what = format!(
                "{}: images of {sizes:?} and labels of {counts:?}, but square images are read, with one label each",
                folder.display()
            );
            Err(what.into())
        }
    }
}

/// Reads one file: the sizes of its axes, and its bytes.
fn file(folder: &Path, name: &str) -> Outcome<(Vec<usize>, Vec<u8>)> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    parse(&bytes).ok_or_else(|| format!("{}: no IDX file of bytes", path.display()).into())
}

/// Returns the sizes of the axes and the data of an IDX file of bytes, if it is one.
fn parse(bytes: &[u8]) -> Option<(Vec<usize>, Vec<u8>)> {
    let (&[0, 0, 8, axes], rest) = bytes.split_first_chunk()? else { return None };
    let (header, data) = rest.split_at_checked(4 * usize::from(axes))?;
    let (sizes, _) = header.as_chunks::<4>();
    let sizes: Vec<usize> = sizes.iter().map(|size| u32::from_be_bytes(*size) as usize).collect();
    let len = sizes.iter().try_fold(1_usize, |len, size| len.checked_mul(*size))?;
    (data.len() == len).then(|| (sizes, data.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_or_refused() {
        let bytes = |sizes: &[u32], data: &[u8]| {
            let axes = u8::try_from(sizes.len()).unwrap();
            let sizes = sizes.iter().flat_map(|size| size.to_be_bytes());
            [0, 0, 8, axes].into_iter().chain(sizes).chain(data.iter().copied()).collect::<Vec<_>>()
        };
        let whole = bytes(&[1, 2, 2], &[1, 2, 3, 4]);
        assert_eq!(parse(&whole), Some((vec![1, 2, 2], vec![1, 2, 3, 4])));
        for len in 0..whole.len() {
            assert_eq!(parse(&whole[..len]), None, "{len} bytes");
        }
        assert_eq!(parse(&bytes(&[u32::MAX; 4], &[])), None);
        assert_eq!(parse(&[0, 0, 9, 0, 1]), None);
    }
}
