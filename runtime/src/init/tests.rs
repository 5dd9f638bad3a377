use super::*;
use crate::layout::{Parameter, buffer_len, place};
use crate::random::Philox;
use nalgebra::DMatrix;

const LEN: usize = 60_000;

fn drawn(init: Init) -> Vec<f64> {
    let mut values = vec![f64::NAN; LEN];
    init.fill(&mut Philox::new(9).stream(1), &mut values);
    values
}

/// Checks mean and standard deviation within five standard errors, and that the bound is kept and nearly
/// reached.
fn assert_distribution(init: Init, mean: f64, std: f64, bound: f64) {
    let values = drawn(init);
    let n = LEN as f64;
    let actual_mean = values.iter().sum::<f64>() / n;
    let square = |x: &f64| (x - actual_mean) * (x - actual_mean);
    let actual_std = (values.iter().map(square).sum::<f64>() / n).sqrt();
    assert!((actual_mean - mean).abs() < 5.0 * std / n.sqrt(), "{init:?}: mean {actual_mean}");
    // the standard error of a normal's standard deviation is std/sqrt(2n), that of a uniform's is less
    assert!((actual_std - std).abs() < 5.0 * std / (2.0 * n).sqrt(), "{init:?}: std {actual_std}");
    let most = values.iter().fold(0.0_f64, |most, x| most.max((x - mean).abs()));
    assert!(most <= bound, "{init:?}: {most}");
    assert!(bound.is_infinite() || most > 0.99 * bound, "{init:?}: {most}");
}

#[test]
fn uniforms_have_their_bounds() {
    let uniform = |init, bound: f64| assert_distribution(init, 0.0, bound / 3.0_f64.sqrt(), bound);
    uniform(Init::Uniform { bound: 0.3 }, 0.3);
    uniform(Init::FanIn { fan_in: 64 }, 0.125);
    uniform(Init::KaimingUniform { fan_in: 24 }, 0.5);
    uniform(Init::XavierUniform { fan_in: 20, fan_out: 4 }, 0.5);
}

#[test]
fn normals_have_their_deviation() {
    let normal = |init, mean, std| assert_distribution(init, mean, std, f64::INFINITY);
    normal(Init::Normal { mean: 3.0, std: 0.02 }, 3.0, 0.02);
    normal(Init::KaimingNormal { fan_in: 8 }, 0.0, 0.5);
    normal(Init::XavierNormal { fan_in: 6, fan_out: 2 }, 0.0, 0.5);
    // the share of its deviation that a normal truncated at two deviations keeps
    assert_distribution(Init::TruncatedNormal { std: 0.1 }, 0.0, 0.1 * 0.879_625_661, 0.2);
}

#[test]
fn what_is_connected_to_nothing_is_zero() {
    assert!(drawn(Init::FanIn { fan_in: 0 }).iter().all(|&x| x == 0.0));
    assert!(drawn(Init::Constant(0.25)).iter().all(|&x| x == 0.25));
}

#[test]
fn orthogonal_is_orthonormal_along_its_shorter_side() {
    for (rows, columns) in [(1, 1), (7, 7), (33, 17), (17, 33), (1, 8), (64, 64)] {
        let mut values = vec![0.0; 2 * rows * columns];
        Init::Orthogonal { rows, columns }.fill(&mut Philox::new(3).stream(0), &mut values);
        let (first, second) = values.split_at(rows * columns);
        assert!(first != second || first.len() == 1);
        for matrix in values.chunks_exact(rows * columns) {
            let q = DMatrix::from_row_slice(rows, columns, matrix);
            let product = if rows >= columns { q.transpose() * &q } else { &q * q.transpose() };
            assert!(product.is_identity(1e-12), "{rows} x {columns}: {product}");
        }
    }
}

/// PyTorch multiplies Q by the signs of R's diagonal: QᵀA then has a positive diagonal.
#[test]
fn orthogonal_has_pytorchs_signs() {
    let (rows, columns) = (9, 5);
    let mut values = vec![0.0; rows * columns];
    Init::Orthogonal { rows, columns }.fill(&mut Philox::new(4).stream(2), &mut values);
    let q = DMatrix::<f64>::from_row_slice(rows, columns, &values);
    let mut random = Philox::new(4).stream(2);
    let a = DMatrix::from_fn(rows, columns, |_, _| random.normal());
    let r = q.transpose() * &a;
    assert!(r.diagonal().iter().all(|&x| x > 0.0), "{r}");
    assert!((&q * r - a).abs().max() < 1e-12);
}

const fn parameter(name: &'static str, shape: &'static [usize], init: Init) -> Parameter {
    let parameter = Parameter::new(name, shape, init);
    if shape.len() == 2 { parameter.transposed() } else { parameter }
}

#[test]
fn the_same_seed_gives_the_same_network() {
    let layout = place([
        parameter("fc.weight", &[2, 3], Init::FanIn { fan_in: 3 }),
        parameter("fc.bias", &[2], Init::Normal { mean: 0.0, std: 1.0 }),
    ]);
    let mut single = vec![0.0_f32; buffer_len(&layout)];
    let mut double = vec![0.0_f64; buffer_len(&layout)];
    initialize(&layout, 42, &mut single);
    initialize(&layout, 42, &mut double);
    let rounded: Vec<f32> = double.iter().map(|&x| x as f32).collect();
    assert_eq!(single, rounded);
    // computed by an independent implementation in another language
    let weight =
        [0.357_864_38, -0.327_897_7, 0.013_943_843, -0.500_789_17, 0.324_730_5, -0.219_028_53];
    assert_eq!(single[..6], weight);
    assert_eq!(single[16..18], [0.073_343_15, -1.525_684_7]);
    assert!(single[6..16].iter().chain(&single[18..]).all(|&gap| gap == 0.0));
}

#[test]
fn a_parameter_does_not_change_the_others() {
    let weight = parameter("fc.weight", &[5, 7], Init::FanIn { fan_in: 7 });
    let bias = parameter("fc.bias", &[5], Init::FanIn { fan_in: 7 });
    let (alone, both) = (place([weight]), place([bias, weight]));
    let values = |layout: &[Parameter], seed| {
        let mut values = vec![0.0_f32; buffer_len(layout)];
        initialize(layout, seed, &mut values);
        values[layout.last().unwrap().range()].to_vec()
    };
    assert_eq!(values(&alone, 1), values(&both, 1));
    assert_ne!(values(&alone, 1), values(&alone, 2));
}

/// A weight is drawn in the order of the file, whatever its order in memory.
#[test]
fn transposed_parameters_are_drawn_in_file_order() {
    let weight = parameter("w", &[3, 4], Init::Uniform { bound: 1.0 });
    let as_file = Parameter { transposed: false, ..weight };
    let (mut memory, mut file) = (vec![0.0; 12], vec![0.0; 12]);
    initialize(&[weight], 0, &mut memory);
    initialize(&[as_file], 0, &mut file);
    for (row, column) in (0..3).flat_map(|row| (0..4).map(move |column| (row, column))) {
        assert_eq!(memory[column * 3 + row], file[row * 4 + column]);
    }
}
