//! Binary operators of other languages.

/// An operator that the language does not have.
pub struct Operator {
    /// The operator as written: signs, or a word.
    pub sign: &'static str,
    /// The binding strength, on the scale of the language's operators.
    pub strength: u8,
    /// The text that says what to write, with `{a}` and `{b}` for the left and right operand.
    pub instead: &'static str,
}

const POWER: &str = "powers are `pow({a}, {b})`";
const REMAINDER: &str = "a remainder is `{a} - {b} * floor({a} / {b})`";
const CHAIN: &str = "layers are applied with `>>`: `{a} >> {b}`";
const BOTH: &str =
    "comparisons are 1 or 0: both hold where their product is 1, `(a > 0) * (b > 0)`";
const EITHER: &str = "comparisons are 1 or 0: one of two holds where `maximum(a > 0, b > 0)` is 1";

/// All operators; a longer one comes before its prefixes.
pub static OPERATORS: &[Operator] = &[
    Operator { sign: ">>>", strength: 1, instead: CHAIN },
    Operator { sign: "**", strength: 5, instead: POWER },
    Operator { sign: "^", strength: 5, instead: POWER },
    Operator { sign: "@", strength: 3, instead: "a matrix product is `matmul({a}, {b})`" },
    Operator { sign: "%", strength: 3, instead: REMAINDER },
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
    /// Returns true if it applies layers in the other language.
    #[must_use]
    pub fn is_chain(&self) -> bool {
        self.instead == CHAIN
    }

    /// Returns the error message for the operator between `a` and `b`.
    #[must_use]
    pub fn message(&self, a: &str, b: &str) -> String {
        let instead = self.instead.replace("{a}", a).replace("{b}", b);
        let in_size = match self.instead {
            REMAINDER if may_be_size(a) => format!(", in a size `{a} - {a} / {b} * {b}`"),
            POWER if may_be_size(a) && b == "2" => format!(", in a size `{a} * {a}`"),
            // `1 << i`, a power of two
            CHAIN if self.sign == "<<" && a.parse::<u64>().is_ok() => {
                let factor = if a == "1" { String::new() } else { format!("{a} * ") };
                return format!("no operator `<<`: write `{factor}pow(2, {b})`");
            }
            _ => String::new(),
        };
        format!("no operator `{}`: {instead}{in_size}", self.sign)
    }
}

/// Returns true if an operand is a name in upper case, as those of sizes are.
pub(super) fn may_be_size(operand: &str) -> bool {
    operand.starts_with(char::is_uppercase) && !operand.contains(char::is_lowercase)
}
