//! The cross entropies that can be computed with the layer of their logits.

use crate::fuse::Readers;
use crate::fuse::cost::{Estimate, is_large_head};
use crate::ir::function::Function;
use crate::ir::kernel::{Accuracy, Contract, Dense, Head, OfLogits, Operands};
use crate::ir::{Graph, Op, Value};

/// A cross entropy of the outputs of a linear layer, which nothing else reads.
pub struct Found {
    pub head: Head,
    pub operands: Operands,
    /// The metric that reads the logits as well, if one does.
    pub accuracy: Option<(Value, Accuracy)>,
}

impl Found {
    /// Returns the head whose losses `losses` are, if they can be computed with its layer.
    pub fn new(
        graph: &Graph,
        readers: &Readers,
        losses: Value,
        estimate: Estimate<'_>,
    ) -> Option<Self> {
        let of = OfLogits::find(graph, losses)?;
        let classes = graph.ty(of.logits).last();
        if graph[losses].region.is_some() || !is_large_head(&classes, estimate) {
            return None;
        }
        let Layer { transposed, operands: [x, weight], bias, inner } = Layer::of(graph, of.logits)?;
        let mut accuracy = None;
        for value in &inner {
            if readers.ends(*value) {
                return None;
            }
            for &(reader, _) in readers.operations(*value) {
                if inner.contains(&reader) || [losses, of.exponentials].contains(&reader) {
                    continue;
                }
                let Op::Kernel(kernel) = &graph[reader].op else { return None };
                let metric = kernel.downcast_ref::<Accuracy>()?.clone();
                let is_alike = graph[reader].operands == [of.logits, of.targets];
                if !is_alike || accuracy.is_some() || graph[reader].region.is_some() {
                    return None;
                }
                accuracy = Some((reader, metric));
            }
        }
        let alone = !readers.ends(of.exponentials)
            && readers.operations(of.exponentials).iter().all(|(reader, _)| *reader == losses);
        let is_read = readers.ends(losses) || !readers.operations(losses).is_empty();
        let head = Head { options: of.options.clone(), transposed };
        let operands = Operands { x, weight, bias, targets: of.targets };
        (alone && is_read).then_some(Self { head, operands, accuracy })
    }
}

/// A linear layer.
struct Layer {
    /// `true` if the weights are `[classes, inputs]`.
    transposed: bool,
    /// x and the weights.
    operands: [Value; 2],
    bias: Option<Value>,
    /// The values from the product to the logits.
    inner: Vec<Value>,
}

impl Layer {
    /// Returns the layer whose outputs the logits are.
    fn of(graph: &Graph, logits: Value) -> Option<Self> {
        let classes = graph.ty(logits).last();
        let (mut value, mut bias, mut inner) = (logits, None, vec![logits]);
        loop {
            let (node, ty) = (&graph[value], graph.ty(value));
            if node.region.is_some() || ty.last() != classes || !ty.batched {
                return None;
            }
            value = match (&node.op, &node.operands[..]) {
                (Op::View, [viewed]) => *viewed,
                (Op::Scalar(Function::Add), &[a, b]) if bias.is_none() => {
                    let is_bias = |value: Value| {
                        let ty = graph.ty(value);
                        !ty.batched && ty.last() == classes && ty.len() == classes
                    };
                    let (product, other) = if is_bias(b) { (a, b) } else { (b, a) };
                    if !is_bias(other) || graph.ty(product) != ty {
                        return None;
                    }
                    bias = Some(other);
                    product
                }
                (Op::Kernel(kernel), &[a, b, ref own @ ..]) => {
                    let contract = kernel.downcast_ref::<Contract>();
                    let [x, weight] = match contract {
                        Some(contract) => contract.as_linear(&[a, b])?,
                        None => kernel.is::<Dense>().then_some([a, b])?,
                    };
                    let transposed = contract.is_some();
                    let own = own.first().copied();
                    let whole = graph.ty(x).batched
                        && !graph.ty(weight).batched
                        && !classes.is_dynamic()
                        && (own.is_none() || bias.is_none());
                    let bias = own.or(bias);
                    return whole.then_some(Self {
                        transposed,
                        operands: [x, weight],
                        bias,
                        inner,
                    });
                }
                _ => return None,
            };
            inner.push(value);
        }
    }
}
