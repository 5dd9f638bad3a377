//! Networks as formulas of LaTeX.

mod definitions;
#[cfg(test)]
mod tests;

use crate::network::Network;
use definitions::DEFINITIONS;
use std::fmt;

/// A network as formulas: `Net::formulas()`.
///
/// Each statement of the network is a line, a layer without parameters of its own formula is named, and the
/// formulas of what is named follow. Run-time sizes and const parameters are their names, and activations that
/// the network is generic over their letters. A weight `W` acts on the last axis. `Display` gives the LaTeX.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Wave<A: Activation, const H: usize>(x: [1]) -> [1] {
///         let h = x >> Linear(H) >> A;
///         h >> Linear(1)
///     }
/// }
///
/// let formulas = Wave::<Tanh, 16>::formulas();
/// assert_eq!(formulas.lines()[1].to_string(), r"h = A\left(W_{1} x + b_{1}\right)");
/// assert!(formulas.to_latex().starts_with(r"\begin{align*}"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formulas {
    sections: Vec<Section>,
}

/// The formulas of a network, of one within it, or of what layers are.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Section {
    /// The text before the formulas: `\mathrm{Block}(x)`; empty for the network itself.
    title: String,
    lines: Vec<Formula>,
}

/// A line: `h_{t} = \tanh\left(W x_{t}\right)` for `t = 1, \dots, T`.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] {
///         x >> Linear(1)
///     }
///     loss mse
/// }
///
/// assert!(Line::formulas().to_latex().contains("align"));
/// assert!(!Line::formulas().lines().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formula {
    /// The left side.
    pub left: String,
    /// The relation: `=`, or `\in` where it tells a shape.
    pub relation: String,
    /// The right side.
    pub right: String,
    /// The iterations for which it holds, outside of loops empty.
    pub iterations: String,
}

/// Writes the line without its iterations.
impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.left, self.relation, self.right)
    }
}

/// The title of the definitions.
const WHERE: &str = "where";

impl Formulas {
    /// Returns the formulas of a network.
    #[must_use]
    pub fn of<N: Network>() -> Self {
        Self::new(N::FORMULAS)
    }

    /// Reads the lines that `network!` writes down; the compiler's `formulas.rs` has their form.
    fn new(text: &str) -> Self {
        let mut sections = vec![Section { title: String::new(), lines: Vec::new() }];
        for line in text.lines() {
            if let Some(title) = line.strip_prefix("# ") {
                sections.push(Section { title: title.to_owned(), lines: Vec::new() });
            } else if let Some(kinds) = line.strip_prefix("? ") {
                sections.push(defined(kinds));
            } else if let Some(section) = sections.last_mut() {
                let mut fields = line.split('\t').map(str::to_owned);
                let mut next = || fields.next().unwrap_or_default();
                let [left, relation, right, iterations] = [next(), next(), next(), next()];
                section.lines.push(Formula { left, relation, right, iterations });
            }
        }
        sections.retain(|section| !section.lines.is_empty());
        Self { sections }
    }

    /// Returns the lines of the network itself.
    #[must_use]
    pub fn lines(&self) -> &[Formula] {
        self.sections.first().map_or(&[], |section| &section.lines)
    }

    /// Returns the formulas as LaTeX, for the packages `amsmath` and `amssymb`: an `align*` for the network, one
    /// for each network within it, and one for what layers, activations and losses are.
    #[must_use]
    pub fn to_latex(&self) -> String {
        let mut text = String::new();
        for section in &self.sections {
            match section.title.as_str() {
                "" => {}
                WHERE => text.push_str("where\n"),
                title => text.push_str(&format!("${title}$\n")),
            }
            text.push_str("\\begin{align*}\n");
            for (index, line) in section.lines.iter().enumerate() {
                let Formula { left, relation, right, iterations } = line;
                text.push_str(&format!("{left} &{relation} {right}"));
                if !iterations.is_empty() {
                    text.push_str(&format!(" && {iterations}"));
                }
                let is_last = index + 1 == section.lines.len();
                text.push_str(if is_last { "\n" } else { " \\\\\n" });
            }
            text.push_str("\\end{align*}\n");
        }
        text
    }
}

impl fmt::Display for Formulas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_latex())
    }
}

/// Returns the formulas of layers, activations and losses.
fn defined(kinds: &str) -> Section {
    let known = kinds.split(' ').flat_map(|kind| {
        DEFINITIONS.iter().filter(move |(name, _)| name.split(' ').any(|name| name == kind))
    });
    let mut lines: Vec<Formula> = Vec::new();
    for (_, formulas) in known {
        for (left, right) in *formulas {
            let line = Formula {
                left: (*left).to_owned(),
                relation: "=".to_owned(),
                right: (*right).to_owned(),
                iterations: String::new(),
            };
            // kinds may share one
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    Section { title: WHERE.to_owned(), lines }
}
