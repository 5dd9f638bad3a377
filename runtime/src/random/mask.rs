//! Dropout's masks.

use super::Philox;
use crate::scalar::Scalar;

/// Counters computed side by side.
const LANES: usize = 16;
/// Elements that they give.
const BLOCK: usize = 4 * LANES;
/// Random bits of an element.
const BITS: u32 = 24;

/// Writes a dropout mask: each scalar 0 with this `probability` (0 to 1), else
/// 1 / (1 - `probability`).
///
/// `mask[i]` depends only on `philox`'s seed, on `stream` and on `first + i`, so that tiles and
/// threads agree on it and a backward pass can compute it again. The probability is exact to
/// 2^-24. There is no branch on the random bits; inlined into a function compiled for vectors,
/// it becomes vector code.
#[inline(always)]
pub fn fill_mask<T: Scalar>(
    philox: Philox,
    stream: u64,
    first: u64,
    probability: f64,
    mask: &mut [T],
) {
    let threshold = (probability * f64::from(1 << BITS) + 0.5) as u32;
    let kept = T::from_f64(1.0 / (1.0 - probability));
    let scale = |word: u64| if word as u32 >> (32 - BITS) < threshold { T::ZERO } else { kept };

    let mut block = first / BLOCK as u64;
    let head = (block + 1) * BLOCK as u64 - first;
    let (head, rest) = mask.split_at_mut(mask.len().min(head as usize % BLOCK));
    if !head.is_empty() {
        let skipped = (first % BLOCK as u64) as usize;
        let words = words(philox, stream, block);
        head.iter_mut().zip(&words.as_flattened()[skipped..]).for_each(|(m, &w)| *m = scale(w));
        block += 1;
    }
    let (blocks, tail) = rest.as_chunks_mut::<BLOCK>();
    for chunk in blocks {
        let words = words(philox, stream, block);
        chunk.iter_mut().zip(words.as_flattened()).for_each(|(m, &w)| *m = scale(w));
        block += 1;
    }
    if !tail.is_empty() {
        let words = words(philox, stream, block);
        tail.iter_mut().zip(words.as_flattened()).for_each(|(m, &w)| *m = scale(w));
    }
}

/// The words of a block's elements, in the lower halves: element `i` has word `i / LANES` of
/// counter `i % LANES`, which needs no shuffling between vectors.
#[inline(always)]
fn words(philox: Philox, stream: u64, block: u64) -> [[u64; LANES]; 4] {
    let mut counters = [0; LANES];
    for (lane, counter) in counters.iter_mut().enumerate() {
        *counter = block * LANES as u64 + lane as u64;
    }
    philox.lanes([counters, counters.map(|c| c >> 32), [stream; LANES], [stream >> 32; LANES]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(seed: u64, stream: u64, first: u64, probability: f64, len: usize) -> Vec<f32> {
        let mut mask = vec![f32::NAN; len];
        fill_mask(Philox::new(seed), stream, first, probability, &mut mask);
        mask
    }

    #[test]
    fn an_element_depends_on_its_index_only() {
        let whole = mask(5, 2, 0, 0.3, 1000);
        for (first, len) in [(0, 1), (1, 7), (17, 33), (63, 2), (64, 64), (65, 200), (100, 900)] {
            assert_eq!(mask(5, 2, first as u64, 0.3, len), whole[first..first + len], "{first}");
        }
        assert_ne!(mask(5, 3, 0, 0.3, 1000), whole);
        assert_ne!(mask(6, 2, 0, 0.3, 1000), whole);
        let far = u64::from(u32::MAX) * 64;
        assert_eq!(mask(5, 2, far + 40, 0.3, 100), mask(5, 2, far, 0.3, 140)[40..]);
    }

    #[test]
    fn an_element_is_a_word_of_its_counter() {
        let philox = Philox::new(11);
        let mask = mask(11, 7, 0, 0.5, 256);
        for (i, &m) in mask.iter().enumerate() {
            let (block, i) = (i / BLOCK, i % BLOCK);
            let word = philox.at(7, (block * LANES + i % LANES) as u64)[i / LANES];
            assert_eq!(m, if word < 1 << 31 { 0.0 } else { 2.0 });
        }
    }

    #[test]
    fn keeps_the_share_asked_for() {
        let len = 1 << 18;
        for p in [0.1, 0.25, 0.5, 0.9] {
            let mask = mask(1, 0, 12, p, len);
            let kept = mask.iter().filter(|&&m| m == (1.0 / (1.0 - p)) as f32).count();
            let dropped = mask.iter().filter(|&&m| m == 0.0).count();
            assert_eq!(kept + dropped, len);
            let error = dropped as f64 - p * len as f64;
            assert!(error.abs() < 4.0 * (p * (1.0 - p) * len as f64).sqrt(), "{p} {error}");
            // Neighbours, in a lane, a word or a block, know nothing of each other.
            for distance in [1, LANES, BLOCK] {
                let both = mask.iter().zip(&mask[distance..]).filter(|&(&a, &b)| a + b == 0.0);
                let error = both.count() as f64 - p * p * (len - distance) as f64;
                assert!(error.abs() < 6.0 * p * (len as f64).sqrt(), "{p} {distance} {error}");
            }
        }
    }

    #[test]
    fn all_or_nothing() {
        assert!(mask(1, 0, 0, 0.0, 300).iter().all(|&m| m == 1.0));
        assert!(mask(1, 0, 0, 1.0, 300).iter().all(|&m| m == 0.0));
    }
}
