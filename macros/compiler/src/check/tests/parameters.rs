//! Parameters without a layer, and constants of the user's.

use super::{sound, wrong};

#[test]
fn has_parameters_without_layers() {
    let program = sound(
        "Net<const D: usize>(x: [D]) -> [D] {
            let scale = param([D], init = ones);
            #[name = \"norm.shift\"]
            #[frozen]
            let shift = param([], init = -0.5, bias = true);
            let mix = param([D, 3, 2], init = kaiming_normal);
            x * scale + shift + param([1], init = normal(0.02)) + mean(mix)
        }",
    );
    let parameters: Vec<String> = program
        .parameters
        .iter()
        .map(|p| format!("{} {:?} {} {} {}", p.name, p.shape, p.is_bias, p.frozen, p.init))
        .collect();
    assert_eq!(
        parameters,
        [
            "scale [D] false false Constant (1.0)",
            "norm.shift [] true true Constant (- 0.5)",
            "mix [D, 3, 2] false false KaimingNormal { fan_in : 6 }",
            "param0 [1] false false Normal { mean : 0.0 , std : 0.02 }"
        ]
    );
}

#[test]
fn freezes_all_that_is_in_a_let() {
    let program = sound(
        "Net(x: [3, 4]) -> [3, 4] {
            #[frozen]
            let ys = for r in x { let a = r * 2.0; a >> Linear(4) } + (x >> Linear(4));
            ys >> Linear(4)
        }",
    );
    let frozen: Vec<bool> = program.parameters.iter().map(|p| p.frozen).collect();
    assert_eq!(frozen, [true, true, true, true, false, false]);
}

#[test]
fn shares_the_parameters_of_a_nested_network() {
    let program = sound(
        "Net(x: [4]) -> [4] { let norm = Scale; x >> norm >> norm >> Scale }
        Scale(x: [4]) -> [4] { let g = param([4], init = ones); x * g }",
    );
    let names: Vec<&str> = program.parameters.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["norm.g", "scale0.g"]);
}

#[test]
fn says_what_a_parameter_lacks() {
    for (body, message) in [
        ("let g = param([4]); x * g", "missing how `g` begins: `param([..], init = zeros)`"),
        ("let g = param(4, init = ones); x * g", "expected a shape such as `[64]`, found `4`"),
        ("let g = param([4], init = one); x * g", "no initialiser `one`; did you mean `ones`?"),
        (
            "let g = param([4], init = kaiming); x * g",
            "`kaiming` goes by the numbers of outputs and inputs, the first two axes: a parameter with fewer begins as `zeros`, `ones`, `normal(0.02)` ...",
        ),
        (
            "let g = param([4], init = ones); x",
            "`g` would never learn: the output does not depend on it. Use its value, remove it, or mark its `let` as `#[frozen]`",
        ),
        ("let g = param([4], init = ones); let h = x >> g; h", "`g` is not a layer"),
        (
            "let g = parm([4], init = ones); x * g",
            "no function `parm`; did you mean `param`? (A function of your own: `self::parm(..)`)",
        ),
        (
            "let g = param([4], init = ones, frozen = true); x * g",
            "no option `frozen`; it is used as `param([D], init = zeros, bias = false, transposed = false, zero_row = 0)`",
        ),
        (
            "x * param([3], init = ones)",
            "`*` takes equal shapes, but `x` is [4] and `param([3], init = ones)` is [3]: 4 is not 3",
        ),
    ] {
        assert_eq!(wrong(&format!("Net(x: [4]) -> [4] {{ {body} }}")), [message]);
    }
}

#[test]
fn calculates_with_constants_of_the_user() {
    let program = sound("Net(x: [4]) -> [4] { EPS * x / my::SCALE + EPS }");
    let constants =
        program.graph.values().filter(|value| program.graph[*value].op.to_string().contains("EPS"));
    assert_eq!(constants.count(), 1);
    assert_eq!(
        wrong(
            "Net<const EPS: usize>(x: [EPS]) -> [EPS] { x >> Inner::<EPS> }
            Inner<const D: usize>(x: [D]) -> [D] { x * EPS }"
        ),
        ["in `Inner::<EPS>`: `EPS` is not this network's parameter `EPS`: rename the parameter"]
    );
}

#[test]
fn a_const_parameter_is_the_number_of_an_option() {
    for source in [
        "Net<const THETA: usize>(x: [dyn T, 2, 4]) -> [T, 2, 4] { rope(x, theta = THETA) }",
        "Net<const THETA: usize>(x: [dyn T, 2, 4]) -> [T, 2, 4] { rope(x, dims = 2, theta = THETA) }",
        "Net<const THETA: usize>(x: [dyn T, 2, 4]) -> [T, 2, 4] { x >> Inner::<{ 2 * THETA }> }
        Inner<const THETA: usize>(x: [dyn T, 2, 4]) -> [T, 2, 4] { rope(x, theta = THETA) }",
        "Net<const K: usize>(x: [4, 9]) -> [4, 9] { x >> LocalResponseNorm(3, K, k = K) }",
        "Net<const M: usize>(x: [4]) -> [4] { x >> BatchNorm1d(momentum = M) }",
        "Net(x: [4, 4]) -> [4, 4] { for i in 0..2 { x = x >> LocalResponseNorm(3, k = i); } x }"
            .replace("{ for", "{ let mut x = x; for")
            .as_str(),
    ] {
        sound(source);
    }
    for source in [
        "Net<const D: usize>(x: [D]) -> [D] { x >> LayerNorm(eps = D) }",
        "Net<const D: usize>(x: [dyn T, D]) -> [T, D] { rms_norm(x, eps = D) }",
    ] {
        let message = "`eps` is a small number, not D: how many features or channels there are is known, and is not written";
        assert_eq!(wrong(source), [message]);
    }
}

#[test]
fn a_constant_of_any_type_is_the_number_of_an_option() {
    for source in [
        "Net(x: [4]) -> [4] { x >> LayerNorm(eps = EPS) }",
        "Net(x: [4]) -> [4] { x >> LayerNorm(eps = my::EPS) }",
        "Net(x: [4, 9]) -> [4, 9] { x >> LocalResponseNorm(3, ALPHA, k = self::K) }",
        "Net(x: [4]) -> [4] { x >> BatchNorm1d(eps = EPS, momentum = my::MOMENTUM) }",
        "Net(x: [4, 9]) -> [4, 9] { x >> GroupNorm(2, eps = self::EPS) }",
    ] {
        // what stands among the constants has to be a `usize`
        assert!(sound(source).constants.is_empty(), "{source}");
    }
    assert!(!sound("Net(x: [4, 9]) -> [4, 9] { x >> GroupNorm(GROUPS) }").constants.is_empty());
}
