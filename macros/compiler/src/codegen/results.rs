//! The results of a function or an iteration that are not at their destination yet.

use super::buffers::{output_name, unparenthesised};
use super::function::Writer;
use crate::ir::Root;
use crate::plan::Storage;
use proc_macro2::TokenStream;
use quote::quote;

impl Writer<'_> {
    /// Emits the statements that remain once everything of the current loop, or of the function, is
    /// computed.
    pub(super) fn results(&mut self) -> TokenStream {
        let runtime = self.context.runtime.clone();
        let mut tokens = TokenStream::new();
        let mut loss = TokenStream::new();
        let here = |root: &&Root| self.graph()[root.value()].region == self.region;
        let roots: Vec<Root> = self.pass.roots.iter().filter(here).cloned().collect();
        for root in roots {
            let value = self.graph().base(root.value());
            match root {
                Root::Output(index, _) => {
                    if self.plan().homes.get(&value) != Some(&Storage::Output(index)) {
                        let (from, to) = (&self.variables.names[&value], output_name(index));
                        tokens.extend(quote!(#runtime::copy::copy(#from, #to);));
                    }
                }
                Root::Loss(_) => {
                    let name = &self.variables.names[&value];
                    loss = quote!(#runtime::reduce::sum_all(simd, #name));
                }
                Root::State { state, start, .. } => {
                    let (from, start) = (&self.variables.names[&value], unparenthesised(&start));
                    let state = &self.variables.states[state];
                    tokens.extend(quote!(#runtime::copy::put(#from, #state, #start);));
                }
                Root::Gradient(contribution) => {
                    let parameter = contribution.parameter;
                    if self.plan().homes.get(&contribution.value)
                        != Some(&Storage::Gradient(parameter))
                    {
                        let (place, store) = self.gradient(parameter);
                        let name = &self.variables.names[&value];
                        tokens.extend(quote!(#runtime::copy::store(#name, #place, #store);));
                    }
                }
            }
        }
        quote!(#tokens #loss)
    }
}
