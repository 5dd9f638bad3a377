//! Muon: momentum whose matrices are made orthogonal; and AdamW for what is no matrix.

use super::choices::Choices;
use super::common::{Buffers, Common, Section};
use super::options::{Range, check, check_betas, methods, options, weight_decay};
use super::{Optimizer, StepError, adam};
use crate::layout::{Kind, Parameter, entries};
use crate::scalar::Scalar;
use std::ops;

mod orthogonal;

use orthogonal::orthogonalize;

/// PyTorch's `Muon` (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks") for matrices,
/// and [`AdamW`](super::AdamW) for the other parameters. With gradient G, matrix W, momentum B, learning rate r
/// and weight decay d:
///
/// B = μ B + (1 - μ) G; U = (1 - μ) G + μ B (Nesterov's form, else B);
/// W = W - r d W - r s O(U),
///
/// where O(U) is nearly the orthogonal matrix that is next to U, by five Newton-Schulz iterations in the network's
/// own scalars (PyTorch's are in bfloat16), and s is a factor by the matrix's shape, see [`MuonRate`].
///
/// Matrices are the weights by which a layer multiplies: those of `Linear`, of recurrent layers and of attention,
/// each iteration's of a loop by itself. Embeddings, positions, convolutions, biases and the scales of
/// normalisations are not; [`adamw`](Self::adamw) and [`matrices`](Self::matrices) change that by name. The output
/// layer of a classifier or language model is usually left to AdamW as well.
///
/// ```
/// use monograd::prelude::*;
///
/// network! {
///     Deep(x: [4]) -> [1] {
///         let head = Linear(1);
///         x >> Linear(16) >> Gelu >> Linear(16) >> Gelu >> head
///     }
///     loss mse
/// }
///
/// let mut net = Deep::init(1);
/// // AdamW's learning rate is 3e-4
/// let mut optimizer = Muon::new(0.02).adamw_rate(0.015).adamw("head");
/// let before = net.train_step(&[0.5, -1.0, 2.0, 0.25], &[1.0], &mut optimizer)?;
/// assert!(net.loss(&[0.5, -1.0, 2.0, 0.25], &[1.0])? < before);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Muon<T> {
    momentum: f64,
    nesterov: bool,
    iterations: usize,
    eps: f64,
    rate: MuonRate,
    adamw_rate: f64,
    adamw_betas: (f64, f64),
    adamw_eps: f64,
    /// `true` for patterns of matrices, `false` for those of parameters that AdamW updates.
    choices: Choices<bool>,
    /// The matrices of the network; `None` before the first step, and after a change of the patterns.
    matrices: Option<Vec<Matrix>>,
    common: Common<T>,
}

/// The factor of [`Muon`]'s learning rate for a matrix of PyTorch's shape `[out, in]`: `adjust_lr_fn`.
///
/// ```
/// use monograd::optimizer::MuonRate;
/// use monograd::prelude::*;
///
/// network! {
///     Wide(x: [4]) -> [4] { x >> Linear(4) }
///     loss mse
/// }
///
/// let change = |rate| -> Result<f32, Error> {
///     let (mut net, before) = (Wide::init(1), Wide::init(1));
///     let mut optimizer = Muon::new(0.01).rate(rate).weight_decay(0.0);
///     net.train_step(&[0.5, -1.0, 2.0, 0.25], &[1.0; 4], &mut optimizer)?;
///     let weight = |net: &Wide| net.parameters().get("linear0.weight").map(|w| w.as_slice().to_vec());
///     let pairs = weight(&net)?.into_iter().zip(weight(&before)?);
///     Ok(pairs.map(|(new, old)| (new - old).powi(2)).sum::<f32>().sqrt())
/// };
/// // 0.2 sqrt(4) times as far
/// assert!((change(MuonRate::MatchAdamW)? / change(MuonRate::Original)? - 0.4).abs() < 1e-3);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MuonRate {
    /// sqrt(max(1, out / in)), the author's.
    #[default]
    Original,
    /// 0.2 sqrt(max(out, in)), with which a step is about as large as AdamW's, so that one learning rate and
    /// weight decay does for both.
    MatchAdamW,
    /// sqrt(out / in).
    Spectral,
}

/// A matrix in the buffer.
#[derive(Clone, Debug)]
struct Matrix {
    range: ops::Range<usize>,
    /// Its sizes in memory.
    rows: usize,
    columns: usize,
    /// Its sizes in files.
    shape: (usize, usize),
}

/// The slots of B, and of AdamW's moments.
const MOMENTUM: usize = 0;
const FIRST: usize = 1;
const SECOND: usize = 2;

impl<T: Scalar> Muon<T> {
    /// Creates the optimiser with PyTorch's defaults: momentum 0.95 in Nesterov's form, 5 iterations, weight decay
    /// 0.1; betas 0.9 and 0.999 of the parameters that are no matrices. The usual learning rate is 0.02, or AdamW's
    /// with [`MuonRate::MatchAdamW`].
    #[must_use]
    pub const fn new(learning_rate: f64) -> Self {
        Self {
            momentum: 0.95,
            nesterov: true,
            iterations: 5,
            eps: 1e-7,
            rate: MuonRate::Original,
            adamw_rate: 1.0,
            adamw_betas: (0.9, 0.999),
            adamw_eps: 1e-8,
            choices: Choices::new(),
            matrices: None,
            common: Common::new(learning_rate, 0.1),
        }
    }

    /// Sets the decay rates of AdamW's running means (by default 0.9 and 0.999).
    #[must_use]
    pub const fn adamw_betas(mut self, first: f64, second: f64) -> Self {
        self.adamw_betas = (first, second);
        self
    }

    /// Leaves the parameters whose names match `pattern` to AdamW; patterns are those of
    /// [`group`](Self::group). The last pattern that matches a name counts.
    #[must_use]
    pub fn adamw(self, pattern: &str) -> Self {
        self.choose(pattern, false)
    }

    /// Takes the parameters of two axes or more whose names match `pattern` for matrices; of a kernel of more axes,
    /// the axes after the first are one.
    #[must_use]
    pub fn matrices(self, pattern: &str) -> Self {
        self.choose(pattern, true)
    }

    fn choose(mut self, pattern: &str, is_matrix: bool) -> Self {
        self.choices.add(pattern, is_matrix);
        self.matrices = None;
        self
    }

    options! {
        /// Sets μ, the momentum (by default 0.95).
        momentum: f64,
        /// If true, looks ahead along the momentum (Nesterov; by default true).
        nesterov: bool,
        /// Sets the number of Newton-Schulz iterations (by default 5).
        iterations: usize,
        /// Sets the smallest norm by which a matrix is divided (by default 1e-7).
        eps: f64,
        /// Sets the factor of the learning rate by a matrix's shape (by default [`MuonRate::Original`]).
        rate: MuonRate,
        /// Sets the factor of the learning rate of the parameters that AdamW updates (by default 1).
        adamw_rate: f64,
        /// Sets AdamW's ε (by default 1e-8).
        adamw_eps: f64,
    }

    weight_decay! {
        /// Sets the weight decay, which shrinks all parameters directly (by default 0.1).
    }

    fn take_step(&mut self, buffers: Buffers<'_, T>) -> Result<(), StepError> {
        check::<T>("momentum", self.momentum, Range::BelowOne)?;
        check::<T>("eps", self.eps, Range::NotNegative)?;
        check::<T>("adamw_rate", self.adamw_rate, Range::NotNegative)?;
        check_betas::<T>(self.adamw_betas)?;
        check::<T>("adamw_eps", self.adamw_eps, Range::NotNegative)?;
        self.choices.check()?;
        let matrices = match self.matrices.take() {
            Some(matrices) => matrices,
            None => self.find_matrices(buffers.layout)?,
        };
        let steps = self.common.steps + 1;
        let (betas, eps, factor) = (self.adamw_betas, self.adamw_eps, self.adamw_rate);
        let update = self.update_of_matrices();
        self.common.step(buffers, &[MOMENTUM, FIRST, SECOND], |mut section| {
            let of_section: Vec<&Matrix> = matrices
                .iter()
                .filter(|matrix| contains(section.ranges(), &matrix.range))
                .collect();
            for matrix in &of_section {
                update.apply(&mut section, matrix);
            }
            let rest = without(section.ranges(), &of_section);
            let mut section = section.only(&rest);
            section.learning_rate *= factor;
            let rule = adam::adamw(&section, betas, eps, steps);
            section.optimize(rule, [FIRST, SECOND]);
        })?;
        self.matrices = Some(matrices);
        Ok(())
    }

    /// Returns the matrices of a layout, in the order of the buffer.
    fn find_matrices(&self, layout: &[Parameter]) -> Result<Vec<Matrix>, StepError> {
        self.choices.check_used(layout)?;
        let mut matrices = Vec::new();
        for entry in entries(layout) {
            let name = entry.name();
            let parameter = entry.parameter();
            let mut last_first = self.choices.as_slice().iter().rev();
            let chosen = last_first.find(|(pattern, _)| pattern.matches(&name));
            let is_matrix = chosen.map_or(parameter.transposed, |(_, is_matrix)| *is_matrix);
            let is_empty = entry.range().is_empty();
            if is_matrix && entry.kind() == Kind::Weight && entry.shape().len() >= 2 && !is_empty {
                let shape = parameter.matrix_shape();
                let (rows, columns) = if parameter.transposed { (shape.1, shape.0) } else { shape };
                matrices.push(Matrix { range: entry.range(), rows, columns, shape });
            }
        }
        Ok(matrices)
    }

    fn update_of_matrices(&self) -> Update {
        let Self { momentum, nesterov, iterations, eps, rate, .. } = *self;
        Update { momentum, nesterov, iterations, eps, rate }
    }
}

impl<T: Scalar> Optimizer<T> for Muon<T> {
    methods!("Muon", ["momentum_buffer", "exp_avg", "exp_avg_sq"]);
}

/// The update of matrices.
struct Update {
    momentum: f64,
    nesterov: bool,
    iterations: usize,
    eps: f64,
    rate: MuonRate,
}

impl Update {
    fn apply<T: Scalar>(&self, section: &mut Section<'_, T>, matrix: &Matrix) {
        let (rate, decay, clip) = (section.learning_rate, section.weight_decay, section.clip);
        let tensor = section.tensor(matrix.range.clone(), MOMENTUM);
        let (kept, new) = (T::from_f64(self.momentum), T::from_f64(1.0 - self.momentum));
        let mut direction = Vec::with_capacity(tensor.gradient.len());
        for (momentum, gradient) in tensor.state.iter_mut().zip(tensor.gradient) {
            let gradient = *gradient * clip;
            *momentum = *momentum + new * (gradient - *momentum);
            direction.push(match self.nesterov {
                true => gradient + kept * (*momentum - gradient),
                false => *momentum,
            });
        }
        let (rows, columns) = (matrix.rows, matrix.columns);
        let direction = orthogonalize(direction, rows, columns, self.iterations, self.eps);
        let step = T::from_f64(rate * self.rate.factor(matrix.shape));
        let shrink = T::from_f64(1.0 - rate * decay);
        for (parameter, direction) in tensor.parameter.iter_mut().zip(direction) {
            *parameter = *parameter * shrink - step * direction;
        }
    }
}

impl MuonRate {
    fn factor(self, (rows, columns): (usize, usize)) -> f64 {
        let (rows, columns) = (rows as f64, columns as f64);
        match self {
            Self::Original => (rows / columns).max(1.0).sqrt(),
            Self::MatchAdamW => 0.2 * rows.max(columns).sqrt(),
            Self::Spectral => (rows / columns).sqrt(),
        }
    }
}

fn contains(ranges: &[ops::Range<usize>], range: &ops::Range<usize>) -> bool {
    ranges.iter().any(|outer| outer.start <= range.start && range.end <= outer.end)
}

/// Returns the parts of `ranges` that are in no matrix. Both are in the order of the buffer.
fn without(ranges: &[ops::Range<usize>], matrices: &[&Matrix]) -> Vec<ops::Range<usize>> {
    let mut rest = Vec::new();
    for range in ranges {
        let mut start = range.start;
        let inside = |matrix: &&&Matrix| contains(std::slice::from_ref(range), &matrix.range);
        for matrix in matrices.iter().filter(inside) {
            if start < matrix.range.start {
                rest.push(start..matrix.range.start);
            }
            start = matrix.range.end;
        }
        if start < range.end {
            rest.push(start..range.end);
        }
    }
    rest
}
