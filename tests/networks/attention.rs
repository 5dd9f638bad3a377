//! Attention by hand: products of heads that stay where the linear layers put them.

use monograd::prelude::*;

network! {
    pub Attention<const D: usize = 6, const HEADS: usize = 2>(x: [7, D]) -> [7, D] {
        let q = permute(reshape(x >> Linear(D), [7, HEADS, D / HEADS]), [1, 0, 2]);
        let k = permute(reshape(x >> Linear(D), [7, HEADS, D / HEADS]), [1, 0, 2]);
        let v = permute(reshape(x >> Linear(D), [7, HEADS, D / HEADS]), [1, 0, 2]);
        let scores = mask_future(matmul(q, transpose(k)) / sqrt(D / HEADS));
        let y = matmul(softmax(scores), v);
        reshape(permute(y, [1, 0, 2]), [7, D]) >> Linear(D)
    }
    loss mse
}
