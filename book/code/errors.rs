//! The chapter "Errors": those that a program gets when it runs.

use monograd::prelude::*;

network! {
    Net(x: [64]) -> [10] { x >> Linear(10) }
    loss cross_entropy
}

#[test]
fn errors_name_what_and_where() {
    let mut net = Net::init(1);
    let mut optimizer = Sgd::new(0.1);
    // ANCHOR: run
    let error = net.forward(&[0.0; 130]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`x` has 130 scalars, which is not a whole number of samples of 64 ([64])"
    );

    let error = net.train_step(&[0.0; 128], &[3, 10], &mut optimizer).unwrap_err();
    assert!(matches!(error, Error::ClassOutOfRange { sample: 1, class: 10, classes: 10, .. }));
    assert_eq!(error.to_string(), "sample 1 of `target` is class 10, but there are 10 (from 0)");

    let error = net.parameters().get("linear0.wieght").unwrap_err();
    assert_eq!(error.to_string(), "no parameter `linear0.wieght`; did you mean `linear0.weight`?");
    // ANCHOR_END: run
}
