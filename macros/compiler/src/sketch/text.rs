//! A sketch as text, which the runtime parses when a network is drawn: one string and a list of sizes cost the
//! compiler of the generated code next to nothing.
//!
//! Each line is a node or a frame, its fields separated by tabs. Nodes are numbered in the order of their
//! lines, after the inputs; `ids` are such numbers, separated by commas.
//!
//! | line | meaning |
//! |---|---|
//! | `r row first end ids` | a row of the summary, the parameters that it declares, what it reads |
//! | `e text ids` | a function of every element |
//! | `f text ids shape` | another function |
//! | `c name ids ids` | a loop-carried value: what it begins as, and what it becomes |
//! | `x name ids` | an element of what a loop goes along |
//! | `t name shape` | a target |
//! | `y ids` | an output |
//! | `z ids` | the loss |
//! | `n row` | a network begins |
//! | `l text count` | a loop begins |
//! | `s` | the loss begins |
//! | `)` | a network, a loop or the loss ends |

use super::{Frame, Mark};
use crate::ast::Element;
use crate::ir::{Leaf, Op, Value};
use crate::program::Program;
use crate::size::Size;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

/// A sketch as text, with the sizes that it refers to.
pub struct Drawing {
    /// The lines. `{2}` in a shape or count is the third of the sizes.
    pub text: String,
    /// The sizes that only the compiler of the generated code knows.
    pub sizes: Vec<Size>,
}

/// A line of the text.
struct Line {
    /// The letter and the fields before the numbers of nodes.
    head: String,
    /// The nodes that it reads; `None` for the end and the beginning of a frame.
    reads: Option<Vec<usize>>,
    /// The nodes of which a loop-carried value becomes the values.
    next: Option<Vec<usize>>,
    /// The fields after the numbers.
    tail: String,
    /// `true` if it is drawn even if nothing reads it.
    is_kept: bool,
}

/// Returns the text for a checked network.
#[must_use]
pub fn drawing(program: &Program) -> Drawing {
    let mut writer = Writer {
        program,
        lines: Vec::new(),
        nodes: program.inputs.len(),
        producers: HashMap::new(),
        owners: HashMap::new(),
        targets: Vec::new(),
        sizes: Vec::new(),
        open: Vec::new(),
        outputs_done: false,
    };
    for mark in &program.sketch {
        writer.mark(mark);
    }
    writer.outputs();
    writer.next_values();
    writer.finish()
}

struct Writer<'a> {
    program: &'a Program,
    lines: Vec<Line>,
    /// The number of nodes so far.
    nodes: usize,
    /// The nodes that give values.
    producers: HashMap<Value, usize>,
    /// The nodes that declare parameters.
    owners: HashMap<usize, usize>,
    /// The nodes of the targets.
    targets: Vec<usize>,
    sizes: Vec<Size>,
    /// The loop-carried values, by their lines.
    open: Vec<(usize, Value)>,
    outputs_done: bool,
}

impl Writer<'_> {
    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Row { row, reads, values, parameters } => {
                self.row(*row, reads, values, parameters);
            }
            Mark::Operation { text, is_elementwise, reads, values } => {
                let known = values.iter().all(|value| self.producers.contains_key(value));
                let reads = self.sources(reads);
                // what is known already is the same operation again, or one that changes nothing
                if known || reads.is_empty() {
                    return;
                }
                let tail = match is_elementwise {
                    true => String::new(),
                    false => format!("\t{}", self.shape(self.program.graph.shape(values[0]))),
                };
                let letter = if *is_elementwise { 'e' } else { 'f' };
                self.node(format!("{letter}\t{text}"), reads, tail, false, values);
            }
            Mark::Carried { name, value } => {
                let initial = self.program.graph[*value].operands[0];
                let reads = self.sources(&[initial]);
                self.open.push((self.lines.len(), *value));
                self.node(format!("c\t{name}"), reads, String::new(), false, &[*value]);
            }
            Mark::Element { name, value, of } => {
                let reads = self.sources(&[*of]);
                self.node(format!("x\t{name}"), reads, String::new(), false, &[*value]);
            }
            Mark::Enter(frame) => {
                let head = match frame {
                    Frame::Network(row) => format!("n\t{row}"),
                    Frame::Loop { head, count } => format!("l\t{head}\t{}", self.size(count)),
                    Frame::Loss => {
                        self.outputs();
                        "s".to_owned()
                    }
                };
                self.frame(head);
                if matches!(frame, Frame::Loss) {
                    self.new_targets();
                }
            }
            Mark::Leave => self.frame(")".to_owned()),
        }
    }

    fn row(&mut self, row: usize, reads: &[Value], values: &[Value], parameters: &Range<usize>) {
        let reads = self.sources(reads);
        let Range { start, end } = parameters;
        self.owners.extend(parameters.clone().map(|index| (index, self.nodes)));
        self.node(format!("r\t{row}\t{start}\t{end}"), reads, String::new(), true, values);
    }

    fn node(
        &mut self,
        head: String,
        reads: Vec<usize>,
        tail: String,
        is_kept: bool,
        values: &[Value],
    ) {
        self.producers.extend(values.iter().map(|value| (*value, self.nodes)));
        self.nodes += 1;
        self.lines.push(Line { head, reads: Some(reads), next: None, tail, is_kept });
    }

    fn frame(&mut self, head: String) {
        self.lines.push(Line { head, reads: None, next: None, tail: String::new(), is_kept: true });
    }

    fn new_targets(&mut self) {
        for port in &self.program.targets {
            let (kind, shape) =
                (if port.element == Element::Index { "u32" } else { "" }, self.shape(&port.shape));
            self.targets.push(self.nodes);
            let name = port.name.trim_start_matches("r#");
            let head = format!("t\t{name}\t{kind}{shape}");
            self.node(head, Vec::new(), String::new(), true, &[]);
        }
    }

    /// Adds the outputs, which come before the loss.
    fn outputs(&mut self) {
        if std::mem::replace(&mut self.outputs_done, true) {
            return;
        }
        for (_, value) in &self.program.outputs {
            let reads = self.sources(&[*value]);
            self.node("y".to_owned(), reads, String::new(), true, &[]);
        }
    }

    /// Adds the loss, and what loop-carried values become.
    fn next_values(&mut self) {
        if let Some(loss) = self.program.loss {
            let reads = self.sources(&[loss]);
            self.node("z".to_owned(), reads, String::new(), true, &[]);
        }
        for (line, value) in std::mem::take(&mut self.open) {
            let next = self.next_of(value);
            self.lines[line].next = Some(self.sources(&[next]));
        }
    }

    fn next_of(&self, value: Value) -> Value {
        let graph = &self.program.graph;
        let Op::Carried(region) = graph[value].op else { return value };
        let mut carried = graph[region].carried.iter();
        carried.find(|carried| carried.value == value).map_or(value, |carried| carried.next)
    }

    /// Returns the nodes that give these values, or those that they are computed of without a node of their
    /// own.
    fn sources(&self, values: &[Value]) -> Vec<usize> {
        let (mut found, mut seen) = (Vec::new(), HashSet::new());
        let mut left: Vec<Value> = values.iter().rev().copied().collect();
        let graph = &self.program.graph;
        while let Some(value) = left.pop() {
            if !seen.insert(value) {
                continue;
            }
            let source = self.producers.get(&value).copied().or_else(|| match graph[value].op {
                Op::Leaf(Leaf::Input(index)) => Some(index),
                Op::Leaf(Leaf::Target(index)) => self.targets.get(index).copied(),
                Op::Leaf(Leaf::Parameter(index)) => self.owners.get(&index).copied(),
                _ => None,
            });
            match (source, &graph[value].op) {
                (Some(source), _) if found.contains(&source) => {}
                (Some(source), _) => found.push(source),
                (None, Op::Final) => left.push(self.next_of(graph[value].operands[0])),
                (None, _) => left.extend(graph[value].operands.iter().rev()),
            }
        }
        found
    }

    fn shape(&mut self, shape: &[Size]) -> String {
        let sizes: Vec<String> = shape.iter().map(|size| self.size(size)).collect();
        format!("[{}]", sizes.join(", "))
    }

    /// Returns a size as text: a number, a run-time size by its name, or a reference to one that only the
    /// compiler of the generated code knows.
    fn size(&mut self, size: &Size) -> String {
        if size.constant().is_some() || size.is_dynamic() {
            return size.to_string();
        }
        let known = self.sizes.iter().position(|known| known == size);
        let index = known.unwrap_or_else(|| {
            self.sizes.push(size.clone());
            self.sizes.len() - 1
        });
        format!("{{{index}}}")
    }

    /// Leaves out operations that nothing reads, numbers the nodes anew, and prints the lines.
    fn finish(self) -> Drawing {
        let inputs = self.program.inputs.len();
        let nodes: Vec<&Line> = self.lines.iter().filter(|line| line.reads.is_some()).collect();
        let mut kept: Vec<bool> = nodes.iter().map(|line| line.is_kept).collect();
        let mut left: Vec<usize> = (0..nodes.len()).filter(|node| kept[*node]).collect();
        while let Some(node) = left.pop() {
            for read in nodes[node].reads.iter().chain(&nodes[node].next).flatten() {
                if let Some(read) = read.checked_sub(inputs)
                    && !std::mem::replace(&mut kept[read], true)
                {
                    left.push(read);
                }
            }
        }
        let number = |node: usize| match node.checked_sub(inputs) {
            Some(own) => inputs + kept[..own].iter().filter(|kept| **kept).count(),
            None => node,
        };
        let ids = |nodes: &[usize]| {
            let ids: Vec<String> = nodes.iter().map(|node| number(*node).to_string()).collect();
            ids.join(",")
        };
        let (mut text, mut node) = (String::new(), 0);
        for line in &self.lines {
            if let Some(reads) = &line.reads {
                node += 1;
                if !kept[node - 1] {
                    continue;
                }
                let next = line.next.as_ref().map_or_else(String::new, |n| format!("\t{}", ids(n)));
                let reads = match line.head.starts_with('t') {
                    true => String::new(),
                    false => format!("\t{}", ids(reads)),
                };
                let _ = writeln!(text, "{}{reads}{next}{}", line.head, line.tail);
            } else {
                let _ = writeln!(text, "{}", line.head);
            }
        }
        Drawing { text, sizes: self.sizes }
    }
}
