//! Constants of the user's, whose names resemble those of sizes and of run-time sizes.
use monograd::prelude::*;

const N: usize = 8;
const HIDEN: usize = 3;
const T2: usize = 5;

mod config {
    pub const WIDTH: usize = 6;
    pub const N: usize = 2;
}

network! {
    Net<const HIDDEN: usize = HIDEN, const COPY: usize = HIDDEN>(x: [self::N], s: [dyn T1, config::N]) -> [self::HIDEN] {
        let h = x >> Linear(HIDDEN) >> Linear(COPY * 2) >> Linear(config::WIDTH) >> Linear(T2);
        (h >> Linear(self::HIDEN)) + mean(s) + N / T2
    }
    loss |y, t: [self::HIDEN]| mse(y, t)
}

#[test]
fn runs() -> Result<(), Error> {
    const WIDE: usize = 2;
    network! {
        Local(x: [WIDE, self::N]) -> [WIDE, self::N] { x + param([WIDE, self::N], init = zeros) }
        loss mse
    }
    let mut local = Local::init(1);
    local.train_step(&[0.0_f32; 16], &[0.0_f32; 16], &mut Sgd::new(0.1))?;
    let mut net: Net = Net::init(1);
    let (x, s) = ([0.0_f32; 8], [0.0_f32; 4]);
    let y = net.forward((&x, &s))?;
    assert_eq!(y.shape(), [1, 3]);
    net.train_step((&x, &s), &[0.0_f32; 3], &mut Sgd::new(0.1))?;
    assert_eq!(Net::<4, 7>::PARAMS, 8 * 4 + 4 + 4 * 14 + 14 + 14 * 6 + 6 + 6 * 5 + 5 + 5 * 3 + 3);
    Ok(())
}
