//! A network that applies networks of other modules.

use super::dropout::Forgetful;
use super::{per_row, two_outputs};
use monograd::prelude::*;

network! {
    /// Applies others.
    pub Elsewhere(x: [16], rows: [8, 8]) -> [2] {
        #[frozen]
        let forgetful = Forgetful();
        let (policy, value) = x[..6] >> two_outputs::ActorCritic([4], [1]);
        let labels = mean(rows >> per_row::Rows::<4>(), axis = 0);
        (x >> forgetful) * policy + value * labels >> Linear(2)
    }
    loss mse
}
