//! Names: `r#h` is another spelling of `h`, as in Rust; only keywords keep theirs.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Path, Result};

/// A name.
pub fn name(input: ParseStream) -> Result<Ident> {
    input.parse().map(|name: Ident| plain(&name))
}

/// A name, or a keyword in its place.
pub fn any_name(input: ParseStream) -> Result<Ident> {
    input.call(Ident::parse_any).map(|name| plain(&name))
}

/// A path of names.
pub fn path(mut path: Path) -> Path {
    for segment in &mut path.segments {
        segment.ident = plain(&segment.ident);
    }
    path
}

/// The name without `r#`, unless it is a keyword without.
fn plain(name: &Ident) -> Ident {
    let bare = name.unraw();
    let is_name = bare != *name && syn::parse_str::<Ident>(&bare.to_string()).is_ok();
    if is_name { bare } else { name.clone() }
}
