//! Chooses tokens by logits.

mod error;

use crate::random::{Generator, Philox};
pub use error::SampleError;

/// Chooses the next token of a text by the logits of a network: at random by their softmax, or the most
/// likely one.
///
/// The options and their order are those of `generate` in Hugging Face's `transformers`
/// (`generation/logits_process.py`): the repetition penalty, which also a greedy choice has, then the
/// temperature, `top_k`, `top_p`, `min_p`, each on what the one before leaves. Where tokens tie, a lower
/// number comes first.
///
/// All memory is allocated by [`new`](Self::new). The same seed gives the same tokens on every machine, if
/// the logits are the same.
///
/// ```
/// use monograd::Sampler;
///
/// // four tokens, of which the last one ends a text
/// let mut sampler = Sampler::new(4).temperature(0.8).top_k(2).seed(42).stop_at(&[3]);
/// let token = sampler.sample(&[1.0, 3.0, 2.5, -1.0])?;
/// assert!(token == 1 || token == 2);
/// assert!(!sampler.is_stop(token));
///
/// let mut greedy = Sampler::new(4).temperature(0.0);
/// assert_eq!(greedy.sample(&[1.0, 3.0, 2.5, -1.0])?, 1);
/// # Ok::<(), monograd::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Sampler {
    temperature: f32,
    top_k: usize,
    top_p: f32,
    min_p: f32,
    repetition_penalty: f32,
    stops: Vec<u32>,
    random: Generator,
    /// `true` for each token that was chosen or seen before.
    seen: Vec<bool>,
    /// The logits with all penalties, then relative to the largest and divided by the temperature.
    scores: Vec<f32>,
    /// The probability of each token relative to the most likely one; 0 for those left out.
    weights: Vec<f32>,
    /// Scores, of which the largest are sorted.
    sorted: Vec<f32>,
}

impl Sampler {
    /// Returns a sampler for logits of `tokens` tokens, which chooses by their softmax with seed 0.
    #[must_use]
    pub fn new(tokens: usize) -> Self {
        Self {
            temperature: 1.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.0,
            stops: Vec::new(),
            random: Philox::new(0).stream(0),
            seen: vec![false; tokens],
            scores: Vec::with_capacity(tokens),
            weights: Vec::with_capacity(tokens),
            sorted: Vec::with_capacity(tokens),
        }
    }

    /// Divides the logits by `temperature`: below 1 it prefers likely tokens, above 1 unlikely ones. At 0
    /// it takes the most likely one, and the options below have no effect.
    #[must_use]
    pub fn temperature(mut self, temperature: f32) -> Self {
        self.temperature = temperature;
        self
    }

    /// Keeps the `k` most likely tokens, and those that tie with the last of them. 0 keeps all.
    #[must_use]
    pub fn top_k(mut self, k: usize) -> Self {
        self.top_k = k;
        self
    }

    /// Keeps the most likely tokens, as few as have a probability of `p` together (nucleus sampling;
    /// Holtzman et al. 2020, arXiv 1904.09751), and at least one. 1 keeps all.
    #[must_use]
    pub fn top_p(mut self, p: f32) -> Self {
        self.top_p = p;
        self
    }

    /// Keeps the tokens that are at least `p` times as likely as the most likely one (Nguyen et al. 2024,
    /// arXiv 2407.01082). 0 keeps all.
    #[must_use]
    pub fn min_p(mut self, p: f32) -> Self {
        self.min_p = p;
        self
    }

    /// Divides the logits of tokens that were chosen or [observed](Self::observe) before by `penalty`, or
    /// multiplies them by it if they are negative (Keskar et al. 2019, arXiv 1909.05858). Above 1 it makes
    /// them less likely.
    #[must_use]
    pub fn repetition_penalty(mut self, penalty: f32) -> Self {
        self.repetition_penalty = penalty;
        self
    }

    /// Sets the seed of the choices.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = Philox::new(seed).stream(0);
        self
    }

    /// Sets the tokens that end a text, for [`is_stop`](Self::is_stop).
    #[must_use]
    pub fn stop_at(mut self, tokens: &[u32]) -> Self {
        self.stops = tokens.to_vec();
        self
    }

    /// Returns true if `token` ends a text.
    #[must_use]
    pub fn is_stop(&self, token: u32) -> bool {
        self.stops.contains(&token)
    }

    /// Marks the tokens of a prompt for the repetition penalty. Chosen ones are marked as they are chosen;
    /// those that the sampler does not know are left out.
    pub fn observe(&mut self, tokens: &[u32]) {
        for &token in tokens {
            if let Some(seen) = self.seen.get_mut(token as usize) {
                *seen = true;
            }
        }
    }

    /// Forgets the tokens that were chosen or observed. Random numbers go on.
    pub fn forget(&mut self) {
        self.seen.fill(false);
    }

    /// Chooses a token.
    ///
    /// # Errors
    /// If there are more or fewer logits than tokens, one is NaN or infinity, all are minus infinity, or an
    /// option is out of range. Nothing is chosen then.
    pub fn sample(&mut self, logits: &[f32]) -> Result<u32, SampleError> {
        let largest = self.score(logits)?;
        let token = match self.temperature {
            0.0 => self.scores.iter().position(|score| *score == largest).unwrap_or(0),
            _ => {
                self.weigh(largest);
                self.draw()
            }
        };
        self.seen[token] = true;
        Ok(token as u32)
    }

    fn check(&self) -> Result<(), SampleError> {
        let Self { temperature, top_p, min_p, repetition_penalty, .. } = *self;
        let options = [
            ("temperature", temperature, temperature >= 0.0, "0 or more, and finite"),
            ("top_p", top_p, (0.0..=1.0).contains(&top_p), "from 0 to 1"),
            ("min_p", min_p, (0.0..=1.0).contains(&min_p), "from 0 to 1"),
            (
                "repetition_penalty",
                repetition_penalty,
                repetition_penalty > 0.0,
                "more than 0, and finite",
            ),
        ];
        let wrong = options.into_iter().find(|(_, value, holds, _)| !holds || !value.is_finite());
        match wrong {
            Some((option, value, _, expected)) => {
                Err(SampleError::Option { option, value, expected })
            }
            None => Ok(()),
        }
    }

    /// Sets the scores to the logits with the repetition penalty, and returns the largest.
    fn score(&mut self, logits: &[f32]) -> Result<f32, SampleError> {
        let (actual, expected) = (logits.len(), self.seen.len());
        if actual != expected {
            return Err(SampleError::Length { actual, expected });
        }
        self.check()?;
        let is_wrong = |logit: &f32| logit.is_nan() || *logit == f32::INFINITY;
        if let Some(token) = logits.iter().position(is_wrong) {
            return Err(SampleError::Logit { token, value: logits[token] });
        }
        let penalty = self.repetition_penalty;
        self.scores.clear();
        self.scores.extend(logits.iter().zip(&self.seen).map(|(logit, seen)| match *seen {
            false => *logit,
            // a penalty below 1 may exceed the largest number
            true if *logit >= 0.0 => (logit / penalty).min(f32::MAX),
            true => logit * penalty,
        }));
        let largest = self.scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if largest == f32::NEG_INFINITY { Err(SampleError::NoToken) } else { Ok(largest) }
    }

    /// Sets the weights to the softmax of the scores, without its denominator, and to 0 for the tokens that
    /// are left out. The most likely token has weight 1.
    fn weigh(&mut self, largest: f32) {
        let Self { temperature, top_k, top_p, min_p, ref mut scores, ref mut weights, .. } = *self;
        // relative to the largest first, so that no quotient overflows upwards
        scores.iter_mut().for_each(|score| *score = (*score - largest) / temperature);
        weights.clear();
        weights.extend(scores.iter().map(|score| libm::expf(*score)));
        if top_k > 0 && top_k < self.scores.len() {
            self.sorted.clear();
            self.sorted.extend_from_slice(&self.scores);
            let (_, last, _) = self.sorted.select_nth_unstable_by(top_k - 1, |a, b| b.total_cmp(a));
            let last = *last;
            self.leave_out(|score, _| score < last);
        }
        if top_p < 1.0 {
            let (last, mut ties) = self.nucleus();
            self.leave_out(|score, _| {
                let is_tie = score == last && ties > 0;
                ties -= usize::from(is_tie);
                score < last || (score == last && !is_tie)
            });
        }
        if min_p > 0.0 {
            self.leave_out(|_, weight| weight < min_p);
        }
    }

    /// Sets the weights of some tokens to 0. `is_out` is called with score and weight of those that are
    /// left, in the order of their numbers.
    fn leave_out(&mut self, mut is_out: impl FnMut(f32, f32) -> bool) {
        for (score, weight) in self.scores.iter().zip(&mut self.weights) {
            if *weight > 0.0 && is_out(*score, *weight) {
                *weight = 0.0;
            }
        }
    }

    /// Returns the score of the last token within `top_p`, and how many tokens with this score are within:
    /// the least likely tokens are left out as long as they have at most 1 - `top_p` together.
    fn nucleus(&mut self) -> (f32, usize) {
        let Self { ref scores, ref weights, ref mut sorted, top_p, .. } = *self;
        sorted.clear();
        sorted.extend(scores.iter().zip(weights).filter(|(_, w)| **w > 0.0).map(|(s, _)| *s));
        let weigh = |score: &f32| f64::from(libm::expf(*score));
        let total: f64 = weights.iter().copied().map(f64::from).sum();
        let allowed = (1.0 - f64::from(top_p)) * total;
        // most of the weight is usually with few tokens, so only the largest are sorted, more and more
        let (mut from, mut outside, mut count) = (0, total, 64);
        while from < sorted.len() {
            count = (4 * count).min(sorted.len() - from);
            let rest = &mut sorted[from..];
            if count < rest.len() {
                rest.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
            }
            rest[..count].sort_unstable_by(|a, b| b.total_cmp(a));
            for at in from..from + count {
                outside -= weigh(&sorted[at]);
                if outside <= allowed {
                    let last = sorted[at];
                    let ties = sorted[..=at].iter().rev().take_while(|score| **score == last);
                    return (last, ties.count());
                }
            }
            from += count;
        }
        // rounding leaves a little outside
        (f32::NEG_INFINITY, 0)
    }

    /// Draws a token by the weights.
    fn draw(&mut self) -> usize {
        let total: f64 = self.weights.iter().copied().map(f64::from).sum();
        let uniform = (self.random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let (mut left, mut last) = (uniform * total, 0);
        for (token, weight) in self.weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0)
        {
            left -= f64::from(*weight);
            last = token;
            if left < 0.0 {
                break;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests;
