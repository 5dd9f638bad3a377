//! The chapters "The language" and "Adding to it": networks from elsewhere, layers by hand.

use monograd::prelude::*;

// ANCHOR: parts
mod parts {
    use monograd::prelude::*;

    network! {
        /// Every row with mean 0.
        pub Centre<const D: usize>(x: [dyn T, D]) -> [T, D] {
            x - mean(x, axis = 1, keepdim = true) + param([D], init = zeros)
        }

        pub Encoder<A: Activation = Gelu, const D: usize = 8, const H: usize = 16>(x: [D]) -> [H] {
            let fc = Linear(H);
            x >> fc >> A
        }

        pub Similar(a: [16], b: [16]) -> ([1], [16]) {
            (reshape(mean(a * b), [1]), abs(a - b))
        }
    }
}
// ANCHOR_END: parts

// ANCHOR: elsewhere
network! {
    Pair(left: [8], right: [8], notes: [dyn T, 4]) -> [2] {
        let encoder = parts::Encoder::<Tanh>(); // named: `encoder.fc.weight`; shared
        let (left, right) = (left >> encoder, right >> encoder);
        // two outputs, so their shapes are written
        let (similar, apart) = (left, right) >> parts::Similar([1], [16]);
        #[frozen]
        let centre = parts::Centre::<4>();
        concat(similar, apart, mean(notes >> centre, axis = 0)) >> Linear(2)
    }
    loss cross_entropy
}
// ANCHOR_END: elsewhere

#[test]
fn networks_from_elsewhere() -> Result<(), Error> {
    let mut net = Pair::init(1);
    // ANCHOR: names
    assert_eq!(net.parameters().get("encoder.fc.weight")?.shape(), [16, 8]);
    assert_eq!(net.parameters().get("centre.param0")?.shape(), [4]);
    // ANCHOR_END: names
    let (x, notes) = ([0.5; 8], Tensor::zeros([1, 3, 4]));
    let inputs = || (&x, &x, &notes);
    let before = net.train_step(inputs(), &[1], &mut Adam::new(0.01))?;
    assert!(net.loss(inputs(), &[1])? < before);
    Ok(())
}

// ANCHOR: by_hand
use monograd::layer::{Backward, Forward};
use monograd::{Layer, Port, Simd};

/// The first `K` coefficients of the cosine transform (DCT-II) of `N` numbers.
pub struct Cosines<const N: usize, const K: usize>;

impl<const N: usize, const K: usize> Layer for Cosines<N, K> {
    const INPUTS: &'static [Port] = &[Port::new("x", &[N])];
    const OUTPUTS: &'static [Port] = &[Port::new("y", &[K])];
    const FLOPS: usize = 2 * N * K;

    #[inline]
    fn forward<T: Scalar, S: Simd<T>>(_: S, at: Forward<'_, T>) {
        let samples = at.inputs[0].chunks_exact(N).zip(at.outputs[0].chunks_exact_mut(K));
        for (x, y) in samples {
            for (k, y) in y.iter_mut().enumerate() {
                *y = x.iter().enumerate().map(|(n, x)| *x * cosine::<T, N>(n, k)).sum();
            }
        }
    }

    #[inline]
    fn backward<T: Scalar, S: Simd<T>>(_: S, at: Backward<'_, T>) {
        let samples = at.d_outputs[0].chunks_exact(K).zip(at.d_inputs[0].chunks_exact_mut(N));
        for (dy, dx) in samples {
            for (n, dx) in dx.iter_mut().enumerate() {
                *dx = dy.iter().enumerate().map(|(k, dy)| *dy * cosine::<T, N>(n, k)).sum();
            }
        }
    }
}

fn cosine<T: Scalar, const N: usize>(n: usize, k: usize) -> T {
    T::from_f64((std::f64::consts::PI / N as f64 * (n as f64 + 0.5) * k as f64).cos())
}
// ANCHOR_END: by_hand

// ANCHOR: use_by_hand
network! {
    Spectrum(wave: [64]) -> [3] {
        wave >> Cosines::<64, 12>() >> Linear(16) >> Gelu >> Linear(3)
    }
    loss cross_entropy
}
// ANCHOR_END: use_by_hand

// ANCHOR: scale
use monograd::layout::place;
use monograd::{Init, Parameter};

/// x * scale
pub struct Scale<const D: usize>;

impl<const D: usize> Layer for Scale<D> {
    const INPUTS: &'static [Port] = &[Port::new("x", &[D])];
    const OUTPUTS: &'static [Port] = &[Port::new("y", &[D])];
    const LAYOUT: &'static [Parameter] =
        &place([Parameter::new("scale", &[D], Init::Constant(1.0))]);

    #[inline]
    fn forward<T: Scalar, S: Simd<T>>(_: S, at: Forward<'_, T>) {
        let scale = &at.parameters[Self::LAYOUT[0].range()];
        for (x, y) in at.inputs[0].chunks_exact(D).zip(at.outputs[0].chunks_exact_mut(D)) {
            (0..D).for_each(|i| y[i] = x[i] * scale[i]);
        }
    }

    #[inline]
    fn backward<T: Scalar, S: Simd<T>>(_: S, at: Backward<'_, T>) {
        let scale = &at.parameters[Self::LAYOUT[0].range()];
        let d_scale = &mut at.d_parameters[Self::LAYOUT[0].range()]; // to be added to
        let samples = at.inputs[0].chunks_exact(D).zip(at.d_outputs[0].chunks_exact(D));
        for ((x, dy), dx) in samples.zip(at.d_inputs[0].chunks_exact_mut(D)) {
            (0..D).for_each(|i| dx[i] = dy[i] * scale[i]);
            (0..D).for_each(|i| d_scale[i] += dy[i] * x[i]);
        }
    }
}
// ANCHOR_END: scale

network! {
    Scaled(wave: [8]) -> [8] {
        let scale = Scale::<8>();
        wave >> Linear(8) >> scale >> Tanh >> scale
    }
    loss mse
}

#[test]
fn layers_by_hand() -> Result<(), Error> {
    let mut net = Spectrum::init(1);
    let before = net.train_step(&[0.5; 128], &[1, 0], &mut Adam::new(0.01))?;
    assert!(net.loss(&[0.5; 128], &[1, 0])? < before);
    check_gradient(Scaled::init(1).cast(), "scale.scale")
}

/// Against a difference, in double precision.
fn check_gradient(mut net: Scaled<f64>, name: &str) -> Result<(), Error> {
    let (x, y) = ([0.3; 8], [1.0; 8]);
    let gradient = net.gradients(&x, &y)?.1.get(name)?.as_slice()[3];
    let mut loss_at = |step: f64| {
        net.parameters_mut().get(name)?.as_mut_slice()[3] += step;
        net.loss(&x, &y)
    };
    let (above, below) = (loss_at(1e-5)?, loss_at(-2e-5)?);
    assert!(((above - below) / 2e-5 - gradient).abs() < 1e-8);
    Ok(())
}
