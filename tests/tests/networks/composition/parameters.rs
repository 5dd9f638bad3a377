//! Bare parameters and user-defined constants.

use monograd::{Kind, prelude::*};
use monograd_tests::differences::check;

/// Constants of several numeric types.
const EPS: f64 = 1e-5;
const DOUBLE: usize = 2;
mod deep {
    pub const THIRD: f32 = 1.0 / 3.0;
}

network! {
    /// A hand-written normalisation, with a gate for each row and a common scalar.
    Norm<const D: usize>(x: [3, D]) -> [3, D] {
        let weight = param([D], init = ones);
        let bias = param([D], init = zeros, bias = true);
        let centred = x - mean(x);
        let unit = centred * rsqrt(mean(square(centred)) + EPS);
        unit * weight + bias
    }
    loss mse

    Mixed(x: [3, 7]) -> [3, 7] {
        let norm = Norm::<7>;
        let gate = param([3, 1], init = normal(0.5));
        #[frozen]
        let fixed = param([], init = 0.25);
        let bare = param([7, 7], init = orthogonal);
        let h = x >> norm >> norm;
        tanh(h * gate * DOUBLE) + fixed * sigmoid(param([], init = 1) * x) + deep::THIRD * mean(square(bare)) * x
    }
    loss mse
}

#[test]
fn have_right_gradients() {
    check::<Norm<5, f64>>("Norm", Norm::<5>::init(1).cast());
    check::<Mixed<f64>>("Mixed", Mixed::init(1).cast());
}

#[test]
fn begin_as_they_say() -> Result<(), Error> {
    let net = Mixed::init(3);
    let parameters = net.parameters();
    assert_eq!(parameters.get("norm.weight")?.as_slice(), [1.0; 7]);
    assert_eq!(parameters.get("norm.bias")?.as_slice(), [0.0; 7]);
    assert_eq!(parameters.get("norm.bias")?.kind(), Kind::Bias);
    assert_eq!(parameters.get("gate")?.shape(), [3, 1]);
    assert_eq!(parameters.get("gate")?.kind(), Kind::Weight);
    assert_eq!(parameters.get("fixed")?.as_slice(), [0.25]);
    assert!(parameters.get("fixed")?.is_frozen());
    assert_eq!(parameters.get("param0")?.as_slice(), [1.0]);
    let bare = parameters.get("bare")?.matrix().into_owned();
    assert!((bare.transpose() * bare).is_identity(1e-5));
    assert_eq!(Mixed::PARAMS, 7 + 7 + 3 + 1 + 49 + 1);
    Ok(())
}

#[test]
fn constants_have_their_values() -> Result<(), Error> {
    network! {
        Constants(x: [2]) -> [2] { DOUBLE * x + deep::THIRD - EPS }
    }
    let y = Constants::init(1).cast::<f64>().forward(&[1.0, 2.0])?;
    let expected = [2.0, 4.0].map(|x| x + f64::from(deep::THIRD) - EPS);
    assert_eq!(y.as_slice(), expected);
    Ok(())
}
