//! Compares the layers that are described in the language with those of `torch.nn`, with the same
//! weights (`vectors/layers.py`).

use monograd::prelude::*;
use monograd_tests::expected::compare;

cases! {
    "layers";
    layer_norm {
        (x: [dyn T, 6]) -> [T, 6] { let layer = LayerNorm(); x >> layer }
        loss mse
    }
    layer_norm_without_bias {
        (x: [dyn T, 6]) -> [T, 6] { let layer = LayerNorm(eps = 0.1, bias = false); x >> layer }
        loss mse
    }
    rms_norm {
        (x: [dyn T, 6]) -> [T, 6] { let layer = RmsNorm(eps = 1e-3); x >> layer }
        loss mse
    }
    group_norm {
        (x: [4, 3, 5]) -> [4, 3, 5] {
            let first = Linear(5);
            let layer = GroupNorm(2);
            x >> first >> layer
        }
        loss mse
    }
    instance_norm {
        (x: [4, 3, 5]) -> [4, 3, 5] {
            let first = Linear(5);
            let layer = InstanceNorm(affine = true);
            x >> first >> layer
        }
        loss mse
    }
    batch_norm1d {
        (x: [6]) -> [6] {
            let first = Linear(6, bias = false);
            let layer = BatchNorm1d();
            x >> first >> layer
        }
        loss mse
    }
    batch_norm1d_series {
        (x: [4, 5]) -> [4, 5] {
            let first = Linear(5);
            let layer = BatchNorm1d(eps = 0.1, momentum = 0.3);
            x >> first >> layer
        }
        loss mse
    }
    batch_norm1d_twice {
        (x: [6]) -> [6] {
            let first = Linear(6, bias = false);
            let layer = BatchNorm1d();
            x >> layer >> first >> layer
        }
        loss mse
    }
    batch_norm2d {
        (x: [4, 3, 5]) -> [4, 3, 5] {
            let first = Linear(5);
            let layer = BatchNorm2d();
            x >> first >> layer
        }
        loss mse
    }
    batch_norm2d_cumulative {
        (x: [4, 3, 5]) -> [4, 3, 5] {
            let first = Linear(5);
            let layer = BatchNorm2d(momentum = none);
            x >> first >> layer
        }
        loss mse
    }
    batch_norm2d_plain {
        (x: [4, 3, 5]) -> [4, 3, 5] {
            let first = Linear(5);
            let layer = BatchNorm2d(affine = false);
            x >> first >> layer
        }
        loss mse
    }
    batch_norm2d_untracked {
        (x: [4, 3, 5]) -> [4, 3, 5] {
            let first = Linear(5);
            let layer = BatchNorm2d(track_running_stats = false);
            x >> first >> layer
        }
        loss mse
    }
    local_response_norm {
        (x: [4, 3, 5]) -> [4, 3, 5] {
            let first = Linear(5);
            x >> first >> LocalResponseNorm(3, alpha = 0.5)
        }
        loss mse
    }
    local_response_norm_even {
        (x: [4, 3, 5]) -> [4, 3, 5] {
            let first = Linear(5);
            x >> first >> LocalResponseNorm(2, alpha = 0.5, k = 2.0)
        }
        loss mse
    }
    embedding {
        (x: u32[dyn T]) -> [T, 4] { let layer = Embedding(7, 4); x >> layer }
        loss mse
    }
    embedding_padding {
        (x: u32[dyn T]) -> [T, 4] { let layer = Embedding(7, 4, padding_idx = 2); x >> layer }
        loss mse
    }
    rnn {
        (x: [dyn T, 6]) -> ([T, 4], [2, 4]) {
            let layer = Rnn(4, layers = 2, nonlinearity = relu);
            x >> layer
        }
        loss |y, h, target: [T, 4]| mse(y, target) + mean(square(h))
    }
    rnn_tanh {
        (x: [dyn T, 6]) -> ([T, 8], [2, 4]) {
            let layer = Rnn(4, bidirectional = true);
            x >> layer
        }
        loss |y, last, target: [T, 8]| mse(y, target) + mean(square(last))
    }
    gru {
        (x: [dyn T, 6], h: [4, 4]) -> ([T, 8], [4, 4]) {
            let layer = Gru(4, layers = 2, bias = false, bidirectional = true);
            (x, h) >> layer
        }
        loss |y, last, target: [T, 8]| mse(y, target) + mean(square(last))
    }
    lstm {
        (x: [dyn T, 6], h: [4, 4], c: [4, 4]) -> ([T, 8], [4, 4], [4, 4]) {
            let layer = Lstm(4, layers = 2, bidirectional = true);
            (x, h, c) >> layer
        }
        loss |y, last, cells, target: [T, 8]| mse(y, target) + mean(square(last)) + mean(square(cells))
    }
    lstm_projection {
        (x: [dyn T, 6]) -> ([T, 4], [4, 2], [4, 5]) {
            let layer = Lstm(5, layers = 2, bidirectional = true, projection = 2);
            x >> layer
        }
        loss |y, h, c, target: [T, 4]| mse(y, target) + mean(square(h)) + mean(square(c))
    }
    rnn_cell {
        (x: [6], h: [4]) -> [4] { let layer = RnnCell(4, nonlinearity = relu); (x, h) >> layer }
        loss mse
    }
    gru_cell {
        (x: [6], h: [4]) -> [4] { let layer = GruCell(4); (x, h) >> layer }
        loss mse
    }
    lstm_cell {
        (x: [6], h: [4], c: [4]) -> ([4], [4]) {
            let layer = LstmCell(4, bias = false);
            (x, h, c) >> layer
        }
        loss |y, last, target: [4]| mse(y, target) + mean(square(last))
    }
    multihead_attention {
        (x: [dyn T, 6]) -> [T, 6] { let layer = MultiheadAttention(2, causal = true); x >> layer }
        loss mse
    }
    multihead_attention_cross {
        (x: [dyn T, 6], memory: [dyn S, 6], padding: [S]) -> [T, 6] {
            let layer = MultiheadAttention(3, padding = padding);
            (x, memory) >> layer
        }
        loss mse
    }
    multihead_attention_window {
        (x: [dyn T, 6], bias: [T, T]) -> [T, 6] {
            let layer =
                MultiheadAttention(2, bias = false, causal = true, window = 2, mask = bias);
            x >> layer
        }
        loss mse
    }
    encoder {
        (x: [dyn T, 6]) -> [T, 6] {
            let layer = TransformerEncoderLayer(2, feedforward = 10, dropout = 0.0);
            x >> layer
        }
        loss mse
    }
    encoder_norm_first {
        (x: [dyn T, 6]) -> [T, 6] {
            let layer = TransformerEncoderLayer(
                3,
                10,
                dropout = 0.0,
                activation = Gelu,
                norm_first = true,
                bias = false,
            );
            x >> layer
        }
        loss mse
    }
    decoder {
        (x: [dyn T, 6], memory: [dyn S, 6], padding: [S]) -> [T, 6] {
            let layer =
                TransformerDecoderLayer(2, 10, dropout = 0.0, memory_padding = padding);
            (x, memory) >> layer
        }
        loss mse
    }
    decoder_norm_first {
        (x: [dyn T, 6], memory: [dyn S, 6], padding: [S]) -> [T, 6] {
            let layer = TransformerDecoderLayer(
                2,
                10,
                dropout = 0.0,
                norm_first = true,
                memory_padding = padding,
            );
            (x, memory) >> layer
        }
        loss mse
    }
    glu {
        (x: [dyn T, 6]) -> [T, 3] { let first = Linear(6); x >> first >> Glu() }
        loss mse
    }
    gated_mlp {
        (x: [dyn T, 6]) -> [T, 6] { let layer = GatedMlp(10); x >> layer }
        loss mse
    }
    attention_bias {
        (x: [5, 6], memory: [4, 6]) -> [5, 28] {
            let q = Linear(12);
            let k = Linear(6);
            let v = Linear(14);
            let bias = param([5, 4], init = zeros);
            let y = attention(
                reshape(x >> q, [5, 4, 3]),
                reshape(memory >> k, [4, 2, 3]),
                reshape(memory >> v, [4, 2, 7]),
                bias,
                scale = 0.5,
            );
            reshape(y, [5, 28])
        }
        loss mse
    }
    attention_bias_of_heads {
        (x: [5, 6], memory: [4, 6]) -> [5, 6] {
            let q = Linear(15);
            let k = Linear(15);
            let v = Linear(6);
            let bias = param([3, 5, 4], init = zeros);
            let y = attention(
                reshape(x >> q, [5, 3, 5]),
                reshape(memory >> k, [4, 3, 5]),
                reshape(memory >> v, [4, 3, 2]),
                mask = bias,
            );
            reshape(y, [5, 6])
        }
        loss mse
    }
    rope {
        (x: [dyn T, 6]) -> [T, 16] {
            let q = Linear(16);
            let k = Linear(8);
            let v = Linear(8);
            let y = attention(
                rope(reshape(x >> q, [T, 4, 4])),
                rope(reshape(x >> k, [T, 2, 4])),
                reshape(x >> v, [T, 2, 4]),
                causal = true,
            );
            reshape(y, [T, 16])
        }
        loss mse
    }
    rope_interleaved {
        (x: [dyn T, 6]) -> [T, 16] {
            let q = Linear(16);
            let k = Linear(8);
            let v = Linear(8);
            let y = attention(
                rope(reshape(x >> q, [T, 4, 4]), interleaved = true),
                rope(reshape(x >> k, [T, 2, 4]), interleaved = true),
                reshape(x >> v, [T, 2, 4]),
                causal = true,
            );
            reshape(y, [T, 16])
        }
        loss mse
    }
    sinusoidal {
        (x: [dyn T, 6]) -> [T, 6] { let first = Linear(6); (x >> first) + sinusoidal(x) }
        loss mse
    }
    conv1d {
        (x: [2, dyn T]) -> [4, (T - 1) / 2 + 1] {
            let layer = Conv1d(4, 3, stride = 2, padding = 1);
            x >> layer
        }
        loss mse
    }
    conv1d_causal {
        (x: [2, 9]) -> [4, 9] {
            let layer = Conv1d(4, 3, padding = causal, dilation = 2);
            x >> layer
        }
        loss mse
    }
    conv2d {
        (x: [4, 5, 3]) -> [6, 5, 3] {
            let layer = Conv2d(6, 3, padding = same, bias = false);
            x >> layer
        }
        loss mse
    }
    conv2d_strided {
        (x: [4, 7, 9]) -> [6, 4, 6] {
            let layer = Conv2d(
                6,
                [3, 2],
                stride = [2, 1],
                padding = [1, 0],
                dilation = [1, 3],
                groups = 2,
            );
            x >> layer
        }
        loss mse
    }
    conv2d_asymmetric {
        (x: [2, 7, 6]) -> [3, 4, 3] {
            let layer = Conv2d(3, 3, stride = 2, padding = [(2, 0), (0, 1)]);
            x >> layer
        }
        loss mse
    }
    conv2d_depthwise {
        (x: [3, 5, 7]) -> [6, 5, 7] {
            let first = Linear(7);
            let layer = Conv2d(6, 3, padding = 1, groups = 3);
            x >> first >> layer
        }
        loss mse
    }
    conv2d_pointwise {
        (x: [5, 4, 7]) -> [3, 4, 7] {
            let first = Linear(7);
            let layer = Conv2d(3, 1);
            x >> first >> layer
        }
        loss mse
    }
    conv_transpose1d {
        (x: [4, 5]) -> [6, 10] {
            let first = Linear(5);
            let layer =
                ConvTranspose1d(6, 3, stride = 2, padding = 1, output_padding = 1, groups = 2);
            x >> first >> layer
        }
        loss mse
    }
    conv_transpose2d {
        (x: [4, 3, 5]) -> [6, 7, 14] {
            let first = Linear(5);
            let layer = ConvTranspose2d(
                6,
                [3, 2],
                stride = [2, 3],
                padding = [1, 0],
                dilation = [2, 1],
            );
            x >> first >> layer
        }
        loss mse
    }
    max_pool1d {
        (x: [2, 9]) -> [2, 4] { let first = Linear(9); x >> first >> MaxPool1d(3, stride = 2, padding = 1, dilation = 2) }
        loss mse
    }
    max_pool2d {
        (x: [2, 7, 5]) -> [2, 3, 2] { let first = Linear(5); x >> first >> MaxPool2d(2) }
        loss mse
    }
    max_pool2d_ceil {
        (x: [2, 6, 5]) -> [2, 4, 2] { let first = Linear(5); x >> first >> MaxPool2d([3, 2], stride = [2, 3], padding = [1, 0], ceil_mode = true) }
        loss mse
    }
    avg_pool1d {
        (x: [2, 9]) -> [2, 5] { let first = Linear(9); x >> first >> AvgPool1d(3, stride = 2, padding = 1) }
        loss mse
    }
    avg_pool2d {
        (x: [2, 6, 5]) -> [2, 4, 3] { let first = Linear(5); x >> first >> AvgPool2d(3, stride = 2, padding = 1, ceil_mode = true, count_include_pad = false) }
        loss mse
    }
    avg_pool2d_counting {
        (x: [2, 6, 5]) -> [2, 4, 3] { let first = Linear(5); x >> first >> AvgPool2d(3, stride = 2, padding = 1, ceil_mode = true) }
        loss mse
    }
    avg_pool2d_divisor {
        (x: [2, 6, 5]) -> [2, 3, 2] { let first = Linear(5); x >> first >> AvgPool2d(2, divisor_override = 3) }
        loss mse
    }
    adaptive_avg_pool1d {
        (x: [2, 7]) -> [2, 4] { let first = Linear(7); x >> first >> AdaptiveAvgPool1d(4) }
        loss mse
    }
    adaptive_avg_pool2d {
        (x: [2, 4, 5]) -> [2, 3, 7] { let first = Linear(5); x >> first >> AdaptiveAvgPool2d([3, 7]) }
        loss mse
    }
    upsample {
        (x: [2, 3, 5]) -> [2, 6, 10] { let first = Linear(5); x >> first >> Upsample() }
        loss mse
    }
    upsample_linear {
        (x: [2, 5]) -> [2, 7] { let first = Linear(5); x >> first >> Upsample(size = 7, mode = linear) }
        loss mse
    }
    upsample_bilinear {
        (x: [2, 3, 5]) -> [2, 4, 7] { let first = Linear(5); x >> first >> Upsample(size = [4, 7], mode = bilinear) }
        loss mse
    }
    upsample_corners {
        (x: [2, 3, 5]) -> [2, 4, 7] { let first = Linear(5); x >> first >> Upsample(size = [4, 7], mode = bilinear, align_corners = true) }
        loss mse
    }
    pixel_shuffle {
        (x: [4, 3, 5]) -> [1, 6, 10] { let first = Linear(5); x >> first >> PixelShuffle(2) }
        loss mse
    }
}
