//! Attention by its formula: the weights of all pairs, and the gradients of queries, keys, values and mask.

use super::{Operand, each};

/// An attention: its weights `[samples, heads, queries, keys]`, and its operands.
struct Attention<'a> {
    q: &'a Operand<'a>,
    k: &'a Operand<'a>,
    v: &'a Operand<'a>,
    mask: Option<&'a Operand<'a>>,
    padding: Option<&'a Operand<'a>>,
    scale: f64,
    causal: bool,
    window: Option<usize>,
    weights: Vec<f64>,
}

/// Computes attention or its gradients; `None` if it is another kernel. `room` is the number of the operand, a
/// buffer, whose content is wanted instead of the kernel's result.
pub(super) fn of_attention(
    name: &str,
    text: &str,
    operands: &[Operand<'_>],
    room: Option<usize>,
) -> Option<Vec<f64>> {
    if !matches!(name, "Attended" | "QueryGradient") {
        return None;
    }
    let attention = Attention::new(text, operands);
    Some(match name {
        "Attended" => attention.result(),
        _ => {
            let dy = &operands[attention.operands() + 2];
            match room.map(|room| room - attention.operands() - 3) {
                None => attention.of_queries(dy),
                Some(0) => attention.of_keys(dy),
                Some(1) => attention.of_values(dy),
                Some(_) => attention.of_mask(dy),
            }
        }
    })
}

impl<'a> Attention<'a> {
    fn new(text: &str, operands: &'a [Operand<'a>]) -> Self {
        let has = |field: &str| text.contains(&format!("{field}: true"));
        // the gradient has a field of this name, too, for a mask whose gradient is wanted
        let (mask, padding) = (text.contains("mask: true, padding"), has("padding"));
        let number = |field: &str| {
            let known = text.contains(&format!("{field}: Some("));
            known.then(|| {
                super::number(&text.replace("Some(Float(", "").replace("Some(", ""), field)
            })
        };
        let [q, k, v] = [&operands[0], &operands[1], &operands[2]];
        let mut attention = Self {
            q,
            k,
            v,
            mask: mask.then(|| &operands[3]),
            padding: padding.then(|| &operands[3 + usize::from(mask)]),
            scale: number("scale").unwrap_or(1.0 / (q.shape[3] as f64).sqrt()),
            causal: has("causal"),
            window: number("window").map(|window| window as usize),
            weights: Vec::new(),
        };
        let exponentials = each(&attention.shape(), |pair| attention.score(pair).exp());
        for row in exponentials.chunks(k.shape[1]) {
            let sum: f64 = row.iter().sum();
            attention.weights.extend(row.iter().map(|e| if sum == 0.0 { 0.0 } else { e / sum }));
        }
        attention
    }

    /// Returns the number of operands that are not buffers.
    fn operands(&self) -> usize {
        3 + usize::from(self.mask.is_some()) + usize::from(self.padding.is_some())
    }

    /// Returns `[samples, heads, queries, keys]`.
    fn shape(&self) -> [usize; 4] {
        let samples = [self.q, self.k, self.v].map(|operand| operand.shape[0]);
        let samples = samples.into_iter().max().unwrap();
        [samples, self.q.shape[2], self.q.shape[1], self.k.shape[1]]
    }

    /// Returns the head of keys and values that belongs to a head of queries.
    fn group(&self, head: usize) -> usize {
        head / (self.q.shape[2] / self.k.shape[2])
    }

    /// Returns the scaled product of a query and a key with the mask, -inf if the query does not see the key.
    fn score(&self, pair: &[usize]) -> f64 {
        let [sample, head, query, key] = pair[..] else { panic!("a pair") };
        let is_far = self.window.is_some_and(|window| query >= key + window);
        let is_padding =
            self.padding.is_some_and(|padding| padding.broadcast(&[sample, key]) != 0.0);
        if self.causal && key > query || is_far || is_padding {
            return f64::NEG_INFINITY;
        }
        let product = (0..self.q.shape[3]).map(|i| {
            let k = self.k.broadcast(&[sample, key, self.group(head), i]);
            self.q.broadcast(&[sample, query, head, i]) * k
        });
        let mask = match self.mask {
            Some(mask) if mask.shape.len() == 3 => mask.broadcast(&[sample, query, key]),
            Some(mask) => mask.broadcast(&[sample, head, query, key]),
            None => 0.0,
        };
        self.scale * product.sum::<f64>() + mask
    }

    fn result(&self) -> Vec<f64> {
        let [samples, heads, queries, _] = self.shape();
        let mut y = vec![0.0; samples * queries * heads * self.v.shape[3]];
        self.for_each(|weight, [sample, head, query, key]| {
            for i in 0..self.v.shape[3] {
                let v = self.v.broadcast(&[sample, key, self.group(head), i]);
                y[((sample * queries + query) * heads + head) * self.v.shape[3] + i] += weight * v;
            }
        });
        y
    }

    fn for_each(&self, mut of: impl FnMut(f64, [usize; 4])) {
        let mut weights = self.weights.iter();
        each(&self.shape(), |pair| {
            of(*weights.next().unwrap(), pair.try_into().unwrap());
            0.0
        });
    }

    /// Returns the gradients of the scores.
    fn of_scores(&self, dy: &Operand<'_>) -> Vec<f64> {
        let of_weights = each(&self.shape(), |pair| {
            let [sample, head, query, key] = pair[..] else { panic!("a pair") };
            let products = (0..self.v.shape[3]).map(|i| {
                let v = self.v.broadcast(&[sample, key, self.group(head), i]);
                dy.at(&[sample, query, head, i]) * v
            });
            products.sum::<f64>()
        });
        let keys = self.k.shape[1];
        let rows = self.weights.chunks(keys).zip(of_weights.chunks(keys));
        rows.flat_map(|(weights, of_weights)| {
            let mean: f64 = weights.iter().zip(of_weights).map(|(w, d)| w * d).sum();
            weights.iter().zip(of_weights).map(move |(w, d)| w * (d - mean))
        })
        .collect()
    }

    /// Returns a gradient of the shape of an operand: calls `each_pair` with the term of each pair and a function
    /// that adds to the element at an index.
    fn add(
        &self,
        of: &Operand<'_>,
        terms: &[f64],
        each_pair: impl Fn(f64, [usize; 4], &mut dyn FnMut(&[usize], f64)),
    ) -> Vec<f64> {
        let mut sums = vec![0.0; of.values.len()];
        let mut terms = terms.iter();
        self.for_each(|_, pair| {
            each_pair(*terms.next().unwrap(), pair, &mut |index, term| {
                // an operand without samples has the sum over them
                let index = index.iter().zip(&of.shape);
                let place = index.fold(0, |place, (i, size)| place * size + i.min(&(size - 1)));
                sums[place] += term;
            });
        });
        sums
    }

    fn of_queries(&self, dy: &Operand<'_>) -> Vec<f64> {
        self.add(self.q, &self.of_scores(dy), |d, [sample, head, query, key], add| {
            for i in 0..self.q.shape[3] {
                let k = self.k.broadcast(&[sample, key, self.group(head), i]);
                add(&[sample, query, head, i], self.scale * d * k);
            }
        })
    }

    fn of_keys(&self, dy: &Operand<'_>) -> Vec<f64> {
        self.add(self.k, &self.of_scores(dy), |d, [sample, head, query, key], add| {
            for i in 0..self.q.shape[3] {
                let q = self.q.broadcast(&[sample, query, head, i]);
                add(&[sample, key, self.group(head), i], self.scale * d * q);
            }
        })
    }

    fn of_values(&self, dy: &Operand<'_>) -> Vec<f64> {
        self.add(self.v, &self.weights, |weight, [sample, head, query, key], add| {
            for i in 0..self.v.shape[3] {
                let dy = dy.at(&[sample, query, head, i]);
                add(&[sample, key, self.group(head), i], weight * dy);
            }
        })
    }

    fn of_mask(&self, dy: &Operand<'_>) -> Vec<f64> {
        let mask = self.mask.expect("a mask");
        self.add(mask, &self.of_scores(dy), |d, [sample, head, query, key], add| {
            match mask.shape.len() {
                3 => add(&[sample, query, key], d),
                _ => add(&[sample, head, query, key], d),
            }
        })
    }
}
