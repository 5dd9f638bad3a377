//! Networks with run-time sizes, each with a counterpart whose sizes are constants.

use monograd::prelude::*;

network! {
    /// Labels every token.
    pub Tagger<const D: usize = 6>(x: [dyn T, 5]) -> [T, 3] {
        let h = x >> Linear(D) >> Gelu;
        let h = h + (h >> Linear(D) >> Tanh);
        h >> Linear(3)
    }
    loss cross_entropy

    pub FixedTagger<const T: usize>(x: [T, 5]) -> [T, 3] {
        let h = x >> Linear(6) >> Gelu;
        let h = h + (h >> Linear(6) >> Tanh);
        h >> Linear(3)
    }
    loss cross_entropy
}

network! {
    /// Concatenates a sequence with its own past and reduces it: slices, computed sizes, and a mean over
    /// all tokens.
    pub Past(x: [dyn T, 4]) -> ([2], [T + 1, 4]) {
        let padded = concat(x, x[..1]);
        let change = x - padded[1..];
        let h = concat(x, change, axis = 1) >> Linear(7) >> Silu;
        let flat = reshape(h, [T * 7]);
        let weight = reshape(softmax(flat), [T, 7]);
        let mixed = (h * weight) >> Linear(2);
        (reshape(mean(mixed) * (x[0] >> Linear(2)), [2]), padded >> Linear(4))
    }
    loss |y, z, target: [2], next: [T + 1, 4]| mse(y, target) + 0.5 * huber(z, next)

    pub FixedPast<const T: usize>(x: [T, 4]) -> ([2], [T + 1, 4]) {
        let padded = concat(x, x[..1]);
        let change = x - padded[1..];
        let h = concat(x, change, axis = 1) >> Linear(7) >> Silu;
        let flat = reshape(h, [T * 7]);
        let weight = reshape(softmax(flat), [T, 7]);
        let mixed = (h * weight) >> Linear(2);
        (reshape(mean(mixed) * (x[0] >> Linear(2)), [2]), padded >> Linear(4))
    }
    loss |y, z, target: [2], next: [T + 1, 4]| mse(y, target) + 0.5 * huber(z, next)
}

network! {
    /// Uses slices of rows and of columns in operations along them.
    pub Parts<const D: usize = 3>(x: [dyn T, 5]) -> [T, D] {
        let (a, b, c) = split(x >> Linear(3 * D), 3, axis = 1);
        let centred = a - mean(a, axis = 1, keep = true);
        let h = centred * softmax(b) + logsumexp(c, axis = 1, keep = true) * cumsum(c, axis = 1);
        let (past, rest) = (h[..T - 1], h[1..]);
        0.1 * tanh(h) * (softmax(past, axis = 0)[0] - max(rest, axis = 0))
    }
    loss mse

    pub FixedParts<const T: usize>(x: [T, 5]) -> [T, 3] {
        let (a, b, c) = split(x >> Linear(9), 3, axis = 1);
        let centred = a - mean(a, axis = 1, keep = true);
        let h = centred * softmax(b) + logsumexp(c, axis = 1, keep = true) * cumsum(c, axis = 1);
        let (past, rest) = (h[..T - 1], h[1..]);
        0.1 * tanh(h) * (softmax(past, axis = 0)[0] - max(rest, axis = 0))
    }
    loss mse
}

network! {
    /// Two sequences of different lengths, one of them bounded, and dropout.
    pub Pair<const MOST: usize = 200>(x: [dyn S, 3], y: [dyn T <= MOST, 3], z: [S, 1]) -> [S + T, 2] {
        let encoder = Linear(5);
        let a = (x * z) >> encoder >> Relu;
        let b = y >> encoder >> Relu;
        concat(a, b) >> Dropout(0.2) >> Linear(2)
    }
    loss |both, target: [S + T, 2], scale: [dyn U]| mse(both, target) * mean(exp(scale * 0.1))

    pub FixedPair<const S: usize, const T: usize, const U: usize>(x: [S, 3], y: [T, 3], z: [S, 1]) -> [S + T, 2] {
        let encoder = Linear(5);
        let a = (x * z) >> encoder >> Relu;
        let b = y >> encoder >> Relu;
        concat(a, b) >> Dropout(0.2) >> Linear(2)
    }
    loss |both, target: [S + T, 2], scale: [U]| mse(both, target) * mean(exp(scale * 0.1))
}

network! {
    /// Selects one of the tokens.
    pub Pointer(x: [dyn T, 3]) -> [T] {
        reshape(x >> Linear(8) >> Tanh >> Linear(1, bias = false), [T])
    }
    loss cross_entropy

    pub FixedPointer<const T: usize>(x: [T, 3]) -> [T] {
        reshape(x >> Linear(8) >> Tanh >> Linear(1, bias = false), [T])
    }
    loss cross_entropy
}

network! {
    /// Applies a network with a run-time size with the same size, with another, and with a constant.
    pub Outer(x: [dyn N, 4]) -> [2] {
        let block = Block;
        let whole = x >> block;
        let half = reshape(x, [2 * N, 2]) >> Block;
        let one = reshape(mean(x) * x[0], [2, 2]) >> Block;
        mean(whole * reshape(half, [N, 4])[..N, 1..3]) * (reshape(one, [4]) >> Linear(2))
    }
    loss mse

    pub FixedOuter<const N: usize>(x: [N, 4]) -> [2] {
        let block = Block;
        let whole = x >> block;
        let half = reshape(x, [2 * N, 2]) >> Block;
        let one = reshape(mean(x) * x[0], [2, 2]) >> Block;
        mean(whole * reshape(half, [N, 4])[..N, 1..3]) * (reshape(one, [4]) >> Linear(2))
    }
    loss mse

    Block(x: [dyn T, dyn D]) -> [T, 2] {
        concat(x[0..T, 0..1], x[0..T, D - 1..D], axis = 1) >> Linear(2) >> Gelu
    }
}

network! {
    /// Causal self-attention: memory for pairs of tokens.
    pub Attend(tokens: u32[dyn T <= 40]) -> [T, 5] {
        let x = one_hot(tokens, 5) >> Linear(6);
        let (query, key) = (x >> Linear(6), x >> Linear(6, bias = false));
        let weights = softmax(mask_future(matmul(query, transpose(key)) * 0.4));
        x + matmul(weights, x >> Linear(6)) >> Linear(5)
    }
    loss cross_entropy

    pub FixedAttend<const T: usize>(tokens: u32[T]) -> [T, 5] {
        let x = one_hot(tokens, 5) >> Linear(6);
        let (query, key) = (x >> Linear(6), x >> Linear(6, bias = false));
        let weights = softmax(mask_future(matmul(query, transpose(key)) * 0.4));
        x + matmul(weights, x >> Linear(6)) >> Linear(5)
    }
    loss cross_entropy
}

network! {
    /// A recurrence with one iteration per frame.
    pub Recur(frames: [dyn T, 4], start: [3]) -> [T, 2] {
        let cell = Linear(3);
        let mut h = start;
        let states = for frame in frames {
            h = concat(frame, h) >> cell >> Tanh;
            h
        };
        states >> Linear(2)
    }
    loss mse

    pub FixedRecur<const T: usize>(frames: [T, 4], start: [3]) -> [T, 2] {
        let cell = Linear(3);
        let mut h = start;
        let states = for frame in frames {
            h = concat(frame, h) >> cell >> Tanh;
            h
        };
        states >> Linear(2)
    }
    loss mse
}
