/// The update of one parameter, with the hyperparameters as scalars.
pub(super) trait Update<T: Scalar, const STATES: usize>: Copy + Send {
    /// Returns the parameter's new value, and updates its states.
    fn update<S: Simd<T>>(self, simd: S, parameter: T, gradient: T, states: &mut [T; STATES]) -> T;
}
