//! Why do large language models avoid the sigmoid? Measures every claim of the answer:
//! `cargo run --release --example activations -- --help`.

#[path = "study/study.rs"]
mod study;

use clap::Parser;
use monograd_examples::Outcome;
use monograd_examples::terminal::finish;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use study::{Results, Scale, centring, cost, gates, output, practice, vanishing};

type Experiment = fn(Scale, &mut Results) -> Outcome;

/// The experiments, in the order of the book's chapters.
const EXPERIMENTS: [(&str, Experiment); 6] = [
    ("vanishing", vanishing::run),
    ("centring", centring::run),
    ("practice", practice::run),
    ("output", output::run),
    ("gates", gates::run),
    ("cost", cost::run),
];

/// Measures why large language models avoid the sigmoid. Without names, runs all experiments: 40 minutes on two cores.
#[derive(Parser)]
struct Options {
    /// Names of experiments
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(EXPERIMENTS.map(|(name, _)| name)))]
    names: Vec<String>,
    /// Everything small, in two minutes
    #[arg(long)]
    quick: bool,
    /// A folder for the tables, numbers and figures that the book shows
    #[arg(long, value_name = "FOLDER")]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

fn run(options: &Options) -> Outcome {
    let scale = if options.quick { Scale::Quick } else { Scale::Whole };
    for (name, experiment) in EXPERIMENTS {
        if options.names.is_empty() || options.names.iter().any(|asked| asked == name) {
            let start = Instant::now();
            let mut results = Results::default();
            experiment(scale, &mut results)?;
            println!("{name}: {:.0} s", start.elapsed().as_secs_f64());
            // a run that is ended later keeps this experiment
            if let Some(folder) = &options.write {
                results.write(folder)?;
            }
        }
    }
    Ok(())
}
