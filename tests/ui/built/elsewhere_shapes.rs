//! Shapes that do not fit layers from elsewhere.
use monograd::prelude::*;

mod other {
    monograd::network! {
        pub Encoder<const H: usize>(x: [12]) -> [H] { x >> Linear(H) }
        pub Norm<const D: usize>(x: [dyn T <= 16, D]) -> [T, D] { x * param([D], init = ones) }
        pub Two(x: [4], y: [4]) -> ([4], [2]) { (x + y, x[..2]) }
    }
}

network! {
    Small(image: [8]) -> [4] { image >> other::Encoder::<4>() }
}

network! {
    Output(image: [12]) -> [4] { image >> Linear(12) >> other::Encoder::<6>() }
}

network! {
    RunTime(x: [dyn T, 12]) -> [T, 12] { x >> other::Encoder::<12>() }
}

network! {
    Bound(x: [17, 5]) -> [17, 5] { x >> other::Norm::<5>() }
}

network! {
    Count(x: [4]) -> [4] { x >> other::Two([4]) }
}

network! {
    Outputs(x: [4]) -> [4] { (x, x) >> other::Two() }
}

network! {
    Written(x: [12]) -> [3] {
        let h = x >> other::Encoder::<4>([3]);
        h
    }
}

fn main() {
    Small::init(1);
    Output::init(1);
    RunTime::init(1);
    Bound::init(1);
    Count::init(1);
    Outputs::init(1);
    Written::init(1);
    let _ = (Small::summary(), Output::summary(), Written::summary(), Outputs::summary());
}
// mistakes: 7
