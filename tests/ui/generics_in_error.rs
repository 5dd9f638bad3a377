//! A parameter in error keeps its default, so that uses of the network report nothing.
use monograd::prelude::*;

network! {
    NoType<const H = 3>(x: [H]) -> [H] { x >> Linear(H) }
    loss mse
    Misspelt<A: Activatoin = Gelu, const H: uszie = 4>(x: [H]) -> [H] { x >> Linear(H) >> A }
    NotLast<const H: usize = 3, const K: usize>(x: [H]) -> [K] { x >> Linear(K) }
    NorThis<A: Activation = Gelu, B: Activation>(x: [4]) -> [4] { x >> A >> B }
    Twice<const T: usize>(x: [dyn T, 2]) -> [T, 2] { x >> Linear(2) }
}

fn main() {
    let mut net: NoType = NoType::<3>::init(1);
    println!("{}", NoType::<5>::summary());
    let _ = net.train_step(&[0.0; 3], &[0.0; 3], &mut Sgd::new(0.1));
    let _: Misspelt = Misspelt::<Gelu, 4>::init(1);
    let _: NotLast<3, 4> = NotLast::<3, 4>::init(1);
    let _: NorThis<Relu, Tanh> = NorThis::<Relu, Tanh>::init(1);
    let _ = Twice::<4>::init(1).forward(&[0.0; 4]);
}
// mistakes: 6
