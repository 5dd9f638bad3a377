//! The chapter "The language", run-time sizes.

use monograd::prelude::*;

// ANCHOR: declared
network! {
    /// Two scores for each frame of a recording, of any length up to a bound.
    Recording<const MOST: usize = 500>(frames: [dyn T <= MOST, 8]) -> [T, 2] {
        let change = frames[1..] - frames[..T - 1];
        let padded = concat(change, frames[..1]);
        let h = concat(frames, padded, axis = 1) >> Linear(16) >> Gelu;
        h + mean(h) >> Linear(2)
    }
    loss cross_entropy // the target is `u32[T]`; the mean is over all frames
}
// ANCHOR_END: declared

#[test]
fn lengths_are_read_from_the_data() -> Result<(), Error> {
    // ANCHOR: called
    let mut net: Recording = Recording::init(1);
    let batch = Tensor::zeros([3, 40, 8]); // three recordings of 40 frames
    assert_eq!(net.forward(&batch)?.shape(), [3, 40, 2]);
    let one = Tensor::zeros([25, 8]); // one recording of 25
    assert_eq!(net.forward(&one)?.shape(), [1, 25, 2]);
    assert_eq!(net.forward(one.as_slice())?.shape(), [1, 25, 2]);

    let labels = Tensor::full([3, 40], 1);
    net.train_step(&batch, &labels, &mut Sgd::new(0.1))?;
    // ANCHOR_END: called
    Ok(())
}

#[test]
fn what_does_not_fit_is_named() -> Result<(), Error> {
    // ANCHOR: errors
    let net: Recording = Recording::init(1);
    let batch = Tensor::zeros([3, 40, 8]);
    let error = net.loss(&batch, &Tensor::full([3, 39], 1)).unwrap_err();
    assert_eq!(error.to_string(), "`frames` has T = 40, but `target` has T = 39");

    let error = net.forward(&Tensor::zeros([3, 501, 8])).unwrap_err();
    assert_eq!(error.to_string(), "`frames` has T = 501, but T is at most 500");

    let error = net.forward(&Tensor::zeros([3, 1, 8])).unwrap_err();
    assert_eq!(error.to_string(), "`1..` selects nothing of an axis of T (T = 1)");
    // ANCHOR_END: errors
    Ok(())
}

#[test]
fn memory_is_for_the_largest() -> Result<(), Error> {
    // ANCHOR: workspace
    let net: Recording = Recording::init(1);
    let mut workspace = net.workspace_for(4, &[200])?; // four recordings of up to 200 frames
    for (samples, frames) in [(4, 200), (1, 30), (4, 77)] {
        let batch = Tensor::zeros([samples, frames, 8]);
        let scores = net.forward_into(&batch, &mut workspace)?;
        assert_eq!(scores.len(), samples * frames * 2);
    }
    let cost = Recording::<500>::cost(&[200])?;
    assert!(cost.flops < Recording::<500>::FLOPS);
    // ANCHOR_END: workspace
    Ok(())
}
