/// An operation with a kernel of its own.
pub trait Kernel: Any + Debug + Identity {
    /// Returns the type of the result.
    fn result(&self, operands: &[&Type]) -> Type;

    /// Adds the gradients of the `wanted` operands, given the gradient of the result. Gradients of
    /// parameters are summed over the batch.
    fn derivative(&self, at: &mut Derivative<'_>) -> Vec<Option<Value>>;

    /// Returns the floating point operations for one sample.
    fn flops(&self, operands: &[&Type], result: &Type) -> Size;

    /// Returns true if the result may be written over the first operand.
    fn in_place(&self) -> bool {
        false
    }

    /// Returns the unit in which a product can be computed piece by piece, if it can.
    fn piece(&self) -> Option<Piece> {
        None
    }

    /// Returns true if the kernel can add its result to the content of its destination.
    fn accumulates(&self) -> bool {
        false
    }

    /// Returns the reduction of each row, if the kernel reduces the operand's last axes and does
    /// nothing else.
    fn reduction(&self, _operand: &Type) -> Option<Reduction> {
        None
    }

    /// Returns true if the result is constant or piecewise constant in every operand, so that no
    /// gradient passes.
    fn is_flat(&self) -> bool {
        false
    }

    /// Returns true if the derivative accepts a gradient that is still to be broadcast to the
    /// result.
    fn takes_small_gradients(&self) -> bool {
        false
    }

    /// Returns the movement of elements that the kernel is, if it does nothing else.
    fn movement(&self, _operands: &[&Type]) -> Option<Movement<'_>> {
        None
    }

    /// Returns the operation that replaces the kernel when the network is not trained.
    fn in_eval(&self) -> InEval {
        InEval::Same
    }

    /// Returns true if the kernel can read an operand that has this layout in the memory of another
    /// value. Kernels that use [`Call::rows_of`] can if the layout has a [pitch](Layout::pitch).
    fn reads(&self, _operand: usize, _layout: &Layout) -> bool {
        false
    }

    /// Returns true if the kernel can write its result with this layout into the memory of another
    /// value; see [`Call::rows_of_result`].
    fn writes(&self, _layout: &Layout) -> bool {
        false
    }

    /// Returns an exclusive upper bound of all elements of the result, if they are whole numbers
    /// from 0 on, given the bounds of the operands.
    fn below(&self, _operands: &[&Type], _below: &[Option<Size>]) -> Option<Size> {
        None
    }

    /// Builds the operation of the streaming form, which computes one step at a time.
    ///
    /// # Errors
    /// If the operation needs later steps.
    fn step(&self, step: &mut dyn StreamStep) -> Result<Stepped, Refusal> {
        step.unchanged()
    }

    /// Returns the reason why the result has another number of elements along the streamed axis than
    /// the operand, if the kernel knows a better one than the numbers.
    fn changes_rate(&self, _length: &Size) -> Option<String> {
        None
    }

    /// Returns the statement that computes the result.
    fn call(&self, call: &Call<'_>) -> TokenStream;
}
