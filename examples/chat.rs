//! Talks, by SmolLM2: `cargo run --release --example chat -- FOLDER`, a folder of Hugging Face's
//! with `config.json`, `tokenizer.json` and `model.safetensors`.

#[path = "networks"]
mod networks {
    pub mod llama;
}

use clap::Parser;
use monograd::{Network, Sampler, Stream, prelude::*};
use monograd_example_models::{Tokens, config};
use monograd_examples::Outcome;
use monograd_examples::terminal::finish;
use networks::llama::{EPS, Llama};
use serde_json::Value;
use std::fmt;
use std::io::{IsTerminal as _, Write as _, stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The longest conversation, in tokens.
const CONTEXT: usize = 2048;

type Small = Llama<49_152, 576, 9, 3, 1536, 30, 100_000, CONTEXT>;
type Medium = Llama<49_152, 960, 15, 5, 2560, 32, 100_000, CONTEXT>;

/// Talks, by a language model that has learned to.
#[derive(Parser)]
struct Options {
    /// A folder of Hugging Face's with SmolLM2-135M-Instruct or SmolLM2-360M-Instruct
    folder: PathBuf,
    /// Prints the answer to this text alone
    #[arg(long, value_name = "TEXT")]
    prompt: Option<String>,
    /// A text that the model reads before the conversation
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
    )]
    system: String,
    /// Always takes the most probable token
    #[arg(long)]
    greedy: bool,
    /// Divides the logits: the higher it is, the less likely tokens are chosen
    #[arg(long, default_value_t = 0.2)]
    temperature: f32,
    /// Chooses among the most probable tokens that have this probability together
    #[arg(long, default_value_t = 0.9)]
    top_p: f32,
    /// The same seed gives the same answers
    #[arg(long, default_value_t = 42)]
    seed: u64,
    /// The maximum number of tokens of an answer; a word has one or two
    #[arg(long, default_value_t = 512)]
    max_tokens: usize,
}

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

/// Loads the network of the folder's sizes, and talks.
fn run(options: &Options) -> Outcome {
    let folder = &options.folder;
    let tokens = Tokens::open(folder)?;
    let config = Config::of(&config(folder)?)?;
    let llama = Weights::llama();
    match () {
        () if config == Small::CONFIG => talk(&Small::load_with(folder, &llama)?, &tokens, options),
        () if config == Medium::CONFIG => talk(&Medium::load_with(folder, &llama)?, &tokens, options),
        () => Err(format!(
            "{}: the networks of this program are those of SmolLM2-135M and SmolLM2-360M; this folder's is\n{config:#?}",
            folder.display()
        )
        .into()),
    }
}

/// The sizes of a Llama in `config.json`.
#[derive(Debug, PartialEq)]
struct Config {
    vocab_size: usize,
    hidden_size: usize,
    num_attention_heads: usize,
    num_key_value_heads: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    rope_theta: usize,
    /// Entries that the networks here do not have, such as a scale of the positions.
    others: Vec<String>,
}

impl<
    const V: usize,
    const D: usize,
    const HEADS: usize,
    const GROUPS: usize,
    const HIDDEN: usize,
    const LAYERS: usize,
    const THETA: usize,
    const CONTEXT: usize,
> Llama<V, D, HEADS, GROUPS, HIDDEN, LAYERS, THETA, CONTEXT>
{
    /// The sizes of the network.
    const CONFIG: Config = Config {
        vocab_size: V,
        hidden_size: D,
        num_attention_heads: HEADS,
        num_key_value_heads: GROUPS,
        intermediate_size: HIDDEN,
        num_hidden_layers: LAYERS,
        rope_theta: THETA,
        others: Vec::new(),
    };
}

impl Config {
    /// Reads the contents of `config.json`.
    fn of(json: &Value) -> Result<Self, String> {
        // later versions of `transformers` keep what is about the positions apart
        let rope = ["rope_parameters", "rope_scaling"].map(|name| &json[name]);
        let number = |name: &str| {
            let number = [json, rope[0]].iter().find_map(|json| json[name].as_f64());
            number.ok_or_else(|| format!("there is no number `{name}`"))
        };
        let size = |name: &str| number(name).map(|number| number as usize);
        let (hidden_size, num_attention_heads) =
            (size("hidden_size")?, size("num_attention_heads")?);
        let is = |name: &str, wanted: Value| json[name].is_null() || json[name] == wanted;
        let is_plain = |rope: &Value| {
            let kind = ["rope_type", "type"].iter().find_map(|name| rope[name].as_str());
            rope.is_null() || kind == Some("default")
        };
        let known = [
            ("model_type", is("model_type", "llama".into())),
            ("hidden_act", is("hidden_act", "silu".into())),
            ("attention_bias", is("attention_bias", false.into())),
            ("mlp_bias", is("mlp_bias", false.into())),
            ("tie_word_embeddings", json["tie_word_embeddings"] == true),
            ("head_dim", is("head_dim", (hidden_size / num_attention_heads.max(1)).into())),
            ("rms_norm_eps", (number("rms_norm_eps")? - EPS).abs() < 1e-3 * EPS),
            ("rope_parameters", is_plain(rope[0])),
            ("rope_scaling", is_plain(rope[1])),
        ];
        let others = known.iter().filter(|(_, known)| !known);
        Ok(Self {
            vocab_size: size("vocab_size")?,
            hidden_size,
            num_attention_heads,
            num_key_value_heads: size("num_key_value_heads")?,
            intermediate_size: size("intermediate_size")?,
            num_hidden_layers: size("num_hidden_layers")?,
            rope_theta: size("rope_theta")?,
            others: others.map(|(name, _)| format!("{name}: {}", json[name])).collect(),
        })
    }
}

/// A network that says what comes after each token.
trait Speaker:
    Streaming + for<'a> Network<Scalar = f32, Inputs<'a> = (&'a [u32],), Output = Tensor<f32>>
{
}

impl<N> Speaker for N where
    N: Streaming + for<'a> Network<Scalar = f32, Inputs<'a> = (&'a [u32],), Output = Tensor<f32>>
{
}

/// Answers the prompt, or what is typed.
fn talk<N: Speaker>(net: &N, tokens: &Tokens, options: &Options) -> Outcome {
    let temperature = if options.greedy { 0.0 } else { options.temperature };
    let sampler = Sampler::new(N::STEP_OUTPUTS[0].len());
    let sampler = sampler.temperature(temperature).top_p(options.top_p).seed(options.seed);
    let mut chat = Chat::new(net, tokens, &options.system, sampler)?;
    let mut out = stdout();
    let mut show = |text: &str| {
        write!(out, "{text}")?;
        Ok(out.flush()?)
    };
    if let Some(prompt) = &options.prompt {
        chat.answer(prompt, options.max_tokens, &mut show)?;
        return show("\n");
    }
    let begin = if stdin().is_terminal() { "> " } else { "" };
    show(begin)?;
    for line in stdin().lines() {
        let line = line?;
        if !line.trim().is_empty() {
            // a text that is too long leaves the conversation as it is
            match chat.answer(line.trim(), options.max_tokens, &mut show) {
                Ok(speed) => show(&format!("\n[{speed}]\n"))?,
                Err(error) => show(&format!("[{error}]\n"))?,
            }
        }
        show(begin)?;
    }
    Ok(())
}

/// A conversation.
struct Chat<'n, N: Network> {
    stream: Stream<'n, N>,
    tokens: &'n Tokens,
    system: &'n str,
    sampler: Sampler,
}

impl<'n, N: Speaker> Chat<'n, N> {
    fn new(net: &'n N, tokens: &'n Tokens, system: &'n str, sampler: Sampler) -> Outcome<Self> {
        let sampler = sampler.stop_at(&[tokens.number("<|im_end|>")?]);
        Ok(Self { stream: net.stream(), tokens, system, sampler })
    }

    /// Answers, and calls `show` with each part of the answer as soon as it is known.
    fn answer(
        &mut self,
        text: &str,
        most: usize,
        show: &mut dyn FnMut(&str) -> Outcome,
    ) -> Outcome<Speed> {
        // the model's template, in which each turn is ended by the next one
        let turn =
            format!("<|im_end|>\n<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n");
        let mut prompt = self.tokens.encode(&turn, false)?;
        if self.stream.position() + prompt.len() > CONTEXT && self.stream.position() > 0 {
            show("(the conversation has become too long: this is a new one)\n")?;
            self.stream.reset();
        }
        if self.stream.position() == 0 {
            let begin = format!("<|im_start|>system\n{}{turn}", self.system);
            prompt = self.tokens.encode(&begin, false)?;
        }
        let mut unshown = Vec::new();
        let speed = write_on(&mut self.stream, &mut self.sampler, &prompt, most, &mut |token| {
            unshown.push(token);
            let text = self.tokens.decode(&unshown)?;
            // a character may be made of several tokens
            if text.ends_with(char::REPLACEMENT_CHARACTER) {
                return Ok(());
            }
            unshown.clear();
            show(&text)
        })?;
        show(&self.tokens.decode(&unshown)?)?;
        Ok(speed)
    }
}

// ANCHOR: write_on
/// Reads `prompt` in a stream and writes on, until a token that ends the text, `most` tokens, or the end of
/// the stream. Calls `each` with every token.
fn write_on<N: Speaker>(
    stream: &mut Stream<'_, N>,
    sampler: &mut Sampler,
    prompt: &[u32],
    most: usize,
    each: &mut dyn FnMut(u32) -> Outcome,
) -> Outcome<Speed> {
    let begin = Instant::now();
    let mut token = sampler.sample(stream.try_prefill(prompt)?)?;
    let mut speed = Speed { read: prompt.len(), reading: begin.elapsed(), ..Speed::default() };
    while !sampler.is_stop(token) && speed.written < most {
        each(token)?;
        speed.written += 1;
        if N::MOST_STEPS.is_some_and(|most| stream.position() >= most) {
            break;
        }
        token = sampler.sample(stream.try_step(&[token])?)?;
    }
    speed.writing = begin.elapsed() - speed.reading;
    Ok(speed)
}
// ANCHOR_END: write_on

/// The numbers of tokens of an answer, and the time that they took.
#[derive(Default)]
struct Speed {
    /// Number of tokens of the prompt.
    read: usize,
    reading: Duration,
    /// Number of tokens of the answer.
    written: usize,
    writing: Duration,
}

impl fmt::Display for Speed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { read, reading, written, writing } = self;
        let rate = *written as f64 / writing.as_secs_f64().max(1e-9);
        write!(f, "{read} tokens read in {reading:.2?}, {written} written, {rate:.1} a second")
    }
}

#[cfg(test)]
#[path = "chat/tests.rs"]
mod tests;
