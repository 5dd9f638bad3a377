//! The state of an optimiser in a file.

use super::Optimizer;
use crate::buffer::Buffer;
use crate::error::{FileProblem, Result, Shown};
use crate::file;
use crate::layout::{Parameter, buffer_len, can_be_nested};
use crate::scalar::Scalar;
use std::path::Path;

const NAME: &str = file::OPTIMIZER;
const STEPS: &str = "steps";
const RATE: &str = "learning_rate";
const STATES: &str = file::OPTIMIZER_STATES;
/// The largest number of steps that is read: no training gets there, and those to come can be added to it.
pub(crate) const MOST_STEPS: u64 = 1 << 53;

/// Implements [`Optimizer::save`].
pub(super) fn save<T: Scalar>(
    optimizer: &dyn Optimizer<T>,
    path: &Path,
    layout: &'static [Parameter],
) -> Result<()> {
    let states = optimizer.states();
    let names: Vec<&'static str> = states.iter().map(|(name, _)| *name).collect();
    let nested = nested(&names, layout).map_err(|problem| problem.at(Some(path)))?;
    let mut values = Buffer::<T>::try_zeros(buffer_len(&nested))?;
    for (parameter, (_, state)) in nested.iter().zip(&states) {
        values[parameter.range()].copy_from_slice(state);
    }
    let metadata = [
        (NAME, optimizer.name().to_owned()),
        (STEPS, optimizer.steps().to_string()),
        (RATE, format!("{:?}", optimizer.learning_rate())),
        (STATES, names.join(" ")),
    ];
    file::save_with(path, &nested, &values, metadata)
}

/// Implements [`Optimizer::load`].
pub(super) fn load<T: Scalar>(
    optimizer: &mut dyn Optimizer<T>,
    path: &Path,
    layout: &'static [Parameter],
) -> Result<()> {
    let wrong = |reason: String| FileProblem::Optimizer { reason }.at(Some(path));
    let metadata = file::metadata(path)?;
    let value = |key: &str| {
        metadata.get(key).ok_or_else(|| wrong(format!("the file's metadata has no `{key}`")))
    };
    if metadata.contains_key(file::CHECKPOINT) {
        let call = "`Checkpoints::new(folder).load(&mut net, &mut optimizer)`";
        return Err(wrong(format!("it is the checkpoint of a training, which is read by {call}")));
    }
    let (name, own) = (value(NAME)?, optimizer.name());
    if name != own {
        return Err(wrong(format!("it is that of `{name}`, and this is `{own}`")));
    }
    let no_number = |key: &str| wrong(format!("the `{key}` of the file's metadata is no number"));
    let steps = value(STEPS)?.parse().ok().filter(|steps| *steps <= MOST_STEPS);
    let steps = steps.ok_or_else(|| no_number(STEPS))?;
    let rate = value(RATE)?.parse().map_err(|_| no_number(RATE))?;
    let rate = known_rate(rate).map_err(wrong)?;
    let names = known_states(value(STATES)?, optimizer.state_names()).map_err(wrong)?;
    let nested = nested(&names, layout).map_err(|problem| problem.at(Some(path)))?;
    let values = file::load_parts::<T>(path, &nested)?;
    let states = nested
        .iter()
        .map(|parameter| (parameter.name.to_owned(), values[parameter.range()].to_vec()));
    optimizer.restore(steps, states.collect(), layout)?;
    optimizer.set_learning_rate(rate);
    Ok(())
}

/// Returns the states that a file names, each of which the optimiser has; an error is the reason.
pub(crate) fn known_states(
    names: &str,
    known: &[&'static str],
) -> std::result::Result<Vec<&'static str>, String> {
    let mut found = Vec::new();
    for name in names.split_whitespace() {
        match known.iter().find(|known| **known == name) {
            Some(name) if found.contains(name) => {
                return Err(format!("it has the state `{name}` twice"));
            }
            Some(name) => found.push(*name),
            None => return Err(format!("it has an unknown state `{}`", Shown(name))),
        }
    }
    Ok(found)
}

/// Returns the learning rate of a file, which some step was taken with; an error is the reason.
pub(crate) fn known_rate(rate: f64) -> std::result::Result<f64, String> {
    match rate.is_finite() && rate >= 0.0 {
        true => Ok(rate),
        false => Err(format!("its learning rate is {rate}")),
    }
}

/// Returns the layout of a file with a copy of `layout` for each name.
pub(crate) fn nested(
    names: &[&'static str],
    layout: &'static [Parameter],
) -> std::result::Result<Vec<Parameter>, FileProblem> {
    if !can_be_nested(layout) {
        let reason = "the network's layers are nested too deeply".to_owned();
        return Err(FileProblem::Optimizer { reason });
    }
    let (mut end, mut nested) = (0, Vec::new());
    for name in names {
        let state = Parameter { offset: end, ..Parameter::layer(name, layout) };
        end = buffer_len(&[state]);
        nested.push(state);
    }
    Ok(nested)
}
