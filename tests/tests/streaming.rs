//! Networks one step at a time: the same numbers as over the whole sequence.

use monograd::prelude::*;
use monograd::random::Philox;

/// Compares a stream with the whole pass over sequences of several lengths, in double precision,
/// twice on the same stream.
macro_rules! streams {
    ($($test:ident { ($($signature:tt)*) -> $output:tt $body:tt } width $width:literal)+) => {$(
        #[test]
        fn $test() {
            network! {
                #[streaming]
                Net($($signature)*) -> $output $body
            }
            let net = Net::init(3).cast::<f64>();
            let mut stream = net.stream();
            for len in [1_usize, 2, 7, 33] {
                let mut random = Philox::new(len as u64).stream(0);
                let x: Vec<f64> = (0..len * $width).map(|_| random.normal()).collect();
                let shape: Vec<usize> = match $width { 1 => vec![len], width => vec![len, width] };
                let x = Tensor::from_vec(shape, x).unwrap();
                let whole = net.forward(&x).unwrap();
                let each = whole.as_slice().len() / len;
                stream.reset();
                for (t, x_t) in x.as_slice().chunks($width).enumerate() {
                    let y = stream.step(x_t);
                    let expected = &whole.as_slice()[t * each..][..each];
                    assert_eq!(y.len(), each);
                    for (y, expected) in y.iter().zip(expected) {
                        assert!(
                            (y - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
                            "step {t} of {len} gives {y}, the whole {expected}",
                        );
                    }
                }
            }
        }
    )+};
}

streams! {
    pointwise { (x: [dyn T, 3]) -> [T, 2] { tanh(x >> Linear(5)) >> Linear(2) } } width 3
    softmax_over_channels { (x: [dyn T, 3]) -> [T, 4] { softmax(x >> Linear(4)) * mean(x, axis = -1, keepdim = true) } } width 3
    filter { (x: [dyn T]) -> [T] { let mut y = 0.0; for x_t in x { y = 0.9 * y + 0.1 * x_t; y } } } width 1
    recurrence {
        (x: [dyn T, 3]) -> [T, 2] {
            let ih = Linear(4);
            let hh = Linear(4);
            let mut h = zeros([4]);
            let ys = for x_t in x { h = tanh((x_t >> ih) + (h >> hh)); h };
            ys >> Linear(2)
        }
    } width 3
    learned_beginning {
        (x: [dyn T, 3]) -> [T, 4] {
            let mut h = ones([4]) >> Linear(4);
            for x_t in x { h = sigmoid((x_t >> Linear(4)) + (h >> Linear(4, bias = false))); h }
        }
    } width 3
    recurrences_in_depth {
        (x: [dyn T, 4]) -> [T, 4] {
            let mut ys = x;
            for _ in 0..3 {
                let mut h = zeros([4]);
                let mut c = zeros([4]);
                ys = ys + for y in ys {
                    let z = (y >> Linear(16)) + (h >> Linear(16));
                    c = sigmoid(z[0..4]) * c + sigmoid(z[4..8]) * tanh(z[8..12]);
                    h = sigmoid(z[12..16]) * tanh(c);
                    h
                };
            }
            ys
        }
    } width 4
    causal_convolution {
        (x: [dyn T, 3]) -> [T, 4] {
            let before = pad(x, [(5, 0), (0, 0)]);
            let a = before[0..T] >> Linear(4);
            let b = before[3..T + 3] >> Linear(4);
            tanh(a + b + (x >> Linear(4)))
        }
    } width 3
    norms {
        (x: [dyn T, 3]) -> [T, 4] {
            let h = x >> Linear(4);
            let units = normalize(h) * norm(h, axis = 1, p = inf, keep = true);
            units + clamp(std(h, axis = 1, keep = true), 0, 1) * norm(x, axis = 1, p = 3, keep = true)
        }
    } width 3
    norms_of_all_before {
        (x: [dyn T <= 40, 3]) -> [T, 3] {
            x / (1 + norm(tril(matmul(x, transpose(x))), axis = 1, keep = true))
        }
    } width 3
    running_sums { (x: [dyn T, 3]) -> [T, 3] { cumsum(x >> Linear(3), axis = 0) * 0.1 } } width 3
    attention {
        (x: [dyn T <= 40, 6]) -> [T, 6] {
            let q = x >> Linear(6);
            let k = x >> Linear(6);
            let v = x >> Linear(6);
            let scores = mask_future(matmul(q, transpose(k)) * 0.4);
            matmul(softmax(scores), v) >> Linear(6)
        }
    } width 6
    first_element {
        (x: [dyn T, 3]) -> [T, 3] {
            let z = x >> Linear(3) >> Tanh;
            let mut h = z[0];
            let ys = for z_t in z { h = 0.5 * h + z_t; h };
            ys + z * x[0]
        }
    } width 3
    first_element_in_depth {
        (x: [dyn T, 3]) -> [T, 3] {
            let mut h = x;
            for _ in 0..2 { h = h + ((h - h[0]) >> Linear(3) >> Tanh); }
            h
        }
    } width 3
    heads_beside_each_other {
        (x: [dyn T <= 40, 6]) -> [T, 6] {
            let qkv = permute(reshape(x >> Linear(18), [T, 3, 3, 2]), [1, 2, 0, 3]);
            let (q, k, v) = split(qkv, 3);
            let k = tanh(k[0]);
            let scores = mask_future(matmul(q[0], transpose(k)) / sqrt(2.0));
            reshape(permute(matmul(softmax(scores), v[0]), [1, 0, 2]), [T, 6])
        }
    } width 6
    several_heads_in_depth {
        (x: [dyn T <= 40, 6]) -> [T, 6] {
            let mut h = x;
            for _ in 0..2 {
                let q = permute(reshape(h >> Linear(6), [T, 3, 2]), [1, 0, 2]);
                let k = permute(reshape(h >> Linear(6), [T, 3, 2]), [1, 0, 2]);
                let v = permute(reshape(h >> Linear(6), [T, 3, 2]), [1, 0, 2]);
                let a = matmul(softmax(mask_future(matmul(q, transpose(k)) / sqrt(2.0))), v);
                h = h + (reshape(permute(a, [1, 0, 2]), [T, 6]) >> Linear(6));
                h = h + (h >> Linear(12) >> Gelu >> Linear(6));
            }
            h
        }
    } width 6
}
