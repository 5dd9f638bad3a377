//! The chapter "Training".

use monograd::Gradients;
use monograd::metrics::{Confusion, RocAuc};
use monograd::optimizer::Group;
use monograd::prelude::*;
use monograd::schedule::{Cosine, Schedule, draw};

network! {
    Scores(x: [2]) -> [3] {
        let body = Linear(16);
        let head = Linear(3);
        x >> body >> Gelu >> head
    }
    loss cross_entropy
    metric accuracy
}

/// Returns points in the plane, and the third of the circle that each is in.
fn thirds() -> (Vec<f32>, Vec<u32>) {
    let angle = |i: u32| i as f32 * 0.61;
    let points = (0..96).flat_map(|i| [angle(i).cos(), angle(i).sin()]).collect();
    let class = |i: u32| (angle(i).rem_euclid(std::f32::consts::TAU) / 2.1) as u32;
    (points, (0..96).map(|i| class(i).min(2)).collect())
}

#[test]
fn a_loop_of_ones_own() -> Result<(), Error> {
    let (points, classes) = thirds();
    // ANCHOR: loop
    let mut net = Scores::init(1);
    let schedule = Cosine::new(0.02, 0.0, 380).warm_up(20);
    let mut optimizer = AdamW::new(0.0).clip_norm(1.0).decay_matrices_only();
    for step in 0..400 {
        optimizer.set_learning_rate(schedule.rate(step));
        net.train_step(&points, &classes, &mut optimizer)?;
    }
    let measures = net.measure(&points, &classes)?;
    println!("{measures}");
    // ANCHOR_END: loop
    assert!(measures.get("accuracy") > Some(0.9), "{measures}");
    println!("{}", draw(&schedule, 400));

    // ANCHOR: metrics
    let mut confusion = Confusion::new(3);
    let mut first = RocAuc::new();
    for (x, labels) in points.chunks(32 * 2).zip(classes.chunks(32)) {
        let scores = net.forward(x)?;
        confusion.add_scores(scores.as_slice(), labels).expect("scores that fit their labels");
        let of_first: Vec<f32> = (0..labels.len()).map(|i| scores.row(i)[0]).collect();
        let is_first: Vec<f32> = labels.iter().map(|label| f32::from(*label == 0)).collect();
        first.add(&of_first, &is_first).expect("a score for each label");
    }
    println!("{confusion}\nmacro F1 {:.3}, area {:?}", confusion.macro_f1(), first.value());
    // ANCHOR_END: metrics
    assert!(confusion.macro_f1() > 0.9 && first.value() > Some(0.95));
    Ok(())
}

#[test]
fn groups() -> Result<(), Error> {
    let (points, classes) = thirds();
    // ANCHOR: groups
    let mut net = Scores::init(1);
    let mut optimizer = AdamW::new(1e-2)
        .group("body", Group::frozen()) // body.weight and body.bias
        .group("bias", Group::new().rate(2.0).weight_decay(0.0));
    net.train_step(&points, &classes, &mut optimizer)?;
    // ANCHOR_END: groups
    let before = Scores::init(1);
    let is_same = |name: &str| -> Result<bool, Error> {
        let (old, new) = (before.parameters().get(name)?, net.parameters().get(name)?);
        Ok(old.as_slice() == new.as_slice())
    };
    assert!(is_same("body.weight")? && is_same("body.bias")?);
    assert!(!is_same("head.weight")? && !is_same("head.bias")?);
    Ok(())
}

#[test]
fn gradients_of_ones_own() -> Result<(), Error> {
    let (points, classes) = thirds();
    // ANCHOR: gradients
    let mut net = Scores::init(1);
    let mut optimizer = Sgd::new(0.1);

    // four micro-batches of 24 samples, as one batch of 96
    let mut sum: Option<Gradients<f32>> = None;
    for (x, labels) in points.chunks(24 * 2).zip(classes.chunks(24)) {
        let (_, gradients) = net.gradients(x, labels)?;
        match &mut sum {
            Some(sum) => sum.add(&gradients)?,
            None => sum = Some(gradients),
        }
    }
    let mut gradients = sum.expect("a batch");
    gradients.scale(0.25);
    let norm = gradients.clip_norm(1.0)?;
    gradients.get_mut("head.bias")?.fill(0.0);
    optimizer.step(&mut net, &gradients)?;
    // ANCHOR_END: gradients
    assert!(norm > 0.0);

    // the same as in one batch
    let mut whole = Scores::init(1);
    let (_, mut at_once) = whole.gradients(&points, &classes)?;
    at_once.clip_norm(1.0)?;
    for (a, b) in gradients.iter().zip(at_once.iter()).filter(|(a, _)| a.name() != "head.bias") {
        for (a, b) in a.as_slice().iter().zip(b.as_slice()) {
            assert!((a - b).abs() < 1e-6, "{a} {b}");
        }
    }
    assert_eq!(gradients.to_vec().len(), Scores::PARAMS);
    at_once.for_each_mut(|mut gradient| {
        if gradient.as_view().name() == "head.bias" {
            gradient.fill(0.0);
        }
    });
    Sgd::new(0.1).step(&mut whole, &at_once)?;
    let difference = |name: &str| -> Result<f32, Error> {
        let (a, b) = (net.parameters().get(name)?, whole.parameters().get(name)?);
        let pairs = a.as_slice().iter().zip(b.as_slice());
        Ok(pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max))
    };
    assert!(difference("body.weight")? < 1e-6 && difference("head.bias")? == 0.0);
    Ok(())
}

/// Training that is saved goes on as if it had not stopped.
#[test]
fn the_state_of_an_optimiser() -> Result<(), Box<dyn std::error::Error>> {
    let (points, classes) = thirds();
    let folder = std::env::temp_dir().join(format!("monograd-training-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let (path, state) = (folder.join("scores.safetensors"), folder.join("state.safetensors"));
    // ANCHOR: resume
    let mut net = Scores::init(1);
    let mut optimizer = AdamW::new(0.01);
    for _ in 0..3 {
        net.train_step(&points, &classes, &mut optimizer)?;
    }
    net.save(&path)?;
    optimizer.save(&state, &net)?;

    // later, in another process
    let mut resumed = Scores::load(&path)?;
    let mut other = AdamW::new(0.0); // the learning rate is saved, other options are not
    other.load(&state, &resumed)?;
    // ANCHOR_END: resume
    assert_eq!((other.steps(), other.learning_rate()), (3, 0.01));
    for _ in 0..3 {
        net.train_step(&points, &classes, &mut optimizer)?;
        resumed.train_step(&points, &classes, &mut other)?;
    }
    for (a, b) in net.parameters().iter().zip(resumed.parameters().iter()) {
        assert_eq!(a.as_slice(), b.as_slice(), "{}", a.name());
    }

    // what does not fit is an error that changes nothing
    let error = Sgd::new(0.1).load(&state, &net).unwrap_err().to_string();
    assert!(error.ends_with("it is that of `AdamW`, and this is `Sgd`"), "{error}");
    let error = other.load(&path, &net).unwrap_err().to_string();
    assert!(error.ends_with("the file's metadata has no `optimizer`"), "{error}");
    let error = other.load(&state, &others::Other::init(1)).unwrap_err().to_string();
    assert!(error.contains("exp_avg.linear0.weight"), "{error}");
    assert_eq!(other.steps(), 6);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

mod others {
    use monograd::prelude::*;

    network! {
        pub Other(x: [2]) -> [3] { x >> Linear(3) }
        loss cross_entropy
    }
}

/// Gradients of another network are refused, and change nothing.
#[test]
fn gradients_of_another_network() -> Result<(), Error> {
    let (points, classes) = thirds();
    let (_, others) = others::Other::init(1).gradients(&points, &classes)?;
    let mut net = Scores::init(1);
    let (_, mut gradients) = net.gradients(&points, &classes)?;
    let before = gradients.to_vec();
    let text = "these gradients are those of another network";
    assert_eq!(gradients.add(&others).unwrap_err().to_string(), text);
    assert_eq!(gradients.to_vec(), before);
    let mut optimizer = AdamW::new(0.1);
    assert_eq!(optimizer.step(&mut net, &others).unwrap_err().to_string(), text);
    assert_eq!(optimizer.steps(), 0);
    Ok(())
}
