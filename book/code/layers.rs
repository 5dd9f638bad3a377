//! The layers of the reference, as the page writes them, in networks whose gradients are compared with
//! finite differences.

use monograd::prelude::*;
use monograd_tests::differences;

network! {
    Signals(x: [6, 4], tokens: u32[6]) -> [6, 4] {
        let h = x >> Linear(4) >> LearnedPositions(16);
        let normalised = (h >> LayerNorm()) + (h >> RmsNorm(eps = 1e-3));
        let gated = (h >> Linear(8) >> Glu(activation = Silu)) + (h >> GatedMlp(6));
        let embedded = (tokens >> Embedding(9, 4)) * float(tokens)[0];
        normalised + gated + embedded
    }
    loss mse
}

network! {
    Recurrent(x: [5, 3], h: [4]) -> [5, 4] {
        let plain = (x >> Rnn(4, bidirectional = false)) + (x >> Gru(4, layers = 2));
        let (left, right) = split(x >> Lstm(4, bidirectional = true), 2, axis = 1);
        let (y, c) = (x[0], h, h) >> LstmCell(4);
        let cells = ((x[1], h) >> RnnCell(4)) + ((x[2], h) >> GruCell(4)) + y * c;
        plain + left * right + cells
    }
    loss mse
}

network! {
    Attending(x: [6, 4]) -> [6, 4] {
        let h = x >> MultiheadAttention(2, causal = true);
        let h = (h, x) >> TransformerDecoderLayer(2, 8, activation = Gelu);
        h >> TransformerEncoderLayer(2, 8, activation = Silu)
    }
    loss mse
}

network! {
    Images(signal: [2, 6], image: [4, 3, 5]) -> [4] {
        let s = signal >> Conv1d(3, 3, padding = causal) >> ConvTranspose1d(2, 3, stride = 2);
        let h = image >> LocalResponseNorm(3, alpha = 0.5) >> GroupNorm(2);
        let h = h >> Conv2d(2, [3, 2], padding = [1, 0]) >> ConvTranspose2d(2, 2, stride = 2);
        let h = h >> Tanh >> Conv2d(4, 1, bias = false) >> InstanceNorm(affine = true);
        let h = h >> Dropout2d(0.2);
        let large = image >> PixelShuffle(2) >> ZeroPad2d(1) >> Conv2d(4, 3) >> GlobalAvgPool();
        mean(softplus(h), axis = [1, 2]) + large + mean(s)
    }
    loss mse
}

network! {
    Pooled(signal: [2, 6], image: [3, 4, 5]) -> [3] {
        let s = signal >> Linear(6);
        let windows = mean(s >> MaxPool1d(2)) + mean(square(s >> AvgPool1d(3, stride = 1)));
        let s = windows + mean(square(s >> AdaptiveAvgPool1d(4)));
        let h = image >> Linear(5) >> Upsample(mode = bilinear) >> MaxPool2d(2, padding = 1);
        let h = square(h) >> AvgPool2d([2, 3], ceil_mode = true) >> AdaptiveAvgPool2d([2, 3]);
        s + sum(h * h, axis = [1, 2])
    }
    loss mse
}

network! {
    PooledByFunctions(x: [3, 6], picture: [3, 4, 5]) -> [3] {
        let x = x >> Linear(6);
        let picture = picture >> Linear(5);
        let a = mean(max_pool1d(x, 2) * avg_pool1d(x, 2), axis = 1);
        let b = mean(square(interpolate(x, size = 3, mode = linear)), axis = 1);
        let c = mean(square(max_pool2d(picture, 2, stride = 1)), axis = [1, 2]);
        let d = mean(square(avg_pool2d(picture, [3, 2])), axis = [1, 2]);
        let e = mean(square(adaptive_avg_pool2d(picture, [2, 3])), axis = [1, 2]);
        a + b + c + d + e + mean(square(adaptive_avg_pool1d(x, 2)), axis = 1)
    }
    loss mse
}

network! {
    Centred<const D: usize>(x: [D]) -> [2] {
        let mut centre = state([D], init = zeros);
        let y = (x - select(training, batch_mean(x), centre)) >> Linear(2);
        centre = 0.9 * centre + 0.1 * batch_mean(x);
        y
    }
    loss mse
}

network! {
    Batches(x: [4, 3, 5], signal: [2, 6]) -> [4] {
        let h = x >> Conv2d(4, 3, padding = 1, bias = false) >> BatchNorm2d(eps = 1e-3) >> Tanh;
        let s = signal >> Linear(7) >> BatchNorm1d(momentum = none) >> Tanh;
        let rows = reshape(h, [4, 15]) >> Linear(7);
        let (centre, spread, _) = batch_statistics(rows);
        let y = batch_norm(rows, centre, spread, eps = 1e-3);
        let share = 1 / batch_size();
        let far = y - (1 - share) * each_sample(batch_mean(tanh(rows)));
        mean(far * far * far, axis = 1) + mean(square(s)) + mean(s)
    }
    loss mse
}

network! {
    Functions(x: [6, 4]) -> [6, 4] {
        let w = param([4, 4], init = fan_in(6), transposed = true);
        let b = param([4], init = zeros, bias = true);
        let y = linear(x, w, b) + layer_norm(x, eps = 1e-3) * rms_norm(x, eps = 1e-3);
        let q = reshape(y, [6, 1, 4]);
        let q = rope(q, dims = 2);
        let k = rope(reshape(x, [6, 1, 4]), interleaved = true);
        let v = reshape(y, [6, 1, 4]);
        let y = y + reshape(attention(q, k, v, causal = true, window = 3), [6, 4]);
        let image = reshape(y, [2, 3, 4]);
        let y = y + sinusoidal(x) + reshape(group_norm(image, groups = 2), [6, 4]);
        y + concat(glu(x), glu(x), axis = 1)
    }
    loss mse
}

network! {
    Kernels(x: [6, 4], picture: [6, 3, 5]) -> [2] {
        let kernels = param([6, 6, 2], init = kaiming);
        let filters = param([6, 6, 3, 3], init = kaiming);
        let a = conv1d(x, kernels, stride = 2);
        let b = conv_transpose1d(x, kernels, stride = 2);
        let c = conv2d(picture, filters, padding = same);
        let d = conv_transpose2d(picture, filters);
        concat(reshape(mean(a * a) * mean(c), [1]), reshape(mean(b) + mean(d * d), [1]))
    }
    loss mse
}

network! {
    Recurrences(x: [6, 3], h: [4]) -> [4] {
        let w4 = param([4, 3], init = fan_in(4), transposed = true);
        let u4 = param([4, 4], init = fan_in(4), transposed = true);
        let w12 = param([12, 3], init = fan_in(4), transposed = true);
        let u12 = param([12, 4], init = fan_in(4), transposed = true);
        let w16 = param([16, 3], init = fan_in(4), transposed = true);
        let u16 = param([16, 4], init = fan_in(4), transposed = true);
        let (next, cell) = lstm_cell(x[0], h, h, w16, u16);
        let a = rnn_cell(x[0], h, w4, u4) + gru_cell(x[0], h, w12, u12) + next * cell;
        let b = rnn(x, h, w4, u4, reverse = true) + gru(x, h, w12, u12) + lstm(x, h, h, w16, u16);
        a + mean(b, axis = 0)
    }
    loss mse
}

network! {
    Lengths(x: [6, 4], n: u32[]) -> [3] {
        let inside = sequence_mask(n, 6);
        let h = x >> Linear(4);
        let y = (h >> Gru(3, bidirectional = true, lengths = n)) * (h >> Lstm(6, lengths = n));
        let (y, last) = y >> Rnn(3, layers = 2, lengths = n);
        let away = h >> MultiheadAttention(2, padding = 1 - inside);
        masked_mean(y, inside) + masked_max(away, inside)[..3] + last[1]
    }
    loss mse

    Dilated(x: [3, 9]) -> [3, 9] {
        let mut h = x;
        for i in 0..3 {
            h = h + (h >> Conv1d(3, 2, dilation = pow(2, i), padding = causal) >> Tanh);
            h = h + (h >> Conv1d(3, 3, dilation = [1, 4, 2][i], padding = same) >> Tanh);
            h = h + (h >> AvgPool1d(2 * i + 1, stride = 1, padding = i));
        }
        h
    }
    loss mse

    Padded(x: [2, 6], image: [2, 3, 4]) -> [2] {
        let h = x >> Linear(6);
        let a = h >> Conv1d(2, 3, padding = 2, padding_mode = reflect);
        let b = h >> Conv1d(2, 3, padding = (4, 1), padding_mode = replicate);
        let c = (image >> Linear(4)) >> Conv2d(2, 3, padding = [3, 4], padding_mode = circular);
        let d = pad(h, [(0, 2), (3, 1)], mode = circular);
        let e = pad(h, [(1, 0), (3, 5)], mode = reflect) * pad(h, [(0, 1), (8, 0)], mode = replicate);
        mean(a, axis = 1) + mean(square(b), axis = 1) + mean(c, axis = [1, 2]) + mean(d) + mean(square(e))
    }
    loss mse
}

macro_rules! check {
    ($($network:ident)+) => {$(
        let net = $network::init(1).cast::<f64>();
        differences::check_at::<$network<f64>>(stringify!($network), net, [&[]; 3]);
    )+};
}

#[test]
fn every_layer_has_the_gradient_of_finite_differences() {
    check!(Signals Recurrent Attending Images Batches Pooled PooledByFunctions Functions Kernels Recurrences);
    check!(Lengths Dilated Padded);
}

#[test]
fn a_centred_network_has_the_gradient_of_finite_differences() {
    let net = Centred::<3>::init(1).cast::<f64>();
    differences::check_at::<Centred<3, f64>>("Centred", net, [&[]; 3]);
}
