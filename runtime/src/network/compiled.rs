//! The trait of every compiled network.

use super::feed::Inputs;
use super::tile::workspace_len;
use super::{
    Cost, Gradients, Measures, Outputs, State, Stream, Streaming, Tile, Trainable, Workspace, train,
};
use crate::error::Result;
use crate::layout::{self, Parameter};
use crate::optimizer::Optimizer;
use crate::parameters::{Parameters, ParametersMut};
use crate::scalar::Scalar;
use crate::simd::Simd;
use crate::source::{Extent, Feed, Length, Lengths, Port, Requirement, Views};
use crate::summary::{Row, Summary};
use std::path::Path;

/// A compiled network: implemented by `network!`.
///
/// A network with a `loss` is [`Trainable`] as well. The type itself has, beside these methods, the
/// constants `PARAMS`, `FLOPS`, `WORKSPACE`, `TRAIN_WORKSPACE` and `LAYOUT`, and the functions
/// `init(seed)`, `load(path)` and `summary()`.
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
    /// What it computes in.
    type Scalar: Scalar;
    /// Its inputs, one slice each.
    type Inputs<'a>: Views;
    /// Its output: a tensor, or a tuple of tensors.
    type Output: Outputs<Self::Scalar>;
    /// The same network in another scalar.
    type Cast<U: Scalar>: Network<Scalar = U>;

    /// The name of the type.
    const NAME: &'static str;
    /// Its parameters, in the order of the buffer.
    const LAYOUT: &'static [Parameter];
    /// Its inputs.
    const INPUTS: &'static [Port];
    /// Its outputs.
    const OUTPUTS: &'static [Port];
    /// Its layers.
    const ROWS: &'static [Row];
    /// Its sizes that are known only when it runs.
    const LENGTHS: &'static [Length] = &[];
    /// Floating point operations of the forward pass for one sample; a multiplication and an
    /// addition count as two. Run-time sizes are at their bounds, or 1 where there is none;
    /// [`cost`](Self::cost) takes others.
    const FLOPS: usize;
    /// Learned numbers.
    const PARAMS: usize = layout::count(Self::LAYOUT);
    /// Scalars of memory that a sample takes in the forward pass, beside inputs and outputs, for
    /// the same run-time sizes as [`FLOPS`](Self::FLOPS).
    const WORKSPACE: usize = workspace_len(Self::SLOTS);

    /// Scalars of memory that a sample takes in a training step; 0 without a loss.
    #[doc(hidden)]
    const TRAINING_SCALARS: usize;
    #[doc(hidden)]
    const INPUT_LENS: &'static [usize];
    /// What has to hold of the run-time sizes of inputs.
    #[doc(hidden)]
    const REQUIREMENTS: &'static [Requirement] = &[];
    /// What has to hold of those of targets besides.
    #[doc(hidden)]
    const TARGET_REQUIREMENTS: &'static [Requirement] = &[];
    /// The shapes of [`ROWS`](Self::ROWS), where there are run-time sizes.
    #[doc(hidden)]
    const ROW_EXTENTS: &'static [&'static [Extent]] = &[];
    /// Scalars of each slot of the arena for one sample, with run-time sizes at their bounds.
    #[doc(hidden)]
    const SLOTS: &'static [usize];

    /// The same for given run-time sizes.
    #[doc(hidden)]
    fn slots(_: &[usize]) -> impl AsRef<[usize]> {
        Self::SLOTS
    }

    /// [`FLOPS`](Self::FLOPS) for given run-time sizes.
    #[doc(hidden)]
    fn flops(_: &[usize]) -> usize {
        Self::FLOPS
    }
    /// Scalars of a training step for given run-time sizes; 0 without a loss.
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

    /// The forward pass of one tile of samples.
    #[doc(hidden)]
    fn infer<S: Simd<Self::Scalar>>(
        simd: S,
        tile: &Tile<'_, Self::Scalar>,
        parameters: &[Self::Scalar],
        inputs: Self::Inputs<'_>,
        arena: &mut [Self::Scalar],
        outputs: <Self::Output as Outputs<Self::Scalar>>::Sinks<'_>,
    );

    /// The outputs for a batch of samples.
    ///
    /// `inputs` is `&x`, or `(&x, &y)` for two inputs, each a slice, a vector, an array, a
    /// [`Tensor`](crate::Tensor) or a nalgebra matrix with one column a sample.
    ///
    /// Run-time sizes are those of the inputs, the same for all samples of a batch: a tensor or
    /// nested array is a batch if it has one axis more than the network's shape, and one sample if
    /// it has as many; flat data is one sample, if it has one size to tell.
    ///
    /// # Errors
    /// When an input is not a whole number of samples of its shape, the inputs differ in their
    /// numbers of samples, or in a run-time size, or that does not fit the network, or takes more
    /// memory than there is.
    fn forward<'a>(&self, inputs: impl Feed<Self::Inputs<'a>>) -> Result<Self::Output> {
        let fed = Inputs::checked::<Self>(inputs)?;
        let mut output = Self::Output::zeros(fed.samples, Self::OUTPUTS, &fed.lengths)?;
        let mut workspace = Workspace::<Self>::new(fed.samples, &fed.lengths)?;
        workspace.infer(&self.state().parameters, &fed, output.sinks())?;
        Ok(output)
    }

    /// Memory for [`forward_into`](Self::forward_into) with up to `batch` samples, whose run-time
    /// sizes, if there are any, are at most their bounds, or 1 where there is none.
    ///
    /// # Panics
    /// When there is no memory for so many; [`workspace_for`](Self::workspace_for) gives an error
    /// instead.
    fn workspace(&self, batch: usize) -> Workspace<Self> {
        let lengths = Lengths::at_bounds(Self::LENGTHS);
        let workspace = Workspace::new(batch, &lengths);
        match workspace.and_then(|workspace| workspace.with_outputs(&lengths)) {
            Ok(workspace) => workspace,
            Err(error) => panic!("{error}"),
        }
    }

    /// The same for run-time sizes up to the given ones, in the order of their declaration (those
    /// of the loss's targets are left out): `&[]` where there are none.
    ///
    /// # Errors
    /// When there are too many or too few, they do not fit the network, or there is no memory for so
    /// many samples.
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

    /// Operations and memory for one sample of given run-time sizes, all of the network's in the
    /// order of their declaration.
    ///
    /// # Errors
    /// When there are too many or too few, they do not fit the network, or what they take is too much
    /// to be counted.
    fn cost(lengths: &[usize]) -> Result<Cost> {
        Cost::new::<Self>(lengths)
    }

    /// [`forward`](Self::forward) without allocation: the output lives in the workspace.
    ///
    /// # Errors
    /// Those of [`forward`](Self::forward), and when the workspace was made for fewer or shorter
    /// samples.
    fn forward_into<'a, 'w>(
        &self,
        inputs: impl Feed<Self::Inputs<'a>>,
        workspace: &'w mut Workspace<Self>,
    ) -> Result<<Self::Output as Outputs<Self::Scalar>>::Slices<'w>> {
        let fed = Inputs::checked::<Self>(inputs)?;
        workspace.infer_inside(&self.state().parameters, &fed)
    }

    // Of `Network`, and not of `Trainable`: a method that another trait has is not found where that
    // is not implemented, and nothing says then that a loss is missing.

    /// The mean loss of a batch, with dropout off. A loss without targets is given `()` for them, here
    /// and in all that follows.
    ///
    /// # Errors
    /// When inputs or targets are not whole samples of their shapes, differ in their number or in a
    /// run-time size, a class is out of range, or they take more memory than there is.
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

    /// The mean loss of a batch and its mean metrics, with dropout off.
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

    /// The mean loss of a batch and its gradient by every parameter, with dropout on.
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

    /// One step of training on a batch; the mean loss before the step.
    ///
    /// Nothing is allocated after the first step with the largest batch and run-time sizes.
    ///
    /// # Errors
    /// Those of [`loss`](Self::loss), and when the optimiser belongs to another network or one of its
    /// options is out of range; the network is left as it was then.
    fn train_step<'a, 'b>(
        &mut self,
        inputs: impl Feed<Self::Inputs<'a>>,
        targets: impl Feed<<Self as Trainable>::Targets<'b>>,
        optimizer: &mut impl Optimizer<Self::Scalar>,
    ) -> Result<Self::Scalar>
    where
        Self: Trainable,
    {
        train::step(self, inputs, targets, optimizer)
    }

    /// The network one step along its run-time axis at a time, from the first on. All memory is
    /// allocated here.
    ///
    /// # Panics
    /// When there is no memory for as many steps as the bound of the run-time axis.
    fn stream(&self) -> Stream<'_, Self>
    where
        Self: Streaming,
    {
        Stream::new(self.state())
    }

    /// The parameters by name.
    fn parameters(&self) -> Parameters<'_, Self::Scalar> {
        Parameters::new(Self::LAYOUT, &self.state().parameters)
    }

    /// The parameters by name, to be changed.
    fn parameters_mut(&mut self) -> ParametersMut<'_, Self::Scalar> {
        ParametersMut::new(Self::LAYOUT, &mut self.state_mut().parameters)
    }

    /// The same network with its parameters rounded to another scalar: `net.cast::<f64>()`.
    fn cast<U: Scalar>(&self) -> Self::Cast<U> {
        Self::Cast::from_state(self.state().cast())
    }

    /// Writes the parameters as safetensors, under `PyTorch`'s names and shapes; how, is told by
    /// [`file::save`](crate::file::save).
    ///
    /// # Errors
    /// When the file cannot be written, something that is no regular file stands there, two parameters
    /// have one name, or a parameter is NaN or infinite.
    fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        crate::file::save(path, Self::LAYOUT, &self.state().parameters)
    }

    /// The same with text by name, `[("epoch", "12")]` or a map, which
    /// [`file::metadata`](crate::file::metadata) reads.
    ///
    /// # Errors
    /// Those of [`save`](Self::save), and when there is more text than a file can hold.
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
    /// When the file cannot be read or is no regular file, or a tensor is missing, surplus, misshapen,
    /// NaN or infinite; the network is left as it was then.
    fn restore(&mut self, path: impl AsRef<Path>) -> Result<()> {
        self.state_mut().parameters = crate::file::load(path, Self::LAYOUT)?;
        Ok(())
    }

    /// Layers, shapes, parameters and operations, as a table.
    fn summarize(&self) -> Summary {
        Summary::of::<Self>()
    }
}
