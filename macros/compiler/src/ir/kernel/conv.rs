//! Convolutions, and transposed ones, which are the input gradients of convolutions.

mod gradients;

use super::contract::contract;
use super::external::OutBuffer;
use super::image::{image, pair};
use super::{Call, Derivative, Kernel};
use crate::ir::step::{AxisMode, Refusal, Stepped, StreamStep};
use crate::ir::{Graph, Type, Value};
use crate::reserved::private_path;
use crate::size::Size;
use gradients::{bias_gradient, input_gradient, weight_gradient};
use proc_macro2::TokenStream;
use quote::quote;

/// The sizes of a convolution of images `[channels, height, width]`; a signal `[channels, length]` is
/// an image of height 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Conv {
    /// Number of channels of the input.
    pub channels: Size,
    /// Number of channels of the output.
    pub outputs: Size,
    /// Number of groups of channels.
    pub groups: Size,
    /// Height and width of the input.
    pub size: [Size; 2],
    /// Height and width of the output.
    pub output: [Size; 2],
    /// Height and width of the kernel.
    pub kernel: [Size; 2],
    /// Distance between two positions of the kernel.
    pub stride: [Size; 2],
    /// Distance between two taps of the kernel.
    pub dilation: [Size; 2],
    /// Number of zeros before and after the height, and before and after the width.
    pub padding: [[Size; 2]; 2],
    /// `true` for a signal, which has no height.
    pub is_signal: bool,
}

/// The convolution of the first operand with the second, the weights `[outputs, channels / groups,
/// height, width]`, plus the third, a bias, where there is one; the last operand is scratch memory.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Convolution {
    conv: Conv,
    /// `true` if it is transposed: `conv` is then the convolution whose input is the result.
    transposed: bool,
}

/// Returns the reason for refusing an operation with a stride along the streamed axis.
pub(super) fn changed_rate(moves: &str, stride: &Size, length: &Size) -> String {
    format!(
        "it {moves}, and a stream takes one after the other: let a step be {stride} of them, as in \
         `x: [dyn {length}, {stride}]`, and a stride go along that axis"
    )
}

/// Adds the convolution of `x` with `weight`, plus `bias`; or the transposed one, of which `conv` has
/// the result as its input.
pub fn convolve(
    graph: &mut Graph,
    conv: Conv,
    transposed: bool,
    [x, weight]: [Value; 2],
    bias: Option<Value>,
) -> Value {
    let function = if transposed { "input_gradient_scratch" } else { "forward_scratch" };
    let scratch = conv.scratch(graph, function);
    let operands = [x, weight].into_iter().chain(bias).chain([scratch]).collect();
    graph.kernel(Convolution { conv, transposed }, operands)
}

impl Conv {
    /// Adds a scratch buffer, whose length the runtime's `function` tells.
    fn scratch(&self, graph: &mut Graph, function: &str) -> Value {
        let [kernel, stride, dilation] = [&self.kernel, &self.stride, &self.dilation];
        let [[top, bottom], [left, right]] = &self.padding;
        let counts = [&self.channels, &self.outputs, &self.groups];
        let axes = [&self.size, kernel, stride, dilation].into_iter().flatten();
        let sizes = counts.into_iter().chain(axes).chain([top, bottom, left, right]);
        let function = format!("{}::conv::{function}", private_path());
        let len = Size::computed(function, sizes.cloned().collect());
        OutBuffer::scratch(graph, Type::shared(vec![len]))
    }

    /// Returns the tokens of the runtime's description.
    fn tokens(&self, call: &Call<'_>) -> TokenStream {
        let runtime = call.runtime;
        let (channels, outputs) = (self.channels.tokens(), self.outputs.tokens());
        let (size, kernel) = (pair(&self.size), pair(&self.kernel));
        let unless_one = |sizes: &[Size; 2], name: TokenStream| {
            let given = sizes.iter().any(|size| *size != Size::one());
            let sizes = pair(sizes);
            given.then(|| quote!(.#name(#sizes)))
        };
        let stride = unless_one(&self.stride, quote!(stride));
        let dilation = unless_one(&self.dilation, quote!(dilation));
        let pads = self.padding.iter().flatten().any(|size| *size != Size::default());
        let [rows, columns] = self.padding.each_ref().map(pair);
        let padding = pads.then(|| quote!(.padding([#rows, #columns])));
        let groups = self.groups.tokens();
        let groups = (self.groups != Size::one()).then(|| quote!(.groups(#groups)));
        quote! {
            &#runtime::conv::Conv::new(#channels, #outputs, #size, #kernel) #stride #dilation #padding #groups
        }
    }

    /// Returns the shape of the input, or of the output.
    fn image(&self, channels: &Size, size: &[Size; 2]) -> Vec<Size> {
        image(channels, size, self.is_signal)
    }

    /// Returns the shape of the weights.
    fn weights(&self) -> Vec<Size> {
        let channels = self.channels.over(&self.groups).unwrap_or_default();
        let axes = self.kernel.iter().skip(usize::from(self.is_signal));
        [&self.outputs, &channels].into_iter().chain(axes).cloned().collect()
    }

    /// Returns the operations of one sample, forwards or of one gradient.
    fn flops(&self) -> Size {
        let weights = Size::product(&self.weights());
        Size::from(2).times(&weights).times(&Size::product(&self.output))
    }
}

impl Kernel for Convolution {
    fn result(&self, operands: &[&Type]) -> Type {
        let conv = &self.conv;
        let shape = match self.transposed {
            true => conv.image(&conv.channels, &conv.size),
            false => conv.image(&conv.outputs, &conv.output),
        };
        Type { shape, ..operands[0].clone() }
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let &[x, weight, ..] = at.operands else { return Vec::new() };
        let (dy, conv) = (at.gradient, &self.conv);
        let mut gradients = vec![None; at.operands.len()];
        gradients[0] = at.wanted[0].then(|| match self.transposed {
            true => convolve(at.graph, conv.clone(), false, [dy, weight], None),
            false => input_gradient(at.graph, conv, dy, weight),
        });
        let (input, output) = if self.transposed { (dy, x) } else { (x, dy) };
        gradients[1] = at.wanted[1].then(|| weight_gradient(at.graph, conv, input, output));
        if at.operands.len() > 3 && at.wanted[2] {
            gradients[2] = Some(bias_gradient(at.graph, dy));
        }
        gradients
    }

    fn flops(&self, _: &[&Type], _: &Type) -> Size {
        self.conv.flops()
    }

    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        let conv = &self.conv;
        if self.transposed || !conv.is_signal || !step.is_length(&conv.size[1]) {
            return step.unchanged();
        }
        let after = &conv.padding[1][1];
        if *after != Size::default() {
            let length = step.length();
            let elements = if *after == Size::one() { "element" } else { "elements" };
            return step.refuse(format!(
                "its kernel reaches {after} {elements} of `{length}` ahead: write `padding = causal`"
            ));
        }
        let mode = step.modes()[1];
        let taps = match (conv.kernel[1] == Size::one(), mode) {
            (true, _) => step.operand(0, &[AxisMode::Fixed, mode])?.value,
            (false, AxisMode::Now) => step.taps(&conv.kernel[1], &conv.dilation[1])?,
            (false, AxisMode::Wanted) => return step.last_of_current(),
            (false, _) => return step.takes_all(),
        };
        let weight = step.fixed(1)?;
        let bias = (step.operands() > 3).then(|| step.fixed(2)).transpose()?;
        let count = step.count(mode);
        let graph = step.graph();
        // what the taps cover are channels of a kernel of one element
        let mut shape = conv.weights();
        (shape[1], shape[2]) = (shape[1].times(&conv.kernel[1]), Size::one());
        if conv.groups == Size::one() {
            let weight = graph.view(weight, shape[..2].to_vec());
            let whole = Type { shape: vec![conv.outputs.clone(), count], ..graph.ty(taps).clone() };
            let (mut columns, mut ty) = (taps, whole.clone());
            // the product of one step has a column without an axis of columns
            let axis = if ty.last() == Size::one() { None } else { Some(Some(2)) };
            if axis.is_none() {
                let rows = graph.shape(taps)[0].clone();
                columns = graph.view(taps, vec![rows]);
                ty.shape.pop();
            }
            let labels = |row| std::iter::once(Some(row)).chain(axis).collect::<Vec<_>>();
            let weight = (weight, vec![Some(0), Some(1)]);
            let product = contract(graph, weight, (columns, labels(1)), (ty, labels(0)));
            let product = graph.view(product, whole.shape);
            let Some(bias) = bias else { return Ok(product.into()) };
            let bias = graph.view(bias, vec![conv.outputs.clone(), Size::one()]);
            return Ok(graph.sum(product, bias).into());
        }
        let weight = graph.view(weight, shape);
        let one = || [Size::one(), Size::one()];
        let size = [Size::one(), count];
        let conv = Conv {
            channels: conv.channels.times(&conv.kernel[1]),
            outputs: conv.outputs.clone(),
            groups: conv.groups.clone(),
            size: size.clone(),
            output: size,
            kernel: one(),
            stride: one(),
            dilation: one(),
            padding: [[Size::default(), Size::default()], [Size::default(), Size::default()]],
            is_signal: true,
        };
        Ok(convolve(graph, conv, false, [taps, weight], bias).into())
    }

    fn changes_rate(&self, length: &Size) -> Option<String> {
        let axis = self.conv.size.iter().position(|size| size.mentions(&length.to_string()))?;
        let stride = &self.conv.stride[axis];
        let moves = match self.transposed {
            true => format!("gives {stride} steps for one"),
            false => format!("takes {stride} steps for one"),
        };
        (*stride != Size::one()).then(|| changed_rate(&moves, stride, length))
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, types, .. } = call;
        let (conv, samples) = (self.conv.tokens(call), call.rows(types[0], &Size::one()));
        let function = if self.transposed { quote!(transposed) } else { quote!(forward) };
        let [x, weight, bias @ .., scratch] = &operands[..] else { return TokenStream::new() };
        let bias = call.optional(bias.first());
        quote!(#runtime::conv::#function(#simd, #conv, #samples, #x, #weight, #bias, #result, #scratch);)
    }
}
