//! Crashes: a file that is cut anywhere, and a process that is killed at any moment.

use super::super::{Checkpoints, Fitted};
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

    // if there is no good one, the error is that of the newest
    std::fs::remove_file(&checkpoints.list()?[0].1).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let error = checkpoints.load(&mut net, &mut adam).unwrap_err().to_string();
    assert!(error.contains("checkpoint-0000000002.safetensors"), "{error}");
    Ok(())
}

/// The environment variable that tells a child its folder.
const FOLDER: &str = "MONOGRAD_TEST_CRASH_FOLDER";

fn train(folder: &Path) -> Result<(Scores, Fitted), Error> {
    let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.01));
    let fitted = Trainer::new(&mut net, &mut adam)
        .epochs(40)
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
        train(Path::new(&folder)).unwrap();
    }
}

fn start(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "train::tests::crash::child", "--test-threads", "1"]);
    command.env(FOLDER, folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Kills a training again and again, and lets it go on to its end. Returns the number of kills that hit it.
fn kill(folder: &Path, kills: u32, seed: u64) -> u32 {
    let mut hits = 0;
    for kill in 0..kills {
        let files = || Checkpoints::new(folder).list().map_or(0, |files| files.len());
        let mut child = start(folder);
        // not before it trains
        let begin = Instant::now();
        while files() == 0 && begin.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let pause = Philox::new(seed).stream(u64::from(kill)).below(60_000);
        std::thread::sleep(Duration::from_micros(pause as u64));
        hits += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    hits
}

fn killed(name: &str, kills: u32) {
    let folder = Folder::new(name);
    let hits = kill(folder.path(), kills, u64::from(std::process::id()));
    let (resumed, fitted) = train(folder.path()).unwrap();
    println!("{kills} kills, {hits} of a running process, resumed from {:?}", fitted.resumed_from);
    assert!(hits > 0 && fitted.resumed_from.is_some());
    let other = Folder::new(&format!("{name}-whole"));
    let (whole, once) = train(other.path()).unwrap();
    assert_same(&whole, &resumed);
    assert_eq!(once.history.step_series("loss"), fitted.history.step_series("loss"));
}

/// A process that is killed goes on from its last checkpoint, to the same bits.
#[test]
fn a_process_that_is_killed() {
    killed("killed", 4);
}

/// The same many times: `cargo test -p monograd --lib many_kills -- --ignored --nocapture`.
#[test]
#[ignore = "takes a minute"]
fn many_kills() {
    killed("many-kills", 50);
}
