use monograd::prelude::*;

network! {
    #[streaming]
    Softened(x: [dyn T, 3]) -> [T, 3] {
        x * softmax(x, axis = 0)
    }

    #[streaming]
    Backwards(x: [dyn T, 3]) -> [T, 3] {
        let mut h = zeros([3]);
        for x_t in rev(x) {
            h = tanh(h + x_t);
            h
        }
    }

    #[streaming]
    Attending(x: [dyn T <= 64, 4]) -> [T, 4] {
        let scores = matmul(x, transpose(x)) * 0.5;
        matmul(softmax(scores), x)
    }

    #[streaming]
    Ahead(x: [dyn T, 4]) -> [T, 4] {
        let padded = pad(x, [(0, 1), (0, 0)]);
        padded[1..T + 1] - x
    }

    #[streaming]
    Pooled(x: [dyn T, 4]) -> [2] {
        mean(x, axis = 0) >> Linear(2)
    }

    #[streaming]
    Boundless(x: [dyn T, 4]) -> [T, 4] {
        matmul(softmax(mask_future(matmul(x, transpose(x)))), x)
    }

    #[streaming]
    Longer(x: [dyn T, 4]) -> [T + 1, 4] {
        pad(x, [(1, 0), (0, 0)], value = 0.5)
    }

    #[streaming]
    Centred(x: [dyn T]) -> [T] {
        let h = for e in x { e * 2.0 };
        let mut sum = 0.0;
        for h_t in h {
            sum = sum + h_t;
        }
        tanh(h - sum)
    }

    #[streaming]
    Pairs(x: [dyn T]) -> [T] {
        let mut h = 0.0;
        for a in x {
            for b in x {
                h = h + a * b;
            }
            h
        }
    }

    #[streaming]
    AllInEach(x: [dyn T]) -> [T] {
        for a in x {
            let scaled = x * a;
            scaled[0]
        }
    }

    #[streaming]
    Turned(x: [dyn T, 4]) -> [T, 4] {
        flip(x)
    }

    #[streaming]
    Strided(x: [2, dyn T]) -> [3, (T - 2) / 2 + 1] {
        x >> Conv1d(3, 2, stride = 2)
    }

    #[streaming]
    PooledInPairs(x: [2, dyn T]) -> [2, (T - 2) / 2 + 1] {
        tanh(x) >> MaxPool1d(2)
    }

    #[streaming]
    ReachesAhead(x: [2, dyn T]) -> [3, T] {
        x >> Conv1d(3, 3, padding = same, dilation = 2)
    }

    #[streaming]
    PairsGiven(x: [dyn T <= 64, 2], m: [T, T]) -> [T, 2] {
        matmul(softmax(mask_future(matmul(x, transpose(x)) + m)), x)
    }

    #[streaming]
    Fixed(x: [8]) -> [2] {
        x >> Linear(2)
    }
}

fn main() {
    let _ = (Softened::summary(), Softened::init(1).stream());
    let _ = (Backwards::summary(), Backwards::init(1).stream());
    let _ = (Attending::summary(), Attending::init(1).stream());
    let _ = (Ahead::summary(), Ahead::init(1).stream());
    let _ = (Pooled::summary(), Pooled::init(1).stream());
    let _ = (Boundless::summary(), Boundless::init(1).stream());
    let _ = (Strided::summary(), Strided::init(1).stream());
    let _ = (PooledInPairs::summary(), PooledInPairs::init(1).stream());
    let _ = (ReachesAhead::summary(), ReachesAhead::init(1).stream());
    let _ = (PairsGiven::summary(), PairsGiven::init(1).stream());
    let _ = (Fixed::summary(), Fixed::init(1).stream());
}
// mistakes: 16
