//! Scaled dot-product attention.

use super::Function;
use crate::ast::Expr;
use crate::check::arguments::Arguments;
use crate::check::described::is_none;
use crate::check::{Checker, Result};
use crate::ir::kernel::{Attention, attend};
use crate::ir::{Type, Value};
use crate::size::Size;

pub const FUNCTIONS: &[Function] = &[Function {
    name: "attention",
    usage: "attention(q, k, v, mask, padding, causal = false, window = none, scale = none, dropout = 0)",
    build: attention,
}];

/// Computes the attention of queries `[T, N, D]` to keys `[S, G, D]` and values `[S, G, V]`.
fn attention(checker: &mut Checker<'_>, arguments: &mut Arguments<'_>, _: &Expr) -> Result<Value> {
    let queries = arguments.next(checker, "the queries")?;
    let keys = arguments.next(checker, "the keys")?;
    let values = arguments.next(checker, "the values")?;
    let mask = checker.input(arguments, "mask");
    let padding = checker.input(arguments, "padding");
    let causal = arguments.flag(checker, "causal", false);
    let given = |option: &&Expr| !is_none(option);
    let window = arguments.option("window").filter(given);
    let window = window.map(|window| Ok((window, checker.size(window)?))).transpose();
    let scale = arguments.option("scale").filter(given);
    let scale = scale.map(|scale| checker.literal(scale, "scale")).transpose();
    let dropout = arguments.number_that(checker, "dropout", 0.0, |p| {
        (!(0.0..1.0).contains(&p))
            .then(|| format!("the probability of a zero is at least 0 and less than 1, not {p}"))
    });
    let (q, k, v) = (checker.real(queries), checker.real(keys), checker.real(values));
    let mask = mask.map(|mask| Ok((mask, checker.real(mask)?))).transpose();
    let padding = padding.map(|padding| Ok((padding, checker.real(padding)?))).transpose();
    let (q, k, v) = ((queries, q?), (keys, k?), (values, v?));
    let (mask, padding, window, scale) = (mask?, padding?, window?, scale?);

    let [count, heads, dim] = checker.in_heads(q, "queries")?;
    let [of_keys, groups, length] = checker.in_heads(k, "keys")?;
    let [of_values, others, value_dim] = checker.in_heads(v, "values")?;
    checker.alike(k, q, [&length, &dim], "the length of a key is that of a query")?;
    checker.alike(v, k, [&of_values, &of_keys], "there is a value for each key")?;
    checker.alike(v, k, [&others, &groups], "values have as many heads as keys")?;
    let each = heads.over(&groups).unwrap_or_default();
    let divided = "the heads of the queries are a multiple of those of the keys";
    checker.alike(k, q, [&groups.times(&each), &heads], divided)?;
    if causal {
        checker.alike(k, q, [&of_keys, &count], "`causal` takes as many keys as queries")?;
    }
    if let Some(mask) = mask {
        let shape = checker.graph().shape(mask.1).to_vec();
        let wanted = match &shape[..] {
            [_, _] => vec![count.clone(), of_keys.clone()],
            _ => vec![heads.clone(), count.clone(), of_keys.clone()],
        };
        let why = format!("a mask is [{count}, {of_keys}] here, or [{heads}, {count}, {of_keys}]");
        checker.has_shape(mask, &wanted, &why)?;
    }
    if let Some(padding) = padding {
        let why = format!("a padding is [{of_keys}] here, a number for each key");
        checker.has_shape(padding, std::slice::from_ref(&of_keys), &why)?;
    }
    if let Some((window, size)) = &window {
        if size.constant().is_some_and(|size| size < 1) {
            return checker.error(window.place, format!("a window is at least 1, not {size}"));
        }
        checker.require_some(window.place, size, || format!("`{window}` is less than 1"));
    }

    // the operands of all samples, if one of them has samples; a mask stays shared
    let given = [Some(q), Some(k), Some(v), mask, padding];
    let batched = given.iter().flatten().any(|(_, value)| checker.graph().ty(*value).batched);
    let random = dropout > 0.0;
    let mut whole = |value: Value| {
        let graph = checker.graph();
        let ty = Type { batched: batched || random, ..graph.ty(value).clone() };
        graph.expand(value, &ty)
    };
    let operands = [q, k, v].map(|(_, value)| whole(value));
    let padding = padding.map(|(_, value)| whole(value));
    let site = checker.modules.random_sites;
    checker.modules.random_sites += u64::from(random);
    let attention = Attention {
        queries: count,
        keys: of_keys,
        heads,
        groups,
        dim,
        value_dim,
        first: Size::default(),
        causal,
        window: window.map(|(_, window)| window),
        scale: scale.map(Into::into),
        dropout: random.then(|| (dropout.into(), site)),
    };
    Ok(attend(checker.graph(), attention, operands, mask.map(|(_, mask)| mask), padding))
}

impl Checker<'_> {
    /// Takes an input that is given by its place or by its name, unless it is `none`.
    fn input<'a>(&mut self, arguments: &mut Arguments<'a>, name: &'static str) -> Option<&'a Expr> {
        let (placed, named) = (arguments.optional(), arguments.option(name));
        if let (Some(_), Some(named)) = (placed, named) {
            self.report.error(named.place, format!("`{name}` is given twice"));
        }
        placed.or(named).filter(|given| !is_none(given))
    }

    /// Returns the axes of queries, keys or values.
    fn in_heads(&mut self, (expr, value): (&Expr, Value), what: &str) -> Result<[Size; 3]> {
        let shape = self.graph().shape(value).to_vec();
        shape.try_into().or_else(|_| {
            let given = self.describe(expr, value);
            let wanted = "[positions, heads, length]: `reshape` it";
            self.error(expr.place, format!("{given}, but the {what} of an attention are {wanted}"))
        })
    }

    /// Requires two sizes to be equal, of which the first is one of `own`, and the second of `other`.
    fn alike(
        &mut self,
        own: (&Expr, Value),
        other: (&Expr, Value),
        [given, wanted]: [&Size; 2],
        why: &str,
    ) -> Result<()> {
        let (what, beside) = (self.describe(own.0, own.1), self.describe(other.0, other.1));
        let message = format!("{why}, but {what} and {beside}: {given} is not {wanted}");
        self.must_equal(own.0.place, given, wanted, &message)
    }

    /// Requires a value to have this shape.
    fn has_shape(
        &mut self,
        (expr, value): (&Expr, Value),
        wanted: &[Size],
        why: &str,
    ) -> Result<()> {
        let (what, shape) = (self.describe(expr, value), self.graph().shape(value).to_vec());
        self.must_have_shape(expr.place, &shape, wanted, &format!("{why}, but {what}"))
    }
}
