//! Simulates the passes over a row.

use super::{Place, Player, Result};
use monograd_compiler::fuse::{Expression, RowAccess, Rows, Step};
use monograd_compiler::ir::Value;

/// The simulated contents of one row.
#[derive(Default)]
struct Row {
    /// The places of the row, each with the value whose elements it contains.
    elements: Vec<(Place, Value)>,
    /// The scalars of the row that have been computed or loaded.
    singles: Vec<Value>,
}

impl Player<'_> {
    /// Simulates the passes over a row, each of which must find its operands.
    pub(super) fn rows(&self, rows: &Rows, step: &Step) -> Result {
        let graph = &self.pass.graph;
        let mut row = Row::default();
        for read in &step.reads {
            self.in_pieces(rows, *read)?;
            match rows.row_access(graph, *read) {
                Some(RowAccess::Single) => row.singles.push(*read),
                Some(_) => row.elements.push((self.place(*read)?, *read)),
                None => return Err(format!("{read} does not lie in the rows")),
            }
        }
        for (index, pass) in rows.passes.iter().enumerate() {
            for single in &pass.singles {
                self.known(&row, *single, &[])?;
                row.singles.push(*single);
            }
            self.computable(&row, &rows.stored(graph, index))?;
            for value in &pass.stores {
                let place = self.place(*rows.scratch_row.get(value).unwrap_or(value))?;
                row.elements.retain(|(other, _)| !other.overlaps(&place));
                row.elements.push((place, *value));
            }
            for value in &pass.reductions {
                let expression = rows.reduced(graph, index, *value);
                self.computable(&row, &expression)?;
                let inside: Vec<Value> = [&expression.members[..], &expression.reads].concat();
                self.known(&row, *value, &inside)?;
                row.singles.push(*value);
            }
        }
        for value in &step.writes {
            let there = match rows.row_access(graph, *value) {
                Some(RowAccess::Single) => row.singles.contains(value),
                _ => row.elements.contains(&(self.place(*value)?, *value)),
            };
            if !there {
                return Err(format!("{value} is not there at the end of the row"));
            }
        }
        Ok(())
    }

    /// Checks that the rows of a value that is part of another are at the same offset of equally long pieces.
    fn in_pieces(&self, rows: &Rows, read: Value) -> Result {
        let graph = &self.pass.graph;
        let place = self.place(read)?;
        let operands = rows.members.iter().flat_map(|member| &graph[*member].operands);
        let mut operands = operands.filter(|operand| graph.base(**operand) == read);
        let is_cut = operands.any(|operand| graph.is_window(*operand));
        let Some(part) = place.part.filter(|_| !is_cut) else { return Ok(()) };
        let scalars: Vec<usize> = part.into_iter().map(|at| at - place.range.start).collect();
        let len = self.count(&rows.space.len);
        let piece = place.range.len() / (scalars.len() / len).max(1);
        let expected = |i: usize| i / len * piece + scalars[0] % piece + i % len;
        let fits = rows.row_access(graph, read) == Some(RowAccess::Row)
            && scalars.iter().enumerate().all(|(i, at)| *at == expected(i));
        fits.then_some(()).ok_or(format!("the rows of {read} are not where the loop looks"))
    }

    /// Checks that the elements that an expression reads are in their places, and that it has no other
    /// operands.
    fn computable(&self, row: &Row, expression: &Expression) -> Result {
        for read in &expression.reads {
            let found = row.elements.iter().find(|(_, value)| value == read);
            found.ok_or(format!("{read} is no longer in its row"))?;
        }
        for (index, member) in expression.members.iter().enumerate() {
            let inside = [&expression.members[..index], &expression.reads].concat();
            self.known(row, *member, &inside)?;
        }
        Ok(())
    }

    /// Checks that the operands of a value are in `inside` or are known scalars.
    fn known(&self, row: &Row, value: Value, inside: &[Value]) -> Result {
        let graph = &self.pass.graph;
        for operand in &graph[value].operands {
            let base = graph.base(*operand);
            let number = graph.ty(*operand).is_number();
            if !number && !inside.contains(&base) && !row.singles.contains(&base) {
                return Err(format!("{value} misses {operand} in a pass over a row"));
            }
        }
        Ok(())
    }
}
