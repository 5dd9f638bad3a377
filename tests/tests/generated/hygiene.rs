//! Compiles generated code under the strictest lints (with clippy too): the networks of `networks/` must
//! compile without a warning, and are trained for some steps.

#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::pedantic)]

use monograd::prelude::*;

#[path = "../../networks/attention.rs"]
mod attention;
#[path = "../../networks/autoencoder.rs"]
mod autoencoder;
#[path = "../../networks/blocks.rs"]
mod blocks;
#[path = "../../networks/broadcast.rs"]
mod broadcast;
#[path = "../../networks/checkpointed.rs"]
mod checkpointed;
#[path = "../../networks/digits.rs"]
mod digits;
#[path = "../../networks/dropout.rs"]
mod dropout;
#[path = "../../networks/elsewhere.rs"]
mod elsewhere;
#[path = "../../networks/frozen.rs"]
mod frozen;
#[path = "../../networks/functions.rs"]
mod functions;
#[path = "../../networks/gated.rs"]
mod gated;
#[path = "../../networks/inference.rs"]
mod inference;
#[path = "../../networks/logistic.rs"]
mod logistic;
#[path = "../../networks/loops.rs"]
mod loops;
#[path = "../../networks/operations.rs"]
mod operations;
#[path = "../../networks/per_row.rs"]
mod per_row;
#[path = "../../networks/recurrent.rs"]
mod recurrent;
#[path = "../../networks/regression.rs"]
mod regression;
#[path = "../../networks/residual.rs"]
mod residual;
#[path = "../../networks/several.rs"]
mod several;
#[path = "../../networks/siamese.rs"]
mod siamese;
#[path = "../../networks/two_inputs.rs"]
mod two_inputs;
#[path = "../../networks/two_outputs.rs"]
mod two_outputs;

/// Checks that a few steps reduce the loss on the given inputs and targets.
macro_rules! learns {
    ($network:ty, $inputs:expr, $targets:expr) => {{
        let mut net = <$network>::init(7);
        let mut optimizer = Adam::new(1e-3);
        let before = net.loss($inputs, $targets)?;
        for _ in 0..20 {
            net.train_step($inputs, $targets, &mut optimizer)?;
        }
        let after = net.loss($inputs, $targets)?;
        assert!(after < before, "{}: {before} to {after}", stringify!($network));
    }};
}

/// Returns varied numbers.
fn data<const N: usize>() -> [f32; N] {
    let mut generator = monograd::Philox::new(3).stream(0);
    core::array::from_fn(|_| {
        #[allow(clippy::cast_possible_truncation)]
        let x = generator.uniform() as f32;
        x
    })
}

#[test]
fn classifiers_learn() -> Result<(), Error> {
    learns!(digits::Digits, &data::<128>(), &[3_u32, 8]);
    learns!(digits::Digits<Relu, 7>, &data::<128>(), &[3_u32, 8]);
    learns!(logistic::Logistic, &data::<8>(), &[0_u32, 2]);
    learns!(dropout::Forgetful, &data::<32>(), &[0_u32, 3]);
    learns!(frozen::Finetuned<Tanh>, &data::<18>(), &[0_u32, 1]);
    learns!(per_row::Rows, &data::<64>(), &[0_u32, 1, 2, 3, 4, 0, 1, 2]);
    Ok(())
}

#[test]
fn regressions_learn() -> Result<(), Error> {
    learns!(regression::Regression, &data::<3>(), &[0.0, 1.0, 0.5]);
    learns!(autoencoder::Autoencoder, &data::<128>(), &data::<128>());
    learns!(two_inputs::Rating, (&data::<24>(), &data::<40>()), &[5.0, 1.0]);
    learns!(siamese::Siamese, (&data::<20>(), &[0.1; 20]), &[5.0; 10]);
    learns!(gated::Gated, &data::<256>(), &data::<128>());
    learns!(several::Generator, &data::<8>(), &data::<32>());
    learns!(several::Critic, &data::<32>(), &[1.0, 0.0]);
    learns!(attention::Attention, &data::<84>(), &[0.5; 84]);
    learns!(operations::Operations, (&data::<48>(), &[0, 1, 2, 3, 3, 2, 1, 0]), &[0.0; 12]);
    learns!(two_outputs::ActorCritic, &data::<12>(), (&[1_u32, 3], &[0.5, -0.5]));
    Ok(())
}

#[test]
fn loops_learn() -> Result<(), Error> {
    learns!(residual::Residual, &data::<36>(), &[0_u32, 1, 2]);
    learns!(residual::Residual<9, 4>, &data::<8>(), &[0_u32, 1]);
    learns!(recurrent::Recurrent, &data::<72>(), &[0_u32, 2]);
    learns!(checkpointed::Checkpointed, &data::<30>(), &[0.5; 30]);
    learns!(checkpointed::Checkpointed<Tanh>, &data::<30>(), &[0.5; 30]);
    learns!(loops::Loops, &data::<24>(), &[0.0, 1.0, 0.5, -1.0, 1.0, 0.0]);
    learns!(elsewhere::Elsewhere, (&data::<32>(), &data::<128>()), &[1.0, -1.0, 0.5, 0.0]);
    learns!(blocks::Blocks, &data::<16>(), &[0.0, 1.0, 0.5, -1.0]);
    Ok(())
}

#[test]
fn without_parameters() -> Result<(), Error> {
    let net: inference::Probabilities = inference::Probabilities::init(0);
    let (likely, logarithm) = net.forward(&data::<10>())?;
    assert!((likely.as_slice().iter().sum::<f32>() - 1.0).abs() < 1e-6);
    for (p, l) in likely.as_slice().iter().zip(logarithm.as_slice()) {
        assert!((p.ln() - l).abs() < 1e-5);
    }
    let net = functions::Functions::init(0);
    assert!(net.loss((&data::<7>(), &data::<7>()), &[0.0; 7])?.is_finite());
    let net = broadcast::Broadcast::init(0);
    let y = net.forward((&[3.0; 12], &[1.0; 4], &[6.0; 3]))?;
    assert_eq!(y.as_slice(), [3.5; 12]);
    Ok(())
}
