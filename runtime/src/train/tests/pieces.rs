//! The parts that serve alone: averages of weights, early stopping, histories.

use super::super::{Average, EarlyStopping, Goal, History, TrainError};
use super::*;

/// The average is that of PyTorch's `swa_utils`.
#[test]
fn an_average_like_pytorchs() {
    let text = include_str!("../../../../tests/vectors/average.json");
    let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut average = Average::<f64>::new(vectors["decay"].as_f64().unwrap());
    let numbers = |value: &serde_json::Value| -> Vec<f64> {
        value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
    };
    let steps = vectors["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 5);
    for step in steps {
        let of = |weight: &str, bias: &str| [numbers(&step[weight]), numbers(&step[bias])].concat();
        average.take(&of("weight", "bias"), &[]).unwrap();
        let expected = of("average_weight", "average_bias");
        for (actual, expected) in average.values().unwrap().iter().zip(&expected) {
            assert!((actual - expected).abs() < 1e-14, "{actual} {expected}");
        }
    }
    assert_eq!((average.updates(), average.decay()), (5, 0.9));
}

/// Running statistics are those of the last step, as in PyTorch, and not averages.
#[test]
fn states_are_not_averaged() -> Result<(), Error> {
    let (x, y) = thirds();
    let (mut net, mut optimizer) = (Scores::init(1), Sgd::new(0.1));
    let mut average = Average::new(0.5);
    average.update(&net)?;
    net.train_step(&x, &y, &mut optimizer)?;
    average.update(&net)?;
    let mut other = net.clone();
    average.swap(&mut other)?;
    let of = |net: &Scores, name: &str| net.parameters().get(name).unwrap().as_slice().to_vec();
    let name = net.parameters().iter().find(|p| p.name().ends_with("running_mean")).unwrap().name();
    assert_eq!(of(&net, &name), of(&other, &name));
    assert_ne!(of(&net, "linear0.weight"), of(&other, "linear0.weight"));
    average.swap(&mut other)?;
    assert_same(&net, &other);

    let mut line = Line::init(1).cast::<f32>();
    assert!(matches!(average.swap(&mut line), Err(Error::Buffer { .. })));
    Ok(())
}

#[test]
fn patience() {
    let mut stopping = EarlyStopping::new(Goal::Maximize).patience(2).min_delta(0.1);
    assert!(!stopping.is_over());
    assert!(stopping.observe(0.5));
    assert!(!stopping.observe(0.6) && !stopping.is_over()); // not by more than 0.1
    assert!(stopping.observe(0.7) && !stopping.is_over());
    assert!(!stopping.observe(f64::NAN) && !stopping.is_over());
    assert!(!stopping.observe(0.0) && stopping.is_over());
    assert_eq!(stopping.best(), Some((2, 0.7)));
    // nothing but NaN is no progress
    let mut stopping = EarlyStopping::new(Goal::Minimize).patience(1);
    assert!(!stopping.observe(f64::NAN) && stopping.is_over());
    assert_eq!(stopping.best(), None);
}

/// A history that is saved is read back exactly, whatever the names and values.
#[test]
fn a_history_in_a_file() -> Result<(), Error> {
    let folder = Folder::new("history");
    std::fs::create_dir_all(folder.path()).unwrap();
    let path = folder.path().join("history.csv");
    let mut history = History::new();
    for step in 0..5 {
        history
            .record_step(step, &[("loss", 0.1 / (step as f64 + 3.0)), ("learning_rate", 1e-300)]);
        if step % 2 == 1 {
            let odd = if step == 1 { f64::NAN } else { f64::NEG_INFINITY };
            history.record_epoch(step / 2, step + 1, &[("loss", 0.25), ("a, \"b\"", odd)]);
        }
    }
    history.record_epoch(2, 5, &[("late", 1.0)]);
    history.save_csv(&path)?;
    let read = History::load_csv(&path)?;
    assert_eq!(read.names().collect::<Vec<_>>(), ["loss", "a, \"b\"", "late"]);
    assert_eq!((read.epochs(), read.steps()), (&[0, 1, 2][..], &[0, 1, 2, 3, 4][..]));
    assert_eq!(read.step_series("loss"), history.step_series("loss"));
    assert_eq!(read.step_names().collect::<Vec<_>>(), ["loss", "learning_rate"]);
    let odd = read.series("a, \"b\"").unwrap();
    assert!(odd[0].is_nan() && odd[1] == f64::NEG_INFINITY && odd[2].is_nan());
    assert_eq!(read.last("late"), Some(1.0));
    assert_eq!((read.series("accuracy"), read.last("accuracy")), (None, None));
    assert_eq!(read.to_csv(), history.to_csv());

    let wrong = [
        ("", 1, "the header has to begin with `epoch,step,steps_of_a_point`"),
        ("epoch,step,steps_of_a_point,loss\n,1,1", 2, "3 fields, but the header has 4"),
        ("epoch,step,steps_of_a_point,loss\n,0,1,1\n,1,1,much", 3, "`much` is not a number"),
        ("epoch,step,steps_of_a_point,loss\n,-1,1,1", 2, "`-1` is not a number"),
    ];
    for (text, line, reason) in wrong {
        std::fs::write(&path, text).unwrap();
        let error = History::load_csv(&path).unwrap_err().to_string();
        assert!(error.ends_with(&format!("history.csv`, line {line}: {reason}")), "{error}");
    }
    let missing = History::load_csv(folder.path().join("none.csv"));
    assert!(matches!(missing, Err(Error::File(_))));
    Ok(())
}

/// However many steps there are, the points are few, and each is the mean of its steps.
#[test]
fn a_long_history_is_thinned() {
    let (mut history, steps) = (History::new(), 300_000);
    for step in 0..steps {
        history.record_step(step, &[("loss", step as f64)]);
    }
    let (points, losses) = (history.steps(), history.step_series("loss").unwrap());
    assert!((32_768..=65_536).contains(&points.len()), "{}", points.len());
    let stride = points[1] - points[0];
    for (point, loss) in points.iter().zip(losses).take(points.len() - 1) {
        assert!(
            (loss - (*point as f64 + (stride - 1) as f64 / 2.0)).abs() < 1e-6,
            "{point} {loss}"
        );
    }
    // read back, it goes on in the same way
    let mut read = History::from_csv(&history.to_csv()).unwrap();
    for step in steps..2 * steps {
        history.record_step(step, &[("loss", step as f64)]);
        read.record_step(step, &[("loss", step as f64)]);
    }
    assert_eq!(read.to_csv(), history.to_csv());
}

/// Errors are small, since every step returns a result.
#[test]
fn errors_are_small() {
    assert!(size_of::<Error>() <= 80);
    let error = TrainError::NoBatches { data: "training", epoch: 0 };
    assert_eq!(Error::from(error).to_string(), "the training data has no batches in epoch 0");
}
