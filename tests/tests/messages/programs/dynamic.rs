//! Run-time sizes with bounds, in products and with names of all kinds.

use monograd::prelude::*;

const CONTEXT: usize = 16;

network! {
    /// What the lengths are called in generated code are names like any other here.
    pub Net<A: Activation = Gelu, const D: usize = 4>(
        lengths: [dyn T <= 2 * CONTEXT, D],
        len_t: [dyn r#type, T * D],
    ) -> [T, 3] {
        let tile = lengths + mean(len_t) * T;
        let arena = reshape(tile, [T, D]) >> Linear(D) >> A;
        reshape(arena, [D * T])[..D] + arena >> Linear(3)
    }
    loss |y, target: u32[T], weight: [dyn Words]| cross_entropy(y, target) * mean(weight)
}

#[test]
fn runs() -> Result<(), Error> {
    let mut net: Net = Net::init(1);
    let (x, z) = (Tensor::zeros([2, 5, 4]), Tensor::zeros([2, 3, 20]));
    let targets = (&Tensor::full([2, 5], 1), &Tensor::full([2, 7], 1.0));
    let loss = net.train_step((&x, &z), targets, &mut Sgd::new(0.1))?;
    assert!(loss.is_finite());
    assert_eq!(net.forward((&x, &z))?.shape(), [2, 5, 3]);
    const { assert!(Net::<Relu, 4>::FLOPS > Net::<Relu, 3>::FLOPS) };
    Ok(())
}
