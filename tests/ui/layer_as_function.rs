use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [3] {
        let layer_norm = LayerNorm();
        let h = layer_norm(x);
        Linear(h, 3)
    }
    loss cross_entropy
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.0_f32; 4])?;
    let loss = net.train_step(&[0.0_f32; 4], &[1_u32], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    let _ = net.stream();
    Ok(())
}
// mistakes: 2
