//! Compares samples of different lengths, padding modes, and stacks with dilations of their own with
//! PyTorch's (`vectors/sequences.py`).

use monograd::prelude::*;
use monograd_tests::expected::compare;

cases! {
    "sequences";
    rnn_lengths {
        (x: [dyn T, 6], n: u32[]) -> ([T, 4], [1, 4]) {
            let layer = Rnn(4, nonlinearity = relu, lengths = n);
            x >> layer
        }
        loss |y, h, target: [T, 4]| mse(y, target) + mean(square(h))
    }
    rnn_lengths_both {
        (x: [dyn T, 6], n: u32[]) -> ([T, 8], [4, 4]) {
            let layer = Rnn(4, layers = 2, bidirectional = true, lengths = n);
            x >> layer
        }
        loss |y, h, target: [T, 8]| mse(y, target) + mean(square(h))
    }
    gru_lengths {
        (x: [dyn T, 6], n: u32[]) -> ([T, 4], [1, 4]) {
            let layer = Gru(4, lengths = n);
            x >> layer
        }
        loss |y, h, target: [T, 4]| mse(y, target) + mean(square(h))
    }
    gru_lengths_both {
        (x: [dyn T, 6], n: u32[], h: [4, 4]) -> ([T, 8], [4, 4]) {
            let layer = Gru(4, layers = 2, bidirectional = true);
            (x, h, n) >> layer
        }
        loss |y, last, target: [T, 8]| mse(y, target) + mean(square(last))
    }
    lstm_lengths {
        (x: [dyn T, 6], n: u32[]) -> ([T, 4], [1, 4], [1, 4]) {
            let layer = Lstm(4, lengths = n);
            x >> layer
        }
        loss |y, h, c, target: [T, 4]| mse(y, target) + mean(square(h)) + mean(square(c))
    }
    lstm_lengths_both {
        (x: [dyn T, 6], n: u32[], h: [4, 4], c: [4, 4]) -> ([T, 8], [4, 4], [4, 4]) {
            let layer = Lstm(4, layers = 2, bidirectional = true, lengths = n);
            (x, h, c) >> layer
        }
        loss |y, last, cells, target: [T, 8]| mse(y, target) + mean(square(last)) + mean(square(cells))
    }
    lstm_lengths_projection {
        (x: [dyn T, 6], n: u32[]) -> ([T, 4], [4, 2], [4, 5]) {
            let layer = Lstm(5, layers = 2, bidirectional = true, projection = 2, lengths = n);
            x >> layer
        }
        loss |y, h, c, target: [T, 4]| mse(y, target) + mean(square(h)) + mean(square(c))
    }
    masked_pooling {
        (x: [dyn T, 6], n: u32[]) -> ([4], [4]) {
            let first = Linear(4);
            let h = x >> first;
            let inside = sequence_mask(n, T);
            (masked_mean(h, inside), masked_max(h, inside))
        }
        loss |y, most, target: [4]| mse(y, target) + mean(square(most))
    }
    attention_lengths {
        (x: [dyn T, 6], n: u32[]) -> [T, 6] {
            let layer = MultiheadAttention(2, padding = 1 - sequence_mask(n, T));
            x >> layer
        }
        loss mse
    }
    conv1d_reflect {
        (x: [2, 9]) -> [4, 9] {
            let first = Linear(9);
            let layer = Conv1d(4, 4, padding = same, padding_mode = reflect);
            x >> first >> layer
        }
        loss mse
    }
    conv1d_replicate {
        (x: [2, 9]) -> [4, 7] {
            let first = Linear(9);
            let layer = Conv1d(4, 3, stride = 2, padding = 3, padding_mode = replicate);
            x >> first >> layer
        }
        loss mse
    }
    conv1d_circular {
        (x: [2, 9]) -> [4, 23] {
            let first = Linear(9);
            let layer =
                Conv1d(4, 3, padding = 9, dilation = 2, groups = 2, padding_mode = circular);
            x >> first >> layer
        }
        loss mse
    }
    conv2d_reflect {
        (x: [2, 4, 5]) -> [3, 4, 3] {
            let first = Linear(5);
            let layer =
                Conv2d(3, [3, 2], stride = 2, padding = [3, 1], padding_mode = reflect);
            x >> first >> layer
        }
        loss mse
    }
    conv2d_replicate {
        (x: [2, 4, 5]) -> [3, 14, 15] {
            let first = Linear(5);
            let layer = Conv2d(3, 3, padding = 6, padding_mode = replicate);
            x >> first >> layer
        }
        loss mse
    }
    conv2d_circular {
        (x: [2, 4, 5]) -> [3, 4, 5] {
            let first = Linear(5);
            let layer = Conv2d(3, 3, padding = same, padding_mode = circular, bias = false);
            x >> first >> layer
        }
        loss mse
    }
    pad_reflect {
        (x: [2, 4, 5]) -> [2, 7, 10] {
            let first = Linear(5);
            pad(x >> first, [(0, 0), (0, 3), (4, 1)], mode = reflect)
        }
        loss mse
    }
    pad_replicate {
        (x: [2, 4, 5]) -> [2, 12, 7] {
            let first = Linear(5);
            pad(x >> first, [(0, 0), (7, 1), (0, 2)], mode = replicate)
        }
        loss mse
    }
    pad_circular {
        (x: [2, 4, 5]) -> [2, 8, 13] {
            let first = Linear(5);
            pad(x >> first, [(0, 0), (4, 0), (5, 3)], mode = circular)
        }
        loss mse
    }
    dilation_powers {
        (x: [4, dyn T]) -> [4, T] {
            let mut h = x;
            for i in 0..4 {
                #[name = "layers.{i}"]
                let layer = Conv1d(4, 3, dilation = pow(2, i), padding = causal);
                h = h + (h >> layer >> Tanh);
            }
            h
        }
        loss mse
    }
    dilation_odd {
        (x: [4, 9]) -> [4, 9] {
            let mut h = x;
            for i in 0..3 {
                #[name = "layers.{i}"]
                let layer = Conv1d(4, 3, dilation = 2 * i + 1, padding = same);
                h = h + (h >> layer >> Tanh);
            }
            h
        }
        loss mse
    }
    dilation_list {
        (x: [4, 9]) -> [4, 9] {
            let mut h = x;
            for i in 0..3 {
                #[name = "layers.{i}"]
                let layer = Conv1d(4, 3, dilation = [2, 5, 1][i], padding = causal);
                h = h + (h >> layer >> Tanh);
            }
            h
        }
        loss mse
    }
    widening_pools {
        (x: [2, 9]) -> [2, 9] {
            let first = Linear(9);
            let mut h = x >> first;
            for i in 0..3 {
                h = h + (h >> MaxPool1d(2 * i + 1, stride = 1, padding = i));
                h = h + (h >> AvgPool1d(2 * i + 1, stride = 1, padding = i));
            }
            h
        }
        loss mse
    }
    // twenty steps of training, those of the examples
    char_lstm {
        (text: u32[dyn T]) -> [T, 12] {
            let embedding = Embedding(12, 8);
            let lstm = Lstm(16);
            let head = Linear(12);
            text >> embedding >> lstm >> head
        }
        loss cross_entropy
    }
    sentiment {
        (words: u32[dyn T], n: u32[]) -> [] {
            let embedding = Embedding(12, 6, padding_idx = 0);
            let gru = Gru(4, bidirectional = true, lengths = n);
            let head = Linear(1);
            let strongest = masked_max(words >> embedding >> gru, sequence_mask(n, T));
            (strongest >> head)[0]
        }
        loss bce_with_logits
    }
}
