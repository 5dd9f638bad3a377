//! Damaged and hostile files of data: a typed error that can be printed, never a panic or other numbers.

use super::*;
use array::{ArrayFile, Format, NumberType};
use std::collections::BTreeMap;

/// Returns a result, and checks that an error is that of the file, and fit for a terminal.
#[track_caller]
fn outcome<T>(result: Result<T, DataError>) -> Result<T, String> {
    result.map_err(|error| {
        let text = error.to_string();
        assert!(!text.contains(char::is_control) && text.len() < 2000, "{text:?}");
        assert!(!matches!(error.problem(), DataProblem::Io(_)), "{text}");
        text
    })
}

fn parsed(bytes: &[u8]) -> Result<Tensor, String> {
    outcome(array::parse::<f32>(bytes, &Format::Detect))
}

/// Returns an IDX file of bytes.
fn idx(sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let axes = u8::try_from(sizes.len()).unwrap();
    let sizes = sizes.iter().flat_map(|size| size.to_be_bytes());
    [0, 0, 8, axes].into_iter().chain(sizes).chain(data.iter().copied()).collect()
}

/// Returns an npy file with a header.
fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let len = (header.len() as u16).to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &len, header.as_bytes(), data].concat()
}

/// Wherever a bit is changed, there are as many numbers as the file has room for, or an error.
#[test]
fn every_bit_of_an_array_may_change() {
    let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }\n";
    let numbers: Vec<u8> = (0..6).flat_map(|i| (i as f32).to_le_bytes()).collect();
    for (file, data) in [(idx(&[2, 3], &[1, 2, 3, 4, 5, 6]), 6), (npy(header, &numbers), 24)] {
        let right = parsed(&file).unwrap();
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut changed = file.clone();
                changed[at] ^= 1 << bit;
                let Ok(read) = parsed(&changed) else { continue };
                assert_eq!(read.len() * (data / 6), data, "{at} {bit}");
                if at >= file.len() - data {
                    assert_eq!(read.shape(), right.shape());
                }
            }
        }
    }
    for sizes in [[0, 0], [0, u32::MAX], [u32::MAX, 0], [1, u32::MAX], [u32::MAX; 2], [1 << 31; 2]]
    {
        let read = parsed(&idx(&sizes, &[]));
        assert_eq!(read.is_ok(), sizes.contains(&0), "{sizes:?}");
    }
    for shape in ["(-1,)", "(1e3,)", "(0x2,)", "(2,,3)", "(2 3)", "(nan,)", "(2", "2", "(\0,)"] {
        let header = header.replace("(2, 3)", shape);
        assert!(parsed(&npy(&header, &numbers)).is_err(), "{shape:?}");
    }
    let deep = header.replace("'<f4'", &"[".repeat(30_000));
    assert!(parsed(&npy(&deep, &numbers)).unwrap_err().contains("[[[..."));
    let red = header.replace("<f4", "\u{1b}[31m");
    assert!(
        parsed(&npy(&red, &numbers)).unwrap_err().starts_with("an array of type `\\u{1b}[31m`")
    );
}

#[test]
fn a_boolean_is_0_or_1() {
    let header = "{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }";
    assert_eq!(parsed(&npy(header, &[1, 0, 1])).unwrap(), Tensor::from([1.0, 0.0, 1.0]));
    assert_eq!(parsed(&npy(header, &[1, 0, 2])).unwrap_err(), "2 at [2] is not a boolean");
}

/// Headers that tell of rows of any size, and of billions of rows that take no room in the file.
#[test]
fn hostile_rows_are_refused() {
    let path = std::env::temp_dir().join(format!("monograd-rows-{}", std::process::id()));
    for sizes in [[u32::MAX, 0, 3], [0, u32::MAX, u32::MAX], [0, 0, 0], [u32::MAX, u32::MAX, 0]] {
        std::fs::write(&path, idx(&sizes, &[])).unwrap();
        let file = || ArrayFile::<f32>::open(&path).unwrap();
        assert_eq!(file().read_rows(&mut [0.0; 4]).unwrap(), sizes[0] as usize);
        let streams = [Streamed::new(file(), 4), Streamed::new(file(), 4).shuffle(1, 100)];
        for mut stream in streams {
            let error = match stream.epoch(0) {
                Ok(mut batches) => batches.next().unwrap().err().unwrap(),
                Err(error) => error,
            };
            let text = outcome::<()>(Err(error)).unwrap_err();
            let expected = if sizes[1..].contains(&0) { "has no numbers" } else { "no memory" };
            assert!(text.contains(expected), "{sizes:?}: {text}");
        }
        let whole = array::read::<f32>(&path).unwrap();
        let text = outcome(Dataset::new(whole, vec![0_u32; 3])).unwrap_err();
        assert!(text.contains("no numbers") || text.contains("0 samples"), "{sizes:?}: {text}");
    }
    // an empty file, and one of numbers without a header that is shorter than they
    std::fs::write(&path, []).unwrap();
    assert!(
        outcome(array::read::<f32>(&path)).unwrap_err().ends_with("IDX or npy file: it is empty")
    );
    for shape in [vec![1], vec![usize::MAX], vec![usize::MAX / 8 + 1, 8], vec![2; 64]] {
        let format = Format::Raw { numbers: NumberType::F64, shape };
        assert!(outcome(array::read_as::<f64>(&path, &format)).is_err());
    }
    std::fs::remove_file(&path).unwrap();
}

#[cfg(feature = "gzip")]
mod gzip {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write as _;

    fn pack(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    /// The sum in its trailer tells every change of the numbers.
    #[test]
    fn every_bit_of_a_packed_file_may_change() {
        let numbers: Vec<u8> = (0..200).map(|i| (i * i % 251) as u8).collect();
        let whole = pack(&idx(&[10, 20], &numbers));
        let right = parsed(&whole).unwrap();
        for len in 0..whole.len() {
            let text = parsed(&whole[..len]).unwrap_err();
            assert!(text.starts_with("not a whole "), "{len} bytes: {text}");
        }
        for at in 0..whole.len() {
            for bit in 0..8 {
                let mut changed = whole.clone();
                changed[at] ^= 1 << bit;
                match parsed(&changed) {
                    // the time and the system, or another way to pack the same
                    Ok(read) => assert_eq!(read, right, "{at} {bit}"),
                    Err(text) => assert!(!text.is_empty()),
                }
            }
        }
        let path = std::env::temp_dir().join(format!("monograd-packed-{}", std::process::id()));
        let mut changed = whole.clone();
        let sum = whole.len() - 8;
        changed[sum] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        // row by row, the last one is where the sum is compared
        let mut file = ArrayFile::<f32>::open(&path).unwrap();
        for row in 0..10 {
            assert_eq!(outcome(file.read_rows(&mut [0.0; 20])).is_ok(), row < 9, "row {row}");
        }
        std::fs::remove_file(&path).unwrap();
    }

    /// A file may be packed in pieces of any size, also of no bytes.
    #[test]
    fn pieces_are_one_file() {
        let file = idx(&[2, 2], &[1, 2, 3, 4]);
        let pieces: Vec<u8> =
            file.iter().flat_map(|byte| [pack(&[*byte]), pack(&[])].concat()).collect();
        assert_eq!(parsed(&pieces).unwrap(), Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
        let empty = pack(&[]).repeat(10_000);
        assert_eq!(parsed(&empty).unwrap_err(), "not a whole IDX or npy file: it is empty");
        let rest = [&pack(&file)[..], b"the rest of a file"].concat();
        assert!(parsed(&rest).unwrap_err().contains("its packed data is damaged"));
        let rest = [&pack(&file)[..], b"rest"].concat();
        assert!(parsed(&rest).unwrap_err().starts_with("not a whole IDX file: it ends after"));
        let twice = pack(&pack(&file));
        assert!(parsed(&twice).unwrap_err().contains("it begins with the bytes [1f, 8b"));
        for no_data in [&[0x1f, 0x8b][..], &[0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0]] {
            assert!(parsed(no_data).unwrap_err().starts_with("not a whole IDX or npy file"));
        }
    }
}

#[test]
fn texts_of_any_bytes() {
    let path = std::env::temp_dir().join(format!("monograd-any-text-{}", std::process::id()));
    let read = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        outcome(text::read(&path))
    };
    for whole in ["", "\0", "a\r\nb\rc\n", "\u{1b}[31m", "größe", "\u{10ffff}"] {
        assert_eq!(read(whole.as_bytes()).unwrap(), whole);
    }
    assert_eq!(read("\u{feff}a\u{feff}".as_bytes()).unwrap(), "a\u{feff}");
    for (cut, line) in [
        (&b"\xc3"[..], 1),
        (b"a\n\xe2\x82", 2),
        (b"\xed\xa0\x80", 1),
        (b"\xc0\x80", 1),
        (b"\n\n\xf8\x88\x80\x80\x80", 3),
        (b"\xff\xfea\0", 1),
    ] {
        let text = read(cut).unwrap_err();
        assert!(text.contains(&format!(", line {line}: not a whole UTF-8 file")), "{text}");
    }
    std::fs::remove_file(&path).unwrap();
}

/// Returns metadata with every bit of the text of its entry changed, and with every part of it cut off.
pub fn damaged(metadata: &BTreeMap<String, String>) -> Vec<BTreeMap<String, String>> {
    let (key, text) = metadata.first_key_value().unwrap();
    let cut = (0..text.len()).map(|len| text.as_bytes()[..len].to_vec());
    let changed = (0..8 * text.len()).map(|place| {
        let mut bytes = text.clone().into_bytes();
        bytes[place / 8] ^= 1 << (place % 8);
        bytes
    });
    let texts = cut.chain(changed).filter_map(|bytes| String::from_utf8(bytes).ok());
    texts.map(|text| BTreeMap::from([(key.clone(), text)])).collect()
}

/// Saved data is whole, or an error tells that it is not.
#[test]
fn metadata_is_whole_or_refused() {
    let scaler = Scaler { center: vec![0.5, -3.0], scale: vec![2.0, 0.25] };
    let vocabulary = text::Vocabulary::of_text("a \"ß\\\n\u{1b}");
    let mut read = 0;
    for metadata in damaged(&scaler.metadata()) {
        if let Ok(scaler) = outcome(Scaler::from_metadata(&metadata)) {
            let scaled = scaler.applied(&Tensor::from([[1.0_f64, 1.0]])).unwrap();
            assert!(scaled.iter().all(|x| x.is_finite()), "{metadata:?}");
            read += 1;
        }
    }
    for metadata in damaged(&vocabulary.metadata()) {
        if let Ok(other) = outcome(text::Vocabulary::from_metadata(&metadata)) {
            assert_eq!(text::Vocabulary::from_metadata(&other.metadata()).unwrap(), other);
            read += 1;
        }
    }
    assert!(read > 0);
    let key =
        |name: &str, text: &str| BTreeMap::from([(format!("monograd.{name}"), text.to_owned())]);
    let deep = "[".repeat(100_000);
    for text in ["", "null", "3", "\"aba\"", "[\"a\"]", "{\"a\":1}", "\"\\ud800\"", &deep] {
        assert!(
            outcome(text::Vocabulary::from_metadata(&key("vocabulary", text))).is_err(),
            "{text}"
        );
    }
    let of = |center: &str, scale: &str| {
        let text = format!(r#"{{"center":[{center}],"scale":[{scale}]}}"#);
        outcome(Scaler::from_metadata(&key("scaler", &text)))
    };
    assert!(of(r#""1""#, r#""2""#).is_ok() && of("", "").is_ok());
    for wrong in ["0", "-0", "1e-999", "nan", "inf", "-inf", "1e999", "", "one", "1 "] {
        assert!(of(r#""1""#, &format!("{wrong:?}")).is_err(), "{wrong}");
    }
    assert!(of("1", "1").is_err() && of(r#""1""#, "").is_err() && of("null", "null").is_err());
}
