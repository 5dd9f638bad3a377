//! Loops over depth, with arithmetic on the iteration number, and recurrences.

use super::{Source, Value};

/// Bodies of loops over depth, for a value `#` of any shape; `@` is the iteration number.
const BODIES: &[&str] = &[
    "# = # * (@ + 1);",
    "# = # * @;",
    "# = # + (2 * @ - 1) / 3;",
    "# = tanh(#) + exp(@) * 0.1;",
    "# = # * param([], init = 0.5);",
    "# = # + sum(param([3], init = 0.1)) * @;",
    "# = # * range(6)[@];",
    "# = # + param([6], init = ones)[@] * (1 - @);",
    "for j in 0..2 { # = # * (@ + j) + j / 2; }",
    "let g = # * (@ > 1); # = select(g > 0, g, #);",
    "# = # * @ + @;",
];

/// Bodies of loops over depth, for a value `#` with axes; `@` is the iteration number.
const LAYERS: &[&str] = &[
    "# = # + (# >> Linear(%) >> Tanh);",
    "let g = # >> Linear(4) >> Gelu; # = g >> Dropout(0.1) >> Linear(%);",
    "# = (# - mean(#, axis = -1, keep = true)) * rsqrt(var(#, axis = -1, correction = 0, keep = true) + 0.5 + @);",
    "# = for e in # { e * cos(e) + @ };",
    "# = cumsum(#) * (@ + 1);",
    "let mut c = #[0]; # = for e in # { c = tanh(c) + e; c };",
    "# = concat(#, #)[..~];",
    "# = # * softmax(#);",
];

/// Bodies of recurrences, with the state `#` and an element `@`.
const STATES: &[&str] = &[
    "# = tanh(#) + @;",
    "# = # * 0.5 + @ * param([], init = 0.3);",
    "let old = #; # = @ - old;",
    "# = maximum(#, @);",
    "for k in 0..2 { # = # + @ * (k + 1); }",
    "# = # + @ * sum(param([2], init = ones));",
];

impl Source {
    pub fn depth(&mut self) {
        let Value { name, shape, .. } = self.pick();
        let (h, k) =
            (self.name(), self.one(&["k", "i", "n", "t", "lane", "number", "_"]).to_owned());
        let iterations = match self.below(4) {
            0 if self.has_n() => self.one(&["0..N", "1..N", "N..2 * N"]),
            _ => self.one(&["0..3", "0..1", "1..3", "0..2"]),
        };
        let mut body = String::new();
        for _ in 0..=self.below(2) {
            body += match (shape.last(), self.below(2)) {
                (Some(_), 0) => self.one(LAYERS),
                _ => self.one(BODIES),
            };
            body += " ";
        }
        let last = shape.last().map_or("1", String::as_str);
        let first = shape.first().map_or("1", String::as_str);
        let body = body.replace('#', &h).replace('@', &k).replace('%', last).replace('~', first);
        let attribute = self.one(&["", "", "#[checkpoint] "]);
        self.line(format!("let mut {h} = {name};"));
        if self.below(4) == 0 {
            let all = self.name();
            self.line(format!(
                "let {all} = {attribute}for {k} in {iterations} {{ {body}{h} * 0.5 }};"
            ));
            let count = if iterations == "0..3" { "3" } else { "2" };
            let mut shapes = shape.clone();
            shapes.insert(0, count.to_owned());
            self.known(all, shapes);
        } else {
            self.line(format!("{attribute}for {k} in {iterations} {{ {body}}}"));
        }
        self.known(h, shape);
    }

    pub fn recurrence(&mut self) {
        let sequences: Vec<usize> =
            (0..self.values.len()).filter(|i| !self.values[*i].shape.is_empty()).collect();
        if sequences.is_empty() {
            return self.elementwise();
        }
        let index = sequences[self.below(sequences.len())];
        let Value { name, shape, .. } = self.take(index);
        let (steps, rest) = (shape[0].clone(), shape[1..].to_vec());
        let element = rest.join(", ");
        let h = self.name();
        let begin = match self.below(4) {
            0 => format!("zeros([{element}])"),
            1 => format!("param([{element}], init = ones)"),
            2 => format!("{name}[0]"),
            _ if rest.is_empty() => "0.0".to_owned(),
            _ => format!("full([{element}], 0.1)"),
        };
        self.line(format!("let mut {h} = {begin};"));
        let (head, more) = match self.below(8) {
            0 | 1 => {
                let other = match self.below(5) {
                    0 => format!("zeros([{steps}])"),
                    1 => format!("range({steps})"),
                    // with a run-time size, equal lengths are left to the run
                    2 if steps == "T" => "param([5, 1], init = ones)".to_owned(),
                    2 => format!("param([{steps}, 1], init = ones)"),
                    3 => format!("full([{steps}], 0.5)"),
                    _ => self.pick().name,
                };
                match self.below(2) {
                    0 => (format!("(e, o) in ({name}, {other})"), " * o"),
                    _ => (format!("(o, e) in ({other}, {name})"), " + o"),
                }
            }
            2 => (format!("e in rev({name})"), ""),
            _ => (format!("e in {name}"), ""),
        };
        let step = match self.below(4) {
            0 if !rest.is_empty() => "let fc_of_step = Linear(%); # = tanh(# >> fc_of_step) + @;"
                .replace('%', &rest[rest.len() - 1]),
            _ => self.one(STATES).to_owned(),
        };
        let body = step.replace('#', &h).replace('@', &format!("(e{more})"));
        let attribute = self.one(&["", "", "", "#[truncate(2)] "]);
        if self.below(3) > 0 {
            let all = self.name();
            let give = self.one(&["#", "# * 2", "e + 0 * sum(#)", "e"]).replace('#', &h);
            self.line(format!("let {all} = {attribute}for {head} {{ {body} {give} }};"));
            self.known(all, shape);
            if self.streams {
                // the final state is known only after the last step
                return;
            }
        } else {
            self.line(format!("{attribute}for {head} {{ {body} }}"));
        }
        self.known(h, rest);
    }
}
