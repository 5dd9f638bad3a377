//! Norms, and values divided by them.

use super::{sound, wrong};
use crate::ir::display::ShapeText;

fn shape_of(value: &str) -> String {
    let program = sound(&format!(
        "Net(x: [2, 3, 4], y: [4]) -> [1] {{ let h = {value}; reshape(sum(h * sum(y)), [1]) }}"
    ));
    let named = program.graph.values().find(|value| program.graph[*value].name == "h");
    ShapeText(program.graph.shape(named.unwrap())).to_string()
}

#[test]
fn shapes() {
    assert_eq!(shape_of("norm(x, axis = 1) + 0"), "[2, 4]");
    assert_eq!(shape_of("norm(x, axis = [0, 2], keep = true, p = inf)"), "[1, 3, 1]");
    assert_eq!(shape_of("norm(x, dim = -1, p = 3, keepdim = true)"), "[2, 3, 1]");
    assert_eq!(shape_of("normalize(x, axis = [1, 2], p = 1)"), "[2, 3, 4]");
    assert_eq!(shape_of("normalize(x)"), "[2, 3, 4]");
    assert_eq!(shape_of("cosine_similarity(x, y)"), "[2, 3]");
    assert_eq!(shape_of("cosine_similarity(y, x, axis = 0)"), "[3, 4]");
    assert_eq!(shape_of("cosine_similarity(x, x[.., 0..1], axis = 1)"), "[2, 4]");
}

#[test]
fn options() {
    let of = |value: &str| wrong(&format!("Net(x: [2, 3]) -> [2, 3] {{ {value} }}"));
    assert_eq!(of("x * norm(x, p = 0)"), ["`p` is a number above 0 or `inf`, not `0`"]);
    assert_eq!(of("x * norm(x, p = -inf)"), ["`p` is a number above 0 or `inf`, not `-inf`"]);
    assert_eq!(of("x * norm(x, p = two)"), ["`p` is a number above 0 or `inf`, not `two`"]);
    assert_eq!(of("normalize(x, eps = 0)"), ["`eps` is a number above 0, not 0"]);
    assert_eq!(
        of("normalize(sum(x))"),
        ["`normalize(sum(x))` is of single numbers: there is no axis"]
    );
    assert_eq!(
        of("cosine_similarity(x, x[0, ..2])"),
        [
            "`cosine_similarity` takes equal shapes, but `x` is [2, 3] and `x[0, ..2]` is [2]: 3 is not 2"
        ]
    );
}
