//! The rows of the comparison in dfdx.

use dfdx::optim::{Adam, AdamConfig, Sgd, SgdConfig};
use dfdx::prelude::*;
use monograd_benches::data::{Random, Rotation};
use monograd_benches::rows;
use std::process::ExitCode;

type Tiny = ((Linear<2, 32>, Tanh), (Linear<32, 32>, Tanh), Linear<32, 1>);
type Mlp = ((Linear<784, 512>, AccurateGeLU), (Linear<512, 256>, AccurateGeLU), Linear<256, 10>);
type Matrix<const R: usize, const C: usize> = Tensor<Rank2<R, C>, f32, Cpu>;

fn normal<const R: usize, const C: usize>(random: &mut Random, device: &Cpu) -> Matrix<R, C> {
    device.tensor_from_vec(random.normal(R * C), (Const::<R>, Const::<C>))
}

/// Returns random classes as one-hot rows: dfdx's cross entropy takes probabilities.
fn one_hot<const R: usize>(random: &mut Random, device: &Cpu) -> Matrix<R, 10> {
    let mut values = vec![0.0; R * 10];
    for (row, class) in values.chunks_exact_mut(10).zip(random.classes(R, 10)) {
        row[class as usize] = 1.0;
    }
    device.tensor_from_vec(values, (Const::<R>, Const::<10>))
}

fn main() -> ExitCode {
    dfdx::flush_denormals_to_zero();
    let device = Cpu::default();
    rows::run("dfdx 0.13", |side| {
        side.infer("mlp-tiny-infer", |random| {
            let net = device.build_module::<Tiny, f32>();
            let x = normal::<1, 2>(random, &device);
            move || net.forward(x.clone())
        });
        side.train(
            "mlp-tiny-train",
            |random| {
                let mut net = device.build_module::<Tiny, f32>();
                let mut gradients = Some(net.alloc_grads());
                let sgd = SgdConfig { lr: 1e-3, momentum: None, weight_decay: None };
                let mut sgd = Sgd::new(&net, sgd);
                let mut batches = Rotation::new(32, || {
                    (normal::<32, 2>(random, &device), normal::<32, 1>(random, &device))
                });
                move || {
                    let (x, y) = batches.next().clone();
                    let traced = x.traced(gradients.take().expect("gradients between steps"));
                    let loss = mse_loss(net.forward_mut(traced), y);
                    let value = loss.array();
                    let mut filled = loss.backward();
                    sgd.update(&mut net, &filled).unwrap();
                    net.zero_grads(&mut filled);
                    gradients = Some(filled);
                    value
                }
            },
            |loss| loss,
        );
        side.train(
            "mlp-train",
            |random| {
                let mut net = device.build_module::<Mlp, f32>();
                let mut gradients = Some(net.alloc_grads());
                let mut adam = Adam::new(&net, AdamConfig { lr: 1e-4, ..AdamConfig::default() });
                let mut batches = Rotation::new(64, || {
                    (normal::<64, 784>(random, &device), one_hot::<64>(random, &device))
                });
                move || {
                    let (x, labels) = batches.next().clone();
                    let traced = x.traced(gradients.take().expect("gradients between steps"));
                    let loss = cross_entropy_with_logits_loss(net.forward_mut(traced), labels);
                    let value = loss.array();
                    let mut filled = loss.backward();
                    adam.update(&mut net, &filled).unwrap();
                    net.zero_grads(&mut filled);
                    gradients = Some(filled);
                    value
                }
            },
            |loss| loss,
        );
        side.infer("mlp-infer-b1", |random| {
            let net = device.build_module::<Mlp, f32>();
            let x = normal::<1, 784>(random, &device);
            move || net.forward(x.clone())
        });
        side.infer("mlp-infer-b256", |random| {
            let net = device.build_module::<Mlp, f32>();
            let x = normal::<256, 784>(random, &device);
            move || net.forward(x.clone())
        });
    })
}
