//! Constants of the user's as sizes: whether there are any of such names, the macro cannot see.

use super::Checker;
use crate::ast::path_text;
use crate::program::Constant;
use crate::report::Place;
use crate::size::{self, Size};
use quote::ToTokens as _;

impl Checker<'_> {
    /// The size that a constant of the user's is.
    pub(super) fn constant_size(&mut self, path: &syn::Path, place: Place) -> Size {
        let text = path_text(path);
        let near = if path.get_ident().is_some() { self.near_size(&text) } else { String::new() };
        let doubt = (!near.is_empty()).then(|| format!("no size `{text}`{near}"));
        let name = self.networks.name_of_constant(&text);
        let size = size::Constant::new(&text, &name);
        let path = path.to_token_stream();
        self.program.constants.push(Constant { name, path, doubt, place });
        size::Atom::Constant(size).into()
    }

    /// The same where it is an axis of an input, a target or an output by itself: a batch's axis,
    /// or a run-time size without its `dyn`, would look like it.
    pub(super) fn constant_axis(&mut self, path: &syn::Path, place: Place) -> Size {
        let size = self.constant_size(path, place);
        let text = path_text(path);
        if path.get_ident().is_some()
            && let Some(Constant { doubt: doubt @ None, .. }) = self.program.constants.last_mut()
        {
            *doubt = Some(format!(
                "no size `{text}`; shapes are of one sample, without the batch: write `dyn {text}` for a size that is known only when the network runs"
            ));
        }
        size
    }
}
