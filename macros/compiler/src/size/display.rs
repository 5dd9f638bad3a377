//! Prints sizes as source text, for messages and comments.

use super::{Atom, Monomial, Size};
use std::fmt;

impl fmt::Debug for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

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
    let alone = separator.is_empty() && monomial.values().sum::<u32>() == 1;
    for (atom, power) in monomial {
        for _ in 0..*power {
            f.write_str(separator)?;
            separator = " * ";
            match atom {
                Atom::Quotient(..) if !alone => write!(f, "({atom})")?,
                _ => write!(f, "{atom}")?,
            }
        }
    }
    Ok(())
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbol(name) | Self::Dynamic(name) => f.write_str(name),
            Self::Constant(constant) => constant.fmt(f),
            Self::External(external) => external.fmt(f),
            Self::Computed(of) => of.fmt(f),
            Self::Least(a, b) => write!(f, "min({a}, {b})"),
            Self::Quotient(a, b) => {
                write_operand(f, a, a.terms.len() <= 1)?;
                f.write_str(" / ")?;
                let symbol = |m: &Monomial, c: i128| {
                    c == 1 && m.len() == 1 && m.iter().all(|(a, p)| *p == 1 && a.is_symbol())
                };
                let simple = b.constant().is_some() || b.terms.iter().all(|(m, c)| symbol(m, *c));
                write_operand(f, b, simple && b.terms.len() <= 1)
            }
        }
    }
}

impl Atom {
    fn is_symbol(&self) -> bool {
        matches!(self, Self::Symbol(_) | Self::Constant(_) | Self::Dynamic(_))
    }
}

fn write_operand(f: &mut fmt::Formatter<'_>, size: &Size, simple: bool) -> fmt::Result {
    if simple { write!(f, "{size}") } else { write!(f, "({size})") }
}
