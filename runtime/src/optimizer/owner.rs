//! The network that an optimiser belongs to.

use super::StepError;
use crate::layout::{Parameter, buffer_len};
use std::fmt;

/// The layout of the network that the optimiser has stepped; `None` before the first step.
#[derive(Clone)]
pub(super) struct Owner(Option<Box<[Parameter]>>);

impl Owner {
    pub const fn new() -> Self {
        Self(None)
    }

    /// Checks that buffers of these lengths fit the layout, and that the layout is that of earlier steps.
    pub fn check(
        &self,
        parameters: usize,
        gradients: usize,
        layout: &[Parameter],
    ) -> Result<(), StepError> {
        let expected = buffer_len(layout);
        if parameters != expected {
            return Err(StepError::Parameters { actual: parameters, expected });
        }
        if gradients != expected {
            return Err(StepError::Gradients { actual: gradients, expected });
        }
        let Some(known) = &self.0 else { return Ok(()) };
        let same = known.iter().zip(layout).take_while(|(known, new)| is_same(known, new)).count();
        if same == known.len() && same == layout.len() {
            return Ok(());
        }
        let what = |layout: &[Parameter]| layout.get(same).map(|p| (p.name, p.shape));
        Err(StepError::OtherNetwork { expected: what(known), actual: what(layout) })
    }

    /// Remembers the layout in the first step.
    pub fn note(&mut self, layout: &[Parameter]) {
        self.0.get_or_insert_with(|| layout.into());
    }
}

/// Returns true if two layouts are the same to an optimiser.
pub(crate) fn is_same_layout(a: &[Parameter], b: &[Parameter]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
}

/// Returns true if two parameters are the same to an optimiser, that is, except for their initialisers.
fn is_same(a: &Parameter, b: &Parameter) -> bool {
    let flat = |p: &Parameter| (p.offset, p.transposed, p.kind, p.frozen, p.inner.is_some());
    flat(a) == flat(b)
        && is_same_slice(a.name.as_bytes(), b.name.as_bytes())
        && is_same_slice(a.shape, b.shape)
        && is_same_slice(a.iterations, b.iterations)
        && match (a.inner, b.inner) {
            (Some(a), Some(b)) => std::ptr::eq(a, b) || is_same_layout(a, b),
            _ => true,
        }
}

/// Returns true if the slices are equal. Their addresses are compared first, as this runs in every step.
fn is_same_slice<E: PartialEq>(a: &'static [E], b: &'static [E]) -> bool {
    std::ptr::eq(a, b) || a == b
}

/// Prints the number of parameters only, as a whole layout would be too long.
impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => f.write_str("none"),
            Some(layout) => write!(f, "Layout({} parameters)", layout.len()),
        }
    }
}
