pub const FUNCTIONS: &[Function] = &[
    Function { name: "maximum", usage: "maximum(a, b)", build: maximum },
    Function { name: "minimum", usage: "minimum(a, b)", build: minimum },
    Function { name: "clamp", usage: "clamp(x, low, high)", build: clamp },
    Function { name: "pow", usage: "pow(x, p)", build: pow },
    Function { name: "square", usage: "square(x)", build: square },
    Function { name: "rsqrt", usage: "rsqrt(x)", build: rsqrt },
];
