use monograd::prelude::*;

network! {
    pub Net(x: [dyn T, 4], y: [4, dyn T]) -> [T, 3] {
        let fc = Linear(3);
        (x >> fc) * mean(y >> fc)
    }
    loss cross_entropy
}

fn main() -> Result<(), Error> {
    let net: Net = Net::init(1);
    net.forward((&[0.0_f32; 4], &[0.0_f32; 4])).map(|_| ())
}
