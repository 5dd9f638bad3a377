//! The chapter "Adding": an optimiser of one's own.

use monograd::StepError;
use monograd::layout::{Parameter, buffer_len, entries};
use monograd::prelude::*;

// ANCHOR: signum
/// Signum (Bernstein et al. 2018): every parameter moves by the learning rate, in the direction of the
/// sign of an average of its gradients.
struct Signum {
    learning_rate: f64,
    steps: u64,
    average: Vec<f32>,
}

impl Optimizer<f32> for Signum {
    fn update(
        &mut self,
        parameters: &mut [f32],
        gradients: &[f32],
        layout: &[Parameter],
    ) -> Result<(), StepError> {
        let (actual, expected) = (gradients.len(), buffer_len(layout));
        if actual != expected {
            return Err(StepError::Gradients { actual, expected });
        }
        self.average.resize(expected, 0.0);
        for entry in entries(layout).filter(|entry| !entry.is_frozen()) {
            for i in entry.range() {
                self.average[i] = 0.9 * self.average[i] + 0.1 * gradients[i];
                parameters[i] -= self.learning_rate as f32 * self.average[i].signum();
            }
        }
        self.steps += 1;
        Ok(())
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }
    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.learning_rate = learning_rate;
    }
    fn steps(&self) -> u64 {
        self.steps
    }
}
// ANCHOR_END: signum

network! {
    Line(x: [1]) -> [1] { x >> Linear(1) }
    loss mse
}

#[test]
fn an_optimiser_of_ones_own_learns() -> Result<(), Error> {
    // ANCHOR: use
    let x: Vec<f32> = (0..32).map(|i| i as f32 / 16.0 - 1.0).collect();
    let y: Vec<f32> = x.iter().map(|x| 2.0 * x + 1.0).collect();
    let mut net = Line::init(1);
    let mut signum = Signum { learning_rate: 0.0, steps: 0, average: Vec::new() };
    for step in 0..600 {
        signum.set_learning_rate(2e-2 * (1.0 - f64::from(step) / 600.0));
        net.train_step(&x, &y, &mut signum)?;
    }
    // ANCHOR_END: use
    let loss = net.loss(&x, &y)?;
    assert!(loss < 1e-3, "{loss}");
    assert_eq!(signum.steps(), 600);
    Ok(())
}
