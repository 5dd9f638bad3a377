//! Random batches for any network.

use monograd::source::{DataShape, Feed, MAX_PORTS, Port};
use monograd::{Philox, Scalar};

/// Inputs or targets of a network, one column a port.
#[derive(Clone)]
pub struct Batch<T> {
    columns: Vec<Column<T>>,
    /// Their shapes; empty for flat data.
    shapes: Vec<Vec<usize>>,
}

/// What one port holds.
#[derive(Clone)]
pub enum Column<T> {
    /// Real numbers.
    Reals(Vec<T>),
    /// Class numbers.
    Classes(Vec<u32>),
}

impl<T: Scalar> Batch<T> {
    /// Normal numbers and evenly distributed classes for `samples` samples, every tenth of them
    /// the ignored index where there is one.
    #[must_use]
    pub fn random(ports: &[Port], samples: usize, seed: u64) -> Self {
        Self::random_at(ports, samples, &[], seed)
    }

    /// The same for given run-time sizes, as tensors if there are any.
    #[must_use]
    pub fn random_at(ports: &[Port], samples: usize, lengths: &[usize], seed: u64) -> Self {
        let column = |(stream, port): (usize, &Port)| {
            let mut random = Philox::new(seed).stream(stream as u64);
            let len = samples * port.len_at(lengths);
            match port.classes_at(lengths) {
                None => Column::Reals((0..len).map(|_| T::from_f64(random.normal())).collect()),
                Some(classes) => {
                    let class = |i| match port.ignored {
                        Some(ignored) if i % 10 == 3 => ignored,
                        _ => random.below(classes) as u32,
                    };
                    Column::Classes((0..len).map(class).collect())
                }
            }
        };
        let mut batch = Self::new(ports.iter().enumerate().map(column).collect());
        if !lengths.is_empty() {
            let shape = |port: &Port| [vec![samples], port.shape_at(lengths)].concat();
            batch.shapes = ports.iter().map(shape).collect();
        }
        batch
    }

    /// The real numbers of a column, if it holds such.
    #[must_use]
    pub fn reals(&self, column: usize) -> Option<&[T]> {
        match &self.columns[column] {
            Column::Reals(values) => Some(values),
            Column::Classes(_) => None,
        }
    }

    /// The same to be changed; nothing of a column of classes.
    pub fn reals_mut(&mut self, column: usize) -> &mut [T] {
        match &mut self.columns[column] {
            Column::Reals(values) => values,
            Column::Classes(_) => &mut [],
        }
    }

    /// Given columns.
    #[must_use]
    pub fn new(columns: Vec<Column<T>>) -> Self {
        Self { columns, shapes: Vec::new() }
    }

    /// Given columns, with their shapes, that of the batch first.
    #[must_use]
    pub fn shaped(columns: Vec<Column<T>>, shapes: Vec<Vec<usize>>) -> Self {
        Self { columns, shapes }
    }

    /// Samples `start..end`.
    #[must_use]
    pub fn samples(&self, ports: &[Port], start: usize, end: usize) -> Self {
        let cut = |(column, port): (&Column<T>, &Port)| {
            let range = start * port.len()..end * port.len();
            match column {
                Column::Reals(values) => Column::Reals(values[range].to_vec()),
                Column::Classes(values) => Column::Classes(values[range].to_vec()),
            }
        };
        Self::new(self.columns.iter().zip(ports).map(cut).collect())
    }

    /// The same numbers in another scalar.
    #[must_use]
    pub fn cast<U: Scalar>(&self) -> Batch<U> {
        let cast = |column: &Column<T>| match column {
            Column::Reals(values) => {
                Column::Reals(values.iter().map(|x| U::from_f64(x.to_f64())).collect())
            }
            Column::Classes(values) => Column::Classes(values.clone()),
        };
        Batch { columns: self.columns.iter().map(cast).collect(), shapes: self.shapes.clone() }
    }

    /// What a network is fed with.
    #[must_use]
    pub fn feed(&self) -> Fed<'_, T> {
        Fed { columns: &self.columns, shapes: &self.shapes }
    }
}

/// A batch as a network takes it, however many ports that has.
#[derive(Clone, Copy)]
pub struct Fed<'a, T> {
    columns: &'a [Column<T>],
    shapes: &'a [Vec<usize>],
}

/// A slice of what a column holds.
pub trait Slice<'a, T>: Sized {
    /// The slice.
    fn of(column: &'a Column<T>) -> Self;
}

macro_rules! real {
    ($($T:ty)*) => {$(
        impl<'a> Slice<'a, $T> for &'a [$T] {
            fn of(column: &'a Column<$T>) -> Self {
                match column {
                    Column::Reals(values) => values,
                    Column::Classes(_) => panic!("the network takes real numbers here"),
                }
            }
        }
    )*};
}
real!(f32 f64);

impl<'a, T: Scalar> Slice<'a, T> for &'a [u32] {
    fn of(column: &'a Column<T>) -> Self {
        match column {
            Column::Classes(values) => values,
            Column::Reals(_) => panic!("the network takes class numbers here"),
        }
    }
}

/// For a loss without targets.
impl<T: Scalar> Feed<()> for Fed<'_, T> {
    fn views(&self) {}

    fn forms(&self) -> [DataShape<'_>; MAX_PORTS] {
        [DataShape::Flat; MAX_PORTS]
    }
}

macro_rules! feed {
    ($($S:ident $i:tt),+) => {
        impl<'a, T: Scalar, $($S: Slice<'a, T>),+> Feed<($($S,)+)> for Fed<'a, T> {
            fn views(&self) -> ($($S,)+) {
                ($($S::of(&self.columns[$i]),)+)
            }

            fn forms(&self) -> [DataShape<'_>; MAX_PORTS] {
                std::array::from_fn(|port| match self.shapes.get(port).map(|shape| &shape[..]) {
                    Some([first, rest @ ..]) if !rest.is_empty() => DataShape::Axes(*first, rest),
                    _ => DataShape::Flat,
                })
            }
        }
    };
}

feed!(A 0);
feed!(A 0, B 1);
feed!(A 0, B 1, C 2);
feed!(A 0, B 1, C 2, D 3);
