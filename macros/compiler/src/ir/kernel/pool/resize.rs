//! Resizing of images.

use crate::ir::kernel::image::{image, pair};
use crate::ir::kernel::{Call, Derivative, Kernel};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// The way in which an image is resized.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// To the nearest pixel.
    Nearest,
    /// Interpolated between four.
    Bilinear {
        /// `true` if the corners of both images are the same places, `false` if the borders are.
        align_corners: bool,
    },
}

/// The image, the operand, in another size; or the gradient of that, from dy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Resize {
    mode: Mode,
    channels: Size,
    size: [Size; 2],
    output: [Size; 2],
    is_signal: bool,
    /// `true` for the gradient.
    backward: bool,
}

/// Adds `x`, an image or a signal, in another size.
pub fn resize(graph: &mut Graph, x: Value, mode: Mode, output: &[Size]) -> Value {
    let shape = graph.shape(x).to_vec();
    let both = |sizes: &[Size]| match sizes {
        [height, width] => [height.clone(), width.clone()],
        sizes => [Size::one(), sizes.first().cloned().unwrap_or_else(Size::one)],
    };
    let kernel = Resize {
        mode,
        channels: shape.first().cloned().unwrap_or_else(Size::one),
        size: both(&shape[1..]),
        output: both(output),
        is_signal: output.len() == 1,
        backward: false,
    };
    graph.kernel(kernel, vec![x])
}

impl Kernel for Resize {
    fn result(&self, operands: &[&Type]) -> Type {
        let size = if self.backward { &self.size } else { &self.output };
        Type { shape: image(&self.channels, size, self.is_signal), ..operands[0].clone() }
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let gradient = Self { backward: true, ..self.clone() };
        vec![(!self.backward).then(|| at.graph.kernel(gradient, vec![at.gradient]))]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        Size::product(&image(&self.channels, &self.output, self.is_signal))
    }

    fn accumulates(&self) -> bool {
        self.backward
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, store, .. } = call;
        let samples = call.rows(types[0], &Size::one());
        let (channels, size, output) =
            (self.channels.tokens(), pair(&self.size), pair(&self.output));
        let mode = match self.mode {
            Mode::Nearest => quote!(),
            Mode::Bilinear { align_corners } => quote!(.bilinear(#align_corners)),
        };
        let resize = quote!(&#runtime::pool::Resize::to(#channels, #size, #output) #mode);
        let x = &operands[0];
        match self.backward {
            false => quote!(#runtime::pool::resize(#simd, #resize, #samples, #x, #result);),
            true => {
                quote!(#runtime::pool::resize_gradient(#simd, #resize, #samples, #x, #result, #store);)
            }
        }
    }
}
