//! Compares the kernels on every instruction set with the plain formula in `f64`.

use super::{
    Attention, Dropout, Gradients, Heads, HeadsMut, Mask, Operands, backward, backward_scratch,
    forward, forward_scratch,
};
use crate::scalar::Scalar;
use crate::simd::{InstructionSet, Simd, Vectorize};

mod reference;

use reference::Reference;

/// Returns reproducible values in ±1 that differ between seeds.
pub(super) fn numbers(len: usize, seed: usize) -> Vec<f64> {
    let value = |i: usize| {
        let hash = (i as u64 + 1).wrapping_mul(seed as u64 * 2 + 0x9E37_79B9_7F4A_7C15);
        let hash = (hash ^ hash >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        // exact in both scalars
        f64::from(((hash >> 11) as f64 / (1_u64 << 52) as f64 - 1.0) as f32)
    };
    (0..len).map(value).collect()
}

fn converted<T: Scalar>(x: &[f64]) -> Vec<T> {
    x.iter().map(|x| T::from_f64(*x)).collect()
}

/// Options of an attention beside its sizes.
#[derive(Clone, Copy, Debug, Default)]
struct Options {
    /// The axes of the mask, without the samples: 0 for none, 2 or 3.
    mask: usize,
    /// `true` if each sample has a mask of its own.
    masks: bool,
    padding: bool,
}

/// One attention, on one instruction set.
struct Check<'a> {
    attention: &'a Attention,
    options: Options,
    set: InstructionSet,
}

/// Returns the plain sizes.
fn plain(samples: usize, [queries, keys]: [usize; 2]) -> Attention {
    Attention {
        samples,
        queries,
        keys,
        heads: 2,
        groups: 2,
        dim: 5,
        value_dim: 5,
        first: 0,
        causal: false,
        window: None,
        scale: None,
        dropout: None,
    }
}

impl<T: Scalar> Vectorize<T> for Check<'_> {
    type Output = ();
    fn run<S: Simd<T>>(self, simd: S) {
        let Self { attention, options, set } = self;
        let Attention { samples, queries, keys, heads, groups, dim, value_dim, .. } = *attention;
        let reference = reference(attention, options);
        let (expected, gradients) = (reference.forward(), reference.backward());
        let name = format!("{} {set:?} {attention:?} {options:?}", T::NAME);
        let near = |what: &str, actual: &[T], expected: &[f64]| {
            let tolerance = if T::BYTES == 4 { 2e-5 } else { 1e-12 };
            assert_eq!(actual.len(), expected.len(), "{what} of {name}");
            for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
                let (a, tolerance) = (a.to_f64(), tolerance * (1.0 + e.abs()));
                assert!((a - e).abs() <= tolerance, "{what} {i} is {a}, not {e}: {name}");
            }
        };

        // q, k and v side by side at each position, as a linear layer makes them
        let gap = 3;
        let of = |x: &[f64], [count, heads, len]: [usize; 3]| {
            let pitch = heads * len + gap;
            let mut data = vec![T::from_f64(f64::NAN); samples * count * pitch];
            let rows = data.chunks_exact_mut(pitch).zip(x.chunks_exact(heads * len));
            rows.for_each(|(to, x)| to[..heads * len].copy_from_slice(&converted::<T>(x)));
            (data, pitch, count * pitch, len)
        };
        fn heads_in<T>(
            (data, position, sample, head): &(Vec<T>, usize, usize, usize),
        ) -> Heads<'_, T> {
            Heads { data, sample: *sample, position: *position, head: *head }
        }
        let q = of(&reference.q, [queries, heads, dim]);
        let k = of(&reference.k, [keys, groups, dim]);
        let v = of(&reference.v, [keys, groups, value_dim]);
        let dy = of(&reference.dy, [queries, heads, value_dim]);
        let mask = converted::<T>(&reference.mask);
        let padding = converted::<T>(&reference.padding);
        let head = if options.mask == 3 { queries * keys } else { 0 };
        let of_sample = if options.mask == 3 { heads * queries * keys } else { queries * keys };
        let sample = if options.masks { of_sample } else { 0 };
        let mask = (options.mask > 0).then_some(Mask { data: &mask, sample, head });
        let padding = options.padding.then_some(&padding[..]);
        let [q, k, v] = [&q, &k, &v].map(heads_in);
        let operands = Operands { q, k, v, mask, padding };

        let sizes = [queries, keys, dim, value_dim];
        let room = |len| vec![T::from_f64(f64::NAN); len];
        let (mut y, mut logs) =
            (room(samples * queries * heads * value_dim), room(samples * heads * queries));
        let of_y = HeadsMut {
            data: &mut y,
            sample: queries * heads * value_dim,
            position: heads * value_dim,
            head: value_dim,
        };
        forward(simd, attention, &operands, of_y, &mut logs, &mut room(forward_scratch(sizes)));
        near("y", &y, &expected);
        if attention.first > 0 {
            // of a stream, which has no backward pass
            return;
        }
        let y = Heads {
            data: &y,
            sample: queries * heads * value_dim,
            position: heads * value_dim,
            head: value_dim,
        };
        let mut dq = room(samples * queries * heads * dim);
        let mut dk = room(samples * keys * groups * dim);
        let mut dv = room(samples * keys * groups * value_dim);
        let mut dmask = room(reference.mask.len());
        let of_q = HeadsMut {
            data: &mut dq,
            sample: queries * heads * dim,
            position: heads * dim,
            head: dim,
        };
        let dmask_of = mask.is_some().then_some(&mut dmask[..]);
        let all = Gradients { dq: of_q, dk: &mut dk, dv: &mut dv, dmask: dmask_of };
        let mut scratch = room(backward_scratch(sizes));
        backward(simd, attention, &operands, y, &logs, heads_in(&dy), all, &mut scratch);
        near("dq", &dq, &gradients.dq);
        near("dk", &dk, &gradients.dk);
        near("dv", &dv, &gradients.dv);
        if mask.is_some() {
            near("dmask", &dmask, &gradients.dmask);
        }
    }
}

/// Returns the plain formula with its operands.
fn reference(attention: &Attention, options: Options) -> Reference<'_> {
    let Attention { samples, queries, keys, heads, groups, dim, value_dim, .. } = *attention;
    let of_mask = if options.mask == 3 { heads } else { 1 } * queries * keys;
    let mut mask = match options.mask {
        0 => Vec::new(),
        _ => numbers(of_mask * if options.masks { samples } else { 1 }, 5),
    };
    // some pairs are left out, and all of one query
    for (i, mask) in mask.iter_mut().enumerate() {
        if i % 7 == 3 || (i / keys % queries == 2 && keys < 90) {
            *mask = f64::NEG_INFINITY;
        }
    }
    let padding = match options.padding {
        true => (0..samples * keys).map(|i| f64::from(u8::from(i % 3 == 1))).collect(),
        false => Vec::new(),
    };
    Reference {
        attention,
        q: numbers(samples * queries * heads * dim, 1),
        k: numbers(samples * keys * groups * dim, 2),
        v: numbers(samples * keys * groups * value_dim, 3),
        dy: numbers(samples * queries * heads * value_dim, 4),
        of_mask,
        mask_per_head: options.mask == 3,
        mask_per_sample: options.masks,
        mask,
        padding,
    }
}

fn check(attention: &Attention, options: Options) {
    for set in InstructionSet::available() {
        f32::vectorize(set, Check { attention, options, set });
        f64::vectorize(set, Check { attention, options, set });
    }
}

#[test]
fn lengths_from_1_to_130() {
    for length in 1..=130 {
        let causal = length % 2 == 0;
        check(&Attention { causal, ..plain(1, [length; 2]) }, Options::default());
    }
}

#[test]
fn lengths_that_differ() {
    for (queries, keys) in
        [(1, 130), (130, 1), (2, 9), (49, 64), (48, 65), (97, 63), (7, 129), (3, 0)]
    {
        for causal in [false, true] {
            check(&Attention { causal, ..plain(2, [queries, keys]) }, Options::default());
        }
    }
}

#[test]
fn widths() {
    for (dim, value_dim) in [(1, 1), (7, 3), (3, 7), (16, 8), (33, 17), (64, 65), (128, 1)] {
        let sizes = plain(2, [50, 70]);
        check(&Attention { dim, value_dim, ..sizes }, Options::default());
        let one = plain(2, [1, 70]);
        check(&Attention { dim, value_dim, ..one }, Options::default());
    }
}

#[test]
fn every_option() {
    for (length, keys) in [(1, 1), (4, 9), (17, 17), (70, 66)] {
        let sizes = plain(2, [length, keys]);
        for mask in [0, 2, 3] {
            for bits in 0..4 {
                let options = Options { mask, masks: bits & 1 > 0, padding: bits & 2 > 0 };
                let window = [None, Some(1), Some(6), Some(70)][(bits + mask) % 4];
                for causal in [false, true] {
                    let grouped = Attention { heads: 4, groups: 2, causal, window, ..sizes };
                    check(&grouped, options);
                }
            }
        }
        check(&Attention { scale: Some(0.3), ..sizes }, Options::default());
        check(&Attention { heads: 3, groups: 1, ..sizes }, Options::default());
        let dropout = Some(Dropout { key: (3, 4), first: (1 << 32) - 9, p: 0.4 });
        check(&Attention { dropout, causal: true, ..sizes }, Options::default());
    }
}

#[test]
fn steps_of_a_stream() {
    for keys in 1..=70 {
        for window in [None, Some(9)] {
            let one = Attention { first: keys - 1, causal: true, window, ..plain(1, [1, keys]) };
            check(&one, Options { mask: 2 * (keys % 2), ..Options::default() });
        }
    }
}

#[test]
fn memory_grows_with_the_length() {
    // 12 heads share it; a matrix of all pairs would have 1,048,576 scalars
    for scratch in [forward_scratch, backward_scratch] {
        let of = |length: usize| scratch([length, length, 64, 64]);
        assert_eq!(of(2048) - of(1024), 2 * (of(1024) - of(512)));
        assert!(of(1024) < 400_000, "{}", of(1024));
        assert_eq!(scratch([usize::MAX; 4]), usize::MAX);
    }
}

#[test]
fn extreme_scores_give_finite_results() {
    struct Extreme;
    impl Vectorize<f32> for Extreme {
        type Output = ();
        fn run<S: Simd<f32>>(self, simd: S) {
            // one query of 1e4 and keys whose scores reach from -1e8 to 1e8
            let attention =
                Attention { heads: 1, groups: 1, dim: 1, value_dim: 1, ..plain(1, [1, 200]) };
            let q = [1e4];
            let k: Vec<f32> = (0..200_i16).map(|i| f32::from(i - 100) * 100.0).collect();
            let v: Vec<f32> = (0..200_i16).map(f32::from).collect();
            let heads = |data| Heads { data, sample: 0, position: 1, head: 0 };
            let operands =
                Operands { q: heads(&q), k: heads(&k), v: heads(&v), mask: None, padding: None };
            let (mut y, mut logs) = ([0.0], [0.0]);
            let of_y = HeadsMut { data: &mut y, sample: 0, position: 1, head: 0 };
            let mut scratch = vec![0.0; forward_scratch([1, 200, 1, 1])];
            forward(simd, &attention, &operands, of_y, &mut logs, &mut scratch);
            assert_eq!(y, [199.0]);
            assert_eq!(logs, [9.9e7]);
        }
    }
    for set in InstructionSet::available() {
        f32::vectorize(set, Extreme);
    }
}
