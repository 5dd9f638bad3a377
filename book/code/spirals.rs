//! The program of the chapter "Your first network".

// ANCHOR: program
// ANCHOR: declare
use monograd::plot::HeatMap;
use monograd::prelude::*;
use std::path::Path;

network! {
    /// Tells on which of two spirals a point of the plane lies.
    pub Spirals<A: Activation = Gelu, const H: usize = 32>(point: [2]) -> [2] {
        let h = point >> Linear(H) >> A;
        let h = h + (h >> Linear(H) >> A);
        let h = h + (h >> Linear(H) >> A);
        h >> Linear(2)
    }
    loss cross_entropy
}
// ANCHOR_END: declare

// ANCHOR: data
/// Returns points of two spirals, by turns, and which of the two each is on.
pub fn spirals(points: usize, phase: f32) -> (Vec<f32>, Vec<u32>) {
    let (mut xy, mut labels) = (Vec::new(), Vec::new());
    for i in 0..points {
        let radius = (i as f32 + phase) / points as f32;
        for label in 0..2 {
            let angle = (3.0 * radius + label as f32) * std::f32::consts::PI;
            xy.extend([radius * angle.cos(), radius * angle.sin()]);
            labels.push(label);
        }
    }
    (xy, labels)
}
// ANCHOR_END: data

fn main() -> Result<(), Box<dyn std::error::Error>> {
    run(Path::new("."))
}

/// Learns the spirals, and writes what was learned to two files of a folder.
pub fn run(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    // ANCHOR: train
    let (points, labels) = spirals(100, 0.0);

    let mut net: Spirals = Spirals::init(42);
    let mut optimizer = AdamW::new(1e-2);
    for step in 0..=200 {
        let loss = net.train_step(&points, &labels, &mut optimizer)?;
        if step % 50 == 0 {
            println!("step {step:3}: loss {loss:.3}");
        }
    }
    // ANCHOR_END: train

    // ANCHOR: test
    let (unseen, unseen_labels) = spirals(99, 0.5);
    let guesses = net.forward(&unseen)?.argmax();
    let right = guesses.iter().zip(&unseen_labels).filter(|(guess, label)| guess == label).count();
    println!("{right} of {} unseen points are told right", unseen_labels.len());
    // ANCHOR_END: test

    // ANCHOR: keep
    net.save(folder.join("spirals.safetensors"))?;
    plane(&net)?.save(folder.join("plane.svg"))?;
    // ANCHOR_END: keep
    Ok(())
}

// ANCHOR: plane
/// Draws the plane: blue where the network sees the first spiral, red where it sees the second.
pub fn plane(net: &Spirals) -> Result<HeatMap, Error> {
    const CELLS: usize = 64;
    let middle = |cell: usize| (2 * cell + 1) as f32 / CELLS as f32 - 1.0;
    let mut points = Vec::new();
    for row in (0..CELLS).rev() {
        points.extend((0..CELLS).flat_map(|column| [middle(column), middle(row)]));
    }
    let scores = net.forward(&points)?;
    // the probability of the second minus that of the first, from -1 to 1, in steps of an eighth
    let difference = |score: &[f32]| ((score[1] - score[0]) / 2.0).tanh();
    let steps = scores.as_slice().chunks(2).map(|s| f64::from((8.0 * difference(s)).round() / 8.0));
    Ok(HeatMap::new("", [""; CELLS], [""; CELLS], steps).around_zero().size(560, 500))
}
// ANCHOR_END: plane
// ANCHOR_END: program
