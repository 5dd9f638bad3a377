//! Attributes of the user's on the type.

#![deny(warnings)]

use monograd::prelude::*;

network! {
    /// Cloned by the user's own derive.
    #[derive(Clone, Debug)]
    #[must_use]
    pub Net(x: [4]) -> [3] {
        x >> Linear(3)
    }
    loss cross_entropy
}

#[test]
fn runs() -> Result<(), Error> {
    let net: Net = Net::init(1);
    let twin = net.clone();
    let x = [0.5_f32; 4];
    assert_eq!(net.forward(&x)?.as_slice(), twin.forward(&x)?.as_slice());
    assert!(format!("{net:?}").starts_with("Net"));
    Ok(())
}
