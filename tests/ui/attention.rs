//! Wrong uses of attention: each is one error, at what is wrong.

use monograd::prelude::*;

network! {
    /// keys of another length than the queries
    pub A(q: [7, 2, 4], k: [5, 2, 3]) -> [7, 2, 3] { attention(q, k, k) }
    loss mse

    /// more heads of keys than of queries, and fewer values than keys
    pub B(q: [7, 2, 4], k: [5, 3, 4], v: [4, 3, 4]) -> [7, 2, 4] { attention(q, k, v) }
    loss mse

    /// no heads
    pub C(x: [7, 4]) -> [7, 4] { attention(x, x, x) }
    loss mse

    /// causal, of sequences of two lengths
    pub D(q: [7, 2, 4], k: [5, 2, 4]) -> [7, 2, 4] { attention(q, k, k, causal = true) }
    loss mse

    /// masks and paddings of other shapes
    pub E(q: [7, 2, 4], mask: [5, 7]) -> [7, 2, 4] { attention(q, q, q, mask) }
    loss mse

    pub F(q: [7, 2, 4], padding: [5]) -> [7, 2, 4] { attention(q, q, q, padding = padding) }
    loss mse

    /// options
    pub G(q: [7, 2, 4]) -> [7, 2, 4] {
        attention(q, q, q, window = 0) + attention(q, q, q, dropout = 1.5) + attention(q, q, q, causl = true)
    }
    loss mse

    /// a stream that would look ahead
    #[streaming]
    pub H(x: [dyn T <= 9, 4]) -> [T, 4] { x >> MultiheadAttention(2) }
    loss mse
}

fn main() {
    let mut net = A::init(1);
    let _ = A::summary();
    let _ = net.train_step((&[0.0_f32; 56], &[0.0_f32; 30]), &[0.0_f32; 42], &mut Sgd::new(0.1));
}
// mistakes: 10
