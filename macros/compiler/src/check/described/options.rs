//! The options of a described layer or function: evaluated where it is written.

use super::{Chosen, is_none};
use crate::ast::{Expr, ExprKind, path_text};
use crate::check::arguments::Arguments;
use crate::check::{Binding, Checker, Reported, Result};
use crate::library::{Choice, ChoiceKind, Described, Description};
use crate::nearest::suggestion;
use crate::reserved::private_path;
use crate::size::Size;

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
            let given = match (arguments.named(&text), &option.default) {
                (Some(given), _) => {
                    if let Some(twice) = arguments.optional() {
                        let what = format!(
                            "`{text}` is given twice: `{twice}` stands for it, and it is given by its name"
                        );
                        outcome = self.error(twice.place, what);
                    }
                    Some(given)
                }
                (None, Some(_)) => arguments.optional(),
                (None, None) => match arguments.next(self, &format!("`{text}`")) {
                    Ok(given) => Some(given),
                    Err(Reported) => {
                        outcome = Err(Reported);
                        continue;
                    }
                },
            };
            match given {
                Some(given) => {
                    let one = match option.kind {
                        ChoiceKind::Sizes => self.one_for_each_axis(&text, given, description),
                        _ => Ok(()),
                    };
                    let one = one.and_then(|()| self.choose_one(option, given, &mut chosen));
                    let written_out = chosen.bindings.contains_key(&text);
                    let one = match written_out && description.writes_out(&text) {
                        true => self.error(
                            given.place,
                            format!("`{text}` is a number here, because each of these is written out by the macro, which does not know `{given}`"),
                        ),
                        false => one,
                    };
                    outcome = one.and(outcome);
                }
                None => self.choose_default(option, &mut chosen),
            }
        }
        for input in description.inputs.iter().filter(|input| input.absent.is_some()) {
            let name = input.name.to_string();
            let given = arguments.named(&name);
            let given = given.filter(|given| !is_none(given));
            chosen.inputs.extend(given.map(|given| (name, given.clone())));
        }
        outcome.map(|()| chosen)
    }

    /// Reports a list of sizes that are not one for each axis of an image or a signal. A signal may be
    /// padded by a pair.
    fn one_for_each_axis(
        &mut self,
        name: &str,
        given: &Expr,
        description: &Description,
    ) -> Result<()> {
        let (ExprKind::List(items) | ExprKind::Tuple(items)) = &given.kind else { return Ok(()) };
        let Some(input) = description.inputs.first() else { return Ok(()) };
        let sizes = &input.shape.sizes;
        let axes = sizes.len().saturating_sub(1);
        let is_pair = matches!(given.kind, ExprKind::Tuple(_)) && items.len() == 2;
        let any = sizes.iter().any(|size| matches!(size.kind, ExprKind::Rest));
        if any || items.len() == axes || (axes == 1 && is_pair) {
            return Ok(());
        }
        let what = match axes {
            1 => format!("`{name}` is one size, not `{given}`"),
            _ => format!("`{name}` is one size, or {axes}, one for each axis, not `{given}`"),
        };
        self.error(given.place, what)
    }

    /// Reports arguments that begin with the number of inputs, as those of other libraries do: of a
    /// layer that has this number there, what comes after the first ones is given by its name.
    pub(super) fn must_not_begin_with_inputs(
        &mut self,
        described: &Described,
        arguments: &Arguments<'_>,
        description: &Description,
    ) -> Result<()> {
        let Some(most) = described.positional else { return Ok(()) };
        let given: Vec<String> = arguments.left().map(ToString::to_string).collect();
        let (Some(first), true) = (arguments.left().next(), given.len() > most) else {
            return Ok(());
        };
        let call = |given: &[String]| {
            let named = description.options.iter().zip(given).enumerate();
            let arguments = named.map(|(at, (option, given))| match at < most {
                true => given.clone(),
                false => format!("{} = {given}", option.name),
            });
            let arguments: Vec<String> = arguments.collect();
            format!("`{}({})`", described.name, arguments.join(", "))
        };
        let mut what = format!("the size of the input is known here: write {}", call(&given[1..]));
        // a whole number is no `eps`
        if description.options.get(most).is_some_and(|option| option.name != "eps") {
            what = format!("{what}, or, by its name, {}", call(&given));
        }
        self.error(first.place, what)
    }

    /// Chooses the default of an option: the value of the option that it names, if it names one.
    fn choose_default(&self, option: &Choice, chosen: &mut Chosen) {
        let Some(default) = option.default.clone() else { return };
        let name = option.name.to_string();
        match (&option.kind, &default.kind) {
            (ChoiceKind::Activation, ExprKind::Path(path)) => {
                // by its full path, since the user may not have it in scope
                let private = private_path();
                let path = syn::parse2(quote::quote!(#private::#path)).unwrap_or(path.clone());
                chosen.bindings.insert(name, Binding::Activation(path));
            }
            _ => {
                let same = chosen.values.get(&default.to_string()).cloned();
                chosen.values.insert(name, same.unwrap_or(default));
            }
        }
    }

    fn choose_one(&mut self, option: &Choice, given: &Expr, chosen: &mut Chosen) -> Result<()> {
        let name = option.name.to_string();
        if is_none(given) && option.may_be_none {
            chosen.values.insert(name, given.clone());
            return Ok(());
        }
        let fault = |what: &str| format!("`{name}` is {what}, not `{given}`");
        match &option.kind {
            ChoiceKind::Size | ChoiceKind::Index => {
                let size = match option.kind {
                    ChoiceKind::Index => self.index(given)?,
                    _ => self.size(given)?,
                };
                let known = known_size(size, &name, given, chosen);
                chosen.values.extend(known.map(|known| (name, known)));
                return Ok(());
            }
            ChoiceKind::Number => {
                if let Some(size) = self.size_of_parameter(given) {
                    if name == "eps" {
                        return self.error(given.place, no_eps(given));
                    }
                    let known = known_size(size, &name, given, chosen);
                    chosen.values.extend(known.map(|known| (name, known)));
                    return Ok(());
                }
                let is_constant = match &given.kind {
                    ExprKind::Path(path) => crate::check::expression::is_constant(path),
                    _ => false,
                };
                if !is_constant && self.literal(given, &name)? >= 1.0 && name == "eps" {
                    return self.error(given.place, no_eps(given));
                }
            }
            ChoiceKind::Flag => {
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
            ChoiceKind::Activation => {
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
                chosen.bindings.insert(name, Binding::Activation(bound));
                return Ok(());
            }
            ChoiceKind::Sizes => {
                let sizes = self.known_sizes(given, &name, chosen)?;
                chosen.values.insert(name, sizes);
                return Ok(());
            }
            ChoiceKind::Init => {}
            ChoiceKind::Word(words) => {
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

    /// Returns the size that a const parameter is, or a size of an outer layer's option: as a number it is
    /// bound where the layer is written, whose names the layer's own body does not see.
    fn size_of_parameter(&self, given: &Expr) -> Option<Size> {
        let ExprKind::Path(path) = &given.kind else { return None };
        match self.scope.get(&path_text(path)) {
            Some(Binding::Size(size)) => Some(size.clone()),
            _ => None,
        }
    }

    /// Returns sizes in lists with those that the macro does not know as names, which are bound to
    /// what they are where the layer is written.
    fn known_sizes(&mut self, given: &Expr, name: &str, chosen: &mut Chosen) -> Result<Expr> {
        let each = |items: &[Expr], checker: &mut Self, chosen: &mut Chosen| {
            let each = items.iter().enumerate();
            let each =
                each.map(|(i, item)| checker.known_sizes(item, &format!("{name}_{i}"), chosen));
            each.collect::<Vec<_>>().into_iter().collect::<Result<Vec<_>>>()
        };
        let kind = match &given.kind {
            ExprKind::List(items) => ExprKind::List(each(items, self, chosen)?),
            ExprKind::Tuple(items) => ExprKind::Tuple(each(items, self, chosen)?),
            // `same`, `causal`
            ExprKind::Path(path) if is_word(path) && !self.scope.contains_key(&path_text(path)) => {
                given.kind.clone()
            }
            _ => {
                let size = self.index(given)?;
                let unknown = || proc_macro2::Ident::new(name, given.place.start);
                return Ok(known_size(size, name, given, chosen).unwrap_or_else(|| Expr {
                    kind: ExprKind::Path(unknown().into()),
                    place: given.place,
                }));
            }
        };
        Ok(Expr { kind, place: given.place })
    }
}

/// Returns the message for an `eps` that is a number of features, as PyTorch's first argument is.
fn no_eps(given: &Expr) -> String {
    format!(
        "`eps` is a small number, not {given}: how many features or channels there are is known, and is not written"
    )
}

/// Returns true for a name in lower case.
fn is_word(path: &syn::Path) -> bool {
    path.get_ident().is_some_and(|name| !name.to_string().contains(char::is_uppercase))
}

/// Returns a size that the macro knows as a number. One that it does not know is bound to `name`.
fn known_size(size: Size, name: &str, given: &Expr, chosen: &mut Chosen) -> Option<Expr> {
    let Some(number) = size.constant() else {
        chosen.bindings.insert(name.to_owned(), Binding::Size(size));
        return None;
    };
    #[allow(clippy::cast_precision_loss, reason = "sizes are less than 2^53")]
    let kind = ExprKind::Number(number as f64);
    Some(Expr { kind, place: given.place })
}
