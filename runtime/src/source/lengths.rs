//! Infers the run-time sizes of a call from the shapes of its data.

use super::data_shape::DataShape;
use super::extent::{Extent, Length, MAX_LENGTHS, Requirement};
use super::views::{MAX_PORTS, Port};
use crate::error::{Error, Result};
use std::ops::Deref;

/// Upper limit of a run-time size: more than fits into memory, yet small enough that products with the
/// sizes of a network do not overflow without notice.
const MOST: usize = 1 << 40;

/// The run-time sizes of a call, in the order of their declaration; 0 if unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lengths([usize; MAX_LENGTHS]);

impl Deref for Lengths {
    type Target = [usize];
    #[inline]
    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl Lengths {
    /// Checks and returns the sizes passed to `function`: all, or without `with_targets` those that do not
    /// belong to targets alone.
    ///
    /// # Errors
    /// [`Error::LengthCount`], [`Error::LengthBound`], [`Error::Lengths`].
    pub(crate) fn given(
        function: &'static str,
        given: &[usize],
        with_targets: bool,
        declared: &'static [Length],
        requirements: [&[Requirement]; 2],
    ) -> Result<Self> {
        let wanted = declared.iter().filter(|length| with_targets || !length.of_targets).count();
        if given.len() != wanted {
            let names: Vec<&str> = declared[..wanted].iter().map(|length| length.name).collect();
            return Err(Error::LengthCount { expected: names.join(", "), actual: given.len() });
        }
        let mut finder = Finder::new(declared);
        for (index, length) in given.iter().enumerate() {
            if *length == 0 {
                let lengths = format!("{} = 0", declared[index].name);
                return Err(Error::Lengths { requirement: "a size is at least 1", lengths });
            }
            finder.tell(index, *length, function)?;
        }
        for requirements in requirements {
            finder.require(requirements)?;
        }
        Ok(finder.lengths)
    }

    /// Returns the bound of every size, or 1 if it has none.
    pub(crate) fn at_bounds(declared: &[Length]) -> Self {
        let mut lengths = Self::default();
        for (to, length) in lengths.0.iter_mut().zip(declared) {
            *to = length.bound.unwrap_or(1);
        }
        lengths
    }

    /// Returns true if no size of `other` is larger.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(mine, other)| other <= *mine)
    }

    /// Returns sizes of which only the first is known.
    pub(crate) fn of_one(length: usize) -> Self {
        let mut lengths = Self::default();
        lengths.0[0] = length;
        lengths
    }

    /// Checks the requirements.
    ///
    /// # Errors
    /// [`Error::Lengths`] if a requirement does not hold.
    pub(crate) fn require(&self, declared: &[Length], requirements: &[Requirement]) -> Result<()> {
        match requirements.iter().find(|requirement| !(requirement.holds)(self)) {
            None => Ok(()),
            Some(requirement) => Err(Error::Lengths {
                requirement: requirement.message,
                lengths: self.text(declared),
            }),
        }
    }

    /// Returns the known sizes as text: `T = 7, S = 3`.
    pub(crate) fn text(&self, declared: &[Length]) -> String {
        let known = declared.iter().zip(self.0).filter(|(_, value)| *value > 0);
        let texts: Vec<String> =
            known.map(|(length, value)| format!("{} = {value}", length.name)).collect();
        texts.join(", ")
    }
}

/// The data given for one group of ports: inputs or targets.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    /// The ports.
    pub ports: &'a [Port],
    /// The number of elements given for each port.
    pub lens: [usize; MAX_PORTS],
    /// The shape of each port's data.
    pub forms: [DataShape<'a>; MAX_PORTS],
}

/// Infers run-time sizes from data, and checks that they agree.
pub(crate) struct Finder {
    declared: &'static [Length],
    pub lengths: Lengths,
    /// The port that each size was inferred from.
    told_by: [&'static str; MAX_LENGTHS],
}

impl Finder {
    pub fn new(declared: &'static [Length]) -> Self {
        Self { declared, lengths: Lengths::default(), told_by: [""; MAX_LENGTHS] }
    }

    /// Records that a run-time size is `actual` in `port`.
    fn tell(&mut self, index: usize, actual: usize, port: &'static str) -> Result<()> {
        let Length { name: length, bound, .. } = self.declared[index];
        let known = self.lengths.0[index];
        if actual == 0 {
            return Err(Error::EmptyLength { port, length });
        }
        if known != 0 && known != actual {
            let (first, second) = (self.told_by[index], port);
            let (first_length, second_length) = (known, actual);
            return Err(Error::LengthMismatch {
                length,
                first,
                first_length,
                second,
                second_length,
            });
        }
        let bound = bound.unwrap_or(MOST).min(MOST);
        if actual > bound {
            return Err(Error::LengthBound { port, length, actual, bound });
        }
        self.lengths.0[index] = actual;
        self.told_by[index] = port;
        Ok(())
    }

    /// Infers the sizes from all data: first from data with a shape, then from flat data, whose number of
    /// elements determines one size if all others are known.
    ///
    /// # Errors
    /// [`Error::InputShape`], [`Error::FlatInput`], [`Error::LengthMismatch`],
    /// [`Error::LengthBound`], [`Error::EmptyLength`].
    pub fn read(&mut self, all: &[Given<'_>]) -> Result<()> {
        let each = || {
            all.iter().flat_map(|given| {
                let data = given.lens.iter().zip(&given.forms);
                given.ports.iter().zip(data).map(|(port, (len, form))| (port, *len, form))
            })
        };
        for (port, len, form) in each() {
            self.read_axes(port, len, form)?;
        }
        // a size inferred from one flat input may be needed for another
        let mut before = None;
        while before != Some(self.lengths) {
            before = Some(self.lengths);
            for (port, len, form) in each() {
                match form {
                    DataShape::Flat => self.read_flat(port, len)?,
                    DataShape::Columns(rows) => self.read_flat(port, *rows)?,
                    DataShape::Axes(..) => {}
                }
            }
        }
        let unknown = |port: &Port| {
            port.extents.iter().any(|extent| extent.of().iter().any(|of| self.lengths[*of] == 0))
        };
        match each().find(|(port, ..)| unknown(port)) {
            None => Ok(()),
            Some((port, ..)) => Err(Error::FlatInput { port: port.name, shape: port.shape_text() }),
        }
    }

    fn read_axes(&mut self, port: &Port, len: usize, form: &DataShape<'_>) -> Result<()> {
        if port.extents.is_empty() || !matches!(form, DataShape::Axes(..)) {
            return Ok(());
        }
        let Some((_, sizes)) = form.samples(port.extents.len()) else {
            return Err(port.wrong_shape(len, form));
        };
        for (extent, actual) in port.extents.iter().zip(sizes) {
            match extent {
                Extent::Fixed(size) if *size != actual => return Err(port.wrong_shape(len, form)),
                Extent::Length(_, index) => self.tell(*index, actual, port.name)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Infers a size from one sample of `len` elements, if it is the only unknown axis of the port.
    fn read_flat(&mut self, port: &Port, len: usize) -> Result<()> {
        let known = |extent: &Extent| extent.of().iter().all(|of| self.lengths[*of] != 0);
        let mut unknown = port.extents.iter().filter(|extent| !known(extent));
        let (Some(Extent::Length(_, index)), None) = (unknown.next(), unknown.next()) else {
            return Ok(());
        };
        let rest = port.extents.iter().filter(|extent| known(extent));
        let rest = rest.map(|extent| extent.at(&self.lengths)).fold(1, usize::saturating_mul);
        match (len.checked_div(rest), len.checked_rem(rest)) {
            (Some(length), Some(0)) => self.tell(*index, length, port.name),
            _ => Err(port.wrong_shape(len, &DataShape::Flat)),
        }
    }

    /// Checks the requirements.
    ///
    /// # Errors
    /// [`Error::Lengths`] if a requirement does not hold.
    pub fn require(&self, requirements: &[Requirement]) -> Result<()> {
        self.lengths.require(self.declared, requirements)
    }
}
