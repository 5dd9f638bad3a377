use monograd::prelude::*;

network! {
    /// The error is only there for 5: it stands where 5 is given.
    Net(x: [4]) -> [4] {
        x >> Residual::<4> >> Residual::<5>
    }

    Residual<const H: usize>(x: [4]) -> [4] {
        x + (x >> Linear(H))
    }
}

fn main() {
    let net = Net::init(1);
    let _ = net.forward(&[0.0_f32; 4]);
    let _ = Net::summary();
    let _ = Residual::<4>::summary();
}
