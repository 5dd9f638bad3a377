//! The reference: its examples, as the page writes them, in networks whose gradients are compared
//! with finite differences.

use monograd::prelude::*;
use monograd_tests::differences;

network! {
    crate = ::monograd;

    Line(x: [1]) -> [1] { x >> Linear(1, init = constant(0.3)) }
    loss mse

    Two(x: [4], y: [3]) -> ([3], [2]) {
        let h = concat(x, y);
        (h >> Linear(3, init = kaiming), h >> Linear(2, init = kaiming_normal))
    }
    loss |a, b, target: [3]| mse(a, target) + sum(square(b))

    Chosen<A: Activation = Silu, const H: usize = 5>(x: [H]) -> [2 * H + 1] {
        x >> Linear(H, init = xavier_uniform) >> A >> Linear(2 * H + 1, init = orthogonal)
    }
    loss huber(delta = 0.5)

    #[streaming]
    #[inspect]
    Lengths(x: [dyn T, 3], tokens: u32[dyn T]) -> [T, 3] {
        x + (one_hot(tokens, 4) >> Linear(3, init = normal(0.5)))
    }
    loss cross_entropy(label_smoothing = 0.1)
    metric accuracy

    #[input_gradients]
    Bounded(x: [dyn T <= 9, 4]) -> [T, 1] {
        let hidden = x >> Linear(2, init = truncated_normal(0.5)) >> Tanh;
        hidden >> Linear(1, init = uniform(0.5))
    }
    loss |y, hidden, target: [T, 1]| mean(square(y - target)) + 0.1 * mean(square(hidden))
    metric error |y, target| l1(y, target)
}

network! {
    Statements(x: [5], steps: [4, 2]) -> [5] {
        let h = x >> Linear(5);
        let (first, _) = split(h, [2, 3]);
        let fc = Linear(5);
        let mut state = h * x[0];
        state = state >> fc >> Tanh;
        let mut a = concat(first, first, first)[..5];
        let mut b = state;
        (a, b) = (b + 0.5 * a, a);
        #[checkpoint]
        for i in 0..3 {
            #[name = "h.{i}"]
            let inner = Linear(5);
            #[frozen]
            let fixed = Linear(5);
            (a, b) = ((a >> inner >> Tanh) + b, (a >> fixed) * i);
        }
        let y = steps >> Linear(5);
        let w = Linear(5);
        let mut c = zeros([5]);
        #[truncate(4)]
        for x_t in y {
            c = tanh((c >> w) + x_t);
        }
        let x = y;
        for (p, q) in (x, y) {
            b = p * tanh(q + b);
        }
        let after = for x_t in rev(x) {
            b = tanh(b + x_t);
            b
        };
        a + b + c + sum(after, axis = 0)
    }
    loss mse
}

/// A number of one's own.
const EPS: f32 = 1e-5;

/// A function of one's own: Ziyin et al. 2020.
#[inline]
fn snake<N: Number>(x: N, frequency: N) -> N {
    let wave = (frequency * x).sin();
    x + wave * wave / frequency
}

/// Networks of another module.
mod parts {
    use monograd::prelude::*;

    network! {
        pub(super) Mixed<const D: usize>(x: [D]) -> [D] { x >> Linear(D) >> Tanh }
    }
}

network! {
    Values(x: [5], y: [5], image: [4, 6]) -> [5] {
        let fc = Linear(5);
        let h = x >> fc >> Tanh;
        let scale = param([5], init = ones);
        let h = h * scale + ((x, h) >> Mix::<5>) + Mix::<5>(x, y) + PI * sum(fc.weight, axis = 0);
        let h = h + (x >> parts::Mixed::<5>());
        let mut h = (h + x) + EPS * h + (h - x) + (h * x) + h / (x * x + 1) + -h + h * (x > 0.1);
        for i in 0..2 {
            h = h + tanh(h * i);
        }
        h = h * [0.5, 1, 2, -1, 0.25] + self::snake(h, 2.0);
        let image = image >> Linear(6);
        h + sum(image[1..3, -1]) + sum(image[(0..4).rev().step_by(2)])
    }
    loss mse

    Mix<const D: usize>(a: [D], b: [D]) -> [D] {
        (a >> Linear(5, bias = false) >> Dropout(0.2)) + b * Gelu(b) >> Flatten()
    }
}

network! {
    Elements(raw: [6]) -> [6] {
        let x = tanh(raw >> Linear(6, init = xavier_normal));
        let p = square(x) + 0.5;
        let a = exp(x) + exp2(x) + expm1(x) + log(p) + log2(p) + log10(p) + log1p(p) + sqrt(p);
        let b = rsqrt(p) + square(x) + pow(p, 1.5) + reciprocal(p) + sin(x) * cos(x) + tan(x);
        let c = atan(x) + sinh(x) / cosh(x) + tanh(x) + sigmoid(x) + softplus(x) + erf(x) + abs(x);
        let d = x * sign(x) + p * floor(x) + p * ceil(x) + p * round(x);
        let e = maximum(x, 0.1) + minimum(x, p) + clamp(x, -0.5, 0.5) + select(x > p - 1, x, p);
        a + b + c + d + e + x * stop_gradient(raw)
    }
    loss mse
}

network! {
    Structure(image: [4, 6]) -> [4, 6] {
        let image = image >> Linear(6, init = kaiming_uniform);
        let (top, bottom) = split(image, 2);
        let (left, right) = split(image, [2, 4], axis = 1);
        let (one, two, three) = chunk(image, 3, axis = 1);
        let a = reshape(concat(top, bottom), [4, 6]) + reshape(reshape(image, [2, 12]), [4, 6]);
        let b = concat(right, left, axis = 1) + concat(three, two * one, one, axis = 1);
        let c = sum(stack(image, image, axis = 2), axis = 2) * concat(image, image, axis = 1)[.., 3..9];
        let d = pad(image, [(1, 0), (2, 1)], value = 0.5)[..4, 1..7] + flip(image, axis = 1);
        let e = roll(image, 2, axis = 1) * repeat(image, 2, axis = 0)[2..6] + expand(image[0], [4, 6]);
        let f = reshape(permute(image, [1, 0]), [4, 6]) + transpose(reshape(transpose(image), [6, 4]));
        let g = zeros([4, 6]) + ones([6]) + full([4, 1], 0.5) * image * range(6);
        a + b + c + d + e + f + g
    }
    loss mse
}

network! {
    Sums(image: [4, 6], tokens: u32[4]) -> [4, 6] {
        let fc = Linear(6);
        let image = image >> fc;
        let a = sum(image, axis = 0) * mean(image, axis = 1, keep = true);
        let b = var(image, axis = 1, keep = true) * std(image, axis = [0, 1]);
        let c = max(image, axis = 0) - min(image) + logsumexp(image, axis = 0);
        let d = image * argmax(image, axis = 0) + argmin(image, axis = 0);
        let e = softmax(image) + log_softmax(image, axis = 0) + cumsum(image, axis = 1);
        let square4 = matmul(image, transpose(image));
        let f = matmul(tril(square4) + triu(square4, diagonal = 1), softmax(image));
        let g = matmul(softmax(mask_future(square4)), image);
        let table = fc.weight;
        let h = gather(table, tokens) * sum(one_hot(tokens, 6));
        let i = image * norm(image, axis = 1, keep = true) + normalize(image, axis = 0);
        let j = image * reshape(cosine_similarity(image, image[0]), [4, 1]);
        a + b + c + d + e + f + g + h + i + j + 1e-3 * l2(fc.weight)
    }
    loss mse
}

network! {
    Losses(x: [4]) -> [3] { x >> Linear(3) }
    loss |y, class: u32, target: [3], flags: [3]| {
        let robust = huber(y, target, delta = 0.3) + smooth_l1(y, target, beta = 0.5);
        let distance = mse(y, target) + l1(y, target);
        cross_entropy(y, class) + bce_with_logits(y, flags) + robust + distance
    }
}

/// Checks networks, for sequences of these lengths.
macro_rules! check {
    ($($network:ident<$($choice:tt),+> $lengths:expr;)+) => {$(
        let net = $network::init(1).cast::<f64>();
        differences::check_at::<$network<$($choice),+>>(stringify!($network), net, $lengths);
    )+};
}

#[test]
fn every_form_has_the_gradient_of_finite_differences() {
    let fixed: [&[usize]; 3] = [&[]; 3];
    let lengths: [&[usize]; 3] = [&[1], &[7], &[9]];
    check! {
        Line<f64> fixed;
        Two<f64> fixed;
        Chosen<Silu, 5, f64> fixed;
        Lengths<f64> lengths;
        Bounded<f64> lengths;
        Statements<f64> fixed;
        Values<f64> fixed;
        Elements<f64> fixed;
        Structure<f64> fixed;
        Sums<f64> fixed;
        Losses<f64> fixed;
    }
}
