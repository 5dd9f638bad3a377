//! Generates random networks as source text: every operation, with shapes that fit.

mod forms;
mod layers;
mod loops;

use forms::{BINARY, LOSSES, REDUCTIONS, ROWS, UNARY};
use monograd::random::{Generator, Philox};

struct Source {
    random: Generator,
    text: String,
    /// The named values, with their shapes.
    values: Vec<(String, Vec<usize>)>,
    /// The named layers, with the sizes of their inputs and outputs.
    layers: Vec<(String, usize, usize)>,
    unused: Vec<bool>,
    names: usize,
    /// `true` if it has layers that are described in the language.
    layered: bool,
}

/// The first seed of networks with such layers, which take long to interpret.
const LAYERED: u64 = 300;

/// Returns the network of a seed.
pub fn network(seed: u64) -> String {
    let mut source = Source {
        random: Philox::new(seed).stream(0),
        text: String::new(),
        values: Vec::new(),
        layers: Vec::new(),
        unused: Vec::new(),
        names: 0,
        layered: seed >= LAYERED,
    };
    let mut inputs = Vec::new();
    for name in ["x", "y"].iter().take(1 + source.random.below(2)) {
        let rank = 1 + source.random.below(3);
        let shape: Vec<usize> = (0..rank).map(|_| 1 + source.random.below(4)).collect();
        inputs.push(format!("{name}: {shape:?}"));
        source.values.push(((*name).to_owned(), shape));
        source.unused.push(true);
    }
    source.linear();
    if source.layered && source.random.below(4) == 0 {
        inputs.push("words: u32[3]".to_owned());
        let width = 1 + source.random.below(4);
        source.put(&format!("words >> Embedding(5, {width})"), vec![3, width]);
    }
    for _ in 0..4 + source.random.below(9) {
        source.statement();
    }
    let end = source.end();
    let loss = LOSSES[source.random.below(LOSSES.len())];
    let (inputs, body) = (inputs.join(", "), source.text);
    format!("pub Net({inputs}) -> [3] {{\n{body}    {end}\n}}\nloss {loss}\n")
}

impl Source {
    /// Returns a value, preferably a recent one, and marks it as used.
    fn pick(&mut self) -> (String, Vec<usize>) {
        let len = self.values.len();
        let index = self.random.below(len).max(self.random.below(len));
        self.take(index)
    }

    fn take(&mut self, index: usize) -> (String, Vec<usize>) {
        self.unused[index] = false;
        self.values[index].clone()
    }

    fn put(&mut self, code: &str, shape: Vec<usize>) {
        let name = format!("v{}", self.names);
        self.names += 1;
        self.text += &format!("    let {name} = {code};\n");
        self.values.push((name, shape));
        self.unused.push(true);
    }

    fn statement(&mut self) {
        match self.random.below(if self.layered { 21 } else { 17 }) {
            0..4 => {
                let (name, shape) = self.pick();
                let form = UNARY[self.random.below(UNARY.len())];
                self.put(&form.replace('#', &name), shape);
            }
            4..6 => self.binary(),
            6..8 => self.linear(),
            8 => self.row_wise(),
            9 => self.reshape(),
            10 => self.slice(),
            11 => self.concat(),
            12 => self.depth(),
            13..15 => self.normalise(),
            15 => self.split(),
            16 => self.recurrence(),
            _ => self.layer(),
        }
    }

    fn binary(&mut self) {
        let (a, shape) = self.pick();
        let fitting: Vec<usize> = (0..self.values.len())
            .filter(|i| broadcast(&shape, &self.values[*i].1).is_some())
            .collect();
        let index = fitting[self.random.below(fitting.len())];
        let (b, other) = self.take(index);
        let form = BINARY[self.random.below(BINARY.len())];
        let result = broadcast(&shape, &other).unwrap();
        self.put(&form.replace('#', &a).replace('@', &b), result);
    }

    fn linear(&mut self) {
        let (name, mut shape) = self.pick();
        let Some(last) = shape.last_mut() else { return self.put(&format!("sin({name})"), shape) };
        let known: Vec<_> = self.layers.iter().filter(|layer| layer.1 == *last).cloned().collect();
        if !known.is_empty() && self.random.below(2) == 0 {
            let (layer, _, out) = &known[self.random.below(known.len())];
            *last = *out;
            return self.put(&format!("{name} >> {layer}"), shape);
        }
        let out = 1 + self.random.below(4);
        let bias = self.random.below(3) > 0;
        let layer = format!("fc{}", self.layers.len());
        let frozen = if self.random.below(6) == 0 { "#[frozen] " } else { "" };
        self.text += &format!("    {frozen}let {layer} = Linear({out}, bias = {bias});\n");
        self.layers.push((layer.clone(), *last, out));
        *last = out;
        // the sum gives both applications the same gradient
        let twice = format!("({name} >> {layer}) + (sin({name}) >> {layer})");
        let once = format!("{name} >> {layer}");
        let code = if self.random.below(4) == 0 { twice } else { once };
        self.put(&code, shape);
    }

    fn row_wise(&mut self) {
        let (name, shape) = self.pick();
        let axis = self.random.below(shape.len().max(1));
        match (shape.is_empty(), self.random.below(6)) {
            (false, 0) => self.put(&format!("softmax({name}, axis = {axis})"), shape),
            (false, 1) => self.put(&format!("0.3 * log_softmax({name}, axis = {axis})"), shape),
            (false, 2) => self.put(&format!("0.3 * cumsum({name}, axis = {axis})"), shape),
            (false, 3) => self.reduce(&name, shape, axis),
            (_, 4) => self.put(&format!("mean({name})"), vec![]),
            _ => self.put(&format!("0.2 * sum({name})"), vec![]),
        }
    }

    /// Adds a reduction along an axis.
    fn reduce(&mut self, name: &str, mut shape: Vec<usize>, axis: usize) {
        shape.remove(axis);
        let form = REDUCTIONS[self.random.below(REDUCTIONS.len())];
        self.put(&format!("{form}({name}, axis = {axis})"), shape);
    }

    fn normalise(&mut self) {
        let (name, shape) = self.pick();
        if shape.is_empty() {
            return self.put(&format!("sin({name})"), shape);
        }
        let form = ROWS[self.random.below(ROWS.len())].replace('#', &name);
        let axis = self.random.below(2 * shape.len()).min(shape.len() - 1);
        self.put(&form.replace("axis = -1", &format!("axis = {axis}")), shape);
    }

    fn reshape(&mut self) {
        let (name, mut shape) = self.pick();
        match self.random.below(4) {
            0 => shape = vec![shape.iter().product()],
            1 => shape.reverse(),
            2 => shape.insert(self.random.below(shape.len() + 1), 1),
            _ if shape.len() > 1 => {
                let last = shape.pop().unwrap_or(1);
                shape[0] *= last;
            }
            _ => shape.push(1),
        }
        self.put(&format!("reshape({name}, {shape:?})"), shape);
    }

    fn slice(&mut self) {
        let (name, shape) = self.pick();
        if shape.is_empty() {
            return self.put(&format!("cos({name})"), shape);
        }
        let (mut selections, mut result) = (Vec::new(), Vec::new());
        for size in shape {
            let start = self.random.below(size);
            let end = start + 1 + self.random.below(size - start);
            match self.random.below(3) {
                0 => selections.push(start.to_string()),
                1 => {
                    selections.push("..".to_owned());
                    result.push(size);
                }
                _ => {
                    selections.push(format!("{start}..{end}"));
                    result.push(end - start);
                }
            }
        }
        self.put(&format!("{name}[{}]", selections.join(", ")), result);
    }

    /// Adds a split into equal parts, possibly concatenated again in another order, as in a rotation.
    fn split(&mut self) {
        let (name, mut shape) = self.pick();
        let even: Vec<usize> = (0..shape.len()).filter(|i| shape[*i].is_multiple_of(2)).collect();
        if even.is_empty() {
            return self.put(&format!("sin({name})"), shape);
        }
        let axis = even[self.random.below(even.len())];
        shape[axis] /= 2;
        let (a, b) = (format!("a{}", self.names), format!("b{}", self.names));
        self.text += &format!("    let ({a}, {b}) = split({name}, 2, axis = {axis});\n");
        match self.random.below(4) {
            0 => self.put(&format!("sigmoid({a}) * tanh({b})"), shape),
            // each part is read along an axis, which may be that of the split
            2 => {
                let along = self.random.below(shape.len());
                let form = ROWS[self.random.below(ROWS.len())].replace('#', &a);
                let form = form.replace("axis = -1", &format!("axis = {along}"));
                self.put(&format!("({form}) * softmax({b}, axis = {along})"), shape);
            }
            1 => {
                self.put(&format!("{a} * {b}"), shape.clone());
                self.put(&format!("cos({b})"), shape);
            }
            _ => {
                shape[axis] *= 2;
                self.put(&format!("concat(-{b}, tanh({a}), axis = {axis})"), shape);
            }
        }
    }

    fn concat(&mut self) {
        let (a, mut shape) = self.pick();
        if shape.is_empty() {
            return self.put(&format!("erf({a})"), shape);
        }
        let axis = self.random.below(shape.len());
        let fits = |other: &Vec<usize>| {
            other.len() == shape.len()
                && (0..shape.len()).all(|i| i == axis || shape[i] == other[i])
        };
        let fitting: Vec<usize> =
            (0..self.values.len()).filter(|i| fits(&self.values[*i].1)).collect();
        let index = fitting[self.random.below(fitting.len())];
        let (b, other) = self.take(index);
        shape[axis] += other[axis];
        self.put(&format!("concat({a}, {b}, axis = {axis})"), shape);
    }

    /// Combines all unused values, so that the loss depends on all parameters.
    fn end(&mut self) -> String {
        let unused = self.values.iter().zip(&self.unused).filter(|(_, unused)| **unused);
        let parts: Vec<String> = unused
            .map(|((name, shape), _)| {
                let len: usize = shape.iter().product();
                format!("reshape({name}, [{len}])")
            })
            .collect();
        match &parts[..] {
            [part] => format!("{part} >> Linear(3)"),
            parts => format!("concat({}) >> Linear(3)", parts.join(", ")),
        }
    }
}

/// Returns the shape to which both broadcast, or `None`.
fn broadcast(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let rank = a.len().max(b.len());
    let size = |shape: &[usize], axis: usize| {
        (axis + shape.len()).checked_sub(rank).map_or(1, |axis| shape[axis])
    };
    (0..rank)
        .map(|axis| match (size(a, axis), size(b, axis)) {
            (a, b) if a == b || b == 1 => Some(a),
            (1, b) => Some(b),
            _ => None,
        })
        .collect()
}
