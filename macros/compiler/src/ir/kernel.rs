//! Operations with a kernel in the runtime: one file each, with the shape rule, the derivative
//! and the call that generated code makes.

mod accuracy;
mod axis;
mod cache_write;
mod call;
mod concat;
mod concat_layout;
mod constant;
mod contract;
mod cross_entropy;
mod cumsum;
mod dense;
mod dropout;
mod external;
mod fold;
mod gather;
mod logsumexp;
mod min_max;
mod norm;
mod pad;
mod permute;
mod slice;
mod slice_grad;
mod softmax;
mod strided_slice;
mod sum;
mod triangle;

pub use accuracy::Accuracy;
pub use cache_write::CacheWrite;
pub use call::Call;
pub use concat::Concat;
pub use concat_layout::ConcatLayout;
pub use constant::{Constant, Range};
pub use contract::contract;
pub use cross_entropy::{Options as CrossEntropyOptions, cross_entropy};
pub use cumsum::Cumsum;
pub use dense::Dense;
pub use dropout::Dropout;
pub use external::{Applied, external};
pub use fold::{Fold, Reduction};
pub use gather::{Gather, OneHot};
pub use logsumexp::LogSumExp;
pub use min_max::{MinMax, Position, Side, Ties};
pub use norm::Norm;
pub use pad::Pad;
pub use permute::permute;
pub use slice::Slice;
pub use slice_grad::{SliceGrad, sum_of_parts};
pub use softmax::{LogSoftmax, Softmax};
pub use strided_slice::StridedSlice;
pub use sum::sum_to;
pub use triangle::Triangle;

use super::layout::Layout;
use super::{Graph, Type, Value};
use crate::external::External;
use crate::size::Size;
use crate::stream::{Refusal, Step, Stepped};
use proc_macro2::TokenStream;
use std::fmt::Debug;
use std::rc::Rc;

/// An operation with a kernel of its own. Its `Debug` text tells it from others: two nodes with
/// the same text and the same operands compute the same.
pub trait Kernel: Debug {
    /// The type of the result.
    fn result(&self, operands: &[&Type]) -> Type;

    /// The gradient of every operand that is `wanted`, from the result's gradient. Parameters'
    /// gradients are summed over the batch.
    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>>;

    /// Floating point operations for one sample.
    fn flops(&self, operands: &[&Type], result: &Type) -> Size;

    /// Whether the result may be written over the first operand.
    fn in_place(&self) -> bool {
        false
    }

    /// What of a product can be computed before the rest.
    fn piece(&self) -> Option<Piece> {
        None
    }

    /// Whether the result can be added to what is there.
    fn accumulates(&self) -> bool {
        false
    }

    /// Whether it does nothing but add elements of its operand.
    fn is_sum(&self) -> bool {
        false
    }

    /// What is made of each row, if the operation reduces the operand's last axes and nothing else.
    fn reduction(&self, _operand: &Type) -> Option<Reduction> {
        None
    }

    /// Whether the result is a sum over all rows of its operands, in whatever order.
    fn sums_rows(&self) -> bool {
        false
    }

    /// Whether an operand is not read, and only has to be computed before.
    fn awaits(&self, _operand: usize) -> bool {
        false
    }

    /// The operands in zeros, if that is all it is.
    fn embed(&self) -> Option<&SliceGrad> {
        None
    }

    /// Whether the result does not change with any operand, or only in jumps: no gradient passes.
    fn is_flat(&self) -> bool {
        false
    }

    /// Whether its derivative takes a gradient that is still to be broadcast to the result.
    fn takes_small_gradients(&self) -> bool {
        false
    }

    /// What it becomes when the network is not trained: the operand itself for a dropout.
    fn is_identity_outside_training(&self) -> bool {
        false
    }

    /// What it becomes when the network is not trained, if that is another kernel.
    fn outside_training(&self) -> Option<Rc<dyn Kernel>> {
        None
    }

    /// The layer from elsewhere that it applies to one step of a stream.
    fn stepwise(&self) -> Option<&External> {
        None
    }

    /// The order in which it takes the axes of its operand, if that is all it does.
    fn permutation(&self) -> Option<&[usize]> {
        None
    }

    /// The kernel that gives the result with its axes in this order, if there is one.
    fn with_permuted_result(&self, _axes: &[usize]) -> Option<Rc<dyn Kernel>> {
        None
    }

    /// The range of its operand that it is, if that is all.
    fn slice(&self) -> Option<&Slice> {
        None
    }

    /// Whether it can read an operand that is laid out so, and not by itself: where it asks for
    /// [`Call::rows_of`], what has a [pitch](Layout::pitch).
    fn reads(&self, _operand: usize, _layout: &Layout) -> bool {
        false
    }

    /// Whether it can write its result so, and not by itself; see [`Call::rows_of_result`].
    fn writes(&self, _layout: &Layout) -> bool {
        false
    }

    /// Where the operands are in the result, if that is all.
    fn joined(&self, _operands: &[&Type]) -> Option<ConcatLayout> {
        None
    }

    /// What all elements of the result are less than, where they are whole numbers from 0 on, given
    /// the same of the operands.
    fn below(&self, _operands: &[&Type], _below: &[Option<Size>]) -> Option<Size> {
        None
    }

    /// The state of a stream that the result is, if it is one.
    fn state(&self) -> Option<usize> {
        None
    }

    /// The operation in the streaming form, one step at a time.
    ///
    /// # Errors
    /// Where it looks ahead.
    fn step(&self, step: &mut Step<'_, '_>) -> Result<Stepped, Refusal> {
        step.unchanged()
    }

    /// The statement that computes it.
    fn call(&self, call: &Call<'_>) -> TokenStream;
}

/// What of a result can be computed before the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A row, along the last axis: it takes that row of the first operand and all of the others.
    Row,
    /// A sample: it takes that sample of what has samples, and all of the others.
    Sample,
}

/// Where a derivative is taken.
pub struct Derivative<'a> {
    /// The graph, for the operations of the backward pass.
    pub graph: &'a mut Graph,
    /// What the operation was applied to.
    pub operands: &'a [Value],
    /// What it gave.
    pub result: Value,
    /// The gradient of that.
    pub gradient: Value,
    /// Which operands' gradients are needed.
    pub wanted: &'a [bool],
}
