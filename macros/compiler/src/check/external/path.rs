//! The types of external layers, with the values of their generic arguments.

use crate::ast::{Expr, ExprKind, path_text};
use crate::check::{Binding, Checker, Result};
use crate::external::External;
use crate::parse::generic_arguments;
use crate::report::Place;
use crate::size::Size;
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::PathArguments;

impl Checker<'_> {
    /// Returns the type that a path names.
    pub(super) fn external_type(&mut self, path: &syn::Path, place: Place) -> Result<External> {
        let mut bare = path.clone();
        if let Some(last) = bare.segments.last_mut() {
            last.arguments = PathArguments::None;
        }
        self.is_visible(&bare, place)?;
        let arguments: Vec<_> = generic_arguments(path)
            .unwrap_or_default()
            .iter()
            .map(|argument| self.external_argument(argument))
            .collect();
        let arguments = arguments.into_iter().collect::<Result<Vec<TokenStream>>>()?;
        let bare = bare.into_token_stream();
        let (path, text) = match arguments.is_empty() {
            true => (bare.clone(), compact(&bare)),
            false => {
                let texts: Vec<String> = arguments.iter().map(compact).collect();
                let text = format!("{}::<{}>", compact(&bare), texts.join(", "));
                // the span of the type is that of its name; the arguments keep their own
                let end = path.segments.last().map_or(place.start, |last| last.ident.span());
                let [open, close] = [quote!(::<), quote!(>)].map(|it| Place::token(end).mark(it));
                (quote!(#bare #open #(#arguments),* #close), text)
            }
        };
        Ok(External { path, text: text.into() })
    }

    /// Returns a generic argument as tokens that are valid outside of the (possibly inlined)
    /// network in which it is written.
    fn external_argument(&mut self, argument: &Expr) -> Result<TokenStream> {
        let ExprKind::Path(path) = &argument.kind else {
            let size = self.size(argument)?;
            return self.external_size(&size, argument);
        };
        match self.scope.get(&path_text(path)).cloned() {
            Some(Binding::Activation(bound)) => Ok(bound.into_token_stream()),
            Some(Binding::Size(size)) if size == Size::symbol(path_text(path)) => {
                self.external_size(&size, argument).map(|_| in_braces(path))
            }
            Some(_) => {
                let size = self.size(argument)?;
                self.external_size(&size, argument)
            }
            None => {
                self.is_visible(path, argument.place)?;
                Ok(path.to_token_stream())
            }
        }
    }

    /// Returns a size as a generic argument, where Rust allows only numbers and single parameters.
    fn external_size(&mut self, size: &Size, argument: &Expr) -> Result<TokenStream> {
        let graph = &self.program.graph;
        if let Some(region) = graph.regions().find(|region| size.mentions(&graph[*region].index)) {
            let index = &graph[region].index;
            let what = format!(
                "a layer from elsewhere is the same in every iteration, not another for each `{index}`"
            );
            return self.error(argument.place, what);
        }
        if size.is_dynamic() {
            let what = format!(
                "`{argument}` is known only when the network runs: a generic argument is a constant"
            );
            return self.error(argument.place, what);
        }
        if size.constant().is_none() && !size.is_symbol() {
            let what = format!(
                "Rust takes no calculation with parameters here: give `{size}` a const parameter of its own"
            );
            return self.error(argument.place, what);
        }
        let tokens = argument.place.mark(size.tokens());
        Ok(if size.is_symbol() { in_braces(tokens) } else { tokens })
    }
}

/// Returns a const parameter as a generic argument. Without braces, a type of its name would be taken
/// instead.
fn in_braces(parameter: impl quote::ToTokens) -> TokenStream {
    quote!({ #parameter })
}

/// Returns tokens as text without spaces, and without the braces around const parameters.
fn compact(tokens: &TokenStream) -> String {
    tokens.to_string().replace([' ', '{', '}'], "")
}
