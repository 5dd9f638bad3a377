//! The type of a layer from elsewhere, with what its generic arguments stand for.

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
    /// The type that a path names.
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
                // the place of the whole type is that of its name; its arguments have their own
                let end = path.segments.last().map_or(place.start, |last| last.ident.span());
                let [open, close] = [quote!(::<), quote!(>)].map(|it| Place::token(end).mark(it));
                (quote!(#bare #open #(#arguments),* #close), text)
            }
        };
        Ok(External { path, text: text.into(), private_path: self.networks.private_path().clone() })
    }

    /// A generic argument as it stands outside of the network that it is written in.
    fn external_argument(&mut self, argument: &Expr) -> Result<TokenStream> {
        let ExprKind::Path(path) = &argument.kind else {
            let size = self.size(argument)?;
            return self.external_size(&size, argument);
        };
        match self.scope.get(&path_text(path)).cloned() {
            Some(Binding::Activation(bound)) => Ok(bound.into_token_stream()),
            Some(Binding::Size(size)) if size == Size::symbol(path_text(path)) => {
                self.external_size(&size, argument).map(|_| path.to_token_stream())
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

    /// A size as a generic argument: Rust takes numbers and single parameters there.
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
        Ok(argument.place.mark(size.tokens()))
    }
}

/// Tokens without spaces between them.
fn compact(tokens: &TokenStream) -> String {
    tokens.to_string().replace(' ', "")
}
