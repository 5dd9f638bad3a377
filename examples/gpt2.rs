//! Continues a text, by GPT-2: `cargo run --release --example gpt2 -- FOLDER --prompt TEXT`,
//! with a folder of Hugging Face's.

#[path = "networks"]
mod networks {
    pub mod gpt2;
}

use clap::Parser;
use monograd::{Sampler, prelude::*};
use monograd_example_models::{Tokens, config};
use monograd_examples::Outcome;
use monograd_examples::terminal::finish;
use networks::gpt2::Gpt2;
use serde_json::Value;
use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

// ANCHOR: sizes
type Distilled = Gpt2<50_257, 768, 12, 6, 1024>;
type Small = Gpt2<50_257, 768, 12, 12, 1024>;
type Medium = Gpt2<50_257, 1024, 16, 24, 1024>;
// ANCHOR_END: sizes

/// Continues a text, by a language model that has learned to.
#[derive(Parser)]
struct Options {
    /// A folder of Hugging Face's with `gpt2`, `distilgpt2` or `gpt2-medium`, or another model of these sizes
    folder: PathBuf,
    /// The text to continue
    #[arg(long, value_name = "TEXT", required_unless_present = "tokens")]
    prompt: Option<String>,
    /// The text to continue as the numbers of its tokens (`15496,11`); the answer is numbers as well
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', conflicts_with = "prompt")]
    tokens: Vec<u32>,
    /// Always takes the most likely token
    #[arg(long)]
    greedy: bool,
    /// Divides the logits: the higher it is, the less likely tokens are chosen
    #[arg(long, default_value_t = 0.8)]
    temperature: f32,
    /// Takes only the most likely tokens that have this probability together
    #[arg(long, default_value_t = 0.95)]
    top_p: f32,
    /// The same seed gives the same text
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// The largest number of tokens to write; a word has one or two
    #[arg(long, default_value_t = 100)]
    max_tokens: usize,
}

fn main() -> ExitCode {
    finish(run(&Options::parse(), &mut stdout()))
}

/// Loads the network of the folder's sizes, and lets it write.
fn run(options: &Options, out: &mut impl Write) -> Outcome {
    let (folder, rules) = (&options.folder, Weights::gpt2());
    let json = config(folder)?;
    match Config::of(&json)? {
        small if small == Small::CONFIG => {
            let net = Small::load_with(folder, &rules)?;
            answer(&net, options, &json, out)
        }
        distilled if distilled == Distilled::CONFIG => {
            answer(&Distilled::load_with(folder, &rules)?, options, &json, out)
        }
        medium if medium == Medium::CONFIG => {
            answer(&Medium::load_with(folder, &rules)?, options, &json, out)
        }
        other => {
            let sizes = [Distilled::CONFIG, Small::CONFIG, Medium::CONFIG];
            let folder = folder.display();
            Err(format!("{folder}: {other:?}, and this program has networks of {sizes:?}").into())
        }
    }
}

/// The sizes of a GPT-2 in `config.json`.
#[derive(Debug, PartialEq)]
struct Config {
    vocabulary: usize,
    dim: usize,
    heads: usize,
    layers: usize,
    context: usize,
}

impl<const V: usize, const D: usize, const HEADS: usize, const LAYERS: usize, const CONTEXT: usize>
    Gpt2<V, D, HEADS, LAYERS, CONTEXT>
{
    /// The sizes of the network.
    const CONFIG: Config =
        Config { vocabulary: V, dim: D, heads: HEADS, layers: LAYERS, context: CONTEXT };
}

impl Config {
    /// Reads the sizes, and checks that nothing else is unlike the network.
    fn of(json: &Value) -> Outcome<Self> {
        let size = |name: &str| -> Outcome<usize> {
            let size = json[name].as_u64().and_then(|size| usize::try_from(size).ok());
            Ok(size.ok_or_else(|| format!("config.json has no size `{name}`: is this a GPT-2?"))?)
        };
        for (name, expected) in [("activation_function", "gelu_new"), ("model_type", "gpt2")] {
            let found = json[name].as_str().unwrap_or(expected);
            if found != expected {
                return Err(format!("config.json says `{name}` is {found}, not {expected}").into());
            }
        }
        Ok(Self {
            vocabulary: size("vocab_size")?,
            dim: size("n_embd")?,
            heads: size("n_head")?,
            layers: size("n_layer")?,
            context: size("n_positions")?,
        })
    }
}

/// Writes the continuation of the prompt, as text or as numbers, and how fast it was written.
fn answer<
    const V: usize,
    const D: usize,
    const HEADS: usize,
    const LAYERS: usize,
    const CONTEXT: usize,
>(
    net: &Gpt2<V, D, HEADS, LAYERS, CONTEXT>,
    options: &Options,
    json: &Value,
    out: &mut impl Write,
) -> Outcome {
    let stop = json["eos_token_id"].as_u64().and_then(|token| u32::try_from(token).ok());
    let mut sampler = Sampler::new(V)
        .temperature(if options.greedy { 0.0 } else { options.temperature })
        .top_p(options.top_p)
        .seed(options.seed)
        .stop_at(stop.as_slice());
    let (start, mut count) = (Instant::now(), 0);
    if let Some(text) = &options.prompt {
        let tokens = Tokens::open(&options.folder)?;
        let (mut all, mut written) = (tokens.encode(text, false)?, text.len());
        write!(out, "{text}")?;
        out.flush()?;
        write_on(net, &all.clone(), options.max_tokens, &mut sampler, |token| {
            count += 1;
            all.push(token);
            let text = tokens.decode(&all)?;
            // a character of several tokens is whole only with its last one
            if !text.ends_with('\u{fffd}') {
                write!(out, "{}", text.get(written..).unwrap_or_default())?;
                out.flush()?;
                written = text.len();
            }
            Ok(())
        })?;
    } else {
        write_on(net, &options.tokens, options.max_tokens, &mut sampler, |token| {
            write!(out, "{}{token}", if count == 0 { "" } else { "," })?;
            count += 1;
            Ok(out.flush()?)
        })?;
    }
    writeln!(out)?;
    let seconds = start.elapsed().as_secs_f64();
    eprintln!("{count} tokens, {:.1} a second", count as f64 / seconds);
    Ok(())
}

// ANCHOR: write_on
/// Calls `each` with the tokens that follow on `prompt`: `count`, or fewer if one of them ends the text
/// or the network has no more positions.
fn write_on<
    const V: usize,
    const D: usize,
    const HEADS: usize,
    const LAYERS: usize,
    const CONTEXT: usize,
>(
    net: &Gpt2<V, D, HEADS, LAYERS, CONTEXT>,
    prompt: &[u32],
    count: usize,
    sampler: &mut Sampler,
    mut each: impl FnMut(u32) -> Outcome,
) -> Outcome {
    if prompt.is_empty() {
        return Err("there is no text to continue".into());
    }
    sampler.observe(prompt);
    let mut stream = net.stream();
    // the prompt at once, then token by token
    let mut token = sampler.sample(stream.try_prefill(prompt)?)?;
    for written in 1..=count {
        if sampler.is_stop(token) {
            break;
        }
        each(token)?;
        if written == count || stream.position() == CONTEXT {
            break;
        }
        token = sampler.sample(stream.try_step(&[token])?)?;
    }
    Ok(())
}
// ANCHOR_END: write_on

#[cfg(test)]
#[path = "gpt2/tests.rs"]
mod tests;
