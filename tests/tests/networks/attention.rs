//! Attention as an operation: the plain formula, with the same dropout, on any number of threads, in memory
//! that grows with the length of a sequence.

use super::training::on_threads;
use monograd::prelude::*;
use monograd::random::Philox;

network! {
    Kernel(x: [dyn T, 12], bias: [T, T], padding: [T]) -> [T, 12] {
        let q = reshape(x >> Linear(12), [T, 4, 3]);
        let k = reshape(x >> Linear(6), [T, 2, 3]);
        let v = reshape(x >> Linear(6), [T, 2, 3]);
        let strength = param([4, 1, 1], init = normal(1));
        let y = attention(
            q,
            k,
            v,
            strength * bias,
            padding,
            causal = true,
            window = 9,
            scale = 0.7,
            dropout = 0.2,
        );
        reshape(y, [T, 12])
    }
    loss mse

    Plain(x: [dyn T, 12], bias: [T, T], padding: [T]) -> [T, 12] {
        let q = reshape(x >> Linear(12), [T, 2, 2, 3]);
        let k = reshape(x >> Linear(6), [T, 2, 1, 3]);
        let v = reshape(x >> Linear(6), [T, 2, 1, 3]);
        let strength = param([4, 1, 1], init = normal(1));
        let q = permute(q, [1, 2, 0, 3]);
        let scores = 0.7 * matmul(q, permute(k, [1, 2, 3, 0])) + reshape(strength * bias, [2, 2, T, T]);
        let scores = select(padding, log(0), scores);
        let far = reshape(range(T), [T, 1]) - range(T) >= 9;
        let weights = softmax(mask_future(select(far, log(0), scores))) >> Dropout(0.2);
        let y = matmul(weights, permute(v, [1, 2, 0, 3]));
        reshape(permute(y, [2, 0, 1, 3]), [T, 12])
    }
    loss mse

    Long(x: [dyn T <= 2048, 768]) -> [T, 768] { x >> MultiheadAttention(12, causal = true) }
    loss mse
}

/// The inputs and targets of a batch.
struct Batch {
    x: Tensor<f64>,
    bias: Tensor<f64>,
    padding: Tensor<f64>,
    target: Tensor<f64>,
}

impl Batch {
    fn new(samples: usize, length: usize) -> Self {
        let mut random = Philox::new(7).stream(0);
        let mut normal = |shape: &[usize]| {
            let numbers = (0..shape.iter().product()).map(|_| random.normal()).collect();
            Tensor::from_vec(shape, numbers).unwrap()
        };
        let (x, target) = (normal(&[samples, length, 12]), normal(&[samples, length, 12]));
        let bias = normal(&[samples, length, length]);
        let padding = (0..samples * length).map(|i| f64::from(u8::from(i % 5 == 2))).collect();
        Self { x, bias, padding: Tensor::from_vec([samples, length], padding).unwrap(), target }
    }
}

/// Returns the losses of some steps, and the parameters after them.
macro_rules! steps {
    ($Net:ident, $batch:expr) => {{
        let batch = $batch;
        let (mut net, mut sgd) = ($Net::init(3).cast::<f64>(), Sgd::new(0.1));
        let mut losses = Vec::new();
        for _ in 0..4 {
            let given = (&batch.x, &batch.bias, &batch.padding);
            losses.push(net.train_step(given, &batch.target, &mut sgd).unwrap());
        }
        let given = (&batch.x, &batch.bias, &batch.padding);
        losses.push(net.loss(given, &batch.target).unwrap());
        let parameters: Vec<Vec<f64>> =
            net.parameters().iter().map(|parameter| parameter.as_slice().to_vec()).collect();
        (losses, parameters.concat())
    }};
}

#[test]
fn it_is_the_plain_formula_with_the_same_dropout() {
    for length in [1, 3, 10, 67] {
        let batch = Batch::new(3, length);
        let (kernel, plain) = (steps!(Kernel, &batch), steps!(Plain, &batch));
        for (a, b) in [(&kernel.0, &plain.0), (&kernel.1, &plain.1)] {
            assert_eq!(a.len(), b.len());
            for (a, b) in a.iter().zip(b) {
                assert!((a - b).abs() < 1e-11, "{a} is not {b} for a length of {length}");
            }
        }
    }
}

#[test]
fn two_threads_give_the_same_bits() {
    let batch = Batch::new(90, 40);
    let two = || on_threads(2, || steps!(Kernel, &batch));
    assert_eq!(two(), two());
    let net = Kernel::init(3).cast::<f64>();
    let y = |threads| {
        let given = (&batch.x, &batch.bias, &batch.padding);
        on_threads(threads, || net.forward(given).unwrap())
    };
    assert_eq!(y(1).as_slice(), y(2).as_slice());
}

#[test]
fn memory_grows_with_the_length() {
    let [short, middle, long] = [512, 1024, 2048].map(|length| Long::cost(&[length]).unwrap());
    let training = |cost: &monograd::Cost| cost.train_workspace;
    for memory in [|cost: &monograd::Cost| cost.workspace, training] {
        let [short, middle, long] = [&short, &middle, &long].map(memory);
        assert_eq!(long - middle, 2 * (middle - short));
        // a matrix of all pairs would have 12 * 1024 * 1024 scalars
        assert!(middle < 12 * 1024 * 1024, "{middle} scalars");
    }
}
