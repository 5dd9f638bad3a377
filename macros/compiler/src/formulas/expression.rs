//! Expressions as formulas.

use super::symbol::{Symbol, upright};
use super::{Name, Writer, function};
use crate::ast::{Expr, ExprKind, Operator, Selection, path_text};

/// A formula, and how strongly its outermost operation binds.
pub struct Tex {
    pub text: String,
    strength: u8,
}

pub const SUM: u8 = 1;
pub const PRODUCT: u8 = 2;
pub const ATOM: u8 = 4;

impl Tex {
    pub fn new(text: impl Into<String>, strength: u8) -> Self {
        Self { text: text.into(), strength }
    }

    pub fn atom(text: impl Into<String>) -> Self {
        Self::new(text, ATOM)
    }

    /// Returns the text, in parentheses if it binds weaker.
    pub fn within(&self, strength: u8) -> String {
        match self.strength < strength {
            true => format!("\\left({}\\right)", self.text),
            false => self.text.clone(),
        }
    }
}

impl Writer<'_> {
    /// Returns an expression as a formula; lines for parts of it may come before.
    pub fn expr(&mut self, expr: &Expr) -> Tex {
        match &expr.kind {
            ExprKind::Path(path) => {
                let name = path_text(path);
                match (self.names.get(&name), name.as_str()) {
                    (Some(Name::Value(symbol)), _) => Tex::atom(symbol.to_string()),
                    (Some(Name::Layer { label, .. }), _) => Tex::atom(label.to_string()),
                    (None, "PI") => Tex::atom("\\pi"),
                    (None, _) => Tex::atom(Symbol::of(&name).to_string()),
                }
            }
            ExprKind::Number(x) => Tex::atom(function::number(*x)),
            ExprKind::Bool(x) => Tex::atom(upright(&x.to_string())),
            ExprKind::Call { callee, arguments } => self.call(&path_text(callee), arguments),
            ExprKind::Chain(..) => self.chain(expr),
            ExprKind::Binary { operator, left, right } => self.binary(*operator, left, right),
            ExprKind::Negate(inner) => {
                let inner = self.expr(inner).within(PRODUCT);
                Tex::new(format!("-{inner}"), SUM)
            }
            ExprKind::Index(value, selections) => {
                let value = self.expr(value).within(ATOM);
                let selections: Vec<String> =
                    selections.iter().map(|selection| self.selection(selection)).collect();
                Tex::atom(format!("{value}[{}]", selections.join(", ")))
            }
            ExprKind::Member(of, name) => self.member(of, &name.to_string()),
            ExprKind::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|item| self.expr(item).text).collect();
                Tex::atom(format!("\\left({}\\right)", items.join(", ")))
            }
            ExprKind::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.expr(item).text).collect();
                Tex::atom(format!("\\left[{}\\right]", items.join(", ")))
            }
            ExprKind::For(repeated) => self.repeated(repeated),
            ExprKind::Dynamic { name, .. } => Tex::atom(Symbol::of(&name.to_string()).to_string()),
            ExprKind::Rest | ExprKind::Refused(_) | ExprKind::Unknown => Tex::atom("\\cdots"),
        }
    }

    fn selection(&mut self, selection: &Selection) -> String {
        match selection {
            Selection::At(index) => self.expr(index).text,
            Selection::Range { start, end, step, reversed, .. } => {
                let mut side = |side: Option<&Expr>| {
                    side.map_or_else(String::new, |side| self.expr(side).text)
                };
                let (start, end, step) =
                    (side(start.as_ref()), side(end.as_ref()), side(step.as_deref()));
                let sign = if *reversed { "-" } else { "" };
                match (step.is_empty(), sign.is_empty()) {
                    (true, true) => format!("{start}{{:}}{end}"),
                    (true, false) => format!("{start}{{:}}{end}{{:}}-1"),
                    (false, _) => format!("{start}{{:}}{end}{{:}}{sign}{step}"),
                }
            }
        }
    }

    fn binary(&mut self, operator: Operator, left: &Expr, right: &Expr) -> Tex {
        let is_factor = |writer: &Self, expr: &Expr| match &expr.kind {
            ExprKind::Number(_) => true,
            ExprKind::Path(path) => !writer.names.contains_key(&path_text(path)),
            _ => false,
        };
        let scales = is_factor(self, left) || is_factor(self, right);
        let both = is_factor(self, left) && is_factor(self, right);
        let (a, b) = (self.expr(left), self.expr(right));
        match operator {
            Operator::Add => Tex::new(format!("{} + {}", a.text, b.text), SUM),
            Operator::Subtract => Tex::new(format!("{} - {}", a.text, b.within(PRODUCT)), SUM),
            Operator::Multiply => {
                let sign = match (both, scales) {
                    (true, _) => "\\cdot",
                    (_, true) => "\\,",
                    _ => "\\odot",
                };
                Tex::new(format!("{} {sign} {}", a.within(PRODUCT), b.within(PRODUCT)), PRODUCT)
            }
            Operator::Divide => Tex::new(format!("\\frac{{{}}}{{{}}}", a.text, b.text), PRODUCT),
            Operator::Above
            | Operator::AtLeast
            | Operator::Below
            | Operator::AtMost
            | Operator::Equal
            | Operator::Unequal => {
                let sign = match operator {
                    Operator::Above => ">",
                    Operator::AtLeast => "\\ge",
                    Operator::Below => "<",
                    Operator::AtMost => "\\le",
                    Operator::Equal => "=",
                    _ => "\\ne",
                };
                Tex::atom(format!("\\mathbf{{1}}\\left[{} {sign} {}\\right]", a.text, b.text))
            }
        }
    }
}

/// Returns a product without a sign, with a space before a function.
pub fn product(a: &str, b: &str) -> String {
    let space =
        if b.starts_with("\\mathrm") || b.starts_with("\\operatorname") { "\\," } else { "" };
    format!("{a}{space} {b}")
}
