//! The operands and results of an attention as the runtime takes them: with the strides of the memory
//! that they are in.

use crate::ir::Type;
use crate::ir::kernel::Call;
use crate::ir::layout::Layout;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// Returns true if the scalars of each head are contiguous.
pub fn in_heads(layout: &Layout) -> bool {
    let [_, _, dim] = &layout.axes[..] else { return false };
    dim.stride == Size::one() || dim.size == Size::one()
}

/// Returns the tokens of an operand `[positions, heads, dim]`, or of the result.
pub fn heads(call: &Call<'_>, operand: Option<usize>) -> TokenStream {
    let runtime = call.runtime;
    let (name, data, layout) = match operand {
        Some(operand) => (quote!(Heads), call.from_start(operand), &call.layouts[operand]),
        None => (quote!(HeadsMut), call.result_from_start(), &call.layout),
    };
    let sample = layout.sample.clone().unwrap_or_default().tokens();
    let stride = |axis: usize| layout.axes.get(axis).map(|axis| axis.stride.tokens());
    let (position, head) = (stride(0), stride(1));
    quote! {
        #runtime::attention::#name {
            data: #data, sample: #sample, position: #position, head: #head
        }
    }
}

/// Returns the tokens of a contiguous operand `[queries, keys]` or `[heads, queries, keys]`.
pub fn pairs_of(call: &Call<'_>, ty: &Type, data: &TokenStream) -> TokenStream {
    let runtime = call.runtime;
    let head = match ty.shape.len() {
        3 => Size::product(&ty.shape[1..]),
        _ => Size::default(),
    };
    let sample = if ty.batched { ty.len() } else { Size::default() };
    let (sample, head) = (sample.tokens(), head.tokens());
    quote!(#runtime::attention::Mask { data: #data, sample: #sample, head: #head })
}
