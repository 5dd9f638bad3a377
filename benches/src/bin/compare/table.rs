//! The table of results: one row for each workload and number of threads, one column for each side.

use monograd_benches::results::{Measurement, rounded};
use std::fmt::Write;
use std::process::Command;

/// The side with which the others are compared.
const OURS: &str = "monograd";

/// Returns the table, below a line about the machine and the versions.
pub fn page(measurements: &[Measurement], rounds: usize) -> String {
    let peers = distinct(measurements, |m| m.peer.clone());
    let rows = distinct(measurements, |m| (m.workload.clone(), m.threads));
    let mut page = format!(
        "{}, {} cores, {}; {}. Median of {rounds} rounds' medians, in brackets the best.\n\n",
        processor(),
        std::thread::available_parallelism().map_or(0, usize::from),
        output("rustc", &["--version"]),
        output("date", &["-u", "+%Y-%m-%d"]),
    );
    let _ = writeln!(page, "| workload | threads | {} | best peer / {OURS} |", peers.join(" | "));
    let _ = writeln!(page, "|---|---|{}---|", "---|".repeat(peers.len()));
    for (workload, threads) in rows {
        let of = |peer: &str| {
            let chosen = measurements
                .iter()
                .filter(|m| m.peer == peer && m.workload == workload && m.threads == threads);
            summary(&chosen.collect::<Vec<_>>())
        };
        let _ = write!(page, "| `{workload}` | {threads} |");
        let (mut ours, mut best) = (None, None::<f64>);
        for peer in &peers {
            match of(peer) {
                Some((median, min, unit)) => {
                    let _ = write!(page, " {median} {unit} ({min}) |");
                    if peer == OURS {
                        ours = Some(median);
                    } else {
                        best = Some(best.map_or(median, |best| best.min(median)));
                    }
                }
                None => page.push_str(" |"),
            }
        }
        match ours.zip(best) {
            Some((ours, best)) => {
                let _ = writeln!(page, " {:.2} |", best / ours);
            }
            None => page.push_str(" |\n"),
        }
    }
    page
}

/// Returns the median of the medians, the least value, and the unit.
fn summary<'a>(rounds: &[&'a Measurement]) -> Option<(f64, f64, &'a str)> {
    let mut medians: Vec<f64> = rounds.iter().map(|m| m.median).collect();
    medians.sort_by(f64::total_cmp);
    let min = rounds.iter().map(|m| m.min).min_by(f64::total_cmp)?;
    Some((rounded(medians[medians.len() / 2]), rounded(min), &rounds[0].unit))
}

/// Returns the distinct values, in the order of their first occurrence.
fn distinct<T: PartialEq>(
    measurements: &[Measurement],
    value: impl Fn(&Measurement) -> T,
) -> Vec<T> {
    let mut values = Vec::new();
    for value in measurements.iter().map(value) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

fn processor() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.to_owned())
}

/// Returns the output of a command, trimmed.
fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(
        |_| format!("{program} unknown"),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}
