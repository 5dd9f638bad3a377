//! Statistics of the layers of a network for a batch, as data, a table and CSV.

use super::statistics::{dead, mean_and_deviation, norm, saturated};
use super::{Role, Shown, Traced, label, numbered};
use crate::sort::sort_by;
use crate::source::Extent;
use crate::summary::Row;
use std::collections::HashMap;
use std::fmt::{self, Write as _};

/// Statistics of the layers and named values of a network for a batch.
///
/// `Display` prints a table, [`to_csv`](Self::to_csv) returns the same as CSV.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     #[inspect]
///     Deep(x: [2]) -> [1] { x >> Linear(8) >> Relu >> Linear(1) }
///     loss mse
/// }
///
/// let inspection = Deep::init(1).inspect_training(&[0.5, -1.0], &[2.0])?;
/// assert_eq!((inspection.network, inspection.samples), ("Deep", 1));
/// assert!(inspection.to_string().contains("linear0") && inspection.to_csv().contains("linear1"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The name of the network.
    pub network: &'static str,
    /// The number of samples.
    pub samples: usize,
    /// The mean loss, if the network was trained.
    pub loss: Option<f64>,
    /// The layers and named values in the order in which they are computed, those in a loop once for each
    /// iteration.
    pub rows: Vec<Inspected>,
}

/// The output of a layer, or a named value, for all samples of a batch.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     #[inspect]
///     Dead(x: [1]) -> [4] {
///         let h = x * 0 - 1 + [0, 0, 0, 0];
///         h >> Relu
///     }
/// }
///
/// let inspection = Dead::init(1).inspect(&[0.5, 2.0])?;
/// let h = inspection.rows_of("h").next().unwrap();
/// assert_eq!((h.title(), h.mean, h.deviation), ("h", -1.0, 0.0));
/// assert_eq!(inspection.rows.last().unwrap().dead, 1.0); // all are 0 behind the activation
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Inspected {
    /// The name of the layer, under which its parameters are stored; empty if it has none.
    pub layer: String,
    /// The layer as written, `Linear(64)`; empty for a value that is not the output of a layer.
    pub kind: String,
    /// The name that a `let` or an assignment gives the value, empty if none does.
    pub name: String,
    /// The iterations of the loops around it, from the outermost.
    pub iterations: Vec<usize>,
    /// The line of the source.
    pub line: usize,
    /// The shape of one sample.
    pub shape: Vec<usize>,
    /// The mean of all elements of all samples.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// The share of elements at which the slope of an activation is less than 0.001; `None` if it is not the
    /// output of an activation, `tanh` or `sigmoid`.
    pub saturated: Option<f64>,
    /// The share of units, which are the elements of a sample, that are 0 for all samples.
    pub dead: f64,
    /// The Euclidean norm of the gradient of the mean loss with respect to this value, over all samples; `None`
    /// if there is none.
    pub gradient_norm: Option<f64>,
}

impl Inspection {
    /// Returns the rows of the layer or value of this name, one for each iteration of the loops around it.
    pub fn rows_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Inspected> {
        let is_named = move |row: &&Inspected| row.layer == name || row.name == name;
        self.rows.iter().filter(is_named)
    }

    /// Returns the table as CSV, with a header.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv =
            "layer,kind,name,iteration,line,shape,mean,deviation,saturated,dead,gradient_norm\n"
                .to_owned();
        let number = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
        for row in &self.rows {
            let Inspected { layer, name, line, mean, deviation, dead, .. } = row;
            let (kind, iteration) = (quoted(&row.kind), joined(&row.iterations, "."));
            let (shape, saturated) = (joined(&row.shape, "x"), number(row.saturated));
            let gradient = number(row.gradient_norm);
            let _ = writeln!(
                csv,
                "{layer},{kind},{name},{iteration},{line},{shape},{mean},{deviation},{saturated},{dead},{gradient}"
            );
        }
        csv
    }
}

impl Inspected {
    /// Returns a short text for the layer or value: its name, or the layer as written.
    #[must_use]
    pub fn title(&self) -> &str {
        let names = [&self.layer, &self.name, &self.kind];
        names.into_iter().find(|name| !name.is_empty()).map_or("", |name| name)
    }
}

fn joined(numbers: &[usize], by: &str) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(by)
}

/// Returns a field of CSV, in quotes if it has a comma or a quote.
fn quoted(field: &str) -> String {
    if field.contains([',', '"']) {
        return format!("\"{}\"", field.replace('"', "\"\""));
    }
    field.to_owned()
}

impl fmt::Display for Inspection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = [
            "layer",
            "",
            "value",
            "line",
            "shape",
            "mean",
            "deviation",
            "saturated",
            "dead",
            "gradient",
        ];
        let mut cells = vec![header.map(str::to_owned)];
        let share = |share: f64| format!("{:.1} %", 100.0 * share);
        for row in &self.rows {
            let iterations = match &row.iterations[..] {
                [] => String::new(),
                iterations => format!(" [{}]", joined(iterations, ", ")),
            };
            cells.push([
                row.layer.clone(),
                row.kind.clone(),
                format!("{}{iterations}", row.name).trim_start().to_owned(),
                row.line.to_string(),
                format!("{:?}", row.shape),
                significant(row.mean),
                significant(row.deviation),
                row.saturated.map_or_else(|| "-".to_owned(), share),
                share(row.dead),
                row.gradient_norm.map_or_else(|| "-".to_owned(), significant),
            ]);
        }
        let width = |column: usize| cells.iter().map(|row| row[column].chars().count()).max();
        let widths: [usize; 10] = std::array::from_fn(|column| width(column).unwrap_or(0));
        let line = "-".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
        write!(f, "{}, {} samples", self.network, self.samples)?;
        match self.loss {
            Some(loss) => writeln!(f, ", loss {}", significant(loss))?,
            None => writeln!(f)?,
        }
        writeln!(f, "{line}")?;
        for (index, row) in cells.iter().enumerate() {
            for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
                let gap = if column == 0 { "" } else { "  " };
                match column {
                    0..3 => write!(f, "{gap}{cell:width$}")?,
                    _ => write!(f, "{gap}{cell:>width$}")?,
                }
            }
            writeln!(f)?;
            if index == 0 {
                writeln!(f, "{line}")?;
            }
        }
        Ok(())
    }
}

/// Formats a number with four significant digits.
fn significant(x: f64) -> String {
    match x.abs() {
        0.0 => "0".to_owned(),
        0.001..10_000.0 => {
            let digits = 3 - x.abs().log10().floor() as i32;
            format!("{x:.*}", usize::try_from(digits).unwrap_or(0))
        }
        _ => format!("{x:.3e}"),
    }
}

/// Gathers the values that a pass shows.
pub(crate) struct Collector {
    traced: &'static [Traced],
    shown: &'static [Shown],
    samples: usize,
    found: HashMap<(usize, Vec<usize>), Found>,
}

/// The statistics that are kept of a value.
struct Found {
    mean: f64,
    deviation: f64,
    dead: f64,
    saturated: f64,
    norm: f64,
    len: usize,
}

impl Collector {
    pub fn new(traced: &'static [Traced], shown: &'static [Shown], samples: usize) -> Self {
        Self { traced, shown, samples, found: HashMap::new() }
    }

    /// Takes a value that a pass shows.
    pub fn add(&mut self, number: usize, iterations: &[usize], values: &[f64]) {
        let is_wanted = |shown: &Shown| {
            let of = [Some(shown.output), shown.slope, shown.gradient];
            of.contains(&Some(number))
        };
        if !self.shown.iter().any(is_wanted) {
            return;
        }
        let samples = if self.traced[number].batched { self.samples } else { 1 };
        let (mean, deviation) = mean_and_deviation(values);
        let mut found = Found {
            mean,
            deviation,
            dead: 0.0,
            saturated: 0.0,
            norm: 0.0,
            len: values.len() / samples.max(1),
        };
        match self.traced[number].role {
            Role::Result => found.dead = dead(values, samples),
            Role::Slope => found.saturated = saturated(values),
            Role::Gradient | Role::Contribution => found.norm = norm(values),
        }
        self.found.insert((number, iterations.to_vec()), found);
    }

    /// Returns the rows in the order in which they are computed.
    pub fn rows(&self, layers: &[Row], lengths: &[usize]) -> Vec<Inspected> {
        let mut rows: Vec<(Vec<isize>, Inspected)> = Vec::new();
        for shown in self.shown {
            let traced = &self.traced[shown.output];
            let all = self.found.iter().filter(|((number, _), _)| *number == shown.output);
            for ((_, iterations), output) in all {
                let beside = |number: Option<usize>| self.found.get(&(number?, iterations.clone()));
                let row = shown.row.map(|row| &layers[row]);
                let shape = traced.shape.map(|shape| at(shape, lengths));
                rows.push((
                    traced.key(iterations),
                    Inspected {
                        layer: row.map_or_else(String::new, |row| numbered(row.name, iterations)),
                        kind: row.map_or_else(String::new, label),
                        name: numbered(shown.name, iterations),
                        iterations: iterations.clone(),
                        line: traced.line,
                        shape: shape.unwrap_or_else(|| vec![output.len]),
                        mean: output.mean,
                        deviation: output.deviation,
                        saturated: beside(shown.slope).map(|slope| slope.saturated),
                        dead: output.dead,
                        gradient_norm: beside(shown.gradient).map(|gradient| gradient.norm),
                    },
                ));
            }
        }
        sort_by(&mut rows, |(a, _), (b, _)| a.cmp(b));
        rows.into_iter().map(|(_, row)| row).collect()
    }
}

fn at(shape: &[Extent], lengths: &[usize]) -> Vec<usize> {
    shape.iter().map(|extent| extent.at(lengths)).collect()
}
