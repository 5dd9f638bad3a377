//! The parts of a call of a kernel.

use super::axis::blocks_of;
use crate::ir::Type;
use crate::ir::layout::Layout;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// The parts of a call of a kernel.
pub struct Call<'a> {
    /// The path of the runtime's hidden module.
    pub runtime: &'a TokenStream,
    /// The scalar type.
    pub scalar: &'a TokenStream,
    /// The token of the instruction set's value.
    pub simd: &'a TokenStream,
    /// Number of samples in the tile.
    pub samples: &'a TokenStream,
    /// Number of rows to compute, if not all at once.
    pub some_rows: Option<&'a TokenStream>,
    /// The description of the tile: batch, position, random key.
    pub tile: &'a TokenStream,
    /// The iteration number, within loops.
    pub iteration: Option<Size>,
    /// The operands: slices, or plain scalars for numbers. The first is the result's own slice if
    /// the operation works in place.
    pub operands: Vec<TokenStream>,
    /// The types of the operands.
    pub types: Vec<&'a Type>,
    /// The layouts of the operands in these slices.
    pub layouts: Vec<Layout>,
    /// For each operand, `true` if it is only a part of its slice.
    pub parts: Vec<bool>,
    /// The slice of the result.
    pub result: TokenStream,
    /// The type of the result.
    pub ty: &'a Type,
    /// The layout of the result in its slice.
    pub layout: Layout,
    /// `true` if the result is only a part of its slice.
    pub is_part: bool,
    /// For each operand, `true` if it already is at its place in the result.
    pub placed: Vec<bool>,
    /// `true` if the result overwrites the first operand.
    pub in_place: bool,
    /// `Store::Set` or `Store::Add`.
    pub store: TokenStream,
}

impl Call<'_> {
    /// Returns the tokens of an option.
    #[must_use]
    pub fn optional(&self, given: Option<impl ToTokens>) -> TokenStream {
        let runtime = self.runtime;
        given.map_or_else(|| quote!(#runtime::None), |given| quote!(#runtime::Some(#given)))
    }

    /// Returns the number of rows of an operand, along its last axis, that are computed.
    #[must_use]
    pub fn last_rows(&self, ty: &Type) -> TokenStream {
        self.some_rows.cloned().unwrap_or_else(|| self.rows(ty, &ty.leading()))
    }

    /// Returns an operand's slice from its first element on.
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

    /// Returns the result's slice from its first element on.
    #[must_use]
    pub fn result_from_start(&self) -> TokenStream {
        let (runtime, slice, start) = (self.runtime, &self.result, self.layout.start());
        if start == Size::default() {
            return slice.clone();
        }
        let start = start.tokens();
        quote!(#runtime::tail_mut(#slice, #start))
    }

    /// Returns an operand for a runtime kernel that goes through its rows, each of which is spanned
    /// by one index of the axes before `axis`. A part of a slice is passed with its pitch.
    #[must_use]
    pub fn rows_of(&self, operand: usize, axis: usize) -> TokenStream {
        if !self.parts[operand] {
            return self.operands[operand].clone();
        }
        let (runtime, (slice, pitch)) = (self.runtime, blocks_of(self, operand, axis));
        let pitch = pitch.tokens();
        quote!(&#runtime::pitched(#slice, #pitch))
    }

    /// Returns the result for such a kernel.
    #[must_use]
    pub fn rows_of_result(&self, axis: usize) -> TokenStream {
        let pitch = self.layout.pitch(axis).filter(|_| self.is_part);
        let Some(pitch) = pitch else { return self.result.clone() };
        let (runtime, slice, pitch) = (self.runtime, self.result_from_start(), pitch.tokens());
        quote!(&mut #runtime::pitched_mut(#slice, #pitch))
    }

    /// Returns the number of rows in the tile: `size` times the samples, or `size` if the type is
    /// not batched.
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
