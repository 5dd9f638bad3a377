//! Cross entropy between logits along the last axis and class numbers.

mod linear;

pub use linear::{Head, Operands, Together, fused_weight, linear_cross_entropy};

use super::axis::{has_rows, last, last_rows_of};
use super::{Call, Derivative, Kernel};
use crate::ir::float::Float;
use crate::ir::layout::Layout;
use crate::ir::{Graph, Op, Type, Value};
use crate::size::Size;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens as _, quote};

/// The options of `PyTorch`'s `cross_entropy`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Options {
    /// The class whose targets are ignored.
    pub ignore_index: Option<u32>,
    /// The share of the target that is spread evenly over all classes.
    pub label_smoothing: Float,
    /// The weight of each class; if empty, 1 each.
    pub weights: Vec<Float>,
}

impl Options {
    /// Returns the tokens of the runtime's description of the options.
    #[must_use]
    pub fn tokens(&self, runtime: &TokenStream, scalar: &TokenStream) -> TokenStream {
        let number = |x: Float| {
            let x = x.tokens();
            quote!(<#scalar as #runtime::Scalar>::from_f64(#x))
        };
        let ignore = self.ignore_index.map_or_else(
            || quote!(#runtime::IGNORE_INDEX),
            |index| Literal::u32_unsuffixed(index).into_token_stream(),
        );
        let smoothing = number(self.label_smoothing);
        let weights = self.weights.iter().map(|w| number(*w));
        let weights = match self.weights.is_empty() {
            true => quote!(#runtime::None),
            false => quote!(#runtime::Some(&[#(#weights),*])),
        };
        quote! {
            #runtime::CrossEntropy {
                ignore_index: #runtime::Some(#ignore),
                label_smoothing: #smoothing,
                class_weights: #weights,
            }
        }
    }
}

/// e^(x - m) for each of the logits `[.., classes]` and the largest m of its row, which both the
/// loss and its gradient use.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Exponentials;

/// The loss of each row: logits `[.., classes]`, their exponentials, targets `[..]`.
#[derive(Debug, PartialEq, Eq, Hash)]
struct CrossEntropy(Options);

/// The gradient of the logits, from the exponentials, the targets and the gradient of the rows'
/// losses (one number for all rows).
#[derive(Debug, PartialEq, Eq, Hash)]
struct CrossEntropyGradient(Options);

/// Adds the loss of each row, from logits `[.., classes]` and targets `[..]`.
pub fn cross_entropy(graph: &mut Graph, options: Options, logits: Value, targets: Value) -> Value {
    let exponentials = graph.kernel(Exponentials, vec![logits]);
    graph.kernel(CrossEntropy(options), vec![logits, exponentials, targets])
}

/// A cross entropy of logits.
pub struct OfLogits<'a> {
    /// The options.
    pub options: &'a Options,
    /// The logits, `[.., classes]`.
    pub logits: Value,
    /// Their exponentials.
    pub exponentials: Value,
    /// The target of each row.
    pub targets: Value,
}

impl<'a> OfLogits<'a> {
    /// Returns the cross entropy that a value is, if it is one.
    #[must_use]
    pub fn find(graph: &'a Graph, value: Value) -> Option<Self> {
        let (Op::Kernel(kernel), operands) = (&graph[value].op, &graph[value].operands) else {
            return None;
        };
        let CrossEntropy(options) = kernel.downcast_ref()?;
        let &[logits, exponentials, targets] = &operands[..] else { return None };
        Some(Self { options, logits, exponentials, targets })
    }
}

/// Returns the number of rows and of classes.
fn sizes(call: &Call<'_>) -> (TokenStream, TokenStream) {
    let logits = call.types[0];
    (call.rows(logits, &logits.leading()), logits.last().tokens())
}

impl Kernel for Exponentials {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    /// Returns none: the gradient of [`CrossEntropy`] goes to the logits directly.
    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None]
    }

    fn flops(&self, _: &[&Type], result: &Type) -> Size {
        Size::from(3).times(&result.len())
    }

    fn reads(&self, _: usize, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, result, .. } = call;
        let ((rows, classes), logits) = (sizes(call), last_rows_of(call, 0));
        quote!(#runtime::loss::exponentials(#simd, #rows, #classes, #logits, #result);)
    }
}

impl Kernel for CrossEntropy {
    fn result(&self, operands: &[&Type]) -> Type {
        let logits = operands[0];
        Type::sample(logits.shape[..logits.shape.len() - 1].to_vec())
    }

    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>> {
        let &[_, exponentials, targets] = at.operands else { return Vec::new() };
        let graph = &mut *at.graph;
        let kernel = CrossEntropyGradient(self.0.clone());
        let gradient = if graph.ty(at.gradient).is_number() {
            graph.kernel(kernel, vec![exponentials, targets, at.gradient])
        } else {
            // every row has its own gradient: the rows are scaled afterwards
            let one = graph.number(1.0);
            let rows = graph.kernel(kernel, vec![exponentials, targets, one]);
            let ty = graph.ty(at.result).clone();
            let each = graph.expand(at.gradient, &ty);
            let mut shape = ty.shape;
            shape.push(Size::one());
            let scale = graph.view(each, shape);
            graph.multiply(rows, scale)
        };
        vec![Some(gradient), None, None]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        Size::from(2).times(&operands[0].len())
    }

    fn takes_small_gradients(&self) -> bool {
        true
    }

    fn reads(&self, operand: usize, layout: &Layout) -> bool {
        // the exponentials and targets are in memory of their own
        operand == 0 && has_rows(layout)
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, result, .. } = call;
        let (rows, classes) = sizes(call);
        let (logits, exponentials, targets) = (last_rows_of(call, 0), &operands[1], &operands[2]);
        let options = self.0.tokens(runtime, call.scalar);
        quote!(#runtime::loss::cross_entropy(#simd, #rows, #classes, #logits, #exponentials, #targets, &#options, #result);)
    }
}

impl Kernel for CrossEntropyGradient {
    fn result(&self, operands: &[&Type]) -> Type {
        operands[0].clone()
    }

    fn derivative(&self, _: &mut Derivative<'_>) -> Vec<Option<Value>> {
        vec![None; 3]
    }

    fn flops(&self, operands: &[&Type], _: &Type) -> Size {
        Size::from(2).times(&operands[0].len())
    }

    fn in_place(&self) -> bool {
        true
    }

    fn writes(&self, layout: &Layout) -> bool {
        has_rows(layout)
    }

    fn call(&self, call: &Call<'_>) -> TokenStream {
        let Call { runtime, simd, operands, ty, .. } = call;
        let (rows, classes) = sizes(call);
        let result = call.rows_of_result(last(&ty.shape));
        let (exponentials, targets, scale) = (&operands[0], &operands[1], &operands[2]);
        let options = self.0.tokens(runtime, call.scalar);
        if call.in_place {
            return quote!(#runtime::loss::cross_entropy_gradient_in_place(#simd, #rows, #classes, #targets, &#options, #scale, #result););
        }
        quote!(#runtime::loss::cross_entropy_gradient(#simd, #rows, #classes, #exponentials, #targets, &#options, #scale, #result);)
    }
}
