//! Names in other libraries. Spellings that differ only in case and underscores need no entry.

use super::Instead::{self, Activation, Function, Layer, Loss, Say};

const WRITTEN_LOSS: Instead = Say("write it out: `loss |y, target: [..]| ..`");
const ONE_KIND: Instead = Say("real numbers are of one kind and are not converted: leave it out");
const PRINT: Instead =
    Say("nothing is printed inside of a network: make the value an output, and print that");

/// Functions that other libraries have as layers.
pub const LAYERS_ELSEWHERE: [&str; 6] =
    ["softmax", "log_softmax", "reshape", "permute", "concat", "cosine_similarity"];

/// Names of layers, activations, functions and losses in other libraries, each with the language's
/// equivalent.
pub static NAMES: &[(&[&str], Instead)] = &[
    (&["Dense", "FullyConnected", "Affine", "LazyLinear"], Layer("Linear(out)")),
    (&["Dropout1d", "SpatialDropout2D"], Layer("Dropout2d(p)")),
    (&["AlphaDropout"], Layer("Dropout(p)")),
    (&["ravel"], Layer("Flatten()")),
    (
        &["Sequential", "ModuleList", "Chain"],
        Say("layers follow each other as `x >> Linear(8) >> Relu`"),
    ),
    (&["Input", "InputLayer"], Say("inputs stand after the network's name: `Net(x: [16])`")),
    (&["Activation"], Say("an activation stands by its name: `x >> Relu`")),
    (&["not"], Say("comparisons are 1 or 0: write `1 - ..`")),
    (&["Lambda"], Say("values are calculated with directly: `2 * tanh(x)`")),
    (&["Add"], Say("write `a + b`")),
    (&["Sub", "Subtract"], Say("write `a - b`")),
    (&["Mul", "Multiply"], Say("write `a * b`")),
    (&["Div", "Divide"], Say("write `a / b`")),
    (&["LayerNormalization"], Layer("LayerNorm()")),
    (&["InstanceNorm1d", "InstanceNorm2d"], Layer("InstanceNorm()")),
    (
        &["BatchNormalization", "BatchNorm3d", "SyncBatchNorm"],
        Say("`BatchNorm1d()` normalises features and signals, `BatchNorm2d()` images"),
    ),
    (&["buffer", "register_buffer"], Function("state([D], init = zeros, integer = false)")),
    (&["Conv", "Convolution2D"], Layer("Conv2d(out, kernel)")),
    (&["ConvTranspose", "Deconv2d"], Layer("ConvTranspose2d(out, kernel)")),
    (&["Conv3d"], Say("convolutions are of signals and images: `Conv1d` and `Conv2d`")),
    (&["MaxPool", "MaxPooling2D"], Layer("MaxPool2d(kernel)")),
    (&["AvgPool", "MeanPool", "AveragePooling2D"], Layer("AvgPool2d(kernel)")),
    (&["GlobalAveragePooling2D", "GlobalAveragePool"], Layer("GlobalAvgPool()")),
    (&["SimpleRNN"], Layer("Rnn(hidden)")),
    (&["SelfAttention", "MultiHeadSelfAttention"], Layer("MultiheadAttention(heads)")),
    (&["ScaledDotProductAttention"], Function("attention(q, k, v)")),
    (
        &["TransformerEncoder"],
        Say("its layers are repeated: `for _ in 0..6 { h = h >> TransformerEncoderLayer(8); }`"),
    ),
    (
        &["TransformerDecoder"],
        Say(
            "its layers are repeated: `for _ in 0..6 { h = (h, memory) >> TransformerDecoderLayer(8); }`",
        ),
    ),
    (&["SwiGLU"], Layer("GatedMlp(hidden)")),
    (
        &["pack_padded_sequence", "pad_packed_sequence", "pack_sequence", "PackedSequence"],
        Say(
            "recurrent layers take the lengths of samples, of an input `n: u32[]`: `x >> Lstm(64, lengths = n)`",
        ),
    ),
    (&["length_mask", "make_mask", "lengths_to_mask"], Function("sequence_mask(lengths, T)")),
    (&["PositionalEncoding"], Function("sinusoidal(x)")),
    (&["RotaryEmbedding", "apply_rotary_emb"], Function("rope(x)")),
    (&["ReLU6"], Function("clamp(x, 0, 6)")),
    (&["Hardtanh"], Function("clamp(x, -1, 1)")),
    (&["LogSigmoid"], Say("write `-softplus(-x)`")),
    (&["Softsign"], Say("write `x / (1 + abs(x))`")),
    (&["Tanhshrink"], Say("write `x - tanh(x)`")),
    (&["QuickGELU"], Say("write `x * sigmoid(1.702 * x)`")),
    (&["GeluNew", "ApproximateGelu"], Activation("GeluTanh")),
    (
        &["PReLU"],
        Say(
            "its slope is a parameter: `let a = param([1], init = 0.25);`, then `maximum(x, 0) + a * minimum(x, 0)`",
        ),
    ),
    (&["mm", "bmm", "dot", "einsum", "tensordot", "matvec"], Function("matmul(a, b)")),
    (&["cat", "Concatenate", "hstack", "vstack"], Function("concat(a, b, axis = 0)")),
    (
        &["view", "unsqueeze", "squeeze", "expand_dims", "newaxis", "Unflatten"],
        Function("reshape(x, [1, 8])"),
    ),
    (&["swapaxes"], Function("transpose(x)")),
    (&["moveaxis", "movedim", "rearrange"], Function("permute(x, [1, 0])")),
    (&["where", "cond", "if_else"], Function("select(condition, a, b)")),
    (&["power", "powf", "powi"], Function("pow(x, 2)")),
    (&["ln"], Function("log(x)")),
    (&["arctan"], Function("atan(x)")),
    (&["absolute", "fabs"], Function("abs(x)")),
    (&["average", "reduce_mean"], Function("mean(x)")),
    (&["reduce_sum"], Function("sum(x)")),
    (&["amax", "reduce_max"], Function("max(x)")),
    (&["amin", "reduce_min"], Function("min(x)")),
    (&["clip", "clip_by_value"], Function("clamp(x, 0, 1)")),
    (&["detach", "no_grad"], Function("stop_gradient(x)")),
    (&["arange", "linspace"], Function("range(8)")),
    (&["zeros_like"], Function("zeros([8])")),
    (&["ones_like"], Function("ones([8])")),
    (&["tile"], Function("repeat(x, 2)")),
    (&["broadcast_to"], Function("expand(x, [4, 8])")),
    (
        &["rev", "reverse", "reversed"],
        Say("what runs backwards along an axis is `flip(x, axis = 0)`"),
    ),
    (&["take", "index_select", "embedding_lookup", "lookup"], Function("gather(table, indices)")),
    (
        &["Parameter", "Variable", "get_variable", "get_parameter"],
        Function("param([8], init = zeros)"),
    ),
    (&["Tensor", "array", "as_tensor"], Say("a tensor of numbers is a list: `[0.5, 0.25]`")),
    (&["print", "println", "dbg"], PRINT),
    (&["int", "cast"], ONE_KIND),
    (
        &["len", "size", "shape"],
        Say("sizes are names: those of the signature, as `T` in `x: [dyn T, 8]`"),
    ),
    (
        &[
            "CrossEntropyLoss",
            "CategoricalCrossentropy",
            "SparseCategoricalCrossentropy",
            "NLLLoss",
            "NLL",
            "SoftmaxCrossEntropy",
            "SoftmaxCrossEntropyWithIntegerLabels",
        ],
        Loss("cross_entropy"),
    ),
    (
        &[
            "BCEWithLogitsLoss",
            "BCELoss",
            "BCE",
            "BinaryCrossentropy",
            "BinaryCrossEntropyWithLogits",
            "SigmoidBinaryCrossEntropy",
        ],
        Loss("bce_with_logits"),
    ),
    (&["MSELoss", "MeanSquaredError", "SquaredError", "L2Loss"], Loss("mse")),
    (&["L1Loss", "MAE", "MeanAbsoluteError", "AbsoluteError"], Loss("l1")),
    (&["HuberLoss"], Loss("huber")),
    (&["SmoothL1Loss"], Loss("smooth_l1")),
    (
        &[
            "KLDivLoss",
            "KLDiv",
            "HingeLoss",
            "CosineEmbeddingLoss",
            "TripletMarginLoss",
            "CTCLoss",
            "PoissonNLLLoss",
            "GaussianNLLLoss",
        ],
        WRITTEN_LOSS,
    ),
    (&["True"], Say("write `true`")),
    (&["False"], Say("write `false`")),
    (&["None", "null", "nil"], Say("there is no such value: leave the option out")),
];

/// Initial values in other libraries, with the language's own.
pub static INITIAL_VALUES: &[(&[&str], &str)] = &[
    (&["xavier", "glorot", "glorot_uniform"], "xavier_uniform"),
    (&["glorot_normal"], "xavier_normal"),
    (&["he", "he_uniform"], "kaiming_uniform"),
    (&["he_normal"], "kaiming_normal"),
    (&["randn", "gaussian", "random_normal"], "normal(0.02)"),
    (&["trunc_normal", "truncnorm"], "truncated_normal(0.02)"),
    (&["rand", "random_uniform"], "uniform(0.1)"),
    (&["default"], "kaiming"),
];

/// Options and arguments in other libraries, with the language's names.
pub static OWN_OPTIONS: &[(&[&str], &str)] = &[
    (&["kernel_size", "kernel_shape"], "kernel"),
    (&["hidden_size", "hidden_dim", "hidden_features"], "hidden"),
    (&["num_heads", "nhead", "n_heads", "n_head"], "heads"),
    (&["num_embeddings", "vocab_size"], "count"),
    (&["embedding_dim", "embed_dim"], "dim"),
    (&["num_groups"], "groups"),
    (&["output_size"], "size"),
    (&["upscale_factor"], "factor"),
    (&["num_layers", "n_layers"], "layers"),
    (&["proj_size"], "projection"),
    (&["scale_factor"], "scale"),
    (&["dim_feedforward"], "feedforward"),
    (&["layer_norm_eps", "epsilon"], "eps"),
    (&["is_causal"], "causal"),
    (&["dilation_rate"], "dilation"),
    (&["dropout_p"], "dropout"),
    (&["elementwise_affine"], "affine"),
    (&["key_padding_mask"], "padding"),
    (&["attn_mask"], "mask"),
    (&["seq_lens", "seq_lengths", "sequence_length"], "lengths"),
];

/// Options in other libraries, each with advice on what to write.
pub static OPTIONS: &[(&[&str], &str)] = &[
    (&["activation"], "an activation is applied after the layer: `>> Relu`"),
    (&["use_bias"], "it is called `bias`"),
    (
        &["kernel_initializer", "weight_init", "initializer", "std"],
        "it is called `init`: `init = normal(0.02)`",
    ),
    (
        &[
            "in_features",
            "input_dim",
            "input_shape",
            "d_input",
            "in_dim",
            "in_channels",
            "input_size",
            "num_features",
            "num_channels",
            "normalized_shape",
            "d_model",
            "embed_dim",
        ],
        "the size of the input is known here: leave it out",
    ),
    (&["batch_first"], "shapes are of one sample, without the batch: leave it out"),
    (&["name"], "a name stands before a `let`: `#[name = \"encoder.fc\"]`"),
    (&["device", "dtype", "inplace"], "there is one kind of numbers and memory: leave it out"),
    (&["reduction"], "a loss is the mean: leave it out"),
    (&["min"], "the lower limit stands without a name: `clamp(x, low, high)`"),
    (&["max"], "the upper limit stands without a name: `clamp(x, low, high)`"),
];
