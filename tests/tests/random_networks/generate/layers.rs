//! Layers that are described in the language, with random options.

use super::Source;

impl Source {
    /// Adds a layer that takes values of as many axes as the one picked.
    pub(super) fn layer(&mut self) {
        let (name, shape) = self.pick();
        let (code, result) = match shape[..] {
            [_] => self.of_vector(shape[0]),
            [length, width] if self.random.below(8) == 0 => {
                return self.attention(&name, length, width);
            }
            [length, width] if self.random.below(2) == 0 => self.of_sequence(length, width),
            [channels, length] => return self.of_signal(&name, channels, length),
            [channels, height, width] => self.of_image([channels, height, width]),
            _ => ("Sigmoid".to_owned(), shape),
        };
        self.put(&format!("{name} >> {code}"), result);
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.random.below(of.len())]
    }

    fn of_vector(&mut self, size: usize) -> (String, Vec<usize>) {
        let even = ["Glu()", "Glu(activation = Silu)"];
        if size.is_multiple_of(2) && self.random.below(3) == 0 {
            return (self.one(&even).to_owned(), vec![size / 2]);
        }
        let code = self.one(&[
            "LayerNorm(eps = 0.1)",
            "LayerNorm(eps = 0.1, bias = false)",
            "LayerNorm(eps = 0.3, affine = false)",
            "RmsNorm(eps = 0.1)",
            "GatedMlp(3)",
            "GatedMlp(2, activation = Gelu, bias = true)",
        ]);
        (code.to_owned(), vec![size])
    }

    fn of_sequence(&mut self, length: usize, width: usize) -> (String, Vec<usize>) {
        let (hidden, layers) = (1 + self.random.below(3), 1 + self.random.below(2));
        let (both, bias) = (self.random.below(2), self.random.below(3) > 0);
        let options =
            format!("{hidden}, layers = {layers}, bidirectional = {}, bias = {bias}", both == 1);
        let recurrent = vec![length, (1 + both) * hidden];
        let even = width.is_multiple_of(2);
        let heads = if even { 1 + self.random.below(2) } else { 1 };
        let causal = self.random.below(2) == 0;
        match self.random.below(5) {
            4 => {
                let window = self.one(&["none", "2"]);
                let code = format!(
                    "MultiheadAttention({heads}, causal = {causal}, window = {window}, bias = {bias})"
                );
                (code, vec![length, width])
            }
            0 => (format!("Lstm({options})"), recurrent),
            1 => (format!("Gru({options})"), recurrent),
            2 => (format!("Rnn({options})"), recurrent),
            _ => ("LearnedPositions(9)".to_owned(), vec![length, width]),
        }
    }

    /// Adds an attention with heads that share keys, and perhaps with a mask and a padding.
    fn attention(&mut self, name: &str, length: usize, width: usize) {
        let heads = if width.is_multiple_of(2) { 2 } else { 1 };
        let (dim, causal) = (width / heads, self.random.below(2) == 0);
        let mask = format!("0.3 * matmul({name}, permute(cos({name}), [1, 0]))");
        let options = [
            String::new(),
            format!(", {mask}"),
            format!(", mask = {mask}, padding = maximum(range({length}) - 1, 0)"),
            format!(", padding = maximum(range({length}) - 1, 0)"),
        ];
        let options = &options[self.random.below(options.len())];
        let code = format!(
            "attention(reshape({name}, [{length}, {heads}, {dim}]), sin(reshape({name}[.., ..{dim}], [{length}, 1, \
             {dim}])), reshape({name}[.., ..{dim}], [{length}, 1, {dim}]){options}, causal = {causal}, scale = 0.7)"
        );
        self.put(&code, vec![length, heads, dim]);
    }

    fn of_signal(&mut self, name: &str, channels: usize, length: usize) {
        let (out, kernel) = (1 + self.random.below(3), 1 + self.random.below(3));
        let mode = self.one(&["zeros", "replicate"]);
        // no two elements of a window are equal
        let apart = format!(
            "({name} + 0.1 * cos(reshape(range({}), [{channels}, {length}])))",
            channels * length
        );
        let (code, shape) = match self.random.below(8) {
            0 => {
                let (padding, dilation) = (self.one(&["same", "causal"]), 1 + self.random.below(2));
                let code = format!(
                    "{name} >> Conv1d({out}, {kernel}, padding = {padding}, dilation = {dilation}, padding_mode = {mode})"
                );
                (code, vec![out, length])
            }
            1 => {
                let code = format!(
                    "{name} >> Conv1d({out}, {kernel}, stride = 2, padding = ({kernel}, 1), bias = false)"
                );
                (code, vec![out, length.div_ceil(2) + 1])
            }
            2 => {
                let code = format!(
                    "{name} >> Conv1d({}, {kernel}, padding = same, groups = {channels})",
                    2 * channels
                );
                (code, vec![2 * channels, length])
            }
            3 => {
                let code = format!("{name} >> ConvTranspose1d({out}, {kernel}, stride = 2)");
                (code, vec![out, (length - 1) * 2 + kernel])
            }
            4 => (
                format!("{apart} >> MaxPool1d(2, stride = 1, padding = 1)"),
                vec![channels, length + 1],
            ),
            5 => {
                let counts = self.one(&["true", "false"]);
                let code = format!(
                    "{name} >> AvgPool1d(2, padding = 1, ceil_mode = true, count_include_pad = {counts})"
                );
                // a last window that would begin in the padding is left out
                (code, vec![channels, length / 2 + 1])
            }
            6 => (format!("{name} >> AdaptiveAvgPool1d({out})"), vec![channels, out]),
            _ => {
                let (mode, wide) = match length {
                    1 => ("replicate", 2),
                    _ => (self.one(&["replicate", "circular", "reflect"]), 1),
                };
                let code = format!("pad({name}, [(0, 0), ({wide}, 1)], mode = {mode})");
                (code, vec![channels, length + wide + 1])
            }
        };
        self.put(&code, shape);
    }

    fn of_image(&mut self, [channels, height, width]: [usize; 3]) -> (String, Vec<usize>) {
        let (out, kernel) = (1 + self.random.below(3), 1 + self.random.below(3));
        match self.random.below(8) {
            0 => {
                let mode = self.one(&["zeros", "replicate"]);
                let code =
                    format!("Conv2d({out}, [{kernel}, 2], padding = same, padding_mode = {mode})");
                (code, vec![out, height, width])
            }
            1 => {
                let code = format!(
                    "Conv2d({channels}, 3, stride = 2, padding = 1, groups = {channels}, bias = false)"
                );
                (code, vec![channels, (height - 1) / 2 + 1, (width - 1) / 2 + 1])
            }
            2 => {
                let code = format!("ConvTranspose2d({out}, [1, 2], stride = [1, 2])");
                (code, vec![out, height, 2 * width])
            }
            3 => {
                let code = "AvgPool2d([2, 1], stride = 1, padding = [1, 0])".to_owned();
                (code, vec![channels, height + 1, width])
            }
            4 => (format!("AdaptiveAvgPool2d([{out}, 2])"), vec![channels, out, 2]),
            5 => {
                let groups = if self.random.below(2) == 0 { 1 } else { channels };
                (format!("GroupNorm({groups}, eps = 0.1)"), vec![channels, height, width])
            }
            6 => {
                ("InstanceNorm(eps = 0.1, affine = true)".to_owned(), vec![channels, height, width])
            }
            _ => ("GlobalAvgPool()".to_owned(), vec![channels]),
        }
    }
}
