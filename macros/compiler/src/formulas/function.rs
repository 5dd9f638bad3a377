//! Functions.

use super::Writer;
use super::expression::{ATOM, PRODUCT, SUM, Tex, product};
use super::symbol::{Symbol, upright};
use crate::ast::{Argument, Expr};
use crate::check::is_activation;

/// Returns a number: `10^{-5}` for one that `f64` prints so.
pub fn number(x: f64) -> String {
    let text = format!("{x}");
    let long = text.len() > 6 && x != 0.0;
    match format!("{x:e}").split_once('e') {
        Some((digits, power)) if long => match digits {
            "1" => format!("10^{{{power}}}"),
            digits => format!("{digits} \\cdot 10^{{{power}}}"),
        },
        _ => text,
    }
}

/// The losses that the runtime has a definition of.
const LOSSES: [&str; 4] = ["mse", "l1", "cross_entropy", "bce_with_logits"];

/// Returns the name of a function.
pub fn operator(name: &str) -> String {
    let name = name.replace("::", ".").replace('_', "\\_");
    format!("\\operatorname{{{name}}}")
}

impl Writer<'_> {
    pub(super) fn call(&mut self, name: &str, arguments: &[Argument]) -> Tex {
        let mut values: Vec<Tex> = Vec::new();
        let mut options: Vec<(String, Expr)> = Vec::new();
        for argument in arguments {
            match argument {
                Argument::Positional(value) => values.push(self.expr(value)),
                Argument::Option { name, value } => options.push((name.to_string(), value.clone())),
            }
        }
        let texts: Vec<String> = values.iter().map(|value| value.text.clone()).collect();
        let generic = self.network.generics.iter().any(|generic| *generic.name() == name);
        if let ([value], true) = (&values[..], generic || is_activation(name)) {
            return self.activation(name, value);
        }
        match (name, &values[..]) {
            ("exp", [x]) => Tex::atom(format!("e^{{{}}}", x.text)),
            ("sqrt", [x]) => Tex::atom(format!("\\sqrt{{{}}}", x.text)),
            ("rsqrt", [x]) => Tex::new(format!("\\frac{{1}}{{\\sqrt{{{}}}}}", x.text), PRODUCT),
            ("abs", [x]) => Tex::atom(format!("\\left|{}\\right|", x.text)),
            ("square", [x]) => Tex::new(format!("{{{}}}^{{2}}", x.within(ATOM)), PRODUCT + 1),
            ("pow", [x, y]) => {
                Tex::new(format!("{{{}}}^{{{}}}", x.within(ATOM), y.text), PRODUCT + 1)
            }
            ("log" | "sin" | "cos" | "tan" | "tanh" | "sinh" | "cosh", [x]) => {
                Tex::atom(format!("\\{name}\\left({}\\right)", x.text))
            }
            ("sigmoid", [x]) => {
                self.kinds.insert("Sigmoid".to_owned());
                Tex::atom(format!("\\sigma\\left({}\\right)", x.text))
            }
            ("matmul", [a, b]) => {
                Tex::new(product(&a.within(PRODUCT), &b.within(PRODUCT)), PRODUCT)
            }
            ("linear", [x, w, rest @ ..]) if rest.len() < 2 => {
                let product = product(&w.within(PRODUCT), &x.within(PRODUCT + 1));
                match rest {
                    [b] => Tex::new(format!("{product} + {}", b.text), SUM),
                    _ => Tex::new(product, PRODUCT),
                }
            }
            ("gather", [table, index]) => {
                Tex::atom(format!("{}[{}]", table.within(ATOM), index.text))
            }
            ("transpose", [x, ..]) => {
                Tex::new(format!("{{{}}}^{{\\top}}", x.within(ATOM)), PRODUCT + 1)
            }
            ("maximum", _) => Tex::atom(format!("\\max\\left({}\\right)", texts.join(", "))),
            ("minimum", _) => Tex::atom(format!("\\min\\left({}\\right)", texts.join(", "))),
            ("concat", _) => Tex::atom(format!("\\left[{}\\right]", texts.join(";\\, "))),
            ("zeros", _) => Tex::atom("0"),
            ("ones", _) => Tex::atom("1"),
            ("sum" | "mean" | "max" | "min" | "prod", [x]) => self.reduction(name, x, &options),
            _ => {
                if LOSSES.contains(&name) {
                    self.kinds.insert(name.to_owned());
                }
                let given = options.iter().map(|(name, value)| {
                    let value = self.expr(value).text;
                    format!("{} = {value}", upright(name))
                });
                let given: Vec<String> = texts.into_iter().chain(given).collect();
                Tex::atom(format!("{}\\left({}\\right)", operator(name), given.join(", ")))
            }
        }
    }

    /// Returns a sum or the like, with its axes below.
    fn reduction(&mut self, name: &str, x: &Tex, options: &[(String, Expr)]) -> Tex {
        let is_axis = |(name, _): &&(String, Expr)| name == "axis" || name == "dim";
        let axes = options.iter().find(is_axis).map(|(_, axes)| self.expr(axes).text);
        let below =
            axes.map_or_else(String::new, |axes| format!("_{{{}\\,{axes}}}", Symbol::of("axis")));
        match name {
            "sum" => Tex::new(format!("\\sum{below} {}", x.within(PRODUCT)), SUM),
            "prod" => Tex::new(format!("\\prod{below} {}", x.within(PRODUCT)), SUM),
            "max" | "min" => Tex::atom(format!("\\{name}{below} \\left({}\\right)", x.text)),
            _ => Tex::atom(format!("{}{below}\\left({}\\right)", operator(name), x.text)),
        }
    }
}
