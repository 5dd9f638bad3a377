//! The rows of the comparison that a side measures, chosen on its command line.

use crate::data::Random;
use crate::memory;
use crate::protocol::{Seconds, measure};
use crate::results::{Measurement, rounded};
use clap::Parser;
use std::process::ExitCode;

/// Measures rows; prints a JSON line each.
#[derive(Parser)]
struct Options {
    /// Names of rows, or their beginnings (`mlp-infer` is `mlp-infer-b1` and `mlp-infer-b256`), or `all`
    #[arg(required = true)]
    rows: Vec<String>,
    /// Threads to use
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

impl Options {
    /// Returns true if one of the names is `row` or a prefix of it.
    fn choose(&self, row: &str) -> bool {
        self.rows.iter().any(|name| {
            name == "all"
                || row
                    .strip_prefix(name.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        })
    }
}

/// One side of the comparison: a library that runs the rows.
pub struct Side {
    peer: String,
    options: Options,
    known: Vec<String>,
    measured: usize,
}

/// Runs the chosen rows of a side.
pub fn run(peer: &str, rows: impl FnOnce(&mut Side)) -> ExitCode {
    let options = Options::parse();
    // SAFETY: the only thread so far is this one.
    unsafe { std::env::set_var("RAYON_NUM_THREADS", options.threads.to_string()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(options.threads)
        .build_global()
        .expect("the first use of the global pool");
    let mut side = Side { peer: peer.to_owned(), options, known: Vec::new(), measured: 0 };
    rows(&mut side);
    if side.measured == 0 {
        eprintln!("no such row; {peer} has {}", side.known.join(" "));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

impl Side {
    /// Times a forward pass, a call that `setup` returns.
    pub fn infer<C: FnMut() -> R, R>(&mut self, row: &str, setup: impl FnOnce(&mut Random) -> C) {
        if self.is_chosen(row) {
            let call = setup(&mut Random::new(1));
            self.report(row, measure(call), "");
        }
    }

    /// Times a training step, a call that `setup` returns. `loss` reads the last step's result, outside the
    /// timing.
    pub fn train<C: FnMut() -> R, R>(
        &mut self,
        row: &str,
        setup: impl FnOnce(&mut Random) -> C,
        loss: impl FnOnce(R) -> f32,
    ) {
        if self.is_chosen(row) {
            let mut step = setup(&mut Random::new(1));
            let seconds = measure(&mut step);
            let loss = loss(step());
            assert!(loss.is_finite(), "{row}: the loss is {loss}");
            self.report(row, seconds, &format!("loss {loss:.3}"));
        }
    }

    /// Measures the nanoseconds per element of a call that processes `len` elements.
    pub fn elements<R>(&mut self, row: &str, len: usize, call: impl FnMut() -> R) {
        if self.is_chosen(row) {
            let Seconds { median, min } = measure(call);
            let scale = 1e9 / len as f64;
            self.print(row, (median * scale, min * scale), "ns/element", "");
        }
    }

    /// Measures the memory that one call takes beside what is there before, results included.
    pub fn peak<C: FnMut() -> R, R>(&mut self, row: &str, setup: impl FnOnce(&mut Random) -> C) {
        if self.is_chosen(row) {
            let call = setup(&mut Random::new(1));
            match memory::peak(call) {
                Some(bytes) => {
                    let mib = bytes as f64 / f64::from(1 << 20);
                    self.print(row, (mib, mib), "MiB", "results included");
                }
                None => eprintln!("{row}: this operating system does not tell"),
            }
        }
    }

    fn is_chosen(&mut self, row: &str) -> bool {
        self.known.push(row.to_owned());
        let chosen = self.options.choose(row);
        self.measured += usize::from(chosen);
        chosen
    }

    fn report(&self, row: &str, seconds: Seconds, note: &str) {
        // the rows that are short enough for nanoseconds
        let short = ["mlp-tiny-infer", "lstm-infer"].contains(&row);
        let (unit, scale) = if short { ("ns", 1e9) } else { ("us", 1e6) };
        self.print(row, (seconds.median * scale, seconds.min * scale), unit, note);
    }

    fn print(&self, row: &str, (median, min): (f64, f64), unit: &str, note: &str) {
        let measurement = Measurement {
            peer: self.peer.clone(),
            workload: row.to_owned(),
            threads: self.options.threads,
            median: rounded(median),
            min: rounded(min),
            unit: unit.to_owned(),
            note: note.to_owned(),
        };
        measurement.print();
    }
}
