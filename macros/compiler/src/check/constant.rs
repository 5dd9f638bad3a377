//! Constants of the user's as sizes. The macro cannot see if they exist.

use super::{Binding, Checker, Reported, Result};
use crate::ast::path_text;
use crate::nearest::{distance, nearest};
use crate::program::Constant;
use crate::report::Place;
use crate::size::{self, Size};
use quote::ToTokens as _;

/// Names that are usual for a batch axis or a sequence length, where a shape begins with it.
const BATCH_AXES: [&str; 15] = [
    "N",
    "B",
    "T",
    "S",
    "L",
    "BS",
    "BATCH",
    "BATCH_SIZE",
    "SEQ",
    "SEQ_LEN",
    "SEQUENCE",
    "LEN",
    "TIME",
    "STEPS",
    "NONE",
];

/// The minimum length of a name that is compared with the known sizes, as a possible misspelling.
const MIN_COMPARED: usize = 4;

/// The maximum number of edits between a misspelt name and the size that is suggested.
const EDITS: usize = 2;

impl Checker<'_> {
    /// Returns the size of a user's constant. A single name that is most likely a misspelt size is
    /// refused; a longer path is always a constant.
    pub(super) fn constant_size(&mut self, path: &syn::Path, place: Place) -> Result<Size> {
        let text = path_text(path);
        if path.get_ident().is_some() && text.chars().count() >= MIN_COMPARED {
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

    /// Returns true if a name is usual for a batch axis or for a run-time size without its `dyn`,
    /// and nothing known.
    pub(super) fn is_batch_axis(&self, path: &syn::Path) -> bool {
        let Some(name) = path.get_ident().map(ToString::to_string) else { return false };
        !self.scope.contains_key(&name)
            && !self.is_of_targets(&name)
            && BATCH_AXES.contains(&&*name.to_uppercase())
    }

    /// Refuses a batch axis.
    pub(super) fn batch_axis(&mut self, path: &syn::Path, place: Place) -> Result<Size> {
        // an input in error may be the one that declares the size
        if self.scope.values().any(|binding| matches!(binding, Binding::Unknown)) {
            return Err(Reported);
        }
        let (text, upper) = (path_text(path), path_text(path).to_uppercase());
        let constant = match text == upper {
            true => format!(
                ", or `self::{text}` for a constant of yours (one inside a function needs another name)"
            ),
            false => String::new(),
        };
        let message = format!(
            "no size `{text}`; shapes are of one sample, without the batch: write `dyn {upper}` for a size that is known only when the network runs{constant}"
        );
        self.error(place, message)
    }
}
