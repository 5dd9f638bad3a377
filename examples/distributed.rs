//! Learns to read digits by several ranks, each with its part of every batch: as threads of one process,
//! `cargo run --release --example distributed -- --threads 4`, or by MPI as processes of one machine or many,
//! `cargo build --release --features mpi --example distributed` and
//! `mpirun -n 4 target/release/examples/distributed`.

use clap::Parser;
#[cfg(feature = "mpi")]
use monograd::distributed::Mpi;
use monograd::distributed::{Collective, CollectiveError, DataParallel, Threads};
use monograd::train::Checkpoints;
use monograd::{Philox, prelude::*};
use monograd_examples::data::digits::{self, Dataset};
use std::path::PathBuf;
use std::{fmt, process::ExitCode, time::Instant};

// ANCHOR: network
network! {
    /// Reads an 8x8 handwritten digit. Dropout draws by the place of a sample in the whole batch.
    Reader(x: [64]) -> [10] {
        x >> Linear(64) >> Gelu >> Dropout(0.1) >> Linear(64) >> Gelu >> Linear(10)
    }
    loss cross_entropy
    metric accuracy
}
// ANCHOR_END: network

/// Learns to read 8x8 handwritten digits by several ranks.
#[derive(Clone, Parser)]
struct Options {
    /// Number of threads that are ranks, instead of the processes that `mpirun` has started
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// Number of passes over the 1,438 digits
    #[arg(long, default_value_t = 20)]
    epochs: u64,
    /// Number of samples of a batch, of all ranks together
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,
    /// A folder for a checkpoint of every epoch; if there is one, the training goes on from the last
    #[arg(long, value_name = "FOLDER")]
    checkpoints: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match options.threads {
        Some(ranks) => Threads::run(ranks.into(), |world| train(world, &options)).map(|_| ()),
        None => by_mpi(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "mpi")]
fn by_mpi(options: &Options) -> Result<(), Failed> {
    Mpi::run(|world| train(world, options)).map(|_| ())
}

#[cfg(not(feature = "mpi"))]
fn by_mpi(_: &Options) -> Result<(), Failed> {
    Err(Failed("this program was built without the feature `mpi`: say `--threads 4`".to_owned()))
}

/// An error of a rank.
#[derive(Debug)]
struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Converts what a call returns, by its message.
macro_rules! from {
    ($($error:ty),*) => {$(
        impl From<$error> for Failed {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        }
    )*};
}

from!(Error, CollectiveError);

/// Trains on one of the ranks, and returns the accuracy on digits that were held out.
fn train(world: &mut impl Collective, options: &Options) -> Result<f32, Failed> {
    let (train, test) = digits::split();
    let start = Instant::now();
    // ANCHOR: train
    let mut group = DataParallel::new(world);
    let mut net = Reader::init(42);
    let mut optimizer = AdamW::new(3e-3);
    let checkpoints = options.checkpoints.as_ref().map(Checkpoints::from);
    if group.is_first()
        && let Some(checkpoints) = &checkpoints
        && let Some(epoch) = checkpoints.load(&mut net, &mut optimizer)?
    {
        println!("goes on after epoch {epoch}");
    }
    group.broadcast(&mut net)?;
    group.broadcast_optimizer(&mut optimizer, &net)?;
    let batches = train.len().div_ceil(options.batch as usize) as u64;
    for epoch in optimizer.steps() / batches..options.epochs {
        // the same order on every rank, of which each takes its part
        let order = Philox::new(42).stream(1 + epoch).permutation(train.len());
        let mut sum = 0.0;
        for batch in order.chunks(options.batch as usize) {
            let own = train.select(&batch[group.part(batch.len())]);
            let (x, labels) = (own.images.as_flattened(), &own.labels);
            sum += group.train_step(&mut net, x, labels, &mut optimizer)?;
        }
        if group.is_first() {
            println!("epoch {}: loss {:.4}", epoch + 1, sum / batches as f32);
            if let Some(checkpoints) = &checkpoints {
                checkpoints.save(&net, &optimizer, epoch + 1)?;
            }
        }
    }
    // ANCHOR_END: train
    let accuracy = measure(&mut group, &net, &test)?;
    if group.is_first() {
        let ranks = group.collective().size();
        println!("{ranks} ranks, {:.2} s", start.elapsed().as_secs_f64());
        println!("test accuracy: {:.1} %", 100.0 * accuracy);
    }
    Ok(accuracy)
}

/// Returns the share of digits that the network reads right, each of which one rank reads.
fn measure<C: Collective>(
    group: &mut DataParallel<C, f32>,
    net: &Reader,
    test: &Dataset,
) -> Result<f32, Failed> {
    let part = group.part(test.len());
    let own = &test.images[part.clone()];
    let measures = group.measure(net, own.as_flattened(), &test.labels[part])?;
    Ok(measures.get("accuracy").unwrap_or(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(epochs: u64, checkpoints: Option<PathBuf>) -> Options {
        Options { threads: None, epochs, batch: 150, checkpoints }
    }

    /// Four ranks learn what one learns, and go on from a checkpoint.
    #[test]
    fn ranks_learn_what_one_learns() {
        let run =
            |ranks, options: Options| Threads::run(ranks, |world| train(world, &options)).unwrap();
        let alone = run(1, options(3, None));
        let together = run(4, options(3, None));
        assert!(alone[0] > 0.8, "{alone:?}");
        assert_eq!(together, [together[0]; 4]);
        assert!((alone[0] - together[0]).abs() < 0.02, "{alone:?} {together:?}");
        let folder = std::env::temp_dir().join(format!("monograd-ranks-{}", std::process::id()));
        run(3, options(2, Some(folder.clone())));
        let resumed = run(2, options(3, Some(folder.clone())));
        let written = Checkpoints::from(&folder).list().unwrap();
        assert!(written.iter().any(|(epoch, _)| *epoch == 3), "{written:?}");
        std::fs::remove_dir_all(&folder).unwrap();
        assert!((alone[0] - resumed[0]).abs() < 0.05, "{alone:?} {resumed:?}");
    }
}
