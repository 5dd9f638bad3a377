//! Constants of the user's as sizes. The macro cannot see if they exist.

use super::{Binding, Checker, Reported, Result};
use crate::ast::path_text;
use crate::nearest::{distance, nearest};
use crate::program::Constant;
use crate::report::Place;
use crate::size::{self, Size};
use quote::ToTokens as _;

/// Names that are usual for a batch axis or a sequence length.
const BATCH_AXES: [&str; 7] = ["BATCH", "BATCH_SIZE", "SEQ", "SEQ_LEN", "LEN", "TIME", "STEPS"];

/// The minimum length of a name that is compared with the known sizes, as a possible misspelling.
const LONG: usize = 4;

/// The maximum number of edits between a misspelt name and the size that is suggested.
const EDITS: usize = 2;

/// The maximum length of a name that is taken for a run-time size without its `dyn`, such as `B` or
/// `T`.
const SHORT: usize = 2;

impl Checker<'_> {
    /// Returns the size of a user's constant. A single name that is most likely a misspelt size is
    /// refused; a longer path is always a constant.
    pub(super) fn constant_size(&mut self, path: &syn::Path, place: Place) -> Result<Size> {
        let text = path_text(path);
        if path.get_ident().is_some() && text.chars().count() >= LONG {
            let near = nearest(&text, self.size_names());
            if let Some(near) = near.filter(|near| distance(near, &text) <= EDITS) {
                let message = format!(
                    "no size `{text}`; did you mean `{near}`? (a constant of yours is `self::{text}`; one inside a function needs another name)"
                );
                return self.error(place, message);
            }
        }
        let name = self.networks.name_of_constant(&text);
        let size = size::Constant::new(&text, &name);
        let path = path.to_token_stream();
        self.program.constants.push(Constant { name, path, place });
        Ok(size::Atom::Constant(size).into())
    }

    /// Returns the size of a user's constant that is a whole axis of an input, target or output. A
    /// name that is usual for a batch axis or a run-time size is refused.
    pub(super) fn constant_axis(&mut self, path: &syn::Path, place: Place) -> Result<Size> {
        let text = path_text(path);
        let usual = text.chars().count() <= SHORT || BATCH_AXES.contains(&text.as_str());
        if path.get_ident().is_some() && usual {
            // an input in error may be the one that declares the size
            if self.scope.values().any(|binding| matches!(binding, Binding::Unknown)) {
                return Err(Reported);
            }
            let message = format!(
                "no size `{text}`; shapes are of one sample, without the batch: write `dyn {text}` for a size that is known only when the network runs, or `self::{text}` for a constant of yours (one inside a function needs another name)"
            );
            return self.error(place, message);
        }
        self.constant_size(path, place)
    }
}
