//! A small GPT-2 with GELU, dropout, a tied embedding table, and six blocks, each with parameters of its
//! own (`h.0`, `h.1`, ..), in one loop of the source. It is trained, measured and run as a stream.

use monograd::prelude::*;

network! {
    #[streaming]
    Gpt2<const V: usize = 256, const D: usize = 96, const HEADS: usize = 6, const LAYERS: usize = 6>(
        text: u32[dyn T <= 128]
    ) -> [T, V] {
        let wte = param([V, D], init = normal(0.02));
        let wpe = param([128, D], init = normal(0.01));
        let mut h = gather(wte, text) + wpe[..T] >> Dropout(0.1);
        for i in 0..LAYERS {
            #[name = "h.{i}"]
            let block = Block::<D, HEADS>;
            h = h >> block;
        }
        let ln_f = LayerNorm::<D>;
        matmul(h >> ln_f, transpose(wte))
    }
    loss cross_entropy
    metric accuracy

    LayerNorm<const D: usize>(x: [dyn T, D]) -> [T, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros);
        let centred = x - mean(x, axis = -1, keepdim = true);
        let variance = mean(square(centred), axis = -1, keepdim = true);
        centred * rsqrt(variance + 1e-5) * weight + bias
    }

    Block<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let ln_1 = LayerNorm::<D>;
        let attn = Attention::<D, HEADS>;
        let ln_2 = LayerNorm::<D>;
        let c_fc = Linear(4 * D);
        let c_proj = Linear(D);
        let x = x + (x >> ln_1 >> attn);
        x + (x >> ln_2 >> c_fc >> GeluTanh >> c_proj >> Dropout(0.1))
    }

    Attention<const D: usize, const HEADS: usize>(x: [dyn T, D]) -> [T, D] {
        let c_attn = Linear(3 * D);
        let c_proj = Linear(D);
        let (q, k, v) = split(x >> c_attn, 3, axis = 1);
        let q = transpose(reshape(q, [T, HEADS, D / HEADS]), 0, 1);
        let k = transpose(reshape(k, [T, HEADS, D / HEADS]), 0, 1);
        let v = transpose(reshape(v, [T, HEADS, D / HEADS]), 0, 1);
        let scores = matmul(q, transpose(k)) / sqrt(D / HEADS);
        let weights = softmax(mask_future(scores)) >> Dropout(0.1);
        reshape(transpose(matmul(weights, v), 0, 1), [T, D]) >> c_proj >> Dropout(0.1)
    }
}

fn main() -> Result<(), Error> {
    let text: Vec<u32> = (0..4 * 128).map(|i| i * i % 256).collect();
    let text = Tensor::from_vec(&[4, 128], text)?;
    let mut net: Gpt2 = Gpt2::init(42);
    let mut optimizer = AdamW::new(1e-3).clip_norm(1.0);
    for _ in 0..10 {
        println!("{}", net.train_step(&text, &text, &mut optimizer)?);
    }
    println!("{}", net.measure(&text, &text)?);
    let mut stream = net.stream();
    for token in 0..10 {
        println!("{}", stream.try_step(&[token])?[0]);
    }
    Ok(())
}
