use super::*;
use crate::init::Init;
use crate::layout::place;

fn parameter(shape: &'static [usize], frozen: bool) -> Parameter {
    Parameter::new("p", shape, Init::Constant(0.0)).frozen(frozen)
}

/// One of each kind, with all that it can do.
fn all() -> [Box<dyn Optimizer<f64>>; 6] {
    [
        Box::new(Sgd::new(0.1).weight_decay(0.1)),
        Box::new(Sgd::new(0.1).momentum(0.9).nesterov(true)),
        Box::new(Adam::new(0.1).eps(0.0)),
        Box::new(AdamW::new(0.1).eps(0.0)),
        Box::new(RmsProp::new(0.1).eps(0.0).centered(true).momentum(0.9)),
        Box::new(RmsProp::new(0.1).eps(0.0).clip_norm(1.0)),
    ]
}

#[test]
fn gaps_and_frozen_parameters_stay_as_they_are() {
    let layout = place([
        parameter(&[3, 16], false),
        parameter(&[5], true),
        parameter(&[7], false),
        parameter(&[2, 0], false),
    ]);
    let len = buffer_len(&layout);
    for mut optimizer in all() {
        let mut parameters = vec![0.0; len];
        let mut gradients = vec![0.0; len];
        for p in &layout {
            parameters[p.range()].fill(1.0);
            // What a frozen parameter's gradient holds is nobody's business.
            gradients[p.range()].fill(if p.frozen { f64::NAN } else { 0.5 });
        }
        for _ in 0..3 {
            optimizer.step(&mut parameters, &gradients, &layout).unwrap();
        }
        for (i, &value) in parameters.iter().enumerate() {
            match layout.iter().find(|p| p.range().contains(&i)) {
                None => assert_eq!(value, 0.0, "gap at {i}"),
                Some(p) if p.frozen => assert_eq!(value, 1.0, "frozen {i}"),
                Some(_) => assert!(value < 1.0, "trained {i} is {value}"),
            }
        }
    }
}

#[test]
fn buffers_that_do_not_fit_change_nothing() {
    let layout = place([parameter(&[20], false)]);
    let other = place([parameter(&[40], false)]);
    for mut optimizer in all() {
        let mut parameters = vec![1.0; 32];
        let short = optimizer.step(&mut parameters[..20], &[1.0; 20], &layout).unwrap_err();
        assert_eq!(short, StepError::Parameters { actual: 20, expected: 32 });
        let few = optimizer.step(&mut parameters, &[1.0; 20], &layout).unwrap_err();
        assert_eq!(few, StepError::Gradients { actual: 20, expected: 32 });
        assert_eq!((optimizer.steps(), &parameters[..]), (0, &[1.0; 32][..]));
        optimizer.step(&mut parameters, &[1.0; 32], &layout).unwrap();

        let mut parameters = vec![1.0; 48];
        match optimizer.step(&mut parameters, &[1.0; 48], &other) {
            // Plain gradient descent remembers nothing, so that any network will do.
            Ok(()) => assert_eq!(optimizer.steps(), 2),
            Err(error) => {
                assert_eq!(error, StepError::State { actual: 48, expected: 32 });
                assert_eq!((optimizer.steps(), &parameters[..]), (1, &[1.0; 48][..]));
            }
        }
    }
}

#[test]
fn the_scalar_is_inferred_from_the_network() {
    /// As `train_step` is.
    fn train<T: Scalar, O: Optimizer<T> + ?Sized>(parameters: &mut [T], optimizer: &mut O) {
        let layout = place([parameter(&[16], false)]);
        let gradients = vec![T::ONE; 16];
        optimizer.step(parameters, &gradients, &layout).unwrap();
    }
    let (mut single, mut double) = ([0.0_f32; 16], [0.0_f64; 16]);
    train(&mut single, &mut AdamW::new(0.25));
    train(&mut double, &mut Sgd::new(0.25).momentum(0.5));
    let mut kept = RmsProp::new(0.25);
    kept.set_learning_rate(0.125);
    train(&mut double, &mut kept);
    assert!(single[0] < 0.0 && double[0] < -0.25);
}

#[test]
fn adjoining_parameters_are_one_range() {
    let layout = place([
        parameter(&[16], false),
        parameter(&[2, 5], false),
        parameter(&[32], false),
        parameter(&[16], true),
        parameter(&[3], false),
    ]);
    assert_eq!(pass::trained(&layout).collect::<Vec<_>>(), [0..26, 32..64, 80..83]);
}

#[test]
fn a_norm_beyond_f32_squares_still_clips() {
    let mut gradients = [3e30_f32, 4e30];
    assert_eq!(clip_gradient_norm(&mut gradients, 1.0), 5e30);
    assert!((gradients[0] - 0.6).abs() < 1e-6 && (gradients[1] - 0.8).abs() < 1e-6);
    let mut gradients = [3e200, 4e200];
    assert!((clip_gradient_norm(&mut gradients, 1.0) / 5e200 - 1.0_f64).abs() < 1e-15);
    assert!((gradients[0] - 0.6).abs() < 1e-15 && (gradients[1] - 0.8).abs() < 1e-15);
    // nor do small ones vanish
    let mut gradients = [3e-30_f32; 10_000];
    assert!((clip_gradient_norm(&mut gradients, 1.0) / 3e-28 - 1.0).abs() < 1e-6);
    assert_eq!(gradients, [3e-30; 10_000]);
}

#[test]
fn debug_output_is_short() {
    let mut optimizer = AdamW::new(0.1);
    let layout = place([parameter(&[100, 100], false)]);
    let len = buffer_len(&layout);
    optimizer.step(&mut vec![0.0_f32; len], &vec![0.0; len], &layout).unwrap();
    assert!(format!("{optimizer:?}").contains("State(10000 scalars)"));
}
