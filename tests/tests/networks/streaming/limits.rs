//! Streams of limited length: by the bound of the run-time size, or by the sizes of the network.

use monograd::prelude::*;
use monograd::{Length, Network, Streaming};

network! {
    Bounded(x: [dyn T <= 6, 2]) -> [T, 2] {
        let mut h = zeros([2]);
        for e in x { h = 0.5 * h + e; h }
    }

    Unbounded(x: [dyn T]) -> [T] { cumsum(x) }

    BoundedByName<const N: usize = 3>(x: [dyn T <= 2 * N]) -> [T] { tanh(x) }

    Beside(x: [dyn T, 2], y: [5, 2]) -> [2] {
        let mut h = zeros([2]);
        for (a, b) in (x, y) { h = h + a * b; }
        h
    }

    BesideByName<const K: usize = 4>(x: [dyn T, 2], y: [K, 2]) -> [T] {
        for (a, b) in (x, y) { sum(a * b) }
    }

    BesideParameter(x: [dyn T, 2]) -> [T] {
        let w = param([5, 2], init = normal(1));
        for (a, b) in (x, w) { sum(a * b) }
    }

    Positions(x: [dyn T, 2]) -> [T, 2] { x + param([4, 2], init = normal(1))[..T] }

    Later(x: [dyn T, 2]) -> [T, 2] {
        pad(x[..T - 1], [(1, 0), (0, 0)], value = 0.5) + concat(zeros([2, 2]), x[..T - 2], axis = 0)
    }

    Kernel<const K: usize = 3>(x: [dyn T]) -> [T] {
        let before = pad(x, [(K - 1, 0)], value = 0.5);
        before[..T] - 2 * x
    }

    EveryOther(x: [dyn T]) -> [T] { x * param([9], init = normal(1))[..2 * T][..T] }
}

/// Takes steps until there is an error.
macro_rules! steps {
    ($net:expr, $input:expr) => {{
        let net = &$net;
        let mut stream = net.stream();
        let error = (0..100).find_map(|_| stream.try_step($input).err());
        let steps = stream.position();
        // the stream is unchanged, and can be reset
        assert!(stream.try_step($input).is_err());
        assert!(stream.try_extend($input).is_err());
        assert_eq!(stream.position(), steps);
        stream.reset();
        assert!(stream.try_step($input).is_ok());
        (steps, error.map(|error| error.to_string()))
    }};
}

#[test]
fn bounds_end_a_stream() {
    let bound = |most| {
        Some(format!("the stream has taken {most} steps, which is the bound of its run-time size"))
    };
    assert_eq!(steps!(Bounded::init(1), &[1.0_f32; 2]), (6, bound(6)));
    assert_eq!(Bounded::<f32>::MOST_STEPS, Some(6));
    let net: BoundedByName = BoundedByName::init(1);
    assert_eq!(steps!(net, &[1.0_f32]), (6, bound(6)));
    assert_eq!(BoundedByName::<5>::MOST_STEPS, Some(10));
    assert_eq!(Unbounded::<f32>::MOST_STEPS, None);
    let net = Unbounded::init(1);
    let mut stream = net.stream();
    assert!((0..10_000).all(|_| stream.try_step(&[1.0]).is_ok()));
    assert_eq!(Unbounded::<f32>::LENGTHS, [Length { name: "T", bound: None, of_targets: false }]);
}

#[test]
fn what_is_beside_a_sequence_ends_a_stream() {
    let (x, y) = ([0.5_f32, 2.0], [1.0_f32, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]);
    let net = Beside::init(1);
    let message = "the leading axis of `y` is 5, but that of `x` is T (T = 6)";
    assert_eq!(steps!(net, (&x, &y)), (5, Some(message.to_owned())));
    let mut stream = net.stream();
    for _ in 0..4 {
        stream.step((&x, &y));
    }
    // the whole pass takes exactly five elements
    let whole = net.forward((&[x; 5].concat(), &y)).unwrap();
    assert_eq!(stream.step((&x, &y)), whole.as_slice());
    assert!(net.forward((&[x; 6].concat(), &y)).is_err());

    let net: BesideByName = BesideByName::init(1);
    let message = "the leading axis of `y` is K, but that of `x` is T (T = 5)";
    assert_eq!(steps!(net, (&x, &y[..8])), (4, Some(message.to_owned())));
    let net = BesideParameter::init(1);
    assert_eq!(steps!(net, &x).0, 5);
    let whole = net.forward(&[x; 5].concat()).unwrap();
    let mut stream = net.stream();
    for y in whole.as_slice() {
        assert_eq!(stream.step(&x), [*y]);
    }
}

#[test]
fn tables_end_a_stream() {
    let net = Positions::init(1);
    let (steps, error) = steps!(net, &[1.0_f32; 2]);
    assert_eq!(steps, 4);
    assert_eq!(error.unwrap(), net.forward(&[1.0_f32; 10]).unwrap_err().to_string());
    assert_eq!(steps!(EveryOther::init(1), &[1.0_f32]).0, 4);
}

/// A minimal length does not limit a stream: the first steps give what a pass over a longer sequence
/// gives there.
#[test]
fn lower_bounds_do_not_end_a_stream() {
    let net = Later::init(1);
    let x: Vec<f32> = (0..12_u8).map(f32::from).collect();
    let whole = net.forward(&x).unwrap();
    let mut stream = net.stream();
    for (x, y) in x.chunks(2).zip(whole.as_slice().chunks(2)) {
        assert_eq!(stream.step(x), y);
    }
    assert!(net.forward(&x[..4]).is_err());
}

/// Padding whose width is a const parameter, possibly 0.
#[test]
fn borders_of_any_width() {
    fn check<const K: usize>() {
        let net = Kernel::<K>::init(1);
        let x: Vec<f32> = (0..9_u8).map(f32::from).collect();
        let whole = net.forward(&x).unwrap();
        let mut stream = net.stream();
        for (x, y) in x.iter().zip(whole.as_slice()) {
            assert_eq!(stream.step(&[*x]), [*y], "K = {K}");
        }
    }
    check::<1>();
    check::<2>();
    check::<5>();
}
