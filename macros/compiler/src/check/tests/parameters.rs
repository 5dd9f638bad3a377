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
