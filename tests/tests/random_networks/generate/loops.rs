//! Generates random loops.

use super::Source;

impl Source {
    /// Adds a loop whose iterations have separate layers, possibly with a second value, and with another
    /// loop or a recurrence inside.
    pub(super) fn depth(&mut self) {
        let (name, shape) = self.pick();
        let Some(width) = shape.last().copied() else {
            return self.put(&format!("tanh({name})"), shape);
        };
        let (iterations, more) = (1 + self.random.below(3), self.random.below(9));
        let number = self.names;
        let (h, g) = (format!("h{number}"), format!("g{number}"));
        self.text += &format!("    let mut {h} = {name};\n");
        let checkpoint = if self.random.below(3) == 0 { "#[checkpoint] " } else { "" };
        let body = match more {
            0 => format!("{h} = {h} + ({h} >> Linear({width}) >> Tanh);"),
            1 => format!(
                "let a = {h} >> Linear(2) >> Gelu; {h} = a >> Dropout(0.2) >> Linear({width});"
            ),
            2 => format!("for _ in 0..2 {{ {h} = {h} + (tanh({h}) >> Linear({width})); }}"),
            3 if shape.len() > 1 => format!(
                "let s = for a in rev({h}) {{ a * cos(a) }}; {h} = s + (sin({h}) >> Linear({width}));"
            ),
            4 if shape.len() > 1 => format!(
                "let mut c = {h}[0]; {h} = for a in {h} {{ c = tanh((c >> Linear({width})) + a); c }};"
            ),
            5 => {
                self.text += &format!("    let mut {g} = sin({name});\n");
                format!(
                    "let old = {h}; {h} = {g} + ({h} >> Linear({width}) >> Silu); {g} = old * {name};"
                )
            }
            6 => format!(
                "let c = {h} - mean({h}, axis = -1, keep = true); let s = mean(c * c, axis = -1, keep = true); {h} = {h} + (c * rsqrt(s + 0.5) >> Linear({width}));"
            ),
            7 => format!("{h} = {h} - 0.5 * (k + 1) / (2 * k + 1) + k;"),
            8 => format!(
                "{h} = 0.5 * {h} * (k + 1) - sin({h}); for lane in 1..3 {{ {h} = {h} / (k + lane) + param([], init = 0.5) * lane; }}"
            ),
            _ => format!("{h} = {h} * (1.0 + ({name} >> Linear({width}) >> Tanh));"),
        };
        self.text += &format!("    {checkpoint}for k in 0..{iterations} {{ {body} }}\n");
        self.put(&h, shape.clone());
        if more == 5 {
            self.put(&format!("0.5 * {g}"), shape);
        }
    }

    /// Adds a loop along an axis, whose iterations share their layers.
    pub(super) fn recurrence(&mut self) {
        let (name, shape) = self.pick();
        let ([steps, rest @ ..], number) = (&shape[..], self.names) else {
            return self.put(&format!("sigmoid({name})"), shape);
        };
        let h = format!("h{number}");
        let wide: usize = rest.iter().product();
        let over = match self.random.below(2) {
            0 => name.clone(),
            _ => format!("rev({name})"),
        };
        let layer = format!("hh{number}");
        self.text += &format!("    let {layer} = Linear(2);\n");
        let first = match rest.len() {
            0 => format!("    let mut {h} = reshape({name}[0], [1]) >> {layer};\n"),
            _ => format!("    let mut {h} = reshape({name}[0], [{wide}]) >> Linear(2);\n"),
        };
        let (before, input) = match rest.len() {
            0 => (first, "reshape(a, [1])".to_owned()),
            _ => (first, format!("reshape(a, [{wide}])")),
        };
        let layer = match rest.len() {
            0 => format!("tanh({input} >> {layer}) * (1.0 + sin({h}))"),
            _ => format!("tanh(({input} >> Linear(2, bias = false)) + ({h} >> {layer}))"),
        };
        let give = match self.random.below(3) {
            0 => format!("{h} = {layer}; {h}"),
            1 => format!("let before = {h}; {h} = {layer}; before * 0.5"),
            _ => format!("{h} = {layer}; sum({h})"),
        };
        let result = if give.ends_with("sum({h})") || give.contains("; sum(") {
            vec![*steps]
        } else {
            vec![*steps, 2]
        };
        self.text += &before;
        let truncate = self.random.below(3) == 0;
        if truncate {
            let checkpoint = if self.random.below(3) == 0 { "#[checkpoint] " } else { "" };
            let group = 1 + self.random.below(steps + 2);
            self.text += &format!("    {checkpoint}#[truncate({group})]\n");
        }
        self.put(&format!("for a in {over} {{ {give} }}"), result);
        self.put(&format!("cos({h})"), vec![2]);
    }
}
