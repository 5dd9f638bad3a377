//! Seeded random data, and rotating batches, so that nothing is timed on zeros or on data it has learned.

use std::f32::consts::TAU;

/// A generator of random numbers (xorshift64*), the same for every side of the comparison.
pub struct Random(u64);

impl Random {
    /// Creates the generator from a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Returns a number strictly between 0 and 1.
    fn uniform(&mut self) -> f32 {
        ((self.bits() >> 41) as f32 + 0.5) / (1_u32 << 23) as f32
    }

    /// Returns `len` standard normal numbers (Box and Muller 1958).
    pub fn normal(&mut self, len: usize) -> Vec<f32> {
        (0..len)
            .map(|_| (-2.0 * self.uniform().ln()).sqrt() * (TAU * self.uniform()).cos())
            .collect()
    }

    /// Returns `len` class indices below `count`.
    pub fn classes(&mut self, len: usize, count: u32) -> Vec<u32> {
        (0..len).map(|_| (self.bits() >> 33) as u32 % count).collect()
    }
}

/// Batches that are returned in order, and again from the first.
pub struct Rotation<T> {
    batches: Vec<T>,
    next: usize,
}

impl<T> Rotation<T> {
    /// Creates `count` batches with `make`.
    pub fn new(count: usize, make: impl FnMut() -> T) -> Self {
        Self { batches: std::iter::repeat_with(make).take(count).collect(), next: 0 }
    }

    /// Returns the next batch.
    #[expect(clippy::should_implement_trait, reason = "it never ends, and it lends")]
    pub fn next(&mut self) -> &T {
        let batch = &self.batches[self.next];
        self.next = (self.next + 1) % self.batches.len();
        batch
    }
}
