//! Paths to what is no regular file.

use super::*;
use crate::error::FileProblem;
use crate::train::History;
use std::path::Path;
use std::process::Command;

/// Returns the kind of file that an error of data tells of.
fn kind<T>(result: Result<T, DataError>) -> &'static str {
    match result.err().expect("a path that is refused").problem() {
        DataProblem::NotRegular { kind } => kind,
        other => panic!("{other}"),
    }
}

/// Returns what each reader and writer of data says of a path.
fn kinds(path: &Path) -> Vec<&'static str> {
    let history = match History::load_csv(path) {
        Err(Error::File(error)) => match error.problem {
            FileProblem::NotRegular { kind } => kind,
            other => panic!("{other}"),
        },
        other => panic!("{other:?}"),
    };
    vec![
        history,
        kind(array::read::<f32>(path)),
        kind(array::ArrayFile::<u32>::open(path)),
        kind(text::read(path)),
        #[cfg(feature = "csv")]
        kind(csv::Table::read(path)),
        #[cfg(feature = "wav")]
        kind(wav::read(path)),
        #[cfg(feature = "wav")]
        kind(wav::write(path, &wav::Recording::mono(8_000, Tensor::from([0.5])))),
    ]
}

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let folder = std::env::temp_dir().join(format!("monograd-irregular-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let fifo = folder.join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    assert!(kinds(&fifo).iter().all(|kind| *kind == "a FIFO"));
    assert!(kinds(&folder).iter().all(|kind| *kind == "a folder"));
    // an endless file
    assert!(kinds(Path::new("/dev/zero")).iter().all(|kind| *kind == "a device"));
    std::fs::remove_dir_all(&folder).unwrap();
}
