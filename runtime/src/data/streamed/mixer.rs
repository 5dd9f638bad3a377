//! Shuffles samples while they are read.

use super::super::error::DataError;
use super::super::samples::Samples;
use super::blocks::Blocks;
use crate::random::Generator;

/// Samples among which the next one is drawn.
pub(super) struct Mixer<X, Y> {
    random: Generator,
    held: (X, Y),
    /// Number of samples held.
    count: usize,
    /// Samples that are read and not yet held: those from `next` to `read`.
    block: (X, Y),
    next: usize,
    read: usize,
    /// Room for a sample that moves.
    one: (X, Y),
}

impl<X: Samples, Y: Samples> Mixer<X, Y> {
    /// Makes room for as many samples to draw from, and for blocks of others.
    pub fn new<S>(
        source: &S,
        capacity: usize,
        block: usize,
        random: Generator,
    ) -> Result<Self, DataError>
    where
        S: Blocks<Inputs = X, Targets = Y>,
    {
        let (held, block, one) = (source.room(capacity)?, source.room(block)?, source.room(1)?);
        Ok(Self { random, held, count: 0, block, next: 0, read: 0, one })
    }

    /// Moves the next sample of the source to a place among those held, if there is one.
    fn refill<S>(&mut self, source: &mut S, place: usize) -> Result<bool, DataError>
    where
        S: Blocks<Inputs = X, Targets = Y>,
    {
        if self.next == self.read {
            (self.next, self.read) = (0, source.read(&mut self.block, 0)?);
            if self.read == 0 {
                return Ok(false);
            }
        }
        self.held.put(place, &self.block, self.next);
        self.next += 1;
        Ok(true)
    }

    /// Draws samples until the batch is full or none are left, and returns their number.
    pub fn draw<S>(
        &mut self,
        source: &mut S,
        capacity: usize,
        to: &mut (X, Y),
        samples: usize,
    ) -> Result<usize, DataError>
    where
        S: Blocks<Inputs = X, Targets = Y>,
    {
        while self.count < capacity && self.refill(source, self.count)? {
            self.count += 1;
        }
        for at in 0..samples {
            if self.count == 0 {
                return Ok(at);
            }
            let drawn = self.random.below(self.count);
            to.put(at, &self.held, drawn);
            if !self.refill(source, drawn)? {
                self.count -= 1;
                self.one.put(0, &self.held, self.count);
                self.held.put(drawn, &self.one, 0);
            }
        }
        Ok(samples)
    }
}
