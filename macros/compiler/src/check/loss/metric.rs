//! Metrics: values computed beside the loss, without a gradient.

use super::call_by_name;
use crate::ast::{self, Argument, Expr, Loss, Metric, Statement};
use crate::check::{Binding, Checker, Reported, Result, Scope, function};
use crate::ir::{Leaf, Type, Value};
use crate::nearest::{suggestion, suggestion_or_all};
use crate::program::Port;
use proc_macro2::Ident;
use syn::ext::IdentExt as _;

impl Checker<'_> {
    /// Checks the metrics, in which the outputs, the targets of the loss and the values of the body
    /// in `scope` are visible. `known` if the loss has no errors.
    pub(in crate::check) fn metrics(
        &mut self,
        metrics: &[Metric],
        scope: &Scope,
        outputs: Option<usize>,
        known: bool,
    ) -> Result<()> {
        let mut outcome = Ok(());
        for (at, metric) in metrics.iter().enumerate() {
            let name = &metric.name;
            if metrics[..at].iter().any(|other| other.name == *name) {
                outcome = self.error(name.span(), format!("there is a metric `{name}` already"));
                continue;
            }
            let Some(outputs) = outputs else { continue };
            self.scope.clone_from(scope);
            self.begin_line(format!("metric {name}"));
            let value = match &metric.value {
                Loss::Named { name, options } => self.named_metric(name, options, outputs, known),
                Loss::Custom { inputs, statements, value } => {
                    self.custom_metric(inputs, statements, value, outputs, known)
                }
            };
            match value {
                Ok(value) => self.program.metrics.push((name.unraw().to_string(), value)),
                Err(Reported) => outcome = Err(Reported),
            }
        }
        outcome
    }

    /// Checks a metric by its name, on the only output and the only target: `metric accuracy`.
    fn named_metric(
        &mut self,
        name: &Ident,
        options: &[Argument],
        outputs: usize,
        known: bool,
    ) -> Result<Value> {
        let names: Vec<&str> = function::metric_names().collect();
        if !names.iter().any(|other| *name == other) {
            let more = format!(", or `metric {name} |y, target| ..`");
            let hint = suggestion_or_all(&name.to_string(), &names, &more);
            return self.error(name.span(), format!("no metric `{name}`{hint}"));
        }
        if !known || (outputs == 1 && self.program.outputs.is_empty()) {
            return Err(Reported);
        }
        let (outputs, targets) = (&self.program.outputs, &self.program.targets);
        let ([(_, output)], [_]) = (&outputs[..], &targets[..]) else {
            return self.error(
                name.span(),
                format!("`{name}` compares one output with one target: write `metric {name} |y, target| {name}(y, target)`"),
            );
        };
        let output = *output;
        let target = self.target(0);
        self.scope.insert("output".to_owned(), Binding::Value(output));
        self.scope.insert("target".to_owned(), Binding::Value(target));
        self.one_number(&call_by_name(name, options), "a metric")
    }

    fn custom_metric(
        &mut self,
        inputs: &[ast::Input],
        statements: &[Statement],
        value: &Expr,
        outputs: usize,
        known: bool,
    ) -> Result<Value> {
        let (named, rest) = self.output_names("the metric", inputs, value.place, outputs)?;
        let mut outcome = self.bind_outputs(named, outputs);
        for input in rest {
            let name = input.name.to_string();
            let target = self.program.targets.iter().position(|target| target.name == name);
            match target {
                Some(index) => {
                    outcome = outcome.and(self.same_kind(input, index));
                    let target = self.target(index);
                    self.scope.insert(name, Binding::Value(target));
                }
                None if matches!(self.scope.get(&name), Some(Binding::Value(_))) => {}
                None if !known || matches!(self.scope.get(&name), Some(Binding::Unknown)) => {
                    self.scope.insert(name, Binding::Unknown);
                }
                None => {
                    let targets: Vec<String> =
                        self.program.targets.iter().map(|target| target.name.clone()).collect();
                    let near = suggestion(&name, targets.iter().map(String::as_str));
                    let near = match &targets[..] {
                        [only] if near.is_empty() => format!(", only `{only}`: write that"),
                        _ => near,
                    };
                    let message = format!("the loss has no target `{name}`{near}");
                    outcome = self.error(input.name.span(), message);
                    self.scope.insert(name, Binding::Unknown);
                }
            }
        }
        self.statements(statements);
        let value = self.one_number(value, "a metric");
        outcome.and(value)
    }

    /// Checks that a target whose shape is written again has the shape that it has in the loss.
    fn same_kind(&mut self, input: &ast::Input, index: usize) -> Result<()> {
        let Some((_, declared)) = &input.kind else { return Ok(()) };
        let again = self.port(input)?;
        let text = |port: &Port| {
            Type { shape: port.shape.clone(), batched: true, element: port.element }.to_string()
        };
        let target = &self.program.targets[index];
        if text(&again) != text(target) {
            let (name, again, target) = (&input.name, text(&again), text(target));
            return self
                .error(declared.place, format!("`{name}` is {target} in the loss, not {again}"));
        }
        Ok(())
    }

    /// Returns a leaf for a target of the loss.
    fn target(&mut self, index: usize) -> Value {
        let Port { shape, element, .. } = self.program.targets[index].clone();
        self.graph().leaf(Leaf::Target(index), Type { shape, batched: true, element })
    }
}
