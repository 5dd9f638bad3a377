//! Layers that are described in the language: their options are evaluated where they are declared,
//! and the network that is left is inlined where they are applied.

use super::{Apply, Layer, find};
use crate::ast::{Expr, ExprKind, path_text};
use crate::check::arguments::Arguments;
use crate::check::nested::Nested;
use crate::check::{Binding, Checker, Reported, Result, plural};
use crate::ir::Value;
use crate::ir::display::ShapeText;
use crate::library::{Choice, Described, Description, Kind, specialise};
use crate::nearest::suggestion;
use crate::program::Row;
use crate::report::Place;
use crate::size::Size;
use proc_macro2::{Ident, Span};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The values of a layer's options.
#[derive(Default)]
pub struct Chosen {
    /// The values that the macro knows, which are put into the description.
    values: HashMap<String, Expr>,
    /// The sizes that it does not know.
    sizes: HashMap<String, Binding>,
}

impl Checker<'_> {
    /// Returns the described layer after `>>`: one bound by a `let`, or a new one.
    pub(in crate::check) fn described(
        &mut self,
        layer: &Expr,
    ) -> Option<Result<Rc<RefCell<Layer>>>> {
        match &layer.kind {
            ExprKind::Path(path) => match self.scope.get(&path_text(path)) {
                Some(Binding::Layer(named)) if named.borrow().described().is_some() => {
                    Some(Ok(Rc::clone(named)))
                }
                _ => None,
            },
            ExprKind::Call { callee, arguments } => {
                let kind = find(&path_text(callee))?;
                let Apply::Described(_) = kind.apply else { return None };
                let (name, place) = self.name_or_numbered(kind.prefix, layer.place);
                Some(self.new_layer(kind, name, arguments, layer, place))
            }
            _ => None,
        }
    }

    /// Applies a described layer to `given` and returns its outputs.
    pub(in crate::check) fn apply_described(
        &mut self,
        layer: &RefCell<Layer>,
        given: Vec<(&Expr, Result<Value>)>,
        place: Place,
    ) -> Result<Vec<Value>> {
        let layer = &mut *layer.borrow_mut();
        let Some(described) = layer.described() else { return Err(Reported) };
        let description = self.networks.description(described);
        let chosen = match &layer.chosen {
            Some(chosen) => Rc::clone(chosen),
            None => {
                let chosen = Rc::new(self.choose(layer, described, &description)?);
                layer.chosen = Some(Rc::clone(&chosen));
                chosen
            }
        };
        layer.applied = true;
        let given: Result<Vec<_>> =
            given.into_iter().map(|(expr, value)| Ok((expr, value?))).collect();
        let given = given?;
        let (fewest, most) = (description.fewest_inputs(), description.inputs.len());
        if !(fewest..=most).contains(&given.len()) {
            return self.wrong_inputs(layer, &description, given.len(), place);
        }
        let name = Ident::new(described.name, Span::call_site());
        let network = specialise(&description, &name, &chosen.values, given.len());
        let first = layer.nested.is_none();
        let nested = layer.nested.clone().unwrap_or_else(|| {
            Rc::new(RefCell::new(Nested::of_layer(layer, chosen.sizes.clone())))
        });
        layer.nested = Some(Rc::clone(&nested));
        let before = self.program.parameters.len();
        let (rows, nodes) = (self.program.rows.len(), self.graph().values().count());
        let values = self.inline(&nested, &network, &given, place)?;
        let parameters = if first { &self.program.parameters[before..] } else { &[] };
        let count = parameters.iter().fold(Size::default(), |sum, p| {
            sum.plus(&Size::product(p.iterations.iter().chain(&p.shape)))
        });
        let shape = values.first().map(|value| self.program.graph.shape(*value).to_vec());
        let row = Row {
            name: layer.name.clone(),
            layer: self.label(described.name, &layer.arguments),
            shape: shape.unwrap_or_default(),
            parameters: count,
            flops: self.flops_from(nodes),
            depth: self.frame.depth,
        };
        // one row stands for the whole layer
        self.program.rows.truncate(rows);
        self.program.rows.push(row);
        Ok(values)
    }

    fn wrong_inputs(
        &mut self,
        layer: &Layer,
        description: &Description,
        given: usize,
        place: Place,
    ) -> Result<Vec<Value>> {
        let text = &layer.text;
        let names: Vec<String> =
            description.inputs.iter().map(|input| input.name.to_string()).collect();
        let (fewest, most) = (description.fewest_inputs(), names.len());
        let takes = match fewest == most {
            true => plural(most, "input"),
            false => format!("{fewest} to {}", plural(most, "input")),
        };
        let usage = match &names[..most.min(given.max(fewest))] {
            [one] => format!("{one} >> {text}"),
            several => format!("({}) >> {text}", several.join(", ")),
        };
        let are = if given == 1 { "is" } else { "are" };
        let what = format!("`{text}` takes {takes}, but {given} {are} given: write `{usage}`");
        self.error(place, what)
    }

    /// Checks the options of a described layer whose input is in error.
    pub(in crate::check) fn check_options(&mut self, layer: &RefCell<Layer>) {
        let layer = &mut *layer.borrow_mut();
        if let (Some(described), None) = (layer.described(), &layer.chosen) {
            let description = self.networks.description(described);
            layer.applied = true;
            // errors are in the report
            let _ = self.choose(layer, described, &description);
        }
    }

    /// Evaluates the options of a layer.
    fn choose(
        &mut self,
        layer: &Layer,
        described: &'static Described,
        description: &Description,
    ) -> Result<Chosen> {
        let written = layer.arguments.clone();
        let mut arguments = Arguments::new(described.usage, layer.place, &written);
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
                    let default = self.default_of(option);
                    chosen.values.extend(default.map(|default| (text, default)));
                }
            }
        }
        arguments.finish(self).and(outcome).map(|()| chosen)
    }

    /// Returns the default of an option; an activation of the library's by its full path, since
    /// the user may not have it in scope.
    fn default_of(&mut self, option: &Choice) -> Option<Expr> {
        let mut default = option.default.clone()?;
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
                if !matches!(given.kind, ExprKind::Bool(_)) {
                    return self.error(given.place, fault("`true` or `false`"));
                }
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

    /// Binds the sizes that a description names without knowing them: each name in the shape of an
    /// input that is bound nowhere stands for the size that is given, and `..` for all leading axes.
    pub(in crate::check) fn infer_sizes(
        &mut self,
        network: &crate::ast::Network,
        text: &str,
        given: &[(&Expr, Value)],
    ) -> Result<()> {
        for (input, (expr, value)) in network.inputs.iter().zip(given) {
            let Some((element, shape)) = &input.kind else { continue };
            let actual = self.graph().shape(*value).to_vec();
            let sizes = &shape.sizes;
            let rest = matches!(sizes.first(), Some(Expr { kind: ExprKind::Rest, .. }));
            let fits = match rest {
                true => actual.len() + 1 >= sizes.len(),
                false => actual.len() == sizes.len(),
            };
            if !fits {
                let declared = crate::ast::Argument::Positional(Expr {
                    kind: ExprKind::List(sizes.clone()),
                    place: expr.place,
                });
                let index = match element {
                    crate::ast::Element::Index => "u32",
                    crate::ast::Element::Real => "",
                };
                let what = format!(
                    "`{text}` takes {}: {index}{declared}, but `{expr}` is {}",
                    input.name,
                    ShapeText(&actual)
                );
                return self.error(expr.place, what);
            }
            let leading = if rest { actual.len() + 1 - sizes.len() } else { 0 };
            if rest {
                let axes = Binding::Axes(actual[..leading].to_vec());
                self.scope.entry("..".to_owned()).or_insert(axes);
            }
            for (size, actual) in sizes.iter().skip(usize::from(rest)).zip(&actual[leading..]) {
                if let ExprKind::Path(path) = &size.kind
                    && let Some(name) = path.get_ident()
                {
                    let bound = Binding::Size(actual.clone());
                    self.scope.entry(name.to_string()).or_insert(bound);
                }
            }
        }
        Ok(())
    }
}

impl Layer {
    /// Returns the description of the layer, if it has one.
    pub fn described(&self) -> Option<&'static Described> {
        match self.kind.apply {
            Apply::Described(described) => Some(described),
            Apply::Built(_) => None,
        }
    }
}
