//! The chapter "From a line to a GPT".

use monograd::prelude::*;

// ANCHOR: line
network! {
    /// A straight line: y = a x + b.
    Line(x: [1]) -> [1] {
        x >> Linear(1)
    }
    loss mse
}
// ANCHOR_END: line

#[test]
fn a_line() -> Result<(), Error> {
    // ANCHOR: fit_line
    let x: Vec<f32> = (0..20).map(|i| i as f32 / 10.0 - 1.0).collect();
    let y: Vec<f32> = x.iter().map(|x| 3.0 * x + 0.5).collect();
    let mut net = Line::init(1);
    let mut optimizer = Sgd::new(0.5);
    for _ in 0..100 {
        net.train_step(&x, &y, &mut optimizer)?;
    }
    let a = net.parameters().get("linear0.weight")?.as_slice()[0];
    let b = net.parameters().get("linear0.bias")?.as_slice()[0];
    assert!((a - 3.0).abs() < 1e-3 && (b - 0.5).abs() < 1e-3);
    // ANCHOR_END: fit_line
    Ok(())
}

// ANCHOR: decision
network! {
    /// A decision: above 0 is "yes". It divides the plane by a straight line.
    Decision(point: [2]) -> [1] {
        point >> Linear(1)
    }
    loss bce_with_logits
}
// ANCHOR_END: decision

// ANCHOR: curve
network! {
    /// A curve: sixteen bent lines, added.
    Curve<A: Activation = Tanh>(x: [1]) -> [1] {
        x >> Linear(16) >> A >> Linear(1)
    }
    loss mse
}
// ANCHOR_END: curve

// ANCHOR: deep
network! {
    /// Layers upon layers, each of which adds to what it is given.
    Deep<const LAYERS: usize>(x: [2]) -> [2] {
        let mut h = x >> Linear(16);
        for _ in 0..LAYERS {
            h = h + (h >> LayerNorm() >> Linear(16) >> Gelu);
        }
        h >> Linear(2)
    }
    loss cross_entropy
}
// ANCHOR_END: deep

// ANCHOR: image
network! {
    /// An image of 8x8 pixels: the same small window of weights slides over all of it.
    Image(x: [1, 8, 8]) -> [10] {
        let h = x >> Conv2d(8, 3, padding = 1) >> Relu >> MaxPool2d(2);
        h >> Flatten() >> Linear(10)
    }
    loss cross_entropy
}
// ANCHOR_END: image

// ANCHOR: memory
network! {
    /// A sequence, read from its beginning to its end; `h` is what the network remembers.
    Memory(x: [dyn T, 3]) -> [T, 2] {
        let read = Linear(8);
        let keep = Linear(8);
        let answer = Linear(2);
        let mut h = zeros([8]);
        for x_t in x {
            h = tanh((x_t >> read) + (h >> keep));
            h >> answer
        }
    }
    loss mse
}
// ANCHOR_END: memory

// ANCHOR: attention
network! {
    /// A sequence, in which each place looks at all places before it, and takes most from those
    /// whose key fits its query.
    Look(x: [dyn T, 8]) -> [T, 8] {
        let query = x >> Linear(8);
        let key = x >> Linear(8);
        let value = x >> Linear(8);
        let fit = matmul(query, transpose(key)) / sqrt(8.0);
        matmul(softmax(mask_future(fit)), value)
    }
    loss mse
}
// ANCHOR_END: attention

// ANCHOR: gpt
network! {
    /// A small GPT: letters become vectors, blocks of attention and of curves change them, and what
    /// comes out is compared with every letter.
    #[streaming]
    pub Gpt<const V: usize, const D: usize, const LAYERS: usize>(
        text: u32[dyn T <= 64],
    ) -> [T, V] {
        let letters = Embedding(V, D);
        let mut x = text >> letters >> LearnedPositions(64);
        for _ in 0..LAYERS {
            x = x + (x >> LayerNorm() >> MultiheadAttention(4, causal = true));
            x = x + (x >> LayerNorm() >> Linear(4 * D) >> Gelu >> Linear(D));
        }
        linear(x >> LayerNorm(), letters.weight)
    }
    loss cross_entropy
}
// ANCHOR_END: gpt

/// Trains for `steps` steps, and asserts that the loss falls below `share` of what it was.
fn learns<N, X, Y>(mut net: N, x: &[X], y: &[Y], steps: usize, share: f32) -> Result<(), Error>
where
    N: Supervised<X, Y> + Trainable<Scalar = f32>,
    X: monograd::Element,
    Y: monograd::Element,
{
    let mut optimizer = AdamW::new(1e-2);
    let before = net.loss(x, y)?;
    for _ in 0..steps {
        net.train_step(x, y, &mut optimizer)?;
    }
    let after = net.loss(x, y)?;
    assert!(after < share * before, "{before} -> {after}");
    Ok(())
}

#[test]
fn each_of_them_learns() -> Result<(), Error> {
    let x: Vec<f32> = (0..64).map(|i| i as f32 / 32.0 - 1.0).collect();
    let sine: Vec<f32> = x.iter().map(|x| (4.0 * x).sin()).collect();
    learns::<Curve, _, _>(Curve::init(1), &x, &sine, 300, 0.1)?;
    let above: Vec<f32> = x.chunks(2).map(|p| f32::from(p[1] > 0.2 - p[0])).collect();
    learns(Decision::init(1), &x, &above, 200, 0.5)?;
    let side: Vec<u32> = x.chunks(2).map(|p| u32::from(p[0].abs() < 0.5)).collect();
    learns(Deep::<4>::init(1), &x, &side, 100, 0.3)?;
    learns(Image::init(1), &x, &[7], 20, 0.3)?;
    let sums: Vec<f32> = x[..60].chunks(3).flat_map(|s| [s[0] + s[1], s[2]]).collect();
    learns(Memory::init(1), &x[..60], &sums, 100, 0.3)?;
    learns(Look::init(1), &x, &x, 200, 0.5)?;
    Ok(())
}

#[test]
fn a_gpt() -> Result<(), Error> {
    // ANCHOR: write
    let text: Vec<u32> =
        "to be or not to be, that is the question:".bytes().map(u32::from).collect();
    let (read, next) = (&text[..text.len() - 1], &text[1..]);
    let mut net = Gpt::<128, 32, 2>::init(1);
    let mut optimizer = AdamW::new(3e-3);
    for _ in 0..150 {
        net.train_step(read, next, &mut optimizer)?;
    }

    let mut stream = net.stream();
    let mut written = String::from("t");
    let mut letter = u32::from(b't');
    for _ in 0..39 {
        let scores = stream.step(&[letter]);
        letter = (0..128)
            .max_by(|a, b| scores[*a as usize].total_cmp(&scores[*b as usize]))
            .unwrap_or(0);
        written.push(char::from(letter as u8));
    }
    assert_eq!(written, "to be or not to be, that is the question");
    // ANCHOR_END: write
    Ok(())
}
