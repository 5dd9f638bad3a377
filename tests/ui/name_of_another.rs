//! Two parameters of one name in files, each in a way of its own.
use monograd::prelude::*;

network! {
    Layer(x: [4]) -> [4] {
        let a = Linear(4);
        #[name = "a.weight"]
        let w = param([4], init = ones);
        x * w >> a
    }
    loss mse
}

network! {
    Before(x: [4]) -> [4] {
        #[name = "linear0.bias"]
        let w = param([4], init = ones);
        x * w >> Linear(4)
    }
    loss mse
}

network! {
    Iteration<const LAYERS: usize = 2>(x: [4]) -> [4] {
        let mut h = x;
        for i in 0..3 {
            #[name = "h.{i}"]
            let fc = Linear(4);
            h = h >> fc;
        }
        #[name = "h.1"]
        let last = Linear(4);
        h = h >> last;
        // as many iterations as there are, there is the first
        #[name = "g"]
        for _ in 0..LAYERS {
            h = h >> Linear(4);
        }
        #[name = "g.0.linear0"]
        let other = Linear(4);
        h >> other
    }
    loss mse
}

network! {
    Iterations(x: [4]) -> [4] {
        let mut h = x;
        for i in 0..12 {
            #[name = "h{i}"]
            let fc = Linear(4);
            h = h >> fc;
        }
        for i in 0..2 {
            #[name = "h1{i}"]
            let fc = Linear(4, bias = false);
            h = h >> fc;
        }
        h
    }
    loss mse
}

network! {
    Inner(x: [4]) -> [4] {
        let fc = Linear(4);
        x >> fc
    }

    Outer(x: [4]) -> [4] {
        let inner = Inner;
        #[name = "inner.fc.bias"]
        let b = param([4], init = zeros);
        (x >> inner) + b
    }
    loss mse

    Twice(x: [4]) -> [4] {
        #[name = "a.fc.weight"]
        let b = param([4], init = zeros);
        let a = Inner;
        (x >> a) + b
    }
    loss mse
}

fn main() {
    let mut net = Layer::init(1);
    let _ = Layer::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 7
