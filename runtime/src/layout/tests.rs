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
fn a_layout_that_cannot_be_counted_is_not_made() {
    static MANY: [usize; 2] = [1 << 31, 1 << 31];
    let cube = || place([one("w", &[1 << 22, 1 << 22, 1 << 22])]);
    let times = || place([one("w", &[1 << 30]).turns(&MANY)]);
    let two = || place([one("a", &[1 << 31, 1 << 31]), one("b", &[1 << 31, 1 << 31])]);
    assert!(std::panic::catch_unwind(cube).is_err() && std::panic::catch_unwind(times).is_err());
    assert_eq!(two()[1].offset, 1 << 62);
    assert_eq!(place([one("a", &[1 << 62]), one("b", &[1])])[1].offset, 1 << 62);
    // an assertion of the network's reports a size that no memory holds
    let shapes: [&'static [usize]; 3] = [&[usize::MAX], &[usize::MAX / 2, 3], &[usize::MAX - 14]];
    for shape in shapes {
        let layout = place([one("w", shape), one("b", &[1])]);
        assert_eq!((layout[1].offset, buffer_len(&layout)), (usize::MAX, usize::MAX), "{shape:?}");
    }
}

/// As `save` would find out, and without going through all numbers.
#[test]
fn names_in_common_are_found_as_the_compiler_does() {
    static W: [Parameter; 1] = place([one("w", &[])]);
    static DEEP: [Parameter; 2] =
        place([Parameter::layer("a.{i}", &W).turns(&[12]), Parameter::layer("b", &NOTHING)]);
    static TWO: [Parameter; 1] = place([one("{i}.{i}", &[]).turns(&[2, 11])]);
    static LAYOUT: [Parameter; 14] = place([
        Parameter::layer("net", &DEEP),
        one("net.a.{i}.w", &[]).turns(&[1]),
        one("net.a.11.w", &[]),
        one("net.a.12.w", &[]),
        one("net.a.{i}.w", &[]).turns(&[0]),
        one("net.a1{i}.w", &[]).turns(&[3]),
        one("net.a.1{i}.w", &[]).turns(&[5]),
        one("net.a.{i}{i}.w", &[]).turns(&[3, 3]),
        Parameter::layer("h", &TWO),
        one("h.1.10", &[]),
        one("h.1.11", &[]),
        one("h.01.1", &[]),
        one("{x}", &[]),
        one("{x}", &[]),
    ]);
    for second in 0..LAYOUT.len() {
        for first in 0..second {
            let names = |i: usize| -> Vec<String> {
                entries(&LAYOUT[i..=i]).map(|entry| entry.name().into_owned()).collect()
            };
            let (ours, theirs) = (names(first), names(second));
            let alike = ours.iter().any(|name| theirs.contains(name));
            let found = std::panic::catch_unwind(|| assert_distinct(&LAYOUT, first, second));
            assert_eq!(found.is_err(), alike, "{first} {second}");
        }
    }
}

/// Small, wide and tall ones, with as many blocks as that takes.
#[test]
fn any_matrix_goes_to_memory_and_back() {
    static SHAPES: [[usize; 2]; 10] = [
        [1, 1],
        [1, 7],
        [17, 1],
        [16, 32],
        [33, 17],
        [7, 100],
        [0, 3],
        [3, 0],
        [3, 50_000],
        [50_000, 3],
    ];
    for shape in &SHAPES {
        let (parameter, [rows, columns]) = (one("w", shape).transposed(), *shape);
        let file: Vec<u32> = (0..(rows * columns) as u32).collect();
        let mut memory = vec![u32::MAX; file.len()];
        parameter.file_to_memory(&file, &mut memory);
        for (i, &x) in memory.iter().enumerate() {
            assert_eq!(x as usize, i % rows * columns + i / rows, "{rows} x {columns}");
        }
        let mut back = vec![u32::MAX; file.len()];
        parameter.memory_to_file(&memory, &mut back);
        assert_eq!(back, file);

        let (mut by_blocks, mut position) = (vec![u32::MAX; file.len()], 0);
        back.fill(u32::MAX);
        for block in parameter.blocks() {
            let range = position..position + block.len();
            block.file_to_memory(&file[range.clone()], &mut by_blocks);
            block.memory_to_file(&memory, &mut back[range.clone()]);
            position = range.end;
        }
        assert_eq!((&by_blocks, &back), (&memory, &file), "{rows} x {columns}");
    }
}

#[test]
fn what_memory_does_not_hold_is_as_much_as_there_can_be() {
    let layout = place([one("weight", &[usize::MAX, 4]), one("bias", &[usize::MAX]).turns(&[3])]);
    assert_eq!((buffer_len(&layout), count(&layout)), (usize::MAX, usize::MAX));
    assert_eq!(layout[1].offset, usize::MAX);
}
