//! The passes of a network: inference, evaluation, measurement, training, the passes by which
//! another network applies it as a layer, and one step of a stream.

use crate::external::External;
use crate::fuse::{Schedule, visit};
use crate::ir::step::Refusal;
use crate::ir::{Graph, Root};
use crate::plan::Plan;
use crate::program::Length;
use crate::size::Size;
use crate::stream::State;
use crate::trace::Trace;

/// The passes of a network, each as `P`: its graph at first, at last ready for code generation.
pub struct Passes<P = Pass> {
    /// From inputs to outputs.
    pub infer: P,
    /// From inputs and targets to the loss.
    pub evaluate: Option<P>,
    /// From inputs and targets to the loss and every metric, if there are metrics.
    pub measure: Option<P>,
    /// From inputs and targets to the loss and every gradient.
    pub train: Option<P>,
    /// The gradients of the inputs, if the network asks for them.
    pub input_gradients: Option<InputGradientPasses<P>>,
    /// The passes that show values, if the network asks for them.
    pub inspect: Option<InspectPasses<P>>,
    /// The passes by which another network applies it as a layer, if one can name it.
    pub layer: Option<LayerPasses<P>>,
    /// One step of the streaming form, or the reason why there is none.
    pub stream: Result<StreamPass<P>, Refusal>,
    /// The other reasons why there is none, if the network asks for one.
    pub further_refusals: Vec<Refusal>,
}

/// The passes that compute the gradients of real inputs.
pub struct InputGradientPasses<P = Pass> {
    /// From inputs and the gradients of outputs.
    pub vjp: P,
    /// From inputs and targets to the loss and the gradients, if there is a loss.
    pub loss: Option<P>,
}

/// The passes that show the values of a network.
pub struct InspectPasses<P = Pass> {
    /// From inputs to outputs, without the randomness of training; shows layers and named values.
    pub look: TracedPass<P>,
    /// From inputs and targets to the loss and every gradient, if there is a loss; shows all values.
    pub train: Option<TracedPass<P>>,
}

/// A pass that shows its values.
pub struct TracedPass<P = Pass> {
    /// The pass.
    pub pass: P,
    /// The values that it shows.
    pub trace: Trace,
}

/// The passes of a network that is a layer of another.
pub struct LayerPasses<P = Pass> {
    /// From the gradients of outputs to those of inputs and parameters.
    pub backward: P,
    /// From inputs to outputs with training's randomness, if there is any.
    pub training: Option<P>,
    /// If no step of the streaming form depends on another: the external layers for which the same
    /// has to hold.
    pub stepwise: Option<Vec<External>>,
}

/// The streaming form.
pub struct StreamPass<P = Pass> {
    /// One step.
    pub step: StatePass<P>,
    /// A block of steps at once, if there is such a form.
    pub block: Option<BlockPass<P>>,
}

/// A pass of the streaming form.
pub struct StatePass<P = Pass> {
    /// The pass.
    pub pass: P,
    /// The states, which are kept from step to step.
    pub states: Vec<State>,
}

/// A block of steps of the streaming form.
pub struct BlockPass<P = Pass> {
    /// The pass.
    pub block: StatePass<P>,
    /// The run-time sizes of a block.
    pub lengths: Vec<Length>,
}

/// The graph of a pass.
pub struct PassGraph {
    /// The graph.
    pub graph: Graph,
    /// The values that it is run for.
    pub roots: Vec<Root>,
}

/// A pass, ready for code generation.
#[derive(Clone)]
pub struct Pass {
    /// The graph.
    pub graph: Graph,
    /// The values that it is run for.
    pub roots: Vec<Root>,
    /// The steps that compute them.
    pub schedule: Schedule,
    /// The plan of their memory.
    pub plan: Plan,
}

impl<P> Passes<P> {
    /// Returns the same passes, each taken one stage further.
    pub fn map<Q>(self, stage: impl Fn(P) -> Q) -> Passes<Q> {
        let Self {
            infer,
            evaluate,
            measure,
            train,
            input_gradients,
            inspect,
            layer,
            stream,
            further_refusals,
        } = self;
        Passes {
            infer: stage(infer),
            evaluate: evaluate.map(&stage),
            measure: measure.map(&stage),
            train: train.map(&stage),
            input_gradients: input_gradients.map(|InputGradientPasses { vjp, loss }| {
                InputGradientPasses { vjp: stage(vjp), loss: loss.map(&stage) }
            }),
            inspect: inspect.map(|InspectPasses { look, train }| InspectPasses {
                look: look.map(&stage),
                train: train.map(|train| train.map(&stage)),
            }),
            layer: layer.map(|LayerPasses { backward, training, stepwise }| LayerPasses {
                backward: stage(backward),
                training: training.map(&stage),
                stepwise,
            }),
            stream: stream.map(|StreamPass { step, block }| StreamPass {
                step: step.map(&stage),
                block: block.map(|BlockPass { block, lengths }| BlockPass {
                    block: block.map(&stage),
                    lengths,
                }),
            }),
            further_refusals,
        }
    }
}

impl<P> TracedPass<P> {
    fn map<Q>(self, stage: impl Fn(P) -> Q) -> TracedPass<Q> {
        TracedPass { pass: stage(self.pass), trace: self.trace }
    }
}

impl<P> StatePass<P> {
    fn map<Q>(self, stage: impl Fn(P) -> Q) -> StatePass<Q> {
        StatePass { pass: stage(self.pass), states: self.states }
    }
}

impl Pass {
    /// Returns the number of operations for one sample.
    #[must_use]
    pub fn flops(&self) -> Size {
        let mut sum = Size::default();
        visit(&self.schedule.steps, &mut |step| {
            for value in step.kind.values() {
                sum = sum.plus(&self.graph.flops(value));
            }
        });
        sum
    }
}
