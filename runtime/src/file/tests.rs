mod hostile;
mod metadata;
mod rules;
mod saving;
mod shards;

use super::*;
use crate::error::{Error, FileProblem};
use crate::init::Init;
use crate::layout::{Parameter, buffer_len, place};
use std::fs;
use std::path::PathBuf;

const fn parameter(name: &'static str, shape: &'static [usize], transposed: bool) -> Parameter {
    let parameter = Parameter::new(name, shape, Init::Constant(0.0));
    if transposed { parameter.transposed() } else { parameter }
}

const LAYOUT: [Parameter; 2] =
    place([parameter("fc.weight", &[2, 3], true), parameter("fc.bias", &[2], false)]);

/// A directory for one test, deleted when it is dropped.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("monograd-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("net.safetensors")
    }

    /// Writes one of its files.
    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Returns the names of its entries, sorted.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap().flatten();
        let names = entries.map(|entry| entry.file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns a file with this header and these bytes of tensors.
fn file(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// Returns a header with the two tensors of the layout, with this type and numbers of bytes.
fn two(dtype: &str, bytes: [usize; 2]) -> String {
    let [weight, bias] = [bytes[0], bytes[0] + bytes[1]];
    format!(
        r#"{{"fc.weight":{{"dtype":"{dtype}","shape":[2,3],"data_offsets":[0,{weight}]}},
            "fc.bias":{{"dtype":"{dtype}","shape":[2],"data_offsets":[{weight},{bias}]}}}}"#
    )
}

fn bytes_of(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}

fn problem(bytes: &[u8]) -> FileProblem {
    match read::<f32>(bytes, &LAYOUT) {
        Err(Error::File(error)) => error.problem,
        other => panic!("{other:?}"),
    }
}

const FILE_ORDER: [f32; 8] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
const MEMORY_ORDER: [f32; 6] = [1.0, 4.0, 2.0, 5.0, 3.0, 6.0];

#[test]
fn what_is_saved_is_loaded() {
    let directory = Directory::new("round");
    let values: Vec<f64> = (0..buffer_len(&LAYOUT)).map(|i| (i as f64).sqrt() - 2.0).collect();
    save(directory.file(), &LAYOUT, &values).unwrap();
    let double = load::<f64>(directory.file(), &LAYOUT).unwrap();
    let single = load::<f32>(directory.file(), &LAYOUT).unwrap();
    for i in LAYOUT.iter().flat_map(Parameter::range) {
        assert_eq!(double[i], values[i]);
        assert_eq!(single[i], values[i] as f32);
    }
    // overwrites an existing file, and leaves nothing beside it
    save(directory.file(), &LAYOUT, &single).unwrap();
    assert_eq!(load::<f32>(directory.file(), &LAYOUT).unwrap(), single);
    assert_eq!(fs::read_dir(&directory.0).unwrap().count(), 1);
}

#[test]
fn files_hold_pytorchs_order_and_shapes() {
    let directory = Directory::new("order");
    let mut values = vec![0.0_f32; buffer_len(&LAYOUT)];
    values[..6].copy_from_slice(&MEMORY_ORDER);
    values[16..18].copy_from_slice(&[7.0, 8.0]);
    save(directory.file(), &LAYOUT, &values).unwrap();
    let bytes = fs::read(directory.file()).unwrap();
    let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(tensors.tensor("fc.weight").unwrap().shape(), [2, 3]);
    assert_eq!(tensors.tensor("fc.weight").unwrap().data(), bytes_of(&FILE_ORDER[..6]));
    assert_eq!(tensors.tensor("fc.bias").unwrap().data(), bytes_of(&FILE_ORDER[6..]));
    assert_eq!((bytes.len() - 8 * 4) % 8, 0);
    assert_eq!(*read::<f32>(&bytes, &LAYOUT).unwrap(), values);
}

#[test]
fn half_widths_widen() {
    let halves = |one: u16, step: [u16; 8]| -> Vec<u8> {
        step.iter().flat_map(|x| (one + x).to_le_bytes()).collect()
    };
    // 1 to 8 in each: the field of the exponent begins at bit 10 or bit 7
    let f16 = halves(0x3c00, [0, 0x400, 0x600, 0x800, 0x900, 0xa00, 0xb00, 0xc00]);
    let bf16 = halves(0x3f80, [0, 0x80, 0xc0, 0x100, 0x120, 0x140, 0x160, 0x180]);
    for (dtype, data) in [("F16", f16), ("BF16", bf16)] {
        let values = read::<f32>(&file(&two(dtype, [12, 4]), &data), &LAYOUT).unwrap();
        assert_eq!((&values[..6], &values[16..18]), (&MEMORY_ORDER[..], &FILE_ORDER[6..]));
    }
}

#[test]
fn any_truncation_is_an_error() {
    let whole = file(&two("F32", [24, 8]), &bytes_of(&FILE_ORDER));
    assert!(read::<f32>(&whole, &LAYOUT).is_ok());
    for len in 0..whole.len() {
        let problem = problem(&whole[..len]);
        assert!(matches!(problem, FileProblem::NotSafetensors { .. }), "{len}: {problem:?}");
    }
    let longer = [&whole[..], &[0]].concat();
    assert!(matches!(problem(&longer), FileProblem::NotSafetensors { .. }));
}

#[test]
fn any_damaged_byte_of_the_header_is_survived() {
    let whole = file(&two("F32", [24, 8]), &bytes_of(&FILE_ORDER));
    let header = whole.len() - 32;
    for at in 0..header {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1 << bit;
            // a space may become other white space; any other change is an error, and nothing panics
            if let Ok(values) = read::<f32>(&damaged, &LAYOUT) {
                assert_eq!(values[..6], MEMORY_ORDER, "{at} {bit}");
            }
        }
    }
}

#[test]
fn lying_lengths_are_not_believed() {
    for len in [33, 1 << 20, 1 << 40, u64::MAX - 7, u64::MAX] {
        let bytes = [&len.to_le_bytes()[..], &[b'{'; 32]].concat();
        let problem = problem(&bytes);
        assert!(problem.to_string().contains("in a file of 40"), "{problem}");
    }
    let damaged = |header: &str, data: usize| {
        let problem = problem(&file(header, &vec![0; data]));
        assert!(matches!(problem, FileProblem::NotSafetensors { .. }), "{header}: {problem:?}");
    };
    // overlapping, beyond the end, back to front, with a gap
    damaged(&two("F32", [24, 8]).replace("[24,32]", "[16,24]"), 32);
    damaged(&two("F32", [24, 8]), 31);
    damaged(&two("F32", [24, 8]).replace("[24,32]", "[32,24]"), 32);
    damaged(&two("F32", [24, 8]).replace("[24,32]", "[32,40]"), 40);
    // sizes and ends whose sums or products overflow
    damaged(&two("F32", [24, 8]).replace("[2,3]", "[9223372036854775807,3]"), 32);
    let huge = (1_u64 << 61) - 8;
    let eight: Vec<String> = (0..8)
        .map(|i| {
            let (len, begin, end) = (huge / 8, i * huge, (i + 1) * huge);
            format!(r#""{i}":{{"dtype":"F64","shape":[{len}],"data_offsets":[{begin},{end}]}}"#)
        })
        .collect();
    damaged(&format!("{{{}}}", eight.join(",")), 32);
    assert!(problem(b"PK\x03\x04 and so on").to_string().contains("torch.save"));
    // no JSON, deeply nested JSON, other JSON
    damaged("hello", 0);
    damaged(&"[".repeat(100_000), 0);
    damaged("[]", 0);
    damaged(r#"{"fc.weight":3}"#, 0);
}

#[test]
fn another_networks_tensors_are_named() {
    let good = two("F32", [24, 8]);
    let data = bytes_of(&FILE_ORDER);
    let with = |from: &str, to: &str| problem(&file(&good.replace(from, to), &data));
    assert!(matches!(
        with("fc.weight", "fc1.weight"),
        FileProblem::MissingTensor { nearest: Some(near), others: 0, .. }
            if near == "fc1.weight"
    ));
    assert!(matches!(problem(&file("{}", &[])), FileProblem::MissingTensor { others: 1, .. }));
    let more =
        good.replacen('{', r#"{"mask":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"#, 1);
    assert!(matches!(
        problem(&file(&more, &data)),
        FileProblem::SurplusTensor { name, others: 0, .. } if name == "mask"
    ));
    let turned = with("[2,3]", "[3,2]");
    assert_eq!(
        turned.to_string(),
        "tensor `fc.weight` is [3, 2], but the network's is [2, 3]; was it saved transposed?"
    );
    assert!(matches!(
        with("F32", "I32"),
        FileProblem::UnsupportedDtype { name, dtype } if name == "fc.weight" && dtype == "I32"
    ));
}

#[test]
fn what_is_not_finite_is_found() {
    for (at, index) in [(0, vec![0, 0]), (5, vec![1, 2]), (7, vec![1])] {
        for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let mut values = FILE_ORDER;
            values[at] = bad;
            match problem(&file(&two("F32", [24, 8]), &bytes_of(&values))) {
                FileProblem::NotFinite { index: found, .. } => assert_eq!(found, index),
                other => panic!("{other:?}"),
            }
        }
    }
    let mut wide: Vec<u8> = FILE_ORDER.iter().flat_map(|&x| f64::from(x).to_le_bytes()).collect();
    wide[8..16].copy_from_slice(&1e300_f64.to_le_bytes());
    let wide = file(&two("F64", [48, 16]), &wide);
    assert_eq!(read::<f64>(&wide, &LAYOUT).unwrap()[2], 1e300);
    assert_eq!(
        problem(&wide).to_string(),
        "tensor `fc.weight` has 1e300 at [0, 1], which is not a finite f32"
    );
}
