//! Finds names of a network that are never used, values that are assigned and never read, and a `mut`
//! without an assignment.

use crate::ast::{Argument, Expr, ExprKind, Generic, Input, Loss, Network, Over, Shape, Statement};
use crate::parse::generic_arguments;
use proc_macro2::Ident;
use std::collections::HashMap;

/// The names that the compiler would warn of in ordinary Rust, without those that begin with `_`.
pub struct Unused<'n> {
    /// The declarations of names that are never used.
    pub names: Vec<&'n Ident>,
    /// The names that are declared `mut`, but never assigned to.
    pub unchanged: Vec<&'n Ident>,
    /// The names to which a value is assigned that is never read.
    pub unread: Vec<&'n Ident>,
}

/// Returns what is never used in a network.
#[must_use]
pub fn unused(network: &Network) -> Unused<'_> {
    let mut names = Names::default();
    for generic in &network.generics {
        names.declare(generic.name());
    }
    for generic in &network.generics {
        match generic {
            Generic::Activation { default: Some(path), .. } => names.path(path),
            Generic::Size { default: Some(size), .. } => names.expr(size),
            _ => {}
        }
    }
    let shapes = network.inputs.iter().filter_map(|input| input.kind.as_ref());
    shapes.map(|(_, shape)| shape).chain(&network.outputs).for_each(|shape| names.shape(shape));
    network.inputs.iter().for_each(|input| names.declare(&input.name));
    names.statements(&network.body.statements);
    network.body.result.iter().for_each(|result| names.expr(result));

    let (body, outputs) = (names.scope.clone(), network.outputs.len());
    let targets = match &network.loss {
        Some(loss) => names.loss(loss, outputs, &HashMap::new()),
        None => HashMap::new(),
    };
    for metric in &network.metrics {
        names.scope.clone_from(&body);
        names.loss(&metric.value, outputs, &targets);
    }
    names.unused()
}

/// A declared name.
struct Declared<'n> {
    name: &'n Ident,
    used: bool,
    /// `true` for `let mut`.
    mutable: bool,
    /// `true` for a state: `let mut centre = state(..)`.
    is_state: bool,
    assigned: bool,
}

/// All declared names, and the scope: the index in `declared` of each visible name.
#[derive(Default)]
struct Names<'n> {
    declared: Vec<Declared<'n>>,
    scope: HashMap<String, usize>,
    /// The values outside of loops that nothing has read so far: where each was assigned, by the
    /// index in `declared`.
    stored: HashMap<usize, &'n Ident>,
    unread: Vec<(usize, &'n Ident)>,
    /// The number of loops around the current statement. What is assigned in a loop may be read in
    /// its next iteration.
    depth: usize,
}

impl<'n> Names<'n> {
    fn declare(&mut self, name: &'n Ident) {
        self.scope.insert(name.to_string(), self.declared.len());
        self.declared.push(Declared {
            name,
            used: false,
            mutable: false,
            is_state: false,
            assigned: false,
        });
    }

    fn declare_mutable(&mut self, name: &'n Ident, is_state: bool) {
        let index = self.declared.len() - 1;
        self.declared[index].mutable = true;
        self.declared[index].is_state = is_state;
        if self.depth == 0 && !is_state {
            self.stored.insert(index, name);
        }
    }

    fn assign(&mut self, name: &'n Ident) {
        let Some(&index) = self.scope.get(&name.to_string()) else { return };
        self.declared[index].assigned = true;
        let before = self.stored.remove(&index);
        // the next step reads what a state is assigned, or whoever loads the file
        self.declared[index].used |= self.declared[index].is_state;
        if self.depth == 0 && !self.declared[index].is_state {
            self.unread.extend(before.map(|before| (index, before)));
            self.stored.insert(index, name);
        }
    }

    fn used(&mut self, name: &str) {
        if let Some(index) = self.scope.get(name) {
            self.declared[*index].used = true;
            self.stored.remove(index);
        }
    }

    fn unused(mut self) -> Unused<'n> {
        self.unread.extend(self.stored.drain());
        let told = |name: &&Ident| !name.to_string().starts_with('_');
        let all = self.declared.iter();
        let names = all.clone().filter(|one| !one.used).map(|one| one.name).filter(told);
        let unchanged = all.filter(|one| one.mutable && !one.assigned);
        // a name that nothing uses is told once
        let unread = self.unread.iter().filter(|(index, _)| self.declared[*index].used);
        Unused {
            names: names.collect(),
            unchanged: unchanged.map(|one| one.name).filter(told).collect(),
            unread: unread.map(|(_, name)| *name).filter(told).collect(),
        }
    }

    fn statements(&mut self, statements: &'n [Statement]) {
        for statement in statements {
            match statement {
                Statement::Let(statement) => {
                    self.stored_name(statement.stored_name.as_ref());
                    self.expr(&statement.value);
                    let is_state = is_state(&statement.value);
                    for name in &statement.names {
                        self.declare(name);
                        if statement.mutable.contains(name) {
                            self.declare_mutable(name, is_state);
                        }
                    }
                }
                Statement::Assign(assign) => {
                    self.expr(&assign.value);
                    assign.names.iter().for_each(|name| self.assign(name));
                }
                Statement::For(repeated) => self.repeated(repeated),
                Statement::When(when) => self.statements(std::slice::from_ref(&when.statement)),
            }
        }
    }

    fn repeated(&mut self, repeated: &'n crate::ast::For) {
        match &repeated.over {
            Over::Range(start, end) => [start, end].into_iter().for_each(|end| self.expr(end)),
            Over::Values { values, .. } => values.iter().for_each(|value| self.expr(value)),
        }
        repeated.truncate.iter().for_each(|iterations| self.expr(iterations));
        let outside = self.scope.clone();
        repeated.names.iter().for_each(|name| self.declare(name));
        self.stored_name(repeated.stored_name.as_ref());
        self.depth += 1;
        self.statements(&repeated.body.statements);
        repeated.body.result.iter().for_each(|result| self.expr(result));
        self.depth -= 1;
        self.scope = outside;
    }

    /// Marks the names in braces in the stored name of a parameter as used: `{i}` uses `i`.
    fn stored_name(&mut self, stored: Option<&syn::LitStr>) {
        let text = stored.map(syn::LitStr::value).unwrap_or_default();
        let known: Vec<String> = self.scope.keys().cloned().collect();
        for name in known.iter().filter(|name| text.contains(&format!("{{{name}}}"))) {
            self.used(name);
        }
    }

    fn shape(&mut self, shape: &'n Shape) {
        shape.sizes.iter().for_each(|size| self.expr(size));
    }

    fn path(&mut self, path: &syn::Path) {
        if let [only] = &path.segments.iter().collect::<Vec<_>>()[..] {
            self.used(&only.ident.to_string());
        }
        for argument in generic_arguments(path).unwrap_or_default() {
            self.mentioned(&argument);
        }
    }

    /// Marks the names in an expression as used, for expressions that declare none.
    fn mentioned(&mut self, expr: &Expr) {
        if let ExprKind::Path(path) | ExprKind::Call { callee: path, .. } = &expr.kind {
            self.path(path);
        }
        expr.parts().into_iter().for_each(|part| self.mentioned(part));
    }

    fn expr(&mut self, expr: &'n Expr) {
        match &expr.kind {
            ExprKind::For(repeated) => return self.repeated(repeated),
            ExprKind::Path(path) | ExprKind::Call { callee: path, .. } => self.path(path),
            ExprKind::Dynamic { bound: Some(bound), .. } => self.expr(bound),
            _ => {}
        }
        expr.parts().into_iter().for_each(|part| self.expr(part));
    }

    /// Handles a loss or metric and returns the targets that it declares. A parameter whose name is
    /// in `targets` counts as a use of that target, not as a declaration.
    fn loss(
        &mut self,
        loss: &'n Loss,
        outputs: usize,
        targets: &HashMap<String, usize>,
    ) -> HashMap<String, usize> {
        match loss {
            Loss::Named { options, .. } => {
                options.iter().map(Argument::value).for_each(|value| self.expr(value));
                HashMap::new()
            }
            Loss::Custom { inputs, statements, value } => {
                let (named, rest) = inputs.split_at(outputs.min(inputs.len()));
                for input in named {
                    // always used: it has to be listed, because the targets come after it
                    self.declare(&input.name);
                    self.used(&input.name.to_string());
                }
                let mut declared = HashMap::new();
                for Input { name, kind, .. } in rest {
                    let text = name.to_string();
                    kind.iter().for_each(|(_, shape)| self.shape(shape));
                    if let Some(index) = targets.get(&text) {
                        self.scope.insert(text.clone(), *index);
                    } else if kind.is_some() {
                        self.declare(name);
                        declared.insert(text, self.declared.len() - 1);
                        continue;
                    }
                    self.used(&text);
                }
                self.statements(statements);
                self.expr(value);
                declared
            }
        }
    }
}

/// Returns true for the declaration of a state: `state([D], init = zeros)`.
fn is_state(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Call { callee, .. } if callee.is_ident("state"))
}
