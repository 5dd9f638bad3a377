//! The rows of the comparison in monograd, and also `act-*`: the nanoseconds per element of each activation.

use monograd::prelude::*;
use monograd_benches::data::Rotation;
use monograd_benches::rows;
use std::process::ExitCode;

mod activations;
mod gpt;
mod vocabulary;

network! {
    Tiny(x: [2]) -> [1] {
        x >> Linear(32) >> Tanh >> Linear(32) >> Tanh >> Linear(1)
    }
    loss mse

    Mlp(x: [784]) -> [10] {
        x >> Linear(512) >> Gelu >> Linear(256) >> Gelu >> Linear(10)
    }
    loss cross_entropy

    LeNet(x: [1, 28, 28]) -> [10] {
        let h = x >> Conv2d(6, 5) >> Relu >> MaxPool2d(2) >> Conv2d(16, 5) >> Relu >> MaxPool2d(2);
        h >> Flatten() >> Linear(120) >> Relu >> Linear(84) >> Relu >> Linear(10)
    }
    loss cross_entropy

    #[streaming]
    Sound(x: [dyn T, 1]) -> [T, 1] {
        x >> Lstm(40) >> Linear(1)
    }
    loss mse
}

fn main() -> ExitCode {
    rows::run("monograd", |side| {
        side.infer("mlp-tiny-infer", |random| {
            let (net, x) = (Tiny::init(1), random.normal(2));
            let mut workspace = net.workspace(1);
            move || net.forward_into(&x, &mut workspace).unwrap()[0]
        });
        side.train(
            "mlp-tiny-train",
            |random| {
                let (mut net, mut sgd) = (Tiny::init(1), Sgd::new(1e-3));
                let mut batches = Rotation::new(32, || (random.normal(32 * 2), random.normal(32)));
                move || {
                    let (x, y) = batches.next();
                    net.train_step(x, y, &mut sgd).unwrap()
                }
            },
            |loss| loss,
        );
        side.train(
            "mlp-train",
            |random| {
                let (mut net, mut adam) = (Mlp::init(1), Adam::new(1e-4));
                let mut batches =
                    Rotation::new(64, || (random.normal(64 * 784), random.classes(64, 10)));
                move || {
                    let (x, labels) = batches.next();
                    net.train_step(x, labels, &mut adam).unwrap()
                }
            },
            |loss| loss,
        );
        for batch in [1, 256] {
            side.infer(&format!("mlp-infer-b{batch}"), |random| {
                let (net, x) = (Mlp::init(1), random.normal(batch * 784));
                let mut workspace = net.workspace(batch);
                move || net.forward_into(&x, &mut workspace).unwrap()[0]
            });
        }
        side.train(
            "lenet-train",
            |random| {
                let (mut net, mut adam) = (LeNet::init(1), Adam::new(1e-4));
                let mut batches =
                    Rotation::new(32, || (random.normal(64 * 784), random.classes(64, 10)));
                move || {
                    let (x, labels) = batches.next();
                    net.train_step(x, labels, &mut adam).unwrap()
                }
            },
            |loss| loss,
        );
        side.infer("lstm-infer", |random| {
            let mut sound = random.normal(4096).into_iter().cycle();
            // the stream borrows the network, and the call owns both
            let net: &'static Sound = Box::leak(Box::new(Sound::init(1)));
            let mut stream = net.stream();
            move || stream.step(&[sound.next().unwrap()])[0]
        });
        vocabulary::measure(side);
        gpt::measure(side);
        activations::measure::<Relu>(side, "relu");
        activations::measure::<LeakyRelu>(side, "leaky-relu");
        activations::measure::<Elu>(side, "elu");
        activations::measure::<Selu>(side, "selu");
        activations::measure::<Sigmoid>(side, "sigmoid");
        activations::measure::<HardSigmoid>(side, "hard-sigmoid");
        activations::measure::<Tanh>(side, "tanh");
        activations::measure::<Softplus>(side, "softplus");
        activations::measure::<Gelu>(side, "gelu");
        activations::measure::<GeluTanh>(side, "gelu-tanh");
        activations::measure::<Silu>(side, "silu");
        activations::measure::<Mish>(side, "mish");
        activations::measure::<HardSwish>(side, "hard-swish");
    })
}
