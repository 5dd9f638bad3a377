/// Three numbers in, two out.
pub struct Small<A: ::monograd::Activation = Tanh, T: ::monograd::Scalar = f32> {
    state: ::monograd::__private::State<T>,
    activations: ::core::marker::PhantomData<fn() -> (A,)>,
}
