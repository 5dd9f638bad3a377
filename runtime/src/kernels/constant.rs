//! Kernels for values that depend on no input.

use crate::scalar::Scalar;

/// `y[i]` = i.
#[inline(always)]
pub fn range<T: Scalar>(y: &mut [T]) {
    y.iter_mut().enumerate().for_each(|(i, y)| *y = T::from_f64(i as f64));
}

/// `y[i]` = `values[i]`.
#[inline(always)]
pub fn constant<T: Scalar>(values: &[f64], y: &mut [T]) {
    y.iter_mut().zip(values).for_each(|(y, &value)| *y = T::from_f64(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_copies() {
        let mut y = [9.0_f32; 3];
        range(&mut y);
        assert_eq!(y, [0.0, 1.0, 2.0]);
        constant(&[0.5, -1.0, 2.0], &mut y);
        assert_eq!(y, [0.5, -1.0, 2.0]);
    }
}
