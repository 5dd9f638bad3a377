//! Checks of the values that a network is given against its declared inputs.

use super::Given;
use crate::ast::{Element, Network};
use crate::check::{Binding, Checker, Reported, Result, plural};
use crate::ir::Type;
use crate::ir::display::ShapeText;
use crate::program::Relation;
use crate::size::Size;

impl Checker<'_> {
    /// Returns the declared shapes of the inputs, with the sizes of the outer network.
    pub(super) fn input_shapes(&mut self, network: &Network) -> Result<Vec<(Element, Vec<Size>)>> {
        let shapes: Vec<_> = network
            .inputs
            .iter()
            .map(|input| {
                let (element, shape) = input.kind.as_ref().ok_or(Reported)?;
                Ok((*element, self.shape(shape)?))
            })
            .collect();
        shapes.into_iter().collect()
    }

    /// Returns the bindings of a network's inputs to the values that it is given, after a check of
    /// their shapes.
    pub(super) fn fit_inputs(
        &mut self,
        network: &Network,
        text: &str,
        given: &[Given<'_>],
        shapes: &[(Element, Vec<Size>)],
    ) -> Result<Vec<(String, Binding)>> {
        let mut bindings = Vec::new();
        let mut outcome = Ok(());
        for ((input, (element, shape)), (expr, value)) in
            network.inputs.iter().zip(shapes).zip(given)
        {
            let name = input.name.to_string();
            let actual = self.graph().ty(*value).clone();
            let ty = Type { shape: shape.clone(), batched: true, element: *element };
            let declared = Type { batched: true, ..ty.clone() };
            let fits = actual.element == *element
                && actual.shape.len() == shape.len()
                && actual.shape.iter().zip(shape).all(|(a, b)| a.equals(b) != Some(false));
            if !fits {
                let what = self.describe(expr, *value);
                outcome = self
                    .error(expr.place, format!("`{text}` takes {name}: {declared}, but {what}"));
                continue;
            }
            for (a, b) in actual.shape.iter().zip(shape) {
                self.require(expr.place, a, Relation::Equal, b, || {
                    let actual = ShapeText(&actual.shape);
                    format!("`{text}` takes {name}: {declared}, but `{expr}` is {actual}")
                });
            }
            let value = self.graph().view(*value, shape.clone());
            bindings.push((name, Binding::Value(value)));
        }
        outcome.map(|()| bindings)
    }
}

/// Returns the message: `` `Merge` takes 2 inputs, but 1 is given: write `(a, b) >> Merge` ``. At least
/// the first `fewest` of the inputs have to be given.
pub fn wrong_count(names: &[String], fewest: usize, text: &str, given: usize) -> String {
    let most = names.len();
    let takes = match fewest == most {
        true => plural(most, "input"),
        false => format!("{fewest} to {}", plural(most, "input")),
    };
    let are = if given == 1 { "is" } else { "are" };
    let usage = match &names[..most.min(given.max(fewest))] {
        [one] => format!("{one} >> {text}"),
        several => format!("({}) >> {text}", several.join(", ")),
    };
    format!("`{text}` takes {takes}, but {given} {are} given: write `{usage}`")
}
