//! Streams of signals `[channels, T]`: causal convolutions, whose dilation may differ between the iterations
//! of a loop.

use super::{PIECES, same};
use monograd::prelude::*;
use monograd::random::Philox;

/// Returns some steps of a signal `[channels, T]`.
fn cut(x: &[f64], channels: usize, start: usize, count: usize) -> Vec<f64> {
    let rows = x.chunks_exact(x.len() / channels);
    rows.flat_map(|row| row[start..start + count].iter().copied()).collect()
}

/// Compares a stream with passes over whole signals, of which one takes several blocks.
macro_rules! signals {
    ($($test:ident { ($($signature:tt)*) -> $output:tt $body:tt } channels $from:literal to $to:literal)+) => {$(
        #[test]
        fn $test() {
            network! {
                #[streaming]
                Net($($signature)*) -> $output $body
            }
            let net = Net::init(3).cast::<f64>();
            let mut stream = net.stream();
            assert!(<Net<f64> as monograd::Streaming>::BLOCK > 1);
            for len in [1_usize, 2, 7, 33, 300] {
                let mut random = Philox::new(len as u64).stream(0);
                let x = Tensor::from_fn([$from, len], |_| random.normal());
                let whole = net.forward(&x).unwrap();
                stream.reset();
                same(stream.extend(&x), whole.as_slice(), "all at once", 0);
                stream.reset();
                let (mut t, mut pieces) = (0, PIECES.iter().cycle());
                while t < len {
                    let piece = pieces.next().copied().unwrap_or(0).min(len - t);
                    let count = piece.max(1);
                    let some = cut(x.as_slice(), $from, t, count);
                    let x = Tensor::from_vec([$from, count], some).unwrap();
                    let y = cut(whole.as_slice(), $to, t, count);
                    let saved = stream.save();
                    same(stream.prefill(&x), &cut(&y, $to, count - 1, 1), "the last of a piece", t);
                    stream.restore(&saved).unwrap();
                    let got = if piece == 0 { stream.step(x.as_slice()) } else { stream.extend(&x) };
                    same(got, &y, "a piece", t);
                    t += count;
                }
            }
        }
    )+};
}

signals! {
    dilated {
        (x: [3, dyn T]) -> [4, T] {
            x >> Conv1d(4, 5, padding = causal, dilation = 7) >> Relu >> Conv1d(4, 1)
        }
    } channels 3 to 4
    in_groups {
        (x: [4, dyn T]) -> [6, T] {
            x >> Conv1d(4, 3, padding = (4, 0), dilation = 2, groups = 4)
                >> Conv1d(6, 2, padding = causal, groups = 2, bias = false)
        }
    } channels 4 to 6
    dilation_by_iteration {
        (x: [16, dyn T]) -> [1, T] {
            let mut h = x;
            for i in 0..4 {
                let gates = h >> Conv1d(32, 3, dilation = pow(2, i), padding = causal);
                let (filter, gate) = split(gates, 2);
                h = h + (tanh(filter) * sigmoid(gate) >> Conv1d(16, 1));
            }
            h >> Conv1d(1, 1)
        }
    } channels 16 to 1
    dilation_from_a_list {
        (x: [4, dyn T]) -> [2, T] {
            let mut h = x;
            let mut skip = zeros([2, T]);
            for i in 0..3 {
                let z = tanh(h >> Conv1d(4, 3, dilation = [2, 5, 1][i], padding = causal));
                skip = skip + (z >> Conv1d(2, 1));
                h = h + (z >> Conv1d(4, 1));
            }
            skip >> Relu
        }
    } channels 4 to 2
    delays_and_sums {
        (x: [2, dyn T]) -> [2, T] {
            let before = pad(x, [(0, 0), (3, 0)])[.., ..T];
            cumsum(x, axis = 1) * 0.1 - before * pad(x, [(0, 0), (2, 0)], value = 0.25)[.., 1..T + 1]
        }
    } channels 2 to 2
    transposed { (x: [2, dyn T]) -> [3, T] { transpose(transpose(x) >> Lstm(3)) } } channels 2 to 3
}
