use super::*;

#[test]
fn words_help() {
    let length =
        Error::InputLength { port: "x", actual: 130, expected: 64, shape: &[8, 8] }.to_string();
    assert_eq!(
        length,
        "`x` has 130 scalars, which is not a whole number of samples of 64 ([8, 8])"
    );
    let size = |actual, samples| {
        Error::SampleSize { port: "x", actual, samples, expected: 64, shape: &[64] }.to_string()
    };
    assert!(size(10, 64).ends_with("is it transposed?"));
    assert!(size(8, 8).ends_with("a leading axis of 1"));
    assert_eq!(size(5, 3), "`x` has samples of 5 scalars, but the network takes 64 ([64])");
    let unknown =
        Error::UnknownParameter { name: "fc.wight".into(), nearest: Some("fc.weight".into()) };
    assert_eq!(unknown.to_string(), "no parameter `fc.wight`; did you mean `fc.weight`?");
}

#[test]
fn is_small_and_crosses_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Error>();
    assert!(size_of::<Error>() <= 80, "{}", size_of::<Error>());
}

/// `?` passes on what else a program meets: files of its own, and metrics by hand.
#[test]
fn one_error_is_that_of_a_whole_program() {
    fn file() -> Result<()> {
        std::fs::read("there/is/no/such")?;
        Ok(())
    }
    fn metric() -> Result<()> {
        crate::metrics::Confusion::new(2).add(&[0, 1], &[0, 2])?;
        Ok(())
    }
    let error = file().unwrap_err();
    assert!(matches!(&error, Error::File(error) if error.path.is_none()), "{error:?}");
    assert!(error.to_string().contains("No such file"), "{error}");
    let error = metric().unwrap_err();
    assert!(matches!(error, Error::Metric(crate::metrics::MetricError::Class { class: 2, .. })));
}
