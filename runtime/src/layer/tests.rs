//! Tests which shapes fit, and the memory of several outputs.

use super::outputs::{apart, parts, side_by_side};
use super::text::Text;
use super::{PRIVATE, assert_fits, assert_size, assert_sizes, fit, output_size};
use crate::source::{Extent, Length, Port};

const T: Extent = Extent::Length("T", 0);
const SEQUENCE: [Port; 1] = [Port::new("x", &[1, 3]).with_extents(&[T, Extent::Fixed(3)])];
const TWICE: [Port; 1] = [Port::new("y", &[2, 5]).with_extents(&[
    Extent::Computed { text: "2 * T", of: &[0], at: |lengths| 2 * lengths[0] },
    Extent::Fixed(5),
])];

const LENGTHS: [Length; 1] = [Length { name: "T", bound: Some(8), of_targets: false }];

#[test]
fn sizes_come_from_the_layer_and_from_what_it_is_given() {
    assert_eq!(output_size(&SEQUENCE, &SEQUENCE, (0, 0), &[&[7, 3]]), 7);
    assert_eq!(output_size(&SEQUENCE, &TWICE, (0, 1), &[&[7, 3]]), 5);
    // both are unknown at compile time
    assert_eq!(output_size(&SEQUENCE, &SEQUENCE, (0, 0), &[&[0, 3]]), 1);
    assert_eq!(output_size(&SEQUENCE, &TWICE, (0, 0), &[&[7, 3]]), 1);
    // a missing axis is reported by the assertion instead
    assert_eq!(output_size(&SEQUENCE, &TWICE, (0, 2), &[&[7, 3]]), 1);
}

#[test]
fn run_time_sizes_fit_or_do_not() {
    let fits = |t, out| fit::fits([&SEQUENCE, &TWICE], &LENGTHS, &[], &[&[t, 3]], &[&[out, 5]]);
    assert!(fits(8, 16));
    assert!(!fits(8, 15) && !fits(9, 18));
}

fn message(shapes: &[&[usize]], expected: &[&[usize]]) -> String {
    let ports = [&SEQUENCE[..], &TWICE[..]];
    told(|| assert_fits("Twice", ports, &LENGTHS, &["h", "k"], shapes, expected))
}

/// Returns the message of an assertion, or an empty string if it holds.
fn told(assertion: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let Err(panic) = std::panic::catch_unwind(assertion) else { return String::new() };
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[test]
fn what_cannot_fit_is_said() {
    assert_eq!(message(&[&[0, 3]], &[&[0, super::ASKED]]), "");
    assert_eq!(message(&[&[0, 4]], &[]), "`Twice` takes x: [T, 3], but `h` is [dyn, 4]");
    assert_eq!(message(&[&[9, 3]], &[]), "`Twice` takes T <= 8, but it is 9");
    assert_eq!(message(&[], &[]), "`Twice` takes 1 input, but 0 are given");
    assert_eq!(
        message(&[&[7, 3]], &[&[14, 5], &[1]]),
        "`Twice` gives 1 value: write the shape of each in the parentheses"
    );
    assert_eq!(
        message(&[&[7, 3]], &[&[super::ASKED, 5]]),
        "`Twice` gives [2 * T, 5], but [_, 5] is expected: write its shape in the parentheses"
    );
}

#[test]
fn outputs_stand_side_by_side_and_apart() {
    let ports = [Port::new("a", &[2]), Port::new("b", &[1])];
    let bundled = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    let mut memory = [0; 9];
    let mut split = parts(&mut memory, &ports, 3, &[]);
    apart(&bundled, 3, &mut split[..2]);
    assert_eq!((&*split[0], &*split[1]), (&[1, 2, 4, 5, 7, 8][..], &[3, 6, 9][..]));
    let mut again = [0; 9];
    side_by_side(&split[..2], 3, &mut again);
    assert_eq!(again, bundled);
}

#[test]
fn long_text_is_cut() {
    let mut text = Text::new();
    (0..600).for_each(|_| text.push("x"));
    assert_eq!(text.as_str().len(), 512);
    let mut number = Text::new();
    number.number(1_234_567_890);
    assert_eq!(number.as_str(), "1234567890");
}

#[test]
fn sizes_are_told_with_the_values_of_their_names() {
    assert_eq!(told(|| assert_size("D", 1)), "");
    assert_eq!(told(|| assert_sizes(true, "never", &[])), "");
    assert_eq!(told(|| assert_size("D", 0)), "the size `D` is 0, but a size is at least 1");
    let most = usize::MAX;
    assert_eq!(
        told(|| assert_size("D", usize::MAX)),
        format!("the size `D` is {most}: more than memory holds")
    );
    let names = [("D", 4), ("H", 2)];
    assert_eq!(
        told(move || assert_sizes(false, "the size `D - 8 * H` is less than 1", &names)),
        "the size `D - 8 * H` is less than 1 for D = 4, H = 2"
    );
}

#[test]
fn what_is_private_is_told_where_rust_does_not() {
    let applied = |path: &'static str| {
        move || {
            let ports = [PRIVATE, &[]];
            assert_fits(path, ports, &[], &["x"], &[&[4]], &[&[4]]);
        }
    };
    for path in ["o::B", "o::B::<4>", "::other::B", "o::inner::B"] {
        assert_eq!(told(applied(path)), "");
    }
    for path in ["B", "B::<o::Snake>", "self::B", "super::B", "crate::o::B"] {
        let expected = format!(
            "`{path}` is private to its `network!`: write `pub(crate)` before its name there"
        );
        assert_eq!(told(applied(path)), expected);
    }
}
