//! A linear layer's products on one core: GFLOP/s and the share of the peak measured just before.

use monograd::__private::{Store, dense};
use monograd::{InstructionSet, Scalar, Simd, Vectorize};
use monograd_benches::{emit, time};

/// The products of one shape; sizes are types, as generated code has them.
struct Products<const ROWS: usize, const INPUTS: usize, const OUTPUTS: usize> {
    set: InstructionSet,
}

/// Values in ±1.
fn random(len: usize) -> Vec<f32> {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    (0..len)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1_u32 << 23) as f32 - 1.0
        })
        .collect()
}

impl<const R: usize, const I: usize, const O: usize> Products<R, I, O> {
    fn measure(&self) {
        let (x, weight, bias) = (random(R * I), random(I * O), random(O));
        let (mut y, mut dx, mut dw) = (random(R * O), random(R * I), random(I * O));
        let dy = random(R * O);
        let shape = format!("{R}x{I}x{O}");
        self.report(&format!("forward {shape}"), || {
            f32::vectorize(self.set, Forward::<R, I, O>(&x, &weight, &bias, &mut y));
        });
        self.report(&format!("input gradient {shape}"), || {
            f32::vectorize(self.set, InputGradient::<R, I, O>(&dy, &weight, &mut dx));
        });
        self.report(&format!("weight gradient {shape}"), || {
            f32::vectorize(self.set, WeightGradient::<R, I, O>(&x, &dy, &mut dw));
        });
    }

    fn report(&self, workload: &str, call: impl FnMut()) {
        let work = (2 * R * I * O) as f64;
        let time = time(self.set, work, call);
        let note = format!(
            "{:.0} % of the peak; weights at {:.1} GB/s",
            100.0 * time.share,
            (4 * I * O) as f64 / 1e9 / time.median
        );
        emit(
            "monograd",
            workload,
            work / 1e9 / time.median,
            work / 1e9 / time.best,
            "GFLOP/s",
            &note,
        );
    }
}

struct Forward<'a, const R: usize, const I: usize, const O: usize>(
    &'a [f32],
    &'a [f32],
    &'a [f32],
    &'a mut [f32],
);
struct InputGradient<'a, const R: usize, const I: usize, const O: usize>(
    &'a [f32],
    &'a [f32],
    &'a mut [f32],
);
struct WeightGradient<'a, const R: usize, const I: usize, const O: usize>(
    &'a [f32],
    &'a [f32],
    &'a mut [f32],
);

impl<const R: usize, const I: usize, const O: usize> Vectorize<f32> for Forward<'_, R, I, O> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32>>(self, simd: S) {
        dense::forward(simd, R, I, O, self.0, self.1, Some(self.2), self.3);
    }
}

impl<const R: usize, const I: usize, const O: usize> Vectorize<f32> for InputGradient<'_, R, I, O> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32>>(self, simd: S) {
        dense::input_gradient(simd, R, I, O, self.0, self.1, self.2, Store::Set);
    }
}

impl<const R: usize, const I: usize, const O: usize> Vectorize<f32>
    for WeightGradient<'_, R, I, O>
{
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32>>(self, simd: S) {
        dense::weight_gradient(simd, R, I, O, self.0, self.1, self.2, Store::Add);
    }
}

fn main() {
    let set = match std::env::args().nth(1).as_deref() {
        Some("plain") => InstructionSet::Plain,
        _ => InstructionSet::detect(),
    };
    let only = std::env::args().nth(2);
    let only = only.as_deref();
    macro_rules! shapes {
        ($($r:literal x $i:literal x $o:literal)*) => {
            $(if only.is_none_or(|only| only == concat!($r, "x", $i, "x", $o)) {
                Products::<$r, $i, $o> { set }.measure();
            })*
        };
    }
    shapes!(
        64 x 784 x 512
        64 x 512 x 256
        64 x 256 x 10
        64 x 64 x 64
        32 x 32 x 32
        16 x 32 x 32
        32 x 2 x 32
        32 x 32 x 1
        1 x 32 x 32
        1 x 784 x 512
        256 x 768 x 768
        256 x 768 x 3072
        512 x 512 x 512
        1024 x 1024 x 1024
    );
}
