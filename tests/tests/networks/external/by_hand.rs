//! Hand-written layers: a transform without parameters, and a layer with parameters, run-time sizes and
//! scratch memory.

use monograd::layer::{Backward, Forward};
use monograd::layout::place;
use monograd::prelude::*;
use monograd::{Extent, Init, Layer, Length, Parameter, Port, Simd};
use monograd_tests::differences::{check, check_at};

/// The first K coefficients of the discrete cosine transform of N numbers (DCT-II, without factors).
pub struct Cosines<const N: usize, const K: usize>;

impl<const N: usize, const K: usize> Cosines<N, K> {
    fn factor<T: Scalar>(n: usize, k: usize) -> T {
        let angle = std::f64::consts::PI / N as f64 * (n as f64 + 0.5) * k as f64;
        T::from_f64(angle.cos())
    }
}

impl<const N: usize, const K: usize> Layer for Cosines<N, K> {
    const INPUTS: &'static [Port] = &[Port::new("x", &[N])];
    const OUTPUTS: &'static [Port] = &[Port::new("y", &[K])];

    fn forward<T: Scalar, S: Simd<T>>(_: S, at: Forward<'_, T>) {
        for (x, y) in at.inputs[0].chunks_exact(N).zip(at.outputs[0].chunks_exact_mut(K)) {
            for (k, y) in y.iter_mut().enumerate() {
                *y = x.iter().enumerate().map(|(n, x)| *x * Self::factor(n, k)).sum();
            }
        }
    }

    fn backward<T: Scalar, S: Simd<T>>(_: S, at: Backward<'_, T>) {
        let rows = at.d_outputs[0].chunks_exact(K).zip(at.d_inputs[0].chunks_exact_mut(N));
        for (dy, dx) in rows {
            for (n, dx) in dx.iter_mut().enumerate() {
                *dx = dy.iter().enumerate().map(|(k, dy)| *dy * Self::factor(n, k)).sum();
            }
        }
    }
}

/// y = sin(w x) for each row of `[T, D]`.
pub struct Sines<const D: usize>;

impl<const D: usize> Layer for Sines<D> {
    const INPUTS: &'static [Port] = &[rows::<D>("x")];
    const OUTPUTS: &'static [Port] = &[rows::<D>("y")];
    const LENGTHS: &'static [Length] = &[Length { name: "T", bound: Some(9), of_targets: false }];
    const LAYOUT: &'static [Parameter] =
        &place([Parameter::new("frequency", &[D], Init::Normal { mean: 0.0, std: 1.0 })]);
    const BACKWARD_SCRATCH: usize = D;
    const STEPWISE: bool = true;

    fn backward_scratch(lengths: &[usize]) -> usize {
        lengths[0] * D
    }

    fn forward<T: Scalar, S: Simd<T>>(_: S, at: Forward<'_, T>) {
        let w = &at.parameters[Self::LAYOUT[0].range()];
        for (x, y) in at.inputs[0].chunks_exact(D).zip(at.outputs[0].chunks_exact_mut(D)) {
            (0..D).for_each(|i| y[i] = (x[i] * w[i]).sin());
        }
    }

    fn backward<T: Scalar, S: Simd<T>>(_: S, at: Backward<'_, T>) {
        let w = &at.parameters[Self::LAYOUT[0].range()];
        let dw = &mut at.d_parameters[Self::LAYOUT[0].range()];
        let (x, dy) = (at.inputs[0], at.d_outputs[0]);
        // the gradient of the product w x, from which the gradients of both factors are computed
        let products = &mut at.scratch[..x.len()];
        assert_eq!(x.len(), at.samples * at.lengths[0] * D);
        for (i, product) in products.iter_mut().enumerate() {
            *product = dy[i] * (x[i] * w[i % D]).cos();
        }
        for (i, product) in products.iter().enumerate() {
            at.d_inputs[0][i] = *product * w[i % D];
            dw[i % D] += *product * x[i];
        }
    }
}

const fn rows<const D: usize>(name: &'static str) -> Port {
    let extents = const { &[Extent::Length("T", 0), Extent::Fixed(D)] };
    Port::new(name, const { &[9, D] }).with_extents(extents)
}

network! {
    pub Spectrum<const D: usize>(x: [D]) -> [2] {
        let scale = Linear(D);
        x >> scale >> Cosines::<D, 5>() >> Tanh >> Linear(2)
    }
    loss mse

    pub Waves(x: [dyn T, 5]) -> [T, 3] {
        let waves = Sines::<5>();
        x >> Linear(5) >> waves >> waves >> Linear(3)
    }
    loss mse

    /// The run-time size of the layer is a constant in the network.
    pub Fixed(x: [4, 5]) -> [4, 5] { x >> Linear(5) >> Sines::<5>() }
    loss mse
}

#[test]
fn gradients_are_right() {
    check::<Spectrum<17, f64>>("Spectrum", Spectrum::<17>::init(1).cast());
    check::<Spectrum<33, f64>>("Spectrum", Spectrum::<33>::init(1).cast());
    check_at::<Waves<f64>>("Waves", Waves::init(1).cast(), [&[1], &[7], &[3]]);
    check::<Fixed<f64>>("Fixed", Fixed::init(1).cast());
}

#[test]
fn values_are_right() -> Result<(), Error> {
    network! {
        Only(x: [3]) -> [2] { x >> Cosines::<3, 2>() }
    }
    let y = Only::init(1).forward(&[1.0, 2.0, 4.0])?;
    let half = 3.0_f32.sqrt() / 2.0;
    for (actual, expected) in y.as_slice().iter().zip([7.0, half - 4.0 * half]) {
        assert!((actual - expected).abs() < 1e-6, "{y:?}");
    }
    Ok(())
}

#[test]
fn a_bound_of_the_layer_is_one_of_the_network() {
    let net = Waves::init(1);
    assert!(net.forward(&Tensor::zeros([2, 9, 5])).is_ok());
    let error = net.forward(&Tensor::zeros([2, 10, 5])).unwrap_err().to_string();
    assert!(error.contains("`Sines::<5>` does not fit `x >> Linear(5)`"), "{error}");
}

#[test]
fn streams_where_each_step_is_by_itself() -> Result<(), Error> {
    let net = Waves::init(1);
    let x = Tensor::from_fn([1, 6, 5], |i| (i as f32 * 0.7).sin());
    let whole = net.forward(&x)?;
    let mut stream = net.stream();
    for (x, y) in x.as_slice().chunks_exact(5).zip(whole.as_slice().chunks_exact(3)) {
        assert_eq!(stream.step(x), y);
    }
    Ok(())
}

#[test]
fn names_are_stored() -> Result<(), Error> {
    let net = Waves::init(1);
    let names: Vec<String> = net.parameters().iter().map(|p| p.name().to_string()).collect();
    let expected =
        ["linear0.weight", "linear0.bias", "waves.frequency", "linear1.weight", "linear1.bias"];
    assert_eq!(names, expected);
    let path = std::env::temp_dir().join(format!("monograd-foreign-{}", std::process::id()));
    net.save(&path)?;
    let again = Waves::load(&path);
    let _ = std::fs::remove_file(&path);
    assert_eq!(
        again?.parameters().get("waves.frequency")?.as_slice(),
        net.parameters().get("waves.frequency")?.as_slice()
    );
    let summary = Waves::summary().to_string();
    assert!(summary.contains("Sines::<5>()"), "{summary}");
    Ok(())
}
