//! The passes that take all samples of a batch together.

use super::buffers::bind_lengths;
use crate::graphs::whole_batch as fewest_of;
use crate::pass::{Pass, Passes};
use crate::program::Program;
use crate::size::{Size, without_parentheses};
use proc_macro2::TokenStream;
use quote::quote;

/// Returns the body of the function that tells for each pass the fewest samples of a batch that it
/// takes as a whole, or `None` if every pass can process each sample by itself.
pub fn whole_batch(
    runtime: &TokenStream,
    program: &Program,
    passes: &Passes,
) -> Option<TokenStream> {
    let pass = |name: TokenStream, pass: Option<&Pass>| {
        let pass = pass?;
        let fewest = fewest_of(&pass.graph, &pass.roots)?;
        let fewest = at_least(runtime, &fewest);
        Some(quote!(#runtime::Mode::#name => #runtime::Some(#fewest),))
    };
    let arms: Vec<TokenStream> = [
        pass(quote!(Infer), Some(&passes.infer)),
        pass(quote!(Evaluate), passes.evaluate.as_ref()),
        pass(quote!(Measure), passes.measure.as_ref()),
        pass(quote!(Train), passes.train.as_ref()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if arms.is_empty() {
        return None;
    }
    let others = (arms.len() < 4).then(|| quote!(_ => #runtime::None,));
    let arms = quote!(#(#arms)* #others);
    let lets = bind_lengths(program, &arms, &quote!(lengths));
    Some(quote!(#lets match pass { #arms }))
}

/// Returns the largest of several sizes, and 1.
fn at_least(runtime: &TokenStream, sizes: &[Size]) -> TokenStream {
    let sizes: Vec<TokenStream> =
        sizes.iter().map(|size| without_parentheses(size.saturating_tokens())).collect();
    match &sizes[..] {
        [] => quote!(1),
        sizes => quote!(#runtime::slot_len(&[1, #(#sizes),*])),
    }
}
