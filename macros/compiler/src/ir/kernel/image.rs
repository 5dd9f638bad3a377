//! Shapes of images `[channels, height, width]`, of which a signal `[channels, length]` is one of
//! height 1.

use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// Returns the shape of an image, or of a signal, which has no height.
pub fn image(channels: &Size, size: &[Size; 2], is_signal: bool) -> Vec<Size> {
    let axes = size.iter().skip(usize::from(is_signal));
    std::iter::once(channels).chain(axes).cloned().collect()
}

/// Returns two sizes as an array.
pub fn pair([height, width]: &[Size; 2]) -> TokenStream {
    let (height, width) = (height.tokens(), width.tokens());
    quote!([#height, #width])
}
