use super::*;
use crate::init::Init;
use crate::layout::{buffer_len, place};

fn parameter(shape: &'static [usize], frozen: bool) -> Parameter {
    Parameter::new("p", shape, Init::Constant(0.0)).frozen(frozen)
}

/// Returns an optimiser of each kind, with all of its options.
fn all() -> [Box<dyn Optimizer<f64>>; 12] {
    [
        Box::new(Sgd::new(0.1).weight_decay(0.1)),
        Box::new(Sgd::new(0.1).momentum(0.9).nesterov(true)),
        Box::new(Adam::new(0.1).eps(0.0)),
        Box::new(AdamW::new(0.1).eps(0.0)),
        Box::new(RmsProp::new(0.1).eps(0.0).centered(true).momentum(0.9)),
        Box::new(RmsProp::new(0.1).eps(0.0).clip_norm(1.0)),
        Box::new(Adam::new(0.1).amsgrad(true)),
        Box::new(Adagrad::new(0.1)),
        Box::new(NAdam::new(0.1)),
        Box::new(Lion::new(0.1).decay_matrices_only()),
        Box::new(Muon::new(0.1)),
        Box::new(Lbfgs::new()),
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
            // the gradient of a frozen parameter must not matter
            gradients[p.range()].fill(if p.frozen { f64::NAN } else { 0.5 });
        }
        for _ in 0..3 {
            optimizer.update(&mut parameters, &gradients, &layout).unwrap();
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
        let short = optimizer.update(&mut parameters[..20], &[1.0; 20], &layout).unwrap_err();
        assert_eq!(short, StepError::Parameters { actual: 20, expected: 32 });
        let few = optimizer.update(&mut parameters, &[1.0; 20], &layout).unwrap_err();
        assert_eq!(few, StepError::Gradients { actual: 20, expected: 32 });
        assert_eq!((optimizer.steps(), &parameters[..]), (0, &[1.0; 32][..]));
        optimizer.update(&mut parameters, &[1.0; 32], &layout).unwrap();

        let mut parameters = vec![1.0; 48];
        let error = optimizer.update(&mut parameters, &[1.0; 48], &other).unwrap_err();
        let (expected, actual) = (Some(("p", &[20][..])), Some(("p", &[40][..])));
        assert_eq!(error, StepError::OtherNetwork { expected, actual });
        assert_eq!((optimizer.steps(), &parameters[..]), (1, &[1.0; 48][..]));
    }
}

/// Tests layouts of equal length that differ in names, shapes, axes in memory, parameters, iterations or layers.
#[test]
fn networks_are_told_apart_by_their_layouts() {
    static INNER: [Parameter; 1] = place([Parameter::new("p", &[3, 4], Init::Constant(0.0))]);
    static OTHER: [Parameter; 1] = place([Parameter::new("q", &[3, 4], Init::Constant(0.0))]);
    let named = |name| Parameter::new(name, &[3, 4], Init::Constant(0.0));
    let networks: [Vec<Parameter>; 9] = [
        place([parameter(&[3, 4], false)]).into(),
        place([parameter(&[4, 3], false)]).into(),
        place([named("w")]).into(),
        place([parameter(&[3, 4], false).transposed()]).into(),
        place([parameter(&[3, 4], false).bias()]).into(),
        place([parameter(&[3, 4], true)]).into(),
        place([parameter(&[3, 4], false), parameter(&[0], false)]).into(),
        place([Parameter::layer("p", &INNER)]).into(),
        place([Parameter::layer("p", &OTHER)]).into(),
    ];
    for kind in 0..all().len() {
        for (i, first) in networks.iter().enumerate() {
            let mut optimizer = all().into_iter().nth(kind).unwrap();
            let mut parameters = vec![1.0; 16];
            optimizer.update(&mut parameters, &[1.0; 16], first).unwrap();
            for (j, second) in networks.iter().enumerate() {
                let before = parameters.clone();
                let outcome = optimizer.update(&mut parameters, &[1.0; 16], second);
                assert_eq!(outcome.is_ok(), i == j, "{i} {j}");
                assert!(i == j || parameters == before);
                if let Err(error) = outcome {
                    assert!(error.to_string().contains("belongs to another network"), "{error}");
                }
            }
            assert_eq!(optimizer.steps(), 2);
        }
        // the same network with other initialisers, at another address
        let mut optimizer = all().into_iter().nth(kind).unwrap();
        for init in [0.0, f64::NAN] {
            let layout = [Parameter { init: Init::Constant(init), ..networks[0][0] }];
            optimizer.update(&mut [1.0; 16], &[1.0; 16], &layout).unwrap();
        }
    }
}

/// Cases: the option, a value that is out of its range, and the optimiser.
#[test]
fn options_out_of_range_change_nothing() {
    use std::f64::consts::PI;
    const NAN: f64 = f64::NAN;
    const INF: f64 = f64::INFINITY;
    type Case = (&'static str, f64, Box<dyn Optimizer<f64>>);
    let case = |option, value, optimizer| -> Case { (option, value, optimizer) };
    let mut cases: Vec<Case> = Vec::new();
    for bad in [NAN, INF, -INF, -1.0, -1e-300] {
        cases.extend([
            case("learning_rate", bad, Box::new(Sgd::new(bad))),
            case("learning_rate", bad, Box::new(Adam::new(bad))),
            case("learning_rate", bad, Box::new(AdamW::new(bad))),
            case("learning_rate", bad, Box::new(RmsProp::new(bad))),
            case("momentum", bad, Box::new(Sgd::new(0.1).momentum(bad))),
            case("momentum", bad, Box::new(RmsProp::new(0.1).momentum(bad))),
            case("weight_decay", bad, Box::new(Sgd::new(0.1).weight_decay(bad))),
            case("weight_decay", bad, Box::new(Adam::new(0.1).weight_decay(bad))),
            case("weight_decay", bad, Box::new(AdamW::new(0.1).weight_decay(bad))),
            case("weight_decay", bad, Box::new(RmsProp::new(0.1).weight_decay(bad))),
            case("eps", bad, Box::new(Adam::new(0.1).eps(bad))),
            case("eps", bad, Box::new(AdamW::new(0.1).eps(bad))),
            case("eps", bad, Box::new(RmsProp::new(0.1).eps(bad))),
            case("eps", bad, Box::new(Adagrad::new(0.1).eps(bad))),
            case("rate_decay", bad, Box::new(Adagrad::new(0.1).rate_decay(bad))),
            case("momentum_decay", bad, Box::new(NAdam::new(0.1).momentum_decay(bad))),
            case("rate", bad, Box::new(Lion::new(0.1).group("p", Group::new().rate(bad)))),
            case(
                "weight_decay",
                bad,
                Box::new(Sgd::new(0.1).group("p", Group::new().weight_decay(bad))),
            ),
        ]);
    }
    for bad in [NAN, INF, -2.0, 1.0, 1.5] {
        cases.extend([
            case("betas", bad, Box::new(Adam::new(0.1).betas(bad, 0.9))),
            case("betas", bad, Box::new(AdamW::new(0.1).betas(0.9, bad))),
            case("betas", bad, Box::new(NAdam::new(0.1).betas(0.9, bad))),
            case("betas", bad, Box::new(Lion::new(0.1).betas(bad, 0.9))),
        ]);
    }
    for bad in [NAN, INF, -2.0, 1.5, PI] {
        cases.push(case("alpha", bad, Box::new(RmsProp::new(0.1).alpha(bad))));
    }
    for bad in [NAN, -1.0, -INF] {
        cases.extend([
            case("clip_norm", bad, Box::new(Sgd::new(0.1).clip_norm(bad))),
            case("clip_norm", bad, Box::new(Adam::new(0.1).clip_norm(bad))),
            case("clip_norm", bad, Box::new(AdamW::new(0.1).clip_norm(bad))),
            case("clip_norm", bad, Box::new(RmsProp::new(0.1).clip_norm(bad))),
        ]);
    }
    let layout = place([parameter(&[16], false)]);
    for (wanted, bad, mut optimizer) in cases {
        let mut parameters = [1.0; 16];
        match optimizer.update(&mut parameters, &[1.0; 16], &layout) {
            Err(StepError::Option { option, value, .. }) => {
                assert_eq!((option, value.to_bits()), (wanted, bad.to_bits()));
            }
            other => panic!("{wanted} {bad}: {other:?}"),
        }
        assert_eq!((optimizer.steps(), parameters), (0, [1.0; 16]));
    }

    // the same for an option that is changed after the first step
    for mut optimizer in all() {
        let mut parameters = [1.0; 16];
        optimizer.update(&mut parameters, &[1.0; 16], &layout).unwrap();
        let before = parameters;
        optimizer.set_learning_rate(NAN);
        let error = optimizer.update(&mut parameters, &[1.0; 16], &layout).unwrap_err();
        let text = "the optimiser's `learning_rate` is NaN, but it has to be 0 or more, and finite";
        assert_eq!(error.to_string(), text);
        assert_eq!((optimizer.steps(), parameters), (1, before));
        optimizer.set_learning_rate(0.1);
        optimizer.update(&mut parameters, &[1.0; 16], &layout).unwrap();
    }

    // a learning rate that is infinite in the network's scalar
    let error = Sgd::new(1e300).update(&mut [1.0_f32; 16], &[1.0; 16], &layout).unwrap_err();
    assert!(matches!(error, StepError::Option { option: "learning_rate", .. }));

    let error =
        Sgd::new(0.1).nesterov(true).update(&mut [1.0; 16], &[1.0; 16], &layout).unwrap_err();
    assert_eq!(error, StepError::NesterovWithoutMomentum);

    // the limits of the ranges are allowed
    let mut limits: [Box<dyn Optimizer<f64>>; 3] = [
        Box::new(Sgd::new(0.0).momentum(0.0).weight_decay(0.0).clip_norm(0.0)),
        Box::new(Adam::new(0.0).betas(0.0, 0.0).eps(0.0).clip_norm(INF)),
        Box::new(RmsProp::new(0.0).alpha(1.0).momentum(2.0)),
    ];
    for optimizer in &mut limits {
        optimizer.update(&mut [1.0; 16], &[1.0; 16], &layout).unwrap();
    }
}

#[test]
fn a_wrong_norm_changes_no_gradient() {
    for bad in [f64::NAN, -1.0, f64::NEG_INFINITY] {
        let mut gradients = [3.0_f32, 4.0];
        let error = clip_gradient_norm(&mut gradients, bad).unwrap_err();
        assert!(matches!(error, StepError::Option { option: "max", .. }), "{error}");
        assert_eq!(gradients, [3.0, 4.0]);
    }
    assert_eq!(clip_gradient_norm(&mut [3.0_f32, 4.0], f64::INFINITY), Ok(5.0));
}

#[test]
fn the_scalar_is_inferred_from_the_network() {
    /// Has the signature of `train_step`.
    fn train<T: Scalar, O: Optimizer<T> + ?Sized>(parameters: &mut [T], optimizer: &mut O) {
        let layout = place([parameter(&[16], false)]);
        let gradients = vec![T::ONE; 16];
        optimizer.update(parameters, &gradients, &layout).unwrap();
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
    let parts = groups::Groups::new().parts(&layout).unwrap();
    assert_eq!(parts.len(), 1);
    assert_eq!(*parts[0].ranges, [0..26, 32..64, 80..83]);
}

#[test]
fn a_norm_beyond_f32_squares_still_clips() {
    let mut gradients = [3e30_f32, 4e30];
    assert_eq!(clip_gradient_norm(&mut gradients, 1.0), Ok(5e30));
    assert!((gradients[0] - 0.6).abs() < 1e-6 && (gradients[1] - 0.8).abs() < 1e-6);
    let mut gradients = [3e200_f64, 4e200];
    let norm = clip_gradient_norm(&mut gradients, 1.0).unwrap();
    assert!((norm / 5e200 - 1.0).abs() < 1e-15);
    assert!((gradients[0] - 0.6).abs() < 1e-15 && (gradients[1] - 0.8).abs() < 1e-15);
    // small gradients do not underflow
    let mut gradients = [3e-30_f32; 10_000];
    let norm = clip_gradient_norm(&mut gradients, 1.0).unwrap();
    assert!((norm / 3e-28 - 1.0).abs() < 1e-6);
    assert_eq!(gradients, [3e-30; 10_000]);
}

#[test]
fn an_infinite_norm_clips_as_in_pytorch() {
    // torch.nn.utils.clip_grad_norm_: the norm of finite gradients may overflow
    let mut gradients = [3e38_f32, 3e38];
    assert_eq!(clip_gradient_norm(&mut gradients, 1.0), Ok(f32::INFINITY));
    assert_eq!(gradients, [0.0, 0.0]);
    let mut gradients = [f32::INFINITY, 1.0];
    assert_eq!(clip_gradient_norm(&mut gradients, 1.0), Ok(f32::INFINITY));
    assert!(gradients[0].is_nan() && gradients[1] == 0.0);
    let mut gradients = [f32::NAN, 1.0];
    assert!(clip_gradient_norm(&mut gradients, 1.0).unwrap().is_nan());
    assert!(gradients.iter().all(|gradient| gradient.is_nan()));
    // an optimiser clips by the same factor
    let layout = place([parameter(&[2], false)]);
    let (mut parameters, gradients) =
        (vec![1.0_f32; buffer_len(&layout)], vec![3e38; buffer_len(&layout)]);
    Sgd::new(0.1).clip_norm(1.0).update(&mut parameters, &gradients, &layout).unwrap();
    assert!(parameters.iter().all(|parameter| *parameter == 1.0));
}

fn named(name: &'static str, shape: &'static [usize]) -> Parameter {
    Parameter::new(name, shape, Init::Constant(0.0))
}

#[test]
fn the_first_group_that_matches_counts() {
    let layout =
        place([named("a.weight", &[16, 1]), named("a.bias", &[16]), named("b.bias", &[16])]);
    let mut optimizer = Sgd::new(1.0)
        .group("a", Group::new().rate(0.5))
        .group("b.b*s", Group::frozen())
        .group("bias", Group::new().rate(0.25))
        .clip_norm(1e9);
    let mut parameters = [0.0; 48];
    let mut gradients = [1.0; 48];
    gradients[32..].fill(f64::NAN); // frozen: not part of the norm
    optimizer.update(&mut parameters, &gradients, &layout).unwrap();
    let expected: Vec<f64> = (0..48).map(|i| if i < 32 { -0.5 } else { 0.0 }).collect();
    assert_eq!(parameters[..], expected);
    // a group that is added later counts from the next step on
    let mut optimizer = Sgd::new(1.0);
    optimizer.update(&mut parameters, &[0.0; 48], &layout).unwrap();
    let mut optimizer = optimizer.group("b.bias", Group::new().rate(2.0));
    optimizer.update(&mut parameters, &[1.0; 48], &layout).unwrap();
    assert_eq!((parameters[0], parameters[32]), (-1.5, -2.0));
}

#[test]
fn a_group_that_matches_nothing_is_an_error() {
    let layout = place([named("fc.weight", &[16])]);
    let mut optimizer = Sgd::new(1.0).group("fc.wieght", Group::frozen());
    let mut parameters = [0.0; 16];
    let error = optimizer.update(&mut parameters, &[1.0; 16], &layout).unwrap_err();
    let text = "the optimiser has a group for `fc.wieght`, but no parameter is called so; did you mean \
                `fc.weight`?";
    assert_eq!(error.to_string(), text);
    assert_eq!((parameters, optimizer.steps()), ([0.0; 16], 0));

    // also behind one whose parameters another group has taken, which is no error
    let mut optimizer = Sgd::new(1.0).group("fc", Group::new()).group("weight", Group::new());
    optimizer.update(&mut parameters, &[1.0; 16], &layout).unwrap();
    let mut optimizer = optimizer.group("fc.wieght", Group::frozen());
    let error = optimizer.update(&mut parameters, &[1.0; 16], &layout).unwrap_err();
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_pattern_without_a_meaning_is_an_error() {
    let layout = place([named("fc.weight", &[16])]);
    let mut optimizer = Sgd::new(1.0).group("fc.{", Group::frozen());
    let error = optimizer.update(&mut [0.0; 16], &[1.0; 16], &layout).unwrap_err();
    let text = "the pattern `fc.{` of a group is wrong: `fc.{` has a brace that is no number such as `{i}`";
    assert_eq!(error.to_string(), text);
}

/// An optimiser whose state is moved to another takes the same steps as the first.
#[test]
fn states_are_restored() {
    let layout = place([named("a", &[4, 5]), named("b", &[7])]);
    let len = buffer_len(&layout);
    let gradients = |step: usize| -> Vec<f64> {
        (0..len).map(|i| ((i * 7 + step * 13) % 11) as f64 - 4.5).collect()
    };
    for (mut first, mut second) in all().into_iter().zip(all()) {
        let mut parameters = vec![1.0; len];
        for step in 0..3 {
            first.update(&mut parameters, &gradients(step), &layout).unwrap();
        }
        let states = first.states().into_iter();
        let states = states.map(|(name, state)| (name.to_owned(), state.to_vec())).collect();
        second.restore(first.steps(), states, &layout).unwrap();
        let mut resumed = parameters.clone();
        for step in 3..6 {
            first.update(&mut parameters, &gradients(step), &layout).unwrap();
            second.update(&mut resumed, &gradients(step), &layout).unwrap();
        }
        assert_eq!(parameters, resumed, "{}", first.name());
        let error = second.restore(1, vec![("nothing".to_owned(), vec![0.0; len])], &layout);
        assert_eq!(error, Err(StepError::UnknownState { name: "nothing".to_owned() }));
        assert_eq!(second.steps(), 6);
    }
}

#[test]
fn debug_output_is_short() {
    let mut optimizer = AdamW::new(0.1);
    let layout = place([parameter(&[100, 100], false)]);
    let len = buffer_len(&layout);
    optimizer.update(&mut vec![0.0_f32; len], &vec![0.0; len], &layout).unwrap();
    assert!(format!("{optimizer:?}").contains("State(10000 scalars)"));
}
