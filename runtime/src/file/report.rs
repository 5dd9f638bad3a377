//! Reports how the tensors of files fit the parameters of a network.

use crate::error::{FileProblem, Shown};
use std::borrow::Cow;
use std::fmt;

/// Largest number of names of tensors that a report keeps.
const MOST_NAMES: usize = 1000;
/// Longest name that is kept, in bytes.
const LONGEST_NAME: usize = 1024;
/// Number of lines that are printed of each kind.
const SHOWN: usize = 6;

/// The fit of the tensors of files to the parameters of a network, as
/// [`Weights::report`](crate::Weights::report) finds it. Printed with `{}`, it is a few lines.
///
/// ```
/// use monograd::prelude::*;
///
/// network! { Old(x: [2]) -> [1] { let first = Linear(3); x >> first >> Linear(1) } }
/// network! { New(x: [2]) -> [1] { let begin = Linear(3); x >> begin >> Linear(1) } }
///
/// let path = std::env::temp_dir().join(format!("monograd-doc-report-{}", std::process::id()));
/// Old::init(1).save(&path)?;
/// let report = Weights::new().report(&path, New::LAYOUT)?;
/// assert!(!report.is_whole());
/// assert_eq!((report.taken.len(), report.missing.len(), report.surplus.count), (2, 2, 2));
/// assert!(report.to_string().contains("`begin.weight` ([3, 2])"), "{report}");
/// let report = Weights::new().rename("first.*", "begin.*").report(&path, New::LAYOUT)?;
/// assert!(report.is_whole());
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), Error>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Default)]
pub struct Report {
    /// The parameters that have their tensors, in the order of the network.
    pub taken: Vec<Taken>,
    /// The parameters that have none. A partial load draws them.
    pub missing: Vec<Missing>,
    /// Tensors that do not fit the parameter of their name, and parameters that not all parts were found
    /// for.
    pub unfit: Vec<FileProblem>,
    /// The tensors that belong to no parameter.
    pub surplus: Named,
    /// The tensors that a rule leaves out.
    pub ignored: Named,
}

/// A parameter that has its tensor, or the tensors that it is joined from.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// let path = std::env::temp_dir().join(format!("monograd-doc-taken-{}", std::process::id()));
/// Line::init(1).save(&path)?;
/// let report = Weights::new().report(&path, Line::LAYOUT)?;
/// assert_eq!(report.taken[0].parameter, "linear0.weight");
/// assert_eq!(report.taken[0].tensors, ["linear0.weight"]);
/// assert!(!report.taken[0].transposed);
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The name of the parameter.
    pub parameter: Cow<'static, str>,
    /// The names of the tensors.
    pub tensors: Vec<String>,
    /// `true` if the axes of the tensors are swapped.
    pub transposed: bool,
}

/// A parameter without a tensor.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// # let path = std::env::temp_dir().join(format!("monograd-doc-missing-{}", std::process::id()));
/// # Line::init(1).save(&path)?;
/// // `path` is that of a file of `Line`
/// let weights = Weights::new().rename("linear0.weight", "linear.weight");
/// let missing = &weights.report(&path, Line::LAYOUT)?.missing[0];
/// assert_eq!((&*missing.parameter, missing.shape), ("linear0.weight", &[1, 1][..]));
/// assert_eq!(missing.nearest.as_deref(), Some("linear0.weight")); // by its name in the file
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The name of the parameter.
    pub parameter: Cow<'static, str>,
    /// The shape of the parameter.
    pub shape: &'static [usize],
    /// The tensor with the most similar name, of those that belong to no parameter. It is looked for for
    /// the first twenty missing parameters.
    pub nearest: Option<String>,
}

/// The names and shapes of some tensors: the first thousand, and how many there are.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] { x >> Linear(1) }
///     loss mse
/// }
///
/// # let path = std::env::temp_dir().join(format!("monograd-doc-named-{}", std::process::id()));
/// # Line::init(1).save(&path)?;
/// // `path` is that of a file of `Line`
/// let ignored = Weights::new().ignore("*.bias").report(&path, Line::LAYOUT)?.ignored;
/// assert_eq!(ignored.count, 1);
/// assert_eq!(ignored.first, [("linear0.bias".to_owned(), vec![1])]);
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The names and shapes of the first thousand.
    pub first: Vec<(String, Vec<usize>)>,
    /// Number of all.
    pub count: usize,
}

impl Named {
    pub(super) fn add(&mut self, name: &str, shape: &[usize]) {
        self.count += 1;
        if self.first.len() < MOST_NAMES {
            let end = name.floor_char_boundary(LONGEST_NAME);
            self.first.push((name[..end].to_owned(), shape.to_owned()));
        }
    }
}

impl Report {
    /// Returns true if a strict load succeeds, unless a tensor has a NaN or an infinity.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.unfit.is_empty() && self.surplus.count == 0
    }

    /// Removes and returns the problem of a load: the first one, with the number of the others.
    pub(super) fn problem(&mut self, is_partial: bool) -> Option<FileProblem> {
        if !is_partial && !self.missing.is_empty() {
            let others = self.missing.len() - 1;
            let Missing { parameter: name, shape, nearest } = self.missing.swap_remove(0);
            return Some(FileProblem::MissingTensor { name, shape, nearest, others });
        }
        if !is_partial && !self.surplus.first.is_empty() {
            let others = self.surplus.count - 1;
            let (name, shape) = self.surplus.first.swap_remove(0);
            return Some(FileProblem::SurplusTensor { name, shape, others });
        }
        (!self.unfit.is_empty()).then(|| self.unfit.swap_remove(0))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { taken, missing, unfit, surplus, ignored } = self;
        let is_other = |taken: &&Taken| taken.tensors != [&*taken.parameter];
        let renamed: Vec<_> = taken.iter().filter(is_other).collect();
        write!(f, "{} parameters taken, {} of them under other names", taken.len(), renamed.len())?;
        let transposed = taken.iter().filter(|taken| taken.transposed).count();
        writeln!(f, " and {transposed} transposed")?;
        list(
            f,
            renamed.len(),
            renamed.iter().map(|taken| {
                let from: Vec<_> =
                    taken.tensors.iter().map(|t| format!("`{}`", Shown(t))).collect();
                let turned = if taken.transposed { ", transposed" } else { "" };
                format!("`{}` is {}{turned}", taken.parameter, from.join(" and "))
            }),
        )?;
        writeln!(f, "{} missing", missing.len())?;
        list(
            f,
            missing.len(),
            missing.iter().map(|missing| {
                let Missing { parameter, shape, nearest } = missing;
                let hint =
                    nearest.as_ref().map(|name| format!("; did you mean `{}`?", Shown(name)));
                format!("`{parameter}` ({shape:?}){}", hint.unwrap_or_default())
            }),
        )?;
        writeln!(f, "{} unfit", unfit.len())?;
        list(f, unfit.len(), unfit.iter().map(FileProblem::to_string))?;
        for (named, what) in [(surplus, "surplus"), (ignored, "ignored")] {
            writeln!(f, "{} {what}", named.count)?;
            let lines =
                named.first.iter().map(|(name, shape)| format!("`{}` ({shape:?})", Shown(name)));
            list(f, named.count, lines)?;
        }
        Ok(())
    }
}

/// Prints the first lines of `count`.
fn list(
    f: &mut fmt::Formatter<'_>,
    count: usize,
    lines: impl Iterator<Item = String>,
) -> fmt::Result {
    for line in lines.take(SHOWN) {
        writeln!(f, "  {line}")?;
    }
    if count > SHOWN { writeln!(f, "  and {} more", count - SHOWN) } else { Ok(()) }
}
