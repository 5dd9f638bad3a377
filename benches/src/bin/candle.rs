//! The rows of the comparison in candle.

use candle_core::{Device, Result, Tensor};
use candle_nn::{
    AdamW, Linear, Module, Optimizer, ParamsAdamW, SGD, VarBuilder, VarMap, linear, loss,
};
use monograd_benches::data::{Random, Rotation};
use monograd_benches::rows;
use std::process::ExitCode;

/// Linear layers with an activation between them.
struct Mlp {
    layers: Vec<Linear>,
    activation: fn(&Tensor) -> Result<Tensor>,
}

impl Mlp {
    fn new(sizes: &[usize], activation: fn(&Tensor) -> Result<Tensor>) -> Result<(Self, VarMap)> {
        let variables = VarMap::new();
        let builder = VarBuilder::from_varmap(&variables, candle_core::DType::F32, &Device::Cpu);
        let layers = sizes
            .windows(2)
            .enumerate()
            .map(|(i, pair)| linear(pair[0], pair[1], builder.pp(i)))
            .collect::<Result<_>>()?;
        Ok((Self { layers, activation }, variables))
    }

    /// Returns the same network without the graph that gradients need.
    fn detached(&self) -> Self {
        let detach =
            |layer: &Linear| Linear::new(layer.weight().detach(), layer.bias().map(Tensor::detach));
        Self { layers: self.layers.iter().map(detach).collect(), activation: self.activation }
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (last, hidden) = self.layers.split_last().expect("layers");
        let mut x = x.clone();
        for layer in hidden {
            x = (self.activation)(&layer.forward(&x)?)?;
        }
        last.forward(&x)
    }
}

fn tiny() -> Result<(Mlp, VarMap)> {
    Mlp::new(&[2, 32, 32, 1], Tensor::tanh)
}

fn mlp() -> Result<(Mlp, VarMap)> {
    Mlp::new(&[784, 512, 256, 10], Tensor::gelu_erf)
}

fn normal(random: &mut Random, rows: usize, columns: usize) -> Tensor {
    Tensor::from_vec(random.normal(rows * columns), (rows, columns), &Device::Cpu).unwrap()
}

fn classes(random: &mut Random, rows: usize) -> Tensor {
    Tensor::from_vec(random.classes(rows, 10), rows, &Device::Cpu).unwrap()
}

fn main() -> ExitCode {
    let value = |loss: Tensor| loss.to_scalar::<f32>().unwrap();
    rows::run("candle 0.11", |side| {
        side.infer("mlp-tiny-infer", |random| {
            let (net, x) = (tiny().unwrap().0.detached(), normal(random, 1, 2));
            move || net.forward(&x).unwrap()
        });
        side.train(
            "mlp-tiny-train",
            |random| {
                let (net, variables) = tiny().unwrap();
                let mut sgd = SGD::new(variables.all_vars(), 1e-3).unwrap();
                let mut batches =
                    Rotation::new(32, || (normal(random, 32, 2), normal(random, 32, 1)));
                move || {
                    let (x, y) = batches.next();
                    let loss = loss::mse(&net.forward(x).unwrap(), y).unwrap();
                    sgd.backward_step(&loss).unwrap();
                    loss
                }
            },
            value,
        );
        side.train(
            "mlp-train",
            |random| {
                let (net, variables) = mlp().unwrap();
                let adam = ParamsAdamW { lr: 1e-4, weight_decay: 0.0, ..ParamsAdamW::default() };
                let mut adam = AdamW::new(variables.all_vars(), adam).unwrap();
                let mut batches =
                    Rotation::new(64, || (normal(random, 64, 784), classes(random, 64)));
                move || {
                    let (x, labels) = batches.next();
                    let loss = loss::cross_entropy(&net.forward(x).unwrap(), labels).unwrap();
                    adam.backward_step(&loss).unwrap();
                    loss
                }
            },
            value,
        );
        for batch in [1, 256] {
            side.infer(&format!("mlp-infer-b{batch}"), |random| {
                let (net, x) = (mlp().unwrap().0.detached(), normal(random, batch, 784));
                move || net.forward(&x).unwrap()
            });
        }
    })
}
