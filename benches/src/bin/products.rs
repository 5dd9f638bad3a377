//! Measures the products of a linear layer on one core: GFLOP/s, and the share of the peak measured at the time.

use monograd::__private::{Store, dense};
use monograd::{InstructionSet, Scalar, Simd, Vectorize};
use monograd_benches::data::Random;
use monograd_benches::peak::time;
use monograd_benches::results::{Measurement, rounded};

/// The products of one shape. Sizes are const parameters, as in generated code.
struct Products<const ROWS: usize, const INPUTS: usize, const OUTPUTS: usize> {
    set: InstructionSet,
}

impl<const R: usize, const I: usize, const O: usize> Products<R, I, O> {
    fn measure(&self) {
        let mut random = Random::new(1);
        let mut normal = |len| random.normal(len);
        let (x, weight, bias) = (normal(R * I), normal(I * O), normal(O));
        let (mut y, mut dx, mut dw) = (normal(R * O), normal(R * I), normal(I * O));
        let dy = normal(R * O);
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
        let measurement = Measurement {
            peer: "monograd".to_owned(),
            workload: workload.to_owned(),
            threads: 1,
            median: rounded(work / 1e9 / time.median),
            min: rounded(work / 1e9 / time.best),
            unit: "GFLOP/s".to_owned(),
            note,
        };
        measurement.print();
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
        dense::forward(
            simd,
            dense::Shape { rows: R, inputs: I, outputs: O },
            self.0,
            self.1,
            Some(self.2),
            self.3,
        );
    }
}

impl<const R: usize, const I: usize, const O: usize> Vectorize<f32> for InputGradient<'_, R, I, O> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32>>(self, simd: S) {
        dense::input_gradient(
            simd,
            dense::Shape { rows: R, inputs: I, outputs: O },
            self.0,
            self.1,
            self.2,
            Store::Set,
        );
    }
}

impl<const R: usize, const I: usize, const O: usize> Vectorize<f32>
    for WeightGradient<'_, R, I, O>
{
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f32>>(self, simd: S) {
        dense::weight_gradient(
            simd,
            dense::Shape { rows: R, inputs: I, outputs: O },
            self.0,
            self.1,
            self.2,
            Store::Add,
        );
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
