//! Sizes that a description names without knowing them.

use crate::ast::{Argument, Element, Expr, ExprKind, Network};
use crate::check::{Binding, Checker, Result};
use crate::ir::Value;
use crate::ir::display::ShapeText;

impl Checker<'_> {
    /// Binds the sizes that a description names without knowing them: each name in the shape of an
    /// input that is bound nowhere stands for the size that is given, and `..` for all axes
    /// that have no name.
    pub(in crate::check) fn infer_sizes(
        &mut self,
        network: &Network,
        text: &str,
        given: &[(&Expr, Value)],
    ) -> Result<()> {
        for (input, (expr, value)) in network.inputs.iter().zip(given) {
            let Some((element, shape)) = &input.kind else { continue };
            let actual = self.graph().shape(*value).to_vec();
            let sizes = &shape.sizes;
            // `..` stands at the beginning or at the end
            let is_rest = |size: &Expr| matches!(size.kind, ExprKind::Rest);
            let rest = sizes.iter().any(is_rest);
            let leads = sizes.first().is_some_and(is_rest);
            let fits = match rest {
                true => actual.len() + 1 >= sizes.len(),
                false => actual.len() == sizes.len(),
            };
            if !fits {
                let declared = Argument::Positional(Expr {
                    kind: ExprKind::List(sizes.clone()),
                    place: expr.place,
                });
                let index = match element {
                    Element::Index => "u32",
                    Element::Real => "",
                };
                let what = format!(
                    "`{text}` takes {}: {index}{declared}, but `{expr}` is {}",
                    input.name,
                    ShapeText(&actual)
                );
                return self.error(expr.place, what);
            }
            let named = sizes.len() - usize::from(rest);
            let others = actual.len() - named;
            let (others, actual) = match leads {
                true => actual.split_at(others),
                false => {
                    let (actual, others) = actual.split_at(named);
                    (others, actual)
                }
            };
            if rest {
                let axes = Binding::Axes(others.to_vec());
                self.scope.entry("..".to_owned()).or_insert(axes);
            }
            for (size, actual) in sizes.iter().filter(|size| !is_rest(size)).zip(actual) {
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
