pub const FUNCTIONS: &[Function] = &[
    Function { name: "maximum", usage: "maximum(a, b)", build: maximum },
    Function { name: "minimum", usage: "minimum(a, b)", build: minimum },
    Function { name: "clamp", usage: "clamp(x, low, high)", build: clamp },
    Function { name: "pow", usage: "pow(x, p)", build: pow },
    Function { name: "square", usage: "square(x)", build: square },
    Function { name: "rsqrt", usage: "rsqrt(x)", build: rsqrt },
    Function { name: "reciprocal", usage: "reciprocal(x)", build: reciprocal },
    Function { name: "log2", usage: "log2(x)", build: log2 },
    Function { name: "log10", usage: "log10(x)", build: log10 },
    Function { name: "tan", usage: "tan(x)", build: tan },
    Function { name: "sinh", usage: "sinh(x)", build: sinh },
    Function { name: "cosh", usage: "cosh(x)", build: cosh },
];
