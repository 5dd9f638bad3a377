//! What moves, reduces, chooses and looks up elements.

use monograd::prelude::*;

fn bump<N: Number>(x: N, y: N) -> N {
    x / (N::constant(1.0) + y * y)
}

network! {
    pub Operations(x: [4, 6], i: u32[4]) -> [6] {
        let h = x >> Linear(6);
        let (a, b) = split(h, 2);
        let rows = gather(h, i) * [1.0, -0.5, 0.25, 2.0, 0.0, 1.0];
        let place = reshape(range(4), [4, 1]);
        let kept = select(h > 0.1 * place, h, stop_gradient(rows));
        let best = max(kept, axis = 0) - logsumexp(h, axis = 0) * std(h);
        let steps = sum(h[(..).rev().step_by(2)] * stack(a[0], b[-1]), axis = 0);
        let square = matmul(tril(matmul(h, transpose(rows))), softmax(h, axis = 0));
        let bent = bump(cumsum(square), self::bump(h, flip(h)));
        let padded = pad(a, [(1, 1), (0, 0)], value = -1.0) + repeat(b, 2);
        best + steps + sum(bent + padded + matmul(one_hot(i, 4), h), axis = 0) * argmax(x, axis = 0)
    }
    loss mse
}
