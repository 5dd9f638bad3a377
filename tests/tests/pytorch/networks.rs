//! Compares networks with PyTorch: parameters from its files, outputs, gradients, and five steps of each
//! optimiser (`vectors/networks.json` and `.safetensors`, written by the script beside them).

use monograd::InputGradients;
use monograd::prelude::*;
use monograd::source::Feed;
use monograd_tests::batch::{Batch, Fed};
use monograd_tests::numbers::{Flat, batch, close, close_to_state, numbers};
use serde_json::Value;

network! {
    #[input_gradients]
    Mlp(x: [13]) -> [5] {
        let fc1 = Linear(17);
        let fc2 = Linear(17, bias = false);
        let head = Linear(5);
        x >> fc1 >> Gelu >> fc2 >> GeluTanh >> head
    }
    loss cross_entropy

    #[input_gradients]
    Residual(x: [3, 7]) -> [4] {
        #[name = "blocks.0"] let first = Linear(7);
        #[name = "blocks.1"] let second = Linear(7);
        let out = Linear(4);
        let h = x + tanh(x >> first);
        let k = h >> second;
        let h = h + sin(k) * cos(k) + erf(k) - log1p(square(k));
        let h = h + exp(-abs(k)) * sigmoid(k) / (1.0 + softplus(k));
        let h = h + sqrt(k * k + 0.1) + clamp(k, -0.5, 0.5) * expm1(0.3 * k);
        let h = h + pow(log(k * k + 1.5), 1.5) + rsqrt(k * k + 0.5) * sign(k);
        let h = maximum(h, x) + minimum(k, x);
        h >> Flatten() >> out
    }
    loss mse

    #[input_gradients]
    Several(x: [6], y: [3]) -> ([2], [3]) {
        let left = Linear(11);
        let right = Linear(11);
        let value = Linear(2);
        let flags = Linear(3);
        let h = x >> left >> Silu;
        let k = y >> right >> LeakyRelu;
        ((h * k) >> value, concat(h, k) >> flags)
    }
    loss |value, flags, a: [2], b: [3]| huber(value, a, delta = 0.7) + bce_with_logits(flags, b)

    #[input_gradients]
    Shared(x: [10]) -> [6] {
        let cell = Linear(10);
        let head = Linear(6);
        let h = x >> cell >> Silu >> cell >> Mish >> cell >> HardSwish;
        softmax(h >> cell >> Elu >> cell >> Selu >> head)
    }
    loss |y, target: [6]| smooth_l1(y, target, beta = 0.2) + l1(y, target)

    #[input_gradients]
    Weighted(x: [4, 8]) -> [4, 5] {
        let fc1 = Linear(12);
        let fc2 = Linear(5);
        #[frozen]
        let fixed = Linear(5);
        x >> fc1 >> HardSigmoid >> fc2 >> Relu >> fixed
    }
    loss cross_entropy(weight = [0.5, 1.0, 2.0, 0.25, 1.5], ignore_index = 3, label_smoothing = 0.15)
}

fn compare<N, T>(name: &str, net: &N, case: &Value, tolerance: f64)
where
    T: Scalar,
    N: InputGradients<Scalar = T, Output: Flat<T>, InputGradients: Flat<T>> + Clone,
    for<'a> Fed<'a, T>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>> + Feed<N::OutputGradients<'a>>,
{
    let x = batch(case["inputs"].as_array().unwrap(), N::INPUTS).cast::<T>();
    let t = batch(case["targets"].as_array().unwrap(), N::TARGETS).cast::<T>();
    let outputs = net.forward(x.feed()).unwrap();
    for (actual, expected) in outputs.flat().into_iter().zip(case["outputs"].as_array().unwrap()) {
        close(name, actual, &numbers(expected), tolerance);
    }
    let expected = [case["loss"].as_f64().unwrap()];
    close(name, &[net.loss(x.feed(), t.feed()).unwrap()], &expected, tolerance);
    let (loss, of_inputs) = net.input_gradients(x.feed(), t.feed()).unwrap();
    close(name, &[loss], &expected, tolerance);
    let vjp = net
        .vjp(x.feed(), batch(case["outputs"].as_array().unwrap(), N::OUTPUTS).cast::<T>().feed())
        .unwrap();
    for (gradients, key) in [(of_inputs, "input_gradients"), (vjp, "vjp")] {
        for (actual, expected) in gradients.flat().into_iter().zip(case[key].as_array().unwrap()) {
            close(&format!("{key} of {name}"), actual, &numbers(expected), tolerance);
        }
    }
    let (loss, gradients) = net.gradients(x.feed(), t.feed()).unwrap();
    close(name, &[loss], &expected, tolerance);
    close_to_state(name, gradients.iter(), &case["gradients"], tolerance);
    for optimizer in ["sgd", "adamw", "rmsprop"] {
        let what = format!("{name} with {optimizer}");
        let mut net = net.clone();
        let losses: Vec<T> = match optimizer {
            "sgd" => five_steps(&mut net, &x, &t, &mut Sgd::new(0.05).momentum(0.9)),
            "adamw" => five_steps(&mut net, &x, &t, &mut AdamW::new(0.01)),
            _ => five_steps(&mut net, &x, &t, &mut RmsProp::new(0.003)),
        };
        close(&what, &losses, &numbers(&case["losses"][optimizer]), tolerance);
        // the first step of Adam has the sign of the gradient, even if that is a rounding error
        let after = &case["after"][optimizer];
        close_to_state(&what, net.parameters().iter(), after, 10.0 * tolerance);
    }
}

fn five_steps<N, T: Scalar>(
    net: &mut N,
    x: &Batch<T>,
    t: &Batch<T>,
    optimizer: &mut impl Optimizer<T>,
) -> Vec<T>
where
    N: Trainable<Scalar = T>,
    for<'a> Fed<'a, T>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    (0..5).map(|_| net.train_step(x.feed(), t.feed(), optimizer).unwrap()).collect()
}

macro_rules! parity {
    ($($test:ident $Net:ident)*) => {$(
        #[test]
        fn $test() {
            let vectors: Value =
                serde_json::from_str(include_str!("../../vectors/networks.json")).unwrap();
            let name = stringify!($test);
            let file =
                format!("{}/vectors/networks.{name}.safetensors", env!("CARGO_MANIFEST_DIR"));
            let net = $Net::load(file).unwrap();
            compare::<$Net, f32>(name, &net, &vectors[name], 1e-5);
            // numbers that f32 represents exactly are exact in f64 too
            compare::<$Net<f64>, f64>(name, &net.cast(), &vectors[name], 1e-12);
        }
    )*};
}
parity! { mlp Mlp residual Residual several Several shared Shared weighted Weighted }
