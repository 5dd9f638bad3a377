//! An LSTM (long short-term memory) written out, and a network that predicts text with it: what the
//! layer `Lstm` is.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// The state is `c`; gates determine what is added to it, kept in it and output from it. With
    /// the same weights, the results are those of `torch.nn.LSTM`.
    pub Lstm<const D: usize, const H: usize>(x: [dyn T, D]) -> [T, H] {
        let ih = Linear(4 * H);
        let hh = Linear(4 * H);
        let mut h = zeros([H]);
        let mut c = zeros([H]);
        for x_t in x {
            let (i, f, g, o) = split((x_t >> ih) + (h >> hh), 4);
            c = sigmoid(f) * c + sigmoid(i) * tanh(g);
            h = sigmoid(o) * tanh(c);
            h
        }
    }

    /// Predicts, at every character of a text, which of `V` characters comes next.
    #[streaming]
    pub Writer<const V: usize, const D: usize, const H: usize>(text: u32[dyn T]) -> [T, V] {
        let embedding = param([V, D], init = normal(1));
        let lstm = Lstm::<D, H>;
        let head = Linear(V);
        gather(embedding, text) >> lstm >> head
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network
