//! Symbols of formulas: names as LaTeX.

use std::fmt;

/// A name with its marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Symbol {
    base: String,
    pub primes: usize,
    /// The subscript: numbers of the name, and the indices of recurrences.
    pub below: Vec<String>,
    /// The superscript in parentheses: the indices of depth loops.
    pub above: Vec<String>,
}

/// The names that are Greek letters.
const GREEK: [&str; 24] = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "phi",
    "chi",
    "psi",
    "omega",
    "varepsilon",
    "Omega",
];

impl Symbol {
    /// Returns the symbol for a name: its number, or the letter after its only underscore, stands below.
    pub fn of(name: &str) -> Self {
        let name = name.trim_start_matches("r#");
        let (base, below) = match name.split_once('_') {
            Some((base, below))
                if !base.is_empty()
                    && (below.chars().count() == 1 || below.parse::<u64>().is_ok()) =>
            {
                (base, below)
            }
            _ => {
                let letters = name.trim_end_matches(|char: char| char.is_ascii_digit());
                match letters.chars().count() {
                    1 => name.split_at(letters.len()),
                    _ => (name, ""),
                }
            }
        };
        let below = if below.is_empty() { Vec::new() } else { vec![below.to_owned()] };
        Self { base: letter(base), below, ..Self::default() }
    }
}

impl Symbol {
    /// Returns the symbol of a value without a name, `_`.
    pub fn blank() -> Self {
        Self { base: "\\cdot".to_owned(), ..Self::default() }
    }
}

fn letter(name: &str) -> String {
    match name {
        name if name.chars().count() == 1 && name != "_" => name.to_owned(),
        name if GREEK.contains(&name) => format!("\\{name}"),
        name => upright(name),
    }
}

/// Returns a name of several letters.
pub fn upright(name: &str) -> String {
    let name: String = name.trim_start_matches("r#").replace('_', "\\_");
    format!("\\mathrm{{{name}}}")
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.base, "'".repeat(self.primes))?;
        if !self.below.is_empty() {
            write!(f, "_{{{}}}", self.below.join(","))?;
        }
        if !self.above.is_empty() {
            write!(f, "^{{({})}}", self.above.join(","))?;
        }
        Ok(())
    }
}
