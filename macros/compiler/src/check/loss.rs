//! The loss: its targets and the number that training minimises.

use super::{Binding, Checker, MOST_PORTS, Reported, Result, function};
use crate::ast::{self, Argument, Element, Expr, ExprKind, Loss};
use crate::ir::display::ShapeText;
use crate::ir::{Leaf, Type, Value};
use crate::nearest::suggestion;
use crate::program::Port;
use crate::report::Place;
use crate::size::Size;
use proc_macro2::Ident;

impl Checker<'_> {
    /// The loss; of a network that is not sound itself, no more than whether there is such a loss.
    pub(super) fn loss(&mut self, loss: &Loss, sound: bool) -> Result<()> {
        match loss {
            Loss::Named { name, options } => {
                self.begin_line(format!("loss {name}"));
                self.known_loss(name)?;
                if sound { self.named_loss(name, options) } else { Ok(()) }
            }
            Loss::Custom { inputs, value } => {
                self.begin_line(format!("loss {value}"));
                if sound { self.custom_loss(inputs, value) } else { Ok(()) }
            }
        }
    }

    fn known_loss(&mut self, name: &Ident) -> Result<()> {
        if !function::loss_names().any(|known| *name == known) {
            let near = suggestion(&name.to_string(), function::loss_names());
            let hint = match near.is_empty() {
                false => near,
                true => {
                    let known: Vec<&str> = function::loss_names().collect();
                    format!("; there are {}, or `loss |y, target: [..]| ..`", known.join(", "))
                }
            };
            return self.error(name.span(), format!("no loss `{name}`{hint}"));
        }
        Ok(())
    }

    /// `loss mse`: the output against a target of its own shape, `loss cross_entropy`: against
    /// class numbers.
    fn named_loss(&mut self, name: &Ident, options: &[Argument]) -> Result<()> {
        let place = Place::token(name.span());
        let [(port, output)] = &self.program.outputs[..] else {
            return self.error(
                place,
                format!("`{name}` compares one output, but the network has several: write `loss |y, z, target: [..]| ..`"),
            );
        };
        let (mut shape, output) = (port.shape.clone(), *output);
        let element = if *name == "cross_entropy" { Element::Index } else { Element::Real };
        if element == Element::Index && shape.pop().is_none() {
            return self
                .error(place, "`cross_entropy` takes logits, but the output is a single number");
        }
        self.scope.insert("output".to_owned(), Binding::Value(output));
        self.new_target("target", element, shape);
        let argument = |name: &str| {
            let path = syn::Path::from(Ident::new(name, place.start));
            Argument::Positional(Expr { kind: ExprKind::Path(path), place })
        };
        let mut arguments = vec![argument("output"), argument("target")];
        arguments.extend(options.iter().cloned());
        let callee = syn::Path::from(name.clone());
        let call = Expr { kind: ExprKind::Call { callee, arguments }, place };
        self.loss_value(&call)
    }

    fn custom_loss(&mut self, inputs: &[ast::Input], value: &Expr) -> Result<()> {
        let outputs: Vec<Value> = self.program.outputs.iter().map(|(_, value)| *value).collect();
        let (named, targets) = inputs.split_at(inputs.len().min(outputs.len()));
        if named.len() < outputs.len() {
            let (expected, actual) = (outputs.len(), inputs.len());
            return self.error(
                value.place,
                format!("the loss names {actual} values, but the network has {expected} outputs before the targets"),
            );
        }
        let last = inputs.last().map_or(value.place, |input| input.name.span().into());
        if targets.is_empty() {
            return self.error(
                last,
                "the loss has no target: name one with its shape after the outputs, as in `|y, target: [10]|`",
            );
        }
        if targets.len() > MOST_PORTS {
            let count = targets.len();
            return self
                .error(last, format!("a loss has at most {MOST_PORTS} targets, not {count}"));
        }
        let mut outcome = Ok(());
        for (input, output) in named.iter().zip(outputs) {
            if input.kind.is_some() {
                let name = &input.name;
                outcome = self.error(
                    name.span(),
                    format!("`{name}` is an output of the network: it has its shape already (targets follow the outputs)"),
                );
            }
            self.scope.insert(input.name.to_string(), Binding::Value(output));
        }
        self.lengths_of_targets();
        for input in targets {
            if input.kind.is_none() {
                let name = &input.name;
                outcome = self.error(
                    name.span(),
                    format!("`{name}` is a target: it needs a shape, such as `{name}: [10]` or `{name}: u32`"),
                );
                self.scope.insert(input.name.to_string(), Binding::Unknown);
                continue;
            }
            match self.port(input) {
                Ok(port) => {
                    let name = port.name.clone();
                    self.new_target(&name, port.element, port.shape);
                }
                Err(Reported) => outcome = Err(Reported),
            }
        }
        self.loss_value(value).and(outcome)
    }

    fn new_target(&mut self, name: &str, element: Element, shape: Vec<Size>) {
        let index = self.program.targets.len();
        let ty = Type { shape: shape.clone(), batched: true, element };
        let value = self.graph().leaf(Leaf::Target(index), ty);
        self.graph().name(value, name);
        self.program.targets.push(Port { name: name.to_owned(), element, shape, classes: None });
        self.scope.insert(name.to_owned(), Binding::Value(value));
    }

    fn loss_value(&mut self, expr: &Expr) -> Result<()> {
        let value = self.real(expr)?;
        let ty = self.graph().ty(value).clone();
        if ty.len() != Size::one() {
            let shape = ShapeText(&ty.shape).to_string();
            return self.error(
                expr.place,
                format!("a loss is one number for each sample, but this is {shape}: take `mean(..)` or `sum(..)`"),
            );
        }
        let value = self.graph().view(value, Vec::new());
        let value = self.graph().expand(value, &Type::sample(Vec::new()));
        self.program.loss = Some(value);
        Ok(())
    }
}
