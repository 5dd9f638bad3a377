//! Silero's detector of speech, version 5 and 6 at 16 kHz, with the names of its own file.

use monograd::prelude::*;

// ANCHOR: network
network! {
    /// The probability that there is speech in each step of 8 `N` samples.
    ///
    /// Before a step stand the last `N` samples of the one before, after it its own end mirrored. The
    /// magnitudes of 4 spectra go through four convolutions, whose one column is the input of an LSTM.
    #[streaming]
    pub Vad<const N: usize = 64, const D: usize = 64>(signal: [dyn T, 8 * N]) -> [T] {
        let stft_conv = Conv1d(4 * N + 2, 4 * N, stride = 2 * N, padding = (0, N), padding_mode = reflect, bias = false);
        let conv1 = Conv1d(2 * D, 3, padding = 1);
        let conv2 = Conv1d(D, 3, stride = 2, padding = 1);
        let conv3 = Conv1d(D, 3, stride = 2, padding = 1);
        let conv4 = Conv1d(2 * D, 3, padding = 1);
        let lstm_cell = LstmCell(2 * D);
        let final_conv = Conv1d(1, 1);
        let mut context = zeros([N]);
        let mut h = zeros([2 * D]);
        let mut c = zeros([2 * D]);
        for step in signal {
            let samples = concat(context, step);
            context = step[7 * N..];
            let (real, imaginary) = split(reshape(samples, [1, 9 * N]) >> stft_conv, 2, axis = 0);
            let magnitude = sqrt(square(real) + square(imaginary));
            let features = magnitude >> conv1 >> Relu >> conv2 >> Relu >> conv3 >> Relu >> conv4 >> Relu;
            (h, c) = (reshape(features, [2 * D]), h, c) >> lstm_cell;
            let speech = reshape(h, [2 * D, 1]) >> Relu >> final_conv >> Sigmoid;
            reshape(speech, [])
        }
    }
}
// ANCHOR_END: network
