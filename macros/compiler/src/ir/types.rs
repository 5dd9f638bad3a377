//! Types of values: their shapes, and whether every sample has one.

use crate::ast::Element;
use crate::size::Size;

/// The type of a value.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Type {
    /// The sizes, without the batch axis.
    pub shape: Vec<Size>,
    /// `true` if there is one for every sample, `false` if there is one for all (parameters,
    /// numbers).
    pub batched: bool,
    /// The type of the elements.
    pub element: Element,
}

impl Type {
    /// Returns the type of real numbers, one tensor for each sample.
    #[must_use]
    pub fn sample(shape: Vec<Size>) -> Self {
        Self { shape, batched: true, element: Element::Real }
    }

    /// Returns the type of real numbers that are the same for all samples.
    #[must_use]
    pub fn shared(shape: Vec<Size>) -> Self {
        Self { shape, batched: false, element: Element::Real }
    }

    /// Returns true if the value is one number for all samples, which code keeps in a register.
    #[must_use]
    pub fn is_number(&self) -> bool {
        !self.batched && self.shape.is_empty()
    }

    /// Returns the number of elements, of one sample if it is batched.
    #[must_use]
    pub fn len(&self) -> Size {
        Size::product(&self.shape)
    }

    /// Returns the size of the last axis, 1 if there is none.
    #[must_use]
    pub fn last(&self) -> Size {
        self.shape.last().cloned().unwrap_or_else(Size::one)
    }

    /// Returns the product of all sizes but the last.
    #[must_use]
    pub fn leading(&self) -> Size {
        Size::product(&self.shape[..self.shape.len().saturating_sub(1)])
    }

    /// Returns the type that both broadcast to by `NumPy`'s rule, or the two sizes that do not fit.
    /// Sizes that may be equal count as equal; the caller has to require it.
    pub fn broadcast(&self, other: &Self) -> Result<Self, (Size, Size)> {
        let rank = self.shape.len().max(other.shape.len());
        let size = |shape: &[Size], axis: usize| {
            (axis + shape.len())
                .checked_sub(rank)
                .map_or_else(Size::one, |axis| shape[axis].clone())
        };
        let mut shape = Vec::with_capacity(rank);
        for axis in 0..rank {
            let (a, b) = (size(&self.shape, axis), size(&other.shape, axis));
            shape.push(if a == Size::one() {
                b
            } else if b == Size::one() || a.equals(&b) != Some(false) {
                a
            } else {
                return Err((a, b));
            });
        }
        Ok(Self { shape, batched: self.batched || other.batched, element: Element::Real })
    }
}
