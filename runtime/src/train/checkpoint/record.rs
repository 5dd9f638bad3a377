//! Writes and reads one checkpoint.

use super::super::TrainError;
use super::{Notes, not_whole};
use crate::buffer::Buffer;
use crate::error::{Error, FileProblem, Result, Shown};
use crate::layout::{Parameter, buffer_len};
use crate::network::{Network, State};
use crate::optimizer::{Optimizer, known_rate, known_states, nested};
use crate::scalar::Scalar;
use crate::{file, optimizer::is_same_layout};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The newest version of the format.
const VERSION: u64 = 1;
const NETWORK: &str = "network";
const FORM: &str = file::CHECKPOINT;
const NAME: &str = "network_name";
const SCALAR: &str = "scalar";
const SEED: &str = "seed";
const STEPS: &str = "steps";
const OPTIMIZER: &str = file::OPTIMIZER;
const OPTIMIZER_STEPS: &str = "optimizer_steps";
const RATE: &str = "optimizer_learning_rate";
const STATES: &str = file::CHECKPOINT_STATES;
const EXTRAS: &str = "extras";
/// The value by which checkpoints are compared.
pub const VALUE: &str = "value";
/// The direction in which it gets better.
pub const GOAL: &str = "goal";
/// Buffers beside those of network and optimiser: the best weights, and the average of weights.
pub const BEST: &str = "best";
pub const AVERAGE: &str = "average";
const KNOWN_EXTRAS: [&str; 2] = [BEST, AVERAGE];

/// A checkpoint to be written.
pub struct Record<'s, T: Scalar> {
    network: &'static str,
    layout: &'static [Parameter],
    state: &'s State<T>,
    optimizer: &'s dyn Optimizer<T>,
    extras: Vec<(&'static str, &'s [T])>,
    notes: Notes,
}

impl<'s, T: Scalar> Record<'s, T> {
    /// Creates the checkpoint of a network and its optimiser, with further buffers and notes.
    pub fn new<N: Network<Scalar = T>>(
        net: &'s N,
        optimizer: &'s dyn Optimizer<T>,
        extras: Vec<(&'static str, &'s [T])>,
        notes: Notes,
    ) -> Self {
        let (network, layout, state) = (N::NAME, N::LAYOUT, net.state());
        Self { network, layout, state, optimizer, extras, notes }
    }

    /// Writes it.
    pub fn save(&self, path: &Path) -> Result<()> {
        let states = self.optimizer.states();
        let names = |buffers: &[(&'static str, &[T])]| -> String {
            buffers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ")
        };
        let mut notes = self.notes.clone();
        notes.put(FORM, VERSION);
        notes.put(NAME, self.network);
        notes.put(SCALAR, T::NAME);
        notes.put(SEED, self.state.seed);
        notes.put(STEPS, self.state.steps);
        notes.put(OPTIMIZER, self.optimizer.name());
        notes.put(OPTIMIZER_STEPS, self.optimizer.steps());
        notes.put_numbers(RATE, &[self.optimizer.learning_rate()]);
        notes.put(STATES, names(&states));
        notes.put(EXTRAS, names(&self.extras));
        put_options(&mut notes, self.optimizer);

        let network = [(NETWORK, &*self.state.parameters)];
        let buffers: Vec<_> =
            network.into_iter().chain(states).chain(self.extras.iter().copied()).collect();
        let all: Vec<&'static str> = buffers.iter().map(|(name, _)| *name).collect();
        let nested = nested(&all, self.layout).map_err(|problem| problem.at(Some(path)))?;
        let mut values = Buffer::<T>::try_zeros(buffer_len(&nested))?;
        for (parameter, (_, buffer)) in nested.iter().zip(&buffers) {
            values[parameter.range()].copy_from_slice(buffer);
        }
        file::save_with(path, &nested, &values, notes.0)
    }
}

/// Adds the options of an optimiser.
pub fn put_options<T: Scalar>(notes: &mut Notes, optimizer: &dyn Optimizer<T>) {
    for (name, value) in optimizer.options() {
        notes.put_option(&format!("{}.{name}", optimizer.name()), value);
    }
}

/// A checkpoint that was read, and that fits.
pub struct Found<T: Scalar> {
    pub path: PathBuf,
    pub notes: Notes,
    parameters: Buffer<T>,
    seed: u64,
    steps: u64,
    optimizer_steps: u64,
    rate: f64,
    states: Vec<(String, Vec<T>)>,
    extras: Vec<(&'static str, Buffer<T>)>,
    layout: &'static [Parameter],
}

impl<T: Scalar> Found<T> {
    /// Reads a checkpoint of a network and its optimiser. `here` has the options of the training that is to go on;
    /// without it, only those of the optimiser are compared.
    pub fn read<N: Network<Scalar = T>>(
        path: &Path,
        _: &N,
        optimizer: &dyn Optimizer<T>,
        here: Option<&Notes>,
    ) -> Result<Self> {
        Self::read_from(path, (N::NAME, N::LAYOUT), optimizer, here)
    }

    fn read_from(
        path: &Path,
        (network, layout): (&'static str, &'static [Parameter]),
        optimizer: &dyn Optimizer<T>,
        here: Option<&Notes>,
    ) -> Result<Self> {
        let notes = Notes(file::metadata(path)?);
        let wrong = |reason| not_whole(path, reason);
        let version: u64 = notes.get(FORM).map_err(wrong)?;
        if version > VERSION {
            let (actual, expected) = (version, VERSION);
            return Err(TrainError::NewerVersion { path: path.into(), actual, expected }.into());
        }
        let prefix = if here.is_some() { String::new() } else { format!("{}.", optimizer.name()) };
        let mut here = here.cloned().unwrap_or_default();
        put_options(&mut here, optimizer);
        let mut differences = Vec::new();
        for (what, name, own) in [
            ("network", NAME, network),
            ("scalar type", SCALAR, T::NAME),
            ("optimiser", OPTIMIZER, optimizer.name()),
        ] {
            let theirs: String = notes.get(name).map_err(wrong)?;
            if theirs != own {
                let theirs = Shown(&theirs);
                differences.push(format!("the {what} is `{theirs}` in it, and `{own}` here"));
            }
        }
        if differences.is_empty() {
            differences = notes.differences(&here, &prefix);
        }
        if !differences.is_empty() {
            return Err(TrainError::OtherTraining { path: path.into(), differences }.into());
        }

        let text = |name: &str| -> Result<String> { notes.get(name).map_err(wrong) };
        let known =
            |names: String, known: &[&'static str]| known_states(&names, known).map_err(wrong);
        let states = known(text(STATES)?, optimizer.state_names())?;
        let extras = known(text(EXTRAS)?, &KNOWN_EXTRAS)?;
        let names: Vec<&'static str> = [NETWORK]
            .into_iter()
            .chain(states.iter().copied())
            .chain(extras.iter().copied())
            .collect();
        let nested = nested(&names, layout).map_err(|problem| problem.at(Some(path)))?;
        let values = file::load_parts::<T>(path, &nested)?;
        let part = |index: usize| &values[nested[index].range()];
        let of_states = states.iter().enumerate();
        let of_extras = extras.iter().enumerate();
        Ok(Self {
            path: path.to_path_buf(),
            parameters: Buffer::from_slice(part(0)),
            seed: notes.get(SEED).map_err(wrong)?,
            steps: notes.count(STEPS).map_err(wrong)?,
            optimizer_steps: notes.count(OPTIMIZER_STEPS).map_err(wrong)?,
            rate: known_rate(notes.numbers::<1>(RATE).map_err(wrong)?[0]).map_err(wrong)?,
            states: of_states.map(|(i, name)| ((*name).to_owned(), part(1 + i).to_vec())).collect(),
            extras: of_extras
                .map(|(i, name)| (*name, Buffer::from_slice(part(1 + states.len() + i))))
                .collect(),
            notes,
            layout,
        })
    }

    /// Takes a further buffer out.
    pub fn take(&mut self, name: &str) -> Option<Buffer<T>> {
        let at = self.extras.iter().position(|(known, _)| *known == name)?;
        Some(self.extras.swap_remove(at).1)
    }

    /// Restores network and optimiser. Nothing is changed if there is an error.
    pub fn apply<N: Network<Scalar = T>>(
        self,
        net: &mut N,
        optimizer: &mut dyn Optimizer<T>,
    ) -> Result<()> {
        debug_assert!(is_same_layout(self.layout, N::LAYOUT), "it was read for this network");
        self.apply_to(net.state_mut(), optimizer)
    }

    fn apply_to(self, state: &mut State<T>, optimizer: &mut dyn Optimizer<T>) -> Result<()> {
        // an optimiser without steps has no state, even if it cannot be restored
        if self.optimizer_steps > 0 || optimizer.steps() > 0 {
            optimizer.restore(self.optimizer_steps, self.states, self.layout)?;
        }
        optimizer.set_learning_rate(self.rate);
        state.parameters.copy_from_slice(&self.parameters);
        (state.seed, state.steps) = (self.seed, self.steps);
        Ok(())
    }
}

/// Returns true for errors of files that are not whole, as a power failure or a full disk may leave.
pub fn is_damage(error: &Error) -> bool {
    match error {
        Error::File(file) => match &file.problem {
            FileProblem::NotSafetensors { .. } => true,
            FileProblem::Io(error) => error.kind() == ErrorKind::UnexpectedEof,
            _ => false,
        },
        Error::Train(error) => matches!(**error, TrainError::NotCheckpoint { .. }),
        _ => false,
    }
}
