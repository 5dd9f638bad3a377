use super::*;
use crate::parameters::{Parameters, ParametersMut};

const fn one(name: &'static str, shape: &'static [usize]) -> Parameter {
    Parameter::new(name, shape, Init::Constant(0.0))
}

static FC: [Parameter; 2] = place([one("weight", &[2, 3]), one("bias", &[2]).bias()]);
static NOTHING: [Parameter; 0] = [];
static ENCODER: [Parameter; 3] = place([
    Parameter::layer("fc", &FC).frozen(true),
    Parameter::layer("act", &NOTHING),
    one("g", &[]),
]);
static NETWORK: [Parameter; 3] =
    place([one("head", &[17]), Parameter::layer("encoder", &ENCODER), one("last", &[1])]);

#[test]
fn inner_parameters_have_full_names_and_places() {
    let found: Vec<_> =
        entries(&NETWORK).map(|e| (e.name().into_owned(), e.range(), e.is_frozen())).collect();
    let expected = [
        ("head", 0..17, false),
        ("encoder.fc.weight", 32..38, true),
        ("encoder.fc.bias", 48..50, true),
        ("encoder.g", 64..65, false),
        ("last", 80..81, false),
    ];
    assert_eq!(found, expected.map(|(name, range, frozen)| (name.to_owned(), range, frozen)));
    assert_eq!((count(&NETWORK), buffer_len(&NETWORK)), (17 + 6 + 2 + 1 + 1, 96));
    assert_eq!(entries(&NETWORK).filter(|entry| entry.kind() == Kind::Bias).count(), 1);
}

#[test]
fn inner_parameters_are_changed_by_name() {
    let mut values = vec![0.0_f64; buffer_len(&NETWORK)];
    let mut parameters = ParametersMut::new(&NETWORK, &mut values);
    parameters.iter_mut().enumerate().for_each(|(i, mut edit)| edit.fill(i as f64));
    parameters.get("encoder.fc.bias").unwrap().fill(7.0);
    let parameters = Parameters::new(&NETWORK, &values);
    assert_eq!(parameters.len(), 5);
    assert_eq!(parameters.get("encoder.fc.weight").unwrap().as_slice(), [1.0; 6]);
    assert_eq!((values[48], values[50], values[64]), (7.0, 0.0, 3.0));
    let error = parameters.get("encoder.weight").unwrap_err();
    assert!(error.to_string().contains("did you mean `encoder.fc.weight`?"), "{error}");
}

#[test]
fn every_turn_has_its_own() {
    static STACK: [Parameter; 2] =
        place([Parameter::layer("h.{i}", &FC).turns(&[2]), one("scale.{i}", &[1]).turns(&[3])]);
    let found: Vec<_> = entries(&STACK).map(|e| (e.name().into_owned(), e.range().start)).collect();
    let expected = [
        ("h.0.weight", 0),
        ("h.0.bias", 16),
        ("h.1.weight", 32),
        ("h.1.bias", 48),
        ("scale.0", 64),
        ("scale.1", 80),
        ("scale.2", 96),
    ];
    assert_eq!(found, expected.map(|(name, start)| (name.to_owned(), start)));
    assert_eq!(count(&STACK), 2 * 8 + 3);
}

#[test]
fn transposes_any_size() {
    for (rows, columns) in [(1, 1), (1, 7), (17, 1), (16, 32), (33, 17), (7, 100), (0, 3)] {
        let from: Vec<u32> = (0..(rows * columns) as u32).collect();
        let mut to = vec![u32::MAX; from.len()];
        transpose(rows, columns, &from, &mut to);
        for (i, &x) in to.iter().enumerate() {
            assert_eq!(x as usize, i % rows * columns + i / rows, "{rows} x {columns}");
        }
    }
}

#[test]
fn what_memory_does_not_hold_is_as_much_as_there_can_be() {
    let layout = place([one("weight", &[usize::MAX, 4]), one("bias", &[usize::MAX]).turns(&[3])]);
    assert_eq!((buffer_len(&layout), count(&layout)), (usize::MAX, usize::MAX));
    assert_eq!(layout[1].offset, usize::MAX);
}
