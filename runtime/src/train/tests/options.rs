//! Options out of range, data without batches, and checkpoints that do not fit.

use super::super::{Checkpoints, TrainError};
use super::*;
use crate::data::{DataError, fallible};
use crate::metrics::Confusion;
use crate::schedule::Constant;

fn message<T>(result: Result<T, Error>) -> String {
    result.err().expect("an error").to_string()
}

#[test]
fn wrong_options_and_data() {
    let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.01));
    let mut error = |with: fn(Trainer<'_, Scores>) -> Trainer<'_, Scores>| {
        message(with(Trainer::new(&mut net, &mut adam)).fit(shuffled))
    };
    assert_eq!(error(|t| t.accumulate(0)), "`accumulate` is 0, but it has to be 1 or more");
    assert_eq!(
        error(|t| t.batches_per_epoch(0)),
        "`batches_per_epoch` is 0, but it has to be 1 or more"
    );
    assert_eq!(error(|t| t.clip_norm(-1.0)), "`clip_norm` is -1, but it has to be more than 0");
    assert_eq!(error(|t| t.min_delta(f64::NAN)), "`min_delta` is NaN, but it has to be 0 or more");
    assert_eq!(
        error(|t| t.maximize("accuracy")),
        "`accuracy` is none of the values of an epoch, which are `loss`; `validation(data)` measures `val_loss` \
         and the metrics as well"
    );
    let mut asked = |name: &str| {
        let trainer = Trainer::new(&mut net, &mut adam).validation(shuffled).maximize(name);
        message(trainer.fit(shuffled))
    };
    let known = "which are `loss`, `val_loss`, `val_accuracy`";
    assert_eq!(asked("f1"), format!("`f1` is none of the values of an epoch, {known}"));
    for (name, meant) in
        [("acuracy", "accuracy"), ("val_acuracy", "val_accuracy"), ("Loss", "loss")]
    {
        let told =
            format!("`{name}` is none of the values of an epoch, {known}; did you mean `{meant}`?");
        assert_eq!(asked(name), told);
    }

    let none = message(Trainer::new(&mut net, &mut adam).fit(|epoch| shuffled(epoch).take(0)));
    assert_eq!(none, "the training data has no batches in epoch 0");
    let none = Trainer::new(&mut net, &mut adam).validation(|e| shuffled(e).take(0)).fit(shuffled);
    assert_eq!(message(none), "the validation data has no batches in epoch 0");
    let few = Trainer::new(&mut net, &mut adam)
        .validation(shuffled)
        .metric(Confusion::new(2))
        .fit(shuffled);
    assert!(message(few).starts_with("metric `accuracy`: "));
    let unread = fallible(|epoch| shuffled(epoch).map(Ok).chain([Err("torn tape")]));
    assert_eq!(message(Trainer::new(&mut net, &mut adam).fit(unread)), "torn tape");
    assert!(matches!(Error::from(DataError::other("x")), Error::Data(_)));
}

/// A checkpoint of another training says what differs, and changes nothing.
#[test]
fn checkpoints_that_do_not_fit() -> Result<(), Error> {
    let folder = Folder::new("unfit");
    let path = folder.path();
    let first = || {
        Trainer::new(Box::leak(Box::new(Scores::init(1))), Box::leak(Box::new(AdamW::new(0.01))))
    };
    first().schedule(Constant(0.01)).checkpoints(path).fit(shuffled)?;

    let again = message(first().schedule(Constant(0.01)).checkpoints(path).fit(shuffled));
    assert!(
        again.contains(
            "has checkpoints of an earlier training, up to step 12: go on with it by `.resume()`"
        ),
        "{again}"
    );

    let differs = |trainer: Trainer<'_, Scores>| {
        let text = message(trainer.checkpoints(path).resume().fit(shuffled));
        let (_, differences) =
            text.split_once("is a checkpoint of another training: ").expect(&text);
        differences.to_owned()
    };
    assert_eq!(
        differs(first().schedule(Constant(0.02))),
        "the schedule's rate of step 12 is 0.01 in it, and 0.02 here"
    );
    assert_eq!(
        differs(first().accumulate(2).clip_norm(1.0).minimize("loss")),
        "`accumulate` is 1 in it, and 2 here; `clip_norm` is not set in it, and 1.0 here; \
         `learning_rate` is a schedule in it, and that of the optimiser here"
    );
    let mut other = AdamW::new(0.01).betas(0.8, 0.999).weight_decay(0.1);
    let net = &mut Scores::init(1);
    assert_eq!(
        differs(Trainer::new(net, &mut other).schedule(Constant(0.01))),
        "`AdamW.betas` is (0.9, 0.999) in it, and (0.8, 0.999) here; \
         `AdamW.weight_decay` is 0.01 in it, and 0.1 here"
    );
    let mut sgd = Sgd::new(0.01);
    assert_eq!(
        differs(Trainer::new(net, &mut sgd).schedule(Constant(0.01))),
        "the optimiser is `AdamW` in it, and `Sgd` here"
    );
    assert_same(net, &Scores::init(1));
    assert_eq!((other.steps(), sgd.steps()), (0, 0));

    let (mut line, mut adam) = (Line::init(1), AdamW::new(0.01));
    let text = message(Checkpoints::new(path).load(&mut line, &mut adam));
    assert!(text.ends_with("the network is `Scores` in it, and `Line` here"), "{text}");

    // in a loop of one's own, the options of the trainer do not matter
    let (mut net, mut adam) = (Scores::init(2), AdamW::new(0.5));
    assert_eq!(Checkpoints::new(path).load(&mut net, &mut adam)?, Some(12));
    assert_eq!((adam.steps(), adam.learning_rate()), (12, 0.01));

    // the same epoch has fewer batches than were trained on
    let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.01));
    let folder = Folder::new("shorter");
    Trainer::new(&mut net, &mut adam).steps(5).checkpoints(folder.path()).fit(shuffled)?;
    let shorter = Trainer::new(&mut net, &mut adam)
        .checkpoints(folder.path())
        .resume()
        .fit(|epoch| shuffled(epoch).take(3));
    assert!(message(shorter).starts_with("the checkpoint was written after batch 5 of epoch 0"));
    Ok(())
}

/// A newer version, a file that is no checkpoint, and a network with the same name and other layers.
#[test]
fn files_that_are_no_checkpoints() -> Result<(), Error> {
    let folder = Folder::new("foreign");
    let checkpoints = Checkpoints::new(folder.path());
    let (mut net, mut adam) = (Line::init(1), AdamW::new(0.01));
    assert_eq!(checkpoints.load(&mut net, &mut adam)?, None);
    checkpoints.save(&net, &adam, 7)?;
    let path = checkpoints.list()?[0].1.clone();
    let mut notes = crate::file::metadata(&path)?;
    notes.insert("checkpoint".into(), "2".into());
    net.save_with(&path, notes)?;
    let text = message(checkpoints.load(&mut net, &mut adam));
    assert!(
        text.ends_with(
            "is a checkpoint of version 2, and this library reads versions up to 1: update it"
        ),
        "{text}"
    );
    net.save(&path)?;
    let text = message(checkpoints.load(&mut net, &mut adam));
    assert!(
        text.ends_with("is not a whole checkpoint: its metadata has no `checkpoint`"),
        "{text}"
    );

    mod wider {
        use crate::prelude::*;

        network! {
            pub Line(x: [1]) -> [1] { x >> Linear(2) >> Linear(1) }
        }
    }
    checkpoints.save(&wider::Line::init(1), &adam, 7)?;
    let text = message(checkpoints.load(&mut net, &mut adam));
    assert!(text.contains("network.linear1.weight"), "{text}");
    Ok(())
}

/// An optimiser of one's own that cannot be restored.
#[test]
fn an_optimizer_that_cannot_be_restored() -> Result<(), Error> {
    struct Own(u64);

    impl Optimizer<f32> for Own {
        fn update(
            &mut self,
            parameters: &mut [f32],
            gradients: &[f32],
            _: &[crate::Parameter],
        ) -> Result<(), crate::StepError> {
            parameters.iter_mut().zip(gradients).for_each(|(w, g)| *w -= 0.1 * g);
            self.0 += 1;
            Ok(())
        }

        fn learning_rate(&self) -> f64 {
            0.1
        }

        fn set_learning_rate(&mut self, _: f64) {}

        fn steps(&self) -> u64 {
            self.0
        }
    }

    let folder = Folder::new("own");
    let (mut net, mut own) = (Line::init(1), Own(0));
    let data = |_| [([1.0_f32], [1.0_f32]); 3];
    Trainer::new(&mut net, &mut own).checkpoints(folder.path()).fit(data)?;
    let again = Trainer::new(&mut net, &mut Own(0)).checkpoints(folder.path()).resume().fit(data);
    assert!(message(again).ends_with("cannot be restored: it does not implement `restore`"));
    Ok(())
}

/// A place that cannot be written to is a typed error, and the training's file of before stays.
#[test]
fn folders_that_cannot_be_written() -> Result<(), Error> {
    let folder = Folder::new("unwritable");
    std::fs::create_dir_all(folder.path()).unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "not a folder").unwrap();
    let (net, adam) = (Line::init(1), AdamW::new(0.01));
    let error = Checkpoints::new(file.join("inside")).save(&net, &adam, 1);
    assert!(matches!(error, Err(Error::File(_))));

    let checkpoints = Checkpoints::new(folder.path().join("runs"));
    checkpoints.save(&net, &adam, 1)?;
    // a folder where the next file is to be
    std::fs::create_dir(folder.path().join("runs/checkpoint-0000000002.safetensors")).unwrap();
    assert!(matches!(checkpoints.save(&net, &adam, 2), Err(Error::File(_))));
    let mut broken = Line::init(1);
    broken.parameters_mut().get("linear0.bias").unwrap().as_mut_slice()[0] = f32::NAN;
    assert!(matches!(checkpoints.save(&broken, &adam, 3), Err(Error::File(_))));
    assert!(checkpoints.list()?.iter().all(|(step, _)| *step < 3));
    assert!(matches!(Error::from(TrainError::Callback("x".into())), Error::Train(_)));
    Ok(())
}
