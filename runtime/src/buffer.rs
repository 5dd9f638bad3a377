//! A buffer whose first scalar is aligned to a cache line.

use crate::element::Element;
use crate::error::{Error, Result};
use std::fmt;
use std::ops::{Deref, DerefMut};

/// An owned slice of scalars, aligned to 64 bytes: a cache line, and the widest vector. Parameters,
/// gradients, workspaces and tensors are stored in such buffers.
///
/// Its length is fixed. It dereferences to a slice.
///
/// ```
/// use monograd::Buffer;
///
/// let mut buffer = Buffer::<f32>::zeros(100);
/// buffer[99] = 1.0;
/// assert_eq!(buffer.iter().sum::<f32>(), 1.0);
/// assert!(buffer.as_ptr().addr().is_multiple_of(Buffer::<f32>::ALIGNMENT));
/// assert!(Buffer::<f32>::try_zeros(usize::MAX).is_err()); // an error, and not the end of the process
/// ```
pub struct Buffer<T> {
    /// Longer than `len`, so that it contains an aligned start. It never reallocates, so `start` stays
    /// valid.
    storage: Vec<T>,
    start: usize,
    len: usize,
}

impl<T: Element> Buffer<T> {
    /// The alignment of the first scalar, in bytes.
    pub const ALIGNMENT: usize = 64;

    /// Returns a buffer of `len` zeros.
    ///
    /// # Panics
    /// If there is not enough memory; [`try_zeros`](Self::try_zeros) returns an error instead.
    #[must_use]
    pub fn zeros(len: usize) -> Self {
        match Self::try_zeros(len) {
            Ok(buffer) => buffer,
            Err(error) => panic!("{error}"),
        }
    }

    /// Returns a buffer of `len` zeros. For lengths that come from data.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if there is not enough memory.
    pub fn try_zeros(len: usize) -> Result<Self> {
        Self::zeros_for(len, || "a buffer".to_owned())
    }

    /// Like [`try_zeros`](Self::try_zeros). An error names the buffer as `what` returns it.
    pub(crate) fn zeros_for(len: usize, what: impl FnOnce() -> String) -> Result<Self> {
        // The allocator aligns to at least one scalar, so fewer than this many scalars are skipped.
        let slack = if len == 0 { 0 } else { Self::ALIGNMENT / size_of::<T>() };
        match len.checked_add(slack).filter(|total| can_allocate::<T>(*total)) {
            Some(total) => Ok(Self::with_slack(len, total)),
            None => Err(Error::TooLarge { what: what(), scalars: len }),
        }
    }

    fn with_slack(len: usize, total: usize) -> Self {
        let slack = total - len;
        let storage = vec![T::default(); total];
        let start = match storage.as_ptr().align_offset(Self::ALIGNMENT) {
            offset if offset <= slack => offset,
            _ => 0,
        };
        Self { storage, start, len }
    }

    /// Returns a buffer with a copy of `values`.
    #[must_use]
    pub fn from_slice(values: &[T]) -> Self {
        let mut buffer = Self::zeros(values.len());
        buffer.copy_from_slice(values);
        buffer
    }
}

/// Returns true if there is memory for `len` scalars. A failed allocation of zeros would abort the
/// process, so large allocations are tried here first.
fn can_allocate<T>(len: usize) -> bool {
    const LARGE: usize = 64 << 20;
    match len.checked_mul(size_of::<T>()) {
        None => false,
        Some(bytes) if bytes <= LARGE => true,
        Some(_) => Vec::<T>::new().try_reserve_exact(len).is_ok(),
    }
}

impl<T> Deref for Buffer<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        &self.storage[self.start..self.start + self.len]
    }
}

impl<T> DerefMut for Buffer<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.storage[self.start..self.start + self.len]
    }
}

/// The copy is aligned as well.
impl<T: Element> Clone for Buffer<T> {
    fn clone(&self) -> Self {
        Self::from_slice(self)
    }

    fn clone_from(&mut self, source: &Self) {
        if self.len == source.len {
            self.copy_from_slice(source);
        } else {
            *self = source.clone();
        }
    }
}

impl<T: Element> Default for Buffer<T> {
    fn default() -> Self {
        Self::zeros(0)
    }
}

impl<T: PartialEq> PartialEq for Buffer<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({}) {:?}", self.len, Excerpt(self))
    }
}

/// Prints the first few values of a slice and the number of the others.
pub(crate) struct Excerpt<'a, T>(pub &'a [T]);

impl<T: fmt::Debug> fmt::Debug for Excerpt<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 8;
        f.write_str("[")?;
        for (i, value) in self.0.iter().take(SHOWN).enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            value.fmt(f)?;
        }
        if self.0.len() > SHOWN {
            write!(f, ", ... {} more", self.0.len() - SHOWN)?;
        }
        f.write_str("]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aligned<T>(buffer: &Buffer<T>) -> bool {
        (buffer.as_ptr() as usize).is_multiple_of(64)
    }

    #[test]
    fn is_aligned_whatever_the_length() {
        for len in [1, 2, 7, 16, 17, 33, 1000, 4097] {
            let single = Buffer::<f32>::zeros(len);
            let mut double = Buffer::<f64>::zeros(len);
            double[len - 1] = 1.5;
            let copy = double.clone();
            assert!(aligned(&single) && aligned(&double) && aligned(&copy));
            assert_eq!((single.len(), copy.len(), copy[len - 1]), (len, len, 1.5));
            assert!(single.iter().all(|&x| x == 0.0));
        }
        assert!(Buffer::<f32>::zeros(0).is_empty());
    }

    #[test]
    fn what_no_memory_holds_is_an_error() {
        let most = isize::MAX as usize;
        for len in
            [usize::MAX, usize::MAX - 15, usize::MAX / 4, most / 4 + 1, most / 4, most / 4 - 16]
        {
            match Buffer::<f32>::try_zeros(len) {
                Err(Error::TooLarge { scalars, .. }) => assert_eq!(scalars, len),
                other => panic!("{len}: {:?}", other.map(|buffer| buffer.len())),
            }
        }
        let panic = std::panic::catch_unwind(|| Buffer::<f32>::zeros(usize::MAX)).unwrap_err();
        let text = panic.downcast_ref::<String>().unwrap();
        assert_eq!(
            text,
            "a buffer takes more scalars than can be counted: there is no memory for it"
        );
        assert_eq!(Buffer::<f32>::try_zeros(20 << 20).unwrap().len(), 20 << 20);
    }

    #[test]
    fn clone_from_keeps_or_replaces_memory() {
        let source = Buffer::from_slice(&[1.0_f32, 2.0, 3.0]);
        let mut same = Buffer::zeros(3);
        let address = same.as_ptr();
        same.clone_from(&source);
        assert_eq!((address, &*same), (same.as_ptr(), &[1.0, 2.0, 3.0][..]));
        let mut other = Buffer::zeros(1);
        other.clone_from(&source);
        assert_eq!(other, source);
    }

    #[test]
    fn prints_an_excerpt() {
        let short = Buffer::from_slice(&[1_u32, 2]);
        assert_eq!(format!("{short:?}"), "Buffer(2) [1, 2]");
        let long = format!("{:?}", Buffer::<u32>::zeros(1000));
        assert_eq!(long, "Buffer(1000) [0, 0, 0, 0, 0, 0, 0, 0, ... 992 more]");
    }
}
