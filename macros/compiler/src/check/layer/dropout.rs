//! `Dropout`: zeros with probability p while training.

use super::{Input, Kind, Layer};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Result};
use crate::ir::Value;
use crate::ir::kernel::Dropout;

pub const DROPOUT: Kind =
    Kind { name: "Dropout", usage: "Dropout(p)", prefix: "dropout", apply: dropout };

fn dropout(
    checker: &mut Checker<'_>,
    _: &mut Layer,
    mut arguments: Arguments<'_>,
    input: Input<'_>,
) -> Result<Value> {
    let expr = arguments.next(checker, "the probability of a zero")?;
    let probability = checker.literal(expr, "p")?;
    arguments.finish(checker)?;
    if !(0.0..1.0).contains(&probability) {
        return checker.error(
            expr.place,
            format!(
                "the probability of a zero is at least 0 and less than 1, not {probability}{}",
                percent(probability)
            ),
        );
    }
    let site = checker.dropouts;
    checker.dropouts += 1;
    Ok(checker.graph().kernel(Dropout { probability, site }, vec![input.value]))
}

/// What was probably meant by a probability above 1.
fn percent(probability: f64) -> String {
    match probability {
        2.0..100.0 => format!("; did you mean {}?", probability / 100.0),
        _ => String::new(),
    }
}
