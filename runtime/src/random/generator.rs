//! Sequential random numbers: uniform, normal, integers, permutations.

use super::Philox;

/// A sequence of random numbers: one stream of a seed.
///
/// Floating-point results are computed in software, in `f64`, so that they are bitwise the same
/// everywhere.
///
/// ```
/// use monograd::random::Philox;
///
/// let mut random = Philox::new(42).stream(0);
/// let order = random.permutation(5);
/// assert_eq!(order, Philox::new(42).stream(0).permutation(5));
/// ```
#[derive(Clone, Debug)]
pub struct Generator {
    philox: Philox,
    stream: u64,
    counter: u64,
    words: [u32; 4],
    /// Number of `words` that are used up.
    used: usize,
    /// The second normal of the last pair, if it is not used yet.
    spare: Option<f64>,
}

impl Generator {
    pub(super) const fn new(philox: Philox, stream: u64) -> Self {
        Self { philox, stream, counter: 0, words: [0; 4], used: 4, spare: None }
    }

    /// Returns 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.used == self.words.len() {
            self.words = self.philox.at(self.stream, self.counter);
            self.counter += 1;
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }

    /// Returns 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        u64::from(self.next_u32()) | u64::from(self.next_u32()) << 32
    }

    /// Returns a number uniform in [0, 1): a multiple of 2^-24, which `f32` represents exactly.
    pub fn uniform(&mut self) -> f64 {
        f64::from(self.next_u32() >> 8) / f64::from(1 << 24)
    }

    /// Returns a normal number with mean 0 and variance 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        if let Some(normal) = self.spare.take() {
            return normal;
        }
        // in (0, 1), so that its logarithm is finite
        let u = (f64::from(self.next_u32()) + 0.5) / (1_u64 << 32) as f64;
        let radius = libm::sqrt(-2.0 * libm::log(u));
        let angle = std::f64::consts::TAU * (f64::from(self.next_u32()) / (1_u64 << 32) as f64);
        let (sin, cos) = libm::sincos(angle);
        self.spare = Some(radius * sin);
        radius * cos
    }

    /// Returns an integer uniform in `0..n` (Lemire 2019: Fast random integer generation in an
    /// interval).
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        assert!(n > 0, "no integer is below 0");
        let n = n as u64;
        // products whose lower half is below 2^64 mod n are drawn again, so that all results are equally
        // likely
        let short = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            if product as u64 >= short {
                return (product >> 64) as usize;
            }
        }
    }

    /// Shuffles `items` uniformly (Fisher and Yates).
    pub fn shuffle<I>(&mut self, items: &mut [I]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// Returns the numbers `0..n` in random order.
    #[must_use]
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: usize = 100_000;

    /// Returns mean and variance.
    fn moments(draw: impl FnMut(usize) -> f64) -> (f64, f64) {
        let draws: Vec<f64> = (0..DRAWS).map(draw).collect();
        let mean = draws.iter().sum::<f64>() / DRAWS as f64;
        let square = |x: &f64| (x - mean) * (x - mean);
        (mean, draws.iter().map(square).sum::<f64>() / DRAWS as f64)
    }

    #[test]
    fn the_same_seed_gives_the_same_bits() {
        let mut random = Philox::new(42).stream(3);
        let uniforms: [f64; 3] = std::array::from_fn(|_| random.uniform());
        let normals: [u64; 3] = std::array::from_fn(|_| random.normal().to_bits());
        // computed by an independent implementation in another language
        assert_eq!(uniforms, [0.040308356285095215, 0.445625901222229, 0.7230342626571655]);
        assert_eq!(normals, [0xbff0_1099_ae1d_d59b, 0xbfc1_f7d6_3def_075a, 0xbff1_4e34_c7d3_dfa7]);
        assert_eq!(random.permutation(8), [6, 7, 0, 5, 4, 1, 3, 2]);
    }

    #[test]
    fn uniform_has_its_moments_and_bounds() {
        let mut random = Philox::new(1).stream(0);
        let (mut least, mut most) = (1.0_f64, 0.0_f64);
        let (mean, variance) = moments(|_| {
            let x = random.uniform();
            assert!((0.0..1.0).contains(&x) && f64::from(x as f32) == x);
            (least, most) = (least.min(x), most.max(x));
            x
        });
        // four standard errors: of the mean 1/sqrt(12 n), of the variance 1/sqrt(180 n)
        assert!((mean - 0.5).abs() < 4.0 / (12.0 * DRAWS as f64).sqrt(), "{mean}");
        assert!((variance - 1.0 / 12.0).abs() < 4.0 / (180.0 * DRAWS as f64).sqrt(), "{variance}");
        assert!(least < 1e-3 && most > 1.0 - 1e-3);
    }

    #[test]
    fn normal_has_its_moments_and_tails() {
        let mut random = Philox::new(2).stream(0);
        let mut beyond = 0;
        let (mean, variance) = moments(|_| {
            let x = random.normal();
            beyond += usize::from(x.abs() > 1.959_963_984_540_054);
            x
        });
        assert!(mean.abs() < 4.0 / (DRAWS as f64).sqrt(), "{mean}");
        assert!((variance - 1.0).abs() < 4.0 * (2.0 / DRAWS as f64).sqrt(), "{variance}");
        let share = beyond as f64 / DRAWS as f64;
        assert!((share - 0.05).abs() < 4.0 * (0.05 * 0.95 / DRAWS as f64).sqrt(), "{share}");
    }

    #[test]
    fn below_is_fair() {
        let mut random = Philox::new(3).stream(0);
        for n in [1, 2, 7, 33] {
            let mut counts = vec![0_usize; n];
            (0..DRAWS).for_each(|_| counts[random.below(n)] += 1);
            let expected = DRAWS as f64 / n as f64;
            for count in counts {
                assert!((count as f64 - expected).abs() <= 5.0 * expected.sqrt(), "{n} {count}");
            }
        }
        // the largest n: `below` must end even so
        assert!(random.below(usize::MAX) < usize::MAX);
    }

    #[test]
    fn permutations_are_whole_and_fair() {
        let mut random = Philox::new(4).stream(0);
        let mut counts = std::collections::HashMap::new();
        for _ in 0..24_000 {
            *counts.entry(random.permutation(4)).or_insert(0_usize) += 1;
        }
        assert_eq!(counts.len(), 24);
        assert!(counts.values().all(|&count| count.abs_diff(1000) < 160), "{counts:?}");
        let mut long = random.permutation(1000);
        long.sort_unstable();
        assert!(long.into_iter().eq(0..1000));
        assert!(random.permutation(0).is_empty());
    }

    #[test]
    fn streams_and_seeds_differ() {
        let draws = |seed, stream| {
            let mut random = Philox::new(seed).stream(stream);
            std::array::from_fn::<u32, 64, _>(|_| random.next_u32())
        };
        let same = |a: [u32; 64], b: [u32; 64]| a.iter().zip(b).filter(|&(&x, y)| x == y).count();
        assert_eq!(same(draws(0, 0), draws(0, 1)), 0);
        assert_eq!(same(draws(0, 0), draws(1, 0)), 0);
        assert_eq!(same(draws(0, 1 << 32), draws(0, 1)), 0);
    }
}
