//! What stands between values elsewhere.

/// An operator that is not the language's.
pub struct Operator {
    /// As it is written: signs, or a word.
    pub sign: &'static str,
    /// How strongly it binds, by the numbers of the language's operators.
    pub strength: u8,
    /// What to write, with `{a}` and `{b}` for what stands before and after it.
    pub instead: &'static str,
}

const POWER: &str = "powers are `pow({a}, {b})`";
const CHAIN: &str = "layers are applied with `>>`: `{a} >> {b}`";
const BOTH: &str =
    "comparisons are 1 or 0: both hold where their product is 1, `(a > 0) * (b > 0)`";
const EITHER: &str = "comparisons are 1 or 0: one of two holds where `maximum(a > 0, b > 0)` is 1";

/// All of them, a longer one before what it begins with.
pub static OPERATORS: &[Operator] = &[
    Operator { sign: ">>>", strength: 1, instead: CHAIN },
    Operator { sign: "**", strength: 5, instead: POWER },
    Operator { sign: "^", strength: 5, instead: POWER },
    Operator { sign: "@", strength: 3, instead: "a matrix product is `matmul({a}, {b})`" },
    Operator { sign: "%", strength: 3, instead: "a remainder is `{a} - {b} * floor({a} / {b})`" },
    Operator { sign: "|>", strength: 1, instead: CHAIN },
    Operator { sign: "->", strength: 1, instead: CHAIN },
    Operator { sign: "=>", strength: 1, instead: CHAIN },
    Operator { sign: "<<", strength: 1, instead: CHAIN },
    Operator { sign: "&&", strength: 0, instead: BOTH },
    Operator { sign: "||", strength: 0, instead: EITHER },
    Operator { sign: "&", strength: 0, instead: BOTH },
    Operator { sign: "|", strength: 0, instead: CHAIN },
    Operator { sign: "and", strength: 0, instead: BOTH },
    Operator { sign: "or", strength: 0, instead: EITHER },
    Operator { sign: "is", strength: 0, instead: "write `{a} == {b}`" },
];

impl Operator {
    /// Whether a layer follows it.
    #[must_use]
    pub fn is_chain(&self) -> bool {
        self.instead == CHAIN
    }

    /// What is wrong, between these two.
    #[must_use]
    pub fn message(&self, a: &str, b: &str) -> String {
        let instead = self.instead.replace("{a}", a).replace("{b}", b);
        format!("no operator `{}`: {instead}", self.sign)
    }
}
