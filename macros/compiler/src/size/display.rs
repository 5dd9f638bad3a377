//! Sizes as they are written.

use super::{Atom, Monomial, Size};
use std::fmt;

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms = self.ordered();
        if terms.is_empty() {
            return f.write_str("0");
        }
        for (i, (monomial, coefficient)) in terms.iter().enumerate() {
            let sign = match (i, *coefficient < 0) {
                (0, true) => "-",
                (0, false) => "",
                (_, true) => " - ",
                (_, false) => " + ",
            };
            f.write_str(sign)?;
            write_term(f, monomial, coefficient.unsigned_abs())?;
        }
        Ok(())
    }
}

fn write_term(f: &mut fmt::Formatter<'_>, monomial: &Monomial, coefficient: u128) -> fmt::Result {
    let mut separator = "";
    if coefficient != 1 || monomial.is_empty() {
        write!(f, "{coefficient}")?;
        separator = " * ";
    }
    for (atom, power) in monomial {
        for _ in 0..*power {
            f.write_str(separator)?;
            separator = " * ";
            match atom {
                Atom::Symbol(name) => f.write_str(name)?,
                Atom::Quotient(a, b) => {
                    write_operand(f, a)?;
                    f.write_str(" / ")?;
                    write_operand(f, b)?;
                }
            }
        }
    }
    Ok(())
}

fn write_operand(f: &mut fmt::Formatter<'_>, size: &Size) -> fmt::Result {
    let simple = size.terms.len() == 1 && size.terms.keys().all(|m| m.len() <= 1);
    if simple { write!(f, "{size}") } else { write!(f, "({size})") }
}
