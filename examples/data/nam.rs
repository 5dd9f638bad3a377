//! Files of Neural Amp Modeler (`.nam`): JSON with the sizes of a network and a flat list of its weights.

use crate::Outcome;
use monograd::{Parameters, ParametersMut};
use serde_json::{Value, json};
use std::fmt;
use std::path::Path;

#[cfg(test)]
mod tests;

/// The contents of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its network.
    pub shape: Shape,
    /// Its weights, in the order of the format.
    pub weights: Vec<f32>,
    /// Samples a second; 48,000 where the file is silent.
    pub rate: u32,
}

/// The kind and the sizes of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Two stacks of causal convolutions of 3 taps with tanh, whose dilations are powers of two.
    WaveNet {
        /// Number of channels of each stack.
        channels: [usize; 2],
        /// Number of layers of each.
        layers: [usize; 2],
        /// `true` if a half of the channels of each convolution gates the other.
        gated: bool,
    },
    /// LSTMs one above the other.
    Lstm {
        /// Number of numbers of its output.
        hidden: usize,
        /// Number of LSTMs.
        layers: usize,
    },
}

impl Shape {
    /// Returns a published size of WaveNet.
    #[must_use]
    pub const fn wavenet(channels: usize, layers: [usize; 2]) -> Self {
        Self::WaveNet { channels: [channels, channels / 2], layers, gated: false }
    }

    /// Returns the name of the architecture in files.
    fn architecture(&self) -> &'static str {
        match self {
            Self::WaveNet { .. } => "WaveNet",
            Self::Lstm { .. } => "LSTM",
        }
    }

    /// Returns the configuration in files.
    fn config(&self, head_scale: f32) -> Value {
        match *self {
            Self::WaveNet { channels: [c, d], layers: [first, second], gated } => {
                let dilations = |from: usize, count: usize| -> Vec<u32> {
                    (from..from + count).map(|layer| 1 << (layer % 10)).collect()
                };
                let stack = |input: usize, channels: usize, head: usize, dilations: Vec<u32>| {
                    json!({
                        "input_size": input, "condition_size": 1, "head_size": head, "channels": channels,
                        "kernel_size": 3, "dilations": dilations, "activation": "Tanh", "gated": gated,
                        "head_bias": head == 1,
                    })
                };
                let first_stack = stack(1, c, d, dilations(0, first));
                let second_stack = stack(c, d, 1, dilations(first, second));
                json!({ "layers": [first_stack, second_stack], "head": null, "head_scale": head_scale })
            }
            Self::Lstm { hidden, layers } => {
                json!({ "input_size": 1, "hidden_size": hidden, "num_layers": layers })
            }
        }
    }

    /// Returns the sizes that a configuration has, whatever else it says.
    fn sizes(architecture: &str, config: &Value) -> Option<Self> {
        let size = |value: &Value| value.as_u64().and_then(|size| usize::try_from(size).ok());
        match architecture {
            "WaveNet" => {
                let [first, second] = &config["layers"].as_array()?[..] else { return None };
                let layers = |stack: &Value| stack["dilations"].as_array().map(Vec::len);
                Some(Self::WaveNet {
                    channels: [size(&first["channels"])?, size(&second["channels"])?],
                    layers: [layers(first)?, layers(second)?],
                    gated: first["gated"].as_bool().unwrap_or(false),
                })
            }
            "LSTM" => {
                let (hidden, layers) =
                    (size(&config["hidden_size"])?, size(&config["num_layers"])?);
                Some(Self::Lstm { hidden, layers })
            }
            _ => None,
        }
    }

    /// Returns the names of a WaveNet's parameters, in the order of the format.
    fn names([first, second]: [usize; 2]) -> Vec<String> {
        let mut names = Vec::new();
        let stack = |stack: &str, layers: usize| {
            let of_layer = |layer: usize| {
                ["conv.weight", "conv.bias", "mixer", "out.weight", "out.bias"]
                    .map(|name| format!("{stack}.layers.{layer}.{name}"))
            };
            let layers = (0..layers).flat_map(of_layer);
            [format!("{stack}.rechannel.weight")].into_iter().chain(layers).collect::<Vec<_>>()
        };
        names.extend(stack("first", first));
        names.push("first_head.weight".into());
        names.extend(stack("second", second));
        names.extend(["second_head.weight", "second_head.bias", "head_scale"].map(String::from));
        names
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WaveNet { channels: [c, d], layers: [first, second], gated } => {
                let gated = if *gated { "gated " } else { "" };
                write!(f, "{gated}WaveNet of {c} and {d} channels in {first} and {second} layers")
            }
            Self::Lstm { hidden, layers } => write!(f, "LSTM of {hidden} in {layers} layers"),
        }
    }
}

impl Model {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is none of this format, or its network has parts that [`Shape`] does not tell.
    pub fn read(path: &Path) -> Outcome<Self> {
        let text = monograd::data::text::read(path)?;
        Self::parse(&text).map_err(|error| format!("{}: {error}", path.display()).into())
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn parse(text: &str) -> Outcome<Self> {
        let file: Value = serde_json::from_str(text)?;
        let architecture = file["architecture"].as_str().ok_or("there is no `architecture`")?;
        let config = &file["config"];
        let shape = Shape::sizes(architecture, config).ok_or_else(|| {
            let kind = shown(architecture);
            format!("a `{kind}` of another kind: WaveNets of two stacks and LSTMs are supported")
        })?;
        let number = |value: &Value| value.as_f64().map(|number| number as f32);
        let weights = file["weights"].as_array().ok_or("there are no `weights`")?;
        let weights: Option<Vec<f32>> = weights.iter().map(number).collect();
        let weights = weights.filter(|weights| weights.iter().all(|weight| weight.is_finite()));
        let weights = weights.ok_or("a weight is not a number")?;
        let head_scale = number(&config["head_scale"]).unwrap_or_default();
        if let Some(difference) = difference("config", config, &shape.config(head_scale)) {
            return Err(difference.into());
        }
        let rate = match &file["sample_rate"] {
            Value::Null => 48_000.0,
            rate => rate.as_f64().unwrap_or(f64::NAN),
        };
        if rate.fract() != 0.0 || !(1.0..=f64::from(u32::MAX)).contains(&rate) {
            return Err("`sample_rate` is not a whole number of samples a second".into());
        }
        Ok(Self { shape, weights, rate: rate as u32 })
    }

    /// Returns the text of a file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let head_scale = self.weights.last().copied().unwrap_or_default();
        let file = json!({
            "version": "0.5.4",
            "architecture": self.shape.architecture(),
            "config": self.shape.config(head_scale),
            "weights": self.weights,
            "sample_rate": self.rate,
        });
        file.to_string()
    }

    /// Sets the parameters of a network to the weights.
    ///
    /// # Errors
    /// If there are more or fewer weights, or the network is another one.
    pub fn put(&self, parameters: &mut ParametersMut<'_, f32>) -> Outcome {
        let another = || format!("the network is no {}", self.shape);
        let expected: usize = parameters.as_parameters().iter().map(|p| p.as_slice().len()).sum();
        // a file holds the sum of an LSTM's two biases
        let expected = match self.shape {
            Shape::WaveNet { .. } => Some(expected),
            Shape::Lstm { hidden, layers } => {
                let biases = hidden.checked_mul(4).and_then(|biases| biases.checked_mul(layers));
                biases.and_then(|biases| expected.checked_sub(biases))
            }
        };
        let (actual, expected) = (self.weights.len(), expected.ok_or_else(another)?);
        if actual != expected {
            return Err(format!("{actual} weights, where {} has {expected}", self.shape).into());
        }
        let mut left = &self.weights[..];
        let mut take = |count: usize| {
            let (taken, rest) = left.split_at_checked(count).ok_or_else(another)?;
            left = rest;
            Ok::<&[f32], String>(taken)
        };
        match self.shape {
            Shape::WaveNet { layers, .. } => {
                for name in Shape::names(layers) {
                    let mut parameter = parameters.get(&name)?;
                    let count = parameter.as_mut_slice().len();
                    parameter.copy_from_pytorch(take(count)?)?;
                }
            }
            Shape::Lstm { hidden, layers } => {
                let [mut h, mut c] = [Vec::new(), Vec::new()];
                for layer in 0..layers {
                    let inputs = if layer == 0 { 1 } else { hidden };
                    let weight = take(4 * hidden * (inputs + hidden))?;
                    let columns = |from: usize, to: usize| -> Vec<f32> {
                        let rows = weight.chunks_exact(inputs + hidden);
                        rows.flat_map(|row| &row[from..to]).copied().collect()
                    };
                    let mut put = |name: &str, values: &[f32]| {
                        parameters.get(&format!("lstm.{name}_l{layer}"))?.copy_from_pytorch(values)
                    };
                    put("weight_ih", &columns(0, inputs))?;
                    put("weight_hh", &columns(inputs, inputs + hidden))?;
                    put("bias_ih", take(4 * hidden)?)?;
                    put("bias_hh", &vec![0.0; 4 * hidden])?;
                    h.extend_from_slice(take(hidden)?);
                    c.extend_from_slice(take(hidden)?);
                }
                parameters.get("h")?.copy_from_pytorch(&h)?;
                parameters.get("c")?.copy_from_pytorch(&c)?;
                parameters.get("head.weight")?.copy_from_pytorch(take(hidden)?)?;
                parameters.get("head.bias")?.copy_from_pytorch(take(1)?)?;
            }
        }
        Ok(())
    }

    /// Returns the model of a WaveNet.
    ///
    /// # Errors
    /// If the network has other parameters.
    pub fn of_wavenet(
        channels: [usize; 2],
        layers: [usize; 2],
        parameters: &Parameters<'_, f32>,
        rate: u32,
    ) -> Outcome<Self> {
        let mut weights = Vec::new();
        for name in Shape::names(layers) {
            weights.extend_from_slice(parameters.get(&name)?.to_tensor().as_slice());
        }
        Ok(Self { shape: Shape::WaveNet { channels, layers, gated: false }, weights, rate })
    }
}

/// Tells the first place where a value is not the expected one. What is not expected has to be null or false.
fn difference(place: &str, actual: &Value, expected: &Value) -> Option<String> {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            let known = expected.iter().find_map(|(key, expected)| {
                let actual = actual.get(key).unwrap_or(&Value::Null);
                difference(&format!("{place}.{key}"), actual, expected)
            });
            known.or_else(|| {
                let unknown = actual.iter().filter(|(key, _)| !expected.contains_key(*key));
                let mut unknown =
                    unknown.filter(|(_, value)| !matches!(value, Value::Null | Value::Bool(false)));
                unknown.next().map(|(key, value)| {
                    let (key, value) = (shown(key), shown(&value.to_string()));
                    format!("`{place}.{key}` is {value}, which is not supported")
                })
            })
        }
        (Value::Array(actual), Value::Array(expected)) if actual.len() == expected.len() => {
            let mut pairs = actual.iter().zip(expected).enumerate();
            pairs.find_map(|(i, (actual, expected))| {
                difference(&format!("{place}[{i}]"), actual, expected)
            })
        }
        // missing and null are false
        (Value::Null, Value::Bool(false)) => None,
        // numbers are those of 32 bits
        (Value::Number(a), Value::Number(b))
            if a.as_f64().map(|a| a as f32) == b.as_f64().map(|b| b as f32) =>
        {
            None
        }
        _ if actual == expected => None,
        _ => {
            let actual = shown(&actual.to_string());
            Some(format!("`{place}` is {actual}, where {expected} is supported"))
        }
    }
}

/// Returns text of a file for a message: what a terminal would obey is escaped, and long text is cut.
fn shown(text: &str) -> String {
    const LONGEST: usize = 200;
    let characters = text.chars().take(LONGEST).map(|c| match c {
        '"' | '\'' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    });
    let cut = if text.chars().nth(LONGEST).is_some() { "..." } else { "" };
    characters.collect::<String>() + cut
}
