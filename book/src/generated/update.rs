/// What an optimiser does to one parameter, with its hyperparameters as scalars.
pub(super) trait Update<T: Scalar, const STATES: usize>: Copy + Send {
    /// The parameter's new value, from its gradient and what is remembered of it.
    fn update<S: Simd<T>>(self, simd: S, parameter: T, gradient: T, states: &mut [T; STATES]) -> T;
}
