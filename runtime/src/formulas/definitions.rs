//! The definitions of layers, activations and losses, as the literature writes them.

/// The left and right sides of formulas.
type Lines = &'static [(&'static str, &'static str)];

/// The formulas of kinds, several of which may share them.
pub(super) static DEFINITIONS: &[(&str, Lines)] = &[
    (
        "Gelu",
        &[(
            r"\mathrm{GELU}(x)",
            r"\tfrac{x}{2} \left(1 + \operatorname{erf}\tfrac{x}{\sqrt{2}}\right)",
        )],
    ),
    (
        "GeluTanh",
        &[(
            r"\mathrm{GELU}(x)",
            r"\tfrac{x}{2} \left(1 + \tanh\left(\sqrt{2 / \pi} \left(x + 0.044715\, x^3\right)\right)\right)",
        )],
    ),
    ("Relu", &[(r"\mathrm{ReLU}(x)", r"\max(x, 0)")]),
    ("LeakyRelu", &[(r"\mathrm{LeakyRelu}(x)", r"\max(x, 0) + 0.01 \min(x, 0)")]),
    ("Elu", &[(r"\mathrm{ELU}(x)", r"\max(x, 0) + \min(e^x - 1, 0)")]),
    (
        "Selu",
        &[(
            r"\mathrm{SELU}(x)",
            r"\lambda \left(\max(x, 0) + \min\left(\alpha (e^x - 1), 0\right)\right),\quad \lambda \approx 1.0507,\ \alpha \approx 1.6733",
        )],
    ),
    ("Sigmoid", &[(r"\sigma(x)", r"\frac{1}{1 + e^{-x}}")]),
    ("Silu", &[(r"\mathrm{SiLU}(x)", r"\frac{x}{1 + e^{-x}}")]),
    ("Softplus", &[(r"\mathrm{Softplus}(x)", r"\log\left(1 + e^x\right)")]),
    ("Mish", &[(r"\mathrm{Mish}(x)", r"x \tanh\left(\log\left(1 + e^x\right)\right)")]),
    (
        "HardSigmoid",
        &[(
            r"\mathrm{HardSigmoid}(x)",
            r"\min\left(\max\left(\tfrac{x}{6} + \tfrac{1}{2}, 0\right), 1\right)",
        )],
    ),
    (
        "HardSwish",
        &[(
            r"\mathrm{HardSwish}(x)",
            r"x \min\left(\max\left(\tfrac{x}{6} + \tfrac{1}{2}, 0\right), 1\right)",
        )],
    ),
    (
        "Dropout Dropout2d",
        &[(
            r"\mathrm{Dropout}_p(x)",
            r"\frac{m \odot x}{1 - p},\quad m_i \sim \mathrm{Bernoulli}(1 - p) \text{ in training}",
        )],
    ),
    (
        "LayerNorm",
        &[(
            r"\mathrm{LayerNorm}(x)",
            r"\gamma \odot \frac{x - \mathrm{E}[x]}{\sqrt{\mathrm{Var}[x] + \varepsilon}} + \beta",
        )],
    ),
    (
        "RmsNorm",
        &[(r"\mathrm{RmsNorm}(x)", r"\gamma \odot \frac{x}{\sqrt{\mathrm{E}[x^2] + \varepsilon}}")],
    ),
    (
        "BatchNorm1d",
        &[(
            r"\mathrm{BatchNorm1d}(x)_c",
            r"\gamma_c \frac{x_c - \mathrm{E}_{\mathrm{batch}}[x_c]}{\sqrt{\mathrm{Var}_{\mathrm{batch}}[x_c] + \varepsilon}} + \beta_c",
        )],
    ),
    (
        "BatchNorm2d",
        &[(
            r"\mathrm{BatchNorm2d}(x)_c",
            r"\gamma_c \frac{x_c - \mathrm{E}_{\mathrm{batch}}[x_c]}{\sqrt{\mathrm{Var}_{\mathrm{batch}}[x_c] + \varepsilon}} + \beta_c",
        )],
    ),
    (
        "GroupNorm",
        &[(
            r"\mathrm{GroupNorm}(x)_c",
            r"\gamma_c \frac{x_c - \mathrm{E}_{g(c)}[x]}{\sqrt{\mathrm{Var}_{g(c)}[x] + \varepsilon}} + \beta_c",
        )],
    ),
    ("Conv1d", &[(r"\mathrm{Conv1d}(x)_{o,i}", r"b_o + \sum_{c,k} W_{o,c,k}\, x_{c,\,s i + d k}")]),
    (
        "Conv2d",
        &[(
            r"\mathrm{Conv2d}(x)_{o,i,j}",
            r"b_o + \sum_{c,k,l} W_{o,c,k,l}\, x_{c,\,s i + d k,\,s j + d l}",
        )],
    ),
    ("MaxPool2d", &[(r"\mathrm{MaxPool2d}(x)_{c,i,j}", r"\max_{k,l}\, x_{c,\,s i + k,\,s j + l}")]),
    (
        "AvgPool2d",
        &[(
            r"\mathrm{AvgPool2d}(x)_{c,i,j}",
            r"\operatorname{mean}_{k,l}\, x_{c,\,s i + k,\,s j + l}",
        )],
    ),
    (
        "GlobalAvgPool",
        &[(r"\mathrm{GlobalAvgPool}(x)_c", r"\operatorname{mean}_{i,j}\, x_{c,i,j}")],
    ),
    ("LearnedPositions", &[(r"\mathrm{LearnedPositions}(x)_t", r"x_t + P_t")]),
    (
        "MultiheadAttention TransformerEncoderLayer TransformerDecoderLayer",
        &[
            (r"\mathrm{MultiheadAttention}(x)", r"\left[H_1;\, \dots;\, H_n\right] W_O"),
            (r"H_i", r"\operatorname{softmax}\left(\frac{Q_i K_i^\top}{\sqrt{d}}\right) V_i"),
            (r"(Q_i,\, K_i,\, V_i)", r"x W_i"),
        ],
    ),
    (
        "TransformerEncoderLayer",
        &[
            (
                r"\mathrm{TransformerEncoderLayer}(x)",
                r"h + \mathrm{FFN}(h)\quad \text{(with norms and dropout)}",
            ),
            (r"h", r"x + \mathrm{MultiheadAttention}(x)"),
            (r"\mathrm{FFN}(h)", r"W_2\, \phi(W_1 h + b_1) + b_2"),
        ],
    ),
    (
        "Lstm LstmCell",
        &[
            (
                r"i_t,\, f_t,\, o_t",
                r"\sigma\left(W_{i,f,o}\, x_t + U_{i,f,o}\, h_{t-1} + b_{i,f,o}\right)",
            ),
            (r"g_t", r"\tanh\left(W_g\, x_t + U_g\, h_{t-1} + b_g\right)"),
            (r"c_t", r"f_t \odot c_{t-1} + i_t \odot g_t"),
            (r"h_t", r"o_t \odot \tanh(c_t)"),
        ],
    ),
    (
        "Gru GruCell",
        &[
            (r"r_t,\, z_t", r"\sigma\left(W_{r,z}\, x_t + U_{r,z}\, h_{t-1} + b_{r,z}\right)"),
            (
                r"n_t",
                r"\tanh\left(W_n\, x_t + b_n + r_t \odot \left(U_n\, h_{t-1} + c_n\right)\right)",
            ),
            (r"h_t", r"(1 - z_t) \odot n_t + z_t \odot h_{t-1}"),
        ],
    ),
    ("Rnn RnnCell", &[(r"h_t", r"\phi\left(W x_t + U h_{t-1} + b\right)")]),
    ("mse", &[(r"\operatorname{mse}(y, t)", r"\operatorname{mean}\left((y - t)^2\right)")]),
    ("l1", &[(r"\operatorname{l1}(y, t)", r"\operatorname{mean}\left|y - t\right|")]),
    ("cross_entropy", &[(r"\operatorname{cross\_entropy}(y, t)", r"\log\sum_k e^{y_k} - y_t")]),
    (
        "bce_with_logits",
        &[(
            r"\operatorname{bce\_with\_logits}(y, t)",
            r"\operatorname{mean}\left(\log\left(1 + e^y\right) - t\, y\right)",
        )],
    ),
];
