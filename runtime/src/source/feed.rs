//! Converts the arguments of a call to the slices that a network reads.

use super::Source;
use super::data_shape::DataShape;
use super::views::{MAX_PORTS, Port};
use crate::element::Element;
use crate::error::{Error, Result};

/// The inputs or targets of a call: a reference to one [`Source`], or a tuple of up to four
/// (`net.forward(&x)`, `net.forward((&x, &y))`). `V` is the tuple of slices that the network takes.
///
/// ```
/// use monograd::Feed;
/// use monograd::prelude::*;
///
/// network! { Line(x: [1]) -> [1] { x >> Linear(1) } }
///
/// /// Returns the number of outputs, whatever holds the inputs.
/// fn count<'a>(net: &Line, x: impl Feed<<Line as Network>::Inputs<'a>>) -> Result<usize, Error> {
///     Ok(net.forward(x)?.len())
/// }
///
/// let net = Line::init(1);
/// assert_eq!(count(&net, &[1.0, 2.0])?, 2);
/// assert_eq!(count(&net, &vec![[1.0], [2.0], [3.0]])?, 3);
/// assert_eq!(count(&net, &Tensor::zeros([4, 1]))?, 4);
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not feed this network, which takes `{V}`",
    label = "expected `&x`, or `(&x, &y)` for two inputs",
    note = "a slice, vector, array, tensor or matrix of just these elements, by reference: class numbers are `u32` (`label as u32`), other numbers `f32` (`x as f32`), and a network of `f64` is `net.cast::<f64>()`"
)]
pub trait Feed<V> {
    /// Returns the slices.
    fn views(&self) -> V;

    /// Returns the shape of each as far as it is known (see [`Source::form`]).
    fn forms(&self) -> [DataShape<'_>; MAX_PORTS];
}

impl<'a, E: Element, X: Source<E> + ?Sized> Feed<(&'a [E],)> for &'a X {
    fn views(&self) -> (&'a [E],) {
        (X::elements(self),)
    }

    fn forms(&self) -> [DataShape<'_>; MAX_PORTS] {
        [X::form(self), DataShape::Flat, DataShape::Flat, DataShape::Flat]
    }
}

macro_rules! feed_tuple {
    ($($E:ident $X:ident $i:tt),+) => {
        impl<'a, $($E: Element, $X: Source<$E> + ?Sized),+> Feed<($(&'a [$E],)+)>
            for ($(&'a $X,)+)
        {
            fn views(&self) -> ($(&'a [$E],)+) {
                ($($X::elements(self.$i),)+)
            }

            fn forms(&self) -> [DataShape<'_>; MAX_PORTS] {
                let mut forms = [DataShape::Flat; MAX_PORTS];
                $(forms[$i] = $X::form(self.$i);)+
                forms
            }
        }
    };
}

/// Owned sources, as a batch holds several inputs.
macro_rules! feed_owned {
    ($($E:ident $X:ident $i:tt),+) => {
        impl<'a, $($E: Element, $X: Source<$E>),+> Feed<($(&'a [$E],)+)> for &'a ($($X,)+) {
            fn views(&self) -> ($(&'a [$E],)+) {
                ($($X::elements(&self.$i),)+)
            }

            fn forms(&self) -> [DataShape<'_>; MAX_PORTS] {
                let mut forms = [DataShape::Flat; MAX_PORTS];
                $(forms[$i] = $X::form(&self.$i);)+
                forms
            }
        }
    };
}

/// No targets, for a loss without them: `net.loss(&x, ())`.
impl Feed<()> for () {
    fn views(&self) {}

    fn forms(&self) -> [DataShape<'_>; MAX_PORTS] {
        [DataShape::Flat; MAX_PORTS]
    }
}

impl Feed<()> for &() {
    fn views(&self) {}

    fn forms(&self) -> [DataShape<'_>; MAX_PORTS] {
        [DataShape::Flat; MAX_PORTS]
    }
}

feed_tuple!(A X 0);
feed_tuple!(A X 0, B Y 1);
feed_tuple!(A X 0, B Y 1, C Z 2);
feed_tuple!(A X 0, B Y 1, C Z 2, D W 3);

feed_owned!(A X 0, B Y 1);
feed_owned!(A X 0, B Y 1, C Z 2);
feed_owned!(A X 0, B Y 1, C Z 2, D W 3);

/// Checks that inputs and targets have the same number of samples. An error names the first port of
/// each.
///
/// # Errors
/// [`Error::BatchMismatch`].
pub fn same_batch(inputs: (&[Port], usize), targets: (&[Port], usize)) -> Result<()> {
    let name = |ports: &[Port], otherwise| ports.first().map_or(otherwise, |port| port.name);
    if inputs.1 == targets.1 {
        return Ok(());
    }
    Err(Error::BatchMismatch {
        first: name(inputs.0, "input"),
        first_batch: inputs.1,
        second: name(targets.0, "target"),
        second_batch: targets.1,
    })
}
