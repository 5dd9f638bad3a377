//! The layouts and variables of values in the memory of others.

use super::function::Writer;
use crate::ir::Value;
use crate::ir::layout::Layout;
use crate::size::Size;
use proc_macro2::Ident;

impl Writer<'_> {
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
