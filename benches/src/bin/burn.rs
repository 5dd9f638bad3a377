//! The rows of the comparison in burn, on its pure-Rust CPU backend.

use burn::module::Module;
use burn::nn::loss::{CrossEntropyLossConfig, MseLoss, Reduction};
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::prelude::*;
use burn::tensor::activation::{gelu, tanh};
use monograd_benches::data::{Random, Rotation};
use monograd_benches::rows;
use std::process::ExitCode;

/// Three linear layers.
#[derive(Module, Debug)]
struct Mlp {
    first: Linear,
    second: Linear,
    third: Linear,
}

impl Mlp {
    fn new([a, b, c, d]: [usize; 4], device: &Device) -> Self {
        Self {
            first: LinearConfig::new(a, b).init(device),
            second: LinearConfig::new(b, c).init(device),
            third: LinearConfig::new(c, d).init(device),
        }
    }

    fn forward(&self, x: Tensor<2>, activation: fn(Tensor<2>) -> Tensor<2>) -> Tensor<2> {
        let x = activation(self.first.forward(x));
        let x = activation(self.second.forward(x));
        self.third.forward(x)
    }
}

const TINY: [usize; 4] = [2, 32, 32, 1];
const MLP: [usize; 4] = [784, 512, 256, 10];

/// A module with its optimiser.
struct Trainer {
    module: Option<Mlp>,
    optimizer: ModuleOptimizer,
    learning_rate: f64,
    device: Device,
}

impl Trainer {
    fn step(&mut self, loss: impl FnOnce(&Mlp) -> Tensor<1>) -> Tensor<1> {
        let module = self.module.take().expect("a module between steps");
        let loss = loss(&module);
        let gradients = GradientsParams::from_grads(loss.backward(), &module);
        self.module = Some(self.optimizer.step(self.learning_rate, module, gradients));
        self.device.sync().unwrap();
        loss
    }
}

fn normal(random: &mut Random, rows: usize, columns: usize, device: &Device) -> Tensor<2> {
    let data = TensorData::new(random.normal(rows * columns), [rows, columns]);
    Tensor::from_data(data, device)
}

fn classes(random: &mut Random, rows: usize, device: &Device) -> Tensor<1, Int> {
    let classes: Vec<i32> = random.classes(rows, 10).into_iter().map(|c| c as i32).collect();
    Tensor::from_data(TensorData::new(classes, [rows]), device)
}

fn main() -> ExitCode {
    let value = |loss: Tensor<1>| loss.into_scalar::<f32>();
    rows::run("burn 0.22 (flex)", |side| {
        let plain = Device::flex();
        let device = plain.clone().autodiff();
        side.infer("mlp-tiny-infer", |random| {
            let (net, x) = (Mlp::new(TINY, &plain), normal(random, 1, 2, &plain));
            let device = plain.clone();
            move || {
                let y = net.forward(x.clone(), tanh);
                device.sync().unwrap();
                y
            }
        });
        side.train(
            "mlp-tiny-train",
            |random| {
                let mut trainer = Trainer {
                    module: Some(Mlp::new(TINY, &device)),
                    optimizer: SgdConfig::new().init(),
                    learning_rate: 1e-3,
                    device: device.clone(),
                };
                let mut batches = Rotation::new(32, || {
                    (normal(random, 32, 2, &device), normal(random, 32, 1, &device))
                });
                move || {
                    let (x, y) = batches.next().clone();
                    trainer.step(|net| {
                        MseLoss::new().forward(net.forward(x, tanh), y, Reduction::Mean)
                    })
                }
            },
            value,
        );
        side.train(
            "mlp-train",
            |random| {
                let mut trainer = Trainer {
                    module: Some(Mlp::new(MLP, &device)),
                    optimizer: AdamConfig::new().init(),
                    learning_rate: 1e-4,
                    device: device.clone(),
                };
                let cross_entropy = CrossEntropyLossConfig::new().init(&device);
                let mut batches = Rotation::new(64, || {
                    (normal(random, 64, 784, &device), classes(random, 64, &device))
                });
                move || {
                    let (x, labels) = batches.next().clone();
                    trainer.step(|net| cross_entropy.forward(net.forward(x, gelu), labels))
                }
            },
            value,
        );
        for batch in [1, 256] {
            side.infer(&format!("mlp-infer-b{batch}"), |random| {
                let (net, x) = (Mlp::new(MLP, &plain), normal(random, batch, 784, &plain));
                let device = plain.clone();
                move || {
                    let y = net.forward(x.clone(), gelu);
                    device.sync().unwrap();
                    y
                }
            });
        }
    })
}
