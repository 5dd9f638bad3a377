//! 1,797 handwritten digits of 8x8 pixels; `digits.md` names their source.

use monograd::Philox;

/// Images and their labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// The pixels, row by row, from -1 (paper) to 1 (ink): networks learn faster if inputs are around zero.
    pub images: Vec<[f32; 64]>,
    /// The digits, 0 to 9.
    pub labels: Vec<u32>,
}

impl Dataset {
    /// Returns the number of digits.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Returns true if there are no digits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Returns the digits at `indices`: a batch, or a subset.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            images: indices.iter().map(|&i| self.images[i]).collect(),
            labels: indices.iter().map(|&i| self.labels[i]).collect(),
        }
    }

    /// Returns batches of `size` digits and their labels, shuffled by a seed in a way of its own for each epoch.
    pub fn batches(
        &self,
        size: usize,
        seed: u64,
        epoch: u64,
    ) -> impl Iterator<Item = (Vec<[f32; 64]>, Vec<u32>)> {
        let order = Philox::new(seed).stream(1 + epoch).permutation(self.len());
        (0..order.len().div_ceil(size)).map(move |batch| {
            let end = order.len().min((batch + 1) * size);
            let Self { images, labels } = self.select(&order[batch * size..end]);
            (images, labels)
        })
    }
}

/// Returns all digits, in the order of the file, which is sorted by writer.
#[must_use]
pub fn all() -> Dataset {
    let (records, rest) = include_bytes!("digits.bin").as_chunks::<65>();
    assert!(rest.is_empty(), "records of 64 pixels and a label");
    let pixel = |ink: u8| f32::from(ink) / 8.0 - 1.0;
    Dataset {
        images: records.iter().map(|r| std::array::from_fn(|i| pixel(r[i]))).collect(),
        labels: records.iter().map(|r| u32::from(r[64])).collect(),
    }
}

/// Returns the training set, and the fifth of all digits that is held out. The split is random but
/// always the same, so that every writer and digit occurs in both.
#[must_use]
pub fn split() -> (Dataset, Dataset) {
    let all = all();
    let order = Philox::new(1998).stream(0).permutation(all.len());
    let (test, train) = order.split_at(all.len() / 5);
    (all.select(train), all.select(test))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_whole() {
        let all = all();
        let mut counts = [0; 10];
        all.labels.iter().for_each(|&label| counts[label as usize] += 1);
        // the counts in the description of the data set
        assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
        assert!(all.images.as_flattened().iter().all(|pixel| (-1.0..=1.0).contains(pixel)));
    }

    #[test]
    fn parts_share_nothing() {
        let (train, test) = split();
        assert_eq!((train.len(), test.len()), (1438, 359));
        let mut joined: Vec<_> = train.images.iter().chain(&test.images).collect();
        let mut images = all().images;
        joined.sort_by(|a, b| a.partial_cmp(b).unwrap());
        images.sort_by(|a, b| a.partial_cmp(b).unwrap());
        assert!(joined.into_iter().eq(&images));
    }
}
