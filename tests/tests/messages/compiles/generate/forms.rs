//! Statements outside of loops.

use super::{Source, Value};

/// Functions of one value `#`.
const UNARY: &[&str] = &[
    "tanh(#)",
    "sigmoid(#)",
    "sin(#)",
    "exp(-square(#))",
    "softplus(#)",
    "abs(#)",
    "-#",
    "# * #",
    "square(#)",
    "sqrt(1.0 + square(#))",
    "clamp(#, -1, 1)",
    "pow(#, 2)",
    "pow(1.5 + sin(#), 1.3)",
    "log(1.5 + cos(#))",
    "# / 2",
    "1 - #",
    "2 * #",
    "# >> Gelu",
    "# >> Dropout(0.1)",
    "Relu(#)",
    "# > 0",
    "select(# > 0, #, -0.5 * #)",
    "maximum(#, 0.1)",
    "stop_gradient(#) * #",
    "floor(#) + #",
    "PI * #",
    "# == #",
    "erf(#)",
    "atan(#)",
];

/// Functions of two values that broadcast.
const BINARY: &[&str] =
    &["# + @", "# - @", "# * @", "# / (1 + square(@))", "maximum(#, @)", "# >= @"];

/// Scalars that are the same for all samples, some of them parameters or reduced from parameters.
const NUMBERS: &[&str] = &[
    "param([], init = 0.1)",
    "exp(param([], init = 0.1))",
    "sum(param([3], init = 0.2))",
    "max(param([2, 2], init = normal(0.5)))",
    "mean(param([3], init = ones) * param([3], init = ones))",
    "param([3], init = ones)[1]",
    "reshape(param([1], init = 0.3), [])",
    "logsumexp(param([4], init = zeros))",
    "0.5",
    "(2 - 1)",
    "(PI / 2)",
    "sum(range(3))",
    "ones([])",
    "full([], 0.25)",
    "sum([0.5, 0.25])",
];

impl Source {
    pub fn elementwise(&mut self) {
        let a = self.pick();
        if self.below(2) == 0 {
            let form = match self.has_a() && self.below(4) == 0 {
                true => "# >> A",
                false => self.one(UNARY),
            };
            return self.put(&form.replace('#', &a.name), a.shape);
        }
        let fits =
            |b: &Value| b.shape == a.shape || b.shape.is_empty() || a.shape.ends_with(&b.shape);
        let fitting: Vec<usize> =
            (0..self.values.len()).filter(|i| fits(&self.values[*i])).collect();
        let index = fitting[self.below(fitting.len())];
        let b = self.take(index);
        let form = self.one(BINARY).replace('#', &a.name).replace('@', &b.name);
        self.put(&form, a.shape);
    }

    /// Adds an operation on a value and a number, or a number alone.
    pub fn number(&mut self) {
        let a = self.pick();
        let number = match self.below(6) {
            0 if self.has_n() => self.one(&["N", "(N - 1)", "(2 * N + 1)", "sum(range(N))"]),
            1 if self.has_t() => self.one(&["T", "mean(zeros([T]))", "(1.0 / T)"]),
            _ => self.one(NUMBERS),
        };
        match self.below(4) {
            0 => self.put(number, Vec::new()),
            1 => self.put(&format!("{} + {number}", a.name), a.shape),
            _ => self.put(&format!("{} * {number}", a.name), a.shape),
        }
    }

    pub fn linear(&mut self) {
        let Value { name, mut shape, .. } = self.pick();
        let size = self.size();
        let bias = self.one(&["", ", bias = false", ", init = xavier_normal"]);
        let layer = format!("{name} >> Linear({size}{bias})");
        if let Some(last) = shape.last_mut() {
            last.clone_from(&size);
        }
        if self.below(3) == 0 {
            let fc = self.name();
            self.line(format!("let {fc} = Linear({size}{bias});"));
            return self.put(&format!("{name} >> {fc}"), shape);
        }
        self.put(&layer, shape);
    }

    pub fn reduce(&mut self) {
        let Value { name, mut shape, .. } = self.pick();
        let form = self.one(&[
            "sum",
            "mean",
            "max",
            "min",
            "logsumexp",
            "var",
            "std",
            "argmax",
            "argmin",
            "softmax",
            "log_softmax",
            "cumsum",
            "flip",
        ]);
        let axis = self.below(shape.len().max(1));
        match form {
            "softmax" | "log_softmax" | "cumsum" | "flip" => {
                self.put(&format!("{form}({name}, axis = {axis})"), shape);
            }
            _ if self.below(4) == 0 => self.put(&format!("{form}({name})"), Vec::new()),
            _ if self.below(3) == 0 && !shape.is_empty() => {
                shape[axis] = "1".to_owned();
                self.put(&format!("{form}({name}, axis = {axis}, keep = true)"), shape);
            }
            _ => {
                if !shape.is_empty() {
                    shape.remove(axis);
                }
                self.put(&format!("{form}({name}, axis = {axis})"), shape);
            }
        }
    }

    pub fn reshape(&mut self) {
        let Value { name, mut shape, .. } = self.pick();
        let rank = shape.len();
        match self.below(6) {
            0 => {
                self.put(&format!("reshape({name}, [{}])", product(&shape)), vec![product(&shape)])
            }
            1 => {
                shape.insert(self.below(rank + 1), "1".to_owned());
                self.put(&format!("reshape({name}, [{}])", shape.join(", ")), shape);
            }
            2 if rank > 1 => {
                shape.swap(rank - 1, rank - 2);
                self.put(&format!("transpose({name})"), shape);
            }
            3 if rank > 1 => {
                shape.reverse();
                let axes: Vec<String> = (0..rank).rev().map(|axis| axis.to_string()).collect();
                self.put(&format!("permute({name}, [{}])", axes.join(", ")), shape);
            }
            4 if rank > 0 => {
                shape[0] = format!("2 * {}", parenthesised(&shape[0]));
                self.put(&format!("repeat({name}, 2)"), shape);
            }
            5 => {
                shape.insert(0, self.size());
                self.put(&format!("expand({name}, [{}])", shape.join(", ")), shape);
            }
            _ => self.put(&format!("{name} >> Flatten()"), vec![product(&shape)]),
        }
    }

    /// Adds a selection of a part of a value.
    pub fn select(&mut self) {
        let Value { name, mut shape, .. } = self.pick();
        if shape.is_empty() {
            return self.put(&format!("cos({name})"), shape);
        }
        let axis = self.below(shape.len().min(2));
        let before = if axis == 1 { ".., " } else { "" };
        match self.below(6) {
            0 => {
                shape.remove(axis);
                self.put(&format!("{name}[{before}0]"), shape);
            }
            1 => {
                shape.remove(axis);
                self.put(&format!("{name}[{before}-1]"), shape);
            }
            2 => {
                shape[axis] = "2".to_owned();
                self.put(&format!("{name}[{before}..2]"), shape);
            }
            3 => {
                shape[axis] = format!("{} - 1", shape[axis]);
                self.put(&format!("{name}[{before}1..]"), shape);
            }
            4 => {
                let size = shape[axis].clone();
                self.put(&format!("{name}[{before}(0..{size}).rev()]"), shape);
            }
            _ => {
                let by = self.below(3);
                self.put(&format!("roll({name}, {by}, axis = {axis})"), shape);
            }
        }
    }

    pub fn join(&mut self) {
        let (a, b) = (self.pick(), self.pick());
        let mut shape = a.shape.clone();
        let (a, b) = (&a.name, if a.shape == b.shape { &b.name } else { &a.name });
        let axis = self.below(shape.len().max(1));
        match self.below(4) {
            0 if !shape.is_empty() => {
                shape[axis] = format!("2 * {}", parenthesised(&shape[axis]));
                self.put(&format!("concat({a}, {b}, axis = {axis})"), shape);
            }
            1 => {
                shape.insert(0, "2".to_owned());
                self.put(&format!("stack({a}, {b})"), shape);
            }
            2 if !shape.is_empty() => {
                let pairs: Vec<&str> =
                    (0..shape.len()).map(|_| self.one(&["(0, 0)", "(1, 0)"])).collect();
                let ends = shape.iter().zip(&pairs);
                let ends =
                    ends.map(
                        |(size, pair)| {
                            if *pair == "(0, 0)" { size.clone() } else { format!("{size} + 1") }
                        },
                    );
                let ends: Vec<String> = ends.collect();
                let value = self.one(&["0", "0.5", "-1"]);
                self.put(&format!("pad({a}, [{}], value = {value})", pairs.join(", ")), ends);
            }
            _ if !shape.is_empty() => {
                let (first, second) = (self.name(), self.name());
                self.line(format!(
                    "let ({first}, {second}) = split({a}, [1, {} - 1], axis = {axis});",
                    shape[axis]
                ));
                let mut rest = shape.clone();
                rest[axis] = format!("{} - 1", rest[axis]);
                shape[axis] = "1".to_owned();
                self.known(first, shape);
                self.known(second, rest);
            }
            _ => self.put(&format!("stack({a}, {b}, axis = 0)"), vec!["2".to_owned()]),
        }
    }

    /// Adds a matrix product, possibly with an operand that is the same for all samples.
    pub fn product(&mut self) {
        let Value { name, shape, .. } = self.pick();
        let size = self.size();
        let rank = shape.len();
        match (self.below(7), &shape[..]) {
            (0, _) => {
                self.line(format!(
                    "let w{0} = param([{size}], init = normal(0.3));",
                    self.names.len()
                ));
                let w = format!("w{}", self.names.len());
                self.names.push(w.clone());
                self.put(&format!("{name} * matmul({w}, {w})"), shape);
            }
            (1, _) => {
                let form = self.one(&[
                    "# * matmul(range(@), range(@))",
                    "# * sum(matmul(param([2, @], init = ones), param([@, 3], init = ones)))",
                    "# * sum(matmul(param([@], init = ones), zeros([@, 2])))",
                    "# + matmul([1, 2], [0.5, 0.25])",
                ]);
                self.put(&form.replace('#', &name).replace('@', &size), shape);
            }
            (2, [.., last]) => {
                let code = format!("matmul({name}, param([{last}, {size}], init = normal(0.3)))");
                let mut shape = shape.clone();
                shape[rank - 1] = size;
                self.put(&code, shape);
            }
            (3, [.., last]) => {
                let code = format!("matmul({name}, param([{last}], init = ones))");
                self.put(&code, shape[..rank - 1].to_vec());
            }
            (4, [rows, _]) => {
                let square = vec![rows.clone(), rows.clone()];
                self.put(&format!("0.1 * matmul({name}, transpose({name}))"), square);
            }
            (5, [rows, last]) => {
                let (rows, last) = (rows.clone(), last.clone());
                self.put(
                    &format!(
                        "matmul(softmax(mask_future(matmul({name}, transpose({name})))), {name})"
                    ),
                    vec![rows, last],
                );
            }
            (6, [_]) => self.put(&format!("matmul({name}, {name})"), Vec::new()),
            _ => self.put(&format!("l2({name})"), Vec::new()),
        }
    }

    pub fn lookup(&mut self) {
        let (classes, width) = (self.size(), self.size());
        let of_class =
            if self.inputs.iter().any(|input| input == "class: u32[T]") { "T" } else { "3" };
        match self.below(4) {
            0 if self.has_class => self.put(
                &format!("gather(param([{classes}, {width}], init = normal(1)), class)"),
                vec![of_class.to_owned(), width],
            ),
            1 if self.has_class => {
                self.put(&format!("one_hot(class, {classes})"), vec![of_class.to_owned(), classes]);
            }
            2 => self.put("[[0.5, 1], [2, -3]]", vec!["2".to_owned(); 2]),
            _ => {
                let form = self.one(&[
                    "range(#)",
                    "zeros([#])",
                    "ones([#])",
                    "full([#], 0.3)",
                    "param([#], init = ones)",
                ]);
                let size = if self.has_t() && self.below(3) == 0 { "T".to_owned() } else { width };
                self.put(&form.replace('#', &size), vec![size]);
            }
        }
    }

    /// Adds an operation that can be streamed.
    pub fn causal(&mut self) {
        let Value { name, shape, .. } = self.pick();
        let pairs = |first: &str| {
            let rest = (1..shape.len()).map(|_| ", (0, 0)");
            std::iter::once(format!("[({first}, 0)"))
                .chain(rest.map(str::to_owned))
                .collect::<String>()
                + "]"
        };
        let fill = self.one(&["0", "0.5", "-1"]);
        let form = match self.below(if self.has_t() { 6 } else { 2 }) {
            0 => "cumsum(#)".to_owned(),
            1 => "cumsum(#) + cumsum(2 * #)".to_owned(),
            2 => format!("pad(#, {}, value = {fill})[..T]", pairs("1")),
            3 => format!("# - tanh(pad(#, {}, value = {fill}))[1..T + 1]", pairs("3")),
            4 => "# * range(T)".to_owned(),
            _ => "# - #[0]".to_owned(),
        };
        self.put(&form.replace('#', &name), shape);
    }
}

/// Returns the product of all sizes as source text.
fn product(shape: &[String]) -> String {
    match shape {
        [] => "1".to_owned(),
        shape => shape.iter().map(|size| parenthesised(size)).collect::<Vec<_>>().join(" * "),
    }
}

fn parenthesised(size: &str) -> String {
    if size.contains(' ') { format!("({size})") } else { size.to_owned() }
}
