//! Compares metrics with scikit-learn's (`vectors/metrics.json`, written by the script beside it).

use monograd::metrics::{Confusion, Regression, RocAuc, TopK};
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

#[test]
fn classes_as_scikit_learn() {
    for case in vectors()["classification"].as_array().unwrap() {
        let classes = case["classes"].as_u64().unwrap() as usize;
        let labels: Vec<u32> = numbers(&case["labels"]).iter().map(|label| *label as u32).collect();
        let scores = numbers(&case["scores"]);
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
