//! Names that generated code uses in every network.

use proc_macro2::TokenStream;
use quote::quote;

/// Variables of generated functions. Numbered ones (`slot0`, `out0`) and run-time sizes (`len_t`)
/// are not listed.
pub const NAMES: [&str; 20] = [
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
    "trace",
    "rows",
    "samples",
    "index",
    "len",
];

/// Variables of those generated functions that are the same for every network.
const PARAMETERS: [&str; 8] =
    ["seed", "path", "state", "error", "f", "lengths", "normalisers", "values"];

/// Primitive types, which belong to no module; generated code relies on their names.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Returns the name of the runtime's hidden module in generated code.
#[must_use]
pub fn private_path() -> TokenStream {
    quote!(__monograd)
}

/// Returns true if it is the name of a primitive type.
#[must_use]
pub fn is_primitive(name: &str) -> bool {
    PRIMITIVES.contains(&name)
}

/// Returns true if generated code may have a variable of this name.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    let numbered = ["slot", "out"].iter().filter_map(|prefix| name.strip_prefix(prefix));
    NAMES.contains(&name)
        || PARAMETERS.contains(&name)
        || name.starts_with("len_")
        || numbered.into_iter().any(|number| number.parse::<usize>().is_ok())
}
