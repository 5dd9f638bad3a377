//! The kernels as they are compiled with the library.

pub(in crate::kernels) use super::adaptive::{
    average as adaptive_average, gradient as adaptive_average_gradient,
};
pub(in crate::kernels) use super::average::{average, gradient as average_gradient};
pub(in crate::kernels) use super::max::{gradient as max_gradient, max};
pub(in crate::kernels) use super::resize::{gradient as resize_gradient, resize};
