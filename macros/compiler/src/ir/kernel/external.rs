//! An external layer, whose own forward and backward pass are called.

mod backward;
mod out_buffer;

use super::{Call, Derivative, InEval, Kernel};
use crate::external::External;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Graph, Op, Type, Value};
use crate::size::{Asked, Cost, Size, shapes_tokens};
use backward::run_backward;
pub use out_buffer::{OutBuffer, ReadBuffer, is_awaited};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::rc::Rc;

/// The application of an external layer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Applied {
    /// The layer.
    pub layer: External,
    /// The shapes of its inputs.
    pub shapes: Vec<Vec<Size>>,
    /// The number of this application in the network: each has random numbers of its own.
    pub site: u64,
    /// `true` if the layer gets random numbers.
    pub training: bool,
}

/// The outputs of a layer. The operands are its inputs, its parameters and a scratch buffer, in
/// this order. Several outputs are side by side in each sample.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LayerOutput {
    applied: Applied,
    ty: Type,
    /// `true` if this is one step of a stream.
    streamed: bool,
}

/// Adds the outputs of an external layer for `inputs`, as a value of type `ty`.
pub fn external(
    graph: &mut Graph,
    applied: Applied,
    inputs: Vec<Value>,
    parameters: Value,
    ty: Type,
) -> Value {
    let scratch = scratch(graph, &applied, Cost::Forward);
    let operands = inputs.into_iter().chain([parameters, scratch]).collect();
    graph.kernel(LayerOutput { applied, ty, streamed: false }, operands)
}

/// Adds the scratch buffer of a layer's forward or backward pass.
fn scratch(graph: &mut Graph, applied: &Applied, cost: Cost) -> Value {
    let size = Size::external(&applied.layer, Asked::Cost(cost, applied.shapes.clone()));
    OutBuffer::scratch(graph, Type::sample(vec![size]))
}

impl Graph {
    /// Returns the external layers that compute one step of a stream, in order and once each.
    #[must_use]
    pub fn streamed_layers(&self) -> Vec<External> {
        let layer = |value: Value| {
            let Op::Kernel(kernel) = &self[value].op else { return None };
            let output = kernel.downcast_ref::<LayerOutput>()?;
            output.streamed.then(|| output.applied.layer.clone())
        };
        let mut layers: Vec<External> = self.values().filter_map(layer).collect();
        layers.sort();
        layers.dedup();
        layers
    }
}

impl Applied {
    /// Returns the tokens of the runtime's description of the application.
    fn tokens(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, samples, tile, .. } = call;
        let shapes = shapes_tokens(&self.shapes);
        let random = match self.training {
            true => {
                let site = Literal::u64_unsuffixed(self.site);
                let iteration = call.iteration.clone().unwrap_or_default().tokens();
                quote!(#runtime::Some(#tile.random(#site, #iteration)))
            }
            false => quote!(#runtime::None),
        };
        quote!(#runtime::Applied { samples: #samples, shapes: #shapes, random: #random })
    }

    fn flops(&self) -> Size {
        Size::external(&self.layer, Asked::Cost(Cost::Flops, self.shapes.clone()))
    }
}

impl Kernel for LayerOutput {
    fn result(&self, _: &[&Type]) -> Type {
        self.ty.clone()
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        run_backward(&self.applied, at)
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        self.applied.flops()
    }

    fn in_eval(&self) -> InEval {
        let mut in_eval = self.clone();
        in_eval.applied.training = false;
        InEval::Other(Rc::new(in_eval))
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let count = self.applied.shapes.len();
        if !self.applied.shapes.iter().flatten().any(|size| step.is_length(size)) {
            return step.unchanged();
        }
        if step.modes().contains(&AxisMode::Past) {
            return step.refuse(format!("`{}` gives one step at a time", self.applied.layer.text));
        }
        if step.modes().contains(&AxisMode::Wanted) {
            return step.last_of_current();
        }
        let (mut inputs, mut shapes) = (Vec::new(), self.applied.shapes.clone());
        for (index, shape) in shapes.iter_mut().enumerate() {
            let mut modes = Vec::new();
            for size in shape {
                let now = step.is_length(size);
                modes.push(if now { AxisMode::Now } else { AxisMode::Fixed });
                if now {
                    *size = step.count(AxisMode::Now);
                }
            }
            inputs.push(step.operand(index, &modes)?.value);
        }
        let parameters = step.operand(count, &[AxisMode::Fixed])?.value;
        let (applied, ty) = (Applied { shapes, ..self.applied.clone() }, step.ty());
        let scratch = scratch(step.graph(), &applied, Cost::Forward);
        inputs.extend([parameters, scratch]);
        Ok(step.kernel(Self { applied, ty, streamed: true }, inputs))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { simd, operands, result, .. } = call;
        let (layer, applied) = (self.applied.layer.as_layer(), self.applied.tokens(call));
        let [inputs @ .., parameters, scratch] = &operands[..] else { return TokenStream::new() };
        quote!(#layer::apply(#simd, #applied, #parameters, [#(#inputs),*], #result, #scratch);)
    }
}
