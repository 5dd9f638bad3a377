//! Scalar expressions, with parentheses only where they are needed.

use super::body::Writer;
use crate::ir::float::Float;
use crate::ir::function::{Activation, Function, UserFn};
use crate::ir::{Leaf, Op, Value};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens as _, quote};
use std::f64::consts;

/// Constants by name: clippy denies literals of constants in the standard library.
const CONSTANTS: [(f64, &str); 5] = [
    (consts::FRAC_2_SQRT_PI, "FRAC_2_SQRT_PI"),
    (consts::PI, "PI"),
    (consts::LN_2, "LN_2"),
    (consts::LOG2_E, "LOG2_E"),
    (consts::LOG10_E, "LOG10_E"),
];

/// An expression, with the precedence of its outermost operator.
pub struct Code {
    /// The expression.
    pub tokens: TokenStream,
    strength: u8,
}

const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const SIGN: u8 = 3;
pub const ATOM: u8 = 4;

impl Code {
    /// Creates an expression that needs no parentheses anywhere.
    pub fn atom(tokens: TokenStream) -> Self {
        Self { tokens, strength: ATOM }
    }

    /// Returns the tokens, in parentheses if the expression binds less than `strength`.
    pub fn at(self, strength: u8) -> TokenStream {
        let tokens = self.tokens;
        if self.strength < strength { quote!((#tokens)) } else { tokens }
    }

    fn binary(a: Self, operator: &TokenStream, b: Self, strength: u8) -> Self {
        let (a, b) = (a.at(strength), b.at(strength + 1));
        Self { tokens: quote!(#a #operator #b), strength }
    }
}

impl Writer<'_> {
    /// Returns the code of a number for all samples, as a lane.
    pub fn number(&mut self, value: Value) -> TokenStream {
        match &self.graph()[value].op {
            Op::Leaf(Leaf::Number(Float(x))) => {
                if let Some((_, name)) = CONSTANTS.iter().find(|(constant, _)| constant == x) {
                    let name = Ident::new(name, Span::call_site());
                    return quote!(number(::core::f64::consts::#name));
                }
                // a quotient by zero may have been folded
                let size = match x.abs() {
                    x if x.is_nan() => quote!(::core::f64::NAN),
                    f64::INFINITY => quote!(::core::f64::INFINITY),
                    x => Literal::f64_unsuffixed(x).into_token_stream(),
                };
                match self.known_negative(value) {
                    true => quote!(number(-#size)),
                    false => quote!(number(#size)),
                }
            }
            Op::Leaf(Leaf::Count(size)) => {
                let (runtime, size) = (&self.context.runtime, size.tokens());
                quote!(number(#runtime::count(#size)))
            }
            Op::Leaf(Leaf::Constant(constant)) => {
                let (runtime, path) = (&self.context.runtime, &constant.path);
                quote!(number(#runtime::constant(#path)))
            }
            Op::Leaf(Leaf::BatchMean) => {
                let tile = &self.tile;
                quote!(lane(#tile.batch_mean))
            }
            Op::Leaf(Leaf::Samples) => {
                let (runtime, tile) = (&self.context.runtime, &self.tile);
                quote!(number(#runtime::count(#tile.batch)))
            }
            Op::Leaf(Leaf::Normaliser(index)) => {
                let (tile, index) = (&self.tile, Literal::usize_unsuffixed(*index));
                quote!(lane(#tile.normalisers[#index]))
            }
            _ => {
                let name = &self.variables.names[&value];
                quote!(#name)
            }
        }
    }

    fn known_negative(&self, value: Value) -> bool {
        self.graph().known_number(value).is_some_and(f64::is_sign_negative)
    }

    /// Returns the expression of a number that is computed from numbers.
    pub fn number_code(&mut self, value: Value) -> TokenStream {
        let node = self.graph()[value].clone();
        let Op::Scalar(function) = &node.op else { return self.number(value) };
        let operands = node.operands.iter().map(|v| Code::atom(self.number(*v))).collect();
        apply(function, operands, &self.context.runtime).tokens
    }
}

/// Returns the application of a function to expressions.
pub fn apply(function: &Function, operands: Vec<Code>, runtime: &TokenStream) -> Code {
    let mut operands = operands.into_iter();
    let mut next = || operands.next().unwrap_or_else(|| Code::atom(TokenStream::new()));
    let a = next();
    let call = |name: TokenStream, a: Code, b: Option<Code>| {
        let arguments = std::iter::once(a).chain(b).map(|code| code.tokens);
        Code::atom(quote!(#runtime::#name(#(#arguments),*)))
    };
    match function {
        Function::Add => Code::binary(a, &quote!(+), next(), SUM),
        Function::Subtract => Code::binary(a, &quote!(-), next(), SUM),
        Function::Multiply => Code::binary(a, &quote!(*), next(), PRODUCT),
        Function::Divide => Code::binary(a, &quote!(/), next(), PRODUCT),
        Function::Negate => {
            let a = a.at(SIGN + 1);
            Code { tokens: quote!(-#a), strength: SIGN }
        }
        Function::Expand | Function::Stop => a,
        Function::Maximum => call(quote!(maximum), a, Some(next())),
        Function::Minimum => call(quote!(minimum), a, Some(next())),
        Function::Gate => call(quote!(chosen), a, Some(next())),
        Function::AtLeast => call(quote!(at_least), a, Some(next())),
        Function::Above => call(quote!(above), a, Some(next())),
        Function::Equal => call(quote!(equal), a, Some(next())),
        Function::Unequal => call(quote!(unequal), a, Some(next())),
        Function::Select | Function::Clamp => {
            let name = if *function == Function::Select { quote!(select) } else { quote!(clamp) };
            let (first, second, third) = (a.tokens, next().tokens, next().tokens);
            Code::atom(quote!(#runtime::#name(#first, #second, #third)))
        }
        Function::UserFn(UserFn { name, .. }) => {
            let arguments = std::iter::once(a).chain(operands).map(|code| code.tokens);
            Code::atom(quote!(Self::#name(#(#arguments),*)))
        }
        Function::UserFnSlope(UserFn { name, .. }, by) => {
            let arguments = std::iter::once(a).chain(operands).enumerate();
            let arguments = arguments.map(|(index, Code { tokens, .. })| match index == *by {
                true => quote!(#runtime::variable(#tokens)),
                false => quote!(#runtime::fixed(#tokens)),
            });
            Code::atom(quote!(Self::#name(#(#arguments),*).derivative))
        }
        Function::BceWithLogits => call(quote!(bce_with_logits), a, Some(next())),
        Function::Named(named) => {
            let name = Ident::new(named.runtime, Span::call_site());
            call(quote!(#name), a, None)
        }
        Function::Power(p) => {
            let p = Literal::f64_unsuffixed(p.0);
            call(quote!(pow), a, Some(Code::atom(quote!(#p))))
        }
        // The trait's items themselves: each reports a type that is no activation in the same
        // words, and the compiler shows the same message once.
        Function::Activate(Activation { path, .. }) => {
            let a = a.tokens;
            Code::atom(quote!(<#path as #runtime::Activation>::forward(#a)))
        }
        Function::Save(Activation { path, .. }) => {
            let a = a.tokens;
            Code::atom(quote!(<#path as #runtime::Activation>::kept(#a)))
        }
        Function::Chain(Activation { path, .. }) => {
            let (a, dy) = (a.tokens, next().tokens);
            Code::atom(quote!(<#path as #runtime::Activation>::chain(#a, #dy)))
        }
    }
}
