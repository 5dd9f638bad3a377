//! The trait of every compiled network.

use super::feed::Inputs;
use super::memory::Mode;
use super::slot::{Slot, workspace_len};
use super::{
    Cost, Differentiable, Gradients, Inspect, InspectTraining, Measures, Outputs, State, Stream,
    Streamable, Tile, Trainable, VectorJacobian, Workspace, input_gradients, inspect, train,
};
use crate::error::Result;
use crate::graph::Drawing;
use crate::inspect::{Anomaly, Inspection};
use crate::layout::{self, Parameter};
use crate::optimizer::Optimizer;
use crate::parameters::{Parameters, ParametersMut};
use crate::scalar::Scalar;
use crate::simd::Simd;
use crate::source::{Extent, Feed, Length, Lengths, Port, Requirement, Steps, Views};
use crate::summary::{Row, Summary};
use std::path::Path;

/// A compiled network. It is implemented by `network!`.
///
/// A network with a `loss` is [`Trainable`] as well. In addition to these methods, the type has the
/// constants `PARAMS`, `FLOPS`, `WORKSPACE`, `TRAIN_WORKSPACE` and `LAYOUT`, and the functions
/// `init(seed)`, `load(path)`, `load_with(path, &weights)` (see [`Weights`](crate::Weights)) and
/// `summary()`.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Scores(x: [3]) -> [2] { x >> Linear(4) >> Relu >> Linear(2) }
/// }
///
/// let mut net = Scores::init(1);
/// let x = Tensor::from([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
/// let y = net.forward(&x)?;
/// assert_eq!(y.shape(), [2, 2]);
///
/// // the same without allocation
/// let mut workspace = net.workspace(2);
/// assert_eq!(net.forward_into(&x, &mut workspace)?, y.as_slice());
///
/// // parameters by name
/// assert_eq!(net.parameters().get("linear0.weight")?.shape(), [4, 3]);
/// net.parameters_mut().get("linear1.bias")?.as_mut_slice().fill(1.0);
///
/// // in double precision
/// let exact = net.cast::<f64>().forward(&[0.1, 0.2, 0.3])?;
/// assert_eq!(exact.shape(), [1, 2]);
/// const { assert!(Scores::PARAMS == 26) };
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a network",
    note = "networks are declared with `network!`"
)]
pub trait Network: Sized + Send + Sync {
    /// The scalar type of parameters, values and gradients.
    type Scalar: Scalar;
    /// The views of the inputs, one slice each.
    type Inputs<'a>: Views + for<'r> Steps<'r, Of = Self::Inputs<'r>>;
    /// The output: a tensor, or a tuple of tensors.
    type Output: Outputs<Self::Scalar>;
    /// The same network with another scalar type.
    type Cast<U: Scalar>: Network<Scalar = U>;

    /// The name of the network's type.
    const NAME: &'static str;
    /// The parameters, in the order of the parameter buffer.
    const LAYOUT: &'static [Parameter];
    /// The names and shapes of the inputs.
    const INPUTS: &'static [Port];
    /// The names and shapes of the outputs.
    const OUTPUTS: &'static [Port];
    /// The layers, as rows of the summary.
    const ROWS: &'static [Row];
    /// The run-time sizes (`dyn T`), in the order of their declaration.
    const LENGTHS: &'static [Length] = &[];
    /// Number of floating point operations of the forward pass of one sample; a multiplication and an
    /// addition count as two. Run-time sizes are taken at their bounds, or as 1 if they have none;
    /// [`cost`](Self::cost) takes other sizes.
    const FLOPS: usize;
    /// [`FLOPS`](Self::FLOPS), also of sizes that do not fit.
    #[doc(hidden)]
    const OPERATIONS: usize = Self::FLOPS;
    /// Number of learned scalars.
    const PARAMS: usize = layout::count(Self::LAYOUT);
    /// Number of scalars of scratch memory for one sample in the forward pass, without inputs and outputs,
    /// for the same run-time sizes as [`FLOPS`](Self::FLOPS).
    const WORKSPACE: usize = workspace_len(Self::SLOTS);

    /// Number of scalars of scratch memory for one sample in a training step; 0 without a loss.
    #[doc(hidden)]
    const TRAINING_SCALARS: usize;
    /// The weights whose products are computed together with a cross entropy, without storing the logits.
    #[doc(hidden)]
    const FUSED_HEADS: &'static [&'static str] = &[];
    /// The description that [`Graph::of`](crate::Graph::of) draws.
    #[doc(hidden)]
    const DRAWING: Drawing = Drawing { text: "", sizes: &[] };
    /// The text that [`Formulas::of`](crate::Formulas::of) reads.
    #[doc(hidden)]
    const FORMULAS: &'static str = "";
    #[doc(hidden)]
    const INPUT_LENS: &'static [usize];
    /// The conditions on the run-time sizes of the inputs.
    #[doc(hidden)]
    const REQUIREMENTS: &'static [Requirement] = &[];
    /// The additional conditions on the run-time sizes of the targets.
    #[doc(hidden)]
    const TARGET_REQUIREMENTS: &'static [Requirement] = &[];
    /// The shapes of [`ROWS`](Self::ROWS) if the network has run-time sizes.
    #[doc(hidden)]
    const ROW_EXTENTS: &'static [&'static [Extent]] = &[];
    /// Number of scalars of each slot of the arena for one sample, with run-time sizes at their bounds.
    #[doc(hidden)]
    const SLOTS: &'static [Slot];

    /// Returns [`SLOTS`](Self::SLOTS) for the given run-time sizes.
    #[doc(hidden)]
    fn slots(_: &[usize]) -> impl AsRef<[Slot]> {
        Self::SLOTS
    }

    /// Returns [`FLOPS`](Self::FLOPS) for the given run-time sizes.
    #[doc(hidden)]
    fn flops(_: &[usize]) -> usize {
        Self::OPERATIONS
    }
    /// Returns the fewest samples of a batch for a pass that takes all samples together, as batch statistics
    /// do; `None` if the pass processes each sample by itself.
    #[doc(hidden)]
    fn whole_batch(_: Mode, _: &[usize]) -> Option<usize> {
        None
    }
    /// Returns the number of scalars of a training step for the given run-time sizes; 0 without a loss.
    #[doc(hidden)]
    fn training_scalars(_: &[usize]) -> usize {
        Self::TRAINING_SCALARS
    }

    #[doc(hidden)]
    fn state(&self) -> &State<Self::Scalar>;
    #[doc(hidden)]
    fn state_mut(&mut self) -> &mut State<Self::Scalar>;
    #[doc(hidden)]
    fn from_state(state: State<Self::Scalar>) -> Self;

    /// Runs the forward pass of one tile of samples.
    #[doc(hidden)]
    fn infer<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        arena: &mut [Self::Scalar],
        outputs: <Self::Output as Outputs<Self::Scalar>>::SlicesMut<'_>,
    );

    /// Computes the outputs of a batch of samples.
    ///
    /// `inputs` is `&x`, or `(&x, &y)` for two inputs. Each is a slice, a vector, an array, a
    /// [`Tensor`](crate::Tensor) or a nalgebra matrix with one column per sample.
    ///
    /// Run-time sizes are read from the inputs and are the same for all samples of a batch. A tensor or
    /// nested array is a batch if it has one axis more than the network's shape, and a single sample if
    /// it has as many axes. Flat data is a single sample if its number of elements has to determine a
    /// run-time size.
    ///
    /// # Errors
    /// If an input is not a whole number of samples of its shape, the inputs differ in their number of
    /// samples or in a run-time size, a run-time size does not fit the network, or the batch needs more
    /// memory than there is.
    fn forward<'a>(&self, inputs: impl Feed<Self::Inputs<'a>>) -> Result<Self::Output> {
        let fed = Inputs::checked::<Self>(inputs)?;
        let mut output = Self::Output::zeros(fed.samples, Self::OUTPUTS, &fed.lengths)?;
        let mut workspace = Workspace::<Self>::new(fed.samples, &fed.lengths)?;
        workspace.infer(&self.state().parameters, &fed, output.slices_mut())?;
        Ok(output)
    }

    /// Allocates memory for [`forward_into`](Self::forward_into) with up to `batch` samples. Their run-time
    /// sizes may be up to their bounds, or 1 if they have none.
    ///
    /// # Panics
    /// If there is not enough memory; [`workspace_for`](Self::workspace_for) returns an error
    /// instead.
    fn workspace(&self, batch: usize) -> Workspace<Self> {
        let lengths = Lengths::at_bounds(Self::LENGTHS);
        let workspace = Workspace::new(batch, &lengths);
        match workspace.and_then(|workspace| workspace.with_outputs(&lengths)) {
            Ok(workspace) => workspace,
            Err(error) => panic!("{error}"),
        }
    }

    /// Like [`workspace`](Self::workspace), for run-time sizes up to the given ones, in the order of their
    /// declaration and without those of the loss's targets. They are `&[]` if the network has none.
    ///
    /// # Errors
    /// If there are too many or too few sizes, they do not fit the network, or there is not enough memory
    /// for so many samples.
    fn workspace_for(&self, batch: usize, lengths: &[usize]) -> Result<Workspace<Self>> {
        let lengths = Lengths::given(
            "workspace_for",
            lengths,
            false,
            Self::LENGTHS,
            [Self::REQUIREMENTS, &[]],
        )?;
        Workspace::new(batch, &lengths)?.with_outputs(&lengths)
    }

    /// Returns the operations and memory of one sample with the given run-time sizes: all sizes of the
    /// network, in the order of their declaration.
    ///
    /// # Errors
    /// If there are too many or too few sizes, they do not fit the network, or the cost is too large to be
    /// counted.
    fn cost(lengths: &[usize]) -> Result<Cost> {
        Cost::new::<Self>(lengths)
    }

    /// Like [`forward`](Self::forward), without allocation: the outputs are stored in the workspace.
    ///
    /// # Errors
    /// Those of [`forward`](Self::forward), and if the workspace was made for fewer samples or smaller
    /// run-time sizes.
    fn forward_into<'a, 'w>(
        &self,
        inputs: impl Feed<Self::Inputs<'a>>,
        workspace: &'w mut Workspace<Self>,
    ) -> Result<<Self::Output as Outputs<Self::Scalar>>::Slices<'w>> {
        let fed = Inputs::checked::<Self>(inputs)?;
        workspace.infer_inside(&self.state().parameters, &fed)
    }

    // These are methods of `Network`, and not of `Trainable`: otherwise a call on a network without a loss
    // would report that the method does not exist, and not that the loss is missing.

    /// Computes the mean loss of a batch, without dropout. For a loss without targets, pass `()` as
    /// `targets`, here and in the methods below.
    ///
    /// # Errors
    /// If inputs or targets are not whole samples of their shapes, differ in their number of samples or in
    /// a run-time size, a class is out of range, or the batch needs more memory than there is.
    fn loss<'a, 'b>(
        &self,
        inputs: impl Feed<Self::Inputs<'a>>,
        targets: impl Feed<<Self as Trainable>::Targets<'b>>,
    ) -> Result<Self::Scalar>
    where
        Self: Trainable,
    {
        train::loss(self, inputs, targets)
    }

    /// Computes the mean loss and the mean metrics of a batch, without dropout.
    ///
    /// # Errors
    /// Those of [`loss`](Self::loss).
    fn measure<'a, 'b>(
        &self,
        inputs: impl Feed<Self::Inputs<'a>>,
        targets: impl Feed<<Self as Trainable>::Targets<'b>>,
    ) -> Result<Measures<Self::Scalar>>
    where
        Self: Trainable,
    {
        train::measure(self, inputs, targets)
    }

    /// Computes the mean loss of a batch and its gradient with respect to every parameter, with dropout.
    ///
    /// # Errors
    /// Those of [`loss`](Self::loss).
    fn gradients<'a, 'b>(
        &self,
        inputs: impl Feed<Self::Inputs<'a>>,
        targets: impl Feed<<Self as Trainable>::Targets<'b>>,
    ) -> Result<(Self::Scalar, Gradients<Self::Scalar>)>
    where
        Self: Trainable,
    {
        train::gradients(self, inputs, targets)
    }

    /// Computes the mean loss of a batch and its gradient with respect to every input that holds real
    /// numbers, without dropout: for saliency, adversarial examples, or losses on derivatives. The network
    /// has to be declared with `#[input_gradients]`.
    ///
    /// The gradients have the shapes of the inputs: one tensor, or a tuple of tensors if several inputs hold
    /// real numbers. Class numbers (`u32`) have none. Like the loss, they are of the mean over the batch:
    /// those of one sample are divided by the number of samples.
    ///
    /// ```
    /// use monograd::prelude::*;
    ///
    /// network! {
    ///     #[input_gradients]
    ///     Line(x: [2]) -> [1] { 3 * x[0..1] + x[1..2] * x[1..2] }
    ///     loss |y| sum(y)
    /// }
    ///
    /// let net = Line::init(1);
    /// let (loss, dx) = net.input_gradients(&[1.0, 2.0], ())?;
    /// assert_eq!((loss, dx.as_slice()), (7.0, &[3.0, 4.0][..]));
    /// // the same from a gradient of the output
    /// assert_eq!(net.vjp(&[1.0, 2.0], &[10.0])?.as_slice(), [30.0, 40.0]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`loss`](Self::loss).
    fn input_gradients<'a, 'b>(
        &self,
        inputs: impl Feed<<<Self as Differentiable>::Network as Network>::Inputs<'a>>,
        targets: impl Feed<<<Self as Differentiable>::Network as Trainable>::Targets<'b>>,
    ) -> Result<(Self::Scalar, <<Self as Differentiable>::Network as VectorJacobian>::InputGradients)>
    where
        Self: Differentiable,
    {
        input_gradients::input_gradients(self.itself(), inputs, targets)
    }

    /// Computes the gradients of the inputs from given gradients of the outputs, without dropout: the product
    /// of a vector and the Jacobian matrix of each sample. The network, which needs no loss, has to be
    /// declared with `#[input_gradients]`.
    ///
    /// `gradients` has the shape of the outputs; with a one and otherwise zeros it selects a row of the
    /// Jacobian matrix.
    ///
    /// # Errors
    /// Those of [`forward`](Self::forward), and if the gradients are not those of as many samples.
    fn vjp<'a, 'b>(
        &self,
        inputs: impl Feed<Self::Inputs<'a>>,
        gradients: impl Feed<<Self as VectorJacobian>::OutputGradients<'b>>,
    ) -> Result<<Self as VectorJacobian>::InputGradients>
    where
        Self: VectorJacobian,
    {
        input_gradients::vjp(self, inputs, gradients)
    }

    /// Trains on a batch for one step, and returns the mean loss before the step.
    ///
    /// Nothing is allocated after the first step with the largest batch and run-time sizes.
    ///
    /// # Errors
    /// Those of [`loss`](Self::loss), and if the optimiser belongs to another network or one of its
    /// options is out of range. The network is then unchanged.
    fn train_step<'a, 'b>(
        &mut self,
        inputs: impl Feed<Self::Inputs<'a>>,
        targets: impl Feed<<Self as Trainable>::Targets<'b>>,
        optimizer: &mut impl Optimizer<Self::Scalar>,
    ) -> Result<Self::Scalar>
    where
        Self: Trainable,
    {
        train::step(self, inputs, targets, optimizer, false)
    }

    /// Does the same as [`train_step`](Self::train_step), unless the loss or a gradient is NaN or infinite:
    /// then the network and the optimiser stay as they are.
    ///
    /// # Errors
    /// Those of [`train_step`](Self::train_step), and [`Error::Anomaly`](crate::Error::Anomaly). If the
    /// network is declared with `#[inspect]`, it names the operation that made the first such value, as
    /// [`find_anomaly`](Self::find_anomaly) does.
    fn checked_train_step<'a, 'b>(
        &mut self,
        inputs: impl Feed<Self::Inputs<'a>>,
        targets: impl Feed<<Self as Trainable>::Targets<'b>>,
        optimizer: &mut impl Optimizer<Self::Scalar>,
    ) -> Result<Self::Scalar>
    where
        Self: Trainable,
    {
        train::step(self, inputs, targets, optimizer, true)
    }

    /// Computes the loss and the gradients of a batch, as [`gradients`](Self::gradients) does, and returns what
    /// is NaN or infinite among them, if anything is. If the network is declared with `#[inspect]`, the answer
    /// names the operation that made the first such value, with its line and layer.
    ///
    /// Ask before the parameters are changed: a training step with a gradient that is NaN leaves parameters that
    /// are NaN. [`checked_train_step`](Self::checked_train_step) does both.
    ///
    /// ```
    /// use monograd::prelude::*;
    ///
    /// network! {
    ///     #[inspect]
    ///     Logarithm(x: [2]) -> [2] { log(x >> Linear(2)) }
    ///     loss mse
    /// }
    ///
    /// let mut net = Logarithm::init(1);
    /// net.parameters_mut().get("linear0.weight")?.as_mut_slice().fill(0.0);
    /// net.parameters_mut().get("linear0.bias")?.as_mut_slice().copy_from_slice(&[1.0, -1.0]);
    /// let anomaly = net.find_anomaly(&[1.0, 2.0], &[0.0, 0.0])?.expect("a NaN");
    /// // "the loss is NaN: `log` on line 7 made the first NaN, from an input of -1 (sample 0, element 1)"
    /// println!("{anomaly}");
    /// # assert!(anomaly.to_string().ends_with("made the first NaN, from an input of -1 (sample 0, element 1)"));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`loss`](Self::loss).
    fn find_anomaly<'a, 'b>(
        &self,
        inputs: impl Feed<Self::Inputs<'a>>,
        targets: impl Feed<<Self as Trainable>::Targets<'b>>,
    ) -> Result<Option<Anomaly>>
    where
        Self: Trainable,
    {
        train::find_anomaly(self, inputs, targets)
    }

    /// Computes what the layers and named values of a batch are like: mean, deviation, the shares that are
    /// saturated and dead, each iteration of a loop by itself. Without dropout, as [`forward`](Self::forward).
    /// The network has to be declared with `#[inspect]`.
    ///
    /// All samples are computed together, on one thread.
    ///
    /// # Errors
    /// Those of [`forward`](Self::forward).
    fn inspect<'a>(&self, inputs: impl Feed<Self::Inputs<'a>>) -> Result<Inspection>
    where
        Self: Inspect,
    {
        inspect::inspect(self, inputs)
    }

    /// Does the same as [`inspect`](Self::inspect) for a training step, with its dropout and batch statistics,
    /// and with the norms of the gradients of all layers.
    ///
    /// # Errors
    /// Those of [`loss`](Self::loss).
    fn inspect_training<'a, 'b>(
        &self,
        inputs: impl Feed<<<Self as InspectTraining>::Network as Network>::Inputs<'a>>,
        targets: impl Feed<<<Self as InspectTraining>::Network as Trainable>::Targets<'b>>,
    ) -> Result<Inspection>
    where
        Self: InspectTraining,
    {
        inspect::inspect_training(InspectTraining::itself(self), inputs, targets)
    }

    /// Returns a stream, which runs the network one step along its run-time axis at a time, starting at the
    /// first. All memory is allocated here.
    ///
    /// # Panics
    /// If there is not enough memory for the bound of the run-time axis.
    fn stream(&self) -> Stream<'_, <Self as Streamable>::Network>
    where
        Self: Streamable,
    {
        Stream::new(self.state())
    }

    /// Returns the parameters, to be read by name.
    fn parameters(&self) -> Parameters<'_, Self::Scalar> {
        Parameters::new(Self::LAYOUT, &self.state().parameters)
    }

    /// Returns the parameters, to be changed by name.
    fn parameters_mut(&mut self) -> ParametersMut<'_, Self::Scalar> {
        ParametersMut::new(Self::LAYOUT, &mut self.state_mut().parameters)
    }

    /// Returns the same network with its parameters rounded to another scalar: `net.cast::<f64>()`.
    fn cast<U: Scalar>(&self) -> Self::Cast<U> {
        Self::Cast::from_state(self.state().cast())
    }

    /// Writes the parameters to a safetensors file, with the names and shapes that `PyTorch` uses; see
    /// [`file::save`](crate::file::save).
    ///
    /// # Errors
    /// If the file cannot be written, the path exists and is not a regular file, two parameters have the
    /// same name, or a parameter is NaN or infinite.
    fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        crate::file::save(path, Self::LAYOUT, &self.state().parameters)
    }

    /// Like [`save`](Self::save), with metadata: pairs of key and text, as `[("epoch", "12")]` or a map.
    /// [`file::metadata`](crate::file::metadata) reads them. A `format` among them replaces the `pt` that
    /// Hugging Face's loaders ask for.
    ///
    /// # Errors
    /// Those of [`save`](Self::save), and if there is more text than a file can hold.
    fn save_with<K: Into<String>, V: Into<String>>(
        &self,
        path: impl AsRef<Path>,
        metadata: impl IntoIterator<Item = (K, V)>,
    ) -> Result<()> {
        crate::file::save_with(path, Self::LAYOUT, &self.state().parameters, metadata)
    }

    /// Replaces the parameters by those of a safetensors file.
    ///
    /// # Errors
    /// If the file cannot be read or is not a regular file, or a tensor is missing, unexpected, of another
    /// shape, NaN or infinite. The network is then unchanged.
    fn restore(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.state_mut().parameters = crate::file::load(path, Self::LAYOUT)?;
        Ok(())
    }

    /// Returns a table of layers, shapes, parameters and operations.
    fn summarize(&self) -> Summary {
        Summary::of::<Self>()
    }
}
