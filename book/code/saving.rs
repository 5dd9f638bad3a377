//! The chapter "Saving and loading".

use monograd::prelude::*;

// ANCHOR: network
network! {
    Body(x: [4]) -> [2] {
        let fc = Linear(8);
        let head = Linear(2);
        x >> fc >> Tanh >> head
    }
    loss mse
}
// ANCHOR_END: network

#[test]
fn saved_restored_cast_and_copied() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("monograd-saving-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("body.safetensors");
    // ANCHOR: save
    let net = Body::init(1);
    net.save(&path)?;
    let again = Body::load(&path)?; // a new network
    let mut other = Body::init(2);
    other.restore(&path)?; // the parameters of one that is there
    // ANCHOR_END: save
    for loaded in [&again, &other] {
        assert_eq!(loaded.forward(&[0.5; 4])?.as_slice(), net.forward(&[0.5; 4])?.as_slice());
    }

    // ANCHOR: cast
    let exact = net.cast::<f64>(); // the same network in double precision
    let y = exact.forward(&[0.5_f64; 4])?;
    let back = exact.cast::<f32>();
    // ANCHOR_END: cast
    assert!((y.as_slice()[0] - f64::from(net.forward(&[0.5; 4])?.as_slice()[0])).abs() < 1e-6);
    assert_eq!(back.forward(&[0.5; 4])?.as_slice(), net.forward(&[0.5; 4])?.as_slice());

    // ANCHOR: copy
    let mut student = Body::init(3);
    for from in net.parameters().iter() {
        student.parameters_mut().get(&from.name())?.copy_from_tensor(&from.to_tensor())?;
    }
    // numbers of your own, as PyTorch prints them: a row for each output
    let rows = [[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [0.0; 8]];
    student.parameters_mut().get("head.weight")?.copy_from_pytorch(rows.as_flattened())?;
    // ANCHOR_END: copy
    assert_eq!(student.parameters().get("head.weight")?.to_tensor(), Tensor::from(rows));
    let fc = |net: &Body| net.parameters().get("fc.weight").map(|fc| fc.as_slice().to_vec());
    assert_eq!(fc(&student)?, fc(&net)?);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
