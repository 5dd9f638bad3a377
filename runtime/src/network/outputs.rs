//! What a network gives: one tensor, or a tuple of them.

use crate::scalar::Scalar;
use crate::source::Port;
use crate::tensor::Tensor;

/// The output of a network: a [`Tensor`], or a tuple of up to four.
pub trait Outputs<T: Scalar>: Sized {
    /// Where the outputs of a batch are written, one slice each.
    type Sinks<'a>: Sinks;
    /// The outputs of a batch, one slice each.
    type Slices<'a>;

    /// Zeros for a batch.
    fn zeros(batch: usize, ports: &[Port]) -> Self;
    /// Where to write.
    fn sinks(&mut self) -> Self::Sinks<'_>;
    /// Places in one buffer, output by output.
    fn sinks_in<'a>(buffer: &'a mut [T], batch: usize, ports: &[Port]) -> Self::Sinks<'a>;
    /// The outputs in such a buffer.
    fn slices_in<'a>(buffer: &'a [T], batch: usize, ports: &[Port]) -> Self::Slices<'a>;
}

/// One mutable slice for each output.
pub trait Sinks: Send + Sized {
    /// Those of the first `samples`, and those of the rest.
    fn split(self, samples: usize, ports: &[Port]) -> (Self, Self);
}

impl<T: Scalar, const K: usize> Sinks for [&mut [T]; K] {
    #[inline]
    fn split(self, samples: usize, ports: &[Port]) -> (Self, Self) {
        let mut index = 0;
        let pairs = self.map(|sink| {
            index += 1;
            sink.split_at_mut(samples * ports[index - 1].len())
        });
        let mut rests = [const { None }; K];
        let mut index = 0;
        let firsts = pairs.map(|(first, rest)| {
            rests[index] = Some(rest);
            index += 1;
            first
        });
        (firsts, rests.map(Option::unwrap_or_default))
    }
}

fn zeros<T: Scalar>(batch: usize, port: &Port) -> Tensor<T> {
    let mut shape = vec![batch];
    shape.extend_from_slice(port.shape);
    Tensor::zeros(shape)
}

/// The next output's piece of a buffer.
fn take<'a, T>(buffer: &mut &'a [T], batch: usize, port: &Port) -> &'a [T] {
    let (first, rest) = buffer.split_at(batch * port.len());
    *buffer = rest;
    first
}

fn take_mut<'a, T>(buffer: &mut &'a mut [T], batch: usize, port: &Port) -> &'a mut [T] {
    let (first, rest) = std::mem::take(buffer).split_at_mut(batch * port.len());
    *buffer = rest;
    first
}

impl<T: Scalar> Outputs<T> for Tensor<T> {
    type Sinks<'a> = [&'a mut [T]; 1];
    type Slices<'a> = &'a [T];

    fn zeros(batch: usize, ports: &[Port]) -> Self {
        zeros(batch, &ports[0])
    }
    fn sinks(&mut self) -> Self::Sinks<'_> {
        [self.as_mut_slice()]
    }
    #[inline]
    fn sinks_in<'a>(mut buffer: &'a mut [T], batch: usize, ports: &[Port]) -> Self::Sinks<'a> {
        [take_mut(&mut buffer, batch, &ports[0])]
    }
    #[inline]
    fn slices_in<'a>(mut buffer: &'a [T], batch: usize, ports: &[Port]) -> Self::Slices<'a> {
        take(&mut buffer, batch, &ports[0])
    }
}

macro_rules! tuple {
    ($count:literal: $($tensor:ident $i:tt),+) => {
        impl<T: Scalar> Outputs<T> for ($($tensor<T>,)+) {
            type Sinks<'a> = [&'a mut [T]; $count];
            type Slices<'a> = ($(<$tensor<T> as Outputs<T>>::Slices<'a>,)+);

            fn zeros(batch: usize, ports: &[Port]) -> Self {
                ($(zeros(batch, &ports[$i]),)+)
            }
            fn sinks(&mut self) -> Self::Sinks<'_> {
                [$(self.$i.as_mut_slice()),+]
            }
            fn sinks_in<'a>(mut buffer: &'a mut [T], batch: usize, ports: &[Port]) -> Self::Sinks<'a> {
                [$(take_mut(&mut buffer, batch, &ports[$i])),+]
            }
            fn slices_in<'a>(mut buffer: &'a [T], batch: usize, ports: &[Port]) -> Self::Slices<'a> {
                ($(take(&mut buffer, batch, &ports[$i]),)+)
            }
        }
    };
}

tuple!(2: Tensor 0, Tensor 1);
tuple!(3: Tensor 0, Tensor 1, Tensor 2);
tuple!(4: Tensor 0, Tensor 1, Tensor 2, Tensor 3);
