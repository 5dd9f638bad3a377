//! The chapter "The language": networks inside networks, bare parameters, losses of one's own.

use monograd::prelude::*;

// ANCHOR: nested
network! {
    Classifier<A: Activation = Gelu, const D: usize = 8>(x: [D]) -> [3] {
        let block = Block::<A, D>; // named: its parameters are `block.fc.weight` ...
        let h = x >> block >> block; // ... and shared, as it is applied twice
        let (value, gate) = h >> Block::<Tanh, D, { 2 * D }> >> Gate::<D>; // `block0`, `gate0`
        (value, gate) >> Product::<D> >> Linear(3)
    }
    loss cross_entropy

    Block<A: Activation, const D: usize, const H: usize = 16>(x: [D]) -> [D] {
        let fc = Linear(H);
        x + (x >> fc >> A >> Linear(D))
    }

    Gate<const D: usize>(x: [D]) -> ([D], [D]) { (x >> Linear(D), sigmoid(x >> Linear(D))) }

    Product<const D: usize>(a: [D], b: [D]) -> [D] { a * b }
}
// ANCHOR_END: nested

#[test]
fn nested_parameters_have_dotted_names() -> Result<(), Error> {
    let net: Classifier = Classifier::init(1);
    // ANCHOR: nested_names
    assert_eq!(net.parameters().get("block.fc.weight")?.shape(), [16, 8]);
    assert_eq!(net.parameters().get("block0.linear0.bias")?.shape(), [8]);
    assert_eq!(net.parameters().get("gate0.linear1.weight")?.shape(), [8, 8]);
    // ANCHOR_END: nested_names
    assert_eq!(net.forward(&[0.5; 16])?.shape(), [2, 3]);
    Ok(())
}

// ANCHOR: parameters
const EPS: f64 = 1e-5; // constants of your own, in upper case

network! {
    RootMeanSquare<const D: usize>(x: [D]) -> [D] {
        let weight = param([D], init = ones);
        weight * x * rsqrt(mean(square(x)) + EPS)
    }
}
// ANCHOR_END: parameters

// ANCHOR: states
network! {
    Centred<const D: usize>(x: [D]) -> [2] {
        let mut centre = state([D], init = zeros);
        let mut steps = state([], init = zeros, integer = true);
        // in training the centre of this batch, later the running one
        let y = (x - select(training, batch_mean(x), centre)) >> Linear(2);
        centre = 0.9 * centre + 0.1 * batch_mean(x);
        steps = steps + 1;
        y
    }
    loss mse
}
// ANCHOR_END: states

#[test]
fn training_assigns_states() -> Result<(), Error> {
    // ANCHOR: assigned
    let mut net = Centred::<3>::init(1);
    net.train_step(&[[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]], &[[0.0; 2]; 2], &mut Sgd::new(0.1))?;
    let centre = net.parameters().get("centre")?.as_slice().to_vec();
    assert!(centre.iter().all(|x| (x - 0.2).abs() < 1e-6));
    assert_eq!(net.parameters().get("steps")?.as_slice(), [1.0]);
    assert_eq!(Centred::<3>::PARAMS, 8); // what is learned
    // ANCHOR_END: assigned
    Ok(())
}

// ANCHOR: own_loss
network! {
    /// A variational autoencoder; the noise is an input.
    Vae(x: [6], noise: [2]) -> [6] {
        let h = x >> Linear(4) >> Gelu;
        let mu = h >> Linear(2);
        let log_var = h >> Linear(2);
        let decoder = Linear(6);
        mu + noise * exp(0.5 * log_var) >> decoder
    }
    // the output, then values of the body; no target, as it compares with the input
    loss |y, mu, log_var| {
        let kl = 0.5 * sum(exp(log_var) + square(mu) - 1.0 - log_var);
        mse(y, x) + 0.1 * kl + 1e-4 * l2(decoder.weight)
    }
    metric distance |y, x| l1(y, x)

    /// Two outputs, two targets.
    Both(x: [4]) -> ([3], [4]) { (x >> Linear(3), x >> Linear(4)) }
    loss |y, z, target: u32, clean: [4]| cross_entropy(y, target) + 0.1 * mse(z, clean)
    metric accuracy |y, z, target| accuracy(y, target)
}
// ANCHOR_END: own_loss

#[test]
fn losses_and_metrics_of_ones_own() -> Result<(), Error> {
    let (x, noise) = ([0.5; 6 * 4], [0.1; 2 * 4]);
    // ANCHOR: measure
    let mut net = Vae::init(1);
    net.train_step((&x, &noise), (), &mut Adam::new(1e-3))?; // `()`: no targets
    let measures = net.measure((&x, &noise), ())?;
    println!("{measures}"); // the loss, then every metric by its name
    // ANCHOR_END: measure
    assert!(measures.loss > 0.0 && measures.get("distance").is_some());
    let measures = Both::init(1).measure(&[0.5; 4], (&[1], &[0.0; 4]))?;
    assert!(measures.get("accuracy").is_some());
    assert_eq!(RootMeanSquare::<6>::init(1).forward(&x)?.shape(), [4, 6]);
    Ok(())
}
