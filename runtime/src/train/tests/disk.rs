//! A disk that is full while a checkpoint is written.

use super::super::Fitted;
use super::*;
use std::process::Command;

/// The environment variable that tells a child its folder.
const FOLDER: &str = "MONOGRAD_TEST_DISK_FOLDER";

fn train(folder: &Path, epochs: u64) -> Result<(Scores, Fitted), Error> {
    let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.01));
    let trainer = Trainer::new(&mut net, &mut adam).epochs(epochs).checkpoints(folder).resume();
    let fitted = trainer.fit(shuffled)?;
    Ok((net, fitted))
}

/// Not a test by itself: the child whose files may not be as long as a checkpoint.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let Err(Error::File(error)) = train(Path::new(&folder), 4) else {
        panic!("a file was longer than allowed, or the error is another")
    };
    assert!(matches!(error.problem, crate::error::FileProblem::Io(_)), "{error:?}");
    println!("\nerror: {error}");
}

/// The error is that of the file system, with the path; what was written before stays, and the training goes on from it.
#[test]
fn a_full_disk_leaves_the_last_checkpoint() {
    let folder = Folder::new("disk");
    train(folder.path(), 2).unwrap();
    let files = || -> Vec<(String, Vec<u8>)> {
        let files = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<_> =
            files.map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect();
        files.sort();
        files
    };
    let before = files();
    assert_eq!(before.len(), 2);

    // a process may not write more than 2 KiB to any file, and is told so by an error instead of a signal
    let limited = r#"trap "" XFSZ; ulimit -f 4; exec "$0" "$@""#;
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new("sh");
    command.args(["-c", limited]).arg(program);
    command.args(["--exact", "train::tests::disk::child", "--nocapture"]);
    let output = command.env(FOLDER, folder.path()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let line = text.lines().find(|line| line.starts_with("error: ")).expect("an error");
    assert!(line.contains("checkpoint-0000000036.safetensors") && line.contains("File too large"));
    assert!(files() == before, "the folder has changed");

    let (resumed, fitted) = train(folder.path(), 4).unwrap();
    assert!(fitted.resumed_from.unwrap().ends_with("checkpoint-0000000024.safetensors"));
    let other = Folder::new("disk-whole");
    let (whole, _) = train(other.path(), 4).unwrap();
    assert_same(&whole, &resumed);
}
