//! The loss: its targets, and the value that training minimises.

mod metric;
mod names;

use super::{Binding, Checker, MOST_PORTS, Reported, Result, function};
use crate::ast::{self, Argument, Element, Expr, ExprKind, Loss, Statement};
use crate::habits::names::{self as others, Instead};
use crate::ir::{Leaf, Type};
use crate::nearest::{nearest, suggestion_or_all};
use crate::program::Port;
use crate::report::Place;
use crate::size::Size;
use crate::unused::{Unused, unused};
use proc_macro2::Ident;

/// Returns the loss that `name` most likely means: its own, in another library, or misspelt.
pub fn loss_name(name: &str) -> Option<&'static str> {
    match others::instead(name) {
        Some(Instead::Loss(own)) => Some(own),
        _ => nearest(name, function::loss_names()),
    }
}

impl Checker<'_> {
    /// Checks the loss of a network with `outputs` outputs. If one of them is in error, the rest of
    /// the loss is still checked; if their number is unknown, only the name of the loss.
    pub(super) fn loss(&mut self, loss: &Loss, outputs: Option<usize>) -> Result<()> {
        match loss {
            Loss::Named { name, options } => {
                self.begin_line(format!("loss {name}"));
                self.known_loss(name)?;
                match outputs {
                    Some(outputs) => self.named_loss(name, options, outputs),
                    None => Err(Reported),
                }
            }
            Loss::Custom { inputs, statements, value } => match outputs {
                Some(outputs) => self.custom_loss(inputs, statements, value, outputs),
                None => Err(Reported),
            },
        }
    }

    /// Reports an unused `let loss` in the body of a network that has no loss.
    pub(super) fn loss_in_body(&mut self, network: &ast::Network) {
        let Unused { names, .. } = unused(network);
        if let Some(name) = names.iter().find(|name| **name == "loss") {
            let what = "a loss stands after the braces of its network: `loss mse`, or `loss |y, target: [10]| ..` with the outputs first";
            self.report.error(name.span(), what);
        }
    }

    fn known_loss(&mut self, name: &Ident) -> Result<()> {
        let known: Vec<&str> = function::loss_names().collect();
        if !known.iter().any(|known| *name == known) {
            match others::instead(&name.to_string()) {
                Some(Instead::Loss(own)) => {
                    let what = format!("no loss `{name}`: write `loss {own}`");
                    return self.error(name.span(), what);
                }
                Some(Instead::Say(words)) => {
                    return self.error(name.span(), format!("no loss `{name}`: {words}"));
                }
                _ => {}
            }
            let more = ", or `loss |y, target: [..]| ..`";
            let hint = suggestion_or_all(&name.to_string(), &known, more);
            return self.error(name.span(), format!("no loss `{name}`{hint}"));
        }
        Ok(())
    }

    /// Checks a loss by its name: `loss mse` compares the output with a target of its shape,
    /// `loss cross_entropy` with class indices.
    fn named_loss(&mut self, name: &Ident, options: &[Argument], outputs: usize) -> Result<()> {
        let place = Place::token(name.span());
        if outputs != 1 {
            return self.error(
                place,
                format!("`{name}` compares one output, but the network has several: write `loss |y, z, target: [..]| ..`"),
            );
        }
        if let Some(Argument::Positional(first)) = options.first() {
            let what = format!(
                "by its name a loss compares the output with the target: `loss {name}`; what else it compares stands after bars, `loss |y, target: [10]| {name}(y, target)`"
            );
            return self.error(first.place, what);
        }
        let [(port, output)] = &self.program.outputs[..] else {
            for unknown in ["output", "target"] {
                self.scope.insert(unknown.to_owned(), Binding::Unknown);
            }
            return self.one_number(&call_by_name(name, options), "a loss").map(|_| ());
        };
        let (mut shape, output) = (port.shape.clone(), *output);
        let element = function::target_element(&name.to_string());
        if element == Element::Index && shape.pop().is_none() {
            return self
                .error(place, "`cross_entropy` takes logits, but the output is a single number");
        }
        self.scope.insert("output".to_owned(), Binding::Value(output));
        self.new_target("target", element, shape);
        let loss = self.one_number(&call_by_name(name, options), "a loss")?;
        self.program.loss = Some(loss);
        Ok(())
    }

    fn custom_loss(
        &mut self,
        inputs: &[ast::Input],
        statements: &[Statement],
        value: &Expr,
        outputs: usize,
    ) -> Result<()> {
        let unknown = self.names_of_outputs(inputs, statements, value, outputs);
        if !unknown.is_empty() {
            return self.loss_without_outputs(inputs, unknown, statements, value, outputs);
        }
        let (named, rest) = self.output_names("the loss", inputs, value.place, outputs)?;
        let targets = rest.iter().filter(|input| input.kind.is_some()).count();
        let last = inputs.last().map_or(value.place, |input| input.name.span().into());
        if targets > MOST_PORTS {
            return self
                .error(last, format!("a loss has at most {MOST_PORTS} targets, not {targets}"));
        }
        let mut outcome = self.bind_outputs(named, outputs);
        self.lengths_of_targets();
        for input in rest {
            let name = &input.name;
            match (&input.kind, self.scope.get(&name.to_string())) {
                (Some(_), _) => match self.port(input) {
                    Ok(port) => self.new_target(&port.name, port.element, port.shape),
                    Err(Reported) => {
                        outcome = Err(Reported);
                        self.scope.insert(name.to_string(), Binding::Unknown);
                    }
                },
                // a value of the body
                (None, Some(Binding::Value(_) | Binding::Unknown)) => {}
                (None, _) => {
                    outcome = self.error(
                        name.span(),
                        format!("`{name}` is a target: it needs a shape, such as `{name}: [10]` or `{name}: u32`"),
                    );
                    self.scope.insert(name.to_string(), Binding::Unknown);
                }
            }
        }
        self.statements(statements);
        self.begin_line(format!("loss {value}"));
        let loss = self.one_number(value, "a loss");
        outcome?;
        self.program.loss = Some(loss?);
        Ok(())
    }

    fn new_target(&mut self, name: &str, element: Element, shape: Vec<Size>) {
        let index = self.program.targets.len();
        let ty = Type { shape: shape.clone(), batched: true, element };
        let value = self.graph().leaf(Leaf::Target(index), ty);
        self.graph().name(value, name);
        self.program.targets.push(Port { name: name.to_owned(), element, shape, classes: None });
        self.scope.insert(name.to_owned(), Binding::Value(value));
    }
}

/// Returns a call of the loss or metric on the implied names: `mse(output, target)`.
fn call_by_name(name: &Ident, options: &[Argument]) -> Expr {
    let place = Place::token(name.span());
    let argument = |name: &str| {
        let path = syn::Path::from(Ident::new(name, place.start));
        Argument::Positional(Expr { kind: ExprKind::Path(path), place })
    };
    let mut arguments = vec![argument("output"), argument("target")];
    arguments.extend(options.iter().cloned());
    let callee = syn::Path::from(name.clone());
    Expr { kind: ExprKind::Call { callee, arguments }, place }
}
