//! Accuracy: a metric, which has no gradient.

use super::axis::{has_rows, last_rows_of};
use super::{Call, CrossEntropyOptions, Derivative, Kernel};
use crate::ir::layout::Layout;
use crate::ir::{Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// 1 for each row whose largest logit is that of its target, else 0, from logits `[.., classes]`
/// and targets `[..]`. Ignored targets give 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Accuracy {
    /// The class whose targets are ignored.
    pub ignore_index: Option<u32>,
}

impl Accuracy {
    /// Returns the options by which the runtime tells the targets that are ignored.
    pub(super) fn options(&self) -> CrossEntropyOptions {
        CrossEntropyOptions { ignore_index: self.ignore_index, ..CrossEntropyOptions::default() }
    }
}

impl Kernel for Accuracy {
    fn result(&self, operands: &[&Type]) -> Type {
        let logits = operands[0];
        Type::sample(logits.shape[..logits.shape.len() - 1].to_vec())
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 2]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        operands[0].len()
    }

    fn reads(&self, operand: usize, layout: &Layout) -> bool {
        operand == 0 && has_rows(layout)
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, types, .. } = call;
        let (rows, classes) = (call.rows(types[0], &types[0].leading()), types[0].last().tokens());
        let (logits, targets) = (last_rows_of(call, 0), &operands[1]);
        let options = self.options().tokens(runtime, call.scalar);
        quote!(#runtime::loss::accuracy_rows(#rows, #classes, #logits, #targets, &#options, #result);)
    }
}
