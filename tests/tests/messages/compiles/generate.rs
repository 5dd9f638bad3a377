//! Generates random networks as source text, with emphasis on unusual cases: values without axes,
//! products of parameters, run-time sizes, loops, streams, and names that have a meaning in Rust.
//!
//! The shapes that the generator tracks are only a guess: the checker decides whether a statement is
//! valid, and invalid ones are dropped.

mod forms;
mod loops;

use monograd::random::{Generator, Philox};

/// Names for inputs and values, most of which have another meaning in Rust, in generated code or in the
/// runtime.
const NAMES: &[&str] = &[
    "x",
    "y",
    "h",
    "n",
    "t",
    "i",
    "k",
    "a",
    "b",
    "lane",
    "number",
    "tile",
    "simd",
    "arena",
    "layout",
    "inputs",
    "targets",
    "outputs",
    "parameters",
    "gradients",
    "states",
    "rows",
    "samples",
    "at",
    "out0",
    "slot0",
    "d_outputs",
    "len_t",
    "copy",
    "value",
    "zeros_",
    "sum",
    "exp",
    "drop",
    "vec",
    "str",
    "usize_",
    "r#fn",
    "r#match",
    "r#type",
    "core_",
    "std_",
    "monograd_",
    "private",
    "state",
    "linear0",
    "step",
    "forward",
    "init",
    "stream",
    "lengths",
    "iteration",
    "x_0",
    "slope",
    "store",
    "union",
    "Ok",
    "None",
    "Some",
    "Box",
    "default",
    "auto",
    "some",
    "none",
    "ok",
    "err",
];

/// A size as source text.
type Size = String;

/// A named value, with its shape as far as the generator knows it.
#[derive(Clone)]
pub struct Value {
    pub name: String,
    pub shape: Vec<Size>,
    used: bool,
}

/// A network under construction.
#[derive(Clone)]
pub struct Source {
    pub random: Generator,
    generics: Vec<String>,
    inputs: Vec<String>,
    input_sizes: Vec<Vec<Size>>,
    /// The lines of the body.
    lines: Vec<String>,
    values: Vec<Value>,
    names: Vec<String>,
    /// `true` if values along `T` are not reduced as long as possible, so that the network can be streamed.
    streams: bool,
    has_class: bool,
    loss: String,
    outputs: usize,
    is_public: bool,
}

impl Source {
    /// Returns a network without statements.
    pub fn new(seed: u64) -> Self {
        let mut source = Self {
            random: Philox::new(seed).stream(0),
            generics: Vec::new(),
            inputs: Vec::new(),
            input_sizes: Vec::new(),
            lines: Vec::new(),
            values: Vec::new(),
            names: Vec::new(),
            streams: false,
            has_class: false,
            loss: String::new(),
            outputs: 1,
            is_public: false,
        };
        source.header();
        source
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.random.below(limit)
    }

    pub fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn header(&mut self) {
        if self.below(3) == 0 {
            self.generics.push("A: Activation = Tanh".to_owned());
        }
        if self.below(3) == 0 {
            self.generics.push("const N: usize = 3".to_owned());
        }
        self.streams = self.below(5) < 2;
        let dynamic = self.streams || self.below(2) == 0;
        let count = 1 + self.below(2);
        for index in 0..count {
            let mut shape = Vec::new();
            if dynamic && (index == 0 || self.below(2) == 0) {
                shape.push("T".to_owned());
            }
            let more = self.below(if shape.is_empty() { 4 } else { 3 });
            shape.extend((0..more).map(|_| self.size()));
            if !dynamic && index == 0 && self.below(6) == 0 {
                shape.clear();
            }
            let name = self.name();
            let mut written = shape.clone();
            if index == 0 && dynamic {
                written[0] = self.one(&["dyn T", "dyn T", "dyn T <= 9"]).to_owned();
            }
            self.inputs.push(format!("{name}: [{}]", written.join(", ")));
            self.input_sizes.push(shape.clone());
            self.values.push(Value { name, shape, used: false });
        }
        self.has_class = self.below(4) == 0;
        if self.has_class {
            let shape = if dynamic { "T" } else { "3" };
            self.inputs.push(format!("class: u32[{shape}]"));
        }
        self.loss = match self.below(3) {
            0 => String::new(),
            1 => format!("loss {}", self.one(&["mse", "l1", "huber(delta = 0.5)", "smooth_l1"])),
            _ => "loss |y, goal: [3]| mean(square(y)) + 0.1 * sum(goal * goal)".to_owned(),
        };
        self.outputs = 1 + usize::from(self.below(5) == 0);
        if self.outputs == 2 {
            self.loss = String::new();
        }
        self.is_public = self.below(3) == 0;
    }

    /// Returns a random size of an axis.
    pub fn size(&mut self) -> Size {
        let sizes = ["1", "2", "3", "4", "5", "N", "2 * N", "N + 1"];
        let known = if self.generics.iter().any(|g| g.starts_with("const")) { 8 } else { 5 };
        sizes[self.below(known)].to_owned()
    }

    /// Returns true if there is a const parameter.
    pub fn has_n(&self) -> bool {
        self.generics.iter().any(|generic| generic.starts_with("const"))
    }

    /// Returns true if there is a run-time size.
    pub fn has_t(&self) -> bool {
        self.inputs[0].contains("dyn T")
    }

    /// Returns true if there is an activation parameter.
    pub fn has_a(&self) -> bool {
        self.generics.iter().any(|generic| generic.starts_with('A'))
    }

    /// Returns an unused name.
    pub fn name(&mut self) -> String {
        for _ in 0..4 {
            let name = self.one(NAMES).to_owned();
            if !self.names.contains(&name) {
                self.names.push(name.clone());
                return name;
            }
        }
        let name = format!("v{}", self.names.len());
        self.names.push(name.clone());
        name
    }

    /// Returns a value, preferably a recent one, and marks it as used.
    pub fn pick(&mut self) -> Value {
        let len = self.values.len();
        let index = self.below(len).max(self.below(len));
        self.take(index)
    }

    pub fn take(&mut self, index: usize) -> Value {
        self.values[index].used = true;
        self.values[index].clone()
    }

    pub fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Adds `let name = code;`.
    pub fn put(&mut self, code: &str, shape: Vec<Size>) {
        let name = self.name();
        self.line(format!("let {name} = {code};"));
        self.known(name, shape);
    }

    /// Adds a value that a previous line has named.
    pub fn known(&mut self, name: String, shape: Vec<Size>) {
        self.values.push(Value { name, shape, used: false });
    }

    /// Returns the sizes of the float inputs, with N = 3; `None` for `T`.
    pub fn input_shapes(&self) -> Vec<Vec<Option<usize>>> {
        let size = |size: &Size| match size.as_str() {
            "T" => None,
            "N" => Some(3),
            "2 * N" => Some(6),
            "N + 1" => Some(4),
            number => number.parse().ok(),
        };
        self.input_sizes.iter().map(|shape| shape.iter().map(size).collect()).collect()
    }

    /// Returns true if the class input is along `T`; `None` if there is no class input.
    pub fn class_along_t(&self) -> Option<bool> {
        self.has_class.then(|| self.inputs.iter().any(|input| input == "class: u32[T]"))
    }

    pub fn output_count(&self) -> usize {
        self.outputs
    }

    /// Returns the source text. All unused values contribute to the outputs.
    pub fn text(&self) -> String {
        let along_t = |value: &Value| value.shape.first().is_some_and(|size| size == "T");
        let unused: Vec<&Value> = self.values.iter().filter(|value| !value.used).collect();
        let keeps = self.streams && unused.iter().any(|value| along_t(value));
        let part = |value: &&Value| {
            let axes = value.shape.len();
            let axes = if keeps && along_t(value) { 1..axes } else { 0..axes };
            let axes: Vec<String> = axes.map(|axis| axis.to_string()).collect();
            match &axes[..] {
                [] => value.name.clone(),
                axes => format!("0.5 * sum({}, axis = [{}])", value.name, axes.join(", ")),
            }
        };
        let parts: Vec<String> = unused.iter().map(part).collect();
        let sum = if parts.is_empty() { "0.0".to_owned() } else { parts.join(" + ") };
        let shape = if keeps { "[T]" } else { "[]" };
        let (shape, result) = match self.outputs {
            1 => (shape.to_owned(), "total".to_owned()),
            _ => (format!("({shape}, {shape})"), "(tanh(total), total)".to_owned()),
        };
        let generics = match &self.generics[..] {
            [] => String::new(),
            generics => format!("<{}>", generics.join(", ")),
        };
        let visibility = if self.is_public { "pub " } else { "" };
        let (inputs, lines) = (self.inputs.join(", "), self.lines.join("\n        "));
        let loss = &self.loss;
        format!(
            "    {visibility}Net{generics}({inputs}) -> {shape} {{\n        {lines}\n        let total = {sum};\n        {result}\n    }}\n    {loss}\n"
        )
    }

    /// Adds one statement, or several that belong together.
    pub fn statement(&mut self) {
        match self.below(16) {
            0..3 => self.elementwise(),
            3 | 4 => self.number(),
            5 => self.linear(),
            6 => self.reduce(),
            7 => self.reshape(),
            8 => self.select(),
            9 => self.join(),
            10 => self.product(),
            11 => self.lookup(),
            12 => self.causal(),
            13 => self.depth(),
            _ => self.recurrence(),
        }
    }
}
