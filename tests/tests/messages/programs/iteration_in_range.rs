//! A part by the number of the iteration, where only the type says how many there are.

use monograd::prelude::*;

network! {
    pub Net<const D: usize = 3>(x: [2 * D]) -> [D] {
        let mut h = zeros([D]);
        for i in 0..D {
            h = h + x[i] * (x[i..i + D] >> Linear(D));
        }
        h
    }
}

#[test]
fn runs() -> Result<(), Error> {
    let y = Net::<3>::init(1).forward(&[0.5; 6])?;
    println!("{:?}", y.as_slice());
    Ok(())
}
