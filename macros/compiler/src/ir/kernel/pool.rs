//! Pooling: the maximum or the mean of each window of an image.

mod gradients;
mod resize;

pub use resize::{Mode, resize};

use super::conv::changed_rate;
use super::external::OutBuffer;
use super::image::{image, pair};
use super::{Call, Derivative, Kernel};
use crate::ir::{Graph, Type, Value};
use crate::size::Size;
use gradients::{AverageGradient, MaxGradient};
use proc_macro2::TokenStream;
use quote::quote;

/// The sizes of a pooling of images `[channels, height, width]`; a signal `[channels, length]` is an
/// image of height 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pool {
    /// The value that is computed of a window.
    pub form: Pooling,
    /// Number of channels.
    pub channels: Size,
    /// Height and width of the input.
    pub size: [Size; 2],
    /// Height and width of the output.
    pub output: [Size; 2],
    /// `true` for a signal, which has no height.
    pub is_signal: bool,
}

/// The value that a pooling computes of a window.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Pooling {
    /// The maximum.
    Max(Windows),
    /// The mean.
    Average {
        /// The windows.
        windows: Windows,
        /// `true` if the padding counts.
        count_padding: bool,
        /// The divisor, if it is not the number of elements.
        divisor: Option<Size>,
    },
    /// The mean of each part of the image, which is divided into as many as the output has.
    Adaptive,
}

/// The windows of a pooling.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Windows {
    /// Height and width.
    pub kernel: [Size; 2],
    /// Distance between two windows.
    pub stride: [Size; 2],
    /// Distance between two elements of a window.
    pub dilation: [Size; 2],
    /// Number of elements before and after each axis.
    pub padding: [[Size; 2]; 2],
    /// `true` if a last window counts that reaches beyond the padding.
    pub ceil: bool,
}

/// The pooling of the first operand; the second is scratch memory.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Pooled {
    pool: Pool,
}

/// Adds the pooling of `x`.
pub fn pool(graph: &mut Graph, pool: Pool, x: Value) -> Value {
    let scratch = pool.scratch(graph);
    graph.kernel(Pooled { pool }, vec![x, scratch])
}

impl Windows {
    /// Returns the tokens of the runtime's builder.
    fn tokens(&self) -> TokenStream {
        let (stride, dilation) = (pair(&self.stride), pair(&self.dilation));
        let [rows, columns] = self.padding.each_ref().map(pair);
        let stride = (self.stride != self.kernel).then(|| quote!(.stride(#stride)));
        let spread = self.dilation.iter().any(|size| *size != Size::one());
        let dilation = spread.then(|| quote!(.dilation(#dilation)));
        let pads = self.padding.iter().flatten().any(|size| *size != Size::default());
        let padding = pads.then(|| quote!(.padding([#rows, #columns])));
        let ceil = self.ceil.then(|| quote!(.ceil(true)));
        quote!(#stride #dilation #padding #ceil)
    }
}

impl Pool {
    /// Adds the scratch buffer of a kernel: a row of the image with its padding, and two of the
    /// output.
    fn scratch(&self, graph: &mut Graph) -> Value {
        let width = match &self.form {
            Pooling::Adaptive => self.size[1].clone(),
            Pooling::Max(windows) | Pooling::Average { windows, .. } => {
                let reach = windows.kernel[1].minus(&Size::one()).times(&windows.dilation[1]);
                self.output[1].times(&windows.stride[1]).plus(&reach).plus(&Size::one())
            }
        };
        let len = width.plus(&Size::from(2).times(&self.output[1]));
        OutBuffer::scratch(graph, Type::shared(vec![len]))
    }

    /// Returns the tokens of the runtime's description.
    fn tokens(&self, call: &Call<'_>) -> TokenStream {
        let (runtime, channels, size) = (call.runtime, self.channels.tokens(), pair(&self.size));
        match &self.form {
            Pooling::Adaptive => {
                let output = pair(&self.output);
                quote!(&#runtime::pool::Adaptive::new(#channels, #size, #output))
            }
            Pooling::Max(windows) => {
                let (kernel, more) = (pair(&windows.kernel), windows.tokens());
                quote!(&#runtime::pool::Pool::new(#channels, #size, #kernel) #more)
            }
            Pooling::Average { windows, count_padding, divisor } => {
                let (kernel, more) = (pair(&windows.kernel), windows.tokens());
                let counted = (!count_padding).then(|| quote!(.count_padding(false)));
                let divisor = divisor.as_ref().map(Size::tokens);
                let divisor = divisor.map(|divisor| quote!(.divisor(#divisor)));
                quote!(&#runtime::pool::Pool::new(#channels, #size, #kernel) #more #counted #divisor)
            }
        }
    }

    /// Returns the shape of images of this size.
    fn image(&self, size: &[Size; 2]) -> Vec<Size> {
        image(&self.channels, size, self.is_signal)
    }

    /// Returns the operations of one sample.
    fn flops(&self) -> Size {
        let window = match &self.form {
            Pooling::Adaptive => return Size::product(&self.image(&self.size)),
            Pooling::Max(windows) | Pooling::Average { windows, .. } => {
                Size::product(&windows.kernel)
            }
        };
        Size::product(&self.image(&self.output)).times(&window)
    }
}

impl Kernel for Pooled {
    fn result(&self, operands: &[&Type]) -> Type {
        Type { shape: self.pool.image(&self.pool.output), ..operands[0].clone() }
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let (pool, x, dy) = (self.pool.clone(), at.operands[0], at.gradient);
        let gradient = match pool.form {
            Pooling::Max(_) => at.graph.kernel(MaxGradient { pool }, vec![x, dy]),
            Pooling::Average { .. } | Pooling::Adaptive => {
                let scratch = pool.scratch(at.graph);
                at.graph.kernel(AverageGradient { pool }, vec![dy, scratch])
            }
        };
        vec![Some(gradient), None]
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        self.pool.flops()
    }

    fn changes_rate(&self, length: &Size) -> Option<String> {
        let (Pooling::Max(windows) | Pooling::Average { windows, .. }) = &self.pool.form else {
            return None;
        };
        let axis = self.pool.size.iter().position(|size| size.mentions(&length.to_string()))?;
        let stride = &windows.stride[axis];
        let moves = format!("takes {stride} steps for one");
        (*stride != Size::one()).then(|| changed_rate(&moves, stride, length))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, .. } = call;
        let (pool, samples) = (self.pool.tokens(call), call.rows(types[0], &Size::one()));
        let function = match self.pool.form {
            Pooling::Max(_) => quote!(max),
            Pooling::Average { .. } => quote!(average),
            Pooling::Adaptive => quote!(adaptive_average),
        };
        let (x, scratch) = (&operands[0], &operands[1]);
        quote!(#runtime::pool::#function(#simd, #pool, #samples, #x, #result, #scratch);)
    }
}
