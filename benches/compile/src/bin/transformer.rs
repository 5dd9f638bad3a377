//! Four blocks over up to 65 tokens, trained by AdamW: the example's Transformer without its stream.

use monograd::prelude::*;

network! {
    Transformer<const V: usize = 96, const D: usize = 64, const HEADS: usize = 4>(
        text: u32[dyn T <= 65]
    ) -> [T, V] {
        let embedding = param([V, D], init = normal(0.1));
        let position = param([65, D], init = normal(0.1));
        let mut x = gather(embedding, text) + position[..T];
        for _ in 0..4 {
            x = x >> Block::<D, HEADS>;
        }
        matmul(x >> Norm::<D>, transpose(embedding))
    }
    loss cross_entropy
    metric accuracy

    Norm<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        let variance = mean(square(centred), axis = -1, keepdim = true);
        centred * rsqrt(variance + 1e-5) * weight + bias
    }

    Block<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let x = x + (x >> Norm::<D> >> Attention::<D, HEADS>);
        x + (x >> Norm::<D> >> Linear(4 * D) >> Gelu >> Linear(D))
    }

    Attention<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let (q, k, v) = split(x >> Linear(3 * D), 3, axis = 1);
        let q = transpose(reshape(q, [T, HEADS, D / HEADS]), 0, 1);
        let k = transpose(reshape(k, [T, HEADS, D / HEADS]), 0, 1);
        let v = transpose(reshape(v, [T, HEADS, D / HEADS]), 0, 1);
        let scores = matmul(q, transpose(k)) / sqrt(D / HEADS);
        let y = matmul(softmax(mask_future(scores)), v);
        reshape(transpose(y, 0, 1), [T, D]) >> Linear(D)
    }
}

fn main() -> Result<(), Error> {
    let text: Vec<u32> = (0..8 * 65).map(|i| i % 96).collect();
    let text = Tensor::from_vec(&[8, 65], text)?;
    let mut net: Transformer = Transformer::init(42);
    let mut optimizer = AdamW::new(1e-3);
    for _ in 0..20 {
        println!("{}", net.train_step(&text, &text, &mut optimizer)?);
    }
    println!("{}", net.measure(&text, &text)?);
    println!("{:?}", net.forward(&text)?.shape());
    Ok(())
}
