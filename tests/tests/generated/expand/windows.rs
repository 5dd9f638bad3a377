//! Checks that slices are read in place, and parts of a whole written in place.

use monograd_compiler::render;

fn code(network: &str) -> String {
    let code = render(network.parse().expect("Rust")).expect("Rust");
    assert!(!code.contains("compile_error"), "{network}:\n{code}");
    code
}

#[test]
fn what_goes_along_rows_copies_no_slice() {
    for body in [
        "softmax(a) * b",
        "log_softmax(a) * b",
        "sum(a, axis = 1, keep = true) * b",
        "max(a, axis = 1, keep = true) * b",
        "argmax(a, axis = 1, keep = true) * b * a",
        "logsumexp(a, axis = 1, keep = true) * b",
        "cumsum(a, axis = 1) * b",
        "(a - mean(a, axis = 1, keep = true)) * b",
        "flip(a, axis = 1) * b",
    ] {
        let along_rows = format!(
            "Net(x: [4, 3]) -> [4, 64] {{
                let (a, b) = split(x >> Linear(128), 2, axis = 1); {body}
            }} loss mse"
        );
        // and along blocks, if the slices are along that axis
        let body =
            body.replace("axis = 1", "axis = 0").replace("softmax(a)", "softmax(a, axis = 0)");
        let along_blocks = format!(
            "Net(x: [8, 3]) -> [4, 64] {{
                let (a, b) = split(x >> Linear(64), 2, axis = 0); {body}
            }} loss mse"
        );
        for network in [along_rows, along_blocks] {
            let code = code(&network);
            assert!(!code.contains("copy_blocks"), "{network}:\n{code}");
        }
    }
}

#[test]
fn what_copies_anyway_copies_once() {
    for (body, copies) in [
        ("pad(a, [(0, 0), (1, 1)]) * pad(b, [(0, 0), (2, 0)])", 2),
        ("concat(tril(a) * b, a[.., ..2] - b[.., 62..], axis = 1)", 3),
        ("concat(b, h[.., 2..4], axis = 1)", 2),
    ] {
        let network = format!(
            "Net(x: [4, 3]) -> [4, 66] {{
                let h = x >> Linear(128); let (a, b) = split(h, 2, axis = 1); {body}
            }}"
        );
        let code = code(&network);
        assert_eq!(code.matches("copy_blocks").count(), copies, "{network}:\n{code}");
    }
}

#[test]
fn losses_copy_no_slice() {
    let network = "Net(x: [4, 3]) -> [4, 8] { x >> Linear(8) }
        loss |out, c: u32[4], d: u32[4]| cross_entropy(out[.., ..3], c) + cross_entropy(out[.., 3..], d)
        metric accuracy |out, c, d| accuracy(out[.., ..3], c)";
    let code = code(network);
    // only the gradients, which are computed in place of the exponentials, are copied together
    assert_eq!(code.matches("copy_blocks").count(), 2, "{code}");
}

#[test]
fn nothing_is_written_over_a_part_of_another() {
    // the last direct use of `h`; but `h` is half of `c`, which is read later
    let part = "Net(x: [64]) -> [64] {
        let h = x >> Linear(64);
        let c = concat(h, sin(x));
        let s = softmax(h);
        c[..64] * s + c[64..]
    }";
    let code = code(part);
    assert!(code.contains("softmax::softmax("), "{code}");
    assert!(!code.contains("softmax_in_place") && !code.contains("copy_blocks"), "{code}");
}

#[test]
fn linear_layers_copy_no_slice() {
    for body in [
        "concat(a >> Linear(70), tanh(b >> Linear(64)), axis = 1)[.., 6..] >> Linear(64)",
        "(a >> Linear(64) >> Gelu) + b",
        "matmul(b, param([64, 64], init = normal(1))) * a",
    ] {
        let network = format!(
            "Net(x: [4, 3]) -> [4, 64] {{
                let (a, b) = split(x >> Linear(128), 2, axis = 1); {body}
            }} loss mse"
        );
        let code = code(&network);
        assert!(!code.contains("copy_blocks"), "{network}:\n{code}");
    }
}

#[test]
fn short_rows_are_copied_for_loops() {
    let copies = |width: usize| {
        let network = format!(
            "Net(x: [3]) -> [{width}] {{
                let (a, b) = split(x >> Linear({}), 2); sigmoid(a) * b
            }}",
            2 * width
        );
        code(&network).matches("copy_blocks").count()
    };
    assert_eq!([16, 48, 64, 72, 96, 200].map(copies), [2, 2, 0, 2, 0, 0]);
}
