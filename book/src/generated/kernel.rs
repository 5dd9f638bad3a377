/// An operation with a kernel of its own. Its `Debug` text tells it from others: two nodes with
/// the same text and the same operands compute the same.
pub trait Kernel: Debug {
    /// The type of the result.
    fn result(&self, operands: &[&Type]) -> Type;

    /// The gradient of every operand that is `wanted`, from the result's gradient. Parameters'
    /// gradients are summed over the batch.
    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>>;

    /// Floating point operations for one sample.
    fn flops(&self, operands: &[&Type], result: &Type) -> Size;

    /// Whether the result may be written over the first operand.
    fn in_place(&self) -> bool {
        false
    }

    /// Whether the result can be added to what is there.
    fn accumulates(&self) -> bool {
        false
    }

    /// Whether its derivative takes a gradient that is still to be broadcast to the result.
    fn takes_small_gradients(&self) -> bool {
        false
    }

    /// What it becomes when the network is not trained: the operand itself for a dropout.
    fn is_identity_outside_training(&self) -> bool {
        false
    }

    /// The statement that computes it.
    fn call(&self, call: &Call<'_>) -> TokenStream;
}
