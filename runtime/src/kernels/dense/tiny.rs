//! The forward product of tiny layers, inlined into generated code, in which both sizes are constants:
//! a network of a thousand weights would otherwise spend its time on calls.
//!
//! Only this product is inlined, only for up to four vectors of outputs or one input, and with only two tile
//! heights: inlining all products of 4096 weights made a network of three layers compile for seven minutes.

use crate::kernels::pitch::{Rows, RowsMut};
use crate::scalar::Scalar;
use crate::simd::Simd;

/// Largest number of weights of a layer whose product is inlined.
const WEIGHTS: usize = 1024;
/// Number of vectors of outputs that are summed together.
const VECTORS: usize = 4;

/// Returns true if a layer is tiny; evaluated at compile time.
#[inline(always)]
pub(super) const fn is_tiny<T: Scalar, S: Simd<T>>(inputs: usize, outputs: usize) -> bool {
    // without optimisation the call does not matter, and f64 is used to check gradients
    !cfg!(debug_assertions)
        && S::FMA
        && T::BYTES == 4
        && inputs * outputs <= WEIGHTS
        && outputs > 0
        && (outputs <= VECTORS * S::LANES || inputs == 1)
}

/// y = x · weight + bias.
#[inline(always)]
pub(super) fn forward<T: Scalar, S: Simd<T>>(
    simd: S,
    x: Rows<'_, T>,
    weight: Rows<'_, T>,
    bias: Option<Rows<'_, T>>,
    y: RowsMut<'_, T>,
) {
    let layer = Layer {
        inputs: weight.count,
        outputs: weight.len,
        weight: weight.data.as_ptr(),
        bias: bias.map(|bias| bias.data.as_ptr()),
        pitches: Pitches { x: x.pitch, weight: weight.pitch, y: y.pitch },
    };
    let (rows, x, y) = (x.count, x.data.as_ptr(), y.data.as_mut_ptr());
    // SAFETY: the rows exist; `outputs` is more than (V - 1) vectors and at most V, or there is one input.
    unsafe {
        match layer.outputs.div_ceil(S::LANES) {
            1 if layer.outputs == 1 && weight.pitch == 1 => layer.dots(simd, rows, x, y),
            // heights with at least eight independent sums, which hide latency
            1 => layer.rows::<S, 8, 1>(simd, rows, x, y),
            2 => layer.rows::<S, 4, 2>(simd, rows, x, y),
            3 => layer.rows::<S, 3, 3>(simd, rows, x, y),
            VECTORS => layer.rows::<S, 3, VECTORS>(simd, rows, x, y),
            // more only with one input
            _ => layer.multiples(simd, rows, x, y),
        }
    }
}

#[derive(Clone, Copy)]
struct Layer<T> {
    inputs: usize,
    outputs: usize,
    weight: *const T,
    bias: Option<*const T>,
    pitches: Pitches,
}

/// The strides between rows, in scalars.
#[derive(Clone, Copy)]
struct Pitches {
    x: usize,
    weight: usize,
    y: usize,
}

impl<T: Scalar> Layer<T> {
    /// Computes all rows, `R` at a time.
    ///
    /// # Safety
    /// x is `[rows, inputs]`, y `[rows, outputs]`, the layer's own pointers are valid for its sizes, and
    /// `outputs` takes `V` vectors.
    #[inline(always)]
    unsafe fn rows<S: Simd<T>, const R: usize, const V: usize>(
        self,
        simd: S,
        rows: usize,
        x: *const T,
        y: *mut T,
    ) {
        let mut row = 0;
        // SAFETY: the caller's promise, for rows that exist.
        unsafe {
            while row + R <= rows {
                self.tile::<S, R, V>(
                    simd,
                    x.add(row * self.pitches.x),
                    y.add(row * self.pitches.y),
                );
                row += R;
            }
            while row < rows {
                self.single::<S, V>(simd, x.add(row * self.pitches.x), y.add(row * self.pitches.y));
                row += 1;
            }
        }
    }

    /// Computes `R` rows.
    ///
    /// # Safety
    /// Those of [`rows`](Self::rows), with `R` rows.
    #[inline(always)]
    unsafe fn tile<S: Simd<T>, const R: usize, const V: usize>(
        self,
        simd: S,
        x: *const T,
        y: *mut T,
    ) {
        // SAFETY: the caller's promise; all offsets are of elements.
        unsafe {
            let mut sums = [self.start::<S, V>(simd); R];
            for k in 0..self.inputs {
                let weights = self.vectors::<S, V>(simd, self.weight.add(k * self.pitches.weight));
                for r in 0..R {
                    let x = simd.splat(*x.add(r * self.pitches.x + k));
                    for v in 0..V {
                        sums[r][v] = simd.mul_add(x, weights[v], sums[r][v]);
                    }
                }
            }
            for r in 0..R {
                self.store(simd, sums[r], y.add(r * self.pitches.y));
            }
        }
    }

    /// Computes one row with two independent sums per vector, which hide latency.
    ///
    /// # Safety
    /// Those of [`rows`](Self::rows), with one row.
    #[inline(always)]
    unsafe fn single<S: Simd<T>, const V: usize>(self, simd: S, x: *const T, y: *mut T) {
        // SAFETY: the caller's promise; all offsets are of elements.
        unsafe {
            let mut sums = [self.start::<S, V>(simd), [simd.splat(T::ZERO); V]];
            for pair in 0..self.inputs / 2 {
                for half in 0..2 {
                    let k = 2 * pair + half;
                    let weights =
                        self.vectors::<S, V>(simd, self.weight.add(k * self.pitches.weight));
                    let x = simd.splat(*x.add(k));
                    for v in 0..V {
                        sums[half][v] = simd.mul_add(x, weights[v], sums[half][v]);
                    }
                }
            }
            if self.inputs % 2 == 1 {
                let k = self.inputs - 1;
                let weights = self.vectors::<S, V>(simd, self.weight.add(k * self.pitches.weight));
                let x = simd.splat(*x.add(k));
                for v in 0..V {
                    sums[1][v] = simd.mul_add(x, weights[v], sums[1][v]);
                }
            }
            let [mut sum, other] = sums;
            for v in 0..V {
                sum[v] = simd.add(sum[v], other[v]);
            }
            self.store(simd, sum, y);
        }
    }

    /// Computes one output, whose weights are contiguous, by dot products along the inputs.
    ///
    /// # Safety
    /// Those of [`rows`](Self::rows), with one output.
    #[inline(always)]
    unsafe fn dots<S: Simd<T>>(self, simd: S, rows: usize, x: *const T, y: *mut T) {
        let whole = self.inputs / S::LANES * S::LANES;
        // SAFETY: the caller's promise; all offsets are of elements.
        unsafe {
            let start = self.bias.map_or(T::ZERO, |bias| *bias);
            for row in 0..rows {
                let x = x.add(row * self.pitches.x);
                let mut sum = simd.splat(T::ZERO);
                let mut k = 0;
                while k < whole {
                    sum = simd.mul_add(simd.load(x.add(k)), simd.load(self.weight.add(k)), sum);
                    k += S::LANES;
                }
                if k < self.inputs {
                    let rest = self.inputs - k;
                    let x = simd.load_first(x.add(k), rest);
                    sum = simd.mul_add(x, simd.load_first(self.weight.add(k), rest), sum);
                }
                *y.add(row * self.pitches.y) = start + simd.sum(sum);
            }
        }
    }

    /// Computes multiples of the weights, for one input.
    ///
    /// # Safety
    /// Those of [`rows`](Self::rows), with one input and any number of outputs.
    #[inline(always)]
    unsafe fn multiples<S: Simd<T>>(self, simd: S, rows: usize, x: *const T, y: *mut T) {
        // SAFETY: the caller's promise; all offsets are of elements.
        unsafe {
            for row in 0..rows {
                let x = simd.splat_at(x.add(row * self.pitches.x));
                let y = y.add(row * self.pitches.y);
                let mut at = 0;
                while at < self.outputs {
                    let part = Self {
                        outputs: S::LANES.min(self.outputs - at),
                        weight: self.weight.add(at),
                        bias: self.bias.map(|bias| bias.add(at)),
                        ..self
                    };
                    let ([weights], [start]) =
                        (part.vectors::<S, 1>(simd, part.weight), part.start::<S, 1>(simd));
                    part.store(simd, [simd.mul_add(x, weights, start)], y.add(at));
                    at += S::LANES;
                }
            }
        }
    }

    /// Returns the initial value of the sums of a row.
    ///
    /// # Safety
    /// Those of [`rows`](Self::rows).
    #[inline(always)]
    unsafe fn start<S: Simd<T>, const V: usize>(self, simd: S) -> [S::Vector; V] {
        match self.bias {
            // SAFETY: the caller's promise.
            Some(bias) => unsafe { self.vectors(simd, bias) },
            None => [simd.splat(T::ZERO); V],
        }
    }

    /// Loads a row of `outputs` scalars.
    ///
    /// # Safety
    /// The scalars exist, and take `V` vectors.
    #[inline(always)]
    unsafe fn vectors<S: Simd<T>, const V: usize>(self, simd: S, from: *const T) -> [S::Vector; V] {
        let last = self.outputs - (V - 1) * S::LANES;
        let mut row = [simd.splat(T::ZERO); V];
        for v in 0..V {
            // SAFETY: the caller's promise.
            row[v] = unsafe {
                match v == V - 1 && last < S::LANES {
                    true => simd.load_first(from.add(v * S::LANES), last),
                    false => simd.load(from.add(v * S::LANES)),
                }
            };
        }
        row
    }

    /// Stores a row of `outputs` scalars.
    ///
    /// # Safety
    /// There is room for them, and they take `V` vectors.
    #[inline(always)]
    unsafe fn store<S: Simd<T>, const V: usize>(self, simd: S, row: [S::Vector; V], to: *mut T) {
        let last = self.outputs - (V - 1) * S::LANES;
        for v in 0..V {
            // SAFETY: the caller's promise.
            unsafe {
                match v == V - 1 && last < S::LANES {
                    true => simd.store_first(to.add(v * S::LANES), row[v], last),
                    false => simd.store(to.add(v * S::LANES), row[v]),
                }
            }
        }
    }
}
