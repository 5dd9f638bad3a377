use super::*;

/// Returns an IDX file of bytes.
fn idx(sizes: &[u32], data: &[u8]) -> Vec<u8> {
    let axes = u8::try_from(sizes.len()).unwrap();
    let sizes = sizes.iter().flat_map(|size| size.to_be_bytes());
    [0, 0, 8, axes].into_iter().chain(sizes).chain(data.iter().copied()).collect()
}

/// Returns an npy file of a version with a header.
fn npy(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    match version {
        1 => bytes.extend((header.len() as u16).to_le_bytes()),
        _ => bytes.extend((header.len() as u32).to_le_bytes()),
    }
    bytes.extend(header.bytes());
    bytes.extend(data);
    bytes
}

fn message<E: ArrayElement>(bytes: &[u8]) -> String {
    parse::<E>(bytes, &Format::Detect).unwrap_err().to_string()
}

#[test]
fn all_types_of_idx_are_read() {
    let of = |kind: u8, data: &[u8]| [&[0, 0, kind, 1, 0, 0, 0, 2], data].concat();
    let files = [
        of(0x08, &[1, 200]),
        of(0x0b, &[0, 1, 0, 200]),
        of(0x0c, &[0, 0, 0, 1, 0, 0, 0, 200]),
        of(0x0d, &[1.0_f32.to_be_bytes(), 200.0_f32.to_be_bytes()].concat()),
        of(0x0e, &[1.0_f64.to_be_bytes(), 200.0_f64.to_be_bytes()].concat()),
    ];
    for file in files {
        assert_eq!(parse::<u32>(&file, &Format::Detect).unwrap(), Tensor::from([1, 200]));
        assert_eq!(parse::<f32>(&file, &Format::Idx).unwrap(), Tensor::from([1.0, 200.0]));
    }
    let signed = of(0x09, &[1, 0xff]);
    assert_eq!(parse::<f64>(&signed, &Format::Idx).unwrap(), Tensor::from([1.0, -1.0]));
    assert_eq!(message::<u32>(&signed), "-1 at [1] is not a u32");
}

#[test]
fn npy_is_read_in_both_orders() {
    let numbers: Vec<u8> = (0..6_i16).flat_map(|x| (x - 2).to_be_bytes()).collect();
    for version in [1, 2, 3] {
        let of =
            |order| format!("{{'descr': '>i2', 'fortran_order': {order}, 'shape': (2, 3), }}  \n");
        let c = parse::<f32>(&npy(version, &of("False"), &numbers), &Format::Npy).unwrap();
        assert_eq!(c, Tensor::from([[-2.0, -1.0, 0.0], [1.0, 2.0, 3.0]]));
        let fortran = parse::<f32>(&npy(version, &of("True"), &numbers), &Format::Npy).unwrap();
        assert_eq!(fortran, Tensor::from([[-2.0, 0.0, 2.0], [-1.0, 1.0, 3.0]]));
    }
    let single =
        npy(1, "{\"shape\": (), 'fortran_order':True,'descr':'<f8'}", &2.5_f64.to_le_bytes());
    assert_eq!(parse::<f32>(&single, &Format::Npy).unwrap().as_slice(), [2.5]);
    let none = npy(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3)}", &[]);
    assert_eq!(parse::<f32>(&none, &Format::Npy).unwrap().shape(), [0, 3]);
    let place = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 2)}";
    let huge = npy(1, &place.replace("|u1", "<u8"), &[[0xff; 8]; 4].concat());
    assert_eq!(message::<u32>(&huge), "18446744073709552000 at [0, 0] is not a u32");
}

#[test]
fn damaged_files_are_refused() {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }";
    let files = [idx(&[2, 2], &[1, 2, 3, 4]), npy(1, header, &[0; 16]), npy(2, header, &[0; 16])];
    for file in &files {
        assert!(parse::<f32>(file, &Format::Detect).is_ok());
        for len in 0..file.len() {
            let error = parse::<f32>(&file[..len], &Format::Detect).unwrap_err();
            assert!(matches!(error.problem(), DataProblem::Format { .. }), "{len} bytes: {error}");
        }
        let long = [&file[..], &[0]].concat();
        assert!(message::<f32>(&long).contains("bytes, but its header tells of"));
        // whatever one byte is changed to: a value or an error
        for place in 0..file.len() {
            for byte in 0..=255 {
                let mut file = file.clone();
                file[place] = byte;
                let _ = parse::<f32>(&file, &Format::Detect);
                let _ = parse::<u32>(&file, &Format::Detect);
            }
        }
    }
}

#[test]
fn sizes_alone_allocate_nothing() {
    let all = message::<f32>(&idx(&[u32::MAX; 4], &[]));
    assert!(all.ends_with("are more than can be counted"), "{all}");
    assert_eq!(
        message::<f32>(&idx(&[1 << 20, 1 << 20], &[1])),
        "not a whole IDX file: it has 13 bytes, but its header tells of 1099511627788"
    );
    let many = "{'descr': '<f8', 'fortran_order': True, 'shape': (9999999999, 9999999999, 9), }";
    assert!(message::<f32>(&npy(1, many, &[])).contains("more than can be counted"));
    let beyond = "{'descr': '<f8', 'fortran_order': True, 'shape': (99999999999999999999,), }";
    assert!(message::<f32>(&npy(1, beyond, &[])).contains("the header is"));
    assert!(
        message::<f32>(&idx(&[0, u32::MAX, u32::MAX, u32::MAX], &[0])).contains("header tells of")
    );
    let mut long = b"\x93NUMPY\x02\x00".to_vec();
    long.extend(u32::MAX.to_le_bytes());
    assert_eq!(message::<f32>(&long), "not a whole npy file: a header of 4294967295 bytes");
}

#[test]
fn what_is_not_read_is_named() {
    let of = |descr: &str| {
        npy(1, &format!("{{'descr': {descr}, 'fortran_order': False, 'shape': ()}}"), &[])
    };
    for descr in ["'<c8'", "'|O'", "'<U3'", "[('a', '<f4'), ('b', '<i2')]", "'=f4'", "'<f2'", "''"]
    {
        let message = message::<f32>(&of(descr));
        assert!(message.starts_with("an array of type `"), "{message}");
    }
    assert_eq!(
        message::<f32>(b"PK\x03\x04"),
        "not a whole IDX or npy file: it begins with the bytes [50, 4b, 03, 04]"
    );
    let folder = read::<f32>(std::env::temp_dir()).unwrap_err().to_string();
    assert!(folder.ends_with(": a folder, not a regular file"), "{folder}");
    let missing = std::env::temp_dir().join("monograd-no-such-file");
    assert!(matches!(read::<f32>(&missing).unwrap_err().problem(), DataProblem::Io(_)));
}

#[test]
fn rows_are_those_of_the_whole() {
    let format = Format::Raw { numbers: NumberType::U16, shape: vec![7, 3] };
    let bytes: Vec<u8> = (0..21_u16).flat_map(u16::to_le_bytes).collect();
    let whole = parse::<f32>(&bytes, &format).unwrap();
    let mut file = ArrayFile::<f32>::start(Supply::Memory(bytes.into()), &format).unwrap();
    for _ in 0..2 {
        let (mut rows, mut all) = ([0.0; 2 * 3 + 1], Vec::new());
        loop {
            let count = file.read_rows(&mut rows).unwrap();
            all.extend_from_slice(&rows[..count * 3]);
            if count == 0 {
                break;
            }
        }
        assert_eq!(all, whole.as_slice());
        file.rewind().unwrap();
    }
}

#[cfg(feature = "gzip")]
#[test]
fn packed_files_are_read_and_bounded() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let pack = |bytes: &[u8]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    };
    let file = idx(&[2, 2], &[1, 2, 3, 4]);
    let packed = pack(&file);
    assert_eq!(parse::<u32>(&packed, &Format::Detect).unwrap(), Tensor::from([[1, 2], [3, 4]]));
    for len in 0..packed.len() {
        assert!(parse::<u32>(&packed[..len], &Format::Detect).is_err(), "{len} bytes");
    }
    for place in 0..packed.len() {
        for bit in 0..8 {
            let mut packed = packed.clone();
            packed[place] ^= 1 << bit;
            let _ = parse::<u32>(&packed, &Format::Detect);
        }
    }
    // more than the header tells of is not unpacked
    let bomb = pack(&[&idx(&[2, 2], &[1, 2, 3, 4])[..], &vec![0; 1 << 22]].concat());
    assert!(bomb.len() < 1 << 14);
    assert!(message::<u32>(&bomb).contains("goes on after the 16 bytes"));
    // nor is room made for what so few bytes cannot hold
    let far = pack(&idx(&[1 << 15, 1 << 15, 8], &[0; 1000]));
    assert!(
        message::<f32>(&far).contains("but its header tells of 8589934608"),
        "{}",
        message::<f32>(&far)
    );
}
