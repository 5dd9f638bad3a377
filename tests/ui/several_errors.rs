use monograd::prelude::*;

network! {
    pub Net(x: [4]) -> [3] {
        let a = x >> Lienar(8);
        let b = x >> Linear(8, bais = true) >> Relu;
        let c = a + b;
        let d = tahn(x);
        d + c >> Linear(4)
    }
    loss cross_entrpy
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
// mistakes: 4
