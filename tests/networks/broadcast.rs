//! Shapes that broadcast, as in `NumPy`.

use monograd::prelude::*;

network! {
    /// The mean over rows and the offset of each column.
    pub Broadcast(x: [3, 4], row: [4], column: [3, 1]) -> [3, 4] {
        x * 0.5 + row - column / 3 + mean(x)
    }
    loss |y, target: [3, 4]| sum(square(y - target)) / 12
}
