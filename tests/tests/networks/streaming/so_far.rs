//! Outputs without the streamed axis: after each step they are those of the whole pass over all steps
//! so far.

use monograd::prelude::*;

macro_rules! so_far {
    ($($test:ident { ($($signature:tt)*) -> $output:tt $body:tt } width $width:literal)+) => {$(
        #[test]
        fn $test() {
            network! {
                #[streaming]
                Net($($signature)*) -> $output $body
            }
            let net = Net::init(3).cast::<f64>();
            let mut stream = net.stream();
            let x: Vec<f64> = (0..9 * $width).map(|i| (f64::from(i) * 0.7).sin()).collect();
            for len in 1..=9_usize {
                let y = stream.step(&x[(len - 1) * $width..len * $width]);
                let shape: Vec<usize> = match $width { 1 => vec![len], width => vec![len, width] };
                let all = Tensor::from_vec(shape, x[..len * $width].to_vec()).unwrap();
                let whole = net.forward(&all).unwrap();
                for (y, expected) in y.iter().zip(whole.as_slice()) {
                    assert!((y - expected).abs() < 1e-12, "after {len} steps {y}, the whole {expected}");
                }
            }
        }
    )+};
}

so_far! {
    last_state { (x: [dyn T, 3]) -> [3] { let mut h = zeros([3]); for e in x { h = tanh(0.5 * h + e); } h * 2 } } width 3
    last_number { (x: [dyn T]) -> [] { let mut h = 1.0; for e in x { h = h * cos(e); } h + param([], init = 0.5) } } width 1
    last_states_in_depth {
        (x: [dyn T, 3]) -> [3] {
            let mut z = zeros([3]);
            for k in 0..3 {
                let mut h = zeros([3]);
                for e in x { h = tanh(0.5 * h + e * k); }
                z = z + h * (k + 1);
            }
            z >> Linear(3)
        }
    } width 3
    with_a_running_sum {
        (x: [dyn T, 2]) -> [2] {
            let mut h = zeros([2]);
            for (e, s) in (x, cumsum(x, axis = 0)) { h = 0.5 * h + e * s; }
            h
        }
    } width 2
}
