//! Prints trees back as source text, for messages and generated comments.

use super::{Argument, Expr, ExprKind, Selection};
use std::fmt;

/// Returns a path as source text, with its generic arguments.
#[must_use]
pub fn path_text(path: &syn::Path) -> String {
    let mut bare = path.clone();
    if let Some(last) = bare.segments.last_mut() {
        last.arguments = syn::PathArguments::None;
    }
    let text = quote::quote!(#bare).to_string().replace(' ', "");
    match crate::parse::generic_arguments(path) {
        Ok(arguments) if !arguments.is_empty() => {
            let arguments: Vec<String> = arguments.iter().map(generic_text).collect();
            format!("{text}::<{}>", arguments.join(", "))
        }
        _ => text,
    }
}

/// Returns a generic argument as source text, in braces unless it is a name or a number.
fn generic_text(argument: &Expr) -> String {
    match argument.kind {
        ExprKind::Path(_) | ExprKind::Number(_) => argument.to_string(),
        _ => format!("{{ {argument} }}"),
    }
}

/// A list that is printed with commas between its items.
pub(super) struct Separated<'a, T>(pub &'a [T]);

impl<T: fmt::Display> fmt::Display for Separated<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, item) in self.0.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{item}")?;
        }
        Ok(())
    }
}

impl Expr {
    fn strength(&self) -> u8 {
        match &self.kind {
            ExprKind::Chain(..) => 1,
            ExprKind::Binary { operator, .. } => operator.strength(),
            ExprKind::Negate(_) => 4,
            _ => 5,
        }
    }

    /// Writes the expression, in parentheses if its operator binds weaker than `strength`.
    fn write(&self, f: &mut fmt::Formatter<'_>, strength: u8) -> fmt::Result {
        if self.strength() < strength { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Path(path) => f.write_str(&path_text(path)),
            ExprKind::Number(x) => write!(f, "{x}"),
            ExprKind::Bool(x) => write!(f, "{x}"),
            ExprKind::Dynamic { name, bound: None } => write!(f, "dyn {name}"),
            ExprKind::Dynamic { name, bound: Some(bound) } => write!(f, "dyn {name} <= {bound}"),
            ExprKind::For(repeated) => write!(f, "{} {{ .. }}", repeated.head()),
            ExprKind::Rest | ExprKind::Unknown | ExprKind::Refused(_) => f.write_str(".."),
            ExprKind::Call { callee, arguments } => {
                write!(f, "{}({})", path_text(callee), Separated(arguments))
            }
            ExprKind::Chain(value, layer) => {
                value.write(f, 1)?;
                f.write_str(" >> ")?;
                layer.write(f, 2)
            }
            ExprKind::Binary { operator, left, right } => {
                // comparisons do not chain: a comparison on the left of another needs parentheses
                left.write(f, operator.strength().max(1))?;
                write!(f, " {} ", operator.symbol())?;
                right.write(f, operator.strength() + 1)
            }
            ExprKind::Negate(value) => {
                f.write_str("-")?;
                value.write(f, 4)
            }
            ExprKind::Index(value, selections) => {
                value.write(f, 5)?;
                write!(f, "[{}]", Separated(selections))
            }
            ExprKind::Member(of, name) => {
                of.write(f, 5)?;
                write!(f, ".{name}")
            }
            ExprKind::Tuple(items) => write!(f, "({})", Separated(items)),
            ExprKind::List(items) => write!(f, "[{}]", Separated(items)),
        }
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range { start, end, step, reversed, .. } => {
                let plain = step.is_none() && !reversed;
                f.write_str(if plain { "" } else { "(" })?;
                start.as_ref().map_or(Ok(()), |start| start.fmt(f))?;
                f.write_str("..")?;
                end.as_ref().map_or(Ok(()), |end| end.fmt(f))?;
                f.write_str(if plain { "" } else { ")" })?;
                f.write_str(if *reversed { ".rev()" } else { "" })?;
                step.as_ref().map_or(Ok(()), |step| write!(f, ".step_by({step})"))
            }
            Self::At(index) => index.fmt(f),
        }
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Positional(value) => value.fmt(f),
            Self::Option { name, value } => write!(f, "{name} = {value}"),
        }
    }
}
