use super::formulas;
use crate::parse::parse;
use crate::report::Report;

/// Returns the formulas of the last network, without the list of definitions.
fn lines(source: &str) -> Vec<String> {
    let mut report = Report::default();
    let file = parse(source.parse().unwrap(), &mut report);
    assert_eq!(report.errors(), 0, "{source}");
    let text = formulas(file.networks.last().unwrap(), &file.networks);
    let lines = text.lines().filter(|line| !line.starts_with('?'));
    lines.map(|line| line.split('\t').collect::<Vec<_>>().join(" ").trim().to_owned()).collect()
}

#[test]
fn layers_and_activations() {
    let source = "Net<A: Activation, const H: usize>(x: [4]) -> [2] {
        let fc = Linear(H);
        let h = x >> fc >> A;
        h + (h >> Linear(H, bias = false) >> Gelu) >> Linear(2)
    } loss mse";
    assert_eq!(
        lines(source),
        [
            "x \\in \\mathbb{R}^{4}",
            "h = A\\left(W_{\\mathrm{fc}} x + b_{\\mathrm{fc}}\\right)",
            "y = W_{2} \\left(h + \\mathrm{GELU}\\left(W_{1} h\\right)\\right) + b_{2}",
            "\\mathcal{L} = \\operatorname{mse}(y, \\mathrm{target})",
        ]
    );
}

#[test]
fn a_recurrence_has_indices_below() {
    let source = "Net(x: [dyn T, 3]) -> [T, 2] {
        let mut h = zeros([2]);
        for x_t in x {
            let g = sigmoid(x_t >> Linear(2));
            h = g * h + (1 - g) * tanh(x_t >> Linear(2));
            h
        }
    }";
    let step = "h_{t} = g_{t} \\odot h_{t-1} + \\left(1 - g_{t}\\right) \\odot \\tanh\\left(W_{2} x_{t} + b_{2}\\right) t = 1, \\dots, T";
    assert_eq!(lines(source)[1], "h_{0} = 0");
    assert_eq!(lines(source)[3], step);
    assert_eq!(lines(source)[4], "y = \\left(h_{t}\\right)_{t=1}^{T}");
}

#[test]
fn depth_has_indices_above() {
    let source = "Block(x: [4]) -> [4] { x >> Linear(4) >> Relu }
    Net<const L: usize>(x: [4]) -> [4] {
        let mut x = x;
        for i in 0..L {
            x = x + (x >> LayerNorm() >> Linear(4));
            x = x >> Block;
        }
        x
    }";
    let expected = [
        "x \\in \\mathbb{R}^{4}",
        "x^{(0)} = x",
        "x'^{(i)} = x^{(i)} + W_{1}^{(i)}\\, \\mathrm{LayerNorm}^{(i)}\\left(x^{(i)}\\right) + b_{1}^{(i)} i = 0, \\dots, L-1",
        "x^{(i+1)} = \\mathrm{Block}^{(i)}\\left(x'^{(i)}\\right) i = 0, \\dots, L-1",
        "# \\mathrm{Block}(x)",
        "x \\in \\mathbb{R}^{4}",
        "y = \\mathrm{ReLU}\\left(W_{1} x + b_{1}\\right)",
    ];
    assert_eq!(lines(source), expected);
}

#[test]
fn what_is_named_again_gets_a_prime() {
    let source = "Net(h: [4]) -> [2] {
        let h = exp(-h) / 2;
        let h_1 = square(h[1..]) * 1e-5;
        sum(h_1, axis = 0) >> Linear(2)
    }";
    let lines = lines(source);
    assert_eq!(lines[1], "h' = \\frac{e^{-h}}{2}");
    assert_eq!(lines[2], "h_{1} = {h'[1{:}]}^{2} \\, 10^{-5}");
}

#[test]
fn loops_in_loops_and_after_each_other_keep_their_values_apart() {
    let source = "Net(x: [8]) -> [8] {
        let mut h = x;
        for _ in 0..3 {
            for _ in 0..2 { h = exp(h); }
        }
        for i in 0..4 { h = tanh(h); (h, _) = lstm_cell(h, h, h); }
        h
    }";
    let lines: Vec<String> =
        lines(source).iter().map(|line| line.split(" m = ").next().unwrap().to_owned()).collect();
    let all = " \\ell = 0, \\dots, 2";
    assert_eq!(lines[1], "h^{(0)} = x");
    assert_eq!(lines[2], format!("h^{{(\\ell,0)}} = h^{{(\\ell)}}{all}"));
    assert_eq!(lines[3], format!("h^{{(\\ell,m+1)}} = e^{{h^{{(\\ell,m)}}}}{all},\\"));
    assert_eq!(lines[4], format!("h^{{(\\ell+1)}} = h^{{(\\ell,2)}}{all}"));
    assert_eq!(lines[5], "h'^{(0)} = h^{(3)}");
    assert!(lines[6].starts_with("h''^{(i)} = \\tanh\\left(h'^{(i)}\\right)"), "{}", lines[6]);
    assert!(lines[7].starts_with("(h'^{(i+1)}, \\cdot) = "), "{}", lines[7]);
}
