//! The passes over a row, and what is computed in each.

use super::space::{RowAccess, RowSpace, reduction};
use crate::ir::layout::Layout;
use crate::ir::{Graph, Value};
use crate::size::Size;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A loop over the rows of a matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The matrix.
    pub space: RowSpace,
    /// The values that are computed, in this order.
    pub members: Vec<Value>,
    /// The passes over a row, one after the other.
    pub passes: Vec<RowPass>,
    /// Values that are stored temporarily in the row of a result that is written later, by that
    /// result.
    pub scratch_row: BTreeMap<Value, Value>,
}

/// One pass over a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowPass {
    /// Numbers of the row that are computed before.
    pub singles: Vec<Value>,
    /// Values that are stored to memory, element by element.
    pub stores: Vec<Value>,
    /// Reductions of the row, after that.
    pub reductions: Vec<Value>,
}

/// The operations for each element of stores or a reduction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expression {
    /// The operations, in order.
    pub members: Vec<Value>,
    /// The values in memory that they read.
    pub reads: Vec<Value>,
}

/// A moment within the passes: the stores of a pass come before its reductions.
type Moment = usize;

fn stores(pass: usize) -> Moment {
    2 * pass
}

fn reductions(pass: usize) -> Moment {
    2 * pass + 1
}

impl Rows {
    pub(super) fn new(space: RowSpace, mut members: Vec<Value>) -> Self {
        // a sinkable operation may be in several loops
        let mut known = HashSet::new();
        members.retain(|member| known.insert(*member));
        Self { space, members, passes: Vec::new(), scratch_row: BTreeMap::new() }
    }

    /// Returns the part of a value that one row has, for a member or for a value that members read.
    #[must_use]
    pub fn row_access(&self, graph: &Graph, value: Value) -> Option<RowAccess> {
        if self.members.contains(&value) {
            return self.space.own(graph.ty(value));
        }
        self.members.iter().find_map(|member| {
            let node = &graph[*member];
            let operand = node.operands.iter().find(|operand| graph.base(**operand) == value)?;
            match reduction(graph, *member) {
                Some(_) => Some(RowAccess::Row),
                None => self.space.operand(graph.ty(*operand), &node.ty),
            }
        })
    }

    /// Returns true if the rows of a value can be found with this layout in memory of `whole`
    /// scalars.
    #[must_use]
    pub fn finds(&self, graph: &Graph, value: Value, layout: &Layout, whole: &Size) -> bool {
        let operands = self.members.iter().flat_map(|member| &graph[*member].operands);
        let mut operands = operands.filter(|operand| graph.base(**operand) == value);
        let has_rows = |layout: &Layout| self.space.row_slice(layout, whole).is_some();
        let is_written = self.members.contains(&value);
        self.row_access(graph, value) == Some(RowAccess::Row)
            && (!is_written || has_rows(layout))
            && operands.all(|operand| {
                graph.layout_within(*operand, Some(layout)).is_some_and(|layout| has_rows(&layout))
            })
    }

    /// Arranges the passes. `writes` are the values to be stored, to which spilled ones may be
    /// added.
    pub(super) fn arrange(&mut self, graph: &Graph, writes: &mut Vec<Value>) {
        let mut at: HashMap<Value, usize> = HashMap::new();
        self.passes = vec![RowPass::default()];
        for member in &self.members {
            let operands = graph[*member].operands.iter();
            let ready = operands.filter_map(|operand| at.get(&graph.base(*operand))).max();
            let pass = ready.copied().unwrap_or_default();
            self.passes.resize(self.passes.len().max(pass + 1), RowPass::default());
            if reduction(graph, *member).is_some() {
                self.passes[pass].reductions.push(*member);
                at.insert(*member, pass + 1);
                continue;
            }
            at.insert(*member, pass);
            if self.space.own(graph.ty(*member)) == Some(RowAccess::Single) {
                self.passes[pass].singles.push(*member);
            } else if writes.contains(member) {
                self.passes[pass].stores.push(*member);
            }
        }
        for member in self.members.clone() {
            let in_row = self.space.own(graph.ty(member)) == Some(RowAccess::Row);
            if in_row && !writes.contains(&member) && graph[member].op.is_costly() {
                self.spill(graph, member, at[&member], writes);
            }
        }
    }

    /// Makes sure that a costly value is computed once: stores it, in the row of a later result if
    /// that is free.
    fn spill(&mut self, graph: &Graph, value: Value, pass: usize, writes: &mut Vec<Value>) {
        let mut uses = self.expressions(graph);
        uses.retain(|(_, expression)| expression.members.contains(&value));
        let Some((last, _)) = uses.last() else { return };
        if uses.len() == 1 {
            return;
        }
        let row = self.passes[pass + 1..].iter().zip(pass + 1..).find_map(|(later, at)| {
            let free = |row: &&Value| !self.scratch_row.values().any(|taken| taken == *row);
            later.stores.iter().find(free).filter(|_| *last <= stores(at))
        });
        match row.copied() {
            Some(row) => {
                self.scratch_row.insert(value, row);
            }
            None => writes.push(value),
        }
        self.passes[pass].stores.push(value);
        self.passes[pass].stores.sort();
    }

    /// Returns everything that is computed element by element, with its moment.
    fn expressions(&self, graph: &Graph) -> Vec<(Moment, Expression)> {
        let mut expressions = Vec::new();
        for (index, pass) in self.passes.iter().enumerate() {
            expressions.push((stores(index), self.stored(graph, index)));
            let reduced = pass.reductions.iter();
            expressions
                .extend(reduced.map(|v| (reductions(index), self.reduced(graph, index, *v))));
        }
        expressions
    }

    /// Returns the operations of the stores of a pass.
    #[must_use]
    pub fn stored(&self, graph: &Graph, pass: usize) -> Expression {
        let mut expression = Expression::default();
        for value in &self.passes[pass].stores {
            self.compute(graph, *value, stores(pass), &mut expression);
        }
        self.in_order(expression)
    }

    /// Returns the operations of one of the reductions of a pass.
    #[must_use]
    pub fn reduced(&self, graph: &Graph, pass: usize, value: Value) -> Expression {
        let mut expression = Expression::default();
        self.compute(graph, graph[value].operands[0], reductions(pass), &mut expression);
        self.in_order(expression)
    }

    fn in_order(&self, mut expression: Expression) -> Expression {
        let place = |value: &Value| self.members.iter().position(|member| member == value);
        expression.members.sort_by_key(place);
        expression
    }

    fn compute(&self, graph: &Graph, value: Value, now: Moment, expression: &mut Expression) {
        let value = graph.base(value);
        if expression.members.contains(&value) || expression.reads.contains(&value) {
            return;
        }
        match self.row_access(graph, value) {
            Some(RowAccess::Row) if self.members.contains(&value) => {
                if self.when_stored(value).is_some_and(|at| at < now) {
                    expression.reads.push(value);
                    return;
                }
                expression.members.push(value);
                for operand in &graph[value].operands {
                    self.compute(graph, *operand, now, expression);
                }
            }
            Some(RowAccess::Row | RowAccess::Shared) => expression.reads.push(value),
            _ => {}
        }
    }

    fn when_stored(&self, value: Value) -> Option<Moment> {
        self.passes.iter().position(|pass| pass.stores.contains(&value)).map(stores)
    }

    /// Returns true if a result may be written row by row over a value that is read: if nothing
    /// reads that after the first write.
    #[must_use]
    pub fn may_replace(&self, graph: &Graph, read: Value, result: Value) -> bool {
        let row_access = self.row_access(graph, read);
        if row_access != self.row_access(graph, result) {
            return false;
        }
        if row_access != Some(RowAccess::Row) {
            // a row's numbers are read before all else, and written after
            return row_access == Some(RowAccess::Single);
        }
        let mut last = None;
        for (moment, expression) in self.expressions(graph) {
            if expression.reads.contains(&read) {
                last = Some(moment);
            }
        }
        let spill = self.scratch_row.iter().filter(|(_, row)| **row == result).map(|(v, _)| *v);
        let first = spill.chain([result]).filter_map(|value| self.when_stored(value)).min();
        last <= first
    }
}
