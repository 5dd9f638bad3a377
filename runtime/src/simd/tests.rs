//! Compares the vector operations of every instruction set with scalar ones.

use super::{InstructionSet, Simd, Vectorize};
use crate::scalar::Scalar;

struct Operations;

impl<T: Scalar> Vectorize<T> for Operations {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let lanes = S::LANES;
        let x: Vec<T> = (0..lanes * (lanes + 3)).map(|i| T::from_f64(i as f64 + 1.0)).collect();
        let mut y = vec![T::ZERO; lanes * (lanes + 5)];

        // SAFETY: both hold at least one vector.
        unsafe {
            let a = simd.load(x.as_ptr());
            let b = simd.add(simd.mul_add(a, simd.splat(T::from_f64(3.0)), a), simd.splat(T::ONE));
            simd.store(y.as_mut_ptr(), b);
            assert!(simd.sum(a).to_f64() == (lanes * (lanes + 1) / 2) as f64);
        }
        for i in 0..lanes {
            assert!(y[i].to_f64() == 4.0 * x[i].to_f64() + 1.0);
        }

        for n in 0..=lanes {
            y.fill(T::ZERO);
            // SAFETY: exactly n scalars are read, and y holds two vectors.
            unsafe {
                let exact = x[..n].to_vec();
                let a = simd.load_first(exact.as_ptr(), n);
                simd.store(y.as_mut_ptr(), a);
                simd.store_first(y.as_mut_ptr().add(lanes), simd.load(x.as_ptr()), n);
            }
            for i in 0..lanes {
                let expected = if i < n { x[i] } else { T::ZERO };
                assert!(y[i] == expected && y[lanes + i] == expected);
            }
        }

        y.fill(T::ZERO);
        // SAFETY: the strides are those that the buffers were made for.
        unsafe { simd.transpose(x.as_ptr(), lanes + 3, y.as_mut_ptr(), lanes + 5) }
        for i in 0..lanes {
            for j in 0..lanes + 5 {
                let expected = if j < lanes { x[j * (lanes + 3) + i] } else { T::ZERO };
                assert!(y[i * (lanes + 5) + j] == expected);
            }
        }
    }
}

#[test]
fn vector_operations_match_plain_ones() {
    for set in InstructionSet::available() {
        f32::vectorize(set, Operations);
        f64::vectorize(set, Operations);
    }
}

#[test]
fn the_best_instruction_set_is_available() {
    assert!(InstructionSet::available().next() == Some(InstructionSet::detect()));
    assert!(InstructionSet::available().last() == Some(InstructionSet::Plain));
}

#[test]
#[should_panic(expected = "does not have the instruction set")]
fn a_missing_instruction_set_is_refused() {
    let foreign =
        if cfg!(target_arch = "aarch64") { InstructionSet::Avx2 } else { InstructionSet::Neon };
    f32::vectorize(foreign, Operations);
}
