use monograd::prelude::*;

network! {
    pub Net(x: [3]) -> ([3], [3], [3], [3], [3]) {
        let y = x >> Linear(3);
        (x, y, x + y, x - y, x * y)
    }
    loss |a, b, _, _, _, t: [3]| mse(a, t) + mse(b, t)
}

network! {
    Inside(x: [3]) -> [3] { let (a, b) = x >> Pair; a + b }
    loss mse
    Pair(x: [3]) -> ([3], [3]) { (x >> Linear(3), x) }
}

fn main() {
    let mut net: Net = Net::init(1);
    let _ = net.train_step(&[0.0_f32; 3], &[0.0_f32; 3], &mut Sgd::new(0.1));
    let _ = (Net::summary(), Inside::summary());
}
