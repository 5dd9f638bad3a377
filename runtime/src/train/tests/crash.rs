//! Crashes: a file that is cut anywhere, and a process that is killed at any moment.

use super::super::{Checkpoints, Fitted, TrainError};
use super::*;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A newest file that is cut at any byte leaves the last good one.
#[test]
fn a_file_that_is_cut() -> Result<(), Error> {
    let folder = Folder::new("cut");
    let checkpoints = Checkpoints::new(folder.path());
    let (mut net, mut adam) = (Line::init(1), AdamW::new(0.1));
    net.train_step(&[1.0], &[2.0], &mut adam)?;
    checkpoints.save(&net, &adam, 1)?;
    let good = net.clone();
    net.train_step(&[1.0], &[2.0], &mut adam)?;
    checkpoints.save(&net, &adam, 2)?;
    let path = checkpoints.list()?[1].1.clone();
    let whole = std::fs::read(&path).unwrap();
    for len in 0..whole.len() {
        std::fs::write(&path, &whole[..len]).unwrap();
        let (mut restored, mut optimizer) = (Line::init(9), AdamW::new(0.0));
        assert_eq!(checkpoints.load(&mut restored, &mut optimizer)?, Some(1), "{len} bytes");
        assert_same(&restored, &good);
        assert_eq!((optimizer.steps(), optimizer.learning_rate()), (1, 0.1));
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(checkpoints.load(&mut net, &mut adam)?, Some(2));

    // if there is no good one, each is named with what is wrong with it
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    std::fs::write(&checkpoints.list()?[0].1, "").unwrap();
    let error = checkpoints.load(&mut net, &mut adam).unwrap_err();
    let text = error.to_string();
    let shown = folder.path().display();
    assert!(text.starts_with(&format!(
        "no checkpoint in `{shown}` is whole; restore one from a copy, or remove them to begin anew: \
         `{shown}/checkpoint-0000000002.safetensors`: not a whole safetensors file: "
    )), "{text}");
    assert!(
        text.contains("; `") && text.contains("checkpoint-0000000001.safetensors`: not a"),
        "{text}"
    );
    assert!(matches!(&error, Error::Train(error)
        if matches!(&**error, TrainError::NoneWhole { damages, .. } if damages.len() == 2)));
    for step in 3..9 {
        std::fs::write(folder.path().join(format!("checkpoint-{step}.safetensors")), "x").unwrap();
    }
    let many = checkpoints.load(&mut net, &mut adam).unwrap_err().to_string();
    assert!(many.ends_with("; and 3 more") && many.contains("checkpoint-8."), "{many}");
    Ok(())
}

/// The environment variables that tell a child its folder, and the number of epochs.
const FOLDER: &str = "MONOGRAD_TEST_CRASH_FOLDER";
const EPOCHS: &str = "MONOGRAD_TEST_CRASH_EPOCHS";

fn train(folder: &Path, epochs: u64) -> Result<(Scores, Fitted), Error> {
    let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.01));
    let fitted = Trainer::new(&mut net, &mut adam)
        .epochs(epochs)
        .accumulate(2)
        .average(0.99)
        .patience(1000)
        .checkpoints(Checkpoints::new(folder).every_steps(1))
        .resume()
        .fit(shuffled)?;
    Ok((net, fitted))
}

/// Not a test by itself: the child that is killed.
#[test]
fn child() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let epochs = std::env::var(EPOCHS).unwrap().parse().unwrap();
        train(Path::new(&folder), epochs).unwrap();
    }
}

fn start(folder: &Path, epochs: u64) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "train::tests::crash::child", "--test-threads", "1"]);
    command.env(FOLDER, folder).env(EPOCHS, epochs.to_string());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills a training again and again, each time after it has written at least one checkpoint more. Returns the number
/// of kills that hit a running process, and of part files that they left: files that were being written.
fn kill(folder: &Path, kills: u32, epochs: u64, seed: u64) -> (u32, usize) {
    let newest = || {
        let files = Checkpoints::new(folder).list().unwrap();
        files.last().map(|(step, _)| *step)
    };
    let (mut hits, mut parts) = (0, 0);
    for kill in 0..kills {
        let (before, begin) = (newest(), Instant::now());
        let mut child = start(folder, epochs);
        while newest() == before && begin.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let pause = Philox::new(seed).stream(u64::from(kill)).below(40_000);
        std::thread::sleep(Duration::from_micros(pause as u64));
        hits += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        let files = std::fs::read_dir(folder).unwrap().flatten();
        let part = |file: &std::fs::DirEntry| file.path().extension().is_some_and(|e| e == "part");
        parts = files.filter(part).count();
    }
    (hits, parts)
}

fn killed(name: &str, kills: u32, epochs: u64) {
    let folder = Folder::new(name);
    let (hits, parts) = kill(folder.path(), kills, epochs, u64::from(std::process::id()));
    let (resumed, fitted) = train(folder.path(), epochs).unwrap();
    println!(
        "{kills} kills, {hits} of a running process, {parts} in a write; resumed from {:?}",
        fitted.resumed_from
    );
    assert!(hits > 0 && fitted.resumed_from.is_some());
    let other = Folder::new(&format!("{name}-whole"));
    let (whole, once) = train(other.path(), epochs).unwrap();
    assert_same(&whole, &resumed);
    assert_eq!(once.history.step_series("loss"), fitted.history.step_series("loss"));
}

/// A process that is killed goes on from its last checkpoint, to the same bits.
#[test]
fn a_process_that_is_killed() {
    killed("killed", 4, 4);
}

/// The same many times: `cargo test -p monograd --lib many_kills -- --ignored --nocapture`.
#[test]
#[ignore = "takes a minute"]
fn many_kills() {
    killed("many-kills", 50, 60);
}
