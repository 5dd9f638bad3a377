//! Names that no tensor of a file can have.
use monograd::prelude::*;

network! {
    Empty(x: [4]) -> [4] {
        #[name = ""]
        let fc = Linear(4);
        x >> fc
    }
}

network! {
    Header(x: [4]) -> [4] {
        #[name = "__metadata__"]
        let w = param([4], init = ones);
        x * w
    }
}

network! {
    Variable(x: [4]) -> [4] {
        let __metadata__ = param([4], init = ones);
        x * __metadata__
    }
}

network! {
    Control(x: [4]) -> [4] {
        #[name = "a\nb"]
        let a = Linear(4);
        let mut h = x >> a;
        #[name = "\u{1b}[31m"]
        for _ in 0..2 {
            h = h >> Linear(4);
        }
        h
    }
}

fn main() {
    let mut net = Empty::init(1);
    let _ = Empty::summary();
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
}
// mistakes: 5
