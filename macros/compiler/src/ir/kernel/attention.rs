//! Scaled dot-product attention.

mod gradient;
mod operands;

use super::external::OutBuffer;
use super::{Call, Derivative, InEval, Kernel};
use crate::ir::float::Float;
use crate::ir::layout::Layout;
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Graph, Type, Value};
use crate::reserved::private_path;
use crate::size::Size;
use gradient::gradients;
use operands::{heads, in_heads, pairs_of};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::rc::Rc;

/// The sizes and options of an attention of queries `[queries, heads, dim]` to keys `[keys, groups, dim]`
/// and values `[keys, groups, value_dim]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attention {
    /// Number of queries.
    pub queries: Size,
    /// Number of keys.
    pub keys: Size,
    /// Number of heads of queries.
    pub heads: Size,
    /// Number of heads of keys and values.
    pub groups: Size,
    /// Length of a query and of a key.
    pub dim: Size,
    /// Length of a value.
    pub value_dim: Size,
    /// The position of the first query among the keys.
    pub first: Size,
    /// `true` if a query does not see the keys after its own position.
    pub causal: bool,
    /// Number of positions, its own included, up to which a query sees the keys before it.
    pub window: Option<Size>,
    /// The factor of the products of queries and keys; 1 / sqrt(`dim`) if it is not given.
    pub scale: Option<Float>,
    /// The dropout of the weights: the probability of a zero, and its number in the network.
    pub dropout: Option<(Float, u64)>,
}

/// The result of an attention. The operands are queries, keys, values, the mask and the padding if there
/// are any, a buffer for the logarithms of the sums, and scratch memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attended {
    attention: Attention,
    /// `true` if there is a mask.
    mask: bool,
    /// `true` if there is a padding.
    padding: bool,
}

/// Adds an attention. `mask` is `[queries, keys]` or `[heads, queries, keys]`, `padding` `[keys]`.
pub fn attend(
    graph: &mut Graph,
    attention: Attention,
    [q, k, v]: [Value; 3],
    mask: Option<Value>,
    padding: Option<Value>,
) -> Value {
    let logs = vec![attention.heads.clone(), attention.queries.clone()];
    let logs = OutBuffer::new(graph, Type { shape: logs, ..graph.ty(q).clone() });
    let logs = graph.kernel(logs, Vec::new());
    graph.name(logs, "logs");
    let scratch = attention.scratch(graph, "forward_scratch");
    let operands = [q, k, v].into_iter().chain(mask).chain(padding).chain([logs, scratch]);
    let operands = operands.collect();
    let attended = Attended { attention, mask: mask.is_some(), padding: padding.is_some() };
    graph.kernel(attended, operands)
}

impl Attention {
    /// Adds a scratch buffer, whose length the runtime's `function` tells.
    fn scratch(&self, graph: &mut Graph, function: &str) -> Value {
        let sizes = [&self.queries, &self.keys, &self.dim, &self.value_dim];
        let function = format!("{}::attention::{function}", private_path());
        let len = Size::computed(function, sizes.map(Clone::clone).to_vec());
        OutBuffer::scratch(graph, Type::shared(vec![len]))
    }

    /// Returns the tokens of the runtime's description.
    fn tokens(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, tile, .. } = call;
        let samples = call.rows(call.types[0], &Size::one());
        let sizes = [&self.queries, &self.keys, &self.heads, &self.groups, &self.dim];
        let [queries, keys, heads, groups, dim] = sizes.map(Size::tokens);
        let (value_dim, first, causal) =
            (self.value_dim.tokens(), self.first.tokens(), self.causal);
        let window = call.optional(self.window.as_ref().map(Size::tokens));
        let scale = call.optional(self.scale.map(|scale| scale.tokens()));
        let dropout = call.optional(self.dropout.map(|(probability, site)| {
            let (p, site) = (probability.tokens(), Literal::u64_unsuffixed(site));
            let iteration = call.iteration.clone().unwrap_or_default().tokens();
            let len = Size::product(&self.pairs(true)).tokens();
            quote! {
                #runtime::attention::Dropout {
                    key: #runtime::Tile::dropout_key(#tile, #site, #iteration),
                    first: #runtime::Tile::first_element(#tile, #len),
                    p: #p,
                }
            }
        }));
        quote! {
            &#runtime::attention::Attention {
                samples: #samples,
                queries: #queries,
                keys: #keys,
                heads: #heads,
                groups: #groups,
                dim: #dim,
                value_dim: #value_dim,
                first: #first,
                causal: #causal,
                window: #window,
                scale: #scale,
                dropout: #dropout,
            }
        }
    }

    /// Returns the shape of what each pair of a query and a key has, for each head or for all.
    fn pairs(&self, of_heads: bool) -> Vec<Size> {
        let heads = of_heads.then_some(&self.heads);
        heads.into_iter().chain([&self.queries, &self.keys]).cloned().collect()
    }

    /// Returns the operations of one matrix product over all pairs, for both lengths of a head.
    fn flops(&self) -> Size {
        let each = Size::from(2).times(&self.dim.plus(&self.value_dim));
        Size::product(&self.pairs(true)).times(&each)
    }
}

impl Kernel for Attended {
    fn result(&self, operands: &[&Type]) -> Type {
        let Attention { queries, heads, value_dim, .. } = &self.attention;
        let shape = vec![queries.clone(), heads.clone(), value_dim.clone()];
        Type { shape, ..operands[0].clone() }
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        gradients(self, at)
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        self.attention.flops()
    }

    fn reads(&self, operand: usize, layout: &Layout) -> bool {
        operand < 3 && in_heads(layout)
    }

    fn writes(&self, layout: &Layout) -> bool {
        in_heads(layout)
    }

    fn in_eval(&self) -> InEval {
        if self.attention.dropout.is_none() {
            return InEval::Same;
        }
        let mut in_eval = self.clone();
        in_eval.attention.dropout = None;
        InEval::Other(Rc::new(in_eval))
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let mut attention = self.attention.clone();
        if !step.is_length(&attention.queries) {
            return step.unchanged();
        }
        let now = step.modes()[0];
        if !now.is_current() {
            return step.takes_all();
        }
        let along_keys = step.is_length(&attention.keys);
        if along_keys && !attention.causal {
            let length = step.length();
            return step.refuse(format!(
                "it takes all of `{length}`, also what is to come: hide that with `causal = true`"
            ));
        }
        let of_keys = if along_keys { AxisMode::Past } else { AxisMode::Fixed };
        let fixed = AxisMode::Fixed;
        let q = step.operand(0, &[now, fixed, fixed])?.value;
        let k = step.operand(1, &[of_keys, fixed, fixed])?.value;
        let v = step.operand(2, &[of_keys, fixed, fixed])?.value;
        let (mut mask, mut padding) = (None, None);
        if self.mask {
            let mut modes = vec![fixed; step.whole(3).shape.len()];
            let rank = modes.len();
            (modes[rank - 2], modes[rank - 1]) = (now, of_keys);
            mask = Some(step.operand(3, &modes)?.value);
        }
        if self.padding {
            padding = Some(step.operand(3 + usize::from(self.mask), &[of_keys])?.value);
        }
        attention.queries = step.count(now);
        attention.first = step.before(now);
        Ok(attend(step.graph(), attention, [q, k, v], mask, padding).into())
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, .. } = call;
        let (attention, given) = (self.attention.tokens(call), self.operand_tokens(call));
        let (y, last) = (heads(call, None), operands.len());
        let [logs, scratch] = [&operands[last - 2], &operands[last - 1]];
        quote!(#runtime::attention::forward(#simd, #attention, &#given, #y, #logs, #scratch);)
    }
}

impl Attended {
    /// Returns the tokens of the operands that are not buffers.
    fn operand_tokens(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, types, .. } = call;
        let [q, k, v] = [0, 1, 2].map(|operand| heads(call, Some(operand)));
        let mask = self.mask.then(|| pairs_of(call, types[3], &operands[3]));
        let padding = self.padding.then(|| &operands[3 + usize::from(self.mask)]);
        let (mask, padding) = (call.optional(mask), call.optional(padding));
        quote! {
            #runtime::attention::Operands {
                q: #q, k: #k, v: #v, mask: #mask, padding: #padding
            }
        }
    }
}
