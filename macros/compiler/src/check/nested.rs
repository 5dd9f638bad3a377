//! Networks inside networks: they are inlined where they are applied, so that all later stages see
//! a single graph.

mod apply;
mod arguments;
mod frame;
mod inputs;
mod networks;

use crate::case::snake_case;
pub use arguments::activation_of_another;
pub use frame::{Frame, Member};
pub use inputs::wrong_count;
pub use networks::Networks;
pub(super) use networks::paths;

use super::layer::{self, Layer};
use super::repeated::LoopNames;
use super::{Binding, Checker, Reported, Result, Scope};
use crate::ast::{self, Expr, ExprKind, path_text};
use crate::ir::Value;
use crate::ir::loops::Region;
use crate::program::{Label, Row};
use crate::report::Place;
use crate::size::Size;
use crate::sketch::Frame as SketchFrame;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use syn::ext::IdentExt as _;

/// The maximum number of operations of a network, because nesting multiplies them.
const MOST_OPERATIONS: usize = 50_000;

/// A declared network within another. If applied twice, it uses the same parameters.
pub struct Nested {
    /// The index of the network, unless it is a described layer.
    index: Option<usize>,
    /// The bindings of its generic parameters.
    bindings: HashMap<String, Binding>,
    /// The prefix of the names of its parameters.
    pub name: String,
    /// The network as written.
    pub text: String,
    place: Place,
    /// The place that determines its name, or that of the outermost network that it is in.
    named: Place,
    frozen: bool,
    /// The loop in which each iteration has its own parameters, if any.
    region: Option<Region>,
    /// The loop in which each iteration would have its own parameters, but whose number of
    /// iterations is unknown.
    uncounted: Option<String>,
    /// The members with parameters, in the order in which its body declares them.
    members: Vec<Member>,
    /// `true` if it was applied.
    pub applied: bool,
}

/// A value that a network is given, with its expression.
type Given<'a> = (&'a Expr, Value);

impl Nested {
    /// Returns the network that a described layer is.
    pub fn of_layer(layer: &Layer, bindings: HashMap<String, Binding>) -> Self {
        Self {
            index: None,
            bindings,
            name: layer.name.clone(),
            text: layer.text.clone(),
            place: layer.place(),
            named: layer.place(),
            frozen: layer.frozen,
            region: layer.region,
            uncounted: layer.uncounted.clone(),
            members: Vec::new(),
            applied: true,
        }
    }

    /// Returns the network that a call of a described function is.
    pub fn of_function(name: &str, place: Place, bindings: HashMap<String, Binding>) -> Self {
        Self {
            index: None,
            bindings,
            name: name.to_owned(),
            text: name.to_owned(),
            place,
            named: place,
            frozen: false,
            region: None,
            uncounted: None,
            members: Vec::new(),
            applied: true,
        }
    }
}

impl Checker<'_> {
    /// Returns the network that a `let` declares, if it does: `let encoder = Encoder::<64>;`.
    pub(super) fn network_declaration(
        &mut self,
        statement: &ast::Let,
    ) -> Option<Result<Rc<RefCell<Nested>>>> {
        let (ExprKind::Path(path), [declared]) = (&statement.value.kind, &statement.names[..])
        else {
            return None;
        };
        if path.get_ident().is_some_and(|name| self.scope.contains_key(&name.to_string())) {
            return None;
        }
        let (index, _) = self.networks.find(path)?;
        let (name, place) = self.name_of_let(declared);
        Some(self.new_nested(index, path, name, statement.value.place, place))
    }

    /// Returns true if there is a network of this name after `>>` or before `(`.
    pub(super) fn is_network(&self, path: &syn::Path) -> bool {
        let binding = path.get_ident().and_then(|name| self.scope.get(&name.to_string()));
        match binding {
            Some(binding) => matches!(binding, Binding::Network(_)),
            None => self.networks.find(path).is_some(),
        }
    }

    /// Returns the network after `>>` or before `(`: one bound by a `let`, or a new one.
    pub(super) fn network(
        &mut self,
        path: &syn::Path,
        place: Place,
    ) -> Option<Result<Rc<RefCell<Nested>>>> {
        if let Some(name) = path.get_ident()
            && let Some(binding) = self.scope.get(&name.to_string())
        {
            let Binding::Network(nested) = binding else { return None };
            return Some(Ok(Rc::clone(nested)));
        }
        let (index, network) = self.networks.find(path)?;
        let prefix = snake_case(&network.name.unraw().to_string());
        let (name, name_place) = self.name_or_numbered(&prefix, place);
        Some(self.new_nested(index, path, name, place, name_place))
    }

    fn new_nested(
        &mut self,
        index: usize,
        path: &syn::Path,
        name: String,
        place: Place,
        name_place: Place,
    ) -> Result<Rc<RefCell<Nested>>> {
        if let Some(Member::Network(reused)) = self.frame.reusable.pop_front() {
            self.frame.members.push(Member::Network(Rc::clone(&reused)));
            return Ok(reused);
        }
        if !self.networks.is_sound(index) {
            // its errors are reported when it is checked itself
            self.report.error_elsewhere();
            return Err(Reported);
        }
        let bindings = self.generic_bindings(self.networks.get(index), path, place)?;
        let name = self.new_name(&name, name_place)?;
        let region = self.region_of_parameters(place)?;
        let nested = Rc::new(RefCell::new(Nested {
            index: Some(index),
            bindings,
            name,
            text: path_text(path),
            place: self.frame.place.unwrap_or(place),
            named: self.frame.named.unwrap_or(name_place),
            frozen: self.scope.frozen,
            region,
            uncounted: self.frame.loops.uncounted.clone(),
            members: Vec::new(),
            applied: false,
        }));
        self.modules.nested.push(Rc::clone(&nested));
        self.frame.members.push(Member::Network(Rc::clone(&nested)));
        Ok(nested)
    }

    /// Inlines a network, applied to `given`, and returns its outputs.
    pub(super) fn apply_network(
        &mut self,
        nested: &RefCell<Nested>,
        given: &[Given<'_>],
        place: Place,
    ) -> Result<Vec<Value>> {
        let Some(index) = nested.borrow().index else { return Err(Reported) };
        self.inline(nested, self.networks.get(index), given, place)
    }

    /// Inlines `network`, which `nested` declares, and returns its outputs.
    pub(super) fn inline(
        &mut self,
        nested: &RefCell<Nested>,
        network: &ast::Network,
        given: &[Given<'_>],
        place: Place,
    ) -> Result<Vec<Value>> {
        let text = nested.borrow().text.clone();
        if self.graph().values().count() > MOST_OPERATIONS {
            return self.error(
                place,
                format!("with `{text}` the network has more than {MOST_OPERATIONS} operations"),
            );
        }
        if given.len() != network.inputs.len() {
            let names = network.inputs.iter().map(|input| input.name.to_string());
            let names: Vec<String> = names.collect();
            let what = wrong_count(&names, names.len(), &text, given.len());
            return self.error(place, what);
        }
        nested.borrow_mut().applied = true;
        let nodes = self.program.graph.values().count();
        let line = self.graph().line;
        let scope = Scope::from(nested.borrow().bindings.clone());
        let is_layer = nested.borrow().index.is_none();
        let (errors_before, shapes, mut scope) = self.enter_scope(scope, |checker| {
            checker.bind_lengths(network, given);
            let inferred = match is_layer {
                true => checker.infer_sizes(network, &text, given),
                false => Ok(()),
            };
            let errors_before = checker.report.problems().len();
            let shapes = inferred.and_then(|()| checker.input_shapes(network));
            (errors_before, shapes, std::mem::take(&mut checker.scope))
        });
        let shapes = self.errors_of(&text, errors_before, place).and(shapes)?;
        let bindings = self.fit_inputs(network, &text, given, &shapes)?;

        scope.extend(bindings);
        let row = self.program.rows.len();
        self.program.rows.push(Row {
            name: nested.borrow().name.clone(),
            layer: vec![Label::Text(text.clone())],
            shape: Vec::new(),
            parameters: Size::default(),
            flops: Size::default(),
            depth: self.frame.depth,
            result: None,
            values: 0..0,
        });
        if !is_layer {
            self.enter_frame(|_| SketchFrame::Network(row));
        }
        let frame = self.frame_of(&nested.borrow(), place);
        scope.frozen = frame.frozen;
        let (results, frame) = self.enter_network(scope, frame, |checker| checker.results(network));
        nested.borrow_mut().members = frame.members;
        self.graph().line = line;
        let results = self.errors_of(&text, errors_before, place).and(results)?;
        if !is_layer {
            self.leave_frame();
        }
        let after = self.program.graph.values().count();
        let whole = &mut self.program.rows[row];
        if let [(port, value), ..] = &results[..] {
            whole.shape.clone_from(&port.shape);
            whole.result = Some(*value);
        }
        whole.values = nodes..after;
        Ok(results.into_iter().map(|(_, value)| value).collect())
    }

    fn frame_of(&self, nested: &Nested, place: Place) -> Frame {
        Frame {
            depth: self.frame.depth + 1,
            described: nested.index.is_none(),
            prefix: format!("{}.", nested.name),
            context: format!("{}in `{}`: ", self.frame.context, nested.text),
            frozen: nested.frozen,
            place: Some(self.frame.place.unwrap_or(place)),
            named: Some(nested.named),
            loops: LoopNames::inside(nested.uncounted.clone()),
            regions: [nested.region, self.program.graph.depth()],
            members: Vec::new(),
            reusable: nested.members.clone().into(),
        }
    }

    /// Replaces the errors found in an inlined network by one at the place of its application: the
    /// network is sound by itself, so they are caused by what it is given.
    fn errors_of(&mut self, text: &str, errors_before: usize, place: Place) -> Result<()> {
        let problems = self.report.split_off(errors_before);
        match problems.first() {
            None => Ok(()),
            Some(problem) => self.error(place, format!("in `{text}`: {}", problem.message)),
        }
    }

    /// Reports networks that are declared and never applied.
    pub(super) fn unapplied_networks(&mut self) {
        for nested in std::mem::take(&mut self.modules.nested) {
            let nested = nested.borrow();
            if !nested.applied {
                let name = &nested.name;
                self.report.error(nested.place, format!("network `{name}` is never applied"));
            }
        }
    }

    /// Checks that a name from outside of `network!` means the same in the nested network as in
    /// this one, which must have no parameter of that name.
    pub(super) fn is_visible(&mut self, path: &syn::Path, place: Place) -> Result<()> {
        let name = path_text(path);
        if self.frame.depth > 0 && self.own.contains(&name) {
            return self.error(
                place,
                format!("`{name}` is not this network's parameter `{name}`: rename the parameter"),
            );
        }
        Ok(())
    }

    /// Returns the names of all layers and networks that may stand after `>>`.
    pub(super) fn layer_names(&self) -> Vec<String> {
        let bound = self.scope.iter().filter(|(_, binding)| {
            matches!(binding, Binding::Layer(_) | Binding::Network(_) | Binding::External(_))
        });
        let bound = bound.map(|(name, _)| name.clone());
        bound.chain(self.networks.names()).chain(layer::names().map(str::to_owned)).collect()
    }
}
