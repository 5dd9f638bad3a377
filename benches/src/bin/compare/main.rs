//! Runs every side in several rounds, and writes a table of the results.
//!
//! Rounds alternate between the sides (A B C, A B C, ...), so that other load of the machine disturbs all
//! of them alike.

use clap::Parser;
use monograd_benches::results::Measurement;
use sides::Kind;
use std::error::Error;
use std::path::PathBuf;

mod sides;
mod table;

/// Compares monograd with its peers.
#[derive(Parser)]
struct Options {
    /// Rows to compare, or their beginnings
    #[arg(default_value = "mlp")]
    rows: Vec<String>,
    /// The sides, in the order of the table; those in Python need `--python`
    #[arg(long, value_enum, value_delimiter = ',')]
    sides: Vec<Kind>,
    /// A Python interpreter that has torch, jax, onnx and onnxruntime
    #[arg(long)]
    python: Option<PathBuf>,
    /// Numbers of threads
    #[arg(long, value_delimiter = ',', default_value = "1,2")]
    threads: Vec<usize>,
    /// Rounds
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// File to which the table is written, in Markdown; also printed
    #[arg(long)]
    output: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let kinds = match options.sides.as_slice() {
        [] => Kind::all(options.python.is_some()),
        kinds => kinds.to_vec(),
    };
    let commands = kinds
        .iter()
        .map(|kind| kind.prepare(options.python.as_deref()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut measurements: Vec<Measurement> = Vec::new();
    for &threads in &options.threads {
        for round in 1..=options.rounds {
            for (kind, command) in kinds.iter().zip(&commands) {
                eprintln!("threads {threads}, round {round}: {kind:?}");
                let found = command.run(&options.rows, threads)?;
                found.iter().for_each(Measurement::print);
                measurements.extend(found);
            }
        }
    }
    let page = table::page(&measurements, options.rounds);
    println!("\n{page}");
    if let Some(path) = options.output {
        std::fs::write(path, page)?;
    }
    Ok(())
}
