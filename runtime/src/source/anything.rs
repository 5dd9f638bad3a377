//! The inputs of a stub: the stub that a network with errors leaves accepts any input, so that a crate
//! reports only the errors of the network.

use super::{DataShape, Feed, MAX_PORTS, Port, StepAxis, StepRange, StepRoom, Steps, Views};
use crate::error::Result;

/// Inputs or targets of unknown type.
///
/// ```
/// use monograd::Feed;
/// use monograd::source::Anything;
///
/// /// Takes inputs of any kind, as a network with errors does.
/// fn takes(_: impl Feed<Anything>) -> bool {
///     true
/// }
///
/// assert!(takes(&[1.0, 2.0]) && takes("text") && takes(()));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Anything;

impl Views for Anything {
    const COUNT: usize = 0;

    fn rows(self, _: usize, _: usize, _: &[usize]) -> Self {
        self
    }

    fn lens(self) -> [usize; MAX_PORTS] {
        [0; MAX_PORTS]
    }

    fn batch(self, _: &[DataShape<'_>], _: &[Port], _: &[usize]) -> Result<usize> {
        Ok(0)
    }
}

impl<X> Feed<Anything> for X {
    fn views(&self) -> Anything {
        Anything
    }

    fn forms(&self) -> [DataShape<'_>; MAX_PORTS] {
        [DataShape::Flat; MAX_PORTS]
    }
}

impl Steps<'_> for Anything {
    type Of = Self;

    fn steps(self, _: &[StepAxis; MAX_PORTS], _: StepRange, _: &mut [StepRoom; MAX_PORTS]) -> Self {
        self
    }
}
