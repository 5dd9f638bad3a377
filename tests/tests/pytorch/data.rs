//! Compares readers, scaling and splits with NumPy, pandas and scikit-learn (`vectors/data.json`, written by the script
//! beside it).

use monograd::data::csv::{Columns, Fill, Table};
use monograd::data::{Dataset, Scaler, array};
use monograd::prelude::*;
use serde_json::Value;
use std::path::Path;

fn vectors() -> Value {
    serde_json::from_str(include_str!("../../vectors/data.json")).unwrap()
}

fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

fn matrix(rows: &Value) -> Tensor<f64> {
    let rows: Vec<Vec<f64>> = rows.as_array().unwrap().iter().map(numbers).collect();
    Tensor::from_vec([rows.len(), rows[0].len()], rows.concat()).unwrap()
}

fn assert_near(actual: f64, expected: f64, bound: f64, what: &str) {
    let bound = bound * expected.abs().max(1.0);
    assert!((actual - expected).abs() <= bound, "{what} is {actual}, not {expected}");
}

#[test]
fn arrays_as_numpy() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/data"));
    let vectors = vectors();
    let arrays = vectors["arrays"].as_object().unwrap();
    assert_eq!(arrays.len(), std::fs::read_dir(folder).unwrap().count());
    for (name, expected) in arrays {
        let read: Tensor<f64> = array::read(folder.join(name)).unwrap();
        let shape: Vec<usize> =
            numbers(&expected["shape"]).iter().map(|size| *size as usize).collect();
        assert_eq!(read.shape(), shape, "{name}");
        // JSON's numbers are read with an error in the last digit
        let is_near = |(a, b): (&f64, f64)| (a - b).abs() <= 1e-15 * b.abs();
        assert!(read.iter().zip(numbers(&expected["numbers"])).all(is_near), "{name}: {read:?}");
        let single: Tensor = array::read(folder.join(name)).unwrap();
        assert!(single.iter().zip(read.iter()).all(|(a, b)| *a == *b as f32), "{name}");
        if !name.contains("fortran") && !name.contains("transposed") {
            let mut file = array::ArrayFile::<f64>::open(folder.join(name)).unwrap();
            let mut rows = vec![0.0; read.len()];
            assert_eq!(file.read_rows(&mut rows).unwrap(), file.rows(), "{name}");
            assert_eq!(rows, read.as_slice(), "{name}");
        }
    }
}

#[test]
fn tables_as_pandas() {
    let vectors = vectors();
    let tricky = &vectors["tables"]["tricky"];
    let table = Table::parse(tricky["text"].as_str().unwrap()).unwrap();
    let columns = tricky["columns"].as_object().unwrap();
    assert_eq!(table.names().len(), columns.len());
    for (name, expected) in columns {
        let fields = table.column(name).unwrap();
        let expected = expected.as_array().unwrap();
        assert_eq!(fields.len(), expected.len());
        for (field, expected) in fields.iter().zip(expected) {
            match expected.as_f64() {
                Some(number) => assert_eq!(field.unwrap().parse(), Ok(number), "{name}"),
                None => assert_eq!(*field, expected.as_str(), "{name}"),
            }
        }
    }
}

#[test]
fn penguins_as_pandas_and_scikit_learn() {
    let vectors = vectors();
    let expected = &vectors["tables"]["penguins"];
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/penguins.csv");
    let table = Table::read(path).unwrap();
    assert_eq!(table.len() as u64, expected["rows"]);
    let inputs = |columns: Columns| {
        columns.ignore("species").ignore("year").fit(&table).unwrap().inputs(&table).unwrap()
    };
    let fills = [("mean", Fill::Mean), ("median", Fill::Median), ("mode", Fill::MostFrequent)];
    let statistics = expected["statistics"].as_object().unwrap();
    for (at, name) in
        [(0, "bill_length_mm"), (1, "bill_depth_mm"), (2, "flipper_length_mm"), (3, "body_mass_g")]
    {
        let of = &statistics[name];
        let column = table.numbers::<f64>(name).unwrap();
        assert_eq!(column.iter().filter(|x| x.is_none()).count() as u64, of["missing"]);
        let row = column.iter().position(Option::is_none).unwrap();
        for (key, fill) in &fills {
            let columns = Columns::new().ignore("island").ignore("sex").fill_others(fill.clone());
            let value = inputs(columns).row(row)[at];
            assert_near(value.into(), of[key].as_f64().unwrap(), 1e-7, &format!("{name} {key}"));
        }
    }
    let every = expected["every"].as_u64().unwrap() as usize;
    let fitted = Columns::new()
        .target("species")
        .ignore("year")
        .fill_others(Fill::Median)
        .fill("sex", Fill::MostFrequent);
    let encoding = fitted.clone().standardize().fit(&table).unwrap();
    let data = encoding.dataset::<u32>(&table).unwrap();
    let encoded = matrix(&expected["encoded"]);
    assert_eq!(encoding.width(), encoded.shape()[1]);
    for (row, expected) in data.inputs().rows().step_by(every).zip(encoded.rows()) {
        for (x, expected) in row.iter().zip(expected) {
            assert_near((*x).into(), *expected, 1e-6, "an input");
        }
    }
    for (column, sum) in numbers(&expected["sums"]).into_iter().enumerate() {
        let actual: f64 = data.inputs().rows().map(|row| f64::from(row[column])).sum();
        assert_near(actual, sum, 2e-5, "a sum");
    }
    let species = data.targets().iter().step_by(every).copied().map(f64::from);
    assert!(species.eq(numbers(&expected["species"])));
    let ranged = inputs(fitted.ignore("island").ignore("sex").min_max());
    for (row, expected) in ranged.rows().step_by(every).zip(matrix(&expected["ranged"]).rows()) {
        for (x, expected) in row.iter().zip(expected) {
            assert_near((*x).into(), *expected, 1e-6, "an input from 0 to 1");
        }
    }
}

#[test]
fn scales_as_scikit_learn() {
    let vectors = vectors();
    let expected = &vectors["scales"];
    let x = matrix(&expected["x"]);
    let scaler = Scaler::standardize(&x).unwrap();
    for (actual, key) in [(&scaler.center, "mean"), (&scaler.scale, "scale")] {
        for (actual, expected) in actual.iter().zip(numbers(&expected[key])) {
            assert_near(*actual, expected, 1e-12, key);
        }
    }
    let ranged = Scaler::min_max(&x).unwrap();
    for (scaler, key) in [(scaler, "standard"), (ranged, "ranged")] {
        let scaled = scaler.applied(&x).unwrap();
        for (actual, expected) in scaled.iter().zip(matrix(&expected[key]).iter()) {
            assert_near(*actual, *expected, 1e-9, key);
        }
    }
}

#[test]
fn splits_and_weights_as_scikit_learn() {
    for case in vectors()["splits"].as_array().unwrap() {
        let counts = numbers(&case["counts"]);
        let labels: Vec<u32> = counts
            .iter()
            .zip(0..)
            .flat_map(|(count, class)| vec![class; *count as usize])
            .collect();
        let len = labels.len() as f64;
        let data = Dataset::new(labels.clone(), labels).unwrap();
        let expected: Vec<Vec<f64>> =
            case["parts"].as_array().unwrap().iter().map(numbers).collect();
        let shares = [0, 1].map(|part: usize| expected[part].iter().sum::<f64>() / len);
        for seed in 0..3 {
            let parts = data.split_stratified(shares, seed).unwrap();
            for (part, expected) in parts.iter().zip(&expected) {
                let mut found = vec![0.0; counts.len()];
                part.targets().iter().for_each(|class| found[*class as usize] += 1.0);
                assert_eq!(found, *expected);
            }
        }
        let weights = data.class_weights(counts.len()).unwrap();
        for (actual, expected) in weights.iter().zip(numbers(&case["weights"])) {
            assert_near((*actual).into(), expected, 1e-7, "a weight");
        }
    }
}
