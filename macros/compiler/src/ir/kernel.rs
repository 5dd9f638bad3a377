//! Operations with a kernel in the runtime: one file each, with the shape rule, the derivative and
//! the call that generated code makes.

mod accuracy;
mod attention;
mod axis;
mod batch_mean;
mod cache_write;
mod call;
mod constant;
mod contract;
mod conv;
mod cross_entropy;
mod cumsum;
mod delay;
mod dense;
mod dropout;
mod external;
mod fold;
mod gather;
mod identity;
mod image;
mod logsumexp;
mod min_max;
mod movement;
mod norm;
mod pool;
mod softmax;
mod sum;
mod to_real;
mod triangle;

pub use accuracy::Accuracy;
pub use attention::{Attention, attend};
pub use batch_mean::{BatchMean, batch_mean};
pub use cache_write::CacheWrite;
pub use call::Call;
pub use constant::{Constant, Range};
pub use contract::{Contract, contract};
pub use conv::{Conv, convolve};
pub use cross_entropy::{
    Head, OfLogits, Operands, Options as CrossEntropyOptions, Together, cross_entropy,
    fused_weight, linear_cross_entropy,
};
pub use cumsum::Cumsum;
pub use delay::{Delayed, Ring, Taps};
pub use dense::{Dense, sums_rows};
pub use dropout::Dropout;
pub use external::{Applied, OutBuffer, external, is_awaited};
pub use fold::{Fold, Reduction};
pub use gather::{Gather, OneHot};
pub use identity::Identity;
pub use logsumexp::LogSumExp;
pub use min_max::{MinMax, Position, Side, Ties};
pub use movement::{
    Concat, ConcatLayout, Movement, Pad, Slice, StridedSlice, permute, sum_of_parts,
};
pub use norm::Norm;
pub use pool::{Mode, Pool, Pooling, Windows, pool, resize};
pub use softmax::{LogSoftmax, Softmax};
pub use sum::{is_sum, sum_to};
pub use to_real::ToReal;
pub use triangle::Triangle;

use super::layout::Layout;
use super::{Graph, Type, Value};
use crate::ir::step::{Refusal, Stepped, StreamStep};
use crate::size::Size;
use proc_macro2::TokenStream;
use std::any::Any;
use std::fmt::Debug;
use std::rc::Rc;

/// An operation with a kernel of its own.
pub trait Kernel: Any + Debug + Identity {
    /// Returns the type of the result.
    fn result(&self, operands: &[&Type]) -> Type;

    /// Adds the gradients of the `wanted` operands, given the gradient of the result. Gradients of
    /// parameters are summed over the batch.
    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>>;

    /// Returns the floating point operations for one sample.
    fn flops(&self, operands: &[&Type], result: &Type) -> Size;

    /// Returns true if the result may be written over the first operand.
    fn in_place(&self) -> bool {
        false
    }

    /// Returns the unit in which a product can be computed piece by piece, if it can.
    fn piece(&self) -> Option<Piece> {
        None
    }

    /// Returns true if the kernel can add its result to the content of its destination.
    fn accumulates(&self) -> bool {
        false
    }

    /// Returns the reduction of each row, if the kernel reduces the operand's last axes and does
    /// nothing else.
    fn reduction(&self, _operand: &Type) -> Option<Reduction> {
        None
    }

    /// Returns true if the result is constant or piecewise constant in every operand, so that no
    /// gradient passes.
    fn is_flat(&self) -> bool {
        false
    }

    /// Returns true if the derivative accepts a gradient that is still to be broadcast to the
    /// result.
    fn takes_small_gradients(&self) -> bool {
        false
    }

    /// Returns the movement of elements that the kernel is, if it does nothing else.
    fn movement(&self, _operands: &[&Type]) -> Option<Movement<'_>> {
        None
    }

    /// Returns the operation that replaces the kernel when the network is not trained.
    fn in_eval(&self) -> InEval {
        InEval::Same
    }

    /// Returns true if the kernel can read an operand that has this layout in the memory of another
    /// value. Kernels that use [`Call::rows_of`] can if the layout has a [pitch](Layout::pitch).
    fn reads(&self, _operand: usize, _layout: &Layout) -> bool {
        false
    }

    /// Returns true if the kernel can write its result with this layout into the memory of another
    /// value; see [`Call::rows_of_result`].
    fn writes(&self, _layout: &Layout) -> bool {
        false
    }

    /// Returns an exclusive upper bound of all elements of the result, if they are whole numbers
    /// from 0 on, given the bounds of the operands.
    fn below(&self, _operands: &[&Type], _below: &[Option<Size>]) -> Option<Size> {
        None
    }

    /// Builds the operation of the streaming form, which computes one step at a time.
    ///
    /// # Errors
    /// If the operation needs later steps.
    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        step.unchanged()
    }

    /// Returns the reason why the result has another number of elements along the streamed axis than
    /// the operand, if the kernel knows a better one than the numbers.
    fn changes_rate(&self, _length: &Size) -> Option<String> {
        None
    }

    /// Returns the statement that computes the result.
    fn call(&self, call: &Call<'_>) -> TokenStream;
}

/// The operation that replaces a kernel when the network is not trained.
pub enum InEval {
    /// The kernel itself.
    Same,
    /// None: the result is the first operand, as that of a dropout is.
    Identity,
    /// Another kernel with the same operands.
    Other(Rc<dyn Kernel>),
}

/// The unit in which a result can be computed piece by piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A row, along the last axis: needs the same row of the first operand and all of the others.
    Row,
    /// A sample: needs the same sample of the batched operands and all of the others.
    Sample,
}

/// The context in which a derivative is built.
pub struct Derivative<'a> {
    /// The graph, for the operations of the backward pass.
    pub graph: &'a mut Graph,
    /// The operands of the operation.
    pub operands: &'a [Value],
    /// The result of the operation.
    pub result: Value,
    /// The gradient of the result.
    pub gradient: Value,
    /// For each operand, `true` if its gradient is needed.
    pub wanted: &'a [bool],
}

impl dyn StreamStep + '_ {
    /// Adds a kernel to the step.
    pub fn kernel(&mut self, kernel: impl Kernel, operands: Vec<Value>) -> Stepped {
        self.graph().kernel(kernel, operands).into()
    }
}
