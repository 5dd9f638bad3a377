use super::*;

/// Wrong data are an error that changes nothing.
#[test]
fn wrong_data_are_refused() {
    let mut confusion = Confusion::new(2);
    let count = MetricError::Count { actual: 3, targets: 2, each: 2 };
    assert_eq!(confusion.add_scores(&[0.0_f32; 3], &[0, 1]), Err(count));
    let class = MetricError::Class { sample: 1, class: 2, classes: 2 };
    assert_eq!(confusion.add_scores(&[0.0_f32; 4], &[0, 2]), Err(class.clone()));
    assert_eq!(confusion.add(&[0, 1], &[0, 2]), Err(class.clone()));
    let nan = Err(MetricError::Nan { sample: 1 });
    assert_eq!(confusion.add_scores(&[0.0, 1.0, f32::NAN, 0.0], &[0, 1]), nan);
    assert_eq!(confusion, Confusion::new(2));
    let text = "sample 1 is of class 2, but there are 2 (from 0)";
    assert_eq!(class.to_string(), text);
    assert_eq!(RocAuc::new().add(&[0.0, f64::NAN], &[0.0, 1.0]), nan);
    assert!(TopK::new(1, 2).add_scores(&[0.0_f32; 4], &[0]).is_err());
    assert!(Regression::new().add(&[0.0_f32; 4], &[0.0]).is_err());
}

/// Nothing counted is 0, and no NaN.
#[test]
fn nothing_is_counted_as_zero() {
    let confusion = Confusion::new(2);
    assert_eq!(
        (confusion.accuracy(), confusion.macro_f1(), confusion.precision(0)),
        (0.0, 0.0, 0.0)
    );
    assert_eq!(Confusion::new(0).accuracy(), 0.0);
    assert_eq!(TopK::new(3, 4).value(), 0.0);
    assert_eq!(RocAuc::new().value(), None);
    assert_eq!((Regression::new().mae(), Mean::new().value()), (0.0, 0.0));
    let mut equal = Regression::new();
    equal.add(&[1.0, 1.0], &[1.0, 1.0]).unwrap();
    assert_eq!(equal.r2(), 1.0);
}

#[test]
fn a_confusion_matrix_is_drawn() {
    let mut confusion = Confusion::new(2);
    confusion.add(&[0, 0, 1, 1], &[0, 1, 1, 1]).unwrap();
    let drawn = " is \\ read as   0   1    right
            0   1   1   50.0 %
            1   ·   2  100.0 %
";
    assert_eq!(confusion.to_string(), drawn);
}
