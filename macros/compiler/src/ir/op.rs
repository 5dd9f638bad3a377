//! What nodes compute.

use super::function::Function;
use super::kernel::{Kernel, Slice};
use super::loops::Region;
use crate::size::Size;
use proc_macro2::TokenStream;
use std::fmt;
use std::rc::Rc;

/// What a node computes.
#[derive(Clone, Debug)]
pub enum Op {
    /// A value that exists before the graph runs.
    Leaf(Leaf),
    /// The same function of every element, with operands broadcast: what loops are fused from.
    Scalar(Function),
    /// The same memory under another shape.
    View,
    /// A part of the operand's memory, read where it is.
    Window(Slice),
    /// Anything that has a kernel in the runtime.
    Kernel(Rc<dyn Kernel>),
    /// What is carried from iteration to iteration of a loop, at the beginning of an iteration; the operand is what it
    /// begins with.
    Carried(Region),
    /// What a carried value is after the last iteration.
    Final,
    /// The operand's values in all iterations of a loop, along a new first axis.
    Collect(Region),
    /// The operand's values in all iterations of the loops that end before this, one iteration after the
    /// other for all samples: the rows of a sum over all of them, where they were kept.
    Stack,
}

impl Op {
    /// Whether it takes many instructions for each element, see [`Function::takes_long`].
    #[must_use]
    pub fn takes_long(&self) -> bool {
        matches!(self, Self::Scalar(function) if function.takes_long())
    }

    /// Whether the result does not change with its operands, or only in jumps, so that no gradient
    /// passes.
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
    /// The loop whose iterations' values it puts together, if it does.
    #[must_use]
    pub fn collects(&self) -> Option<Region> {
        match *self {
            Self::Collect(region) => Some(region),
            _ => None,
        }
    }
}

/// What exists before a graph runs.
#[derive(Clone, Debug)]
pub enum Leaf {
    /// An input of the network.
    Input(usize),
    /// A target of the loss.
    Target(usize),
    /// The gradient of an output, which is given where the network is a layer of another.
    OutputGradient(usize),
    /// A parameter.
    Parameter(usize),
    /// What a stream keeps from step to step.
    State(usize),
    /// A number that is known now.
    Number(f64),
    /// A number that is known once the const parameters are.
    Count(Size),
    /// A constant of the user's.
    Constant(Constant),
    /// One over the number of samples in the batch.
    BatchMean,
    /// What the cross entropy of a target is multiplied by, so that the mean over the batch
    /// counts only what is not ignored, by its weight.
    Normaliser(usize),
}

/// The path of a constant, as the user wrote it.
#[derive(Clone)]
pub struct Constant {
    /// The path.
    pub path: TokenStream,
    /// The same as text, which tells one from another.
    pub text: Rc<str>,
}

impl fmt::Debug for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
