//! Networks of one name in several scopes of a file, and under conditions of which one holds.

#![deny(warnings)]

use monograd::prelude::*;

network! {
    Net(x: [1]) -> [1] { x >> Linear(1) }
}

mod one {
    monograd::network! {
        pub Net(x: [2]) -> [1] { x >> Linear(1) }
    }
}

mod two {
    monograd::network! {
        pub Net(x: [3]) -> [1] { x >> Linear(1) }
    }
}

#[cfg(test)]
mod either {
    use monograd::prelude::*;

    #[cfg(test)]
    network! {
        pub Net(x: [4]) -> [1] { x >> Linear(1) }
    }

    #[cfg(not(test))]
    network! {
        pub Net(x: [400]) -> [1] { x >> Linear(1) }
    }
}

#[cfg(test)]
mod conditional {
    monograd::network! {
        #[cfg(test)]
        pub Net(x: [4]) -> [1] { x >> Linear(1) }

        #[cfg(not(test))]
        pub Gone(x: [4]) -> [1] { x >> Linear(1) }
    }

    /// Has the name of a network whose condition does not hold.
    pub struct Gone;
}

/// A network, in a module of its own.
macro_rules! module {
    ($module:ident, $size:literal) => {
        mod $module {
            monograd::network! { pub Net(x: [$size]) -> [1] { x >> Linear(1) } }
        }
    };
}
module!(five, 5);
module!(six, 6);

/// Puts what it is given into a module each.
macro_rules! apart {
    ($($module:ident: $items:item;)*) => { $(mod $module { use monograd::prelude::*; $items })* };
}
apart! {
    seven: network! { pub Net(x: [7]) -> [1] { x >> Linear(1) } };
    eight: network! { pub Net(x: [8]) -> [1] { x >> Linear(1) } };
}

mod alone {
    /// The name of the user's own macro, which makes a scope of its own.
    macro_rules! network {
        ($($network:tt)*) => {
            const _: () = {
                monograd::network! { $($network)* }
                const { assert!(Net::PARAMS == 10) };
            };
        };
    }

    network! { Net(x: [9]) -> [1] { x >> Linear(1) } }
    network! { Net(x: [9]) -> [1] { x >> Linear(1) } }
}

fn nine() -> usize {
    network! { Net(x: [9]) -> [1] { x >> Linear(1) } }
    Net::PARAMS
}

fn blocks(inner: bool) -> usize {
    network! { Net(x: [10]) -> [1] { x >> Linear(1) } }
    if inner {
        network! { Net(x: [11]) -> [1] { x >> Linear(1) } }
        Net::PARAMS
    } else {
        Net::PARAMS
    }
}

#[test]
fn each_scope_has_its_own() {
    assert_eq!(Net::PARAMS, 2);
    let conditional::Gone = conditional::Gone;
    assert_eq!(conditional::Net::PARAMS, 5);
    assert_eq!((one::Net::PARAMS, two::Net::PARAMS, either::Net::PARAMS), (3, 4, 5));
    assert_eq!((five::Net::PARAMS, six::Net::PARAMS), (6, 7));
    assert_eq!((seven::Net::PARAMS, eight::Net::PARAMS), (8, 9));
    assert_eq!((nine(), blocks(false), blocks(true)), (10, 11, 12));
}
