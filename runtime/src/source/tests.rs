use super::*;
use crate::error::{Error, Result};
use nalgebra::{DMatrix, DVector, SMatrix, SVector};

/// Returns the slices and the number of samples, without run-time sizes.
fn feed<V: Views>(data: impl Feed<V>, ports: &[Port]) -> Result<(V, usize)> {
    let views = data.views();
    let batch = views.batch(&data.forms(), ports, &[])?;
    Ok((views, batch))
}

/// A stand-in for a network's methods: the scalar is known, the types of the data are inferred.
struct Net<T>(std::marker::PhantomData<T>);

impl<T: Element> Net<T> {
    const X: [Port; 1] = [Port::new("x", &[2, 3])];
    const XY: [Port; 2] = [Port::new("x", &[2, 3]), Port::new("y", &[1]).with_classes(10)];

    fn new() -> Self {
        Self(std::marker::PhantomData)
    }

    fn forward<'a>(&self, x: impl Feed<(&'a [T],)>) -> Result<usize> {
        feed(x, &Self::X).map(|(_, batch)| batch)
    }

    fn both<'a>(&self, data: impl Feed<(&'a [T], &'a [u32])>) -> Result<usize> {
        feed(data, &Self::XY).map(|(_, batch)| batch)
    }
}

#[test]
fn every_kind_of_data_is_taken_without_annotations() {
    let net = Net::<f32>::new();
    let zeros = vec![0.0; 12];
    let slice: &[f32] = &zeros;
    assert_eq!(net.forward(&zeros).unwrap(), 2);
    assert_eq!(net.forward(slice).unwrap(), 2);
    let twice = &slice;
    assert_eq!(net.forward(twice).unwrap(), 2);
    assert_eq!(net.forward((slice,)).unwrap(), 2);
    assert_eq!(net.forward(&[0.0; 6]).unwrap(), 1);
    assert_eq!(net.forward(&[[0.0; 6]; 3]).unwrap(), 3);
    assert_eq!(net.forward(&[[[0.0; 3]; 2]; 4]).unwrap(), 4);
    assert_eq!(net.forward(&vec![[0.0; 6]; 5]).unwrap(), 5);
    assert_eq!(net.forward(&vec![[[0.0; 3]; 2]; 4]).unwrap(), 4);
    assert_eq!(net.forward(&[[[0.0; 3]; 2]; 4][1..]).unwrap(), 3);
    assert_eq!(net.forward(&[[0.0; 6]; 3][..2]).unwrap(), 2);
    assert_eq!(net.forward(&Tensor::zeros([7, 2, 3])).unwrap(), 7);
    assert_eq!(net.forward(&Tensor::zeros([12])).unwrap(), 2);
    assert_eq!(net.forward(&Buffer::zeros(6)).unwrap(), 1);
    assert_eq!(net.forward(&DMatrix::zeros(6, 9)).unwrap(), 9);
    assert_eq!(net.forward(&DVector::zeros(6)).unwrap(), 1);
    assert_eq!(net.forward(&SVector::<f32, 6>::zeros()).unwrap(), 1);
    assert_eq!(net.forward(&SMatrix::<f32, 6, 2>::zeros()).unwrap(), 2);
    assert_eq!(net.forward(&SMatrix::<f32, 6, 4>::zeros().columns(1, 2)).unwrap(), 2);
    assert_eq!(net.forward(&DMatrix::zeros(6, 9).column(3)).unwrap(), 1);
    assert_eq!(net.both((&[[0.0; 6]; 3], &[1, 2, 3])).unwrap(), 3);
    assert_eq!(net.both((&zeros, &DVector::from_vec(vec![1, 2]))).unwrap(), 2);
    assert_eq!(net.both((slice, &Tensor::zeros([2, 1]))).unwrap(), 2);
    assert_eq!(Net::<f64>::new().forward(&vec![0.0; 6]).unwrap(), 1);
}

#[test]
fn elements_come_in_the_order_of_samples() {
    let matrix = DMatrix::from_fn(6, 2, |row, column| (10 * column + row) as f32);
    let (views,) = Feed::<(&[f32],)>::views(&&matrix);
    assert_eq!(views[..7], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 10.0]);
    let nested = [[[1_u32, 2], [3, 4]], [[5, 6], [7, 8]]];
    assert_eq!(nested.elements(), [1, 2, 3, 4, 5, 6, 7, 8]);
}

#[test]
fn wrong_sizes_are_named() {
    let net = Net::<f32>::new();
    let error = net.forward(&vec![0.0; 13]).unwrap_err();
    assert!(matches!(error, Error::InputLength { port: "x", actual: 13, expected: 6, .. }));
    let error = net.forward(&DMatrix::zeros(9, 6)).unwrap_err();
    assert!(matches!(error, Error::SampleSize { actual: 9, samples: 6, expected: 6, .. }));
    assert!(error.to_string().contains("transposed"), "{error}");
    let error = net.forward(&Tensor::zeros([2, 3])).unwrap_err();
    assert!(error.to_string().contains("leading axis of 1"), "{error}");
    let error = net.forward(&[[0.0; 5]; 6]).unwrap_err();
    assert!(matches!(error, Error::SampleSize { actual: 5, .. }));
    for empty in [net.forward(&[0.0; 0]), net.forward(&[[0.0; 6]; 0]), net.forward(&[[0.0; 0]; 6])]
    {
        assert!(matches!(empty, Err(Error::EmptyBatch { port: "x" })));
    }
}

#[test]
fn batches_and_classes_are_checked() {
    let net = Net::<f32>::new();
    let error = net.both((&[[0.0; 6]; 3], &[1, 2])).unwrap_err();
    assert_eq!(error.to_string(), "`x` has 3 samples, but `y` has 2");
    let error = net.both((&[[0.0; 6]; 3], &[1, 9, 10])).unwrap_err();
    assert_eq!(error.to_string(), "sample 2 of `y` is class 10, but there are 10 (from 0)");
    let pairs = [Port::new("y", &[2]).with_classes(4).ignoring(99)];
    let batch = |classes: &[u32]| feed::<(&[u32],)>(classes, &pairs).map(|(_, batch)| batch);
    assert_eq!(batch(&[0, 99, 3, 99]).unwrap(), 2);
    let error = batch(&[0, 1, 2, 3, 4, 0]).unwrap_err();
    assert!(matches!(error, Error::ClassOutOfRange { sample: 2, class: 4, classes: 4, .. }));
    let error = same_batch((&Net::<f32>::X, 3), (&[], 2)).unwrap_err();
    assert_eq!(error.to_string(), "`x` has 3 samples, but `target` has 2");
    same_batch((&Net::<f32>::X, 3), (&[], 3)).unwrap();
}

#[test]
fn a_sample_of_nothing_never_fits() {
    let nothing = [Port::new("x", &[3, 0])];
    let outcome = feed::<(&[f32],)>(&[1.0], &nothing);
    assert!(matches!(outcome, Err(Error::InputLength { expected: 0, .. })));
}

#[test]
fn rows_cut_samples_out_of_each() {
    let (x, y) = ([0.0, 0.5, 1.0, 1.5, 2.0, 2.5], [10_u32, 11, 12]);
    let views = (&x[..], &y[..]);
    assert_eq!(views.rows(1, 2, &[2, 1]), (&x[2..], &y[1..]));
    assert_eq!(views.rows(3, 0, &[2, 1]), (&x[..0], &y[..0]));
    assert_eq!(<(&[f32], &[u32])>::COUNT, 2);
}
