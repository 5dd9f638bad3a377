//! External layers: `x >> other::Encoder::<64>()`. Their shapes are known only to the compiler of
//! the generated code.

mod apply;
mod path;

use super::naming::variable;
use super::nested::Member;
use super::{Checker, Result, function, layer};
use crate::ast::{self, Argument, Expr, ExprKind, path_text};
use crate::case::{names_a_type, snake_case};
use crate::external::External;
use crate::habits::names::instead;
use crate::ir::loops::Region;
use crate::ir::{Leaf, Op, Type, Value};
use crate::nearest::suggestion;
use crate::program::Parameter;
use crate::report::Place;
use crate::size::{Asked, Size};
use proc_macro2::TokenStream;
use std::cell::RefCell;
use std::rc::Rc;
use syn::ext::IdentExt as _;

/// A declared external layer. If applied twice, it uses the same parameters.
pub struct ExternalLayer {
    layer: External,
    /// The shapes of its outputs, if written.
    outputs: Vec<Expr>,
    /// The prefix of the names of its parameters.
    pub name: String,
    /// The layer as written.
    pub text: String,
    place: Place,
    frozen: bool,
    /// The loop in which each iteration has its own parameters, if any.
    region: Option<Region>,
    /// The loop in which each iteration would have its own parameters, but whose number of
    /// iterations is unknown.
    uncounted: Option<String>,
    /// The leaf of its parameters, which is added at the first use.
    parameters: Option<Value>,
}

impl Checker<'_> {
    /// Returns true if a call names an external layer: an unknown type with nothing but shapes in
    /// the parentheses.
    fn is_external(&self, callee: &syn::Path, arguments: &[Argument]) -> bool {
        let Some(last) = callee.segments.last() else { return false };
        let shapes = arguments.iter().all(|argument| {
            matches!(argument, Argument::Positional(Expr { kind: ExprKind::List(_), .. }))
        });
        if !shapes || !names_a_type(callee) {
            return false;
        }
        if callee.segments.len() > 1 {
            return true;
        }
        let name = last.ident.to_string();
        let near = suggestion(&name, layer::names());
        let known = self.scope.contains_key(&name)
            || self.networks.find(callee).is_some()
            || layer::find(&name).is_some()
            || layer::is_activation(&name)
            || function::find(&name).is_some()
            || (callee.segments.len() == 1 && instead(&name).is_some());
        !known && near.is_empty()
    }

    /// Returns the external layer that a `let` declares, if it does:
    /// `let encoder = other::Encoder::<64>();`.
    pub(super) fn external_declaration(
        &mut self,
        statement: &ast::Let,
    ) -> Option<Result<Rc<RefCell<ExternalLayer>>>> {
        let ExprKind::Call { callee, arguments } = &statement.value.kind else { return None };
        let [declared] = &statement.names[..] else { return None };
        if !self.is_external(callee, arguments) {
            return None;
        }
        let (name, place) = self.name_of_let(declared);
        Some(self.new_external(callee, arguments, &statement.value, name, place))
    }

    /// Returns true for an external layer.
    pub(super) fn is_external_layer(&self, layer: &Expr) -> bool {
        match &layer.kind {
            ExprKind::Path(path) => {
                matches!(self.scope.get(&path_text(path)), Some(super::Binding::External(_)))
            }
            ExprKind::Call { callee, arguments } => self.is_external(callee, arguments),
            _ => false,
        }
    }

    /// Returns the external layer after `>>`: one bound by a `let`, or a new one.
    pub(super) fn external(&mut self, layer: &Expr) -> Option<Result<Rc<RefCell<ExternalLayer>>>> {
        match &layer.kind {
            ExprKind::Path(path) => match self.scope.get(&path_text(path)) {
                Some(super::Binding::External(found)) => Some(Ok(Rc::clone(found))),
                _ => None,
            },
            ExprKind::Call { callee, arguments } if self.is_external(callee, arguments) => {
                let last = callee.segments.last()?.ident.unraw().to_string();
                let (name, place) = self.name_or_numbered(&snake_case(&last), layer.place);
                Some(self.new_external(callee, arguments, layer, name, place))
            }
            _ => None,
        }
    }

    fn new_external(
        &mut self,
        callee: &syn::Path,
        arguments: &[Argument],
        expr: &Expr,
        name: String,
        name_place: Place,
    ) -> Result<Rc<RefCell<ExternalLayer>>> {
        if let Some(reused) = self.reused_external() {
            return Ok(reused);
        }
        let layer = self.external_type(callee, expr.place)?;
        let name = self.new_name(&name, name_place)?;
        let region = self.region_of_parameters(expr.place)?;
        let outputs = arguments.iter().filter_map(|argument| match argument {
            Argument::Positional(shape) => Some(shape.clone()),
            Argument::Option { .. } => None,
        });
        let external = Rc::new(RefCell::new(ExternalLayer {
            layer,
            outputs: outputs.collect(),
            name,
            text: path_text(callee),
            place: self.frame.place.unwrap_or(expr.place),
            frozen: self.scope.frozen,
            region,
            uncounted: self.frame.loops.uncounted.clone(),
            parameters: None,
        }));
        self.modules.externals.push(Rc::clone(&external));
        self.remember_member(Member::External(Rc::clone(&external)));
        Ok(external)
    }

    /// Reports arguments that an external layer does not take.
    pub(super) fn wrong_parentheses<T>(&mut self, name: &str, layer: &Expr) -> Result<T> {
        self.error(
            layer.place,
            format!("`{name}` is from elsewhere: its parentheses hold nothing, or the shapes of its outputs, as in `{name}([64])`"),
        )
    }

    /// Returns the leaf of the layer's parameters, which is added at the first use. The layer knows
    /// their number and names.
    fn external_parameters(&mut self, external: &mut ExternalLayer) -> Value {
        if let Some(parameters) = external.parameters {
            return parameters;
        }
        self.must_be_counted(external.uncounted.as_ref(), &external.text, external.place);
        let index = self.program.parameters.len();
        let ty = Type::shared(vec![Size::external(&external.layer, Asked::Buffer)]);
        let leaf = Op::Leaf(Leaf::Parameter(index));
        let value = self.graph().add_in(external.region, leaf, Vec::new(), ty);
        self.graph().name(value, &variable(&external.name));
        let named = self.named(&external.name, external.place);
        self.program.parameters.push(Parameter {
            name: external.name.clone(),
            shape: Vec::new(),
            transposed: false,
            is_bias: false,
            init: TokenStream::new(),
            zero_row: None,
            frozen: external.frozen,
            state: None,
            iterations: self.iterations_of_parameters(external.region),
            layer: Some(external.layer.clone()),
            place: external.place,
            named,
            value,
        });
        external.parameters = Some(value);
        value
    }

    /// Reports external layers that are declared and never applied.
    pub(super) fn unapplied_externals(&mut self) {
        for external in std::mem::take(&mut self.modules.externals) {
            let external = external.borrow();
            if external.parameters.is_none() {
                let name = &external.name;
                self.report.error(external.place, format!("layer `{name}` is never applied"));
            }
        }
    }
}
