//! Learns a text character by character, and writes on, by GPT-2:
//! `cargo run --release --example gpt -- --help`.

#[path = "networks"]
mod networks {
    pub mod gpt;
}

use clap::Parser;
use monograd::data::text::Passages;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::{Philox, Sampler, file, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::data::text::{self, CHARACTERS};
use monograd_examples::terminal::{Progress, finish};
use monograd_examples::writing::{Author, PASSAGE, measure, write_on};
use networks::gpt::Gpt;
use std::io::{Write as _, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

type Net = Gpt<CHARACTERS, 128, 4, 4, PASSAGE>;

/// Learns a text character by character, and writes on by itself.
#[derive(Parser)]
struct Options {
    /// A text; without it, the book of this project, which is part of this program
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// Number of batches of 12 passages to learn from
    #[arg(long, default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..))]
    steps: u64,
    /// Seed of the initial weights, of the passages and of what is written; the same seed gives the same bits
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// The file that what is learned is saved in, beside one with the state of the optimiser
    #[arg(long, value_name = "FILE", default_value = "gpt.safetensors")]
    save: PathBuf,
    /// Goes on with what the files have, from the step at which they were saved
    #[arg(long)]
    resume: bool,
    /// Number of characters to write at the end
    #[arg(long, default_value_t = 400)]
    characters: usize,
}

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

/// Trains a network, saves it, and lets it write.
fn run(options: &Options) -> Outcome {
    let mut out = stdout();
    let (text, held_out) = match &options.text {
        Some(path) => text::parts(&std::fs::read_to_string(path)?)?,
        None => text::split(),
    };
    let (mut net, mut done) = (Net::init(options.seed), 0);
    let mut optimizer = optimizer();
    // beside the network, in a file of its own
    let state = options.save.with_extension("optimizer.safetensors");
    if options.resume {
        net.restore(&options.save)?;
        optimizer.load(&state, &net)?;
        done = file::metadata(&options.save)?.get("step").map_or(Ok(0), |step| step.parse())?;
        writeln!(out, "resumed after step {done}")?;
    }
    writeln!(out, "{}", Net::summary())?;
    let plan =
        Plan { done, steps: options.steps, batch: 12, learning_rate: 1e-3, seed: options.seed };
    let mut sampler = Sampler::new(CHARACTERS).temperature(0.8).seed(options.seed);
    let every = options.steps.div_ceil(20);
    let progress = Progress::new(options.steps / every);
    learn(&mut net, &mut optimizer, &text, plan, |net, optimizer, step, loss| {
        if !step.is_multiple_of(every) {
            return Ok(());
        }
        net.save_with(&options.save, [("step", step.to_string())])?;
        optimizer.save(&state, net)?;
        let sample = write_on(net, "\n", 40, &mut sampler.clone())?.replace('\n', " ");
        Ok(progress.note(format!("step {step}  loss {loss:.4} nats  {sample}"))?)
    })?;
    net.save_with(&options.save, [("step", options.steps.to_string())])?;
    optimizer.save(&state, &net)?;
    writeln!(out, "saved {}", options.save.display())?;
    writeln!(out, "{}\n", write_on(&net, "\n", options.characters, &mut sampler)?)?;
    writeln!(out, "validation loss: {:.2}", measure(&net, &held_out)?.loss)?;
    Ok(())
}

/// The length of a training.
#[derive(Clone, Copy)]
struct Plan {
    /// Number of steps that are done already.
    done: u64,
    steps: u64,
    /// Number of passages in a batch.
    batch: usize,
    /// The largest learning rate.
    learning_rate: f64,
    seed: u64,
}

/// Returns the optimiser of nanoGPT's smallest.
fn optimizer() -> AdamW<f32> {
    AdamW::new(0.0).betas(0.9, 0.99).weight_decay(0.1).clip_norm(1.0)
}

/// Trains `net`. The learning rate grows for up to 100 steps and then falls to a tenth. Calls `after_step` with the
/// number of steps and the loss.
fn learn<N: Author>(
    net: &mut N,
    optimizer: &mut AdamW<f32>,
    text: &[u32],
    plan: Plan,
    mut after_step: impl FnMut(&N, &AdamW<f32>, u64, f32) -> Outcome,
) -> Outcome {
    let (peak, warm) = (plan.learning_rate, (plan.steps / 10).min(100));
    let schedule = Cosine::new(peak, 0.1 * peak, plan.steps - warm).warm_up(warm);
    for step in plan.done..plan.steps {
        optimizer.set_learning_rate(schedule.rate(step));
        // each step has passages of its own, so that one that is resumed reads on
        let mut random = Philox::new(plan.seed).stream(plan.steps + step);
        let Passages { read, next } = Passages::random(text, plan.batch, PASSAGE, &mut random)?;
        let loss = net.train_step(&read, &next, optimizer)?;
        after_step(net, optimizer, step + 1, loss)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learns_to_write() {
        let (book, held_out) = text::split();
        let mut net = Gpt::<CHARACTERS, 32, 2, 1, PASSAGE>::init(42);
        let before = measure(&net, &held_out).unwrap().loss;
        let plan = Plan { done: 0, steps: 200, batch: 4, learning_rate: 1e-2, seed: 1 };
        learn(&mut net, &mut optimizer(), &book, plan, |_, _, _, _| Ok(())).unwrap();
        let after = measure(&net, &held_out).unwrap().loss;
        // the frequencies of characters alone give a loss of 3.3 nats
        assert!(after < 3.2 && before > 4.0, "{before} then {after}");
        let mut sampler = Sampler::new(CHARACTERS).temperature(0.5).seed(1);
        let sample = write_on(&net, "The ", 100, &mut sampler).unwrap();
        assert!(sample.starts_with("The ") && sample.len() == 104, "{sample}");
    }

    #[test]
    fn goes_on_where_it_was_saved() {
        let folder = std::env::temp_dir().join(format!("monograd-gpt-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let options = |steps: &str, more: &[&str]| {
            let path = folder.join("net.safetensors");
            let given = ["gpt", "--steps", steps, "--characters", "9", "--save"];
            let given = given.iter().copied().chain([path.to_str().unwrap()]);
            Options::parse_from(given.chain(more.iter().copied()))
        };
        run(&options("1", &[])).unwrap();
        let metadata = file::metadata(folder.join("net.safetensors")).unwrap();
        assert_eq!(metadata["step"], "1");
        // the network does without the state of the optimiser only when it is new
        let state = folder.join("net.optimizer.safetensors");
        let saved = std::fs::read(&state).unwrap();
        std::fs::remove_file(&state).unwrap();
        assert!(run(&options("2", &["--resume"])).is_err());
        std::fs::write(&state, saved).unwrap();
        run(&options("2", &["--resume"])).unwrap();
        assert_eq!(file::metadata(folder.join("net.safetensors")).unwrap()["step"], "2");
        // a text that is too short is an error, not a panic
        let short = folder.join("short.txt");
        std::fs::write(&short, "too short").unwrap();
        let error = run(&options("1", &["--text", short.to_str().unwrap()])).unwrap_err();
        assert!(error.to_string().contains("a text of 9 characters"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
    /// Three steps, a pause, and three more are six.
    #[test]
    fn a_pause_changes_nothing() {
        type Small = Gpt<CHARACTERS, 32, 2, 1, PASSAGE>;
        let folder =
            std::env::temp_dir().join(format!("monograd-gpt-pause-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (path, state) = (folder.join("net.safetensors"), folder.join("state.safetensors"));
        let (book, _) = text::split();
        let plan = |done| Plan { done, steps: 6, batch: 2, learning_rate: 1e-2, seed: 1 };
        let mut net = Small::init(3);
        learn(&mut net, &mut optimizer(), &book, plan(0), |net, optimizer, step, _| {
            if step == 3 {
                net.save(&path)?;
                optimizer.save(&state, net)?;
            }
            Ok(())
        })
        .unwrap();
        let (mut resumed, mut other) = (Small::load(&path).unwrap(), optimizer());
        other.load(&state, &resumed).unwrap();
        learn(&mut resumed, &mut other, &book, plan(3), |_, _, _, _| Ok(())).unwrap();
        for (a, b) in net.parameters().iter().zip(resumed.parameters().iter()) {
            assert_eq!(a.as_slice(), b.as_slice(), "{}", a.name());
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
