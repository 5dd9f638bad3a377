//! Compares recurrent cells written in the language with `torch.nn.RNN`, `GRU` and `LSTM` with the same
//! weights (`vectors/recurrent.py`): forwards, backwards and bidirectional.

use monograd::prelude::*;
use monograd_tests::expected::compare;

mod rnn {
    use super::*;

    network! {
        Cell(x: [3], h: [4]) -> [4] {
            let ih = Linear(4);
            let hh = Linear(4);
            tanh((x >> ih) + (h >> hh))
        }

        pub Forwards(x: [dyn T, 3]) -> ([T, 4], [4]) {
            let forwards = Cell;
            let mut h = zeros([4]);
            let ys = for x_t in x { h = (x_t, h) >> forwards; h };
            (ys, h)
        }
        loss |y, last, target: [T, 4]| mse(y, target) + mean(square(last))

        pub Backwards(x: [dyn T, 3]) -> ([T, 4], [4]) {
            let forwards = Cell;
            let mut h = zeros([4]);
            let ys = for x_t in rev(x) { h = (x_t, h) >> forwards; h };
            (ys, h)
        }
        loss |y, last, target: [T, 4]| mse(y, target) + mean(square(last))

        pub Both(x: [dyn T, 3]) -> ([T, 8], [8]) {
            let forwards = Cell;
            let backwards = Cell;
            let mut h = zeros([4]);
            let mut k = zeros([4]);
            let hs = for x_t in x { h = (x_t, h) >> forwards; h };
            let ks = for x_t in rev(x) { k = (x_t, k) >> backwards; k };
            (concat(hs, ks, axis = 1), concat(h, k))
        }
        loss |y, last, target: [T, 8]| mse(y, target) + mean(square(last))
    }
}

mod gru {
    use super::*;

    network! {
        /// The reset gate is applied after the product, so that the new gate needs two separate biases.
        Cell(x: [3], h: [4]) -> [4] {
            let ih = Linear(12);
            let hh = Linear(12);
            let (r, z, n) = split(x >> ih, 3);
            let (hr, hz, hn) = split(h >> hh, 3);
            let z = sigmoid(z + hz);
            let n = tanh(n + sigmoid(r + hr) * hn);
            (1 - z) * n + z * h
        }

        pub Forwards(x: [dyn T, 3]) -> ([T, 4], [4]) {
            let forwards = Cell;
            let mut h = zeros([4]);
            let ys = for x_t in x { h = (x_t, h) >> forwards; h };
            (ys, h)
        }
        loss |y, last, target: [T, 4]| mse(y, target) + mean(square(last))

        pub Backwards(x: [dyn T, 3]) -> ([T, 4], [4]) {
            let forwards = Cell;
            let mut h = zeros([4]);
            let ys = for x_t in rev(x) { h = (x_t, h) >> forwards; h };
            (ys, h)
        }
        loss |y, last, target: [T, 4]| mse(y, target) + mean(square(last))

        pub Both(x: [dyn T, 3]) -> ([T, 8], [8]) {
            let forwards = Cell;
            let backwards = Cell;
            let mut h = zeros([4]);
            let mut k = zeros([4]);
            let hs = for x_t in x { h = (x_t, h) >> forwards; h };
            let ks = for x_t in rev(x) { k = (x_t, k) >> backwards; k };
            (concat(hs, ks, axis = 1), concat(h, k))
        }
        loss |y, last, target: [T, 8]| mse(y, target) + mean(square(last))
    }
}

mod lstm {
    use super::*;

    network! {
        /// Gates in the order i, f, g, o.
        Cell(x: [3], h: [4], c: [4]) -> ([4], [4]) {
            let ih = Linear(16);
            let hh = Linear(16);
            let (i, f, g, o) = split((x >> ih) + (h >> hh), 4);
            let c = sigmoid(f) * c + sigmoid(i) * tanh(g);
            (sigmoid(o) * tanh(c), c)
        }

        pub Forwards(x: [dyn T, 3]) -> ([T, 4], [8]) {
            let forwards = Cell;
            let mut h = zeros([4]);
            let mut c = zeros([4]);
            let ys = for x_t in x {
                let (y, cell) = (x_t, h, c) >> forwards;
                h = y;
                c = cell;
                h
            };
            (ys, concat(h, c))
        }
        loss |y, last, target: [T, 4]| mse(y, target) + mean(square(last))

        pub Backwards(x: [dyn T, 3]) -> ([T, 4], [8]) {
            let forwards = Cell;
            let mut h = zeros([4]);
            let mut c = zeros([4]);
            let ys = for x_t in rev(x) {
                let (y, cell) = (x_t, h, c) >> forwards;
                h = y;
                c = cell;
                h
            };
            (ys, concat(h, c))
        }
        loss |y, last, target: [T, 4]| mse(y, target) + mean(square(last))

        pub Both(x: [dyn T, 3]) -> ([T, 8], [16]) {
            let forwards = Cell;
            let backwards = Cell;
            let mut h = zeros([4]);
            let mut c = zeros([4]);
            let mut k = zeros([4]);
            let mut d = zeros([4]);
            let hs = for x_t in x {
                let (y, cell) = (x_t, h, c) >> forwards;
                h = y;
                c = cell;
                h
            };
            let ks = for x_t in rev(x) {
                let (y, cell) = (x_t, k, d) >> backwards;
                k = y;
                d = cell;
                k
            };
            (concat(hs, ks, axis = 1), concat(h, k, c, d))
        }
        loss |y, last, target: [T, 8]| mse(y, target) + mean(square(last))
    }
}

macro_rules! parity {
    ($($cell:ident)*) => {$(
        #[test]
        fn $cell() {
            use $cell::{Backwards, Both, Forwards};
            let file = |way| format!("recurrent/{}.{way}", stringify!($cell));
            compare::<Forwards>(&file("forwards"), Forwards::init(0));
            compare::<Backwards>(&file("backwards"), Backwards::init(0));
            compare::<Both>(&file("both"), Both::init(0));
        }
    )*};
}
parity! { rnn gru lstm }
