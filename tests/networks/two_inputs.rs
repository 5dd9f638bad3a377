//! Two inputs, joined.

use monograd::prelude::*;

network! {
    /// Rates a film for a person.
    pub Rating(person: [12], film: [20]) -> [1] {
        let person = person >> Linear(16) >> Silu;
        let film = film >> Linear(16) >> Silu;
        concat(person, film, person * film) >> Linear(1)
    }
    loss huber(delta = 0.5)
}
