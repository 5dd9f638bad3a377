//! Names that generated code has whatever the network is.

/// Variables of its functions, but for those that are numbered: `slot0`, `out0`, and the run-time sizes, `len_t`.
pub const NAMES: [&str; 17] = [
    "n",
    "tile",
    "simd",
    "lane",
    "number",
    "parameters",
    "gradients",
    "inputs",
    "targets",
    "outputs",
    "d_outputs",
    "at",
    "arena",
    "layout",
    "states",
    "rows",
    "samples",
];

/// Those of functions that are the same for every network, where nothing else has a name.
const PARAMETERS: [&str; 8] =
    ["seed", "path", "state", "error", "f", "lengths", "normalisers", "values"];

/// Rust's types that have a name without being in any module; generated code means them by it.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Whether it is a type of Rust's own.
#[must_use]
pub fn is_primitive(name: &str) -> bool {
    PRIMITIVES.contains(&name)
}

/// Whether generated code may have a variable of this name for something of its own.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    let numbered = ["slot", "out"].iter().filter_map(|prefix| name.strip_prefix(prefix));
    NAMES.contains(&name)
        || PARAMETERS.contains(&name)
        || name.starts_with("len_")
        || numbered.into_iter().any(|number| number.parse::<usize>().is_ok())
}
