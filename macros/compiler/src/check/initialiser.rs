//! Initialisers: `init = ..`.

use super::arguments::Arguments;
use super::{Checker, Result};
use crate::ast::{Expr, ExprKind, path_text};
use crate::habits;
use crate::nearest::suggestion_or_all;
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The names that `init` takes. The first six depend on the fans, and the last five take a number.
const INITIALISERS: &[&str] = &[
    "kaiming",
    "kaiming_uniform",
    "kaiming_normal",
    "xavier_uniform",
    "xavier_normal",
    "orthogonal",
    "zeros",
    "ones",
    "normal",
    "truncated_normal",
    "uniform",
    "constant",
    "fan_in",
];

/// Returns all names of initialisers.
pub fn names() -> impl Iterator<Item = &'static str> {
    INITIALISERS.iter().copied()
}

/// The fans of a weight: the numbers of inputs per output and of outputs per input.
pub struct Fans {
    /// Number of inputs of a unit.
    pub inputs: Size,
    /// Number of outputs of a unit.
    pub outputs: Size,
}

impl Fans {
    /// Returns the fans of a weight `[out, in, ..]`, as `PyTorch` counts them, or `None` with fewer
    /// than two axes.
    pub fn of(shape: &[Size]) -> Option<Self> {
        let [outputs, inputs, field @ ..] = shape else { return None };
        let field = Size::product(field);
        Some(Self { inputs: inputs.times(&field), outputs: outputs.times(&field) })
    }
}

impl Checker<'_> {
    /// Returns a variant of the runtime's `Init` with its fields. Without `expr` it is `PyTorch`'s
    /// default for weights.
    pub(super) fn initialiser(
        &mut self,
        expr: Option<&Expr>,
        fans: Option<&Fans>,
    ) -> Result<TokenStream> {
        let Some(expr) = expr else { return self.by_fans("kaiming", None, fans) };
        match &expr.kind {
            ExprKind::Path(path) => match path_text(path).as_str() {
                "zeros" => return Ok(quote!(Constant(0.0))),
                "ones" => return Ok(quote!(Constant(1.0))),
                name if is_by_fans(name) => return self.by_fans(name, Some(expr), fans),
                name => {
                    if let Some((_, example, what)) = with_number(name) {
                        let what = format!("`{name}` takes {what}: `{example}`");
                        return self.error(expr.place, what);
                    }
                }
            },
            ExprKind::Number(_) | ExprKind::Negate(_) => {
                let number = self.literal(expr, "init")?;
                self.finite_initial(expr, number)?;
                let magnitude = Literal::f64_unsuffixed(number.abs());
                let sign = number.is_sign_negative().then(|| quote!(-));
                return Ok(quote!(Constant(#sign #magnitude)));
            }
            ExprKind::Call { callee, .. } if INITIALISERS[..8].contains(&&*path_text(callee)) => {
                let name = path_text(callee);
                let what = format!("`{name}` takes no arguments: write `init = {name}`");
                return self.error(expr.place, what);
            }
            ExprKind::Call { callee, arguments } if path_text(callee) == "fan_in" => {
                let mut arguments = Arguments::new("fan_in(64)", expr.place, arguments);
                let fan_in = arguments.next(self, "a size");
                let fan_in = fan_in.and_then(|fan_in| self.size(fan_in));
                arguments.finish(self)?;
                let fan_in = fan_in?.total_tokens();
                return Ok(quote!(FanIn { fan_in: #fan_in }));
            }
            ExprKind::Call { callee, arguments } if with_number(&path_text(callee)).is_some() => {
                let usage = with_number(&path_text(callee)).map_or("normal(0.02)", |known| known.1);
                let mut arguments = Arguments::new(usage, expr.place, arguments);
                let number = arguments.next(self, "a number");
                let number = number.and_then(|number| self.literal(number, "init"));
                arguments.finish(self)?;
                let number = number?;
                self.finite_initial(expr, number)?;
                if number < 0.0 && !callee.is_ident("constant") {
                    let (name, what) = (path_text(callee), with_number(&path_text(callee)));
                    let what = what.map_or("its number", |(_, _, what)| what);
                    let what = format!("`{name}` takes {what}, which is at least 0: not {number}");
                    return self.error(expr.place, what);
                }
                let magnitude = Literal::f64_unsuffixed(number.abs());
                let sign = number.is_sign_negative().then(|| quote!(-));
                match path_text(callee).as_str() {
                    "normal" => return Ok(quote!(Normal { mean: 0.0, std: #sign #magnitude })),
                    "truncated_normal" => {
                        return Ok(quote!(TruncatedNormal { std: #sign #magnitude }));
                    }
                    "uniform" => return Ok(quote!(Uniform { bound: #sign #magnitude })),
                    "constant" => return Ok(quote!(Constant(#sign #magnitude))),
                    _ => {}
                }
            }
            _ => {}
        }
        let text = expr.to_string();
        let name = text.split('(').next().unwrap_or_default();
        if let Some(own) = habits::names::initial_value(name) {
            return self.error(expr.place, format!("no initialiser `{text}`: write `{own}`"));
        }
        let more = " (the last five with a number: `normal(0.02)`)";
        let hint = suggestion_or_all(name, INITIALISERS, more);
        self.error(expr.place, format!("no initialiser `{text}`{hint}"))
    }

    /// Checks that a number is finite as a scalar of `f32`.
    fn finite_initial(&mut self, expr: &Expr, number: f64) -> Result<()> {
        match number.abs() > f64::from(f32::MAX) {
            true => self.error(
                expr.place,
                format!("{number:e} is infinite in `f32`: parameters begin with finite numbers"),
            ),
            false => Ok(()),
        }
    }

    /// Returns an initialiser that depends on the fans.
    fn by_fans(
        &mut self,
        name: &str,
        expr: Option<&Expr>,
        fans: Option<&Fans>,
    ) -> Result<TokenStream> {
        let Some(fans) = fans else {
            let Some(expr) = expr else { return Err(super::Reported) };
            return self.error(
                expr.place,
                format!("`{name}` goes by the numbers of outputs and inputs, the first two axes: a parameter with fewer begins as `zeros`, `ones`, `normal(0.02)` ..."),
            );
        };
        let (fan_in, fan_out) = (fans.inputs.total_tokens(), fans.outputs.total_tokens());
        Ok(match name {
            "kaiming_uniform" => quote!(KaimingUniform { fan_in: #fan_in }),
            "kaiming_normal" => quote!(KaimingNormal { fan_in: #fan_in }),
            "xavier_uniform" => quote!(XavierUniform { fan_in: #fan_in, fan_out: #fan_out }),
            "xavier_normal" => quote!(XavierNormal { fan_in: #fan_in, fan_out: #fan_out }),
            "orthogonal" => quote!(Orthogonal { rows: #fan_out, columns: #fan_in }),
            _ => quote!(FanIn { fan_in: #fan_in }),
        })
    }
}

/// Returns an initialiser that takes a number: its name, an example, and the meaning of the number.
fn with_number(name: &str) -> Option<(&'static str, &'static str, &'static str)> {
    let all = [
        ("normal", "normal(0.02)", "its standard deviation"),
        ("truncated_normal", "truncated_normal(0.02)", "its standard deviation"),
        ("uniform", "uniform(0.1)", "its bound"),
        ("constant", "constant(0.5)", "its value"),
        ("fan_in", "fan_in(64)", "the number of inputs of a unit"),
    ];
    all.into_iter().find(|(other, ..)| *other == name)
}

/// Returns true if the initialiser depends on the fans.
fn is_by_fans(name: &str) -> bool {
    INITIALISERS[..6].contains(&name)
}
