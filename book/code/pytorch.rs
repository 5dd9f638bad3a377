//! The right sides of the chapter "Coming from PyTorch".

use monograd::data::Dataset;
use monograd::optimizer::Group;
use monograd::prelude::*;

// ANCHOR: module
network! {
    #[inspect]
    pub Classifier<const H: usize = 32>(x: [4]) -> [3] {
        let fc1 = Linear(H);
        let norm = LayerNorm();
        let fc2 = Linear(3);
        let h = x >> fc1 >> Relu >> norm;
        h >> Dropout(0.1) >> fc2
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: module

/// Returns points, and the number of the largest of their first three coordinates.
fn data() -> (Tensor, Tensor<u32>) {
    let x = Tensor::from_fn([100, 4], |i| ((i * i) as f32 * 0.37).sin());
    let largest =
        |row: &[f32]| (0..3).max_by(|a, b| row[*a].total_cmp(&row[*b])).unwrap_or(0) as u32;
    let y: Vec<u32> = x.as_slice().chunks(4).map(largest).collect();
    (x, Tensor::from(y))
}

#[test]
fn side_by_side() -> Result<(), Box<dyn std::error::Error>> {
    let (x, y) = data();
    let folder = std::env::temp_dir().join(format!("monograd-pytorch-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("classifier.safetensors");
    // ANCHOR: loop
    let mut net: Classifier = Classifier::init(42);
    let mut optimizer = AdamW::new(1e-2).clip_norm(1.0);
    let data = Dataset::new(x.clone(), y)?;
    let mut batches = data.batches(16).shuffle(42);

    for epoch in 0..5 {
        for batch in batches.epoch(epoch)? {
            let (inputs, targets) = &*batch?;
            net.train_step(inputs, targets, &mut optimizer)?;
        }
    }
    // ANCHOR_END: loop
    let before = Classifier::<32>::init(42).loss(data.inputs(), data.targets())?;
    assert!(net.loss(data.inputs(), data.targets())? < before);

    // ANCHOR: evaluate
    let classes = net.forward(&x)?.argmax();
    // ANCHOR_END: evaluate
    assert_eq!(classes.len(), 100);

    // ANCHOR: state
    for tensor in net.parameters().iter() {
        println!("{} {:?}", tensor.name(), tensor.shape());
    }
    net.save(&path)?;

    let mut all = net.parameters_mut();
    all.get("fc2.bias")?.fill(0.0);
    let tenths = Tensor::full([32, 4], 0.1);
    all.get("fc1.weight")?.copy_from_tensor(&tenths)?;
    // ANCHOR_END: state

    // ANCHOR: freeze
    let frozen = Group::frozen();
    let mut head = Sgd::new(0.1).group("fc1", frozen);
    net.train_step(data.inputs(), data.targets(), &mut head)?;
    // ANCHOR_END: freeze

    // ANCHOR: hooks
    let seen = net.inspect(&x)?;
    let norm = seen.rows_of("norm").next();
    // ANCHOR_END: hooks
    assert!(norm.is_some_and(|row| row.deviation > 0.5));
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

// ANCHOR: functions
#[inline]
fn smooth<N: Number>(x: N) -> N {
    x / (x.abs() + N::constant(1.0))
}

network! {
    Smooth(x: [4]) -> [4] {
        self::smooth(x >> Linear(4))
    }
    loss mse
}
// ANCHOR_END: functions

// ANCHOR: recurrence
network! {
    Sum(x: [dyn T, 2]) -> [T, 8] {
        let cell = Linear(8);
        let mut h = zeros([8]);
        for x_t in x {
            h = tanh(concat(x_t, h) >> cell);
            h
        }
    }
}
// ANCHOR_END: recurrence

#[test]
fn functions_and_loops() -> Result<(), Error> {
    assert_eq!(Smooth::init(1).forward(&[0.5; 4])?.shape(), [1, 4]);
    assert_eq!(Sum::init(1).forward(&Tensor::zeros([5, 7, 2]))?.shape(), [5, 7, 8]);
    Ok(())
}
