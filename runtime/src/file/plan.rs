//! Finds the tensors of a network's parameters in the headers of files, by rules.

use super::dtype::Dtype;
use super::header::Attempt;
use super::json::Described;
use super::names::Names;
use super::origin::Origin;
use super::piece::Piece;
use super::report::{Missing, Report, Taken};
use super::slot::{Slot, Spare};
use super::weights::{Role, Target, Weights};
use super::write::check_names;
use crate::error::{FileProblem, Result};
use crate::layout::{Parameter, entries};
use crate::sort::sort_by;

/// The tensors of each parameter.
pub(super) struct Plan<'a> {
    pub slots: Vec<Slot<'a>>,
    pub report: Report,
}

impl<'a> Plan<'a> {
    /// Reads the headers of all files. What does not fit is in the report.
    ///
    /// # Errors
    /// If a file is damaged, a rule has no meaning, or two tensors are for the same parameter.
    pub fn new(origin: &Origin<'_>, layout: &'a [Parameter], weights: &Weights) -> Result<Self> {
        let check = || check_names(layout).and_then(|()| weights.check());
        check().map_err(|problem| problem.at(origin.whole()))?;
        let slots: Vec<Slot<'_>> = entries(layout).map(Slot::new).collect();
        let (names, report) = (Names::new(&slots, weights), Report::default());
        let mut scan =
            Scan { names, slots, weights, report, unfit: Vec::new(), shard: 0, fault: None };
        for shard in 0..origin.len() {
            scan.shard = shard;
            let read =
                origin.each_tensor(shard, &mut |name, tensor| scan.add(origin, name, tensor));
            let fault = read.err().or_else(|| scan.fault.take());
            fault.map_or(Ok(()), |problem| Err(problem.at(origin.path(shard))))?;
        }
        scan.finish(origin)
    }
}

/// The parameters while headers are read.
struct Scan<'a, 'w> {
    names: Names<'w>,
    slots: Vec<Slot<'a>>,
    weights: &'w Weights,
    report: Report,
    /// Problems of tensors, by the number of their parameter.
    unfit: Vec<(usize, FileProblem)>,
    shard: usize,
    /// The first problem of the whole.
    fault: Option<FileProblem>,
}

impl<'a> Scan<'a, '_> {
    fn add(&mut self, origin: &Origin<'_>, name: &str, tensor: &Described) {
        let added = self.weights.targets(name).and_then(|targets| {
            if targets.is_empty() {
                self.report.ignored.add(name, &tensor.shape);
            }
            self.add_targets(origin, name, tensor, &targets)
        });
        if let Err(problem) = added {
            self.fault.get_or_insert(problem);
        }
    }

    fn add_targets(
        &mut self,
        origin: &Origin<'_>,
        name: &str,
        tensor: &Described,
        targets: &[Target],
    ) -> Attempt<()> {
        let places: Vec<Option<usize>> =
            targets.iter().map(|target| self.names.find(&target.name)).collect();
        let known = || targets.iter().zip(&places);
        let serves = known().any(|(target, place)| target.spare && place.is_some());
        let fails = |(target, place): (&Target, &Option<usize>)| {
            place.is_none() && !target.optional && !target.spare
        };
        if !serves && known().any(fails) {
            self.report.surplus.add(name, &tensor.shape);
        }
        let is_whole = |target: &Target| !matches!(target.role, Role::Cut { .. });
        let has_own = known().any(|(target, place)| !target.spare && place.is_some());
        let mut from = 0;
        let cuts = self.cuts(name, tensor, targets, &places)?;
        for (target, place) in targets.iter().zip(&places) {
            let Some(place) = *place else { continue };
            if !is_whole(target) && !cuts {
                continue;
            }
            let piece = match self.piece(place, name, tensor, target, from) {
                Ok(piece) => piece,
                Err(problem) => {
                    self.slots[place].is_unfit = true;
                    self.unfit.push((place, problem));
                    continue;
                }
            };
            from += if is_whole(target) { 0 } else { piece.rows };
            if target.spare {
                self.slots[place].spare = Some(Spare { piece, must_be_equal: !has_own });
            } else {
                self.slots[place].add(piece, target.role, origin)?;
            }
        }
        Ok(())
    }

    /// Checks that a tensor that is split has as many rows as its parameters together. Returns false if
    /// it has not, which is noted, or if one of the parameters is not in the network.
    fn cuts(
        &mut self,
        name: &str,
        tensor: &Described,
        targets: &[Target],
        places: &[Option<usize>],
    ) -> Attempt<bool> {
        let Some((of, transposed)) = targets.iter().find_map(|target| match target.role {
            Role::Cut { of } => Some((of, target.transposed)),
            _ => None,
        }) else {
            return Ok(true);
        };
        if targets.len() != of {
            let reason = "it is split, and some of its parts are left out".to_owned();
            return Err(FileProblem::Rule { rule: name.to_owned(), reason });
        }
        let Some(places) = places.iter().copied().collect::<Option<Vec<usize>>>() else {
            return Ok(false);
        };
        let shapes = places.iter().map(|place| self.slots[*place].entry.shape());
        let rows: usize = shapes.map(|shape| shape.first().copied().unwrap_or(1)).sum();
        let first = &self.slots[places[0]].entry;
        let mut expected = first.shape().to_vec();
        expected.splice(..expected.len().min(1), [rows]);
        if transposed && expected.len() == 2 {
            expected.reverse();
        }
        if tensor.shape == expected {
            return Ok(true);
        }
        let problem = FileProblem::MisshapenTensor {
            name: name.to_owned(),
            parameter: Some(first.name()),
            actual: tensor.shape.clone(),
            expected,
        };
        places.iter().for_each(|place| self.slots[*place].is_unfit = true);
        self.unfit.push((places[0], problem));
        Ok(false)
    }

    /// Returns the rows of a tensor for a parameter, if its shape and type fit.
    fn piece(
        &self,
        place: usize,
        name: &str,
        tensor: &Described,
        target: &Target,
        from: usize,
    ) -> Attempt<Piece> {
        let entry = &self.slots[place].entry;
        let mut shape = tensor.shape.clone();
        let transposed = target.transposed && shape.len() == 2;
        if target.transposed && shape.len() > 2 {
            let reason = format!("only matrices are transposed, and it is {shape:?}");
            return Err(FileProblem::Rule { rule: name.to_owned(), reason });
        }
        if transposed {
            shape.reverse();
        }
        let expected = entry.shape();
        let fits = match target.role {
            Role::Whole => shape == expected,
            // rows are counted when all parts are known
            Role::Part { .. } | Role::Cut { .. } => {
                !shape.is_empty() && !expected.is_empty() && shape[1..] == expected[1..]
            }
        };
        if !fits {
            let mut expected = expected.to_vec();
            if transposed {
                expected.reverse();
            }
            let parameter = Some(entry.name()).filter(|parameter| parameter != name);
            let (name, actual) = (name.to_owned(), tensor.shape.clone());
            return Err(FileProblem::MisshapenTensor { name, parameter, actual, expected });
        }
        let dtype = &tensor.dtype;
        // only what is stored as integers is read from them
        let known = Dtype::from_name(dtype);
        let stored = known
            .filter(|dtype| *dtype != Dtype::I64 || entry.parameter().integer)
            .ok_or_else(|| FileProblem::UnsupportedDtype {
                name: name.to_owned().into(),
                dtype: dtype.clone(),
            })?;
        let (part, rows) = match target.role {
            Role::Whole => (0, entry.parameter().matrix_shape().0),
            Role::Part { part, .. } => (part, shape[0]),
            Role::Cut { .. } => (0, expected[0]),
        };
        Ok(Piece {
            shard: self.shard,
            tensor: name.to_owned(),
            shape: tensor.shape.clone(),
            stored,
            begin: tensor.span.0,
            transposed,
            part,
            from,
            to: 0,
            rows,
        })
    }

    /// Makes the plan and its report.
    fn finish(mut self, origin: &Origin<'_>) -> Result<Plan<'a>> {
        for (place, slot) in self.slots.iter_mut().enumerate() {
            if let Err(problem) = slot.finish(origin) {
                self.unfit.push((place, problem));
                slot.is_unfit = true;
            }
            let parameter = slot.entry.name();
            if slot.is_unfit {
                continue;
            }
            if slot.pieces.is_empty() {
                let shape = slot.entry.shape();
                self.report.missing.push(Missing { parameter, shape, nearest: None });
                continue;
            }
            let tensors = slot.pieces.iter().map(|piece| piece.tensor.clone()).collect();
            let transposed = slot.pieces.iter().any(|piece| piece.transposed);
            self.report.taken.push(Taken { parameter, tensors, transposed });
        }
        sort_by(&mut self.unfit, |(a, _), (b, _)| a.cmp(b));
        self.report.unfit = self.unfit.into_iter().map(|(_, problem)| problem).collect();
        self.names.seek(origin, &mut self.report.missing)?;
        Ok(Plan { slots: self.slots, report: self.report })
    }
}
