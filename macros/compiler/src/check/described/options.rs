//! The options of a described layer or function: evaluated where it is written.

use super::{Chosen, is_none};
use crate::ast::{Expr, ExprKind, path_text};
use crate::check::arguments::Arguments;
use crate::check::{Binding, Checker, Reported, Result};
use crate::library::{Choice, Description, Kind};
use crate::nearest::suggestion;

impl Checker<'_> {
    /// Evaluates the options among `arguments`.
    pub(super) fn choose(
        &mut self,
        arguments: &mut Arguments<'_>,
        description: &Description,
    ) -> Result<Chosen> {
        let mut chosen = Chosen::default();
        let mut outcome = Ok(());
        for option in &description.options {
            let text = option.name.to_string();
            let given = match option.default {
                Some(_) => match arguments.named(&text) {
                    Some(given) => Some(given),
                    None => arguments.optional(),
                },
                None => match arguments.next(self, &format!("`{text}`")) {
                    Ok(given) => Some(given),
                    Err(Reported) => {
                        outcome = Err(Reported);
                        continue;
                    }
                },
            };
            match given {
                Some(given) => outcome = self.choose_one(option, given, &mut chosen).and(outcome),
                None => {
                    let default = self.default_of(option, &chosen);
                    chosen.values.extend(default.map(|default| (text, default)));
                }
            }
        }
        for input in description.inputs.iter().filter(|input| input.absent.is_some()) {
            let name = input.name.to_string();
            let given = arguments.named(&name);
            chosen.inputs.extend(given.map(|given| (name, given.clone())));
        }
        outcome.map(|()| chosen)
    }

    /// Returns the default of an option: that of the option that it names, if it does. An
    /// activation of the library's is named by its full path, since the user may not have it in
    /// scope.
    fn default_of(&self, option: &Choice, chosen: &Chosen) -> Option<Expr> {
        let mut default = option.default.clone()?;
        if let Some(value) = chosen.values.get(&default.to_string()) {
            return Some(value.clone());
        }
        if let (Kind::Activation, ExprKind::Path(path)) = (&option.kind, &mut default.kind) {
            let private = self.networks.private_path();
            if let Ok(full) = syn::parse2(quote::quote!(#private::#path)) {
                *path = full;
            }
        }
        Some(default)
    }

    fn choose_one(&mut self, option: &Choice, given: &Expr, chosen: &mut Chosen) -> Result<()> {
        let name = option.name.to_string();
        if is_none(given)
            && option.default.as_ref().is_some_and(|default| default.to_string() == "none")
        {
            chosen.values.insert(name, given.clone());
            return Ok(());
        }
        let fault = |what: &str| format!("`{name}` is {what}, not `{given}`");
        match &option.kind {
            Kind::Size => {
                let size = self.size(given)?;
                match size.constant() {
                    #[allow(clippy::cast_precision_loss, reason = "sizes are less than 2^32")]
                    Some(number) => {
                        let kind = ExprKind::Number(number as f64);
                        chosen.values.insert(name, Expr { kind, place: given.place });
                    }
                    None => {
                        chosen.sizes.insert(name, Binding::Size(size));
                    }
                }
                return Ok(());
            }
            Kind::Number => {
                let is_constant = match &given.kind {
                    ExprKind::Path(path) => crate::check::expression::is_constant(path),
                    _ => false,
                };
                if !is_constant {
                    self.literal(given, &name)?;
                }
            }
            Kind::Flag => {
                let flag = match given.kind {
                    ExprKind::Bool(flag) => flag,
                    // the number of an iteration that is written out
                    ExprKind::Number(number) if self.frame.depth > 0 => number != 0.0,
                    _ => return self.error(given.place, fault("`true` or `false`")),
                };
                let kind = ExprKind::Bool(flag);
                chosen.values.insert(name, Expr { kind, place: given.place });
                return Ok(());
            }
            Kind::Activation => {
                let ExprKind::Path(path) = &given.kind else {
                    return self.error(given.place, fault("an activation"));
                };
                let bound = match self.scope.get(&path_text(path)) {
                    Some(Binding::Activation(bound)) => bound.clone(),
                    Some(_) => return self.error(given.place, fault("an activation")),
                    None => {
                        self.is_activation_of_another(path, given.place)?;
                        path.clone()
                    }
                };
                let kind = ExprKind::Path(bound);
                chosen.values.insert(name, Expr { kind, place: given.place });
                return Ok(());
            }
            Kind::Init => {}
            Kind::Word(words) => {
                let is_word = |path: &syn::Path| {
                    path.get_ident().is_some_and(|word| words.iter().any(|known| word == known))
                };
                if !matches!(&given.kind, ExprKind::Path(path) if is_word(path)) {
                    let text = given.to_string();
                    let near = suggestion(&text, words.iter().map(String::as_str));
                    let known: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                    let what = format!("`{name}` is one of {}", known.join(", "));
                    return self.error(given.place, format!("{what}, not `{given}`{near}"));
                }
            }
        }
        chosen.values.insert(name, given.clone());
        Ok(())
    }
}
