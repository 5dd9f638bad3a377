//! Data that is larger than memory.

use super::*;
use array::{ArrayFile, Format, NumberType, read_as};
use std::process::Command;

const ROWS: usize = 5_000;
const COLUMNS: usize = 24_576;
/// Kilobytes of address space: much less than the file has.
const LIMIT: usize = 400 << 10;
const FILE: &str = "MONOGRAD_TEST_LARGE_FILE";

/// Reads the file that the environment names, in the process with little memory.
#[test]
fn in_little_memory() {
    let Some(path) = std::env::var_os(FILE) else { return };
    let format = Format::Raw { numbers: NumberType::F32, shape: vec![ROWS, COLUMNS] };
    let error = read_as::<f32>(&path, &format).unwrap_err();
    assert!(matches!(error.problem(), DataProblem::TooLarge { .. }), "{error}");
    let stream = Streamed::new(ArrayFile::<f32>::open_as(&path, &format).unwrap(), 64);
    let mut batches = Prefetch::new(stream.shuffle(1, 200), 2);
    let mut seen = [false; ROWS];
    for batch in Batches::<Wide>::epoch(&mut batches, 0).unwrap() {
        for row in batch.unwrap().0.rows() {
            assert!(!std::mem::replace(&mut seen[row[0] as usize], true));
        }
    }
    assert!(seen.iter().all(|seen| *seen));
    println!("{ROWS} rows were read");
}

network! {
    Wide(x: [COLUMNS]) -> [1] { x >> Linear(1) }
    loss |y| mean(y * y)
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_larger_than_memory_is_streamed() {
    use std::os::unix::fs::FileExt;
    let path = std::env::temp_dir().join(format!("monograd-large-{}", std::process::id()));
    // almost all of it is a hole, which takes no room on the disk
    let file = std::fs::File::create(&path).unwrap();
    file.set_len((ROWS * COLUMNS * 4) as u64).unwrap();
    for row in 0..ROWS {
        file.write_all_at(&(row as f32).to_le_bytes(), (row * COLUMNS * 4) as u64).unwrap();
    }
    drop(file);
    let child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {LIMIT}; exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "data::tests::memory::in_little_memory",
            "--test-threads=1",
            "--nocapture",
        ])
        .env(FILE, &path)
        .output();
    std::fs::remove_file(&path).unwrap();
    let child = child.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, errors) = (text(&child.stdout), text(&child.stderr));
    assert!(child.status.success() && out.contains("5000 rows were read"), "{out}\n{errors}");
}
