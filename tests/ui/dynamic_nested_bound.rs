use monograd::prelude::*;

network! {
    pub Net(x: [9, 4]) -> [9, 3] {
        x >> Short >> Linear(3)
    }
    loss cross_entropy

    Short(x: [dyn T <= 8, 4]) -> [T, 4] {
        x >> Linear(4)
    }
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let y = net.forward(&[0.0_f32; 4])?;
    let loss = net.train_step(&[0.0_f32; 4], &[1_u32], &mut Sgd::new(0.1))?;
    println!("{loss} {:?}", y.as_slice());
    let _ = Net::summary();
    let _ = Short::summary();
    Ok(())
}
