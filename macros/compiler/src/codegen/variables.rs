//! The variables of values, and of parts of them.

use super::body::Writer;
use super::names::Names;
use crate::ir::function::Function;
use crate::ir::layout::Layout;
use crate::ir::{Direction, Op, Value};
use crate::plan::Storage;
use crate::size::Size;
use proc_macro2::Ident;
use std::collections::HashMap;

/// The variables of a function.
pub struct Variables {
    /// The names that are taken.
    pub taken: Names,
    /// The variable of each value; a part of another value has the variable of that.
    pub names: HashMap<Value, Ident>,
    /// The variable of a part once it is cut out of the whole.
    pub part_names: HashMap<Value, Ident>,
    /// The names of a stream's states, by their index.
    pub states: HashMap<usize, Ident>,
}

impl Writer<'_> {
    /// Returns a variable name that nothing else has.
    pub fn fresh(&mut self, wish: &str) -> Ident {
        self.variables.taken.variable(wish)
    }

    /// Returns the preferred variable name of a value.
    pub fn wish(&self, value: Value) -> String {
        let node = &self.graph()[value];
        if !node.name.is_empty() {
            return node.name.clone();
        }
        if let Some(function) = node.function {
            return function.to_owned();
        }
        let noun = match node.op {
            Op::Scalar(Function::Expand) => match self.graph().known_number(node.operands[0]) {
                Some(0.0) => return "zeros".to_owned(),
                _ => "copy".to_owned(),
            },
            _ => node.op.noun(),
        };
        let is_gradient = node.direction == Direction::Backward
            && !node.ty.is_number()
            && !noun.ends_with("gradient")
            && noun != "kept";
        match (noun.is_empty(), is_gradient) {
            (true, _) => "value".to_owned(),
            (_, true) => format!("d_{noun}"),
            (_, false) => noun,
        }
    }

    /// Returns true if a value's variable is a mutable slice.
    pub fn is_mutable(&self, value: Value) -> bool {
        !matches!(self.graph()[value].op, Op::Leaf(_))
            || matches!(self.plan().homes.get(&value), Some(Storage::State(_)))
    }

    /// Returns the layout of a value in the slice that it is read from or written to.
    pub(super) fn layout(&self, value: Value) -> Layout {
        self.plan().location(self.graph(), value).layout
    }

    /// Returns the scalars of that slice for one sample, if the value is only a part of it.
    pub(super) fn window_of(&self, value: Value) -> Option<Size> {
        let base = self.graph().base(value);
        let is_part = self.graph().is_window(value) || self.plan().parts.contains_key(&base);
        is_part.then(|| self.graph().ty(self.plan().whole(base)).len())
    }

    /// Returns true if an operand of a concatenation is a part of its result already.
    pub(super) fn is_placed(&self, operand: Value, whole: Value) -> bool {
        let part = self.plan().parts.get(&self.graph().base(operand));
        part.is_some_and(|part| part.whole == whole)
    }

    /// Returns true if another value is written as a part of this one.
    pub(super) fn has_parts(&self, whole: Value) -> bool {
        self.plan().parts.values().any(|part| part.whole == whole)
    }

    /// Returns the variable of a part of a slice once it is cut out. A part without a name of its
    /// own has that of the slice (`None`), unless it is one of `several`.
    pub(super) fn name_of_window(&mut self, value: Value, several: bool) -> Option<Ident> {
        let graph = self.graph();
        let base = graph.base(value);
        let is_part = self.plan().parts.contains_key(&base);
        let mut named = value;
        while named != base && graph[named].name.is_empty() {
            named = graph[named].operands[0];
        }
        if !several && !is_part && (named == base || !graph.is_window(value)) {
            return None;
        }
        if let Some(name) = self.variables.part_names.get(&value) {
            return Some(name.clone());
        }
        let wish = self.wish(named);
        let name = self.fresh(&wish);
        self.variables.part_names.insert(value, name.clone());
        Some(name)
    }
}
