//! The chapter "Training".

use monograd::data::{Batches, fallible};
use monograd::metrics::{Confusion, RocAuc};
use monograd::optimizer::Group;
use monograd::prelude::*;
use monograd::schedule::{Cosine, Schedule, draw};
use monograd::train::{
    Average, Checkpoints, EarlyStopping, Event, Goal, History, Perplexity, Stop, Trainer, evaluate,
};
use monograd::{Gradients, Philox};

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
fn a_trainer() -> Result<(), Box<dyn std::error::Error>> {
    let (points, classes) = thirds();
    let folder = std::env::temp_dir().join(format!("monograd-trainer-{}", std::process::id()));
    let path = folder.join("scores.safetensors");
    std::fs::create_dir_all(&folder)?;
    // ANCHOR: trainer
    let (x, held_x) = points.split_at(2 * 72); // 72 points to learn from, 24 held out
    let (y, held_y) = classes.split_at(72);
    let mut net = Scores::init(1);
    let mut optimizer = AdamW::new(0.02);
    let fitted = Trainer::new(&mut net, &mut optimizer)
        .epochs(40)
        .validation(|_epoch| [(held_x, held_y)])
        .patience(8)
        .fit(|_epoch| x.chunks(2 * 12).zip(y.chunks(12)))?;
    net.save(&path)?;
    println!("{:?} after {} steps, best: {:?}", fitted.stop, fitted.steps, fitted.best);
    // ANCHOR_END: trainer
    assert!(fitted.history.last("val_accuracy") > Some(0.7));

    // ANCHOR: batches
    // an order of its own in each epoch, by a seed and the number of the epoch
    let shuffled = |epoch| {
        let order = Philox::new(42).stream(epoch).permutation(72);
        let batch = |rows: &[usize]| {
            let inputs: Vec<[f32; 2]> =
                rows.iter().map(|row| [x[2 * row], x[2 * row + 1]]).collect();
            (inputs, rows.iter().map(|row| y[*row]).collect::<Vec<u32>>())
        };
        order.chunks(12).map(batch).collect::<Vec<_>>()
    };
    // ANCHOR_END: batches
    let lines = std::cell::Cell::new(0);
    // ANCHOR: options
    let runs = folder.join("runs");
    let mut confusion = Confusion::new(3);
    let fitted = Trainer::new(&mut net, &mut optimizer)
        .epochs(10)
        .schedule(Cosine::new(0.01, 0.0, 20).warm_up(2))
        .clip_norm(1.0)
        .accumulate(3) // 36 points for each step
        .average(0.9) // of weights
        .validation(|_epoch| [(held_x, held_y)])
        .metric(&mut confusion)
        .metric(Perplexity)
        .maximize("f1")
        .patience(5)
        .checkpoints(Checkpoints::new(&runs).keep_last(2).every_steps(5))
        .resume()
        .report(|_line| lines.set(lines.get() + 1)) // or `verbose()`, or `progress()`
        .fit(shuffled)?;
    fitted.history.save_csv(folder.join("history.csv"))?;
    println!("{confusion}\nF1 by epoch: {:?}", fitted.history.series("val_f1"));
    // ANCHOR_END: options
    assert_eq!(lines.get(), fitted.history.epochs().len());
    let history = History::load_csv(folder.join("history.csv"))?;
    assert_eq!(history.series("val_f1"), fitted.history.series("val_f1"));
    assert!(Checkpoints::new(&runs).best()?.is_some());

    // ANCHOR: callbacks
    let fitted = Trainer::new(&mut net, &mut optimizer)
        .epochs(50)
        .on(Event::StepEnd, |at| {
            if at.step() > 100 {
                at.optimizer().set_learning_rate(1e-3);
            }
        })
        .on(Event::EpochEnd, |at| {
            let loss = at.net().loss(held_x, held_y)?;
            if loss < 0.3 {
                at.stop();
            }
            Ok::<_, Error>(())
        })
        .fit(shuffled)?;
    // ANCHOR_END: callbacks
    assert_eq!(fitted.stop, Stop::Callback);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

/// A loop of one's own, of the same pieces.
#[test]
fn the_pieces_of_a_trainer() -> Result<(), Error> {
    let (points, classes) = thirds();
    let folder = std::env::temp_dir().join(format!("monograd-pieces-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    // ANCHOR: pieces
    let (mut net, mut optimizer) = (Scores::init(1), AdamW::new(0.02));
    let checkpoints = Checkpoints::new(&folder);
    let (mut average, mut history) = (Average::new(0.9), History::new());
    let mut stopping = EarlyStopping::new(Goal::Minimize).patience(3);
    let mut step = checkpoints.load(&mut net, &mut optimizer)?.unwrap_or(0);
    for epoch in 0..30 {
        for (x, y) in points.chunks(2 * 32).zip(classes.chunks(32)) {
            let loss = net.train_step(x, y, &mut optimizer)?;
            average.update(&net)?;
            history.record_step(step, &[("loss", loss.into())]);
            step += 1;
        }
        average.swap(&mut net)?; // measured with the average of weights
        let measured = evaluate(&net, |_epoch| [(&points, &classes)], &mut [&mut Perplexity])?;
        average.swap(&mut net)?;
        history.record_epoch(epoch, step, &[("val_loss", measured.loss)]);
        checkpoints.save(&net, &optimizer, step)?;
        stopping.observe(measured.loss);
        if stopping.is_over() {
            break;
        }
    }
    // ANCHOR_END: pieces
    assert_eq!(history.steps().len() as u64, step);
    assert!(history.last("val_loss") < Some(0.6));

    // ANCHOR: generic
    /// Takes one step for each batch of a data set, with any network and any data.
    fn epoch<N: Trainable<Scalar = f32>>(
        net: &mut N,
        optimizer: &mut impl Optimizer<f32>,
        mut data: impl Batches<N>,
    ) -> Result<(), Error> {
        use monograd::data::Batch;
        for batch in data.epoch(0)? {
            let batch = batch?;
            net.train_step(batch.inputs(), batch.targets(), optimizer)?;
        }
        Ok(())
    }

    /// Returns the most likely class of each sample, by any network that learns classes from numbers.
    fn classify<N: Supervised<f32, u32>>(net: &N, x: &[f32]) -> Result<Tensor<u32>, Error> {
        Ok(net.forward(x)?.argmax())
    }
    // ANCHOR_END: generic
    let read = fallible(|_epoch| [Ok((&points, &classes)), Err("the end of the tape")]);
    assert_eq!(
        epoch(&mut net, &mut optimizer, read).unwrap_err().to_string(),
        "the end of the tape"
    );
    assert_eq!(classify(&net, &points)?.as_slice().len(), 96);
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
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
