//! Names. A raw identifier `r#h` is another spelling of `h`, as in Rust; only keywords keep the
//! prefix.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Path, Result};

/// Parses a name, without its `r#`.
pub fn name(input: ParseStream) -> Result<Ident> {
    input.parse().map(|name: Ident| plain(&name))
}

/// Parses a name or a keyword, without its `r#`.
pub fn any_name(input: ParseStream) -> Result<Ident> {
    input.call(Ident::parse_any).map(|name| plain(&name))
}

/// Removes `r#` from all segments of a path.
pub fn path(mut path: Path) -> Path {
    for segment in &mut path.segments {
        segment.ident = plain(&segment.ident);
    }
    path
}

/// Returns the name without `r#`, unless the rest is a keyword.
fn plain(name: &Ident) -> Ident {
    let bare = name.unraw();
    let is_name = bare != *name && syn::parse_str::<Ident>(&bare.to_string()).is_ok();
    if is_name { bare } else { name.clone() }
}
