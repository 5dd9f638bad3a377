//! Compares networks that run step by step with passes over the whole sequence.

mod blocks;
mod convolution;
mod limits;
mod so_far;

use monograd::prelude::*;
use monograd::random::Philox;

/// Numbers of steps that are taken at once, one after the other; 0 is a single `step`.
const PIECES: [usize; 8] = [1, 7, 0, 17, 0, 0, 33, 2];

/// Compares a stream with whole passes over sequences of several lengths, in double precision: step by
/// step, all at once, and in pieces of any size, with steps among them, of which each is taken again from a
/// saved state for the outputs of its last step alone.
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
            let blocks = <Net<f64> as monograd::Streaming>::BLOCK > 1;
            assert_eq!(blocks, !STEP_BY_STEP.contains(&stringify!($test)), "blocks");
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
                    same(y, &whole.as_slice()[t * each..][..each], "steps", t);
                }
                stream.reset();
                same(stream.extend(&x), whole.as_slice(), "all at once", 0);
                stream.reset();
                let (mut t, mut pieces) = (0, PIECES.iter().cycle());
                while t < len {
                    let piece = pieces.next().copied().unwrap_or(0).min(len - t);
                    let count = piece.max(1);
                    let x = &x.as_slice()[t * $width..][..count * $width];
                    let y = &whole.as_slice()[t * each..][..count * each];
                    let saved = stream.save();
                    same(stream.prefill(x), &y[(count - 1) * each..], "the last of a piece", t);
                    stream.restore(&saved).unwrap();
                    same(if piece == 0 { stream.step(x) } else { stream.extend(x) }, y, "a piece", t);
                    t += count;
                    assert_eq!(stream.position(), t);
                }
            }
        }
    )+};
}

/// Networks of which no block of steps can be taken at once.
const STEP_BY_STEP: [&str; 0] = [];

fn same(y: &[f64], expected: &[f64], what: &str, t: usize) {
    assert_eq!(y.len(), expected.len(), "{what} at {t}");
    for (at, (y, expected)) in y.iter().zip(expected).enumerate() {
        assert!(
            (y - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
            "{what} at {t}: {y}, the whole {expected} at {at}",
        );
    }
}

streams! {
    layer_lstm { (x: [dyn T, 3]) -> [T, 4] { x >> Lstm(4, layers = 2) } } width 3
    layer_gru { (x: [dyn T, 3]) -> [T, 4] { x >> Gru(4) } } width 3
    layer_rnn { (x: [dyn T, 3]) -> [T, 4] { x >> Rnn(4, nonlinearity = relu) } } width 3
    layer_norms { (x: [dyn T, 4]) -> [T, 4] { x >> LayerNorm() >> GatedMlp(8) >> RmsNorm() } } width 4
    layer_positions {
        (x: [dyn T <= 33, 4]) -> [T, 4] { (x >> LearnedPositions(33)) + sinusoidal(x) }
    } width 4
    layer_attention {
        (x: [dyn T <= 33, 4]) -> [T, 4] {
            let q = rope(reshape(x >> Linear(4), [T, 2, 2]));
            let k = rope(reshape(x >> Linear(2), [T, 1, 2]), interleaved = true);
            let v = reshape(x >> Linear(2), [T, 1, 2]);
            reshape(attention(q, k, v, causal = true, window = 5), [T, 4])
        }
    } width 4
    layer_transformer {
        (x: [dyn T <= 33, 4]) -> [T, 4] {
            let mut h = x;
            for _ in 0..3 {
                h = h >> TransformerEncoderLayer(2, 8, causal = true, norm_first = true);
            }
            h
        }
    } width 4
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
    number_of_a_parameter { (x: [dyn T]) -> [T] { x * param([], init = 0.3) + exp(param([], init = 0.1)) } } width 1
    numbers_of_parameters {
        (x: [dyn T]) -> [T] {
            let v = param([4], init = normal(1));
            x * sum(v) + max(v) * (x - logsumexp(v * v)) / (1 + abs(v[1]))
        }
    } width 1
    numbers_of_sizes { (x: [dyn T, 2]) -> [T, 2] { x * sum(range(4)) + full([], 0.5) * sum([0.5, 0.25]) } } width 2
    two_running_sums { (x: [dyn T]) -> [T] { cumsum(x) + cumsum(2 * x) } } width 1
    running_sum_of_running_sums { (x: [dyn T, 2]) -> [T, 2] { 0.01 * cumsum(cumsum(x, axis = 0) * x, axis = 0) } } width 2
    running_sum_beside_a_recurrence {
        (x: [dyn T]) -> [T] {
            let mut h = 0.0;
            let hs = for e in x { h = tanh(h + e); h };
            cumsum(x) * hs + cumsum(hs) - x[0]
        }
    } width 1
    running_sum_beside_a_border { (x: [dyn T]) -> [T] { cumsum(x) + pad(x, [(2, 0)])[..T] * range(T) } } width 1
    many_states {
        (x: [dyn T, 3]) -> [T, 3] {
            let (mut a, mut b) = (zeros([3]), ones([3]));
            let ys = for e in x { (a, b) = (b - 0.5 * e, tanh(a)); a * b };
            let mut c = ones([3]);
            let zs = for (e, y) in (x, ys) { c = 0.5 * c + y; c - e };
            let delayed = pad(zs, [(3, 0), (0, 0)], value = 0.25);
            cumsum(zs, axis = 0) * 0.1 + delayed[..T] - delayed[2..T + 2] + (ys - ys[0])
        }
    } width 3
    states_in_depth {
        (x: [dyn T, 2]) -> [T, 2] {
            let mut h = x;
            for k in 0..3 {
                let before = pad(h, [(1, 0), (0, 0)], value = 0.5)[..T];
                h = tanh(h * (k + 1)) + before * k - 0.1 * cumsum(h, axis = 0) / (2 * k + 1);
            }
            h
        }
    } width 2
    states_in_nested_loops {
        (x: [dyn T, 2]) -> [T, 2] {
            let mut h = x;
            for i in 0..2 {
                for j in 0..3 {
                    let mut s = zeros([2]);
                    h = for e in h { s = 0.5 * s + e * (i + 1) / (j + 1); s - j * e };
                }
            }
            h
        }
    } width 2
    border_of_a_number { (x: [dyn T]) -> [T] { pad(x, [(1, 0)], value = 0.5)[..T] } } width 1
    border_of_minus_infinity {
        (x: [dyn T, 2]) -> [T, 2] {
            maximum(x, pad(x, [(4, 0), (0, 0)], value = -1000)[1..T + 1])
        }
    } width 2
    border_of_two_axes {
        (x: [dyn T, 3]) -> [T, 5] {
            pad(x, [(2, 0), (1, 1)], value = -0.5)[..T]
        }
    } width 3
    functions_of_a_border {
        (x: [dyn T, 3]) -> [T, 2] {
            let before = tanh(pad(x, [(2, 1), (0, 0)], value = 0.5) * param([3], init = normal(1))) + 1;
            before[1..T + 1, ..2] * before[..T, 1..] - before[2..T + 2, 1..]
        }
    } width 3
    zeros_beside_a_sequence {
        (x: [dyn T, 3]) -> [T, 3] {
            let mut h = zeros([3]);
            for (a, p, q) in (x, full([T], 0.5), range(T)) { h = 0.5 * h + a * p - 0.01 * q; h }
        }
    } width 3
    number_of_the_iteration {
        (x: [dyn T]) -> [T] {
            let mut z = x;
            for k in 0..3 { z = z * (k + 1) - (2 * k - 1) / 3 + k * k; }
            z
        }
    } width 1
    number_of_the_iteration_along {
        (x: [dyn T]) -> [T] { for t in 0..T { x[t] * (t + 1) - t / 2 } }
    } width 1
    numbers_of_nested_iterations {
        (x: [dyn T]) -> [T] {
            let mut z = x;
            for n in 0..2 { for lane in 1..3 { z = 0.5 * z * (n + lane) - lane; } }
            z
        }
    } width 1
    channels_alone {
        (x: [dyn T, 4]) -> [T, 4] {
            let turned = flip(x, axis = 1) * min(x, axis = 1, keep = true) + x[.., (0..4).rev().step_by(2)][.., ..1];
            turned + argmax(x, axis = 1, keep = true) * roll(x, 1, axis = 1) + concat(x[.., 2..], x[.., ..2], axis = 1)
        }
    } width 4
    order_without_a_state { (x: [dyn T, 3]) -> [T, 3] { for e in rev(x) { tanh(e) * sum(e) } } } width 3
    masks {
        (x: [dyn T <= 40, 4]) -> [T, 4] {
            let scores = mask_future(matmul(x, transpose(x)) - 2) / 2;
            let weights = softmax(scores) * max(scores, axis = 1, keep = true);
            matmul(weights, cumsum(x, axis = 0)) + logsumexp(scores, axis = 1, keep = true)
        }
    } width 4
    positions {
        (x: [dyn T <= 40, 4]) -> [T, 4] {
            let p = param([40, 4], init = normal(1));
            let h = x + p[..T];
            let hs = for (e, q) in (h, p[..T]) { e * q };
            matmul(softmax(mask_future(matmul(hs, transpose(h)))), p[..T])
        }
    } width 4
    gathered {
        (x: [dyn T, 3]) -> [T, 3] {
            let table = param([3, 3], init = normal(1));
            x * sum(table, axis = 0) + matmul(x, table)[.., (0..3).rev()]
        }
    } width 3
    zeros_before_a_sequence {
        (x: [dyn T, 3]) -> [T, 3] {
            let before = concat(full([2, 3], 0.5), tanh(x), axis = 0);
            before[..T] * before[1..T + 1] + x
        }
    } width 3
    twice_in_a_row { (x: [dyn T]) -> [T] { concat(x, -x)[..T] * 2 } } width 1
}
