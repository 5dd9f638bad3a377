//! The result of the checker: the graph of a network, and its interface.

use crate::ast::Element;
use crate::external::External;
use crate::ir::function::{Activation, UserFn};
use crate::ir::kernel::CrossEntropyOptions;
use crate::ir::{Assignment, Graph, Value};
use crate::report::Place;
use crate::size::Size;
use crate::sketch::Mark;
use proc_macro2::TokenStream;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

/// A checked network.
#[derive(Clone, Default)]
pub struct Program {
    /// The operations of the forward pass, including those of the loss and metrics.
    pub graph: Graph,
    /// The run-time sizes, those of inputs first.
    pub lengths: Vec<Length>,
    /// The inputs.
    pub inputs: Vec<Port>,
    /// The outputs, each with its value.
    pub outputs: Vec<(Port, Value)>,
    /// The targets of the loss and of metrics.
    pub targets: Vec<Port>,
    /// The value of the loss, one number per sample, if the network has one.
    pub loss: Option<Value>,
    /// The metrics by name, each with its value, one number per sample.
    pub metrics: Vec<(String, Value)>,
    /// The parameters, states among them.
    pub parameters: Vec<Parameter>,
    /// The last assignment to each state.
    pub assignments: Vec<Assignment>,
    /// The constants of the user's that are used as sizes, once for each use.
    pub constants: Vec<Constant>,
    /// The functions of the user's that it calls.
    pub own: Vec<UserFn>,
    /// The constants in sizes, each with the place of its first use as a size.
    pub named_sizes: Vec<(Size, Place)>,
    /// Conditions on sizes that the macro cannot decide.
    pub requirements: Vec<Requirement>,
    /// The uses of external layers, whose shapes are checked by the compiler of the generated code.
    pub external_uses: Vec<ExternalUse>,
    /// Pairs of parameters whose names may be equal.
    pub name_clashes: Vec<NameClash>,
    /// The rows of the summary.
    pub rows: Vec<Row>,
    /// The values that `let` and assignments name, with the full name.
    pub named: Vec<(String, Value)>,
    /// The layers and operations as they were written, without those of metrics.
    pub sketch: Vec<Mark>,
    /// The network as formulas.
    pub formulas: String,
    /// The normalisation of each cross entropy over the batch.
    pub normalisers: Vec<Normaliser>,
    /// The source lines of the statements, to which nodes refer by index.
    pub lines: Vec<String>,
    /// The places in the source of values.
    pub places: HashMap<Value, Place>,
}

/// A run-time size with its bound: `dyn T <= 256`.
#[derive(Clone)]
pub struct Length {
    /// The name, `T`.
    pub name: String,
    /// The upper bound, `256`, if it has one.
    pub bound: Option<Size>,
    /// `true` if it occurs in no input, so that only the targets determine it.
    pub of_targets: bool,
}

/// An input, an output or a target.
#[derive(Clone)]
pub struct Port {
    /// The name.
    pub name: String,
    /// The type of its elements.
    pub element: Element,
    /// The shape of one sample.
    pub shape: Vec<Size>,
    /// The valid class indices, if it holds indices.
    pub classes: Option<Classes>,
}

/// The valid values of class indices.
#[derive(Clone)]
pub struct Classes {
    /// The number of classes: valid indices are smaller.
    pub count: Size,
    /// The index that is ignored, which is valid too.
    pub ignored: Ignored,
    /// `true` if the indices are lengths of sequences, which are at most `count - 1`.
    pub are_lengths: bool,
}

impl Classes {
    /// Returns the classes below `count`.
    #[must_use]
    pub fn below(count: Size, ignored: Ignored) -> Self {
        Self { count, ignored, are_lengths: false }
    }

    /// Returns lengths of sequences of at most so many steps.
    #[must_use]
    pub fn lengths(steps: &Size) -> Self {
        let count = steps.plus(&Size::one());
        Self { count, ignored: Ignored::Nothing, are_lengths: true }
    }
}

/// The class index of elements that do not count towards a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// There is none.
    Nothing,
    /// -100, the default of `PyTorch`.
    Usual,
    /// This index.
    Index(u32),
}

/// A parameter.
#[derive(Clone)]
pub struct Parameter {
    /// The name in files.
    pub name: String,
    /// The shape in files.
    pub shape: Vec<Size>,
    /// `true` if its two axes are swapped in memory.
    pub transposed: bool,
    /// `true` if it is a bias.
    pub is_bias: bool,
    /// The initial value: a variant of the runtime's `Init` with its fields.
    pub init: TokenStream,
    /// The row that begins as zeros, if any.
    pub zero_row: Option<Size>,
    /// `true` if training does not change it.
    pub frozen: bool,
    /// The kind of a state's elements, if the network assigns it instead of learning it.
    pub state: Option<StateKind>,
    /// The numbers of iterations of the loops in which each iteration has its own copy, from the
    /// outermost in.
    pub iterations: Vec<Size>,
    /// The external layer whose parameters these are, if any; it knows their names and shapes.
    pub layer: Option<External>,
    /// The place of the layer that it belongs to.
    pub place: Place,
    /// The place that determines its name.
    pub named: Place,
    /// The leaf of the graph.
    pub value: Value,
}

/// The kind of numbers that a state holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// Real numbers.
    Real,
    /// Whole numbers, which files hold as integers.
    Integer,
}

/// A use of a constant of the user's as a size.
#[derive(Clone)]
pub struct Constant {
    /// The name in generated code.
    pub name: String,
    /// The path, on the user's tokens.
    pub path: TokenStream,
    /// The place of the use.
    pub place: Place,
}

/// A condition on sizes that the macro cannot decide. It becomes a `const` assertion, or a check at
/// run time if a run-time size is in it.
#[derive(Clone)]
pub struct Requirement {
    /// The left side.
    pub left: Size,
    /// The relation that has to hold.
    pub relation: Relation,
    /// The right side.
    pub right: Size,
    /// The error message if it does not hold.
    pub message: String,
    /// The place of the error.
    pub place: Place,
}

impl Requirement {
    /// Returns true if it is the condition `left relation right`.
    #[must_use]
    pub fn is(&self, left: &Size, relation: Relation, right: &Size) -> bool {
        self.relation == relation && self.left == *left && self.right == *right
    }
}

/// A use of an external layer: the shapes that it is given and is expected to return.
#[derive(Clone)]
pub struct ExternalUse {
    /// The layer.
    pub layer: External,
    /// The layer as written.
    pub text: String,
    /// The inputs as written.
    pub given: Vec<String>,
    /// The shapes of the inputs.
    pub inputs: Vec<Vec<Size>>,
    /// The expected shapes of the outputs; `None` for a size that was taken from the layer itself.
    pub outputs: Vec<Vec<Option<Size>>>,
    /// The place of the use.
    pub place: Place,
}

/// Two parameters whose names the macro cannot prove different: a `const` assertion compares them.
#[derive(Clone)]
pub struct NameClash {
    /// The indices of the parameters.
    pub parameters: [usize; 2],
    /// The place that determines the second one's name.
    pub place: Place,
}

/// A relation between two sizes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `==`
    Equal,
    /// `<=`
    AtMost,
}

/// A row of the summary.
#[derive(Clone)]
pub struct Row {
    /// The name of the layer; may be empty.
    pub name: String,
    /// The layer as written, with the values of sizes: `Linear(64)`.
    pub layer: Vec<Label>,
    /// The shape of its output.
    pub shape: Vec<Size>,
    /// The number of parameters; 0 after the first use, as parameters are counted once.
    pub parameters: Size,
    /// The number of operations for one sample.
    pub flops: Size,
    /// The nesting depth: the number of networks within this one that it is in.
    pub depth: usize,
    /// Its output, if it has one.
    pub result: Option<Value>,
    /// The values that it consists of, and perhaps those of rows inside of it.
    pub values: Range<usize>,
}

/// A piece of the text for a layer in the summary.
#[derive(Clone)]
pub enum Label {
    /// Text as written.
    Text(String),
    /// A size, of which the value is printed.
    Size(Size),
    /// An activation, of which the name is printed.
    Activation(Activation),
}

/// Writes the label as it was written in the source.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Size(size) => size.fmt(f),
            Self::Activation(activation) => f.write_str(&activation.text),
        }
    }
}

/// The divisor of the mean of a cross entropy over a batch.
#[derive(Clone)]
pub struct Normaliser {
    /// The index of the target.
    pub target: usize,
    /// The class weights and the ignored index.
    pub options: CrossEntropyOptions,
}
