//! The tensors of one parameter.

use super::header::{Attempt, Header, damaged};
use super::origin::Origin;
use super::piece::Piece;
use super::weights::Role;
use crate::error::{FileProblem, Shown};
use crate::layout::Entry;

/// The tensors of one parameter.
pub(super) struct Slot<'a> {
    pub entry: Entry<'a>,
    /// In the order of the parameter's rows; none if it is missing.
    pub pieces: Vec<Piece>,
    /// Number of pieces that it is joined from.
    of: usize,
    /// A tensor that serves if there is no other.
    pub spare: Option<Spare>,
    pub is_unfit: bool,
}

/// A tensor that is tied to another one.
pub(super) struct Spare {
    pub piece: Piece,
    /// `true` if the network has no parameter for it, so that it must equal the other one.
    pub must_be_equal: bool,
}

impl<'a> Slot<'a> {
    pub fn new(entry: Entry<'a>) -> Self {
        Self { entry, pieces: Vec::new(), of: 0, spare: None, is_unfit: false }
    }

    /// Adds the rows of a tensor, unless there is one for them already.
    pub fn add(&mut self, piece: Piece, role: Role, origin: &Origin<'_>) -> Attempt<()> {
        let of = match role {
            Role::Part { of, .. } => of,
            Role::Whole | Role::Cut { .. } => 1,
        };
        let is_rival = |known: &&Piece| known.part == piece.part || self.of != of;
        let Some(rival) = self.pieces.iter().find(is_rival) else {
            self.of = of;
            let at = self.pieces.partition_point(|known| known.part < piece.part);
            self.pieces.insert(at, piece);
            return Ok(());
        };
        if rival.tensor == piece.tensor && rival.shard == piece.shard {
            return Err(damaged(format!("two tensors are called `{}`", Shown(&piece.tensor))));
        }
        let is_elsewhere = rival.shard != piece.shard;
        let other_file = origin.path(rival.shard).filter(|_| is_elsewhere).map(Into::into);
        let (first, second) = (piece.tensor, rival.tensor.clone());
        Err(FileProblem::SharedParameter { name: self.entry.name(), first, second, other_file })
    }

    /// Checks that all parts are there, gives each its rows, and checks what is tied to it.
    pub fn finish(&mut self, origin: &Origin<'_>) -> Attempt<()> {
        if self.is_unfit {
            return Ok(());
        }
        if let Some(Spare { piece, must_be_equal }) = self.spare.take() {
            match self.pieces.first() {
                None => self.pieces.push(piece),
                Some(own) if must_be_equal && !equal(origin, own, &piece)? => {
                    let parameter = self.entry.name();
                    return Err(FileProblem::UnequalTied { name: piece.tensor, parameter });
                }
                Some(_) => {}
            }
        }
        let name = self.entry.name();
        if !self.pieces.is_empty() && self.pieces.len() < self.of {
            let is_missing = |part: &usize| self.pieces.iter().all(|piece| piece.part != *part);
            let part = (0..self.of).find(is_missing).unwrap_or(0);
            return Err(FileProblem::MissingPart { name, part, of: self.of });
        }
        let mut rows = 0_usize;
        for piece in &mut self.pieces {
            piece.to = rows;
            rows = rows.saturating_add(piece.rows);
        }
        let expected = self.entry.shape();
        if self.of > 1 && rows != expected[0] {
            let tensor = self.pieces.iter().map(|piece| &*piece.tensor).collect::<Vec<_>>();
            let mut actual = expected.to_vec();
            actual[0] = rows;
            return Err(FileProblem::MisshapenTensor {
                name: tensor.join(" + "),
                parameter: Some(name),
                actual,
                expected: expected.to_vec(),
            });
        }
        Ok(())
    }
}

/// Compares two tensors.
fn equal(origin: &Origin<'_>, a: &Piece, b: &Piece) -> Attempt<bool> {
    let (mut first, first_len) = origin.open(a.shard)?;
    let (mut second, second_len) = origin.open(b.shard)?;
    let first_data = Header::find(&mut *first, first_len)?.end();
    let second_data = Header::find(&mut *second, second_len)?.end();
    a.equals((&mut *first, first_data), b, (&mut *second, second_data))
}
