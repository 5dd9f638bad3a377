//! Very long or deeply nested sources: they are rejected or compiled without exhausting stack or time.

use proc_macro2::TokenStream;

/// Returns the errors of a network with this body.
fn errors(body: &str) -> String {
    let source = format!("Net(x: [4]) -> [4] {{ {body} }}");
    let tokens: TokenStream = source.parse().expect("tokens");
    let code = monograd_compiler::compile(tokens);
    syn::parse2::<syn::File>(code.clone()).expect("Rust");
    let text = code.to_string();
    text.find("compile_error").map_or_else(String::new, |at| text[at..].to_owned())
}

#[test]
fn refuses_deep_nesting() {
    for (open, close) in [("(", ")"), ("exp(", ")"), ("-", ""), ("x + (", ")"), ("x[", "]")] {
        let body = format!("{}x{}", open.repeat(400), close.repeat(400));
        assert!(errors(&body).contains("nested too deeply"), "{open}");
    }
}

#[test]
fn refuses_deep_loops() {
    for head in ["for _ in 0..2", "let x = for x in x"] {
        let body = format!("{} x {}", format!("{head} {{").repeat(300), "}".repeat(300));
        assert!(errors(&body).contains("nested too deeply"), "{head}");
    }
    let mut body = "h = h >> Linear(4);".to_owned();
    for _ in 0..8 {
        body = format!("for _ in 0..2 {{ {body} }}");
    }
    assert_eq!(errors(&format!("let mut h = x; {body} h")), "");
}

/// The generated code of a deep network has no more tokens than that of a shallow one.
#[test]
fn depth_costs_no_code() {
    let tokens = |layers: &str| {
        let source = format!(
            "Net<const LAYERS: usize = {layers}>(x: [8]) -> [8] {{
                let mut h = x;
                for i in 0..{layers} {{
                    let y = h * rsqrt(mean(square(h)) + 1e-5);
                    h = h + (y >> Linear(32) >> Gelu >> Linear(8));
                }}
                for _ in 0..LAYERS {{ h = h + (h >> Linear(8) >> Tanh); }}
                h
            }} loss mse"
        );
        let code = monograd_compiler::compile(source.parse().expect("tokens"));
        assert!(!code.to_string().contains("compile_error"), "{code}");
        count(code)
    };
    let shallow = tokens("2");
    assert!(shallow > 2000);
    // the sharing of slots depends on their estimated lengths
    assert!(shallow.abs_diff(tokens("200")) <= 10);
}

fn count(tokens: TokenStream) -> usize {
    let len = |tree| match tree {
        proc_macro2::TokenTree::Group(group) => 1 + count(group.stream()),
        _ => 1,
    };
    tokens.into_iter().map(len).sum()
}

#[test]
fn compiles_or_refuses_long_chains() {
    for (step, count) in
        [(" >> Relu", 3000), (" + x", 3000), ("[0..4]", 3000), (" >> Linear(4)", 300)]
    {
        let errors = errors(&format!("x{}", step.repeat(count)));
        assert!(errors.is_empty() || errors.contains("too"), "{step}: {errors}");
    }
}

#[test]
fn compiles_many_statements() {
    let mut body = "let h0 = x;".to_owned();
    for i in 0..500 {
        body.push_str(&format!("let h{} = h{i} + exp(h{i});", i + 1));
    }
    assert_eq!(errors(&format!("{body} h500")), "");
}

#[test]
fn refuses_sizes_beyond_memory() {
    let huge = "9000000000000000";
    let product = [huge; 40].join(" * ");
    for body in [
        format!("x >> Linear({huge}) >> Linear(4)"),
        format!("x >> Linear({product}) >> Linear(4)"),
        format!("x >> Linear(1 - {product}) >> Linear(4)"),
        "x >> Linear(340282366920938463463374607431768211455) >> Linear(4)".to_owned(),
        "x >> Linear(1e308) >> Linear(4)".to_owned(),
        "x >> Linear(99999999999999999999999999999999999999999999999999) >> Linear(4)".to_owned(),
        format!("x >> Linear({})", ["(A + B + C + D)"; 30].join(" * ")),
        format!("x[0..{product}]"),
    ] {
        assert_ne!(errors(&body), "", "{body}");
    }
}
