//! `crate = path`: the runtime behind a re-export.

mod vendored {
    pub use monograd as nets;
}

mod model {
    crate::programs::renamed_crate::vendored::nets::network! {
        crate = crate::programs::renamed_crate::vendored::nets;

        /// Knows the runtime by another name.
        pub Net<A: Activation = crate::programs::renamed_crate::vendored::nets::Tanh>(x: [4]) -> [3] {
            x >> Linear(3) >> A
        }
        loss cross_entropy
    }
}

use vendored::nets::prelude::*;

#[test]
fn runs() -> Result<(), Error> {
    let net: model::Net = model::Net::init(1);
    assert!(net.loss(&[0.5_f32; 4], &[1_u32])?.is_finite());
    Ok(())
}
