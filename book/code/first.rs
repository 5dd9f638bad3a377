//! The chapter "Your first network".

use super::spirals::{Spirals, plane, run, spirals};
use monograd::plot::Chart;
use monograd::prelude::*;

/// Returns the pictures of the chapter.
pub fn pictures() -> Result<[(&'static str, String); 2], Error> {
    let (points, labels) = spirals(100, 0.0);
    let spiral = |wanted: u32| {
        let points = points.chunks(2).zip(&labels).filter(move |(_, label)| **label == wanted);
        points.map(|(point, _)| (f64::from(point[0]), f64::from(point[1]))).collect::<Vec<_>>()
    };
    let chart = Chart::new("").line("first", spiral(0)).line("second", spiral(1)).size(560, 500);
    Ok([("spirals.svg", chart.svg()), ("spirals-plane.svg", plane(&trained()?)?.svg())])
}

/// Returns a network that has learned the spirals.
fn trained() -> Result<Spirals, Error> {
    let (points, labels) = spirals(100, 0.0);
    let (mut net, mut optimizer) = (Spirals::init(42), AdamW::new(1e-2));
    for _ in 0..=200 {
        net.train_step(&points, &labels, &mut optimizer)?;
    }
    Ok(net)
}

#[test]
fn learns_the_spirals() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("monograd-book-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    run(&folder)?;
    let path = folder.join("spirals.safetensors");
    assert!(std::fs::read_to_string(folder.join("plane.svg"))?.contains("</svg>"));

    let (points, labels) = spirals(100, 0.0);
    let (unseen, unseen_labels) = spirals(99, 0.5);
    let net: Spirals = Spirals::load(&path)?;
    assert!(
        net.loss(&points, &labels)? < Spirals::<Gelu, 32>::init(42).loss(&points, &labels)? / 20.0
    );
    let guesses = net.forward(&unseen)?.argmax();
    let right = guesses.iter().zip(&unseen_labels).filter(|(guess, label)| guess == label).count();
    assert!(right as f64 > 0.98 * unseen_labels.len() as f64, "{right}");
    assert_eq!(trained()?.forward(&unseen)?.as_slice(), net.forward(&unseen)?.as_slice());
    // ANCHOR: save
    net.save(&path)?;
    let again = Spirals::<Gelu, 32>::load(&path)?;
    assert_eq!(net.forward(&unseen)?.as_slice(), again.forward(&unseen)?.as_slice());
    // ANCHOR_END: save
    // ANCHOR: metadata
    net.save_with(&path, [("classes", "inner, outer"), ("epoch", "300")])?;
    let text = monograd::file::metadata(&path)?;
    assert_eq!(text["classes"], "inner, outer");
    assert_eq!(text["format"], "pt"); // always there: names and shapes are PyTorch's
    // ANCHOR_END: metadata
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

#[test]
fn inputs_come_in_many_forms() -> Result<(), Error> {
    let net: Spirals = Spirals::init(1);
    // ANCHOR: inputs
    let slice: &[f32] = &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]; // three samples, one after the other
    let tensor = Tensor::from([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]);
    let matrix = nalgebra::Matrix2x3::new(
        0.1, 0.3, 0.5, //
        0.2, 0.4, 0.6, // one column a sample
    );
    let output = net.forward(slice)?;
    assert_eq!(output.shape(), [3, 2]);
    assert_eq!(net.forward(&tensor)?.as_slice(), output.as_slice());
    assert_eq!(net.forward(&matrix)?.as_slice(), output.as_slice());
    // ANCHOR_END: inputs
    Ok(())
}

#[test]
fn parameters_have_names() -> Result<(), Error> {
    let mut net: Spirals = Spirals::init(1);
    // ANCHOR: parameters
    assert_eq!(net.parameters().get("linear0.weight")?.shape(), [32, 2]);
    net.parameters_mut().get("linear3.bias")?.as_mut_slice().fill(0.0);
    for parameter in net.parameters().iter() {
        println!("{:16} {:?}", parameter.name(), parameter.shape());
    }
    // ANCHOR_END: parameters
    assert_eq!(net.parameters().get("linear3.bias")?.as_slice(), [0.0; 2]);
    Ok(())
}

// ANCHOR: budget
const _: () = assert!(Spirals::<Gelu, 32>::PARAMS == 2274);
const _: () = assert!(Spirals::<Gelu, 32>::TRAIN_WORKSPACE * size_of::<f32>() < 2048);
// ANCHOR_END: budget

#[test]
fn forward_without_allocation() -> Result<(), Error> {
    let net: Spirals = Spirals::init(1);
    let batches = [spirals(16, 0.0).0, spirals(8, 0.0).0];
    // ANCHOR: workspace
    let mut workspace = net.workspace(32);
    for points in &batches {
        let scores = net.forward_into(points, &mut workspace)?;
        assert_eq!(scores.len(), points.len());
    }
    // ANCHOR_END: workspace
    Ok(())
}
