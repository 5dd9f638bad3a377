//! Unusual cases: products and functions of values that are the same for all samples, scalars instead of
//! tensors, axes of size 1, shifts larger than an axis, and parameters whose gradients are used for
//! other gradients.

use monograd::prelude::*;
use monograd_tests::gradients;

gradients! {
    products_of_parameters {
        (x: [4]) -> [4] { let v = param([4], init = normal(0.5)); x * matmul(v, v) } loss { mse }
        (x: [4]) -> [4] { x * matmul(range(4), range(4)) * param([4], init = normal(0.5)) } loss { mse }
        (x: [4]) -> [4] { let w = param([2, 4], init = normal(0.5)); x * matmul(w[0], w[1]) } loss { mse }
        (x: [4]) -> [3] { let w = param([4, 3], init = normal(0.5)); matmul(param([4], init = normal(0.5)), w) * x[0] } loss { mse }
        (x: [4]) -> [3] { let w = param([3, 4], init = normal(0.5)); matmul(w, param([4], init = normal(0.5))) * x[0] } loss { mse }
        (x: [4]) -> [2, 3, 3] { let w = param([2, 3, 4], init = normal(0.5)); matmul(w, transpose(w)) * x[0] } loss { mse }
        (x: [4]) -> [2, 3] { let w = param([2, 4, 3], init = normal(0.5)); matmul(param([4], init = normal(0.5)), w) * x[0] } loss { mse }
        (x: [4]) -> [4] { let v = param([1], init = 0.3); x * matmul(v, v) } loss { mse }
        (x: [4]) -> [4] { let v = param([4], init = normal(0.5)); exp(matmul(v, v)) * x + matmul(v, x) } loss { |y, t: [4]| mse(y, t) + matmul(v, [1, 2, 3, 4]) }
        (x: [4]) -> [4] { let v = param([4], init = normal(0.5)); let mut h = x; for _ in 0..2 { h = h * matmul(v, param([4], init = normal(0.4))); } h } loss { mse }
    }
    numbers {
        (x: [6]) -> [6] { let h = x >> Linear(6); softmax(pow(h, 0)) + h * pow(x, 0) } loss { mse }
        (x: [6]) -> [6] { let h = x >> Linear(6); h * 0 + (h - h) + 0 / (h + 90) + h } loss { mse }
        (x: [6]) -> [6] { (x >> Linear(6)) * exp(2) + sqrt(4) + pow(2, 0) + pow(2, 0.3) + sum(2) + mean(3) + max(2) + l2(2) + logsumexp(1) } loss { mse }
        (x: [6]) -> [6] { (x >> Linear(6)) * reshape(2, [1]) + stack(1, 2)[1] + expand(1, [6]) + (2 >> Flatten() >> Linear(6)) } loss { mse }
        (x: [6]) -> [6] { select(1 > 0, x >> Linear(6), 2) + select(x > 0, 1, 2) + minimum(1, 2) + clamp(3, 0, 1) + (2 >> Relu) + (2 >> Dropout(0.5)) } loss { mse }
        (x: [3]) -> [3] { x * Inner(param([], init = 0.5)) * Inner(2) + matmul([1, 2], [3, 4]) } loss { mse Inner(a: []) -> [] { a * param([], init = 0.4) } }
    }
    dropouts_of_parameters {
        (x: [6]) -> [6] { x + (param([6], init = normal(0.5)) >> Dropout(0.5)) } loss { mse }
    }
    single_elements {
        (x: []) -> [] { let h = reshape(x, [1]) >> Linear(3) >> Tanh; sum(h) * param([], init = 0.3) } loss { mse }
        (x: [1]) -> [1] { let h = x >> Linear(1); softmax(h) * param([1], init = 0.3) + cumsum(h) + flip(h) + var(h, correction = 0) + roll(h, 3) } loss { mse }
        (x: [1, 1, 1]) -> [1, 1] { mean(transpose(x), axis = 0) * param([], init = 0.3) + max(x, axis = 1) } loss { mse }
        (x: [3, 1]) -> [3, 1] { (x >> Linear(1)) * param([1, 1], init = 0.3) + log_softmax(x, axis = 0) } loss { mse }
    }
    shifts {
        (x: [2]) -> [2] { let h = x >> Linear(2); roll(h, 5) + h * roll(h, -3) + roll(h, 4) + roll(h, 1 - 4) } loss { mse }
        (x: [3, 5]) -> [3, 5] { let h = x >> Linear(5); roll(h, 7) * roll(h, -11, axis = 1) } loss { mse }
    }
    positions {
        (x: [5]) -> [3] { gather(param([5, 3], init = normal(0.5)), argmax(x)) } loss { mse }
        (x: [4, 5]) -> [4, 3] { let table = param([6, 3], init = normal(0.5)); gather(table, argmax(x, axis = 1)) * gather(table, 1 + argmin(x, axis = 1)) + gather(table, 5) } loss { mse }
        (x: [4, 5]) -> [4, 3] { let h = x >> Linear(3); gather(h, range(4)) + gather(h, concat(argmax(x, axis = 0)[..2], [3, 0])) } loss { mse }
    }
    gradients_that_others_are_made_of {
        (x: [3]) -> [3] { let c = param([3, 3], init = normal(0.3)); x + c[0] * 2 + param([3], init = normal(0.3)) } loss { mse }
        (x: [3]) -> [3] { let fc = Linear(3); (x >> fc >> fc) + fc.weight[0] + fc.bias } loss { mse }
        (x: [3]) -> [3] { let a = param([3], init = zeros); let b = param([1, 3], init = zeros); let c = param([3, 1], init = zeros); a + b[0] + c[0..3, 0] + x + reshape(b, [3]) * 2 } loss { mse }
        (x: [2, 3]) -> [2, 3] { let a = param([3], init = normal(0.3)); let c = param([2, 3], init = normal(0.3)); a + c + x + c * a } loss { mse }
    }
}

/// Compares rolls by several shifts with the definition.
#[test]
fn rolls_wrap_around() -> Result<(), Error> {
    network! {
        /// With a run-time size.
        Rolled(x: [dyn T]) -> ([T], [T], [T]) { (roll(x, 2), roll(x, -2), roll(x, T + 1)) }

        /// With a const parameter.
        Fixed<const H: usize>(x: [H]) -> ([H], [H], [H]) {
            (roll(x, 2), roll(x, -2), roll(x, H + 1))
        }
    }
    let rolled = |x: &[f32], shift: isize| -> Vec<f32> {
        let at = |i: isize| x[(i - shift).rem_euclid(x.len() as isize) as usize];
        (0..x.len() as isize).map(at).collect()
    };
    let check = |x: &[f32], (a, b, c): (Tensor<f32>, Tensor<f32>, Tensor<f32>)| {
        let next = x.len() as isize + 1;
        for (y, shift) in [(a, 2), (b, -2), (c, next)] {
            assert_eq!(y.as_slice(), rolled(x, shift), "{} by {shift}", x.len());
        }
    };
    for len in 1..6 {
        let x: Vec<f32> = (0..len).map(|i| i as f32 + 0.5).collect();
        check(&x, Rolled::init(1).forward(&x)?);
    }
    check(&[1.0], Fixed::<1>::init(1).forward(&[1.0_f32])?);
    check(&[1.0, 2.0], Fixed::<2>::init(1).forward(&[1.0_f32, 2.0])?);
    check(&[1.0, 2.0, 3.0], Fixed::<3>::init(1).forward(&[1.0_f32, 2.0, 3.0])?);
    Ok(())
}

/// The row of the largest element, of the first of equal ones, and of the first NaN.
#[test]
fn positions_choose_rows() -> Result<(), Error> {
    network! {
        Chosen(x: [2, 3]) -> [2, 2] {
            gather([[1, 10], [2, 20], [3, 30]], argmax(x, axis = 1))
        }
    }
    let net = Chosen::init(1);
    let y = net.forward(&[[[0.0_f32, 5.0, 1.0], [-1.0, -1.0, -3.0]]; 40])?;
    assert!(y.as_slice().chunks(4).all(|y| y == [2.0, 20.0, 1.0, 10.0]), "{y:?}");
    let y = net.forward(&[[[0.0_f32, 1.0, f32::NAN], [f32::INFINITY, 2.0, 9.0]]])?;
    assert_eq!(y.as_slice(), [3.0, 30.0, 1.0, 10.0]);
    Ok(())
}

/// Losses without targets: of an autoencoder, a sum of outputs, and one with several outputs.
#[test]
fn losses_without_targets_train() -> Result<(), Error> {
    network! {
        Coder(x: [4]) -> [4] { x >> Linear(2) >> Linear(4) }
        loss |y| mse(y, x)

        Largest(x: [4]) -> ([1], [4]) { let h = x >> Linear(4); (h >> Linear(1), h) }
        loss |y, _| mean(square(y))
    }
    let x: Vec<f32> = (0..64 * 4).map(|i| ((i / 4 * (i % 2 + 1)) as f32 * 0.3).sin()).collect();
    let mut coder = Coder::init(1);
    let mut optimizer = Adam::new(1e-2);
    let before = coder.train_step(&x, (), &mut optimizer)?;
    for _ in 0..300 {
        coder.train_step(&x, (), &mut optimizer)?;
    }
    assert!(coder.loss(&x, ())? < 0.1 * before);
    let mut largest = Largest::init(1);
    let first = largest.train_step(&x, (), &mut Adam::new(1e-2))?;
    assert!(largest.loss(&x, ())? < first);
    Ok(())
}

/// A number too large for `f32` becomes infinite.
#[test]
fn numbers_are_rounded_to_the_scalar() -> Result<(), Error> {
    network! {
        Large(x: [1]) -> [1] { x * 1e39 }
    }
    let net = Large::init(1);
    assert_eq!(net.forward(&[1.0_f32])?.as_slice(), [f32::INFINITY]);
    assert_eq!(net.cast::<f64>().forward(&[1.0_f64])?.as_slice(), [1e39]);
    Ok(())
}
