//! `Dropout`: sets elements to zero with probability p during training.

use super::{Apply, Input, Kind, Layer};
use crate::check::arguments::Arguments;
use crate::check::{Checker, Reported, Result};
use crate::ir::kernel::Dropout;
use crate::ir::{Type, Value};

pub const DROPOUT: Kind =
    Kind { name: "Dropout", usage: "Dropout(p)", prefix: "dropout", apply: Apply::Built(dropout) };

fn dropout(
    checker: &mut Checker<'_>,
    _: &mut Layer,
    mut arguments: Arguments<'_>,
    input: Input<'_>,
) -> Result<Value> {
    let expr = arguments.next(checker, "the probability of a zero");
    let probability = expr.and_then(|expr| Ok((expr, checker.literal(expr, "p")?)));
    let _ = arguments.finish(checker);
    let probability = match probability {
        Ok((_, probability)) if (0.0..1.0).contains(&probability) => probability,
        Ok((expr, probability)) => {
            let what = format!(
                "the probability of a zero is at least 0 and less than 1, not {probability}{}",
                percent(probability)
            );
            checker.report.error(expr.place, what);
            0.5
        }
        // the probability does not affect the shape of the result
        Err(Reported) => 0.5,
    };
    if probability == 0.0 {
        return Ok(input.value);
    }
    // every sample gets a mask of its own
    let ty = Type { batched: true, ..checker.graph().ty(input.value).clone() };
    let x = checker.graph().expand(input.value, &ty);
    let site = checker.modules.random_sites;
    checker.modules.random_sites += 1;
    Ok(checker.graph().kernel(Dropout { probability: probability.into(), site }, vec![x]))
}

/// Returns a suggestion for a probability that was probably meant as a percentage.
fn percent(probability: f64) -> String {
    match probability {
        2.0..100.0 => format!("; did you mean {}?", probability / 100.0),
        _ => String::new(),
    }
}
