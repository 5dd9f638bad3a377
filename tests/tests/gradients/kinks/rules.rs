//! Gradients at single points: where PyTorch returns NaN for lack of a rule, and where this library has
//! a rule of its own.

use monograd::prelude::*;

/// A user-defined function with a kink and a flat region.
#[inline]
fn kinked<N: Number>(x: N, y: N) -> N {
    if x > N::constant(0.0) { (x * y).sqrt() } else { N::constant(0.0) * y }
}

/// A user-defined rectifier.
#[derive(Clone, Copy, Default)]
struct Rectified;
impl Activation for Rectified {
    fn forward<N: Number>(x: N) -> N {
        x.maximum(N::constant(0.0))
    }
}

/// Compares the gradient of the sum of a function's elements, at given numbers.
macro_rules! slopes {
    ($($test:ident($h:expr) = $expected:expr, $n:literal: |$of:ident| { $($body:tt)* })*) => {$(
        #[test]
        fn $test() {
            network! {
                Net(x: [$n]) -> [$n] {
                    let $of = param([$n], init = zeros);
                    let $of = $of * x;
                    $($body)*
                }
                loss |y, t: [$n]| sum(y * t)
            }
            let mut net = Net::init(0);
            let at: [f32; $n] = $h;
            net.parameters_mut().get(stringify!($of)).unwrap().as_mut_slice().copy_from_slice(&at);
            let (_, gradients) = net.gradients(&[1.0; $n][..], &[1.0; $n][..]).unwrap();
            assert_eq!(gradients.get(stringify!($of)).unwrap().as_slice(), $expected);
        }
    )*};
}

/// The gradient that a square root passes on at 0.
const INFINITE: f32 = f32::INFINITY;

// inside of functions with infinite gradients
slopes! {
    root_of_relu([-1.0, 0.0, 4.0]) = [0.0, 0.0, 0.25], 3: |h| { sqrt(h >> Relu) }
    logarithm_of_relu([-1.0, 0.0, 4.0]) = [0.0, 0.0, 0.25], 3: |h| { log(h >> Relu) }
    root_of_hard_sigmoid([-4.0, -3.0, 3.0]) = [0.0; 3], 3: |h| { sqrt(h >> HardSigmoid) }
    root_of_maximum([-1.0, 4.0]) = [0.0, 0.25], 2: |h| { sqrt(maximum(h, 0)) }
    root_of_minimum([1.0, -4.0]) = [0.0, -0.25], 2: |h| { sqrt(-minimum(h, 0)) }
    root_of_maximum_that_is_not_chosen([-1.0, 4.0]) = [1.0, 0.25], 2: |h| {
        select(h > 0, sqrt(maximum(h, 0)), h)
    }
    root_of_clamp([-1.0, 0.0, 4.0, 200.0]) = [0.0, 0.0, 0.25, 0.0], 4: |h| { sqrt(clamp(h, 0, 100)) }
    root_of_abs([-4.0, 0.0, 4.0]) = [-0.25, 0.0, 0.25], 3: |h| { sqrt(abs(h)) }
    power_of_clamp([-1.0, 16.0]) = [0.0, 0.03125], 2: |h| { pow(clamp(h, 0, 100), 0.25) }
    inverse_root_of_relu([-1.0, 4.0]) = [0.0, -0.0625], 2: |h| { rsqrt(h >> Relu) }
    quotient_by_relu([-1.0, 2.0]) = [0.0, -0.25], 2: |h| { 1 / (h >> Relu) }
    root_of_own_activation([-1.0, 4.0]) = [0.0, 0.25], 2: |h| { sqrt(h >> Rectified) }
    root_of_own_function([-1.0, 4.0]) = [0.0, 0.25], 2: |h| { sqrt(self::kinked(h, h)) }
    root_in_own_function([-1.0, 4.0]) = [0.0, 1.0], 2: |h| { self::kinked(h, h) }
    root_of_select([-1.0, 4.0]) = [0.0, 0.25], 2: |h| { sqrt(select(h > 0, h, 0)) }
    root_of_largest([-1.0, 0.0, -2.0]) = [0.0, INFINITE, 0.0], 3: |h| { expand(sqrt(max(h)), [3]) }
    root_of_smallest([1.0, 0.0, 2.0]) = [0.0, INFINITE, 0.0], 3: |h| { expand(sqrt(min(h)), [3]) }
    root_of_padded([0.25]) = [1.0], 1: |h| { sqrt(pad(h, [(1, 1)]))[1..2] + sum(sqrt(pad(h, [(0, 2)]))[1..]) }
    root_of_triangle([4.0; 4]) = [0.25, 0.0, 0.25, 0.25], 4: |h| {
        reshape(sqrt(tril(reshape(h, [2, 2]))), [4])
    }
    root_of_causal_weights([1.0; 4]) = [0.0; 4], 4: |h| {
        reshape(sqrt(softmax(mask_future(reshape(h, [2, 2])))), [4])
    }
    root_of_causal_columns([1.0; 4]) = [0.0; 4], 4: |h| {
        reshape(sqrt(softmax(transpose(mask_future(reshape(h, [2, 2]))), axis = 0)), [4])
    }
    root_of_norm([0.0, 0.0]) = [0.0, 0.0], 2: |h| { sqrt(expand(norm(h), [2])) }
    root_of_norms([0.0, 0.0]) = [0.0, 0.0], 2: |h| {
        sqrt(expand(norm(h, p = 1) + norm(h, p = inf) + norm(h, p = 3) + norm(h, p = 0.5), [2]))
    }
    root_of_deviation([3.0; 3]) = [0.0; 3], 3: |h| { sqrt(expand(std(h), [3])) }
}

// ties
slopes! {
    relu_at_zero([0.0, -0.0]) = [0.0, 0.0], 2: |h| { h >> Relu }
    own_rectifier([-1.0, 0.0, 1.0]) = [0.0, 0.5, 1.0], 3: |h| { h >> Rectified }
    maximum_with_itself([0.0, 1.0]) = [1.0, 1.0], 2: |h| { maximum(h, h) }
    maximum_of_maximum([1.0, 2.0]) = [0.25, 1.0], 2: |h| { maximum(maximum(h, 1), 1) }
    minimum_of_product([1.0, 2.0]) = [1.5, 1.0], 2: |h| { minimum(h, h * h) }
    equal_bounds([1.0, 2.0]) = [0.0, 0.0], 2: |h| { clamp(h, 1, 1) }
    first_of_equals([1.0, 1.0, 0.0]) = [3.0, 0.0, 0.0], 3: |h| { expand(max(h), [3]) }
    first_of_smallest([1.0, 0.0, 0.0]) = [0.0, 3.0, 0.0], 3: |h| { expand(min(h), [3]) }
    shared_by_equals([1.0, -1.0, 0.0]) = [1.5, -1.5, 0.0], 3: |h| { expand(norm(h, p = inf), [3]) }
    deviation_of_equals([3.0; 3]) = [0.0; 3], 3: |h| { expand(std(h), [3]) }
    norm_of_single_numbers([-2.0, 0.0]) = [-1.0, 0.0], 2: |h| { stack(norm(h[0]), norm(h[1])) }
}
