use monograd::prelude::*;

network! {
    pub Net(x: [dyn T <= 8, 4], y: [dyn T <= 9, 4]) -> [T, 3] {
        x + y >> Linear(3)
    }
    loss cross_entropy
}

fn main() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let _ = (Net::summary(), net.stream());
    let _ = net.train_step((&[0.0_f32; 4], &[0.0_f32; 4]), &[1_u32], &mut Sgd::new(0.1));
    net.forward((&[0.0_f32; 4], &[0.0_f32; 4])).map(|_| ())
}
