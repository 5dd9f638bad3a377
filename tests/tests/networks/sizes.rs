//! Batches that are too large for any memory must give an error or a panic at once, instead of an
//! overflow.

use monograd::prelude::*;

network! {
    Net(x: [3]) -> [3] { x >> Linear(8) >> Gelu >> Linear(3) }
    loss mse
}

network! {
    Nothing(x: [3]) -> [3] { x }
}

const HUGE: [usize; 6] =
    [usize::MAX, usize::MAX / 3 + 1, usize::MAX / 3, usize::MAX / 12 + 1, usize::MAX / 11, 1 << 62];

#[test]
fn workspaces() {
    for batch in HUGE {
        let net = Net::init(1);
        let error = net.workspace_for(batch, &[]).unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
        assert!(error.to_string().contains(&format!("a batch of {batch} takes")), "{error}");
        assert!(Nothing::init(1).workspace_for(batch, &[]).is_err());
        let panic = std::panic::catch_unwind(|| net.workspace(batch)).unwrap_err();
        assert_eq!(*panic.downcast_ref::<String>().unwrap(), error.to_string());
    }
    // a workspace for no samples is too small for one
    let net = Net::init(1);
    let mut none = net.workspace(0);
    let error = net.forward_into(&[0.0; 3], &mut none).unwrap_err();
    assert!(matches!(error, Error::Workspace { batch: 1, .. }), "{error}");
}

#[test]
fn data_without_samples_and_of_impossible_shapes() {
    let mut net = Net::init(1);
    let empty = Tensor::<f32>::zeros([0, usize::MAX, 2]);
    let (flat, rows): ([f32; 0], Tensor<f32>) = ([], Tensor::zeros([0, 3]));
    for outcome in [net.forward(&empty), net.forward(&flat), net.forward(&rows)] {
        assert!(matches!(outcome, Err(Error::EmptyBatch { port: "x" })), "{outcome:?}");
    }
    let before = net.parameters().get("linear0.weight").unwrap().to_tensor();
    let mut optimizer = Sgd::new(0.1);
    assert!(net.train_step(&rows, &rows, &mut optimizer).is_err());
    assert!(net.train_step(&[0.0; 6], &[0.0; 3], &mut optimizer).is_err());
    assert_eq!(net.parameters().get("linear0.weight").unwrap().to_tensor(), before);
    assert_eq!(optimizer.steps(), 0);
    // NaN and extreme numbers are propagated, and cause no panic
    for x in [f32::NAN, f32::INFINITY, f32::MAX, -f32::MIN_POSITIVE] {
        let y = net.forward(&[x; 3]).unwrap();
        assert_eq!(y.shape(), [1, 3]);
        assert!(net.loss(&[x; 3], &[x; 3]).is_ok());
    }
    assert!(matches!(<Net as Network>::cost(&[1]), Err(Error::LengthCount { actual: 1, .. })));
}
