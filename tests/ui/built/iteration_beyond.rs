//! Elements that an axis does not have for some sizes, in an iteration and without.
use monograd::prelude::*;

network! {
    At<const N: usize>(x: [4]) -> [4] {
        let mut h = x;
        for place in N..2 * N { h = h * range(3)[place]; }
        h
    }
}

network! {
    Keyword<const N: usize>(x: [4]) -> [4] {
        let mut h = x;
        for lane in 0..N { h = h * range(3)[lane]; }
        h
    }
}

network! {
    Before<const N: usize>(x: [4]) -> [4] {
        let mut h = x;
        for i in 0..2 { h = h * range(9)[i + N - 8]; }
        h
    }
}

network! {
    Range<const N: usize>(x: [4]) -> [4] {
        let mut h = x;
        for i in 0..N { h = h * sum(range(4)[i..i + 2]); }
        h
    }
}

network! {
    Without<const N: usize>(x: [4]) -> [] { x[N] }
}

fn main() {
    let _ = (At::<3>::init(1), At::<3>::summary());
    let _ = Keyword::<4>::init(1);
    let _ = Before::<7>::init(1);
    let _ = Range::<4>::init(1);
    let _ = Without::<4>::init(1);
}
// mistakes: 5
