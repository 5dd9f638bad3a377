//! Splits of samples into parts, and the weights of classes.

use super::DataError;
use crate::random::Philox;
use crate::sort::sort_by;
use crate::tensor::Tensor;

/// Targets that are class numbers: `Vec<u32>` and `Tensor<u32>`.
///
/// ```
/// use monograd::Tensor;
/// use monograd::data::split::{Labels, stratified};
///
/// let labels = Tensor::from([0, 0, 0, 0, 1, 1]);
/// let [train, test] = stratified(labels.labels(), [0.5, 0.5], 42)?;
/// let ones = |part: &[usize]| part.iter().filter(|sample| labels.labels()[**sample] == 1).count();
/// assert_eq!((ones(&train), ones(&test)), (1, 1));
/// # Ok::<(), monograd::data::DataError>(())
/// ```
pub trait Labels {
    /// Returns the class of each sample.
    fn labels(&self) -> &[u32];
}

impl Labels for Vec<u32> {
    fn labels(&self) -> &[u32] {
        self
    }
}

impl Labels for Tensor<u32> {
    fn labels(&self) -> &[u32] {
        self.as_slice()
    }
}

/// Splits the numbers `0..len` at random into parts of these shares.
///
/// # Errors
/// If the shares are not positive or make more than 1, or a part would be empty.
pub fn random<const N: usize>(
    len: usize,
    shares: [f64; N],
    seed: u64,
) -> Result<[Vec<usize>; N], DataError> {
    let sizes = sizes(len, &shares)?;
    let order = Philox::new(seed).stream(0).permutation(len);
    let mut left = &order[..];
    Ok(std::array::from_fn(|part| {
        let (taken, rest) = left.split_at(sizes[part]);
        left = rest;
        taken.to_vec()
    }))
}

/// Like [`random`] for as many samples as labels, where every class has its share in every part, as nearly as its
/// number allows.
///
/// # Errors
/// Those of [`random`].
pub fn stratified<const N: usize>(
    labels: &[u32],
    shares: [f64; N],
    seed: u64,
) -> Result<[Vec<usize>; N], DataError> {
    let sizes = sizes(labels.len(), &shares)?;
    let mut random = Philox::new(seed).stream(0);
    let mut by_class = std::collections::BTreeMap::<u32, Vec<usize>>::new();
    for sample in random.permutation(labels.len()) {
        by_class.entry(labels[sample]).or_default().push(sample);
    }
    let mut classes: Vec<Vec<usize>> = by_class.into_values().collect();
    Ok(std::array::from_fn(|part| {
        let counts: Vec<f64> = classes.iter().map(|class| class.len() as f64).collect();
        let taken = apportioned(sizes[part], &counts);
        let each = classes.iter_mut().zip(taken);
        let mut samples: Vec<usize> =
            each.flat_map(|(class, taken)| class.split_off(class.len() - taken)).collect();
        random.shuffle(&mut samples);
        samples
    }))
}

/// Returns weights by which classes of different sizes count alike in a loss: `n / (k * count)` for each of the
/// `k` classes, whose mean over the `n` samples is 1.
///
/// # Errors
/// If a label is not below `classes`, or a class has no samples.
pub fn class_weights(labels: &[u32], classes: usize) -> Result<Vec<f32>, DataError> {
    let mut counts = vec![0_usize; classes];
    for (sample, label) in labels.iter().enumerate() {
        let count = counts.get_mut(*label as usize).ok_or_else(|| {
            let reason =
                format!("sample {sample} is class {label}, but there are {classes} (from 0)");
            DataError::option(reason)
        })?;
        *count += 1;
    }
    if let Some(class) = counts.iter().position(|count| *count == 0) {
        return Err(DataError::option(format!(
            "class {class} has no samples, so that it has no weight"
        )));
    }
    let weight = |count: &usize| labels.len() as f64 / (classes * count) as f64;
    Ok(counts.iter().map(|count| weight(count) as f32).collect())
}

/// Returns the number of samples of each part.
fn sizes(len: usize, shares: &[f64]) -> Result<Vec<usize>, DataError> {
    let sum: f64 = shares.iter().sum();
    // as many decimal shares do, 0.7, 0.2 and 0.1 make a little more or less than 1
    let is_whole = (sum - 1.0).abs() < 1e-9;
    if !shares.iter().all(|share| *share > 0.0) || !(is_whole || sum < 1.0) {
        let reason =
            format!("the shares {shares:?} are not positive numbers of a sum of at most 1");
        return Err(DataError::option(reason));
    }
    let total = if is_whole { len } else { (len as f64 * sum).floor() as usize };
    let sizes = apportioned(total, shares);
    match sizes.iter().position(|size| *size == 0) {
        None => Ok(sizes),
        Some(part) => {
            let share = shares[part];
            let reason =
                format!("a share of {share} of {len} samples is none: part {part} would be empty");
            Err(DataError::option(reason))
        }
    }
}

/// Divides a number by weights: each part has its quotient rounded down, and those with the largest remainders
/// one more, the first of equals.
fn apportioned(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    let quotients: Vec<f64> = weights
        .iter()
        // a whole number that rounding has put a little below
        .map(|weight| total as f64 * weight / sum * (1.0 + f64::EPSILON))
        .collect();
    let mut parts: Vec<usize> =
        quotients.iter().map(|quotient| quotient.floor() as usize).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let remainder = |part: &usize| quotients[*part] - quotients[*part].floor();
    sort_by(&mut order, |a, b| remainder(b).total_cmp(&remainder(a)));
    let missing = total.saturating_sub(parts.iter().sum());
    for part in order.into_iter().take(missing) {
        parts[part] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_divided_without_rest() {
        assert_eq!(apportioned(10, &[0.7, 0.2, 0.1]), [7, 2, 1]);
        assert_eq!(apportioned(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(apportioned(7, &[0.5, 0.25, 0.25]), [3, 2, 2]);
        for total in 0..200 {
            for weights in [&[0.7, 0.2, 0.1][..], &[3.0, 50.0, 7.0, 1.0], &[1.0 / 3.0; 3]] {
                assert_eq!(apportioned(total, weights).iter().sum::<usize>(), total);
            }
        }
    }

    #[test]
    fn every_sample_is_in_one_part() {
        let labels: Vec<u32> = (0..101).map(|i| u32::from(i % 5 == 0)).collect();
        let shares = [0.6, 0.25, 0.15];
        for parts in [random(101, shares, 3).unwrap(), stratified(&labels, shares, 3).unwrap()] {
            assert_eq!(parts.each_ref().map(Vec::len), [61, 25, 15]);
            let mut all = parts.concat();
            assert_ne!(all, (0..101).collect::<Vec<_>>());
            all.sort_unstable();
            assert_eq!(all, (0..101).collect::<Vec<_>>());
        }
        let ones = |part: &Vec<usize>| part.iter().filter(|i| labels[**i] == 1).count();
        assert_eq!(stratified(&labels, shares, 3).unwrap().each_ref().map(ones), [13, 5, 3]);
        assert_eq!(random(101, shares, 3).unwrap(), random(101, shares, 3).unwrap());
        assert_ne!(random(101, shares, 3).unwrap(), random(101, shares, 4).unwrap());
        assert_eq!(random(10, [0.5, 0.2], 1).unwrap().each_ref().map(Vec::len), [5, 2]);
    }

    #[test]
    fn shares_are_checked() {
        let message = |len, shares: [f64; 2]| random(len, shares, 0).unwrap_err().to_string();
        for shares in [[0.8, 0.3], [1.0, 0.0], [f64::NAN, 0.5], [-0.5, 0.5], [f64::INFINITY, 0.1]] {
            assert!(message(10, shares).ends_with("of a sum of at most 1"), "{shares:?}");
        }
        assert_eq!(
            message(4, [0.9, 0.1]),
            "a share of 0.1 of 4 samples is none: part 1 would be empty"
        );
        assert!(class_weights(&[0, 3], 3).unwrap_err().to_string().contains("sample 1 is class 3"));
        assert!(
            class_weights(&[0, 2], 3).unwrap_err().to_string().contains("class 1 has no samples")
        );
    }
}
