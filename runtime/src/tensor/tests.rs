use super::*;
use nalgebra::{DMatrix, DVector};

#[test]
fn shape_and_data_must_agree() {
    let tensor = Tensor::from_slice([2, 3], &[1, 2, 3, 4, 5, 6]).unwrap();
    assert_eq!((tensor.shape(), tensor.rank(), tensor.len()), (&[2, 3][..], 2, 6));
    let error = Tensor::from_vec([2, 3], vec![1.0_f32; 5]).unwrap_err();
    assert_eq!(error.to_string(), "a tensor of shape [2, 3] has 6 scalars, but there are 5");
    let error = Tensor::from_slice([usize::MAX, 2], &[1_u32]).unwrap_err();
    assert!(matches!(error, Error::TensorLength { expected: usize::MAX, actual: 1, .. }));
    let overflow_with_zero = Tensor::<f32>::zeros([usize::MAX, 2, 0]);
    assert!(overflow_with_zero.is_empty());
    let mut no_rows = Tensor::<f32>::zeros([0, usize::MAX, 2]);
    assert_eq!(no_rows.rows().len(), 0);
    assert_eq!(no_rows.as_matrix_mut().ncols(), 0);
}

#[test]
fn a_tensor_beyond_memory_is_not_made() {
    let shapes: [&[usize]; 4] =
        [&[usize::MAX], &[usize::MAX; 2], &[usize::MAX / 4], &[1 << 40, 1 << 21]];
    for shape in shapes {
        let error = Tensor::<f32>::try_zeros(shape).unwrap_err();
        assert!(error.to_string().starts_with(&format!("a tensor of shape {shape:?} takes")));
        let made = [
            std::panic::catch_unwind(|| Tensor::<f32>::zeros(shape)),
            std::panic::catch_unwind(|| Tensor::full(shape, 1.0_f32)),
            std::panic::catch_unwind(|| Tensor::from_fn(shape, |i| i as f32)),
        ];
        assert!(made.iter().all(Result::is_err));
        for wrong in [Tensor::from_slice(shape, &[1.0]), Tensor::from(vec![1.0]).reshape(shape)] {
            assert!(matches!(wrong, Err(Error::TensorLength { .. })));
        }
    }
}

#[test]
fn reshape_keeps_the_order_of_memory() {
    let tensor = Tensor::from_fn([4, 3], |i| i as f32);
    let address = tensor.as_slice().as_ptr();
    let reshaped = tensor.reshape([2, 2, 3]).unwrap();
    assert_eq!(reshaped.as_slice().as_ptr(), address);
    assert_eq!(reshaped[[1, 0, 2]], 8.0);
    assert!(reshaped.reshape([5]).is_err());
}

#[test]
fn indices_are_checked_axis_by_axis() {
    let mut tensor = Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    assert_eq!(tensor[[1, 0]], 4.0);
    *tensor.get_mut([0, 2]).unwrap() = 9.0;
    assert_eq!(tensor.row(0), [1.0, 2.0, 9.0]);
    assert_eq!(tensor.get([0, 3]), None);
    assert_eq!(tensor.get([2, 0]), None);
    assert_eq!(tensor.get([0]), None);
    assert_eq!(Tensor::<f32>::full([0; 0], 2.5)[[]], 2.5);
}

#[test]
#[should_panic(expected = "no index [2, 0] in a tensor of shape [2, 3]")]
fn a_wrong_index_says_which() {
    let tensor = Tensor::<f32>::zeros([2, 3]);
    let _ = tensor[[2, 0]];
}

#[test]
fn rows_walk_the_leading_axis() {
    let mut tensor = Tensor::from([[[1, 2], [3, 4]], [[5, 6], [7, 8_u32]]]);
    assert_eq!(tensor.rows().collect::<Vec<_>>(), [[1, 2, 3, 4], [5, 6, 7, 8]]);
    tensor.row_mut(1)[0] = 50;
    assert_eq!(tensor[[1, 0, 0]], 50);
    assert_eq!(Tensor::<f32>::zeros([3, 0]).rows().len(), 3);
    assert_eq!(Tensor::<f32>::zeros([]).rows().next(), Some(&[0.0][..]));
}

#[test]
fn argmax_takes_the_first_and_sees_nan() {
    let nan = f32::NAN;
    let scores =
        Tensor::from([[1.0, 3.0, 3.0], [-1.0, -2.0, -3.0], [nan, 9.0, nan], [1.0, nan, nan]]);
    assert_eq!(scores.argmax(), Tensor::from([1, 0, 0, 1]));
    let cube = Tensor::from([[[1, 2], [4, 3]]; 3]);
    assert_eq!(cube.argmax(), Tensor::from([[1, 0]; 3]));
    assert_eq!(Tensor::<f32>::zeros([]).argmax().shape(), [0; 0]);
    assert!(Tensor::<f32>::zeros([0, 3]).argmax().is_empty());
}

#[test]
fn a_column_is_a_sample() {
    let matrix = DMatrix::from_row_slice(3, 2, &[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    let tensor = Tensor::from(matrix.clone());
    assert_eq!(tensor, Tensor::from([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]));
    assert_eq!(tensor.as_matrix(), matrix);
    assert_eq!(DMatrix::from(&tensor), matrix);
    assert_eq!(Tensor::from(matrix.columns(1, 1)), Tensor::from([[4.0, 5.0, 6.0]]));
    assert_eq!(Tensor::from(matrix.view((1, 0), (2, 2))), Tensor::from([[2.0, 3.0], [5.0, 6.0]]));
    let mut tensor = tensor.reshape([2, 3, 1]).unwrap();
    tensor.as_matrix_mut()[(2, 1)] = 60.0;
    assert_eq!(tensor[[1, 2, 0]], 60.0);
    assert_eq!(Tensor::from(DVector::from_vec(vec![1, 2, 3_u32])), Tensor::from([1, 2, 3]));
    assert_eq!(Tensor::<f32>::zeros([0, 5]).as_matrix().shape(), (5, 0));
    assert_eq!(Tensor::<f32>::zeros([5, 0]).as_matrix().shape(), (0, 5));
    assert_eq!(Vec::from(Tensor::from(vec![1.5_f32, 2.5])), [1.5, 2.5]);
}

#[test]
fn prints_its_shape_and_an_excerpt() {
    let tensor = Tensor::from([[1.0, 2.0], [0.25, 0.125]]);
    assert_eq!(format!("{tensor:?}"), "Tensor [2, 2] [1.0, 2.0, 0.25, 0.125]");
    assert_eq!(format!("{tensor:.1?}"), "Tensor [2, 2] [1.0, 2.0, 0.2, 0.1]");
    let long = format!("{:?}", Tensor::<u32>::zeros([100, 10]));
    assert_eq!(long, "Tensor [100, 10] [0, 0, 0, 0, 0, 0, 0, 0, ... 992 more]");
}
