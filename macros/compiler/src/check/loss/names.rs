//! The parameters of losses and metrics written out, `|y, target| ..`, and their bindings.

use crate::ast::{self, Expr, ExprKind, Statement};
use crate::check::{Binding, Checker, Result, plural};
use crate::ir::display::ShapeText;
use crate::ir::function::Function;
use crate::ir::{Op, Type, Value};
use crate::report::Place;
use crate::size::Size;

impl Checker<'_> {
    /// Splits the parameters into the names of the outputs, which come first, and the others.
    pub(super) fn output_names<'n>(
        &mut self,
        what: &str,
        inputs: &'n [ast::Input],
        place: Place,
        expected: usize,
    ) -> Result<(&'n [ast::Input], &'n [ast::Input])> {
        if inputs.len() < expected {
            let (named, outputs) = (plural(inputs.len(), "value"), plural(expected, "output"));
            return self.error(
                place,
                format!("{what} names {named}, but the network has {outputs} before the targets"),
            );
        }
        for (at, input) in inputs.iter().enumerate() {
            let name = &input.name;
            if *name == "_" && at >= expected {
                let what =
                    "`_` stands for an output that is not used: targets and values have names";
                return self.error(name.span(), what);
            }
            if *name != "_" && inputs[..at].iter().any(|other| other.name == *name) {
                return self.error(name.span(), format!("`{name}` is named twice"));
            }
        }
        Ok(inputs.split_at(expected))
    }

    /// Returns the names in a loss with targets alone, `loss |t: [8]| mse(y, t)`, that nothing declares: those of
    /// the outputs. There are none in other losses.
    pub(super) fn names_of_outputs(
        &self,
        inputs: &[ast::Input],
        statements: &[Statement],
        value: &Expr,
        outputs: usize,
    ) -> Vec<String> {
        let mut used = Vec::new();
        if inputs.len() == outputs && inputs.iter().all(|input| input.kind.is_some()) {
            let values = statements.iter().flat_map(Statement::values).chain([value]);
            values.for_each(|value| names(value, &mut used));
        }
        let is_declared = |name: &str| {
            self.scope.contains_key(name) || inputs.iter().any(|input| input.name == name)
        };
        used.retain(|name| !is_declared(name));
        used
    }

    /// Reports a loss with targets alone, and what else is wrong in it. `unknown` are the names that nothing
    /// declares.
    pub(super) fn loss_without_outputs(
        &mut self,
        targets: &[ast::Input],
        unknown: Vec<String>,
        statements: &[Statement],
        value: &Expr,
        outputs: usize,
    ) -> Result<()> {
        let usual = ["y", "z"].into_iter().skip(unknown.len()).map(str::to_owned);
        let named = unknown.iter().cloned().chain(usual).take(outputs);
        let declared = targets.iter().map(|target| format!("{}: ..", target.name));
        let all: Vec<String> = named.chain(declared).collect();
        let outcome = self.error(
            targets[0].name.span(),
            format!(
                "a loss names the outputs first, without shapes, and then the targets: `|{}|`",
                all.join(", ")
            ),
        );
        let targets = targets.iter().map(|target| target.name.to_string());
        self.scope.extend(targets.chain(unknown).map(|name| (name, Binding::Unknown)));
        self.statements(statements);
        // an error in it is in the report
        let _ = self.one_number(value, "a loss");
        outcome
    }

    /// Binds the names of the outputs. If an output is in error, they are bound to unknown values.
    pub(super) fn bind_outputs(&mut self, named: &[ast::Input], expected: usize) -> Result<()> {
        let outputs: Vec<Value> = self.program.outputs.iter().map(|(_, value)| *value).collect();
        if outputs.len() != expected {
            let unknown = named.iter().map(|input| (input.name.to_string(), Binding::Unknown));
            self.scope.extend(unknown);
            return Ok(());
        }
        let mut outcome = Ok(());
        for (input, output) in named.iter().zip(outputs) {
            let name = &input.name;
            if *name == "_" && input.kind.is_none() {
                continue;
            }
            if input.kind.is_some() {
                outcome = self.error(
                    name.span(),
                    format!("`{name}` is an output of the network: it has its shape already (targets follow the outputs)"),
                );
            }
            if let Some(Binding::Value(other)) = self.scope.get(&name.to_string())
                && self.source(*other) != self.source(output)
            {
                outcome = self.error(
                    name.span(),
                    format!("`{name}` stands for an output here, but is another value of the network: the outputs come first, by names of their own"),
                );
            }
            self.scope.insert(name.to_string(), Binding::Value(output));
        }
        outcome
    }

    /// Returns the value that `value` is a view or an expansion of.
    fn source(&self, mut value: Value) -> Value {
        let graph = &self.program.graph;
        while let Op::View | Op::Scalar(Function::Expand) = graph[value].op {
            value = graph[value].operands[0];
        }
        value
    }

    /// Returns the value of an expression that must be one number per sample.
    pub(super) fn one_number(&mut self, expr: &Expr, what: &str) -> Result<Value> {
        let value = self.real(expr)?;
        let ty = self.graph().ty(value).clone();
        if ty.len() != Size::one() {
            let shape = ShapeText(&ty.shape).to_string();
            return self.error(
                expr.place,
                format!("{what} is one number for each sample, but this is {shape}: take `mean(..)` or `sum(..)`"),
            );
        }
        let value = self.graph().view(value, Vec::new());
        Ok(self.graph().expand(value, &Type::sample(Vec::new())))
    }
}

/// Collects the names of values that an expression mentions, each once.
fn names(expr: &Expr, found: &mut Vec<String>) {
    if let ExprKind::Path(path) = &expr.kind
        && let Some(name) = path.get_ident().map(ToString::to_string)
        && name.starts_with(char::is_lowercase)
        && !found.contains(&name)
    {
        found.push(name);
    }
    expr.parts().into_iter().for_each(|part| names(part, found));
}
