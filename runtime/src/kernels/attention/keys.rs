//! The keys and values of one head as the products read them: copied into blocks, or in place.

use super::description::{Attention, KEYS};
use super::operands::{Heads, Operands};
use crate::kernels::dense::Strided;
use crate::kernels::transpose::transpose;
use crate::scalar::Scalar;
use crate::simd::Simd;

/// One head of keys and of values of a sample.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub sample: usize,
    pub group: usize,
}

/// The transposed keys and the values of one head.
pub(super) struct KeysAndValues<'a, T> {
    /// The keys, or blocks of [`KEYS`] of them, each a matrix `[dim, KEYS]`.
    keys: &'a [T],
    /// The values.
    values: &'a [T],
    /// The strides between keys and between values, if they are read in place.
    direct: Option<[usize; 2]>,
    dim: usize,
    value_dim: usize,
}

impl<'a, T: Scalar> KeysAndValues<'a, T> {
    /// Copies the keys and values to `keys` and `values`, or reads them in place if they are used only
    /// a few times.
    #[inline(always)]
    pub fn new<S: Simd<T>>(
        simd: S,
        attention: &Attention,
        operands: &Operands<'a, T>,
        place: Place,
        [keys, values]: [&'a mut [T]; 2],
    ) -> Self {
        let Attention { dim, value_dim, .. } = *attention;
        let Operands { k, v, .. } = operands;
        if attention.keys == 0 {
            return Self { keys, values, direct: None, dim, value_dim };
        }
        if attention.is_direct() {
            let [k_data, v_data] = [k, v].map(|heads| heads.from(place.sample, 0, place.group));
            let direct = Some([k.position, v.position]);
            return Self { keys: k_data, values: v_data, direct, dim, value_dim };
        }
        transposed(simd, k, place, [attention.keys, dim], keys);
        copied(v, place, [attention.keys, value_dim], values);
        Self { keys, values, direct: None, dim, value_dim }
    }

    /// Returns the keys from `key` on, which begins a block, as a matrix `[dim, keys]`.
    #[inline(always)]
    pub fn keys(&self, key: usize) -> Strided<'a, T> {
        match self.direct {
            Some([stride, _]) => Strided { data: &self.keys[key * stride..], strides: [1, stride] },
            None => Strided { data: &self.keys[key * self.dim..], strides: [KEYS, 1] },
        }
    }

    /// Returns the values from `key` on, as a matrix `[keys, value_dim]`.
    #[inline(always)]
    pub fn values(&self, key: usize) -> Strided<'a, T> {
        let stride = self.direct.map_or(self.value_dim, |[_, stride]| stride);
        Strided { data: &self.values[key * stride..], strides: [stride, 1] }
    }
}

/// Copies one head of `count` positions to rows of `len` scalars.
#[inline(always)]
pub(super) fn copied<T: Scalar>(
    heads: &Heads<'_, T>,
    Place { sample, group }: Place,
    [count, len]: [usize; 2],
    to: &mut [T],
) {
    if len == 0 {
        return;
    }
    for (position, to) in to.chunks_exact_mut(len).take(count).enumerate() {
        to.copy_from_slice(&heads.from(sample, position, group)[..len]);
    }
}

/// Copies one head of `count` positions to blocks of [`KEYS`], each a matrix `[len, KEYS]`.
#[inline(always)]
pub(super) fn transposed<T: Scalar, S: Simd<T>>(
    simd: S,
    heads: &Heads<'_, T>,
    Place { sample, group }: Place,
    [count, len]: [usize; 2],
    to: &mut [T],
) {
    let mut first = 0;
    while first < count && len > 0 {
        let positions = KEYS.min(count - first);
        let from = heads.from(sample, first, group);
        transpose(simd, [positions, len], from, heads.position, &mut to[first * len..], KEYS);
        first += positions;
    }
}
