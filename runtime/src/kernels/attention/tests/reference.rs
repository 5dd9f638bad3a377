//! The plain formula in `f64`, with the whole matrix of weights.

#![allow(clippy::needless_range_loop, reason = "several arrays are read alike by index")]

use super::super::Attention;
use crate::kernels::dropout::keep;

/// An attention with its operands, contiguous.
pub struct Reference<'a> {
    pub attention: &'a Attention,
    pub q: Vec<f64>,
    pub k: Vec<f64>,
    pub v: Vec<f64>,
    pub dy: Vec<f64>,
    pub mask: Vec<f64>,
    /// Number of scalars of the mask of one sample.
    pub of_mask: usize,
    pub mask_per_head: bool,
    pub mask_per_sample: bool,
    pub padding: Vec<f64>,
}

/// The gradients of the operands.
pub struct Gradients {
    pub dq: Vec<f64>,
    pub dk: Vec<f64>,
    pub dv: Vec<f64>,
    pub dmask: Vec<f64>,
}

/// A row of weights.
struct Row {
    /// The softmax.
    weights: Vec<f64>,
    /// The factor of each by the dropout.
    factors: Vec<f64>,
}

impl Reference<'_> {
    fn scale(&self) -> f64 {
        self.attention.scale.unwrap_or(1.0 / (self.attention.dim as f64).sqrt())
    }

    fn mask_at(&self, sample: usize, head: usize, query: usize, key: usize) -> usize {
        let Attention { queries, keys, .. } = *self.attention;
        let sample = if self.mask_per_sample { sample } else { 0 };
        let head = if self.mask_per_head { head } else { 0 };
        sample * self.of_mask + (head * queries + query) * keys + key
    }

    /// Returns the first index of a head's scalars: of queries, keys and values.
    fn at(&self, sample: usize, head: usize, query: usize, key: usize) -> [usize; 4] {
        let Attention { queries, keys, heads, groups, dim, value_dim, .. } = *self.attention;
        let group = head / (heads / groups);
        let (row, column) = (sample * queries + query, sample * keys + key);
        [
            (row * heads + head) * dim,
            (column * groups + group) * dim,
            (column * groups + group) * value_dim,
            (row * heads + head) * value_dim,
        ]
    }

    fn row(&self, sample: usize, head: usize, query: usize) -> Row {
        let a = self.attention;
        let mut scores = vec![0.0; a.keys];
        for (key, score) in scores.iter_mut().enumerate() {
            let [q, k, ..] = self.at(sample, head, query, key);
            let dot: f64 = (0..a.dim).map(|i| self.q[q + i] * self.k[k + i]).sum();
            *score = dot * self.scale();
            if !self.mask.is_empty() {
                *score += self.mask[self.mask_at(sample, head, query, key)];
            }
            let position = a.first + query;
            let left_out = (a.causal && key > position)
                || a.window.is_some_and(|window| key + window <= position)
                || (!self.padding.is_empty() && self.padding[sample * a.keys + key] != 0.0);
            if left_out {
                *score = f64::NEG_INFINITY;
            }
        }
        let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let shift = if largest.is_finite() { largest } else { 0.0 };
        let mut weights: Vec<f64> = scores.iter().map(|score| (score - shift).exp()).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= if sum == 0.0 { 1.0 } else { sum });
        let first = ((sample * a.heads + head) * a.queries + query) * a.keys;
        let factor = |key: usize| match a.dropout {
            Some(d) if !keep(d.key, d.first + (first + key) as u64, d.p) => 0.0,
            Some(d) => 1.0 / (1.0 - d.p),
            None => 1.0,
        };
        Row { weights, factors: (0..a.keys).map(factor).collect() }
    }

    /// Calls `each` for every sample, head and query.
    fn rows(&self, mut each: impl FnMut([usize; 3], Row)) {
        for sample in 0..self.attention.samples {
            for head in 0..self.attention.heads {
                for query in 0..self.attention.queries {
                    each([sample, head, query], self.row(sample, head, query));
                }
            }
        }
    }

    pub fn forward(&self) -> Vec<f64> {
        let mut results = vec![0.0; self.dy.len()];
        self.rows(|[sample, head, query], row| {
            for key in 0..self.attention.keys {
                let [_, _, v, y] = self.at(sample, head, query, key);
                for i in 0..self.attention.value_dim {
                    results[y + i] += row.weights[key] * row.factors[key] * self.v[v + i];
                }
            }
        });
        results
    }

    pub fn backward(&self) -> Gradients {
        let a = self.attention;
        let zeros = |of: &Vec<f64>| vec![0.0; of.len()];
        let mut gradients = Gradients {
            dq: zeros(&self.q),
            dk: zeros(&self.k),
            dv: zeros(&self.v),
            dmask: zeros(&self.mask),
        };
        self.rows(|[sample, head, query], row| {
            let mut d_weights = vec![0.0; a.keys];
            for key in 0..a.keys {
                let [_, _, v, y] = self.at(sample, head, query, key);
                for i in 0..a.value_dim {
                    d_weights[key] += self.dy[y + i] * self.v[v + i] * row.factors[key];
                    gradients.dv[v + i] += row.weights[key] * row.factors[key] * self.dy[y + i];
                }
            }
            let mean: f64 = d_weights.iter().zip(&row.weights).map(|(d, weight)| d * weight).sum();
            for key in 0..a.keys {
                let [q, k, ..] = self.at(sample, head, query, key);
                let d = row.weights[key] * (d_weights[key] - mean);
                for i in 0..a.dim {
                    gradients.dq[q + i] += d * self.scale() * self.k[k + i];
                    gradients.dk[k + i] += d * self.scale() * self.q[q + i];
                }
                if !self.mask.is_empty() {
                    gradients.dmask[self.mask_at(sample, head, query, key)] += d;
                }
            }
        });
        gradients
    }
}
