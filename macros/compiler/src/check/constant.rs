//! Constants of the user's as sizes: whether there are any of such names, the macro cannot see.

use super::{Binding, Checker, Reported, Result};
use crate::ast::path_text;
use crate::nearest::{distance, nearest};
use crate::program::Constant;
use crate::report::Place;
use crate::size::{self, Size};
use quote::ToTokens as _;

/// Names that are usual for the axes of a batch.
const BATCH_AXES: [&str; 7] = ["BATCH", "BATCH_SIZE", "SEQ", "SEQ_LEN", "LEN", "TIME", "STEPS"];

/// A misspelt name of this many characters is told from a constant of the user's.
const LONG: usize = 4;

/// It differs from the size by at most as many edits.
const EDITS: usize = 2;

/// So is the axis of a batch by a name of at most as many.
const SHORT: usize = 2;

impl Checker<'_> {
    /// The size that a constant of the user's is. What is most likely a misspelt size is refused:
    /// a path is always a constant.
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

    /// The same where it is an axis of an input, a target or an output by itself: a batch's axis,
    /// or a run-time size without its `dyn`, would look like it.
    pub(super) fn constant_axis(&mut self, path: &syn::Path, place: Place) -> Result<Size> {
        let text = path_text(path);
        let usual = text.chars().count() <= SHORT || BATCH_AXES.contains(&text.as_str());
        if path.get_ident().is_some() && usual {
            // an input in error may be what declares it
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
