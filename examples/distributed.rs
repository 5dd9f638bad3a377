//! Learns to read digits by several ranks, each with its part of every batch: as threads of one process,
//! `cargo run --release --example distributed -- --threads 4`, or by MPI as processes of one machine or many,
//! `cargo build --release --features mpi --example distributed` and
//! `mpirun -n 4 target/release/examples/distributed`.

use clap::Parser;
#[cfg(feature = "mpi")]
use monograd::distributed::Mpi;
use monograd::distributed::{Collective, Threads};
use monograd::prelude::*;
use monograd_examples::Outcome;
use monograd_examples::data::digits;
use monograd_examples::terminal::finish;
use std::path::PathBuf;
use std::{process::ExitCode, time::Instant};

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
    finish(match options.threads {
        Some(ranks) => Threads::run(ranks.into(), |world| train(world, &options))
            .map(|_| ())
            .map_err(Into::into),
        None => by_mpi(&options),
    })
}

#[cfg(feature = "mpi")]
fn by_mpi(options: &Options) -> Outcome {
    Mpi::run(|world| train(world, options))?;
    Ok(())
}

#[cfg(not(feature = "mpi"))]
fn by_mpi(_: &Options) -> Outcome {
    Err("this program was built without the feature `mpi`: say `--threads 4`".into())
}

/// Trains on one of the ranks, and returns the accuracy on digits that were held out.
fn train(world: &mut impl Collective, options: &Options) -> Result<f64, Error> {
    let (train, test) = digits::split();
    let (start, rank, ranks) = (Instant::now(), world.rank(), world.size());
    // ANCHOR: train
    let mut net = Reader::init(42);
    let mut optimizer = AdamW::new(3e-3);
    let mut trainer = Trainer::new(&mut net, &mut optimizer)
        .distributed(world)
        .epochs(options.epochs)
        .validation(|_epoch| test.batches(256, 0, 0))
        .verbose();
    if let Some(folder) = &options.checkpoints {
        trainer = trainer.checkpoints(folder).resume();
    }
    // every rank reads whole batches, in the same order, and trains on its part of each
    let fitted = trainer.fit(|epoch| train.batches(options.batch as usize, 42, epoch))?;
    // ANCHOR_END: train
    let accuracy = fitted.history.last("val_accuracy").unwrap_or(f64::NAN);
    if rank == 0 {
        println!("{ranks} ranks, {:.2} s", start.elapsed().as_secs_f64());
        println!("test accuracy: {:.1} %", 100.0 * accuracy);
    }
    Ok(accuracy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use monograd::train::Checkpoints;

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
        // three epochs of ten steps
        assert_eq!(written.last().map(|(step, _)| *step), Some(30));
        std::fs::remove_dir_all(&folder).unwrap();
        assert!((alone[0] - resumed[0]).abs() < 0.05, "{alone:?} {resumed:?}");
    }
}
