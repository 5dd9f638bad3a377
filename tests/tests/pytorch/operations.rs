//! Compares operations with PyTorch (`vectors/operations.json` and `.safetensors`, written by the script
//! beside them).

use monograd::prelude::*;
use monograd::source::Feed;
use monograd_tests::batch::Fed;
use monograd_tests::numbers::{batch, close, close_to_state, numbers};
use serde_json::Value;
use std::slice::from_ref;

network! {
    Axes(x: [3, 5, 7]) -> [7] {
        let fc = Linear(7);
        let h = tanh(x >> fc);
        let a = sum(h, axis = 1) * mean(h, axis = [0, 1]);
        let b = logsumexp(h, axis = 0) * std(h, axis = 0) + std(h, axis = 0, correction = 0);
        let c = max(h, axis = 1) - sum(min(h, axis = [0, 2]));
        let d = mean(var(h, axis = 2)) * logsumexp(h);
        let e = softmax(h, axis = 1) * cumsum(h, axis = 1);
        let e = e - log_softmax(h, axis = 0) * min(h, axis = -1, keep = true);
        let f = argmax(h) + sum(argmin(h, axis = 1), axis = 0)[0];
        sum(a + c, axis = 0) + sum(b, axis = 0) + d + sum(e, axis = [0, 1]) * (0.1 * f)
    }
    loss mse

    Attention(x: [7, 6]) -> [7, 6] {
        let q = Linear(6);
        let k = Linear(6, bias = false);
        let v = Linear(6);
        let out = Linear(6);
        let queries = permute(reshape(x >> q, [7, 2, 3]), [1, 0, 2]);
        let keys = permute(reshape(x >> k, [7, 2, 3]), [1, 0, 2]);
        let values = permute(reshape(x >> v, [7, 2, 3]), [1, 0, 2]);
        let scores = matmul(queries, transpose(keys)) / sqrt(3.0);
        let y = matmul(softmax(mask_future(scores)), values);
        reshape(transpose(y, 0, 1), [7, 6]) >> out
    }
    loss mse

    Moves(x: [6, 5], i: u32[4]) -> [33, 4] {
        let fc = Linear(4);
        let h = x >> fc;
        let (a, b, c) = chunk(h, 3);
        let s = sum(stack(a * b, c, axis = -1), axis = -1);
        let p = pad(h, [(2, 0), (0, 1)], value = 0.5);
        let r = flip(h) * roll(h, 1, axis = 1) + roll(h, -2) * repeat(h[0..1], 6);
        let g = gather(h, i);
        let o = matmul(one_hot(i, 6), h);
        let m = select(h > 0.1, h * h, -h) + (x[.., 1..] <= 0.0) * h;
        let t = matmul(tril(g, diagonal = 1), transpose(triu(o, diagonal = -1)));
        let t = t * stop_gradient(h)[..4];
        let steps = h[(1..).step_by(2)] * h[(1..).rev().step_by(2)] + p[-3.., ..4];
        concat(s, r, g * o, m, t, steps, p[.., 1..])
    }
    loss mse

    Functions(x: [7]) -> [17] {
        let fc = Linear(17);
        let h = x >> fc;
        let p = square(h) + 0.1;
        let y = log2(p) + log10(p) * exp2(h) - reciprocal(p);
        let y = y + tan(0.5 * h) + atan(3.0 * h) - sinh(h) * cosh(h);
        y + h * (floor(3.0 * h) - ceil(2.0 * h) + round(5.0 * h))
    }
    loss mse
}

fn compare<N, T>(name: &str, net: &N, case: &Value, tolerance: f64)
where
    T: Scalar,
    N: Trainable<Scalar = T, Output = Tensor<T>>,
    for<'a> Fed<'a, T>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
{
    let x = batch(case["inputs"].as_array().unwrap(), N::INPUTS).cast::<T>();
    let t = batch(from_ref(&case["target"]), N::TARGETS).cast::<T>();
    let output = net.forward(x.feed()).unwrap();
    close(name, output.as_slice(), &numbers(&case["output"]), tolerance);
    let (loss, gradients) = net.gradients(x.feed(), t.feed()).unwrap();
    close(name, &[loss], &[case["loss"].as_f64().unwrap()], tolerance);
    close_to_state(name, gradients.iter(), &case["gradients"], tolerance);
}

macro_rules! parity {
    ($($test:ident $Net:ident)*) => {$(
        #[test]
        fn $test() {
            let vectors: Value =
                serde_json::from_str(include_str!("../../vectors/operations.json")).unwrap();
            let name = stringify!($test);
            let folder = env!("CARGO_MANIFEST_DIR");
            let net = $Net::load(format!("{folder}/vectors/operations.{name}.safetensors")).unwrap();
            compare::<$Net, f32>(name, &net, &vectors[name], 2e-5);
            // numbers that f32 represents exactly are exact in f64 too
            compare::<$Net<f64>, f64>(name, &net.cast(), &vectors[name], 1e-12);
        }
    )*};
}
parity! { axes Axes attention Attention moves Moves functions Functions }
