//! The chapter "Looking inside".

use monograd::Error;
use monograd::inspect::{Inspection, Origin};
use monograd::prelude::*;

// ANCHOR: network
network! {
    #[inspect]
    #[input_gradients]
    Deep<A: Activation = Tanh, const DEPTH: usize = 8>(x: [4]) -> [3] {
        let mut h = x >> Linear(16) >> A;
        for _ in 0..DEPTH {
            h = h >> Linear(16) >> A;
        }
        h >> Linear(3)
    }
    loss cross_entropy
}
// ANCHOR_END: network

network! {
    #[inspect]
    Ratio(x: [3]) -> [2] {
        let head = Linear(2);
        let scores = x >> head;
        log(scores / sum(scores))
    }
    loss |y, share: [2]| -sum(share * y)
}

/// Returns 32 samples of four numbers, and their classes.
fn samples() -> (Tensor, Vec<u32>) {
    let x = Tensor::from_fn([32, 4], |i| (i as f32 * 0.77).sin());
    (x, (0..32).map(|i| i % 3).collect())
}

#[test]
fn layers_are_like_this() -> Result<(), Error> {
    let (x, classes) = samples();
    // ANCHOR: inspect
    let net = Deep::<Sigmoid>::init(1);
    let inside: Inspection = net.inspect(&x)?;
    println!("{inside}");
    let csv: String = inside.to_csv();
    // ANCHOR_END: inspect
    assert_eq!(csv.lines().count(), 1 + 2 + 2 * 8 + 1);
    let y = net.forward(&x)?;
    let mean = y.iter().map(|y| f64::from(*y)).sum::<f64>() / y.len() as f64;
    assert!((inside.rows_of("linear1").next().expect("a row").mean - mean).abs() < 1e-6);

    // ANCHOR: norms
    let inside = net.inspect_training(&x, &classes)?;
    let norms = inside.rows_of("h").map(|row| row.gradient_norm);
    for (iteration, norm) in norms.flatten().enumerate() {
        println!("{iteration:3}  {norm:.2e}");
    }
    // ANCHOR_END: norms
    let norms: Vec<f64> = inside.rows_of("h").filter_map(|row| row.gradient_norm).collect();
    // before the loop, and in each iteration: sigmoids let the gradient vanish
    assert_eq!(norms.len(), 9);
    assert!(norms.windows(2).all(|pair| pair[0] < 0.5 * pair[1]), "{norms:?}");
    Ok(())
}

/// Returns the picture of the chapter.
pub fn picture() -> Result<(&'static str, String), Error> {
    let (x, classes) = samples();
    // ANCHOR: chart
    let net = Deep::<Relu, 8>::init(1);
    let chart = net.inspect_training(&x, &classes)?.chart(); // chart.save("layers.svg")
    // ANCHOR_END: chart
    Ok(("inspecting.svg", chart.svg()))
}

#[test]
fn an_anomaly_names_its_operation() -> Result<(), Error> {
    // ANCHOR: anomaly
    let mut net = Ratio::init(1);
    net.parameters_mut().get("head.weight")?.as_mut_slice().fill(0.0);
    net.parameters_mut().get("head.bias")?.as_mut_slice().copy_from_slice(&[0.5, 0.0]);
    let outcome = net.checked_train_step(&[1.0, 2.0, 3.0], &[0.0, 1.0], &mut Sgd::new(0.1));
    println!("{}", outcome.expect_err("the logarithm of 0"));
    // ANCHOR_END: anomaly
    let Some(anomaly) = net.find_anomaly(&[1.0, 2.0, 3.0], &[0.0, 1.0])? else {
        panic!("an infinity")
    };
    let Some(Origin::Operation { operation, line, operands, .. }) = anomaly.origin.as_deref()
    else {
        panic!("{anomaly}")
    };
    assert_eq!((operation.as_str(), *line, operands.as_slice()), ("log", 27, &[0.0][..]));
    assert_eq!(
        anomaly.to_string(),
        "the loss is infinite: `log` on line 27 made the first infinity, from an input of 0 (sample 0, element 1)"
    );
    // the network is as it was
    assert_eq!(net.parameters().get("head.bias")?.as_slice(), [0.5, 0.0]);
    assert!(net.find_anomaly(&[1.0, 2.0, 3.0], &[1.0, 0.0])?.is_some(), "0 times infinity");
    Ok(())
}

#[test]
fn inputs_have_gradients() -> Result<(), Error> {
    let (x, classes) = samples();
    let net = <Deep>::init(1);
    // ANCHOR: adversarial
    // one step of the fast gradient sign method
    let (loss, gradient) = net.input_gradients(&x, &classes)?;
    let mut worse = x.clone();
    for (x, gradient) in worse.as_mut_slice().iter_mut().zip(gradient.iter()) {
        *x += 0.05 * gradient.signum();
    }
    assert!(net.loss(&worse, &classes)? > loss);
    // ANCHOR_END: adversarial

    // ANCHOR: jacobian
    // the Jacobian matrix of one sample: a row for each output
    let sample = &x.row(0).repeat(3);
    let identity = Tensor::from_fn([3, 3], |i| if i % 4 == 0 { 1.0 } else { 0.0 });
    let jacobian = net.vjp(sample, &identity)?;
    assert_eq!(jacobian.shape(), [3, 4]);
    // ANCHOR_END: jacobian
    let exact = net.cast::<f64>();
    let at = |i: usize, step: f64| -> Result<Tensor<f64>, Error> {
        let mut x: Vec<f64> = x.row(0).iter().map(|x| f64::from(*x)).collect();
        x[i] += step;
        exact.forward(&x)
    };
    for i in 0..4 {
        let (above, below) = (at(i, 1e-5)?, at(i, -1e-5)?);
        for output in 0..3 {
            let slope = (above.as_slice()[output] - below.as_slice()[output]) / 2e-5;
            assert!((slope - f64::from(jacobian.row(output)[i])).abs() < 1e-6);
        }
    }
    Ok(())
}
