//! Tests of the trainer and its parts, with small networks.

mod course;
mod crash;
mod damaged;
#[cfg(unix)]
mod disk;
#[cfg(all(unix, feature = "interrupt"))]
mod interrupt;
mod kinds;
mod options;
mod pieces;
mod resume;

use crate::Philox;
use crate::prelude::*;
use std::path::{Path, PathBuf};

network! {
    /// It has states, random numbers of training and a metric.
    Scores(x: [2]) -> [3] {
        x >> Linear(8) >> BatchNorm1d() >> Relu >> Dropout(0.2) >> Linear(3)
    }
    loss cross_entropy
    metric accuracy
}

network! {
    Line(x: [1]) -> [1] { x >> Linear(1) }
    loss mse
}

/// Returns points in the plane, and the third of the circle that each is in.
fn thirds() -> (Vec<f32>, Vec<u32>) {
    let angle = |i: u32| i as f32 * 0.61;
    let points = (0..96).flat_map(|i| [angle(i).cos(), angle(i).sin()]).collect();
    let class = |i: u32| (angle(i).rem_euclid(std::f32::consts::TAU) / 2.1) as u32;
    (points, (0..96).map(|i| class(i).min(2)).collect())
}

/// Returns the 12 batches of an epoch, in an order of its own.
fn shuffled(epoch: u64) -> impl Iterator<Item = (Vec<f32>, Vec<u32>)> {
    let (x, y) = thirds();
    let order = Philox::new(3).stream(epoch).permutation(96);
    (0..12).map(move |batch| {
        let rows = order[batch * 8..][..8].iter().copied();
        let points = rows.clone().flat_map(|row| [x[2 * row], x[2 * row + 1]]).collect();
        (points, rows.map(|row| y[row]).collect())
    })
}

/// A folder of a test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("monograd-train-{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl std::ops::Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Checks that two networks have the same bits.
fn assert_same<N: Network<Scalar = f32>>(a: &N, b: &N) {
    for (a, b) in a.parameters().iter().zip(b.parameters().iter()) {
        let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(a.as_slice()), bits(b.as_slice()), "{}", a.name());
    }
}
