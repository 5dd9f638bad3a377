//! Splits several outputs of a layer. For the network they are concatenated in each sample; for the
//! layer each is contiguous.

use crate::source::Port;

/// Largest number of outputs of a layer.
pub const MOST_OUTPUTS: usize = 4;

/// Returns the scalars of all outputs of a sample if there are several, else 0. Run-time sizes are
/// taken at their bounds, or as 1 if they have none.
pub const fn constant_len(outputs: &[Port]) -> usize {
    if outputs.len() == 1 {
        return 0;
    }
    let (mut sum, mut i) = (0, 0);
    while i < outputs.len() {
        sum += outputs[i].len();
        i += 1;
    }
    sum
}

/// Like [`constant_len`], for given run-time sizes.
pub fn len_side_by_side(outputs: &[Port], lengths: &[usize]) -> usize {
    match outputs {
        [_] => 0,
        _ => outputs.iter().map(|port| port.len_at(lengths)).sum(),
    }
}

/// Splits `memory` into one part for each output.
pub fn parts<'a, T>(
    memory: &'a mut [T],
    outputs: &[Port],
    samples: usize,
    lengths: &[usize],
) -> [&'a mut [T]; MOST_OUTPUTS] {
    let (mut rest, mut outputs) = (memory, outputs.iter());
    [(); MOST_OUTPUTS].map(|()| {
        let len = outputs.next().map_or(0, |port| samples * port.len_at(lengths));
        let (part, others) = std::mem::take(&mut rest).split_at_mut(len);
        rest = others;
        part
    })
}

/// Concatenates the parts of each sample into `to`.
pub fn side_by_side<T: Copy>(parts: &[&mut [T]], samples: usize, to: &mut [T]) {
    let row = to.len() / samples;
    let mut start = 0;
    for part in parts {
        let len = part.len() / samples;
        for (from, to) in part.chunks_exact(len).zip(to.chunks_exact_mut(row)) {
            to[start..][..len].copy_from_slice(from);
        }
        start += len;
    }
}

/// Splits the concatenated samples of `from` into parts: the inverse of [`side_by_side`].
pub fn apart<T: Copy>(from: &[T], samples: usize, parts: &mut [&mut [T]]) {
    let row = from.len() / samples;
    let mut start = 0;
    for part in parts {
        let len = part.len() / samples;
        for (to, from) in part.chunks_exact_mut(len).zip(from.chunks_exact(row)) {
            to.copy_from_slice(&from[start..][..len]);
        }
        start += len;
    }
}
