//! Compares metrics with those of scikit-learn (`vectors/metrics.json`) and of torchmetrics
//! (`vectors/metrics_torch.json`), written by the scripts beside them.

use monograd::metrics::{Confusion, Regression, RocAuc, TopK};
use monograd::prelude::*;
use monograd::train::{Perplexity, evaluate};
use serde_json::Value;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/metrics.json")).unwrap()
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn assert_near(actual: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    let bound = 1e-12 * expected.abs().max(1.0);
    assert!((actual - expected).abs() <= bound, "{what} is {actual}, not {expected}");
}

/// Returns the number of classes of a case, the labels and the scores.
fn classified(case: &Value) -> (usize, Vec<u32>, Vec<f64>) {
    let labels = numbers(&case["labels"]).iter().map(|label| *label as u32).collect();
    (case["classes"].as_u64().unwrap() as usize, labels, numbers(&case["scores"]))
}

#[test]
fn classes_as_scikit_learn() {
    for case in vectors()["classification"].as_array().unwrap() {
        let (classes, labels, scores) = classified(case);
        let mut confusion = Confusion::new(classes);
        let mut top: Vec<TopK> = (1..=classes).map(|k| TopK::new(k, classes)).collect();
        // in two batches
        let half = labels.len() / 2;
        for part in [0..half, half..labels.len()] {
            let scores = &scores[part.start * classes..part.end * classes];
            confusion.add_scores(scores, &labels[part.clone()]).unwrap();
            top.iter_mut().for_each(|top| top.add_scores(scores, &labels[part.clone()]).unwrap());
        }
        for (index, count) in numbers(&case["confusion"]).into_iter().enumerate() {
            assert_eq!(confusion.count(index / classes, index % classes) as f64, count);
        }
        assert_near(confusion.accuracy(), &case["accuracy"], "accuracy");
        assert_near(confusion.accuracy(), &case["micro_f1"], "micro F1");
        for class in 0..classes {
            assert_near(confusion.precision(class), &case["precision"][class], "precision");
            assert_near(confusion.recall(class), &case["recall"][class], "recall");
            assert_near(confusion.f1(class), &case["f1"][class], "F1");
            assert_near(top[class].value(), &case["top"][class], "top k");
        }
        let means = [confusion.macro_precision(), confusion.macro_recall(), confusion.macro_f1()];
        for (mean, expected) in means.into_iter().zip(case["macro"].as_array().unwrap()) {
            assert_near(mean, expected, "macro average");
        }
    }
}

#[test]
fn areas_as_scikit_learn() {
    for case in vectors()["ranking"].as_array().unwrap() {
        let mut area = RocAuc::new();
        area.add(&numbers(&case["scores"]), &numbers(&case["targets"])).unwrap();
        assert_near(area.value().unwrap(), &case["area"], "area");
    }
}

#[test]
fn errors_as_scikit_learn() {
    for case in vectors()["regression"].as_array().unwrap() {
        let mut errors = Regression::new();
        errors.add(&numbers(&case["predictions"]), &numbers(&case["targets"])).unwrap();
        assert_near(errors.mae(), &case["mae"], "MAE");
        assert_near(errors.mse(), &case["mse"], "MSE");
        assert_near(errors.rmse(), &case["rmse"], "RMSE");
        assert_near(errors.r2(), &case["r2"], "R2");
    }
}

/// Some of torchmetrics' results are of single precision.
fn assert_near_single(actual: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap();
    assert!((actual - expected).abs() <= 1e-6, "{what} is {actual}, not {expected}");
}

fn torch() -> Value {
    serde_json::from_str(include_str!("../../vectors/metrics_torch.json")).unwrap()
}

/// Micro averages are the accuracy; macro averages leave out the classes that neither occur nor are predicted.
#[test]
fn classes_as_torchmetrics() {
    for case in torch()["classification"].as_array().unwrap() {
        let (classes, labels, scores) = classified(case);
        let mut confusion = Confusion::new(classes);
        confusion.add_scores(&scores, &labels).unwrap();
        for (index, count) in numbers(&case["confusion"]).into_iter().enumerate() {
            assert_eq!(confusion.count(index / classes, index % classes) as f64, count);
        }
        let means = [
            ("precision", confusion.macro_precision()),
            ("recall", confusion.macro_recall()),
            ("f1", confusion.macro_f1()),
            // its macro accuracy is the mean of the recalls
            ("accuracy", confusion.macro_recall()),
        ];
        for (name, mean) in means {
            assert_near_single(confusion.accuracy(), &case[name][0], name);
            assert_near_single(mean, &case[name][1], name);
        }
        for (k, expected) in (1..).zip(case["top"].as_array().unwrap()) {
            let mut top = TopK::new(k, classes);
            top.add_scores(&scores, &labels).unwrap();
            assert_near_single(top.value(), expected, "top k");
        }
    }
}

#[test]
fn areas_and_errors_as_torchmetrics() {
    let torch = torch();
    for case in torch["ranking"].as_array().unwrap() {
        let mut area = RocAuc::new();
        area.add(&numbers(&case["scores"]), &numbers(&case["targets"])).unwrap();
        assert_near_single(area.value().unwrap(), &case["area"], "area");
    }
    for case in torch["regression"].as_array().unwrap() {
        let mut errors = Regression::new();
        errors.add(&numbers(&case["predictions"]), &numbers(&case["targets"])).unwrap();
        assert_near_single(errors.mae(), &case["mae"], "MAE");
        assert_near_single(errors.mse(), &case["mse"], "MSE");
        assert_near_single(errors.rmse(), &case["rmse"], "RMSE");
        assert_near_single(errors.r2(), &case["r2"], "R2");
    }
}

network! {
    /// Logits as they are.
    Given(x: [7]) -> [7] {
        x
    }
    loss cross_entropy(ignore_index = -100)
}

#[test]
fn perplexity_as_torchmetrics() {
    let net = Given::init(0).cast::<f64>();
    for case in torch()["language"].as_array().unwrap() {
        let logits = numbers(&case["logits"]);
        let targets: Vec<u32> = numbers(&case["targets"])
            .into_iter()
            .map(|class| if class < 0.0 { monograd::IGNORE_INDEX } else { class as u32 })
            .collect();
        let perplexity = |batch: usize| {
            let data = |_| logits.chunks(7 * batch).zip(targets.chunks(batch));
            let measured = evaluate(&net, data, &mut [&mut Perplexity]).unwrap();
            measured.get("perplexity").unwrap()
        };
        assert_near(perplexity(targets.len()), &case["perplexity"], "perplexity");
        // batches are weighted by their samples
        if !targets.contains(&monograd::IGNORE_INDEX) {
            assert_near(perplexity(4), &case["perplexity"], "perplexity in batches");
        }
    }
}
