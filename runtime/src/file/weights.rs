//! Rules that map the tensors of another program's files to the parameters of a network.

mod apply;
mod presets;

pub(super) use apply::{Role, Target};

use crate::error::FileProblem;
use crate::pattern::Pattern;

/// Rules that map the tensors of files to the parameters of a network, for
/// [`load_with`](crate::file::load_with) and the function `load_with` of every network.
///
/// The rules apply to the name of each tensor in their order; each sees what those before it have made
/// of the name. At the end, it is the name of a parameter. Without rules, a file must have the tensors of
/// the network by name and shape, as with `load`.
///
/// A pattern is one or more whole parts of a name, anywhere in it: `gamma` and `LayerNorm.gamma` match
/// `embeddings.LayerNorm.gamma`. `*` stands for any text, dots included, and `{i}`, `{j}` and so on for a
/// number. A replacement takes both over; the n-th `*` stands for the same text in both.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Scores(x: [3]) -> [2] {
///         let norm = LayerNorm();
///         #[name = "blocks.0"]
///         let first = Linear(4);
///         #[name = "blocks.1"]
///         let second = Linear(2);
///         x >> norm >> first >> Relu >> second
///     }
/// }
///
/// # fn main() -> Result<(), Error> {
/// # let folder = std::env::temp_dir().join(format!("monograd-doc-weights-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// # let path = folder.join("scores.safetensors");
/// # network! {
/// #     Theirs(x: [3]) -> [2] {
/// #         let w = param([3], init = ones);
/// #         #[name = "model.norm.gamma"]
/// #         let gamma = param([3], init = ones);
/// #         #[name = "model.norm.beta"]
/// #         let beta = param([3], init = zeros);
/// #         #[name = "model.layer.0.dense"]
/// #         let first = Linear(4);
/// #         #[name = "model.layer.1.dense"]
/// #         let second = Linear(2);
/// #         (x * gamma + beta + w) >> first >> second
/// #     }
/// # }
/// # Theirs::init(1).save(&path)?;
/// // a file with `model.norm.gamma`, `model.norm.beta`, `model.layer.0.dense.weight` and so on
/// let rules = Weights::new()
///     .prefix("model.")
///     .rename("gamma", "weight")
///     .rename("beta", "bias")
///     .rename("layer.{i}.dense", "blocks.{i}")
///     .ignore("w");
/// println!("{}", rules.report(&path, Scores::LAYOUT)?);
/// let net = Scores::load_with(&path, &rules)?;
/// # assert_eq!(net.parameters().get("norm.weight")?.as_slice(), [1.0; 3]);
/// # std::fs::remove_dir_all(&folder).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Weights {
    rules: Vec<Rule>,
    /// The first rule that has no meaning, and the reason.
    wrong: Option<(String, String)>,
    /// The seed of the parameters that the files lack.
    seed: Option<u64>,
}

/// A rule, which changes the targets of a tensor.
#[derive(Clone, Debug)]
enum Rule {
    Prefix(String),
    Rename { from: Pattern, to: Pattern },
    Transpose(Pattern),
    Ignore(Pattern),
    Optional(Pattern),
    Tied { name: String, to: String },
    Split { from: Pattern, to: Vec<Pattern> },
    Join { from: Vec<Pattern>, to: Pattern },
}

impl Weights {
    /// Returns no rules: the names and shapes in the files are the network's.
    pub fn new() -> Self {
        Self::default()
    }

    /// Removes `prefix` from the names that begin with it: `transformer.`, or `module.` of a model that
    /// was trained on several devices. Names of parameters need not have it either, nor lack it.
    pub fn prefix(mut self, prefix: &str) -> Self {
        let dot = if prefix.ends_with('.') { "" } else { "." };
        self.rules.push(Rule::Prefix(format!("{prefix}{dot}")));
        self
    }

    /// Replaces the parts of a name that `from` matches by `to`: `rename("gamma", "weight")`,
    /// `rename("encoder.layer.{i}", "blocks.{i}")`. `rename("*", "encoder.*")` puts a part in front.
    pub fn rename(self, from: &str, to: &str) -> Self {
        self.add(&format!("rename({from:?}, {to:?})"), || {
            let (from, to) = (non_empty(from)?, Pattern::new(to)?);
            to.check_filled_by(&from)?;
            Ok(Rule::Rename { from, to })
        })
    }

    /// Swaps the axes of the matrices whose names `pattern` matches, as `torch.t` does: the weights of
    /// GPT-2's `Conv1D` are `[in, out]`. Vectors are left as they are.
    pub fn transpose(self, pattern: &str) -> Self {
        let rule = format!("transpose({pattern:?})");
        self.add(&rule, || Ok(Rule::Transpose(non_empty(pattern)?)))
    }

    /// Leaves out the tensors whose names `pattern` matches. Parameters of these names are missing then,
    /// which with [`partial`](Self::partial) is the way to begin a new head.
    pub fn ignore(self, pattern: &str) -> Self {
        self.add(&format!("ignore({pattern:?})"), || Ok(Rule::Ignore(non_empty(pattern)?)))
    }

    /// Leaves out those of the tensors whose names `pattern` matches for which the network has no
    /// parameter.
    pub fn optional(self, pattern: &str) -> Self {
        self.add(&format!("optional({pattern:?})"), || Ok(Rule::Optional(non_empty(pattern)?)))
    }

    /// Says that the tensors `name` and `to` are the same in a network that ties them, such as
    /// `tied("lm_head.weight", "wte.weight")`. If the files have only one of them, it serves for both. If
    /// the network has only one and the files have both, they must be equal.
    pub fn tied(mut self, name: &str, to: &str) -> Self {
        self.rules.push(Rule::Tied { name: name.to_owned(), to: to.to_owned() });
        self
    }

    /// Splits each tensor whose name `from` matches along its first axis into one for each of `to`, each
    /// with as many rows as its parameter has: `split("c_attn", ["q", "k", "v"])`.
    pub fn split<'a>(self, from: &str, to: impl IntoIterator<Item = &'a str>) -> Self {
        let to: Vec<&str> = to.into_iter().collect();
        self.add(&format!("split({from:?}, {to:?})"), || {
            let (from, to) = (non_empty(from)?, patterns(&to)?);
            to.iter().try_for_each(|to| to.check_filled_by(&from))?;
            Ok(Rule::Split { from, to })
        })
    }

    /// Joins the tensors whose names `from` match, in this order, along their first axis:
    /// `join(["query", "key", "value"], "in_proj")`.
    pub fn join<'a>(self, from: impl IntoIterator<Item = &'a str>, to: &str) -> Self {
        let from: Vec<&str> = from.into_iter().collect();
        self.add(&format!("join({from:?}, {to:?})"), || {
            let (from, to) = (patterns(&from)?, Pattern::new(to)?);
            from.iter().try_for_each(|from| to.check_filled_by(from))?;
            Ok(Rule::Join { from, to })
        })
    }

    /// Allows the files to lack parameters, which are drawn by their initialisers and `seed` then, and to
    /// have tensors that belong to none. [`report`](Self::report) tells which these are.
    pub fn partial(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Appends the rules of `more`.
    pub fn and(mut self, more: &Self) -> Self {
        self.rules.extend(more.rules.iter().cloned());
        self.wrong = self.wrong.or_else(|| more.wrong.clone());
        self.seed = self.seed.or(more.seed);
        self
    }

    /// Returns the seed of the parameters that the files lack, if they may lack some.
    pub(crate) fn seed(&self) -> Option<u64> {
        self.seed
    }

    fn add(mut self, rule: &str, make: impl FnOnce() -> Result<Rule, String>) -> Self {
        match make() {
            Ok(rule) => self.rules.push(rule),
            Err(reason) => {
                self.wrong.get_or_insert_with(|| (rule.to_owned(), reason));
            }
        }
        self
    }

    /// Checks that every rule has a meaning.
    pub(super) fn check(&self) -> Result<(), FileProblem> {
        match self.wrong.clone() {
            Some((rule, reason)) => Err(FileProblem::Rule { rule, reason }),
            None => Ok(()),
        }
    }
}

/// Parses a pattern, which must not be empty.
fn non_empty(text: &str) -> Result<Pattern, String> {
    if text.is_empty() {
        return Err("an empty pattern matches nothing".to_owned());
    }
    Pattern::new(text)
}

/// Parses several patterns.
fn patterns(texts: &[&str]) -> Result<Vec<Pattern>, String> {
    if texts.is_empty() {
        return Err("there must be a name at least".to_owned());
    }
    texts.iter().map(|text| non_empty(text)).collect()
}
