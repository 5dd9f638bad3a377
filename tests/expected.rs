//! Networks against numbers that PyTorch computed; `vectors/record.py` writes them.

use crate::batch::{Batch, Column, Fed};
use crate::numbers::{Flat, close};
use monograd::source::{Feed, Port};
use monograd::{Kind, Network, ParameterView, Scalar, Sgd, Trainable};
use safetensors::{Dtype, SafeTensors};
use std::path::{Path, PathBuf};

/// Those of the recorded steps.
const LEARNING_RATE: f64 = 0.05;
const MOMENTUM: f64 = 0.9;

/// Compares a network, with the weights of `vectors/{name}.safetensors`, with
/// `vectors/{name}.expected.safetensors`: outputs, loss, all gradients and steps with momentum, in
/// `f32` and in `f64`.
///
/// # Panics
/// When a file is missing, or a number differs.
#[track_caller]
pub fn compare<N>(name: &str, mut net: N)
where
    N: Trainable<Scalar = f32, Output: Flat<f32>>,
    N::Cast<f64>: Trainable<Scalar = f64, Output: Flat<f64>>,
    for<'a> Fed<'a, f32>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
    for<'a> Fed<'a, f64>: Feed<<N::Cast<f64> as Network>::Inputs<'a>>
        + Feed<<N::Cast<f64> as Trainable>::Targets<'a>>,
{
    net.restore(vectors(&format!("{name}.safetensors"))).expect("the weights are the network's");
    let bytes = std::fs::read(vectors(&format!("{name}.expected.safetensors"))).expect("a file");
    let expected = Expected(SafeTensors::deserialize(&bytes).expect("safetensors"));
    // what f32 holds exactly, f64 does as well
    expected.compare(name, net.cast::<f64>(), 1e-12);
    expected.compare(name, net, 1e-5);
}

/// Compares the losses of a step on each of the batches in `vectors/{name}.expected.safetensors`, and
/// what the network is after them (`vectors/steps.py` writes them).
///
/// # Panics
/// When a file is missing, or a number differs.
#[track_caller]
pub fn compare_steps<N>(name: &str, mut net: N)
where
    N: Trainable<Scalar = f32>,
    N::Cast<f64>: Trainable<Scalar = f64>,
    for<'a> Fed<'a, f32>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
    for<'a> Fed<'a, f64>: Feed<<N::Cast<f64> as Network>::Inputs<'a>>
        + Feed<<N::Cast<f64> as Trainable>::Targets<'a>>,
{
    net.restore(vectors(&format!("{name}.safetensors"))).expect("the weights are the network's");
    let bytes = std::fs::read(vectors(&format!("{name}.expected.safetensors"))).expect("a file");
    let expected = Expected(SafeTensors::deserialize(&bytes).expect("safetensors"));
    // rounding grows from step to step
    expected.steps(name, net.cast::<f64>(), 1e-9);
    expected.steps(name, net, 1e-4);
}

fn vectors(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors").join(name)
}

/// What PyTorch computed.
struct Expected<'a>(SafeTensors<'a>);

impl Expected<'_> {
    fn compare<T, N>(&self, name: &str, mut net: N, tolerance: f64)
    where
        T: Scalar,
        N: Trainable<Scalar = T, Output: Flat<T>>,
        for<'a> Fed<'a, T>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
    {
        let (x, t) = (self.batch("input", N::INPUTS), self.batch("target", N::TARGETS));
        let (x, t) = (x.cast::<T>(), t.cast::<T>());
        let losses = self.numbers("losses");
        let outputs = net.forward(x.feed()).unwrap();
        for (i, output) in outputs.flat().into_iter().enumerate() {
            close(name, output, &self.numbers(&format!("output.{i}")), tolerance);
        }
        let (loss, gradients) = net.gradients(x.feed(), t.feed()).unwrap();
        // batch normalisation does something else in training
        let evaluated = self.0.tensor("evaluated").map(|_| self.numbers("evaluated")[0]);
        let evaluated = evaluated.unwrap_or(losses[0]);
        let own = [loss, net.loss(x.feed(), t.feed()).unwrap()];
        close(name, &own, &[losses[0], evaluated], tolerance);
        self.parameters(name, "gradient", gradients.iter(), tolerance);
        let mut optimizer = Sgd::new(LEARNING_RATE).momentum(MOMENTUM);
        let mut step = |_: &f64| net.train_step(x.feed(), t.feed(), &mut optimizer).unwrap();
        let trained: Vec<T> = losses.iter().map(&mut step).collect();
        close(name, &trained, &losses, tolerance);
        self.parameters(name, "after", net.parameters().iter(), tolerance);
    }

    fn steps<T, N>(&self, name: &str, mut net: N, tolerance: f64)
    where
        T: Scalar,
        N: Trainable<Scalar = T>,
        for<'a> Fed<'a, T>: Feed<N::Inputs<'a>> + Feed<N::Targets<'a>>,
    {
        let losses = self.numbers("losses");
        let cut = |what: &str, ports: &[Port], step: usize| {
            let whole = self.numbers(&format!("{what}.0"));
            let len = whole.len() / losses.len();
            let part = &whole[step * len..][..len];
            let column = match ports[0].classes_at(&[]) {
                Some(_) => Column::Classes(part.iter().map(|class| *class as u32).collect()),
                None => Column::Reals(part.to_vec()),
            };
            Batch::new(vec![column]).cast::<T>()
        };
        let mut optimizer = Sgd::new(LEARNING_RATE).momentum(MOMENTUM);
        let step = |step: usize| {
            let (x, t) = (cut("input", N::INPUTS, step), cut("target", N::TARGETS, step));
            net.train_step(x.feed(), t.feed(), &mut optimizer).unwrap()
        };
        let trained: Vec<T> = (0..losses.len()).map(step).collect();
        close(name, &trained, &losses, tolerance);
        self.parameters(name, "after", net.parameters().iter(), 10.0 * tolerance);
    }

    /// Parameters in memory have the two axes of a weight the other way round than in files.
    fn parameters<'a, T: Scalar>(
        &self,
        name: &str,
        what: &str,
        parameters: impl Iterator<Item = ParameterView<'a, T>>,
        tolerance: f64,
    ) {
        for parameter in parameters {
            let key = format!("{what}.{}", parameter.name());
            let actual = parameter.to_tensor();
            if what == "gradient" && parameter.kind() == Kind::State {
                assert!(actual.as_slice().iter().all(|x| *x == T::ZERO), "{name}: {key}");
                continue;
            }
            close(&format!("{name}: {key}"), actual.as_slice(), &self.numbers(&key), tolerance);
        }
    }

    fn batch(&self, what: &str, ports: &[Port]) -> Batch<f64> {
        let keys = (0..ports.len()).map(|i| format!("{what}.{i}"));
        let column = |key: String| {
            let tensor = self.0.tensor(&key).expect("an input or a target");
            let numbers = self.numbers(&key);
            let column = match tensor.dtype() {
                Dtype::I64 => Column::Classes(numbers.iter().map(|class| *class as u32).collect()),
                _ => Column::Reals(numbers),
            };
            (column, tensor.shape().to_vec())
        };
        let (columns, shapes) = keys.map(column).unzip();
        Batch::shaped(columns, shapes)
    }

    fn numbers(&self, key: &str) -> Vec<f64> {
        let tensor = self.0.tensor(key).unwrap_or_else(|error| panic!("{key}: {error}"));
        let (words, rest) = tensor.data().as_chunks::<8>();
        assert!(rest.is_empty(), "{key}: eight bytes a number");
        let number = |word: &[u8; 8]| match tensor.dtype() {
            Dtype::F64 => f64::from_le_bytes(*word),
            Dtype::I64 => i64::from_le_bytes(*word) as f64,
            other => panic!("{key} is {other:?}"),
        };
        words.iter().map(number).collect()
    }
}
