//! Layers and functions that are described in the language: their options are put into the
//! description, and the network that is left is inlined where they are applied.

mod options;
mod sizes;

use super::arguments::Arguments;
use super::layer::{Layer, find};
use super::nested::{Nested, wrong_count};
use super::{Binding, Checker, Reported, Result};
use crate::ast::{Argument, Expr, ExprKind, path_text};
use crate::ir::Value;
use crate::library::{self, Described, Description, specialise};
use crate::report::Place;
use proc_macro2::{Ident, Span};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The values of the options.
#[derive(Default)]
pub struct Chosen {
    /// The values that the macro knows, which are put into the description.
    values: HashMap<String, Expr>,
    /// The sizes that it does not know, and activations.
    bindings: HashMap<String, Binding>,
    /// The inputs that are given by name.
    inputs: HashMap<String, Expr>,
}

/// A value that is given as an input, with its expression.
type Given<'a> = (&'a Expr, Value);

impl Checker<'_> {
    /// Returns the described layer after `>>`: one bound by a `let`, or a new one.
    pub(super) fn described(&mut self, layer: &Expr) -> Option<Result<Rc<RefCell<Layer>>>> {
        match &layer.kind {
            ExprKind::Path(path) => match self.scope.get(&path_text(path)) {
                Some(Binding::Layer(named)) if named.borrow().described().is_some() => {
                    Some(Ok(Rc::clone(named)))
                }
                _ => None,
            },
            ExprKind::Call { callee, arguments } => {
                let kind = find(&path_text(callee)).filter(|kind| kind.described().is_some())?;
                let (name, place) = self.name_or_numbered(kind.prefix, layer.place);
                Some(self.new_layer(kind, name, arguments, layer, place))
            }
            _ => None,
        }
    }

    /// Returns true for a described layer.
    pub(super) fn is_described_layer(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Path(path) => match self.scope.get(&path_text(path)) {
                Some(Binding::Layer(named)) => named.borrow().described().is_some(),
                _ => false,
            },
            ExprKind::Call { callee, .. } => {
                find(&path_text(callee)).is_some_and(|kind| kind.described().is_some())
            }
            _ => false,
        }
    }

    /// Returns the described function of a name, unless a layer of the user's hides it.
    fn described_function(&self, callee: &syn::Path) -> Option<&'static Described> {
        let name = path_text(callee);
        let is_layer = matches!(self.scope.get(&name), Some(Binding::Layer(_)));
        library::function(&name).filter(|_| !is_layer)
    }

    /// Returns true for a described layer or a call of a described function.
    pub(super) fn is_described(&self, expr: &Expr) -> bool {
        let is_function = match &expr.kind {
            ExprKind::Call { callee, .. } => self.described_function(callee).is_some(),
            _ => false,
        };
        is_function || self.is_described_layer(expr)
    }

    /// Applies a described layer to `given` and returns its outputs.
    pub(super) fn apply_described(
        &mut self,
        layer: &RefCell<Layer>,
        given: Vec<(&Expr, Result<Value>)>,
        place: Place,
    ) -> Result<Vec<Value>> {
        let layer = &mut *layer.borrow_mut();
        let Some(described) = layer.described() else { return Err(Reported) };
        let description = self.networks.description(described);
        let chosen = self.options_of(layer, described, &description)?;
        layer.applied = true;
        let given: Result<Vec<_>> =
            given.into_iter().map(|(expr, value)| Ok(Some((expr, value?)))).collect();
        let given = self.all_inputs(&description, &chosen, &given?, &layer.text, place)?;
        let first = layer.nested.is_none();
        let nested = layer.nested.clone().unwrap_or_else(|| {
            Rc::new(RefCell::new(Nested::of_layer(layer, chosen.bindings.clone())))
        });
        layer.nested = Some(Rc::clone(&nested));
        let before = self.program.parameters.len();
        let (rows, nodes) = (self.program.rows.len(), self.graph().values().count());
        let values =
            self.inline_described(&nested, described, &description, &chosen, &given, place)?;
        // one row stands for the whole layer
        self.program.rows.truncate(rows);
        self.row_of_layer(layer, described.name, &values, (first, before), nodes);
        Ok(values)
    }

    /// Calls a described function, if `callee` is one: `layer_norm(x, eps = 1e-6)`.
    pub(super) fn described_call(
        &mut self,
        callee: &syn::Path,
        written: &[Argument],
        expr: &Expr,
    ) -> Option<Result<Vec<Value>>> {
        let described = self.described_function(callee)?;
        Some(self.call_described(described, written, expr))
    }

    fn call_described(
        &mut self,
        described: &'static Described,
        written: &[Argument],
        expr: &Expr,
    ) -> Result<Vec<Value>> {
        let description = self.networks.description(described);
        let mut arguments = Arguments::new(described.usage, expr.place, written);
        let mut given = Vec::new();
        let fewest = description.fewest_inputs();
        for (index, input) in description.inputs.iter().enumerate() {
            let next = match index < fewest {
                true => arguments.next(self, &format!("`{}`", input.name)).map(Some),
                false => Ok(arguments.optional()),
            };
            match next {
                Ok(None) => {}
                Ok(Some(next)) if is_none(next) => given.push(Ok(None)),
                Ok(Some(next)) => given.push(self.value(next).map(|value| Some((next, value)))),
                Err(Reported) => given.push(Err(Reported)),
            }
        }
        let chosen = self.choose(&mut arguments, &description);
        let outcome = arguments.finish(self);
        let given: Result<Vec<_>> = given.into_iter().collect();
        let (chosen, given) = (outcome.and(chosen)?, given?);
        let given = self.all_inputs(&description, &chosen, &given, described.name, expr.place)?;
        let nested = Nested::of_function(described.name, expr.place, chosen.bindings.clone());
        let nested = RefCell::new(nested);
        let rows = self.program.rows.len();
        let values =
            self.inline_described(&nested, described, &description, &chosen, &given, expr.place)?;
        self.program.rows.truncate(rows);
        self.mark_operation(&values, false, |checker| {
            checker.call_without_values(described.name, written)
        });
        Ok(values)
    }

    fn inline_described(
        &mut self,
        nested: &RefCell<Nested>,
        described: &'static Described,
        description: &Description,
        chosen: &Chosen,
        given: &[Option<Given<'_>>],
        place: Place,
    ) -> Result<Vec<Value>> {
        let name = Ident::new(described.name, Span::call_site());
        let known: Vec<bool> = given.iter().map(Option::is_some).collect();
        let sizes = chosen.bindings.keys().map(String::as_str);
        let network = specialise(description, &name, &chosen.values, sizes, &known);
        let given: Vec<Given<'_>> = given.iter().flatten().copied().collect();
        self.inline(nested, &network, &given, place)
    }

    /// Returns the options of a layer, which are evaluated once.
    fn options_of(
        &mut self,
        layer: &mut Layer,
        described: &'static Described,
        description: &Description,
    ) -> Result<Rc<Chosen>> {
        if let Some(chosen) = &layer.chosen {
            return Ok(Rc::clone(chosen));
        }
        layer.applied = true;
        let written = layer.arguments.clone();
        let mut arguments = Arguments::new(described.usage, layer.place(), &written);
        self.must_not_begin_with_inputs(described, &arguments, description)?;
        let chosen = self.choose(&mut arguments, description);
        let outcome = arguments.finish(self);
        let chosen = Rc::new(outcome.and(chosen)?);
        layer.chosen = Some(Rc::clone(&chosen));
        Ok(chosen)
    }

    /// Checks the options of a described layer whose input is in error.
    pub(super) fn check_options(&mut self, layer: &RefCell<Layer>) {
        let layer = &mut *layer.borrow_mut();
        if let Some(described) = layer.described() {
            let description = self.networks.description(described);
            // errors are in the report
            let _ = self.options_of(layer, described, &description);
        }
    }

    /// Returns the value of every input of a description, `None` for those that are not given.
    fn all_inputs<'e>(
        &mut self,
        description: &Description,
        chosen: &'e Chosen,
        given: &[Option<Given<'e>>],
        text: &str,
        place: Place,
    ) -> Result<Vec<Option<Given<'e>>>> {
        let (fewest, most) = (description.fewest_inputs(), description.inputs.len());
        if !(fewest..=most).contains(&given.len()) {
            let names = description.inputs.iter().map(|input| input.name.to_string());
            let what = wrong_count(&names.collect::<Vec<_>>(), fewest, text, given.len());
            return self.error(place, what);
        }
        let mut all: Vec<Option<Given<'_>>> = given.to_vec();
        for input in &description.inputs[given.len()..] {
            let named = chosen.inputs.get(&input.name.to_string());
            let named = named.map(|expr| Ok((expr, self.value(expr)?))).transpose()?;
            all.push(named);
        }
        Ok(all)
    }
}

/// Returns true for `none`, which stands for an option or an input that is not given.
pub fn is_none(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Path(path) if path.is_ident("none"))
}

impl Layer {
    /// Returns the description of the layer, if it has one.
    pub fn described(&self) -> Option<&'static Described> {
        self.kind.described()
    }
}
