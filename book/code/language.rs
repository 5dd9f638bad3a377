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
}
// ANCHOR_END: structure

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
