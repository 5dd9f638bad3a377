//! Repeated trainings at a learning rate that is chosen for each network, since no rate is fair to all.

use super::{Spread, side_by_side};
use monograd_examples::Outcome;

/// The first seed of the trainings by which the learning rate is chosen; none of the repetitions has one of them.
const CHOICE: u64 = 1000;

/// The trainings of a network.
#[derive(Clone, Copy, Debug)]
pub struct Repeat<'a> {
    /// The learning rates to choose from.
    pub rates: &'a [f64],
    /// Number of trainings with each rate, of whose losses the median decides: more than one where rates differ less than
    /// seeds.
    pub trials: u64,
    /// Number of repetitions with the chosen rate.
    pub seeds: u64,
}

/// Chooses the learning rate with the least loss, and trains with it once for each seed, side by side. Returns it with what
/// `train` returned, a function of the learning rate and the seed. A loss that is NaN is as bad as infinity; of equal ones,
/// the first is chosen. If there is one rate only, it is taken without a trial.
///
/// # Errors
/// Those of `train`.
pub fn at_best_rate<R: Send>(
    Repeat { rates, trials, seeds }: Repeat<'_>,
    train: impl Fn(f64, u64) -> Outcome<R> + Sync,
    loss: impl Fn(&R) -> f64,
) -> Outcome<(f64, Vec<R>)> {
    let mut best = (f64::INFINITY, rates[0]);
    if rates.len() > 1 {
        let tried = rates.iter().flat_map(|rate| (0..trials).map(move |trial| (*rate, trial)));
        let tried = side_by_side(tried, |(rate, trial)| train(rate, CHOICE + trial))?;
        for (rate, tried) in rates.iter().zip(tried.chunks(trials as usize)) {
            let losses = tried.iter().map(&loss);
            let losses = losses.map(|loss| if loss.is_nan() { f64::INFINITY } else { loss });
            let middle = Spread::of(losses).middle;
            if middle < best.0 {
                best = (middle, *rate);
            }
        }
    }
    Ok((best.1, side_by_side(0..seeds, |seed| train(best.1, seed))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_with_the_least_loss_is_repeated() {
        let train = |rate: f64, seed: u64| {
            Ok(if rate == 0.0 { f64::NAN } else { (rate - 2.0).abs() + seed as f64 })
        };
        let repeat = Repeat { rates: &[0.0, 1.0, 2.0, 3.0], trials: 3, seeds: 2 };
        let (rate, runs) = at_best_rate(repeat, train, |loss| *loss).unwrap();
        assert_eq!((rate, &runs[..]), (2.0, &[0.0, 1.0][..]));
    }
}
