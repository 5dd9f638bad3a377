//! The chapter "The language": every form, compiled and run.

use monograd::prelude::*;

// ANCHOR: networks
network! {
    /// Attributes and documentation go to the type.
    #[must_use]
    pub Pair(x: [8], y: [4]) -> ([3], [1]) {
        let both = concat(x, y) >> Linear(16) >> Relu;
        (both >> Linear(3), both >> Linear(1))
    }

    Plain(x: [8]) -> [8] { x >> Linear(8) }
}
// ANCHOR_END: networks

#[test]
fn several_inputs_and_outputs() -> Result<(), Error> {
    // ANCHOR: pair
    let net = Pair::init(1);
    let (x, y) = ([0.5; 8 * 5], [0.25; 4 * 5]); // five samples
    let (classes, value) = net.forward((&x, &y))?;
    assert_eq!((classes.shape(), value.shape()), (&[5, 3][..], &[5, 1][..]));
    // ANCHOR_END: pair
    assert_eq!(Plain::init(1).forward(&x)?.shape(), [5, 8]);
    Ok(())
}

// ANCHOR: sizes
network! {
    /// Sizes are arithmetic over literals and const parameters.
    Sizes<const D: usize = 6, const HEADS: usize = 3>(x: [2, D]) -> [D + 2 * D] {
        let wide = x >> Linear(4 * D) >> Gelu >> Linear(D / HEADS * HEADS);
        wide >> Flatten() >> Linear(3 * D)
    }
}
// ANCHOR_END: sizes

// ANCHOR: layers
network! {
    Layers<const H: usize = 12>(x: [H]) -> [2] {
        let fc = Linear(H, bias = false, init = xavier_uniform);
        let h = x >> fc >> Tanh; // parameter `fc.weight`
        let h = h >> fc >> Tanh; // the same weights again
        #[name = "encoder.0"]
        let middle = Linear(H); // `encoder.0.weight` and `encoder.0.bias` in files
        #[frozen]
        let fixed = Linear(H, init = orthogonal); // training leaves it alone
        let h = h >> middle >> Dropout(0.1) >> fixed >> Tanh;
        h >> Linear(2, init = normal(0.02)) // unnamed: `linear0`
    }
    loss cross_entropy
}
// ANCHOR_END: layers

#[test]
fn layers_are_named_shared_and_frozen() -> Result<(), Error> {
    let mut net: Layers = Layers::init(1);
    // ANCHOR: names
    let names: Vec<_> = net.parameters().iter().map(|parameter| parameter.name()).collect();
    assert_eq!(
        names,
        [
            "fc.weight",
            "encoder.0.weight",
            "encoder.0.bias",
            "fixed.weight",
            "fixed.bias",
            "linear0.weight",
            "linear0.bias"
        ]
    );
    // ANCHOR_END: names
    let before = net.clone();
    net.train_step(&[0.5; 24], &[0, 1], &mut Sgd::new(0.1))?;
    let value = |net: &Layers, name| net.parameters().get(name).unwrap().as_slice().to_vec();
    assert_eq!(value(&before, "fixed.weight"), value(&net, "fixed.weight"));
    assert_ne!(value(&before, "fc.weight"), value(&net, "fc.weight"));
    Ok(())
}

// ANCHOR: elementwise
network! {
    /// Arithmetic and functions of every element become one loop.
    Elementwise<A: Activation = Silu>(x: [6], gain: [1]) -> [6] {
        let centred = x - mean(x);
        let unit = centred * rsqrt(mean(square(centred)) + 1e-5);
        let a = exp(-square(unit) / 2.0) + log1p(abs(x)) * sign(x);
        let b = maximum(tanh(unit), 0.1) + minimum(sigmoid(x), 0.9) + clamp(x, -1.0, 1.0);
        let c = sqrt(square(x) + 1.0) + pow(softplus(x), 1.5) - erf(x) * cos(x) + sin(x);
        let d = A(x) + expm1(-abs(x)) + log(square(x) + 1.0);
        (a + b + c + d) * gain // [1] broadcasts, as in NumPy
    }
}
// ANCHOR_END: elementwise

// ANCHOR: choices
network! {
    Choices(x: [6]) -> [6] {
        let positive = x > 0.0; // 1 or 0
        let inside = (x >= -1.0) * (x <= 1.0); // both
        let y = select(positive, x, 0.1 * x); // a leaky ReLU
        y * inside + stop_gradient(x) * (inside == 0.0)
    }
}
// ANCHOR_END: choices

// ANCHOR: own
#[inline]
fn snake<N: Number>(x: N, frequency: N) -> N {
    let wave = (frequency * x).sin();
    x + wave * wave / frequency
}

network! {
    Own(x: [6]) -> [6] {
        let frequency = exp(x >> Linear(6));
        snake(x >> Linear(6), frequency)
    }
    loss mse
}
// ANCHOR_END: own

// ANCHOR: structure
network! {
    Structure(image: [4, 6]) -> [8] {
        let left = image[0..4, 0..3]; // all rows, the first three columns
        let first = image[0]; // the first row: [6]
        let flat = reshape(left, [12]);
        let total = sum(first);
        let weights = softmax(first);
        let logs = log_softmax(flat[..2]);
        concat(weights, logs * total)
    }

    Moves(image: [4, 6]) -> [10, 12] {
        let (top, bottom) = split(image, 2); // two of [2, 6]
        let pair = stack(top, bottom, axis = 1); // [2, 2, 6]
        let wide = reshape(permute(pair, [1, 0, 2]), [4, 6]);
        let odd = image[(1..).step_by(2)]; // rows 1 and 3
        let turned = flip(odd, axis = 1) + roll(odd, 1) * image[-1];
        let small = pad(turned, [(1, 1), (0, 0)]); // [4, 6], rows of 0 around
        let long = concat(wide + small, image, repeat(image[0..1], 2));
        concat(long, expand(mean(image, axis = 0), [10, 6]), axis = 1)
    }
}
// ANCHOR_END: structure

// ANCHOR: products
network! {
    Products(x: [5, 8]) -> [5, 8] {
        let scale = rsqrt(mean(square(x), axis = -1, keep = true) + 1e-5);
        let y = x * scale; // each row by its own
        let q = permute(reshape(y >> Linear(8), [5, 2, 4]), [1, 0, 2]); // [2, 5, 4]
        let k = permute(reshape(y >> Linear(8, bias = false), [5, 2, 4]), [1, 0, 2]);
        let v = permute(reshape(y >> Linear(8), [5, 2, 4]), [1, 0, 2]);
        let scores = mask_future(matmul(q, transpose(k)) / 2.0); // [2, 5, 5]
        let mixed = matmul(softmax(scores), v);
        x + reshape(permute(mixed, [1, 0, 2]), [5, 8]) * max(x) / logsumexp(x, axis = [0, 1])
    }
    loss mse
}
// ANCHOR_END: products

// ANCHOR: lookups
network! {
    Lookups(features: [6], tokens: u32[5]) -> [5, 3] {
        let table = reshape(features >> Linear(30), [10, 3]); // ten rows
        let rows = gather(table, tokens); // [5, 3]
        let weights = [0.5, 0.25, 0.25];
        let last = one_hot(argmax(rows, axis = 0), 5); // [3, 5]
        let place = reshape(range(5), [5, 1]) / 5;
        rows * weights + place + transpose(last) + matmul(tril(matmul(rows, transpose(rows))), rows)
    }
    loss mse
}
// ANCHOR_END: lookups

#[test]
fn structure_does_what_it_says() -> Result<(), Error> {
    let image: Vec<f32> = (0..24).map(|i| i as f32 / 24.0).collect();
    let y = Structure::init(1).forward(&image)?;
    let sum: f32 = y.as_slice()[..6].iter().sum();
    assert!((sum - 1.0).abs() < 1e-6);
    let log_sum = (image[0].exp() + image[1].exp()).ln();
    let total: f32 = image[..6].iter().sum();
    assert!((y.as_slice()[7] - (image[1] - log_sum) * total).abs() < 1e-5);
    assert!(
        Elementwise::<Gelu>::init(1).forward((&image, &[2.0; 4]))?.iter().all(|y| y.is_finite())
    );
    assert_eq!(Sizes::<6, 3>::init(1).forward(&image)?.shape(), [2, 18]);
    let y = Moves::init(1).forward(&image)?;
    // the first row of the top half, without a border's row, beside the mean of all rows
    assert_eq!(y.as_slice()[..6], image[..6]);
    let mean = (image[0] + image[6] + image[12] + image[18]) / 4.0;
    assert!((y.as_slice()[6] - mean).abs() < 1e-6);
    Ok(())
}

#[test]
fn choices_products_and_lookups() -> Result<(), Error> {
    let y = Choices::init(1).forward(&[-2.0, -0.5, 0.0, 0.5, 1.0, 3.0])?;
    assert_eq!(y.as_slice(), [-2.0, -0.05, 0.0, 0.5, 1.0, 3.0]);
    let x: Vec<f32> = (0..40).map(|i| (i * 7 % 11) as f32 / 11.0).collect();
    let mut net = Products::init(1);
    let loss = net.train_step(&x, &x, &mut Sgd::new(0.1))?;
    assert!(loss > 0.0 && net.loss(&x, &x)? < loss);
    let mut net = Own::init(1);
    let loss = net.train_step(&x[..6], &x[6..12], &mut Sgd::new(0.1))?;
    assert!(net.loss(&x[..6], &x[6..12])? < loss);
    let mut net = Lookups::init(1);
    let step = net.train_step((&x[..6], &[0, 9, 3, 3, 1]), &x[..15], &mut Sgd::new(0.1))?;
    assert!(step > 0.0);
    let outside = net.forward((&x[..6], &[0, 10, 3, 3, 1]));
    assert!(matches!(outside, Err(Error::ClassOutOfRange { class: 10, .. })));
    Ok(())
}

// ANCHOR: losses
network! {
    Smoothed(x: [4]) -> [3] { x >> Linear(3) }
    loss cross_entropy(label_smoothing = 0.1, weight = [1.0, 1.0, 2.0])

    Robust(x: [4]) -> [3] { x >> Linear(3) }
    loss huber(delta = 0.5)

    /// A loss of one's own: the outputs, then what they are compared with, then one number.
    Weighted(x: [4]) -> [3] { x >> Linear(3) }
    loss |y, target: [3], weight: [1]| mean(weight * square(y - target)) + 0.01 * mean(abs(y))
}
// ANCHOR_END: losses

#[test]
fn losses_take_their_targets() -> Result<(), Error> {
    let x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];
    // ANCHOR: targets
    let classes = [2, 0]; // a class a sample
    let values = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]; // a target of the output's shape
    let weights = [1.0, 0.5];
    let smoothed = Smoothed::init(1).loss(&x, &classes)?;
    let robust = Robust::init(1).loss(&x, &values)?;
    let weighted = Weighted::init(1).loss(&x, (&values, &weights))?;
    // ANCHOR_END: targets
    assert!(smoothed > 0.0 && robust > 0.0 && weighted > 0.0);
    Ok(())
}
