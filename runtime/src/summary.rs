//! A table of a network's layers, like those of Keras and torchinfo.

mod latex;
mod markdown;

use crate::layout::{self, Kind, entries};
use crate::network::{Mode, Network, workspace_len};
use crate::scalar::Scalar;
use crate::source::{Extent, Length, Lengths, Port, shape_text};
use std::fmt;

/// A piece of a layer's text in the summary, with the sizes and activations that its network was
/// compiled for.
///
/// ```
/// use monograd::Label;
///
/// let layer = [Label::Text("Linear("), Label::Size(64), Label::Text(")")];
/// assert_eq!(layer.map(|label| label.to_string()).concat(), "Linear(64)");
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Label {
    /// Text from the source.
    Text(&'static str),
    /// The value of a size.
    Size(usize),
    /// The name of an activation.
    Name(fn() -> &'static str),
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Size(size) => size.fmt(f),
            Self::Name(name) => f.write_str(name()),
        }
    }
}

/// A layer of a network.
///
/// ```
/// use monograd::prelude::*;
///
/// network! { Small(x: [2]) -> [1] { x >> Linear(3) >> Tanh >> Linear(1) } }
///
/// let row = Small::summary().rows[0];
/// assert_eq!((row.name, row.shape, row.parameters), ("linear0", &[3][..], 9));
/// assert_eq!(row.layer.iter().map(|label| label.to_string()).collect::<String>(), "Linear(3)");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The name under which its parameters are stored; empty if it has none.
    pub name: &'static str,
    /// The text of the layer in pieces: `Linear(`, `64`, `)`.
    pub layer: &'static [Label],
    /// The shape of its output for one sample.
    pub shape: &'static [usize],
    /// Number of scalars of its parameters; 0 if a previous row has counted them.
    pub parameters: usize,
    /// Number of floating point operations for one sample.
    pub flops: usize,
    /// The number of networks within this one that enclose it.
    pub depth: usize,
}

/// A table of a network's layers with shapes, parameters and operations, and their totals.
///
/// `Display` prints the table.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Line(x: [1]) -> [1] {
///         x >> Linear(1)
///     }
///     loss mse
/// }
///
/// let summary = Line::summary();
/// assert!(summary.to_string().contains("linear0") && summary.to_markdown().contains("linear0"));
/// ```
#[derive(Clone, Debug)]
pub struct Summary {
    /// The name and scalar of the network: `Digits<f32>`.
    pub title: String,
    /// The inputs.
    pub inputs: &'static [Port],
    /// The layers, in the order in which they are applied.
    pub rows: &'static [Row],
    /// The run-time sizes. Operations and bytes are given for their bounds, or for 1 if they have none.
    pub lengths: &'static [Length],
    /// The shapes of the layers' outputs in terms of run-time sizes; empty if there are none.
    pub row_extents: &'static [&'static [Extent]],
    /// The weights whose products training computes together with a cross entropy, some rows at a time, so
    /// that the logits are never stored.
    pub fused_heads: &'static [&'static str],
    /// Number of scalars of all parameters.
    pub parameters: usize,
    /// Number of these scalars that training leaves unchanged.
    pub frozen: usize,
    /// Number of scalars of all states, which are assigned in training and not learned.
    pub states: usize,
    /// `true` if a training step takes all samples of a batch together, as batch statistics do.
    pub whole_batch: bool,
    /// Number of floating point operations of the forward pass for one sample.
    pub flops: usize,
    /// Bytes of all parameters.
    pub parameter_bytes: usize,
    /// Bytes of workspace of the forward pass for one sample.
    pub forward_bytes: usize,
    /// Bytes of workspace of a training step for one sample; 0 for a network without a loss.
    pub training_bytes: usize,
}

impl Summary {
    /// Returns the summary of a network.
    #[must_use]
    pub fn of<N: Network>() -> Self {
        let bytes = N::Scalar::BYTES;
        let frozen = entries(N::LAYOUT).filter(layout::Entry::is_frozen);
        let frozen = frozen.filter(|entry| entry.kind() != Kind::State);
        let lengths = Lengths::at_bounds(N::LENGTHS);
        Self {
            title: format!("{}<{}>", N::NAME, N::Scalar::NAME),
            inputs: N::INPUTS,
            rows: N::ROWS,
            lengths: N::LENGTHS,
            row_extents: N::ROW_EXTENTS,
            fused_heads: N::FUSED_HEADS,
            parameters: N::PARAMS,
            frozen: frozen.map(|entry| entry.range().len()).sum(),
            states: layout::count_states(N::LAYOUT),
            whole_batch: N::whole_batch(Mode::Train, &lengths).is_some(),
            flops: N::OPERATIONS,
            parameter_bytes: N::PARAMS * bytes,
            forward_bytes: workspace_len(N::SLOTS) * bytes,
            training_bytes: N::TRAINING_SCALARS * bytes,
        }
    }
}

/// Formats a number with commas: `1234567` as `1,234,567`.
pub(crate) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Formats a number of bytes with a unit.
fn bytes(n: usize) -> String {
    #[allow(clippy::cast_precision_loss)]
    let n = n as f64;
    match n {
        ..1024.0 => format!("{n} B"),
        ..1_048_576.0 => format!("{:.1} KiB", n / 1024.0),
        _ => format!("{:.1} MiB", n / 1_048_576.0),
    }
}

impl Summary {
    /// Returns the rows of the table, without its header, each with the depth of its layer.
    fn table(&self) -> Vec<(usize, [String; 5])> {
        let inputs = self.inputs.iter().map(|port| {
            let shape = port.shape_text();
            let cells = [port.name.to_owned(), "input".to_owned(), shape];
            let [name, kind, shape] = cells;
            (0, [name, kind, shape, String::new(), String::new()])
        });
        let layers = self.rows.iter().enumerate().map(|(index, row)| {
            let extents = self.row_extents.get(index).copied().unwrap_or_default();
            let count = |n| if n == 0 { "-".to_owned() } else { grouped(n) };
            // inside an inner network, the last part of the name is enough
            let name =
                if row.depth == 0 { row.name } else { row.name.rsplit('.').next().unwrap_or("") };
            let cells = [
                name.to_owned(),
                row.layer.iter().map(Label::to_string).collect(),
                shape_text(row.shape, extents),
                count(row.parameters),
                count(row.flops),
            ];
            (row.depth, cells)
        });
        inputs.chain(layers).collect()
    }

    /// Returns what stands below the table: words, and the text beside each.
    fn totals(&self) -> Vec<(&'static str, String)> {
        let mut parameters =
            format!("{} ({})", grouped(self.parameters), bytes(self.parameter_bytes));
        if self.frozen > 0 {
            parameters += &format!(", {} of them frozen", grouped(self.frozen));
        }
        let mut totals = vec![("parameters", parameters)];
        if self.states > 0 {
            totals.push(("states", format!("{}, assigned in training", grouped(self.states))));
        }
        totals.push(("FLOPs", format!("{} a sample, forward", grouped(self.flops))));
        let mut memory = format!("{} a sample, forward", bytes(self.forward_bytes));
        if self.training_bytes > 0 {
            memory += &format!("; {} in training", bytes(self.training_bytes));
        }
        totals.push(("memory", memory));
        for weight in self.fused_heads {
            let text = format!("fused with the product by {weight}: its logits are never stored");
            totals.push(("loss", text));
        }
        if self.whole_batch {
            let text = "as a whole in training: its samples share statistics";
            totals.push(("batch", text.to_owned()));
        }
        if !self.lengths.is_empty() {
            totals.push(("for", Lengths::at_bounds(self.lengths).text(self.lengths)));
        }
        totals
    }

    /// Returns the summary as a table of Markdown, with the totals as a list below it.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        markdown::markdown(self)
    }

    /// Returns the summary as a table of LaTeX, a `tabular` with the rules of the package `booktabs`.
    #[must_use]
    pub fn to_latex(&self) -> String {
        latex::latex(self)
    }
}

/// The header of the table.
const HEADER: [&str; 5] = ["layer", "", "output", "parameters", "FLOPs"];

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cells = vec![HEADER.map(str::to_owned)];
        for (depth, [name, layer, shape, parameters, flops]) in self.table() {
            let indent = 2 * depth;
            cells.push([format!("{:indent$}{name}", ""), layer, shape, parameters, flops]);
        }
        let width =
            |column: usize| cells.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; 5] = std::array::from_fn(width);
        let line = "-".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
        writeln!(f, "{}", self.title)?;
        writeln!(f, "{line}")?;
        for (index, row) in cells.iter().enumerate() {
            let [a, b, c, d, e] = row;
            let [wa, wb, wc, wd, we] = widths;
            writeln!(f, "{a:wa$}  {b:wb$}  {c:wc$}  {d:>wd$}  {e:>we$}")?;
            if index == 0 {
                writeln!(f, "{line}")?;
            }
        }
        writeln!(f, "{line}")?;
        for (word, text) in self.totals() {
            writeln!(f, "{word:<10}  {text}")?;
        }
        Ok(())
    }
}
