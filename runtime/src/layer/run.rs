//! Calls the passes of a layer, each compiled as a separate function.

use super::outputs::{MOST_OUTPUTS, apart, parts, side_by_side};
use super::{Applied, Backward, Forward, Layer};
use crate::scalar::Scalar;
use crate::simd::{Simd, Vectorize};
use std::marker::PhantomData;

/// The arguments common to both passes.
pub struct Given<'a, T> {
    pub applied: Applied<'a>,
    pub lengths: &'a [usize],
    pub parameters: &'a [T],
    pub inputs: &'a [&'a [T]],
    pub scratch: &'a mut [T],
}

/// A call of the forward pass.
pub struct ForwardCall<'a, L: ?Sized, T> {
    pub given: Given<'a, T>,
    pub output: &'a mut [T],
    pub layer: PhantomData<fn(&L)>,
}

/// A call of the backward pass.
pub struct BackwardCall<'a, L: ?Sized, T, const I: usize> {
    pub given: Given<'a, T>,
    pub d_output: &'a [T],
    pub d_inputs: [&'a mut [T]; I],
    pub d_parameters: &'a mut [T],
    pub layer: PhantomData<fn(&L)>,
}

impl<L: Layer + ?Sized, T: Scalar> Vectorize<T> for ForwardCall<'_, L, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Given { applied, lengths, parameters, inputs, scratch } = self.given;
        let Applied { samples, random, .. } = applied;
        if let [_] = L::OUTPUTS {
            let outputs = &mut [self.output];
            let at = Forward { samples, lengths, parameters, inputs, outputs, scratch, random };
            return L::forward(simd, at);
        }
        let (scratch, rest) = scratch.split_at_mut(samples * L::forward_scratch(lengths));
        let mut memory = parts(rest, L::OUTPUTS, samples, lengths);
        let outputs = &mut each_again(&mut memory)[..L::OUTPUTS.len()];
        let at = Forward { samples, lengths, parameters, inputs, outputs, scratch, random };
        L::forward(simd, at);
        side_by_side(&memory[..L::OUTPUTS.len()], samples, self.output);
    }
}

impl<L: Layer + ?Sized, T: Scalar, const I: usize> Vectorize<T> for BackwardCall<'_, L, T, I> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T>>(self, simd: S) {
        let Given { applied, lengths, parameters, inputs, scratch } = self.given;
        let Applied { samples, random, .. } = applied;
        let (d_parameters, d_inputs) =
            (self.d_parameters, &mut self.d_inputs.map(|slice| slice)[..]);
        let (scratch, rest) = scratch.split_at_mut(samples * L::backward_scratch(lengths));
        let d_output = self.d_output;
        let mut d_outputs = [d_output; MOST_OUTPUTS];
        if L::OUTPUTS.len() > 1 {
            let mut memory = parts(rest, L::OUTPUTS, samples, lengths);
            apart(d_output, samples, &mut memory[..L::OUTPUTS.len()]);
            d_outputs = memory.map(|part| &*part);
        }
        let d_outputs = &d_outputs[..L::OUTPUTS.len()];
        L::backward(
            simd,
            Backward {
                samples,
                lengths,
                parameters,
                inputs,
                d_outputs,
                d_inputs,
                d_parameters,
                scratch,
                random,
            },
        );
    }
}

/// Reborrows the slices for a shorter lifetime.
fn each_again<'a, T, const K: usize>(slices: &'a mut [&mut [T]; K]) -> [&'a mut [T]; K] {
    slices.each_mut().map(|slice| &mut **slice)
}
