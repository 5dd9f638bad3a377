//! Cross entropy of the logits of a linear layer, whose logits exist only some rows at a time.

use super::Options;
use crate::ir::kernel::external::{OutBuffer, ReadBuffer};
use crate::ir::kernel::{Accuracy, Call, Derivative, Kernel};
use crate::ir::{Graph, Op, Type, Value};
use crate::reserved::private_path;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::quote;

/// A linear layer whose outputs are logits, and their cross entropy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Head {
    /// The options of the loss.
    pub options: Options,
    /// `true` if the weights are `[classes, inputs]` instead of `[inputs, classes]`.
    pub transposed: bool,
}

/// The operands of a head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operands {
    /// The input of the layer, `[.., inputs]`.
    pub x: Value,
    /// The weights, the same for all samples.
    pub weight: Value,
    /// The bias, `[classes]`.
    pub bias: Option<Value>,
    /// The target of each row.
    pub targets: Value,
}

/// The loss of each row. The operands are those of the head, a buffer for the accuracy of each row
/// if it is wanted, and a scratch buffer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Losses {
    head: Head,
    has_bias: bool,
    /// The metric, whose result the loss has as well.
    accuracy: Option<Accuracy>,
}

/// The first of the wanted gradients: of the weights, of x, of the bias. The operands are those of
/// the head, the gradient of the losses, a buffer for the losses if they are computed here, one for
/// each further gradient, and a scratch buffer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Gradients {
    head: Head,
    has_bias: bool,
    /// `true` if the losses are computed as well: the logits are then computed only once.
    losses: bool,
    wanted: Wanted,
}

/// The operands whose gradients are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Wanted {
    weight: bool,
    x: bool,
    bias: bool,
}

impl Operands {
    /// Returns the operands with each replaced by what `f` returns for it.
    #[must_use]
    pub fn map(self, mut f: impl FnMut(Value) -> Value) -> Self {
        let Self { x, weight, bias, targets } = self;
        let (x, weight, bias) = (f(x), f(weight), bias.map(&mut f));
        Self { x, weight, bias, targets: f(targets) }
    }

    fn values(&self) -> Vec<Value> {
        [self.x, self.weight].into_iter().chain(self.bias).chain([self.targets]).collect()
    }

    /// Returns the operands of a head among those of a kernel, and the others.
    fn of(operands: &[Value], has_bias: bool) -> Option<(Self, &[Value])> {
        let (&[x, weight], rest) = operands.split_first_chunk()?;
        let (bias, rest) = match rest {
            [bias, rest @ ..] if has_bias => (Some(*bias), rest),
            _ => (None, rest),
        };
        let (&targets, rest) = rest.split_first()?;
        Some((Self { x, weight, bias, targets }, rest))
    }
}

/// Adds the losses of the rows, and their accuracy if it is wanted.
pub fn linear_cross_entropy(
    graph: &mut Graph,
    head: Head,
    operands: Operands,
    accuracy: Option<Accuracy>,
) -> (Value, Option<Value>) {
    let classes = head.classes(graph.ty(operands.weight));
    let bias = operands.bias.map(|bias| graph.view(bias, vec![classes]));
    let operands = Operands { bias, ..operands };
    let rows = rows_of(graph, operands.x);
    let room = accuracy.as_ref().map(|_| buffer(graph, rows));
    room.into_iter().for_each(|room| graph.name(room, "right"));
    let mut values = operands.values();
    values.extend(room);
    values.push(head.scratch(graph, &operands));
    let has_bias = operands.bias.is_some();
    let losses = graph.kernel(Losses { head, has_bias, accuracy }, values);
    let right = room.map(|room| graph.kernel(ReadBuffer, vec![room, losses]));
    (losses, right)
}

/// Returns the weights of the head whose gradients a value is, if it is such.
#[must_use]
pub fn fused_weight(graph: &Graph, value: Value) -> Option<Value> {
    let Op::Kernel(kernel) = &graph[value].op else { return None };
    let gradients = kernel.downcast_ref::<Gradients>()?;
    let (operands, _) = Operands::of(&graph[value].operands, gradients.has_bias)?;
    Some(operands.weight)
}

/// Returns the type of a number for each row of x.
fn rows_of(graph: &Graph, x: Value) -> Type {
    let mut ty = graph.ty(x).clone();
    ty.shape.pop();
    ty
}

fn buffer(graph: &mut Graph, ty: Type) -> Value {
    let buffer = OutBuffer::new(graph, ty);
    graph.kernel(buffer, Vec::new())
}

/// Gradients that can be computed together with the losses.
pub struct Together {
    /// The gradients.
    pub gradients: Value,
    kernel: Gradients,
}

impl Together {
    /// Returns the gradients of the head whose losses are `losses`, if they can be computed when the
    /// losses are: if there is one kernel for them, and the gradient of the losses does not depend on
    /// the losses.
    #[must_use]
    pub fn find(graph: &Graph, losses: Value) -> Option<Self> {
        let Op::Kernel(kernel) = &graph[losses].op else { return None };
        let head = kernel.downcast_ref::<Losses>().filter(|losses| losses.accuracy.is_none())?;
        let (own, _) = Operands::of(&graph[losses].operands, head.has_bias)?;
        let mut found = graph.values().filter_map(|value| {
            let Op::Kernel(kernel) = &graph[value].op else { return None };
            let kernel = kernel.downcast_ref::<Gradients>().filter(|of| of.head == head.head)?;
            let (operands, rest) = Operands::of(&graph[value].operands, kernel.has_bias)?;
            (operands == own).then(|| (value, kernel.clone(), rest[0]))
        });
        let (gradients, kernel, scale) = found.next()?;
        let alone = found.next().is_none() && !graph.depends(scale, losses);
        alone.then_some(Self { gradients, kernel })
    }

    /// Adds the gradients to `graph`, which is a copy of the graph `from`. Returns them and the
    /// losses, which they compute as well.
    pub fn add(self, from: &Graph, graph: &mut Graph, mut operands: Vec<Value>) -> [Value; 2] {
        let room = OutBuffer::apart(from, graph, rows_of(graph, operands[0]));
        let room = graph.kernel(room, Vec::new());
        graph.name(room, "losses");
        // after the operands of the head and the gradient of the losses
        operands.insert(4 + usize::from(self.kernel.has_bias), room);
        let gradients = graph.kernel(Gradients { losses: true, ..self.kernel }, operands);
        [gradients, graph.kernel(ReadBuffer, vec![room, gradients])]
    }
}

impl Graph {
    /// Returns true if `value` depends on `on`.
    fn depends(&self, value: Value, on: Value) -> bool {
        let mut depends = vec![false; value.0 + 1];
        for at in on.0..=value.0 {
            depends[at] = at == on.0
                || self[Value(at)].operands.iter().any(|v| v.0 >= on.0 && depends[v.0])
                // the value in another iteration may depend on anything before it
                || self[Value(at)].region.is_some();
        }
        depends[value.0]
    }
}

impl Head {
    /// Adds the scratch buffer, for the logits of some rows.
    fn scratch(&self, graph: &mut Graph, operands: &Operands) -> Value {
        let classes = self.classes(graph.ty(operands.weight));
        let function = format!("{}::loss::linear_scratch", private_path());
        let len = Size::computed(function, vec![classes]);
        OutBuffer::scratch(graph, Type::shared(vec![len]))
    }

    /// Returns the number of classes.
    fn classes(&self, weight: &Type) -> Size {
        match self.transposed {
            true => weight.shape[0].clone(),
            false => weight.last(),
        }
    }

    /// Returns the operations of one sample: the product and its loss.
    fn flops(&self, operands: &[&Type]) -> Size {
        let (x, classes) = (operands[0], self.classes(operands[1]));
        let product = Size::from(2).times(&x.len()).times(&classes);
        product.plus(&Size::from(5).times(&x.leading()).times(&classes))
    }

    /// Returns the call; `operands` are those of the head.
    fn call(&self, call: &Call<'_>, has_bias: bool, results: &TokenStream) -> TokenStream {
        let Call { runtime, simd, operands, types, .. } = call;
        let rows = call.rows(types[0], &types[0].leading());
        let (inputs, classes) = (types[0].last().tokens(), self.classes(types[1]).tokens());
        let transposed = self.transposed;
        let (x, weight) = (&operands[0], &operands[1]);
        let bias = call.optional(has_bias.then(|| &operands[2]));
        let targets = &operands[2 + usize::from(has_bias)];
        let options = self.options.tokens(runtime, call.scalar);
        let scratch = operands.last();
        quote! {
            #runtime::loss::linear_cross_entropy(
                #simd,
                &#runtime::loss::Head { rows: #rows, inputs: #inputs, classes: #classes, transposed: #transposed },
                &#runtime::loss::Operands { x: #x, weight: #weight, bias: #bias, targets: #targets, options: &#options },
                #runtime::loss::Results { #results },
                #scratch,
            );
        }
    }
}

impl Kernel for Losses {
    fn result(&self, operands: &[&Type]) -> Type {
        let x = operands[0];
        Type::sample(x.shape[..x.shape.len() - 1].to_vec())
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let mut gradients = vec![None; at.operands.len()];
        let Some((operands, _)) = Operands::of(at.operands, self.has_bias) else {
            return gradients;
        };
        let graph = &mut *at.graph;
        let bias = self.has_bias && at.wanted[2];
        let wanted = Wanted { weight: at.wanted[1], x: at.wanted[0], bias };
        let mut values = operands.values();
        // the same for all rows, or one for each
        let gradient = graph.expanded_number(at.gradient).unwrap_or(at.gradient);
        values.push(match graph.ty(gradient).is_number() {
            true => gradient,
            false => {
                let ty = graph.ty(at.result).clone();
                graph.expand(gradient, &ty)
            }
        });
        // the indices of the wanted operands: the first gradient is the result
        let mut places: Vec<usize> = [(wanted.weight, 1), (wanted.x, 0), (wanted.bias, 2)]
            .into_iter()
            .filter_map(|(wanted, place)| wanted.then_some(place))
            .collect();
        if places.is_empty() {
            return gradients;
        }
        let first = places.remove(0);
        let mut rooms = Vec::new();
        for place in &places {
            let operand = at.operands[*place];
            let (ty, name) = (graph.ty(operand).clone(), format!("d_{}", graph[operand].name));
            let room = buffer(graph, ty);
            graph.name(room, &name);
            rooms.push(room);
        }
        values.extend(&rooms);
        values.push(self.head.scratch(graph, &operands));
        let kernel =
            Gradients { head: self.head.clone(), has_bias: self.has_bias, losses: false, wanted };
        let result = graph.kernel(kernel, values);
        gradients[first] = Some(result);
        for (place, room) in places.into_iter().zip(rooms) {
            gradients[place] = Some(graph.kernel(ReadBuffer, vec![room, result]));
        }
        gradients
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        self.head.flops(operands)
    }

    fn takes_small_gradients(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, result, .. } = call;
        let right = call.optional(self.accuracy.as_ref().map(|accuracy| {
            let room = &operands[3 + usize::from(self.has_bias)];
            let options = accuracy.options().tokens(runtime, call.scalar);
            quote!((#room, &#options))
        }));
        let results =
            quote!(losses: #runtime::Some(#result), right: #right, gradients: #runtime::None);
        self.head.call(call, self.has_bias, &results)
    }
}

impl Kernel for Gradients {
    fn result(&self, operands: &[&Type]) -> Type {
        let Wanted { weight, x, .. } = self.wanted;
        match (weight, x) {
            (true, _) => operands[1].clone(),
            (false, true) => operands[0].clone(),
            (false, false) => operands[2].clone(),
        }
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; at.operands.len()]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        let Wanted { weight, x, .. } = self.wanted;
        let products = 1 + u64::from(weight) + u64::from(x);
        Size::from(products).times(&self.head.flops(operands))
    }

    fn accumulates(&self) -> bool {
        true
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, operands, types, result, store, .. } = call;
        let mut next = 3 + usize::from(self.has_bias);
        let mut take = || {
            next += 1;
            (&operands[next - 1], types[next - 1])
        };
        let (scale, ty) = take();
        let scale = match ty.is_number() {
            true => quote!(#runtime::loss::Scale::All(#scale)),
            false => quote!(#runtime::loss::Scale::Rows(#scale)),
        };
        let losses = call.optional(self.losses.then(|| take().0));
        let mut is_first = true;
        let mut gradient = |wanted: bool| {
            if !wanted {
                return quote!(#runtime::None);
            }
            if std::mem::take(&mut is_first) {
                return quote!(#runtime::Some((#result, #store)));
            }
            let (room, _) = take();
            quote!(#runtime::Some((#room, #runtime::Store::Set)))
        };
        let Wanted { weight, x, bias } = self.wanted;
        let [weight, x, bias] = [weight, x, bias].map(&mut gradient);
        let results = quote! {
            losses: #losses,
            right: #runtime::None,
            gradients: #runtime::Some(#runtime::loss::Gradients {
                scale: #scale,
                x: #x,
                weight: #weight,
                bias: #bias,
            })
        };
        self.head.call(call, self.has_bias, &results)
    }
}
