//! Rows chosen by class or token numbers: the lookup of embeddings, and one-hot rows.

use super::axis::{has_rows, last};
use super::{Call, Derivative, Kernel};
use crate::ast::Element;
use crate::ir::layout::Layout;
use crate::ir::step::{Refusal, Stepped, StreamStep};
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// `x[indices]`: the rows of a table `[rows, ..]` at the indices `[..]`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Gather;

/// The gradient of the table, from the indices and dy.
#[derive(Debug, PartialEq, Eq, Hash)]
struct GatherGradient {
    /// The type of the table.
    table: Type,
}

impl GatherGradient {
    /// Returns the axis of dy, which has this rank, at which the row of a table begins.
    fn row_axis(&self, rank: usize) -> usize {
        rank + 1 - self.table.shape.len()
    }
}

/// A new last axis that is 1 at the index and 0 elsewhere.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct OneHot {
    /// The size of the new axis.
    pub classes: Size,
}

/// Returns the tokens of the runtime's description of a lookup.
fn lookup(call: &Call<'_>, table: &Type, indices: &Type) -> TokenStream {
    let runtime = call.runtime;
    let (each, width) = (indices.len().tokens(), Size::product(&table.shape[1..]).tokens());
    let table = if table.batched { table.len() } else { Size::default() }.tokens();
    quote!(#runtime::gather::Lookup { each: #each, width: #width, table: #table })
}

impl Kernel for Gather {
    fn result(&self, operands: &[&Type]) -> Type {
        let (table, indices) = (operands[0], operands[1]);
        let shape = [&indices.shape[..], &table.shape[1..]].concat();
        Type { shape, batched: table.batched || indices.batched, element: Element::Real }
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let gradient = GatherGradient { table: at.graph.ty(at.operands[0]).clone() };
        vec![Some(at.graph.kernel(gradient, vec![at.operands[1], at.gradient])), None]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let (table, rank) = (step.fixed(0)?, step.whole(1).shape.len());
        let modes = step.modes()[..rank].to_vec();
        let indices = step.operand(1, &modes)?.value;
        Ok(step.kernel(Self, vec![table, indices]))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, types, .. } = call;
        let lookup = lookup(call, types[0], types[1]);
        let (x, indices) = (&operands[0], &operands[1]);
        quote!(#runtime::gather::gather(#lookup, #x, #indices, #result);)
    }
}

impl Kernel for GatherGradient {
    fn result(&self, _: &[&Type]) -> Type {
        self.table.clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[1].len()
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn reads(&self, operand: usize, layout: &Layout) -> bool {
        operand == 1 && layout.pitch(self.row_axis(layout.axes.len())).is_some()
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, store, .. } = call;
        let lookup = lookup(call, &self.table, types[0]);
        let dy = call.rows_of(1, self.row_axis(types[1].shape.len()));
        let indices = &operands[0];
        quote!(#runtime::gather::gather_gradient(#simd, #lookup, #indices, #dy, #result, #store);)
    }
}

impl Kernel for OneHot {
    fn result(&self, operands: &[&Type]) -> Type {
        let mut shape = operands[0].shape.clone();
        shape.push(self.classes.clone());
        Type { shape, batched: operands[0].batched, element: Element::Real }
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None]
    }

    fn is_flat(&self) -> bool {
        true
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let modes = step.modes()[..step.modes().len() - 1].to_vec();
        let indices = step.operand(0, &modes)?.value;
        Ok(step.kernel(Self { classes: self.classes.clone() }, vec![indices]))
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::default()
    }

    fn writes(&self, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, ty, .. } = call;
        let result = call.rows_of_result(last(&ty.shape));
        let (classes, indices) = (self.classes.tokens(), &operands[0]);
        quote!(#runtime::gather::one_hot(#classes, #indices, #result);)
    }
}
