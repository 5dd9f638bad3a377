//! Repeated trainings at a learning rate that is chosen for each network, since no rate is fair to all.

use super::side_by_side;
use monograd_examples::Outcome;
use std::ops::Range;

/// The seed of the trainings by which the learning rate is chosen; none of the repetitions has it.
const CHOICE: u64 = 1000;

/// Chooses the learning rate with the least loss, and trains with it once for each seed, side by side. Returns it with what
/// `train` returned, a function of the learning rate and the seed. A loss that is NaN is never chosen; of equal ones, the
/// first is. If there is one rate only, it is taken without a trial.
///
/// # Errors
/// Those of `train`.
pub fn at_best_rate<R: Send>(
    rates: &[f64],
    seeds: Range<u64>,
    train: impl Fn(f64, u64) -> Outcome<R> + Sync,
    loss: impl Fn(&R) -> f64,
) -> Outcome<(f64, Vec<R>)> {
    let mut best = (f64::INFINITY, rates[0]);
    if rates.len() > 1 {
        let trials = side_by_side(rates, |rate| train(*rate, CHOICE))?;
        for (rate, trial) in rates.iter().zip(&trials) {
            let loss = loss(trial);
            if loss < best.0 {
                best = (loss, *rate);
            }
        }
    }
    Ok((best.1, side_by_side(seeds, |seed| train(best.1, seed))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_with_the_least_loss_is_repeated() {
        let train = |rate: f64, seed: u64| {
            Ok(if rate == 0.0 { f64::NAN } else { (rate - 2.0).abs() + seed as f64 })
        };
        let (rate, runs) = at_best_rate(&[0.0, 1.0, 2.0, 3.0], 0..2, train, |loss| *loss).unwrap();
        assert_eq!((rate, &runs[..]), (2.0, &[0.0, 1.0][..]));
    }
}
