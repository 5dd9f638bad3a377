//! Layers and chains of layers.

use super::expression::{ATOM, PRODUCT, SUM, Tex, product};
use super::symbol::{Symbol, upright};
use super::{Name, Writer};
use crate::ast::{Expr, ExprKind, path_text};
use crate::check::{is_activation, is_layer};

/// The activations by the names of the literature.
const ACTIVATIONS: [(&str, &str); 8] = [
    ("Elu", "\\mathrm{ELU}"),
    ("Gelu", "\\mathrm{GELU}"),
    ("GeluTanh", "\\mathrm{GELU}"),
    ("Relu", "\\mathrm{ReLU}"),
    ("Selu", "\\mathrm{SELU}"),
    ("Sigmoid", "\\sigma"),
    ("Silu", "\\mathrm{SiLU}"),
    ("Tanh", "\\tanh"),
];

impl Writer<'_> {
    /// Returns true for a layer or a network, which a `let` declares.
    pub(super) fn is_layer(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Call { callee, .. } => {
                is_layer(&path_text(callee)) || callee.segments.len() > 1 && is_type(callee)
            }
            ExprKind::Path(path) => self.network_name(path).is_some(),
            _ => false,
        }
    }

    fn network_name(&self, path: &syn::Path) -> Option<String> {
        let [segment] = &path.segments.iter().collect::<Vec<_>>()[..] else { return None };
        let found = self.others.iter().find(|other| other.name == segment.ident)?;
        Some(found.name.to_string())
    }

    /// Returns a chain `x >> a >> b`. What follows an activation is a line of its own.
    pub(super) fn chain(&mut self, expr: &Expr) -> Tex {
        let (mut layers, mut base) = (Vec::new(), expr);
        while let ExprKind::Chain(value, layer) = &base.kind {
            layers.push(&**layer);
            base = value;
        }
        layers.reverse();
        let mut value = match &base.kind {
            ExprKind::Tuple(items) => {
                let items: Vec<String> = items.iter().map(|item| self.expr(item).text).collect();
                Tex::atom(items.join(", "))
            }
            _ => self.expr(base),
        };
        let (mut is_long, mut count) = (false, 0);
        for layer in layers {
            let has_parameters = self.is_layer(layer) || self.is_declared(layer);
            if has_parameters && (is_long || count > 2) && !is_named(layer, "Dropout") {
                let symbol = self.intermediate();
                self.line(&symbol.to_string(), "=", &value.text);
                value = Tex::atom(symbol.to_string());
                (is_long, count) = (false, 0);
            }
            is_long |= !has_parameters;
            count += 1;
            value = self.apply(layer, &value);
        }
        value
    }

    fn is_declared(&self, layer: &Expr) -> bool {
        let ExprKind::Path(path) = &layer.kind else { return false };
        matches!(self.names.get(&path_text(path)), Some(Name::Layer { .. }))
    }

    /// Returns the symbol of a value without a name, of a letter that the network does not use.
    fn intermediate(&mut self) -> Symbol {
        let used = |letter: &str| {
            let is = |name: &String| name == letter || name.starts_with(&format!("{letter}_"));
            self.names.keys().any(is)
        };
        let letter = ["h", "z", "u", "v", "a"].into_iter().find(|letter| !used(letter));
        self.values += 1;
        let mut symbol = Symbol::of(letter.unwrap_or("q"));
        symbol.below.push(self.values.to_string());
        for index in &self.loops {
            index.mark(&mut symbol);
        }
        symbol
    }

    fn apply(&mut self, layer: &Expr, value: &Tex) -> Tex {
        match &layer.kind {
            ExprKind::Path(path) => {
                let name = path_text(path);
                if let Some(Name::Layer { expr, label }) = self.names.get(&name).cloned() {
                    return self.apply_layer(&expr, Some(&label), value);
                }
                if let Some(network) = self.network_name(path) {
                    self.applied.push(network.clone());
                    return self.named(&upright(&network), None, value);
                }
                self.activation(&name, value)
            }
            ExprKind::Call { .. } => self.apply_layer(layer, None, value),
            _ => self.named("\\cdots", None, value),
        }
    }

    /// Returns an activation of a value: a parameter of the network by its letter.
    pub(super) fn activation(&mut self, name: &str, value: &Tex) -> Tex {
        let known = ACTIVATIONS.iter().find(|(own, _)| *own == name);
        let generic = self.network.generics.iter().any(|generic| *generic.name() == name);
        let last = name.rsplit("::").next().unwrap_or(name);
        let function = match known {
            Some((_, latex)) if !generic => (*latex).to_owned(),
            _ => Symbol::of(last).to_string(),
        };
        if is_activation(name) && !generic {
            self.kinds.insert(name.to_owned());
        }
        Tex::atom(format!("{function}\\left({}\\right)", value.text))
    }

    fn apply_layer(&mut self, layer: &Expr, label: Option<&Symbol>, value: &Tex) -> Tex {
        let (callee, arguments) = match &layer.kind {
            ExprKind::Call { callee, arguments } => (callee, &arguments[..]),
            ExprKind::Path(path) => {
                let name = self.network_name(path).unwrap_or_else(|| path_text(path));
                self.applied.push(name.clone());
                return self.named(&upright(&name), label, value);
            }
            _ => return self.named("\\cdots", label, value),
        };
        let name = path_text(callee);
        match name.as_str() {
            "Linear" => {
                let bias = arguments.iter().any(|argument| match argument {
                    crate::ast::Argument::Option { name, value } => {
                        *name == "bias" && matches!(value.kind, ExprKind::Bool(false))
                    }
                    crate::ast::Argument::Positional(_) => false,
                });
                let weight = self.parameter("W", label, true);
                let product = product(&weight, &value.within(PRODUCT + 1));
                match bias {
                    true => Tex::new(product, PRODUCT),
                    false => {
                        Tex::new(format!("{product} + {}", self.parameter("b", label, false)), SUM)
                    }
                }
            }
            "Flatten" => self.named("\\operatorname{vec}", None, value),
            "Embedding" => {
                let table = self.parameter("E", label, true);
                Tex::atom(format!("{table}[{}]", value.text))
            }
            "Dropout" => {
                self.kinds.insert(name.clone());
                let rate = arguments.first().map(|rate| self.expr(rate.value()).text);
                let rate = rate.map_or_else(String::new, |rate| format!("_{{{rate}}}"));
                Tex::atom(format!("\\mathrm{{Dropout}}{rate}\\left({}\\right)", value.text))
            }
            _ => {
                self.kinds.insert(name.clone());
                let last = name.rsplit("::").next().unwrap_or(&name);
                self.named(&upright(last), label, value)
            }
        }
    }

    /// Returns a function of a value, with the layer's name and iteration as its marks.
    fn named(&self, function: &str, label: Option<&Symbol>, value: &Tex) -> Tex {
        let marks = match label {
            Some(label) => {
                let (mut name, above) = (label.clone(), label.above.clone());
                name.above.clear();
                let above = match above.is_empty() {
                    true => String::new(),
                    false => format!("^{{({})}}", above.join(",")),
                };
                format!("_{{{name}}}{above}")
            }
            None => {
                let mut symbol = Symbol::default();
                if function.contains("mathrm") {
                    self.mark_by_iteration(&mut symbol);
                }
                symbol.to_string()
            }
        };
        Tex::new(format!("{function}{marks}\\left({}\\right)", value.text), ATOM)
    }

    /// Returns the symbol of a layer's parameter; `new` for the first one of an application.
    fn parameter(&mut self, letter: &str, label: Option<&Symbol>, new: bool) -> String {
        let mut symbol = Symbol::of(letter);
        match label {
            Some(label) => {
                let mut name = label.clone();
                name.above.clear();
                symbol.below.push(name.to_string());
                symbol.above.clone_from(&label.above);
            }
            None => {
                self.layers += usize::from(new);
                symbol.below.push(self.layers.to_string());
                self.mark_by_iteration(&mut symbol);
            }
        }
        symbol.to_string()
    }

    /// Returns a parameter of a layer: `fc.weight`.
    pub(super) fn member(&mut self, of: &Expr, name: &str) -> Tex {
        let label = match &of.kind {
            ExprKind::Path(path) => self.names.get(&path_text(path)).cloned(),
            _ => None,
        };
        match (label, name) {
            (Some(Name::Layer { label, .. }), "weight") => {
                Tex::atom(self.parameter("W", Some(&label), false))
            }
            (Some(Name::Layer { label, .. }), "bias") => {
                Tex::atom(self.parameter("b", Some(&label), false))
            }
            _ => {
                let of = self.expr(of).within(ATOM);
                Tex::atom(format!("{of}.{}", upright(name)))
            }
        }
    }
}

fn is_named(layer: &Expr, name: &str) -> bool {
    matches!(&layer.kind, ExprKind::Call { callee, .. } if callee.is_ident(name))
}

fn is_type(path: &syn::Path) -> bool {
    let last = path.segments.last().map(|segment| segment.ident.to_string());
    last.is_some_and(|last| last.starts_with(char::is_uppercase))
}
