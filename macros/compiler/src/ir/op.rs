//! The operations of nodes.

use super::float::Float;
use super::function::{Effort, Function};
use super::kernel::{Kernel, Slice};
use super::loops::Region;
use crate::size::Size;
use proc_macro2::TokenStream;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The operation of a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A value that exists before the graph runs.
    Leaf(Leaf),
    /// A function that is applied to every element, with operands broadcast. Loops are fused from
    /// these.
    Scalar(Function),
    /// The same memory under another shape.
    View,
    /// A part of the operand's memory, read in place.
    Window(Slice),
    /// An operation that has a kernel in the runtime.
    Kernel(Rc<dyn Kernel>),
    /// A loop-carried value at the beginning of an iteration; the operand is its initial value.
    Carried(Region),
    /// A loop-carried value after the last iteration.
    Final,
    /// The operand's values in all iterations of a loop, along a new first axis.
    Collect(Region),
    /// The operand's values in all iterations of the loops that have ended, read where they were
    /// kept: iteration after iteration, each with all samples. They are the rows of a sum over all
    /// iterations.
    Stack,
}

impl Op {
    /// Returns true if the operation takes many instructions for each element.
    #[must_use]
    pub fn takes_long(&self) -> bool {
        matches!(self, Self::Scalar(function) if function.effort() == Effort::High)
    }

    /// Returns true if computing the operation takes longer than reading its result.
    #[must_use]
    pub fn is_costly(&self) -> bool {
        !matches!(self, Self::Scalar(function) if function.effort() == Effort::Low)
    }

    /// Returns true if the result is constant or piecewise constant in every operand, so that no
    /// gradient passes.
    #[must_use]
    pub fn is_flat(&self) -> bool {
        match self {
            Self::Scalar(function) => function.is_flat(),
            Self::Kernel(kernel) => kernel.is_flat(),
            Self::Leaf(_)
            | Self::View
            | Self::Window(_)
            | Self::Carried(_)
            | Self::Final
            | Self::Collect(_)
            | Self::Stack => false,
        }
    }
}

impl Op {
    /// Returns the loop whose values the operation collects, if it does.
    #[must_use]
    pub fn collects(&self) -> Option<Region> {
        match *self {
            Self::Collect(region) => Some(region),
            _ => None,
        }
    }
}

/// A value that exists before a graph runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Leaf {
    /// An input of the network.
    Input(usize),
    /// A target of the loss.
    Target(usize),
    /// The gradient of an output, given by the caller if the network is a layer of another.
    OutputGradient(usize),
    /// A parameter.
    Parameter(usize),
    /// A value that a stream keeps from step to step.
    State(usize),
    /// A number that is known when the macro runs.
    Number(Float),
    /// A size as a number that is not known when the macro runs.
    Count(Size),
    /// A user constant.
    Constant(Constant),
    /// One over the number of samples in the batch.
    BatchMean,
    /// The number of samples in the batch, which are all processed together.
    Samples,
    /// 1 while the network is trained, 0 otherwise. The graph of each pass has the number instead.
    Training,
    /// The factor of a target's cross entropy by which the mean over the batch counts only targets
    /// that are not ignored, by their weights.
    Normaliser(usize),
}

/// The path of a constant, as the user wrote it.
#[derive(Clone)]
pub struct Constant {
    /// The path.
    pub path: TokenStream,
    /// The path as text, by which constants are compared.
    pub text: Rc<str>,
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Constant {}

impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
