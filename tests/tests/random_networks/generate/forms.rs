//! The forms of random statements; `#` and `@` are the operands of a form.

/// Functions of one value whose results are of moderate size.
pub const UNARY: &[&str] = &[
    "tanh(#)",
    "sigmoid(#)",
    "sin(#)",
    "cos(#)",
    "erf(#)",
    "softplus(#)",
    "abs(#)",
    "-#",
    "# * sign(#)",
    "square(tanh(#))",
    "exp(tanh(#))",
    "expm1(sin(#))",
    "log(1.5 + tanh(#))",
    "log1p(square(tanh(#)))",
    "sqrt(1.5 + tanh(#))",
    "rsqrt(1.5 + tanh(#))",
    "pow(1.5 + sin(#), 1.3)",
    "pow(tanh(#), 3.0)",
    "clamp(#, -0.5, 0.7)",
    "sqrt(maximum(select(# > 0.2, #, -1.0), 0.0))",
    "sqrt(select(# > 0.2, #, -1.0) >> Relu)",
    "sqrt(clamp(-abs(#) - 0.2, 0.0, 2.0))",
    "sqrt(abs(minimum(select(# > 0.2, #, -0.5), 0.0)))",
    "1.0 - # / 2.0",
    "# * mean(#)",
    "# / (1.5 + sum(square(#)))",
    "# >> Dropout(0.3)",
    "# >> Gelu",
    "# >> Tanh",
    "# >> Relu",
    "Silu(#) + Gelu(#)",
    "Sigmoid(#) * #",
    "# * param([], init = 0.1)",
    "# * exp(0.3 * param([], init = 0.1)) + sum(sin(param([3], init = 0.2)))",
    "# * max(param([4], init = normal(1)))",
];

/// Hand-written normalisations: reductions of each row, by default along the last axis, and values
/// computed from them.
pub const ROWS: &[&str] = &[
    "# - mean(#, axis = -1, keep = true)",
    "# * rsqrt(mean(square(#), axis = -1, keep = true) + 0.5)",
    "(# - mean(#, axis = -1, keep = true)) * rsqrt(var(#, axis = -1, correction = 0, keep = true) + 0.5)",
    "exp(tanh(#)) / sum(exp(tanh(#)), axis = -1, keep = true)",
    "exp(0.3 * # - max(0.3 * #, axis = -1, keep = true)) * sum(sin(#), axis = -1, keep = true)",
    "# - logsumexp(sin(#) + #, axis = -1, keep = true)",
    "tanh(#) * min(#, axis = -1, keep = true) + mean(cos(#) * #, axis = -1, keep = true)",
    "0.2 * sum(# * #) + #",
    "# / (0.5 + std(#, axis = -1, correction = 0, keep = true))",
    "# + std(stack(#, #, #), axis = 0)",
    "normalize(#, axis = -1, eps = 0.5)",
    "# * (norm(#, axis = -1, keep = true) - norm(tanh(#), axis = -1, p = 3, keep = true))",
    "# * norm(#, axis = -1, p = inf, keep = true) + norm(#, p = 1)",
];

/// Reductions along an axis.
pub const REDUCTIONS: &[&str] = &["mean", "0.3 * sum", "max", "min", "logsumexp", "norm"];

/// Functions of two values.
pub const BINARY: &[&str] = &[
    "# + @",
    "# - @",
    "# * @",
    "# / (1.5 + square(@))",
    "maximum(#, @)",
    "minimum(#, 0.5 * @)",
    "sqrt(maximum(-abs(#) - 0.2, minimum(0.0, 0.1 + square(@))))",
];

/// Losses of a network with three outputs.
pub const LOSSES: &[&str] = &[
    "mse",
    "l1",
    "huber(delta = 0.5)",
    "smooth_l1",
    "bce_with_logits",
    "cross_entropy",
    "cross_entropy(label_smoothing = 0.2)",
    "|out, t: [3]| mse(out, t) + 0.1 * sum(out * out[0])",
    "|out, t: [3], c: u32| l1(out, t) * cross_entropy(out, c)",
];
