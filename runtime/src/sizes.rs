//! Functions of sizes that generated code calls, also in constants: those that arithmetic does not
//! have.

/// Returns the first to the power of the second, or the largest number if that is too large.
#[must_use]
pub const fn power([base, exponent]: [usize; 2]) -> usize {
    let exponent = if exponent > u32::MAX as usize { u32::MAX } else { exponent as u32 };
    base.saturating_pow(exponent)
}

/// Returns the item of a list at an index, the last one if the index is beyond it.
///
/// # Panics
/// If the list is empty.
#[must_use]
pub const fn item<const N: usize>(list: [usize; N], index: usize) -> usize {
    list[if index < N { index } else { N - 1 }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_saturate() {
        assert_eq!(power([3, 4]), 81);
        assert_eq!(power([0, 0]), 1);
        assert_eq!(power([2, 200]), usize::MAX);
        assert_eq!(power([1, usize::MAX]), 1);
    }

    #[test]
    fn items_end_with_the_last() {
        assert_eq!([0, 2, 3, 9].map(|index| item([5, 7, 1, 8], index)), [5, 1, 8, 8]);
    }
}
