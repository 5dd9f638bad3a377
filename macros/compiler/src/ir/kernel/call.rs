//! What a kernel's call is made of.

use super::axis::blocks_of;
use crate::ir::Type;
use crate::ir::layout::Layout;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// What a kernel's call is made of.
pub struct Call<'a> {
    /// The path of the runtime's hidden private_path.
    pub runtime: &'a TokenStream,
    /// The scalar's type.
    pub scalar: &'a TokenStream,
    /// The instruction set's value.
    pub simd: &'a TokenStream,
    /// The number of samples in the tile.
    pub samples: &'a TokenStream,
    /// How many rows to compute, where not all at once.
    pub some_rows: Option<&'a TokenStream>,
    /// The description of the tile: batch, position, random key.
    pub tile: &'a TokenStream,
    /// The number of the iteration, within loops.
    pub iteration: Option<Size>,
    /// Operands: slices, or plain scalars for numbers. The first is the result's own slice where
    /// the operation works in place.
    pub operands: Vec<TokenStream>,
    /// Their types.
    pub types: Vec<&'a Type>,
    /// Where their elements are in these slices.
    pub layouts: Vec<Layout>,
    /// Whether each is but a part of its slice.
    pub parts: Vec<bool>,
    /// Where the result goes.
    pub result: TokenStream,
    /// Its type.
    pub ty: &'a Type,
    /// Where its elements are there.
    pub layout: Layout,
    /// Whether it is but a part of that.
    pub is_part: bool,
    /// Whether each operand is where the result has it already.
    pub placed: Vec<bool>,
    /// Whether the result overwrites the first operand.
    pub in_place: bool,
    /// `Store::Set` or `Store::Add`.
    pub store: TokenStream,
}

impl Call<'_> {
    /// How many rows of an operand, along its last axis, are worked on.
    #[must_use]
    pub fn last_rows(&self, ty: &Type) -> TokenStream {
        self.some_rows.cloned().unwrap_or_else(|| self.rows(ty, &ty.leading()))
    }

    /// An operand's slice from its first element on.
    #[must_use]
    pub fn from_start(&self, operand: usize) -> TokenStream {
        let (runtime, slice) = (self.runtime, &self.operands[operand]);
        let start = self.layouts[operand].start();
        if start == Size::default() {
            return slice.clone();
        }
        let start = start.tokens();
        quote!(#runtime::tail(#slice, #start))
    }

    /// The result's slice from its first element on.
    #[must_use]
    pub fn result_from_start(&self) -> TokenStream {
        let (runtime, slice, start) = (self.runtime, &self.result, self.layout.start());
        if start == Size::default() {
            return slice.clone();
        }
        let start = start.tokens();
        quote!(#runtime::tail_mut(#slice, #start))
    }

    /// An operand as a kernel of the runtime takes it that goes along its rows, each of which is what one index of
    /// the axes before `axis` spans.
    #[must_use]
    pub fn rows_of(&self, operand: usize, axis: usize) -> TokenStream {
        if !self.parts[operand] {
            return self.operands[operand].clone();
        }
        let (runtime, (slice, pitch)) = (self.runtime, blocks_of(self, operand, axis));
        let pitch = pitch.tokens();
        quote!(&#runtime::pitched(#slice, #pitch))
    }

    /// The result as such a kernel takes it.
    #[must_use]
    pub fn rows_of_result(&self, axis: usize) -> TokenStream {
        let pitch = self.layout.pitch(axis).filter(|_| self.is_part);
        let Some(pitch) = pitch else { return self.result.clone() };
        let (runtime, slice, pitch) = (self.runtime, self.result_from_start(), pitch.tokens());
        quote!(&mut #runtime::pitched_mut(#slice, #pitch))
    }

    /// `n` times `size`: a number of rows in the tile; `size` where the type is not batched.
    #[must_use]
    pub fn rows(&self, ty: &Type, size: &Size) -> TokenStream {
        let n = self.samples;
        match (ty.batched, size.constant()) {
            (true, Some(1)) => n.clone(),
            (true, _) => {
                let size = size.tokens();
                quote!(#n * #size)
            }
            (false, _) => size.tokens(),
        }
    }
}
