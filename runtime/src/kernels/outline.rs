//! Kernels that are compiled with the library, once for each pair of instruction set and scalar. They gain
//! nothing from sizes that are constants, or too little to be compiled wherever they are used. They are
//! also fast in debug builds of the user's crate.

use super::attention::{
    Attention, Gradients, Heads, HeadsMut, Operands, compiled_backward, compiled_forward,
};
use super::axis::min_max::{self, MinMax};
use super::axis::softmax as axis;
use super::conv::{Conv, compiled as conv};
use super::dense::Product;
use super::lanes::{Join, whole};
use super::loss::linear::{self, Head, compiled as head};
use super::loss::{CrossEntropy, compiled as loss};
use super::pitch::{Rows, RowsMut};
use super::pool::{Adaptive, Pool, Resize, compiled as pool};
use super::reduce::{columns, compiled as reduce};
use super::softmax::compiled as softmax;
use super::{Store, contract, dropout, norm};
use crate::scalar::Scalar;
use crate::simd::Isa;

/// Calls the macro `then` with the given tokens, followed by the table of kernels.
macro_rules! kernels {
    ($then:ident! { $($given:tt)* }) => { $then! { $($given)*
        /// Stores the sum of each column into `y`.
        fn sum_columns(x: Rows<'_, T>, y: &mut [T], store: Store) = columns::sum_columns;
        /// Returns the sum of a row.
        fn sum_row(x: &[T]) -> T = whole::sum, with simd;
        /// Reduces a row with `join`.
        fn reduce_row(x: &[T], join: Join) -> T = whole::reduce, with simd;
        /// Returns the sum of the squares of all numbers times a factor.
        fn square_sum(x: &[T], factor: T) -> f64 = norm::square_sum, with simd;
        /// See [`softmax()`](super::softmax::softmax).
        fn softmax(x: Rows<'_, T>, y: RowsMut<'_, T>) = softmax::softmax, with simd;
        /// See [`softmax_in_place`](super::softmax::softmax_in_place).
        fn softmax_in_place(x: RowsMut<'_, T>) = softmax::softmax_in_place, with simd;
        /// See [`softmax_gradient`](super::softmax::softmax_gradient).
        fn softmax_gradient(y: Rows<'_, T>, dy: Rows<'_, T>, dx: RowsMut<'_, T>, store: Store)
            = softmax::softmax_gradient, with simd;
        /// See [`log_softmax`](super::softmax::log_softmax).
        fn log_softmax(x: Rows<'_, T>, y: RowsMut<'_, T>) = softmax::log_softmax, with simd;
        /// See [`log_softmax_gradient`](super::softmax::log_softmax_gradient).
        fn log_softmax_gradient(y: Rows<'_, T>, dy: Rows<'_, T>, dx: RowsMut<'_, T>, store: Store)
            = softmax::log_softmax_gradient, with simd;
        /// See [`logsumexp_rows`](super::reduce::logsumexp_rows).
        fn logsumexp(x: Rows<'_, T>, y: RowsMut<'_, T>) = reduce::logsumexp, with simd;
        /// See [`logsumexp_rows_gradient`](super::reduce::logsumexp_rows_gradient).
        fn logsumexp_gradient(x: Rows<'_, T>, dy: Rows<'_, T>, dx: RowsMut<'_, T>, store: Store)
            = reduce::logsumexp_gradient, with simd;
        /// See [`exponentials`](super::loss::exponentials).
        fn exponentials(logits: Rows<'_, T>, e: RowsMut<'_, T>) = loss::exponentials, with simd;
        /// See [`cross_entropy()`](super::loss::cross_entropy()).
        fn cross_entropy(
            logits: Rows<'_, T>,
            e: &[T],
            targets: &[u32],
            options: &CrossEntropy<'_, T>,
            losses: &mut [T]
        ) = loss::cross_entropy, with simd;
        /// See [`cross_entropy_gradient_in_place`](super::loss::cross_entropy_gradient_in_place).
        fn cross_entropy_gradient(
            targets: &[u32],
            options: &CrossEntropy<'_, T>,
            scale: T,
            d: RowsMut<'_, T>
        ) = loss::cross_entropy_gradient, with simd;
        /// See [`linear_cross_entropy`](super::loss::linear_cross_entropy()).
        fn linear_cross_entropy(
            head: &Head,
            operands: &linear::Operands<'_, T>,
            results: linear::Results<'_, T>,
            scratch: &mut [T]
        ) = head::linear_cross_entropy, with simd;
        /// See [`min_max()`](super::axis::min_max::min_max).
        fn min_max(extreme: MinMax, n: usize, inner: usize, x: Rows<'_, T>, y: RowsMut<'_, T>)
            = min_max::compiled, with simd;
        /// See [`position`](super::axis::min_max::position).
        fn position(extreme: MinMax, n: usize, inner: usize, x: Rows<'_, T>, y: RowsMut<'_, T>)
            = min_max::compiled_position;
        /// See [`min_max_gradient`](super::axis::min_max::min_max_gradient).
        fn min_max_gradient(
            n: usize,
            inner: usize,
            x: Rows<'_, T>,
            y: Rows<'_, T>,
            dy: Rows<'_, T>,
            dx: RowsMut<'_, T>,
            store: Store
        ) = min_max::compiled_gradient;
        /// See [`softmax_in_place`](super::axis::softmax::softmax_in_place).
        fn axis_softmax(n: usize, inner: usize, x: RowsMut<'_, T>) = axis::compiled, with simd;
        /// See [`softmax_gradient`](super::axis::softmax::softmax_gradient).
        fn axis_softmax_gradient(
            n: usize,
            inner: usize,
            y: Rows<'_, T>,
            dy: Rows<'_, T>,
            dx: RowsMut<'_, T>,
            store: Store
        ) = axis::compiled_gradient;
        /// See [`dropout_in_place`](super::dropout::dropout_in_place).
        fn dropout(key: (u64, u64), first: u64, p: f64, x: &mut [T]) = dropout::compiled, with simd;
        /// See [`contract()`](super::contract::contract()).
        fn contract(
            axes: &[contract::Axis],
            shape: contract::Shape,
            a: &[T],
            b: &[T],
            c: &mut [T],
            store: Store
        ) = contract::run, with simd;
        /// See [`forward`](super::attention::forward()).
        fn attention(
            attention: &Attention,
            operands: &Operands<'_, T>,
            y: HeadsMut<'_, T>,
            logs: &mut [T],
            scratch: &mut [T]
        ) = compiled_forward, with simd;
        /// See [`backward`](super::attention::backward()).
        fn attention_backward(
            attention: &Attention,
            operands: &Operands<'_, T>,
            y: Heads<'_, T>,
            logs: &[T],
            dy: Heads<'_, T>,
            gradients: Gradients<'_, T>,
            scratch: &mut [T]
        ) = compiled_backward, with simd;
        /// See [`forward`](super::conv::forward()).
        fn convolution(
            conv: &Conv,
            x: Rows<'_, T>,
            weight: &[T],
            bias: Option<&[T]>,
            y: RowsMut<'_, T>,
            scratch: &mut [T]
        ) = conv::forward, with simd;
        /// See [`input_gradient`](super::conv::input_gradient()) and
        /// [`transposed`](super::conv::transposed()).
        fn convolution_input_gradient(
            conv: &Conv,
            dy: Rows<'_, T>,
            weight: &[T],
            bias: Option<&[T]>,
            dx: RowsMut<'_, T>,
            store: Store,
            scratch: &mut [T]
        ) = conv::input_gradient, with simd;
        /// See [`weight_gradient`](super::conv::weight_gradient()).
        fn convolution_weight_gradient(
            conv: &Conv,
            x: Rows<'_, T>,
            dy: Rows<'_, T>,
            dw: &mut [T],
            store: Store,
            scratch: &mut [T]
        ) = conv::weight_gradient, with simd;
        /// See [`bias_gradient`](super::conv::bias_gradient()).
        fn channel_sums(positions: usize, dy: Rows<'_, T>, db: &mut [T], store: Store)
            = conv::channel_sums, with simd;
        /// See [`max`](super::pool::max()).
        fn max_pool(pool: &Pool, x: Rows<'_, T>, y: RowsMut<'_, T>, scratch: &mut [T]) = pool::max;
        /// See [`max_gradient`](super::pool::max_gradient()).
        fn max_pool_gradient(
            pool: &Pool,
            x: Rows<'_, T>,
            dy: Rows<'_, T>,
            dx: RowsMut<'_, T>,
            store: Store
        ) = pool::max_gradient;
        /// See [`average`](super::pool::average()).
        fn average_pool(pool: &Pool, x: Rows<'_, T>, y: RowsMut<'_, T>, scratch: &mut [T])
            = pool::average;
        /// See [`average_gradient`](super::pool::average_gradient()).
        fn average_pool_gradient(
            pool: &Pool,
            dy: Rows<'_, T>,
            dx: RowsMut<'_, T>,
            store: Store,
            scratch: &mut [T]
        ) = pool::average_gradient;
        /// See [`adaptive_average`](super::pool::adaptive_average()).
        fn adaptive_average_pool(
            pool: &Adaptive,
            x: Rows<'_, T>,
            y: RowsMut<'_, T>,
            scratch: &mut [T]
        ) = pool::adaptive_average, with simd;
        /// See [`adaptive_average_gradient`](super::pool::adaptive_average_gradient()).
        fn adaptive_average_pool_gradient(
            pool: &Adaptive,
            dy: Rows<'_, T>,
            dx: RowsMut<'_, T>,
            store: Store,
            scratch: &mut [T]
        ) = pool::adaptive_average_gradient;
        /// See [`resize`](super::pool::resize()).
        fn resize(resize: &Resize, x: Rows<'_, T>, y: RowsMut<'_, T>) = pool::resize;
        /// See [`resize_gradient`](super::pool::resize_gradient()).
        fn resize_gradient(resize: &Resize, dy: Rows<'_, T>, dx: RowsMut<'_, T>, store: Store)
            = pool::resize_gradient;
    } };
}

macro_rules! declare {
    ($(
        $(#[$documentation:meta])*
        fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)? =
            $body:path $(, with $simd:ident)?;
    )*) => {
        /// An instruction set for which the kernels of scalar `T` are compiled in the library.
        pub trait Outline<T: Scalar>: Isa {
            /// Computes `product`.
            fn product(self, product: Product<'_, T>);
            $(
                $(#[$documentation])*
                #[allow(clippy::too_many_arguments, reason = "sizes and buffers are the operation")]
                fn $name(self, $($argument: $type),*) $(-> $result)?;
            )*
        }
    };
}
kernels! { declare! {} }

// after the macro that is the table
mod compiled;
