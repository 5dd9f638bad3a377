//! Philox4x32-10: a random number as a function of a key and a counter.

use super::Generator;

const MULTIPLIERS: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const KEY_STEPS: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;

/// The counter-based generator Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random
/// numbers: as easy as 1, 2, 3; SC 2011).
///
/// Its only state is the seed. A caller names a sequence (`stream`) and a position in it (`counter`),
/// so that results depend neither on the order of calls nor on threads.
///
/// ```
/// use monograd::Philox;
///
/// // the same seed and stream, the same numbers, on every machine
/// assert_eq!(Philox::new(42).at(0, 7), Philox::new(42).at(0, 7));
/// let order = Philox::new(42).stream(1).permutation(5);
/// assert_eq!(order.len(), 5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Philox {
    key: [u32; 2],
}

impl Philox {
    /// Returns the generator of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { key: halves(seed) }
    }

    /// Returns the four random words at position `counter` of `stream`.
    #[must_use]
    pub const fn at(self, stream: u64, counter: u64) -> [u32; 4] {
        let [[a], [b], [c], [d]] =
            self.lanes([[counter], [counter >> 32], [stream], [stream >> 32]]);
        [a as u32, b as u32, c as u32, d as u32]
    }

    /// Returns a sequence of numbers from `stream`.
    #[must_use]
    pub const fn stream(self, stream: u64) -> Generator {
        Generator::new(self, stream)
    }

    /// Evaluates several counters in parallel, which the compiler vectorises. Words are in the lower
    /// halves of 64 bits, as the widening multiplication of vector units needs them; the upper halves
    /// are unspecified and not cleared.
    #[inline(always)]
    pub(super) const fn lanes<const N: usize>(self, mut counter: [[u64; N]; 4]) -> [[u64; N]; 4] {
        let mut key = self.key;
        let mut round = 0;
        while round < ROUNDS {
            let mut lane = 0;
            while lane < N {
                let product0 = MULTIPLIERS[0] as u64 * (counter[0][lane] as u32 as u64);
                let product1 = MULTIPLIERS[1] as u64 * (counter[2][lane] as u32 as u64);
                counter[0][lane] = product1 >> 32 ^ counter[1][lane] ^ key[0] as u64;
                counter[1][lane] = product1;
                counter[2][lane] = product0 >> 32 ^ counter[3][lane] ^ key[1] as u64;
                counter[3][lane] = product0;
                lane += 1;
            }
            key = [key[0].wrapping_add(KEY_STEPS[0]), key[1].wrapping_add(KEY_STEPS[1])];
            round += 1;
        }
        counter
    }
}

/// Returns the low and the high half.
const fn halves(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares with the known answers published with Random123 (`kat_vectors`).
    #[test]
    fn gives_the_published_answers() {
        let join = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        let at = |counter: [u32; 4], key: [u32; 2]| {
            Philox::new(join(key[0], key[1]))
                .at(join(counter[2], counter[3]), join(counter[0], counter[1]))
        };
        assert_eq!(at([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            at([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            at([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }

    #[test]
    fn lanes_are_independent_counters() {
        let philox = Philox::new(7);
        let lanes = philox.lanes([[5, 6, 7], [0; 3], [9; 3], [0; 3]]);
        for (lane, counter) in (5..8).enumerate() {
            assert_eq!(lanes.map(|word| word[lane] as u32), philox.at(9, counter));
        }
    }
}
