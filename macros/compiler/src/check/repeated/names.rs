//! Names of parameters in loops: `layers0.{i}.linear0.weight`, where `{i}` stands for the iteration
//! number.

use crate::ast::{For, Over};
use crate::check::{Checker, Result};
use crate::report::Place;
use syn::LitStr;
use syn::ext::IdentExt as _;

/// The surrounding loops in which each iteration has its own parameters, for names.
#[derive(Default)]
pub struct LoopNames {
    /// The loops from the outermost in: the name of the iteration number, and the prefix of names
    /// outside of the loop.
    around: Vec<(String, String)>,
    /// The outermost surrounding loop over a range whose number of iterations is known only at run
    /// time: its iterations cannot have their own parameters.
    pub(in crate::check) uncounted: Option<String>,
}

impl LoopNames {
    /// Returns the loops for the body of a network, where `uncounted` is the loop around its
    /// declaration whose number of iterations is unknown, if any.
    pub fn inside(uncounted: Option<String>) -> Self {
        Self { around: Vec::new(), uncounted }
    }
}

/// The naming context outside of a loop, restored when the loop ends.
pub(in crate::check) struct Outside {
    prefix: Option<String>,
    uncounted: Option<String>,
}

impl Checker<'_> {
    /// Enters a loop: later names get its prefix. Returns the context for [`Self::leave_loop`].
    pub(super) fn enter_loop(
        &mut self,
        repeated: &For,
        stored: Option<&LitStr>,
        per_iteration_params: bool,
    ) -> Outside {
        let uncounted = self.frame.loops.uncounted.clone();
        if !per_iteration_params {
            let is_range = matches!(repeated.over, Over::Range(..));
            if let Some(stored) = stored {
                let what = match is_range {
                    true => {
                        "the iterations of this loop have no parameters: there is nothing to name"
                    }
                    false => {
                        "the iterations of this loop share their parameters: name the layers in it"
                    }
                };
                self.report.error(stored.span(), what);
            }
            if is_range {
                self.frame.loops.uncounted.get_or_insert_with(|| repeated.head());
            }
            return Outside { prefix: None, uncounted };
        }
        let number = match (&repeated.over, &repeated.names[..]) {
            (Over::Range(..), [name]) => name.unraw().to_string(),
            _ => "_".to_owned(),
        };
        let outside = self.frame.prefix.clone();
        let name = match stored {
            Some(stored) => {
                let place = Place::token(stored.span());
                self.full_name(&stored.value(), place).unwrap_or_default()
            }
            None => format!("{outside}{}", self.automatic_name("layers")),
        };
        self.modules.stored_names.insert(name.clone(), repeated.place);
        self.frame.prefix = format!("{name}.{{i}}.");
        self.frame.loops.around.push((number, outside.clone()));
        Outside { prefix: Some(outside), uncounted }
    }

    /// Leaves a loop: restores the context before it.
    pub(super) fn leave_loop(&mut self, before: Outside) {
        if let Some(prefix) = before.prefix {
            self.frame.prefix = prefix;
            self.frame.loops.around.pop();
        }
        self.frame.loops.uncounted = before.uncounted;
    }

    /// Reports a layer that would have its own parameters in each iteration of a loop whose number
    /// of iterations is known only at run time.
    pub(in crate::check) fn must_be_counted(
        &mut self,
        uncounted: Option<&String>,
        text: &str,
        place: Place,
    ) {
        if let Some(head) = uncounted {
            self.report.error(
                place,
                format!("every iteration of `{head}` would have a `{text}` of its own, but how many there are is known only when the network runs: name it before the loop, and they share it"),
            );
        }
    }

    /// Returns the full name of `name` in the current context, with `{i}` for each iteration
    /// number. A name that has such numbers itself is relative to the outermost loop that it
    /// mentions.
    pub(in crate::check) fn full_name(&mut self, name: &str, place: Place) -> Result<String> {
        if !name.contains(['{', '}']) {
            return Ok(format!("{}{name}", self.frame.prefix));
        }
        let around = &self.frame.loops.around;
        let mentioned = |(number, _): &(String, String)| name.contains(&format!("{{{number}}}"));
        let Some(first) = around.iter().position(mentioned) else {
            return self.error(
                place,
                format!("`{name}` names no iteration of a loop: in `for i in 0..N`, `{{i}}` is the iteration's number"),
            );
        };
        if let Some((number, _)) = around[first..].iter().find(|around| !mentioned(around)) {
            let number = number.clone();
            return self.error(
                place,
                format!("`{name}` is the same in every iteration of `for {number} in ..`: put `{{{number}}}` into it"),
            );
        }
        let mut full = format!("{}{name}", around[first].1);
        for (number, _) in around {
            full = full.replace(&format!("{{{number}}}"), "{i}");
        }
        match full.replace("{i}", "").contains(['{', '}']) {
            false => Ok(full),
            true => {
                self.error(place, format!("`{name}` has braces that name no iteration of a loop"))
            }
        }
    }
}
