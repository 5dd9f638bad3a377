//! The layers that are described in the language itself, one file each in `library/`.
//!
//! A description is a network with options: `LayerNorm<eps: f64 = 1e-5, ..>(x: [.., D]) -> [.., D]`.
//! A layer is made of it in two steps: the options that the user gives, and the conditions that
//! depend on them, are resolved in the syntax tree ([`specialise`]); the network that is left is
//! inlined as any network within another is.

mod description;
mod specialise;
#[cfg(test)]
mod tests;

pub use description::{Absent, Choice, ChoiceKind, Description};
pub use specialise::specialise;

/// A layer whose description is the file `library/layers/<prefix>.net`.
macro_rules! layer {
    ($name:literal, $prefix:literal, $options:literal $(, $positional:literal positional)?) => {
        Described {
            name: $name,
            usage: concat!($name, "(", $options, ")"),
            prefix: $prefix,
            source: include_str!(concat!("library/layers/", $prefix, ".net")),
            positional: [$($positional)?].first().copied(),
        }
    };
}

/// A function whose description is the file `library/functions/<name>.net`.
macro_rules! function {
    ($name:literal, $arguments:literal) => {
        Described {
            name: $name,
            usage: concat!($name, "(", $arguments, ")"),
            prefix: $name,
            source: include_str!(concat!("library/functions/", $name, ".net")),
            positional: None,
        }
    };
}

/// A layer or a function with its description.
#[derive(Debug)]
pub struct Described {
    /// The name.
    pub name: &'static str,
    /// The layer as written, with its options and their defaults.
    pub usage: &'static str,
    /// The prefix of the names of unnamed layers, and the name of the file.
    pub prefix: &'static str,
    /// The description.
    pub source: &'static str,
    /// The maximum number of arguments without a name, of a layer that in other libraries begins
    /// with the number of inputs.
    pub positional: Option<usize>,
}

/// Returns the described function of this name.
#[must_use]
pub fn function(name: &str) -> Option<&'static Described> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

/// All described functions.
pub static FUNCTIONS: &[Described] = &[
    function!("batch_norm", "x, mean, var, weight, bias, eps = 1e-5"),
    function!("batch_statistics", "x"),
    function!("glu", "x, activation = Sigmoid"),
    function!("group_norm", "x, weight, bias, groups, eps = 1e-5"),
    function!("gru", "x, h, weight_ih, weight_hh, bias_ih, bias_hh, lengths, reverse = false"),
    function!("gru_cell", "x, h, weight_ih, weight_hh, bias_ih, bias_hh"),
    function!("layer_norm", "x, weight, bias, eps = 1e-5"),
    function!(
        "lstm",
        "x, h, c, weight_ih, weight_hh, bias_ih, bias_hh, weight_hr, lengths, reverse = false"
    ),
    function!("lstm_cell", "x, h, c, weight_ih, weight_hh, bias_ih, bias_hh, weight_hr"),
    function!("masked_max", "x, mask"),
    function!("masked_mean", "x, mask"),
    function!("rms_norm", "x, weight, eps = 1.1920929e-7"),
    function!(
        "rnn",
        "x, h, weight_ih, weight_hh, bias_ih, bias_hh, lengths, reverse = false, nonlinearity = tanh"
    ),
    function!("rnn_cell", "x, h, weight_ih, weight_hh, bias_ih, bias_hh, nonlinearity = tanh"),
    function!("rope", "x, theta = 10000, interleaved = false, dims = none, offset = none"),
    function!("sinusoidal", "x"),
];

/// All described layers.
pub static LAYERS: &[Described] = &[
    layer!("AdaptiveAvgPool1d", "adaptive_avg_pool1d", "size"),
    layer!("AdaptiveAvgPool2d", "adaptive_avg_pool2d", "size"),
    layer!(
        "AvgPool1d",
        "avg_pool1d",
        "kernel, stride = kernel, padding = 0, ceil_mode = false, count_include_pad = true"
    ),
    layer!(
        "AvgPool2d",
        "avg_pool2d",
        "kernel, stride = kernel, padding = 0, ceil_mode = false, count_include_pad = true, divisor_override = none"
    ),
    layer!(
        "BatchNorm1d",
        "batch_norm1d",
        "eps = 1e-5, momentum = 0.1, affine = true, track_running_stats = true",
        0 positional
    ),
    layer!(
        "BatchNorm2d",
        "batch_norm2d",
        "eps = 1e-5, momentum = 0.1, affine = true, track_running_stats = true",
        0 positional
    ),
    layer!(
        "Conv1d",
        "conv1d",
        "out, kernel, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, init = kaiming, padding_mode = zeros",
        2 positional
    ),
    layer!(
        "Conv2d",
        "conv2d",
        "out, kernel, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, init = kaiming, padding_mode = zeros",
        2 positional
    ),
    layer!(
        "ConvTranspose1d",
        "conv_transpose1d",
        "out, kernel, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true, dilation = 1, init = kaiming",
        2 positional
    ),
    layer!(
        "ConvTranspose2d",
        "conv_transpose2d",
        "out, kernel, stride = 1, padding = 0, output_padding = 0, groups = 1, bias = true, dilation = 1, init = kaiming",
        2 positional
    ),
    layer!("Dropout2d", "dropout2d", "p = 0.5"),
    layer!("Embedding", "embedding", "count, dim, padding_idx = none, init = normal(1)"),
    layer!("GatedMlp", "gated_mlp", "hidden, activation = Silu, bias = false"),
    layer!("GlobalAvgPool", "global_avg_pool", ""),
    layer!("Glu", "glu", "activation = Sigmoid"),
    layer!("GroupNorm", "group_norm", "groups, eps = 1e-5, affine = true", 1 positional),
    layer!("Gru", "gru", "hidden, layers = 1, bias = true, dropout = 0, bidirectional = false", 1 positional),
    layer!("GruCell", "gru_cell", "hidden, bias = true", 1 positional),
    layer!("InstanceNorm", "instance_norm", "eps = 1e-5, affine = false", 0 positional),
    layer!("LayerNorm", "layer_norm", "eps = 1e-5, affine = true, bias = true", 0 positional),
    layer!("LearnedPositions", "learned_positions", "count, init = normal(0.02)"),
    layer!("LocalResponseNorm", "local_response_norm", "size, alpha = 0.0001, beta = 0.75, k = 1"),
    layer!(
        "Lstm",
        "lstm",
        "hidden, layers = 1, bias = true, dropout = 0, bidirectional = false, projection = hidden",
        1 positional
    ),
    layer!("LstmCell", "lstm_cell", "hidden, bias = true", 1 positional),
    layer!(
        "MaxPool1d",
        "max_pool1d",
        "kernel, stride = kernel, padding = 0, dilation = 1, ceil_mode = false"
    ),
    layer!(
        "MaxPool2d",
        "max_pool2d",
        "kernel, stride = kernel, padding = 0, dilation = 1, ceil_mode = false"
    ),
    layer!(
        "MultiheadAttention",
        "multihead_attention",
        "heads, dropout = 0, bias = true, causal = false, window = none",
        1 positional
    ),
    layer!("PixelShuffle", "pixel_shuffle", "factor"),
    layer!("RmsNorm", "rms_norm", "eps = 1.1920929e-7, affine = true", 0 positional),
    layer!(
        "Rnn",
        "rnn",
        "hidden, layers = 1, nonlinearity = tanh, bias = true, dropout = 0, bidirectional = false",
        1 positional
    ),
    layer!("RnnCell", "rnn_cell", "hidden, bias = true, nonlinearity = tanh", 1 positional),
    layer!(
        "TransformerDecoderLayer",
        "transformer_decoder_layer",
        "heads, feedforward = 2048, dropout = 0.1, activation = Relu, eps = 1e-5, norm_first = false, bias = true, causal = true"
    ),
    layer!(
        "TransformerEncoderLayer",
        "transformer_encoder_layer",
        "heads, feedforward = 2048, dropout = 0.1, activation = Relu, eps = 1e-5, norm_first = false, bias = true, causal = false"
    ),
    layer!("Upsample", "upsample", "scale = 2, size = none, mode = nearest, align_corners = false"),
    layer!("ZeroPad2d", "zero_pad2d", "padding"),
];
