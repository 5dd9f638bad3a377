//! Parameters that networks do not have.
use monograd::prelude::*;

network! {
    Scalars<T: Scalar>(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    Float<f32>(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    Number<const P: f32>(x: [16]) -> [4] { x >> Dropout(P) >> Linear(4) }
    loss mse
}

network! {
    Bounds<A, H>(x: [16]) -> [4] { x >> Linear(H) >> A >> Linear(4) }
    loss mse
}

network! {
    Size<H: usize>(x: [16]) -> [4] { x >> Linear(H) >> Linear(4) }
    loss mse
}

network! {
    Untyped<const H>(x: [16]) -> [4] { x >> Linear(H) >> Linear(4) }
    loss mse
}

network! {
    Lifetime<'a>(x: [16]) -> [4] { x >> Linear(4) }
    loss mse
}

network! {
    More<A: Activation + Copy>(x: [16]) -> [4] { x >> A >> Linear(4) }
    loss mse
}

network! {
    Defaults<A = Relu, H = 8>(x: [16]) -> [4] { x >> Linear(H) >> A >> Linear(4) }
    loss mse
}

network! {
    Wrong<A: Activation = 4>(x: [16]) -> [4] { x >> A >> Linear(4) }
    loss mse
}

fn main() {
    let mut net = Scalars::<f32>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Scalars::<f32>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Float::<f32>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Float::<f32>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Number::<4>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Number::<4>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Bounds::<Relu, 8>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Bounds::<Relu, 8>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Size::<8>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Size::<8>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Untyped::<8>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Untyped::<8>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Lifetime::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Lifetime::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = More::<Relu>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (More::<Relu>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = <Defaults>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (<Defaults>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
    let mut net = Wrong::<Relu>::init(1);
    let _ = net.forward(&[0.0_f32; 16]);
    let _ = net.train_step(&[0.0_f32; 16], &[0.0_f32; 4], &mut Sgd::new(0.1));
    let _ = (Wrong::<Relu>::summary(), net.loss(&[0.0_f32; 16], &[0.0_f32; 4]));
}
// mistakes: 12
