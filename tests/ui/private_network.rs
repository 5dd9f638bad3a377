//! A network that is private to its module is one error wherever it is named.
use monograd::prelude::*;

mod parts {
    monograd::network! {
        Net(x: [dyn T, 4]) -> [T, 3] { x >> Linear(3) }
        loss mse
    }

    pub fn net() -> Net {
        Net::init(1)
    }
}

fn main() -> Result<(), Error> {
    let mut net = parts::net();
    net.train_step(&[0.0_f32; 4], &[0.0_f32; 3], &mut Sgd::new(0.1))?;
    let _ = parts::Net::init(1);
    println!("{}", parts::Net::summary());
    println!("{:?}", parts::Net::cost(&[3])?);
    let _: [u8; parts::Net::PARAMS] = [0; 15];
    Ok(())
}
// mistakes: 4
