//! Sizes that a description names without knowing them.

use crate::ast::{Argument, Element, Expr, ExprKind, Network};
use crate::check::{Binding, Checker, Result};
use crate::ir::Value;
use crate::ir::display::ShapeText;
use crate::library::LAYERS;
use crate::size::Size;

/// Returns what to write instead of a value of the axes `actual` for an `input` of the layer `text`
/// that takes the axes `wanted`; `types` are those of the input and of the value.
fn instead(
    [text, input]: [&str; 2],
    expr: &Expr,
    wanted: &[Expr],
    actual: &[Size],
    types: (Element, Element),
) -> String {
    if types == (Element::Real, Element::Index) {
        return match input {
            "mask" => format!("; the mask of lengths is `sequence_mask({expr}, T)`"),
            "padding" => format!("; the padding after lengths is `1 - sequence_mask({expr}, T)`"),
            "x" | "query" | "key" | "value" => {
                format!("; class numbers are looked up first: `{expr} >> Embedding(count, dim)`")
            }
            _ => String::new(),
        };
    }
    let names = wanted.iter().map(ToString::to_string).collect::<Vec<_>>();
    let list =
        |sizes: &[Size]| sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let kind = text.split('(').next().unwrap_or_default();
    match (names.first().map(String::as_str), wanted.len(), actual.len()) {
        (Some("C"), wanted, given) if given + 1 == wanted => {
            format!("; one channel is `reshape({expr}, [1, {}])`", list(actual))
        }
        (Some("C"), 2, 3) if library_has(&kind.replace("1d", "2d")) => {
            format!("; of images it is `{}`", kind.replace("1d", "2d"))
        }
        (Some("T"), 2, 1) => {
            format!("; a sequence of numbers is `reshape({expr}, [{}, 1])`", list(actual))
        }
        _ => String::new(),
    }
}

fn library_has(name: &str) -> bool {
    LAYERS.iter().any(|layer| layer.name == name)
}

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
                let given = self.graph().ty(*value).element;
                let of = if given == Element::Index { "u32" } else { "" };
                let hint = instead(
                    [text, &input.name.to_string()],
                    expr,
                    sizes,
                    &actual,
                    (*element, given),
                );
                let what = format!(
                    "`{text}` takes {}: {index}{declared}, but `{expr}` is {of}{}{hint}",
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
