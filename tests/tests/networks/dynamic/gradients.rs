//! Checks gradients against finite differences, for batches with different run-time sizes.

use super::networks::*;
use monograd::Network as _;
use monograd_tests::differences::check_at;

#[test]
fn of_one_length() {
    check_at::<Tagger<6, f64>>("Tagger", Tagger::<6>::init(7).cast(), [&[1], &[13], &[2]]);
}

#[test]
fn of_calculated_sizes() {
    check_at::<Past<f64>>("Past", Past::init(7).cast(), [&[7], &[2], &[3]]);
}

#[test]
fn of_several_lengths() {
    check_at::<Pair<200, f64>>(
        "Pair",
        Pair::<200>::init(7).cast(),
        [&[1, 3, 2], &[5, 2, 1], &[2, 1, 3]],
    );
}

#[test]
fn of_as_many_classes_as_tokens() {
    check_at::<Pointer<f64>>("Pointer", Pointer::init(7).cast(), [&[2], &[9], &[3]]);
}

#[test]
fn of_networks_in_networks() {
    check_at::<Outer<f64>>("Outer", Outer::init(7).cast(), [&[5], &[2], &[3]]);
}

#[test]
fn of_pairs_of_tokens() {
    check_at::<Attend<f64>>("Attend", Attend::init(7).cast(), [&[9], &[3], &[2]]);
}

#[test]
fn of_as_many_iterations() {
    check_at::<Recur<f64>>("Recur", Recur::init(7).cast(), [&[9], &[4], &[2]]);
}

#[test]
fn of_parts_of_rows_and_columns() {
    check_at::<Parts<3, f64>>("Parts", Parts::<3>::init(7).cast(), [&[9], &[2], &[3]]);
}
