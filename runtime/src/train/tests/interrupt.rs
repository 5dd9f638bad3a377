//! Ctrl-C and SIGTERM, sent to a process that trains.

use super::super::{Checkpoints, Event, Fitted, Stop};
use super::*;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// The environment variables that tell a child its folder, and the role that it has.
const FOLDER: &str = "MONOGRAD_TEST_INTERRUPT_FOLDER";
const ROLE: &str = "MONOGRAD_TEST_INTERRUPT_ROLE";

/// The number by which Ctrl-C ends a process that does not catch it.
const SIGINT: i32 = 2;

/// Trains without any checkpoint but that of an interruption.
fn train(folder: &Path, epochs: u64, hangs: bool) -> Result<(Scores, Fitted), Error> {
    let (mut net, mut adam) = (Scores::init(1), AdamW::new(0.01));
    let is_child = std::env::var_os(FOLDER).is_some();
    let fitted = Trainer::new(&mut net, &mut adam)
        .epochs(epochs)
        .accumulate(2)
        .average(0.99)
        .patience(u64::MAX)
        .checkpoints(Checkpoints::new(folder).every_epochs(0))
        .resume()
        .interruptible()
        .report(|line| {
            if is_child {
                println!("{line}");
            }
        })
        .on(Event::StepEnd, |at| {
            if hangs && at.step() == 3 {
                println!("\nhangs");
                std::thread::sleep(Duration::from_secs(60));
            }
        })
        .fit(shuffled)?;
    Ok((net, fitted))
}

/// Not a test by itself: the child that signals are sent to.
#[test]
fn child() -> Result<(), Error> {
    let Some(folder) = std::env::var_os(FOLDER) else { return Ok(()) };
    let folder = Path::new(&folder);
    match std::env::var(ROLE).unwrap().as_str() {
        "endless" => {
            let (_, fitted) = train(folder, u64::MAX, false)?;
            println!("\n{:?} after {} steps", fitted.stop, fitted.steps);
        }
        "hangs" => drop(train(folder, 1, true)?),
        _ => {
            train(folder, 1, false)?;
            println!("\ntrained");
            std::thread::sleep(Duration::from_secs(60));
        }
    }
    Ok(())
}

/// A child, and the lines that it prints.
struct Running {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(folder: &Path, role: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "train::tests::interrupt::child", "--nocapture"]);
        command.env(FOLDER, folder).env(ROLE, role);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Reads up to a line that begins like this, and returns it.
    fn read_to(&mut self, begin: &str) -> String {
        let mut lines = self.lines.by_ref().map(Result::unwrap);
        lines.find(|line| line.starts_with(begin)).expect(begin)
    }

    fn signal(&self, name: &str) {
        let process = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &process]).status().unwrap().success());
    }
}

/// A test that fails leaves no child behind.
impl std::ops::Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The training ends after the step, the process as it likes, and what is resumed is as if nothing had happened.
#[test]
fn a_signal_ends_a_training_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let folder = Folder::new(&format!("signal{signal}"));
        let mut running = Running::start(folder.path(), "endless");
        running.read_to("epoch ");
        running.signal(signal);
        let text = running.read_to("Interrupted after ");
        assert!(running.child.wait().unwrap().success());
        let steps: u64 = text.split(' ').nth(2).unwrap().parse().unwrap();
        let written = Checkpoints::new(folder.path()).list().unwrap();
        assert_eq!(written.iter().map(|(step, _)| *step).collect::<Vec<_>>(), [steps]);

        // an epoch has 6 steps
        let epochs = steps / 6 + 2;
        let (resumed, fitted) = train(folder.path(), epochs, false).unwrap();
        assert_eq!(fitted.resumed_from.as_ref(), Some(&written[0].1));
        let other = Folder::new(&format!("signal{signal}-whole"));
        let (whole, once) = train(other.path(), epochs, false).unwrap();
        assert_same(&whole, &resumed);
        assert_eq!((once.stop, once.steps), (Stop::Finished, fitted.steps));
        assert_eq!(once.history.step_series("loss"), fitted.history.step_series("loss"));
        assert_eq!(once.history.series("loss"), fitted.history.series("loss"));
    }
}

/// A second Ctrl-C does not wait for the end of a step.
#[test]
fn a_second_signal_ends_the_process() {
    let folder = Folder::new("second-signal");
    let mut running = Running::start(folder.path(), "hangs");
    running.read_to("hangs");
    let (start, mut signals) = (Instant::now(), 0);
    let status = loop {
        if let Some(status) = running.child.try_wait().unwrap() {
            break status;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "it does not end");
        running.signal("-INT");
        signals += 1;
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(status.signal(), Some(SIGINT));
    assert!(signals >= 2, "the first one is caught");
    assert_eq!(Checkpoints::new(folder.path()).list().unwrap(), []);
}

/// After a training, Ctrl-C ends the process as ever.
#[test]
fn a_signal_after_a_training_is_as_ever() {
    let folder = Folder::new("late-signal");
    let mut running = Running::start(folder.path(), "trained");
    running.read_to("trained");
    running.signal("-INT");
    assert_eq!(running.child.wait().unwrap().signal(), Some(SIGINT));
}

/// Signals are caught until the last of several trainings in threads has ended, which an end does not interrupt.
#[test]
fn trainings_in_threads_do_not_end_each_other() {
    let (folder, other) = (Folder::new("thread-long"), Folder::new("thread-short"));
    std::thread::scope(|scope| {
        let long = scope.spawn(|| train(folder.path(), 300, false).unwrap().1);
        while !long.is_finished() {
            let _ = std::fs::remove_dir_all(other.path());
            assert_eq!(train(other.path(), 1, false).unwrap().1.stop, Stop::Finished);
        }
        let fitted = long.join().unwrap();
        assert_eq!((fitted.stop, fitted.steps), (Stop::Finished, 1800));
    });
}
