//! The traits of a network that can be looked into.

use super::body::{Context, body};
use super::interface::Interface;
use super::lengths::{Slots, extents, slots_at};
use super::signature::Gives;
use crate::ir::function::Function;
use crate::ir::kernel::Dense;
use crate::ir::{Op, Value};
use crate::pass::{InspectPasses, TracedPass};
use crate::program::Program;
use crate::size::Size;
use crate::trace::{Role, Shown, Source, Traced, courses};
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

/// The content that only a network that can be looked into has.
pub struct Inspect {
    look: TraceContent,
    train: Option<TraceContent>,
}

/// The content of a pass with traced values.
#[derive(Default)]
struct TraceContent {
    slots: Slots,
    values: Vec<TokenStream>,
    shown: Vec<TokenStream>,
    body: TokenStream,
}

impl Inspect {
    /// Returns the content of the traits.
    pub fn new(
        runtime: &TokenStream,
        context: &Context<'_>,
        program: &Program,
        passes: &InspectPasses,
    ) -> Self {
        let written = |pass: &TracedPass, owner: &str, name: &str| {
            let TracedPass { pass, trace } = pass;
            let slots = Slots::of(program, &pass.plan, owner, name);
            let value = |value| traced(runtime, program, pass, value);
            TraceContent {
                slots: Slots::new(runtime, program, &pass.plan),
                values: trace.values.iter().map(value).collect(),
                shown: trace.shown.iter().map(|it| shown(runtime, it)).collect(),
                body: body(context, pass, &slots),
            }
        };
        Self {
            look: written(&passes.look, "Inspect", "look_slots"),
            train: passes.train.as_ref().map(|t| written(t, "InspectTraining", "trace_slots")),
        }
    }

    /// Returns the content of a stub.
    pub fn empty() -> Self {
        let body = quote!(__monograd::zero());
        Self {
            look: TraceContent::default(),
            train: Some(TraceContent { body, ..TraceContent::default() }),
        }
    }
}

/// Returns the runtime's description of a traced value.
fn traced(
    runtime: &TokenStream,
    program: &Program,
    pass: &crate::pass::Pass,
    it: &Traced,
) -> TokenStream {
    let (graph, Traced { value, order, of, role, sources }) = (&pass.graph, it);
    let node = &graph[*value];
    let around = courses(graph, node.region);
    let symbols = graph.enclosing(node.region).map(|region| &graph[region].index);
    let symbols: Vec<&String> = symbols.collect();
    let first = |region| graph.values().find(|v| graph.is_within(graph[*v].region, Some(region)));
    let loops = around.iter().map(|(region, _)| {
        let start = Literal::usize_unsuffixed(first(*region).unwrap_or(*value).0);
        let reversed = graph[*region].reversed;
        quote!((#start, #reversed))
    });
    // a size that differs between iterations is no constant
    let varies = |size: &Size| symbols.iter().any(|symbol| size.mentions(symbol));
    let shape = match node.ty.shape.iter().any(varies) {
        true => quote!(#runtime::None),
        false => {
            let shape = extents(runtime, program, &node.ty.shape);
            let divides = node.ty.shape.iter().any(Size::has_quotient);
            match divides {
                true => quote!(#runtime::Some(const { #shape })),
                false => quote!(#runtime::Some(#shape)),
            }
        }
    };
    let (operation, line, order, batched) = (
        operation(program, *of),
        Literal::usize_unsuffixed(line(program, *of)),
        Literal::usize_unsuffixed(order.0),
        node.ty.batched,
    );
    let layer = optional(runtime, layer(program, *of));
    let role = match role {
        Role::Result => quote!(Result),
        Role::Contribution => quote!(Contribution),
        Role::Gradient => quote!(Gradient),
        Role::Slope => quote!(Slope),
    };
    let sources = sources.iter().map(|source| {
        let (kind, index) = match source {
            Source::Traced(index) => ("Traced", index),
            Source::Input(index) => ("Input", index),
            Source::Target(index) => ("Target", index),
        };
        let (kind, index) = (format_ident!("{kind}"), Literal::usize_unsuffixed(*index));
        quote!(#runtime::TraceSource::#kind(#index))
    });
    let name = &program.graph[*of].name;
    quote! {
        #runtime::Traced {
            role: #runtime::Role::#role,
            operation: #operation,
            name: #name,
            line: #line,
            layer: #layer,
            shape: #shape,
            batched: #batched,
            order: #order,
            loops: &[#(#loops),*],
            sources: &[#(#sources),*],
        }
    }
}

fn shown(runtime: &TokenStream, shown: &Shown) -> TokenStream {
    let Shown { row, name, output, slope, gradient } = shown;
    let output = Literal::usize_unsuffixed(*output);
    let [row, slope, gradient] = [row, slope, gradient].map(|it| optional(runtime, *it));
    quote! {
        #runtime::Shown { row: #row, name: #name, output: #output, slope: #slope, gradient: #gradient }
    }
}

fn optional(runtime: &TokenStream, index: Option<usize>) -> TokenStream {
    match index {
        Some(index) => {
            let index = Literal::usize_unsuffixed(index);
            quote!(#runtime::Some(#index))
        }
        None => quote!(#runtime::None),
    }
}

/// Returns the name of an operation as the language has it.
fn operation(program: &Program, of: Value) -> String {
    let node = &program.graph[of];
    let function = node.function.map(str::to_owned);
    function.unwrap_or_else(|| match &node.op {
        Op::Scalar(Function::Add) => "+".to_owned(),
        Op::Scalar(Function::Subtract | Function::Negate) => "-".to_owned(),
        Op::Scalar(Function::Multiply) => "*".to_owned(),
        Op::Scalar(Function::Divide) => "/".to_owned(),
        Op::Scalar(Function::Power(_)) => "pow".to_owned(),
        Op::Kernel(kernel) if kernel.is::<Dense>() => "linear".to_owned(),
        op => op.noun(),
    })
}

/// Returns the line of the source at which a value is computed: that of the first expression from it on
/// whose place is known.
fn line(program: &Program, of: Value) -> usize {
    let known = program.graph.values().skip(of.0).find_map(|value| program.places.get(&value));
    known.map_or(0, |place| place.line())
}

/// Returns the row of the innermost layer that computes a value.
fn layer(program: &Program, of: Value) -> Option<usize> {
    let rows = program.rows.iter().enumerate();
    let around = rows.filter(|(_, row)| row.values.contains(&of.0));
    around.min_by_key(|(_, row)| row.values.len()).map(|(index, _)| index)
}

impl Interface<'_> {
    /// Emits `impl Inspect` and, of a network with a loss, `impl InspectTraining`.
    pub fn inspect(&self, inspect: &Inspect) -> TokenStream {
        let scalar = &self.scalar;
        let (generics, ty) = (self.generics(), self.of(&quote!(#scalar)));
        let TraceContent { slots, values, shown, body } = &inspect.look;
        let gives = Gives::Nothing;
        let look = self.function("look", &["arena", "trace"], gives, body);
        let at = slots_at(&quote!(look_slots), &slots.at);
        let slots = &slots.constant;
        let train = inspect.train.as_ref().map(|TraceContent { slots, values, shown, body }| {
            let more = ["targets", "arena", "gradients", "trace"];
            let pass = self.function("trace_tile", &more, Gives::Loss, body);
            let at = slots_at(&quote!(trace_slots), &slots.at);
            let slots = &slots.constant;
            quote! {
                #[automatically_derived]
                impl #generics __monograd::InspectTraining for #ty {
                    type Network = Self;

                    const TRACE_SLOTS: &'static [__monograd::Slot] = #slots;
                    const TRACED: &'static [__monograd::Traced] = &[#(#values),*];
                    const SHOWN_IN_TRAINING: &'static [__monograd::Shown] = &[#(#shown),*];

                    fn itself(&self) -> &Self {
                        self
                    }

                    #at

                    #pass
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl #generics __monograd::Inspect for #ty {
                const LOOK_SLOTS: &'static [__monograd::Slot] = #slots;
                const LOOKED_AT: &'static [__monograd::Traced] = &[#(#values),*];
                const SHOWN: &'static [__monograd::Shown] = &[#(#shown),*];

                #at

                #look
            }

            #train
        }
    }

    /// Emits the item of `impl Trainable` by which an anomaly is located.
    pub fn locate(&self) -> TokenStream {
        quote! {
            fn locate(
                &self,
                inputs: Self::Inputs<'_>,
                targets: Self::Targets<'_>,
                batch: (usize, &[usize]),
            ) -> __monograd::Located {
                __monograd::locate(self, inputs, targets, batch)
            }
        }
    }
}
