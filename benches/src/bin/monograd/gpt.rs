//! `gpt-char-*`: training steps of nanoGPT's two sizes.

use monograd::prelude::*;
use monograd_benches::data::{Random, Rotation};
use monograd_benches::rows::Side;

network! {
    Gpt<const T: usize, const D: usize, const HEADS: usize, const LAYERS: usize>(
        text: u32[T],
    ) -> [T, 65] {
        let wte = param([65, D], init = normal(0.02));
        let mut x = gather(wte, text) >> LearnedPositions(T);
        for _ in 0..LAYERS {
            x = x >> TransformerEncoderLayer(
                HEADS,
                4 * D,
                dropout = 0.0,
                activation = Gelu,
                norm_first = true,
                bias = false,
                causal = true,
            );
        }
        linear(x >> LayerNorm(bias = false), wte)
    }
    loss cross_entropy
}

/// Measures both sizes.
pub fn measure(side: &mut Side) {
    side.train("gpt-char-train", training::<64, 128, 4, 4>(12), |loss| loss);
    side.train("gpt-char-large-train", training::<256, 384, 6, 6>(4), |loss| loss);
}

/// Returns what sets a training up, whose call is one step with a batch of passages.
fn training<const T: usize, const D: usize, const HEADS: usize, const LAYERS: usize>(
    batch: usize,
) -> impl FnOnce(&mut Random) -> Box<dyn FnMut() -> f32> {
    move |random| {
        let (mut net, mut adam) = (Gpt::<T, D, HEADS, LAYERS>::init(1), AdamW::new(1e-4));
        let mut batches =
            Rotation::new(8, || (random.classes(batch * T, 65), random.classes(batch * T, 65)));
        Box::new(move || {
            let (text, next) = batches.next();
            net.train_step(text, next, &mut adam).unwrap()
        })
    }
}
