//! Words of other languages that begin a value or a statement.

/// The tokens that belong to a refused word and are skipped with it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The word alone.
    Word,
    /// The value after it, which is still checked.
    Value,
    /// All tokens up to the next group in braces, and the same after an `else`.
    Braces,
    /// All tokens up to the next comma or semicolon.
    Rest,
}

use Extent::{Braces, Rest, Value, Word};

const BRANCH: &str = "networks have no branches, every sample takes the same way: between two values of an element chooses `select(condition, a, b)`";
const ENDLESS: &str = "networks have no unbounded loops: write `for _ in 0..N`";
const WHOLE_ITERATION: &str = "every iteration of a loop is run to its end";
const CLOSURE: &str = "there are no closures: write a network of its own, and apply it by its name";
const PLAIN_NOT: &str = "comparisons are 1 or 0: write `1 - ..`";

/// Words in the place of a value. A word that is not a keyword of Rust counts only before another
/// word or a literal.
pub static VALUES: &[(&str, Extent, &str)] = &[
    ("if", Braces, BRANCH),
    ("match", Braces, BRANCH),
    ("while", Braces, ENDLESS),
    ("loop", Braces, ENDLESS),
    ("break", Word, WHOLE_ITERATION),
    ("continue", Word, WHOLE_ITERATION),
    ("return", Value, "the last value is what the network gives: write it without `return`"),
    ("yield", Value, "the last value is what the network gives: write it without `yield`"),
    ("move", Braces, CLOSURE),
    ("lambda", Rest, CLOSURE),
    ("unsafe", Braces, "there is nothing unsafe here: write the value without `unsafe`"),
    ("async", Braces, "nothing waits here: write the value without `async`"),
    ("await", Value, "nothing waits here: write the value without `await`"),
    ("not", Value, PLAIN_NOT),
    ("new", Value, "layers are written without `new`: `x >> Linear(10)`"),
    ("mut", Value, "`mut` stands in a `let`: `let mut h = x;`"),
];

/// Words that begin statements in other languages, each with the error message.
pub static STATEMENTS: &[(&str, &str)] = &[
    ("const", "constants stand outside of `network!`, or as a size in `Net<const H: usize = 64>`"),
    ("static", "constants stand outside of `network!`"),
    (
        "fn",
        "functions stand outside of `network!`, generic over `Number`; a part of a network is a network of its own",
    ),
    (
        "def",
        "a part of a network is a network of its own: `Block(x: [8]) -> [8] { .. }` beside this one",
    ),
    ("struct", "types stand outside of `network!`; a part of a network is a network of its own"),
    ("enum", "types stand outside of `network!`"),
    ("impl", "a part of a network is a network of its own, beside this one"),
    ("type", "types stand outside of `network!`"),
    ("use", "imports stand outside of `network!`"),
    (
        "import",
        "nothing is imported here: the language's layers and functions are known by their names",
    ),
    (
        "from",
        "nothing is imported here: the language's layers and functions are known by their names",
    ),
    (
        "with",
        "there are no blocks here; without a gradient is `stop_gradient(x)`, or `#[frozen]` before a `let`",
    ),
    ("var", "a name is given with `let`, or `let mut` if another value is assigned to it"),
    ("val", "a name is given with `let`"),
    ("auto", "a name is given with `let`"),
    ("pass", "a body ends with what the network gives"),
    ("assert", "sizes are compared when the network is compiled: leave it out"),
];

/// Words before a definition in other languages, which are refused before a network's name.
pub static HEADERS: &[&str] = &[
    "fn", "struct", "class", "def", "network", "net", "model", "module", "type", "let", "impl",
    "mod",
];

/// Words that begin items other than networks.
pub static ITEMS: &[&str] = &["const", "static", "use", "enum", "trait", "import", "from"];

/// Returns the error message for a call of the macro `name`.
#[must_use]
pub fn macro_call(name: &str) -> &'static str {
    match name {
        "println" | "print" | "eprintln" | "eprint" | "dbg" | "info" | "debug" => {
            "nothing is printed inside of a network: make the value an output, and print that"
        }
        "vec" | "array" => "a tensor of numbers is a list: `[0.5, 0.25]`",
        "assert" | "assert_eq" | "debug_assert" => {
            "sizes are compared when the network is compiled: leave it out"
        }
        "todo" | "unimplemented" | "panic" | "unreachable" => {
            "a network's body ends with what it gives, and nothing fails in it"
        }
        _ => "macros are not called inside of a network",
    }
}
