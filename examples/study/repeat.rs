//! Repeated trainings at a learning rate that is chosen for each network, since no rate is fair to all.

use monograd_examples::Outcome;
use std::ops::Range;

/// The seed of the trainings by which the learning rate is chosen; none of the repetitions has it.
const CHOICE: u64 = 1000;

/// Chooses the learning rate with the least loss, and trains with it once for each seed. Returns it with what `train`
/// returned, a function of the learning rate and the seed. A loss that is NaN is never chosen; of equal ones, the first is.
///
/// # Errors
/// Those of `train`.
pub fn at_best_rate<R>(
    rates: &[f64],
    seeds: Range<u64>,
    train: impl Fn(f64, u64) -> Outcome<R>,
    loss: impl Fn(&R) -> f64,
) -> Outcome<(f64, Vec<R>)> {
    let mut best = (f64::INFINITY, rates[0]);
    for rate in rates {
        let loss = loss(&train(*rate, CHOICE)?);
        if loss < best.0 {
            best = (loss, *rate);
        }
    }
    let runs = seeds.map(|seed| train(best.1, seed)).collect::<Outcome<Vec<R>>>()?;
    Ok((best.1, runs))
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
