//! Several outputs of a layer: side by side in each sample for the network, apart for the layer.

use crate::source::Port;

/// The most outputs of a layer.
pub const MOST_OUTPUTS: usize = 4;

/// Scalars of all outputs of a sample, where there are several, with run-time sizes at their
/// bounds, or 1 where there is none.
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

/// The same for given run-time sizes.
pub fn len_side_by_side(outputs: &[Port], lengths: &[usize]) -> usize {
    match outputs {
        [_] => 0,
        _ => outputs.iter().map(|port| port.len_at(lengths)).sum(),
    }
}

/// A part of `memory` for each output.
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

/// Copies parts to where those of one sample stand side by side.
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

/// The opposite.
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
