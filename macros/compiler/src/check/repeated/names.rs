//! What the parameters of a loop are called: `layers0.{i}.linear0.weight`, with the number of the
//! turn in place of the braces.

use crate::ast::{For, Over};
use crate::check::{Checker, Result};
use crate::report::Place;
use syn::LitStr;

/// Loops whose turns have parameters of their own, and what they add to names.
#[derive(Default)]
pub struct LoopNames {
    /// From the outside in: the name of the turn's number, and what precedes names outside.
    around: Vec<(String, String)>,
}

impl Checker<'_> {
    /// Names to come are those of a loop; what they were before.
    pub(super) fn enter_loop(
        &mut self,
        repeated: &For,
        stored: Option<&LitStr>,
        deep: bool,
    ) -> Option<String> {
        if !deep {
            if let Some(stored) = stored {
                self.report.error(
                    stored.span(),
                    "the turns of this loop share their parameters: name the layers in it",
                );
            }
            return None;
        }
        let number = match (&repeated.over, &repeated.names[..]) {
            (Over::Range(..), [name]) => name.to_string(),
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
        self.stored_names.insert(name.clone(), repeated.place);
        self.frame.prefix = format!("{name}.{{i}}.");
        self.frame.loops.around.push((number, outside.clone()));
        Some(outside)
    }

    /// Names to come are as before the loop.
    pub(super) fn leave_loop(&mut self, before: Option<String>) {
        if let Some(prefix) = before {
            self.frame.prefix = prefix;
            self.frame.loops.around.pop();
        }
    }

    /// The full name of what is called `name` here. `{i}` stands for the number of a turn; a name
    /// with one says by itself where in the loops it is.
    pub(in crate::check) fn full_name(&mut self, name: &str, place: Place) -> Result<String> {
        if !name.contains(['{', '}']) {
            return Ok(format!("{}{name}", self.frame.prefix));
        }
        let around = &self.frame.loops.around;
        let mentioned = |(number, _): &(String, String)| name.contains(&format!("{{{number}}}"));
        let Some(first) = around.iter().position(mentioned) else {
            return self.error(
                place,
                format!("`{name}` names no turn of a loop: in `for i in 0..N`, `{{i}}` is the turn's number"),
            );
        };
        if let Some((number, _)) = around[first..].iter().find(|around| !mentioned(around)) {
            let number = number.clone();
            return self.error(
                place,
                format!("`{name}` is the same in every turn of `for {number} in ..`: put `{{{number}}}` into it"),
            );
        }
        let mut full = format!("{}{name}", around[first].1);
        for (number, _) in around {
            full = full.replace(&format!("{{{number}}}"), "{i}");
        }
        match full.replace("{i}", "").contains(['{', '}']) {
            false => Ok(full),
            true => self.error(place, format!("`{name}` has braces that name no turn of a loop")),
        }
    }
}
