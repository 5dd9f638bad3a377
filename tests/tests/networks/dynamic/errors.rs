//! The errors of calls whose shapes do not fit.

use super::networks::*;
use monograd::prelude::*;

fn text<T>(outcome: Result<T, Error>) -> String {
    outcome.err().expect("an error").to_string()
}

#[test]
fn shapes_that_are_no_samples() {
    let net = Tagger::<6>::init(1);
    let error = net.forward(&Tensor::<f32>::zeros([5, 4])).unwrap_err();
    assert!(matches!(&error, Error::InputShape { port: "x", actual, .. } if *actual == [5, 4]));
    assert_eq!(
        error.to_string(),
        "`x` is [5, 4], but a sample is [T, 5]: a batch of them has one axis more, in front"
    );
    assert!(
        text(net.forward(&Tensor::<f32>::zeros([1, 2, 3, 5]))).starts_with("`x` is [1, 2, 3, 5]")
    );
    assert!(text(net.forward(&[0.0; 7])).starts_with("`x` is [7], but a sample is [T, 5]"));
    assert!(text(net.forward(&nalgebra::DMatrix::zeros(7, 2))).starts_with("`x` is [7], but"));
    for empty in [net.forward(&[0.0; 0]), net.forward(&Tensor::zeros([2, 0, 5]))] {
        assert!(matches!(empty, Err(Error::EmptyLength { port: "x", length: "T" })));
        assert_eq!(text(empty), "`x` has T = 0, but a run-time size is at least 1");
    }
    // no samples, with any sizes
    for empty in [Tensor::zeros([0, 3, 5]), Tensor::zeros([0, usize::MAX >> 30, 5])] {
        assert_eq!(text(net.forward(&empty)), "`x` is empty: a batch has at least one sample");
    }
}

#[test]
fn lengths_that_disagree() {
    let net = Tagger::<6>::init(1);
    let x = Tensor::<f32>::zeros([2, 4, 5]);
    let error = net.loss(&x, &[[0, 1, 2], [0, 1, 2]]).unwrap_err();
    assert!(matches!(
        error,
        Error::LengthMismatch {
            length: "T",
            first: "x",
            first_length: 4,
            second: "target",
            second_length: 3
        }
    ));
    assert_eq!(error.to_string(), "`x` has T = 4, but `target` has T = 3");
    // a size that is computed from others
    let past = Past::init(1);
    let (x, y) = (Tensor::zeros([2, 4, 4]), Tensor::zeros([2, 2]));
    assert!(past.loss(&x, (&y, &Tensor::zeros([2, 5, 4]))).is_ok());
    let error = text(past.loss(&x, (&y, &Tensor::zeros([2, 4, 4]))));
    assert!(error.starts_with("`next` is [2, 4, 4], but a sample is [T + 1, 4]"), "{error}");
    // different numbers of samples
    let error = text(past.loss(&x, (&y, &Tensor::zeros([3, 5, 4]))));
    assert_eq!(error, "`target` has 2 samples, but `next` has 3");
}

#[test]
fn classes_out_of_range() {
    let net = Tagger::<6>::init(1);
    let x = Tensor::<f32>::zeros([2, 4, 5]);
    let error = text(net.loss(&x, &[[0_u32, 1, 2, 0], [0, 1, 3, 0]]));
    assert_eq!(error, "sample 1 of `target` is class 3, but there are 3 (from 0)");
    // as many classes as tokens
    let pointer = Pointer::init(1);
    assert!(pointer.loss(&Tensor::zeros([2, 4, 3]), &[3, 0]).is_ok());
    let error = text(pointer.loss(&Tensor::zeros([2, 4, 3]), &[3, 4]));
    assert_eq!(error, "sample 1 of `target` is class 4, but there are 4 (from 0)");
}

#[test]
fn bounds() {
    let net = Pair::<7>::init(1);
    let (x, z) = (Tensor::<f32>::zeros([2, 9, 3]), Tensor::zeros([2, 9, 1]));
    assert!(net.forward((&x, &Tensor::zeros([2, 7, 3]), &z)).is_ok());
    let error = net.forward((&x, &Tensor::zeros([2, 8, 3]), &z)).unwrap_err();
    assert!(matches!(error, Error::LengthBound { port: "y", length: "T", actual: 8, bound: 7 }));
    assert_eq!(error.to_string(), "`y` has T = 8, but T is at most 7");
    let error = text(net.workspace_for(1, &[9, 8]));
    assert_eq!(error, "`workspace_for` has T = 8, but T is at most 7");
    let error = text(net.workspace_for(1, &[0, 7]));
    assert_eq!(error, "a size is at least 1 (S = 0)");
    let error = text(net.workspace_for(1, &[9]));
    assert_eq!(error, "1 run-time sizes were given, but the network has S, T");
    assert!(text(Pair::<7>::cost(&[9, 7])).ends_with("has S, T, U"));
    // without explicit sizes, a workspace is made for the bounds
    let mut workspace = net.workspace(2);
    let mut short = |s, t| {
        let (x, y) = (Tensor::<f32>::zeros([2, s, 3]), Tensor::zeros([2, t, 3]));
        net.forward_into((&x, &y, &Tensor::zeros([2, s, 1])), &mut workspace).map(<[f32]>::len)
    };
    assert_eq!(short(1, 7).unwrap(), 2 * 8 * 2);
    assert!(matches!(short(2, 7), Err(Error::WorkspaceLengths { .. })));
}

network! {
    Sizes(x: [dyn S, 2], y: [dyn T, 2]) -> [2] {
        let late = x[3..];
        let middle = reshape(y, [T / 2, 4])[T / 2 - 1];
        mean((x + y) * 2) * (reshape(x[..2], [4]) + middle + late[0, 0] * mean(late))[..2]
    }
}

network! {
    Squares(x: [dyn S, dyn T], y: [dyn T, dyn S]) -> [S, T] {
        x + reshape(y, [S, T])
    }
}

#[test]
fn what_the_sizes_have_to_satisfy() {
    let net = Sizes::init(1);
    let at = |s, t| net.forward((&Tensor::<f32>::zeros([1, s, 2]), &Tensor::zeros([1, t, 2])));
    assert!(at(4, 4).is_ok() && at(8, 8).is_ok());
    let error = at(4, 6).unwrap_err();
    assert!(matches!(error, Error::Lengths { .. }));
    assert_eq!(
        error.to_string(),
        "`+` takes equal shapes, but `x` is [S, 2] and `y` is [T, 2] (S = 4, T = 6)"
    );
    assert!(text(at(3, 3)).ends_with("(S = 3, T = 3)"));
    assert!(text(at(2, 2)).contains("`3..` selects nothing of an axis of S"));
    let error = text(at(5, 5));
    assert_eq!(error, "`y` has 2 * T elements, but [T / 2, 4] has 4 * (T / 2) (S = 5, T = 5)");
}

#[test]
fn flat_data_that_tells_nothing() {
    let net = Squares::init(1);
    let (x, y) = ([0.0_f32; 6], [0.0; 6]);
    let error = net.forward((&x, &y)).unwrap_err();
    assert!(matches!(error, Error::FlatInput { port: "x", .. }));
    assert_eq!(
        error.to_string(),
        "`x` is flat, which does not tell the sizes of [S, T]: pass a tensor or nested arrays"
    );
    let y = net.forward((&Tensor::zeros([1, 3, 2]), &y)).unwrap();
    assert_eq!(y.shape(), [1, 3, 2]);
}

network! {
    Cubes(x: [dyn T], y: [dyn S]) -> [T, T, T] {
        let w = param([4], init = ones);
        let wide = reshape(x, [T, 1, 1]) * reshape(x, [T, 1]) * x;
        wide * mean(reshape(y, [S, 1]) * w) + x[0] * y[0]
    }
    loss |out, t: [1]| mean(out) - t[0]
}

/// Nothing overflows: neither sizes computed from others nor allocations.
#[test]
fn sizes_beyond_memory() {
    const MOST: usize = 1 << 40;
    let net = Cubes::init(1);
    for lengths in [[usize::MAX; 2], [MOST + 1, 1], [1, usize::MAX / 2]] {
        let error = Cubes::cost(&lengths).unwrap_err();
        assert!(matches!(error, Error::LengthBound { bound: MOST, .. }), "{error}");
        let error = net.workspace_for(1, &lengths).unwrap_err();
        assert!(matches!(error, Error::LengthBound { bound: MOST, .. }), "{error}");
    }
    for t in [MOST, 1 << 21, 3 << 20, (1 << 21) + 1] {
        let error = text(net.workspace_for(1, &[t, 1]));
        assert!(error.contains("there is no memory for it"), "{error}");
        assert!(error.contains(&format!("a batch of 1 with T = {t}, S = 1")), "{error}");
    }
    let error = Cubes::cost(&[MOST, 1]).unwrap_err();
    assert!(matches!(error, Error::TooLarge { scalars: usize::MAX, .. }), "{error}");
    let error = text(net.workspace_for(usize::MAX, &[3, 3]));
    assert!(error.contains("with T = 3, S = 3"), "{error}");
    assert!(net.workspace_for(2, &[3, 3]).is_ok() && Cubes::cost(&[300, 2]).is_ok());

    // the data is small, but the values computed from it are not
    let x = vec![0.0_f32; 1 << 21];
    let outcomes = [
        net.forward((&x, &[1.0])).err(),
        net.loss((&x, &[1.0]), &[0.0]).err(),
        net.gradients((&x, &[1.0]), &[0.0]).err(),
        net.clone().train_step((&x, &[1.0]), &[0.0], &mut Sgd::new(0.1)).err(),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Some(Error::TooLarge { .. })), "{outcome:?}");
    }
    assert_eq!(net.forward((&[1.0, 2.0], &[1.0])).unwrap().shape(), [1, 2, 2, 2]);
}
