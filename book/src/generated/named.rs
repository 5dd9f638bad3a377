Named {
    name: "softplus",
    runtime: "softplus",
    effort: Effort::High,
    derivative: Some(|g, x, _, dy| {
        let slope = g.named("sigmoid", x);
        g.multiply(dy, slope)
    }),
},
