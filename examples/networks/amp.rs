//! The networks of Neural Amp Modeler: WaveNets and LSTMs, one sample in and one out.

use monograd::prelude::*;

// ANCHOR: wavenet
network! {
    /// Two stacks of causal convolutions of 3 taps, of `C` channels and `L` layers, then of `D` and `M`.
    #[streaming]
    pub WaveNet<
        A: Activation,
        const C: usize,
        const L: usize,
        const D: usize,
        const M: usize,
    >(signal: [dyn T]) -> [T] {
        let first = Stack::<A, 1, C, L, 10>;
        let second = Stack::<A, C, D, M, L>;
        let first_head = Conv1d(D, 1, bias = false);
        let second_head = Conv1d(1, 1);
        #[frozen]
        let head_scale = param([1], init = 0.02);
        let input = reshape(signal, [1, T]);
        let (x, head) = first(input, input, zeros([C, T]));
        let (_, head) = second(x, input, head >> first_head);
        reshape(head_scale * (head >> second_head), [T])
    }
    // the mean square error where `counts` is 1, and that of what the ear hears most of
    loss |output, target: [T], counts: [T]| {
        let error = counts * (output - target);
        let sharpened = error[1..] - 0.85 * error[..T - 1];
        (sum(square(error)) + sum(square(sharpened))) / sum(counts)
    }

    /// `L` layers of `C` channels. Layer i looks 2^k and 2 * 2^k samples back, where k is i + `FIRST`, or in a
    /// long stack what remains of it over 10. Returns the values after the last layer, and the sum of all layers.
    Stack<A: Activation, const I: usize, const C: usize, const L: usize, const FIRST: usize>(
        x: [I, dyn T],
        input: [1, T],
        head: [C, T],
    ) -> ([C, T], [C, T]) {
        let rechannel = Conv1d(C, 1, bias = false);
        let mut h = x >> rechannel;
        let mut sum = head;
        #[name = "layers"]
        for i in 0..L {
            let conv = Conv1d(C, 3, dilation = pow(2, i + FIRST - (i + FIRST) / 10 * 10), padding = causal);
            let mixer = param([C, 1], init = fan_in(1));
            let out = Conv1d(C, 1);
            let z = A((h >> conv) + mixer * input);
            sum = sum + z;
            h = h + (z >> out);
        }
        (h, sum)
    }
}
// ANCHOR_END: wavenet

// ANCHOR: gated
network! {
    /// A [`WaveNet`] of which one half of each convolution gates the other.
    #[streaming]
    pub GatedWaveNet<
        A: Activation,
        const C: usize,
        const L: usize,
        const D: usize,
        const M: usize,
    >(signal: [dyn T]) -> [T] {
        let first = GatedStack::<A, 1, C, L, 10>;
        let second = GatedStack::<A, C, D, M, L>;
        let first_head = Conv1d(D, 1, bias = false);
        let second_head = Conv1d(1, 1);
        #[frozen]
        let head_scale = param([1], init = 0.02);
        let input = reshape(signal, [1, T]);
        let (x, head) = first(input, input, zeros([C, T]));
        let (_, head) = second(x, input, head >> first_head);
        reshape(head_scale * (head >> second_head), [T])
    }

    GatedStack<A: Activation, const I: usize, const C: usize, const L: usize, const FIRST: usize>(
        x: [I, dyn T],
        input: [1, T],
        head: [C, T],
    ) -> ([C, T], [C, T]) {
        let rechannel = Conv1d(C, 1, bias = false);
        let mut h = x >> rechannel;
        let mut sum = head;
        #[name = "layers"]
        for i in 0..L {
            let conv = Conv1d(2 * C, 3, dilation = pow(2, i + FIRST - (i + FIRST) / 10 * 10), padding = causal);
            let mixer = param([2 * C, 1], init = fan_in(1));
            let out = Conv1d(C, 1);
            let (value, gate) = split((h >> conv) + mixer * input, 2, axis = 0);
            let z = A(value) * sigmoid(gate);
            sum = sum + z;
            h = h + (z >> out);
        }
        (h, sum)
    }
}
// ANCHOR_END: gated

// ANCHOR: lstm
network! {
    /// An LSTM of `H`, which begins with a state of its own.
    #[streaming]
    pub OneLstm<const H: usize>(signal: [dyn T]) -> [T] {
        let lstm = Lstm(H);
        let h = param([1, H], init = zeros);
        let c = param([1, H], init = zeros);
        let head = Linear(1);
        let (y, _, _) = (reshape(signal, [T, 1]), h, c) >> lstm;
        reshape(y >> head, [T])
    }

    /// Two, one above the other.
    #[streaming]
    pub TwoLstms<const H: usize>(signal: [dyn T]) -> [T] {
        let lstm = Lstm(H, layers = 2);
        let h = param([2, H], init = zeros);
        let c = param([2, H], init = zeros);
        let head = Linear(1);
        let (y, _, _) = (reshape(signal, [T, 1]), h, c) >> lstm;
        reshape(y >> head, [T])
    }
}
// ANCHOR_END: lstm
