//! The chapter "Your first network".

// ANCHOR: declare
use monograd::prelude::*;

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
/// Points of two spirals, by turns, and which of the two each is on.
fn spirals(points: usize, phase: f32) -> (Vec<f32>, Vec<u32>) {
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

/// The share of points whose spiral is told right.
// ANCHOR: accuracy
fn accuracy<N>(net: &N, points: &[f32], labels: &[u32]) -> Result<f64, Error>
where
    N: for<'a> Network<Scalar = f32, Inputs<'a> = (&'a [f32],), Output = Tensor<f32>>,
{
    let guesses = net.forward(points)?.argmax();
    let right = guesses.iter().zip(labels).filter(|(guess, label)| guess == label).count();
    Ok(right as f64 / labels.len() as f64)
}
// ANCHOR_END: accuracy

#[test]
fn learns_the_spirals() -> Result<(), Error> {
    // ANCHOR: train
    let (points, labels) = spirals(100, 0.0);
    let (unseen, unseen_labels) = spirals(99, 0.5);

    let mut net: Spirals = Spirals::init(42);
    let mut optimizer = AdamW::new(1e-2);
    let untrained = net.loss(&points, &labels)?;
    for _ in 0..200 {
        net.train_step(&points, &labels, &mut optimizer)?;
    }
    let trained = net.loss(&points, &labels)?;
    // ANCHOR_END: train
    assert!(trained < untrained / 20.0, "{untrained} -> {trained}");
    // ANCHOR: test
    let right = accuracy(&net, &unseen, &unseen_labels)?;
    assert!(right > 0.98, "{right}");
    // ANCHOR_END: test
    let folder = std::env::temp_dir().join(format!("monograd-book-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the file");
    let path = folder.join("spirals.safetensors");
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
    std::fs::remove_dir_all(&folder).expect("the folder is there");
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
