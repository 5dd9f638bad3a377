//! The constants of the user's that are sizes: each is read once, on the user's token, so that one
//! that does not exist or is no `usize` is one error.

use crate::program::Constant;
use crate::report::Place;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The largest constant that is found by counting.
const MOST: u64 = 1 << 22;

/// A definition for each name that generated code has for one.
#[must_use]
pub fn constants(mut all: Vec<Constant>) -> TokenStream {
    // the first place is that of the error, and any doubt is worth its words
    let position = |constant: &Constant| {
        let start = constant.place.start.start();
        (start.line, start.column)
    };
    all.sort_by_key(|constant| (constant.name.clone(), position(constant)));
    let mut merged: Vec<Constant> = Vec::new();
    for constant in all {
        match merged.last_mut() {
            Some(last) if last.name == constant.name => {
                last.doubt = last.doubt.take().or(constant.doubt);
            }
            _ => merged.push(constant),
        }
    }
    merged.sort_by_key(position);
    merged.iter().map(definition).collect()
}

fn definition(constant: &Constant) -> TokenStream {
    let Constant { name, path, doubt, place } = constant;
    let name = Ident::new(name, Span::call_site());
    match doubt {
        None => quote! {
            #[allow(dead_code)]
            const #name: usize = #path;
        },
        Some(doubt) => doubtful(&name, path, doubt, *place),
    }
}

/// A name that may stand for nothing. In a pattern that is no error: such a name is one for the
/// value itself. Only a constant of the user's makes the number a `usize`, so the type tells what
/// is to be said; and the value of the constant is the number that the pattern matches.
fn doubtful(name: &Ident, path: &TokenStream, doubt: &str, place: Place) -> TokenStream {
    let size = Ident::new("size", Span::call_site().located_at(place.start));
    let check = place.mark(quote!(let _: &dyn Size = &));
    let far = format!("`{path}` is beyond {MOST}, up to which it is found: write `self::{path}`");
    let most = proc_macro2::Literal::u64_unsuffixed(MOST);
    quote! {
        #[allow(
            dead_code,
            long_running_const_eval,
            non_snake_case,
            trivial_numeric_casts,
            unreachable_patterns,
            unused_variables
        )]
        const #name: usize = {
            #[diagnostic::on_unimplemented(message = #doubt, label = "a constant of yours is a `usize`")]
            trait Size {}
            #[diagnostic::do_not_recommend]
            impl Size for usize {}
            #[diagnostic::do_not_recommend]
            impl Size for u8 {}
            let mut size = 0;
            while size < #most {
                match size {
                    #path => break,
                    _ => size += 1,
                }
            }
            #check #size;
            ::core::assert!(size < #most, #far);
            size as usize
        };
    }
}
