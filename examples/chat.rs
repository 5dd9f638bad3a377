//! Talks, by SmolLM2: `cargo run --release --features tokenizers --example chat -- FOLDER`, a folder of Hugging Face's
//! with `config.json`, `tokenizer.json` and `model.safetensors`.

#[path = "networks"]
mod networks {
    pub mod llama;
}

use clap::Parser;
use monograd::{Network, Sampler, Stream, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::huggingface::{Tokens, config};
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
    /// What the model is told before the conversation
    #[arg(
        long,
        value_name = "TEXT",
        default_value = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
    )]
    system: String,
    /// Always takes the most probable token
    #[arg(long)]
    greedy: bool,
    /// How freely tokens are chosen
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
    let tokens = Tokens::open(folder, "chat")?;
    let config = Config::of(&config(folder)?)?;
    let llama = Weights::llama();
    match () {
        () if config == Small::CONFIG => talk(&Small::load_with(folder, &llama)?, &tokens, options),
        () if config == Medium::CONFIG => talk(&Medium::load_with(folder, &llama)?, &tokens, options),
        () => Err(format!(
            "{}: this program has the networks of SmolLM2-135M and SmolLM2-360M, not of\n{config:?}",
            folder.display()
        )
        .into()),
    }
}

/// What `config.json` says about a Llama.
#[derive(Debug, PartialEq)]
struct Config {
    vocab_size: usize,
    hidden_size: usize,
    num_attention_heads: usize,
    num_key_value_heads: usize,
    intermediate_size: usize,
    num_hidden_layers: usize,
    rope_theta: usize,
    /// What the network does not have, such as a scale of the positions.
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
            let speed = chat.answer(line.trim(), options.max_tokens, &mut show)?;
            show(&format!("\n[{speed}]\n"))?;
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

/// How long an answer took.
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
        let rate = *written as f64 / writing.as_secs_f64();
        write!(f, "{read} tokens read in {reading:.2?}, {written} written, {rate:.1} a second")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::SafeTensors;
    use serde_json::json;
    use std::path::Path;

    /// What PyTorch computes, in a file.
    struct Reference(Vec<u8>);

    impl Reference {
        fn read(path: impl AsRef<Path>) -> Self {
            Self(std::fs::read(path).unwrap())
        }

        /// Returns a tensor of numbers of 32 bits.
        fn tensor<T>(&self, name: &str, decode: fn([u8; 4]) -> T) -> Vec<T> {
            let file = SafeTensors::deserialize(&self.0).unwrap();
            let tensor = file.tensor(name).unwrap();
            tensor.data().as_chunks().0.iter().map(|bytes| decode(*bytes)).collect()
        }

        fn tokens(&self, name: &str) -> Vec<u32> {
            self.tensor(name, u32::from_le_bytes)
        }

        fn numbers(&self, name: &str) -> Vec<f32> {
            self.tensor(name, f32::from_le_bytes)
        }
    }

    /// Returns the largest difference, relative to the largest number that is expected.
    fn difference(actual: &[f32], expected: &[f32]) -> f32 {
        assert_eq!(actual.len(), expected.len());
        let largest = |numbers: &mut dyn Iterator<Item = f32>| {
            numbers.fold(0.0_f32, |a, b| if a > b { a } else { b })
        };
        let differences = &mut actual.iter().zip(expected).map(|(a, b)| (a - b).abs());
        assert!(actual.iter().all(|x| x.is_finite()));
        largest(differences) / largest(&mut expected.iter().map(|x| x.abs()))
    }

    /// Returns what the network writes after `prompt`, always the most probable token.
    fn continuation<N: Speaker>(net: &N, prompt: &[u32], end: u32, most: usize) -> Vec<u32> {
        let sampler = Sampler::new(N::STEP_OUTPUTS[0].len()).temperature(0.0).stop_at(&[end]);
        let (mut stream, mut written) = (net.stream(), Vec::new());
        let mut each = |token| {
            written.push(token);
            Ok(())
        };
        write_on(&mut stream, &mut { sampler }, prompt, most, &mut each).unwrap();
        written
    }

    /// A random Llama of `transformers`, by `tests/vectors/huggingface/llama.py`.
    #[test]
    fn a_llama_is_that_of_pytorch() {
        type Tiny = Llama<61, 36, 6, 2, 50, 2, 100_000, 96>;
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/huggingface");
        let net =
            Tiny::load_with(format!("{folder}/llama.safetensors"), &Weights::llama()).unwrap();
        let reference = Reference::read(format!("{folder}/llama.expected.safetensors"));

        let texts = Tensor::from_vec([2, 9], reference.tokens("texts")).unwrap();
        let logits = net.forward(&texts).unwrap();
        let worst = difference(logits.as_slice(), &reference.numbers("logits"));
        assert!(worst < 1e-5, "{worst}");

        let (prompt, expected) = (&texts.as_slice()[..9], reference.tokens("continuation"));
        assert_eq!(continuation(&net, prompt, u32::MAX, 64), expected);
        // until a token, and until the end of the stream, which holds 96
        let end = expected.iter().position(|token| *token == expected[20]).unwrap();
        assert_eq!(continuation(&net, prompt, expected[20], 64), expected[..end]);
        assert_eq!(continuation(&net, prompt, u32::MAX, 1000).len(), 96 - 9 + 1);
    }

    /// SmolLM2 itself: `SMOLLM2=FOLDER REFERENCE=FILE cargo test --release --example chat -- --ignored`. The file has the
    /// tokens of a `prompt`, the logits after its last two, `logits_last_two`, and the `continuation` with its end.
    #[test]
    #[ignore = "takes half a gigabyte of weights, which are not part of this project"]
    fn smollm2_is_that_of_pytorch() {
        let folder = PathBuf::from(std::env::var_os("SMOLLM2").expect("SMOLLM2 is the folder"));
        let reference =
            Reference::read(std::env::var_os("REFERENCE").expect("REFERENCE is the file"));
        assert_eq!(Config::of(&config(&folder).unwrap()).unwrap(), Small::CONFIG);
        let net = Small::load_with(&folder, &Weights::llama()).unwrap();
        let prompt = reference.tokens("prompt");
        let expected = reference.numbers("logits_last_two");

        let mut stream = net.stream();
        let (begin, end) = prompt.split_at(prompt.len() - 1);
        let mut last = stream.prefill(begin).to_vec();
        last.extend_from_slice(stream.step(end));
        let streamed = difference(&last, &expected);
        let whole = net.forward(&prompt).unwrap();
        let whole = &whole.as_slice()[(prompt.len() - 2) * 49_152..];
        let forward = difference(whole, &expected);
        eprintln!(
            "relative to the largest logit: {streamed:.1e} in a stream, {forward:.1e} as a whole"
        );
        assert!(streamed < 2e-4 && forward < 2e-4);

        let (end, expected) = (2, reference.tokens("continuation"));
        let written = continuation(&net, &prompt, end, 512);
        assert_eq!(&written, expected.strip_suffix(&[end]).unwrap());
    }

    #[test]
    fn tells_models_apart_by_their_sizes() {
        let smollm2 = json!({
            "model_type": "llama", "hidden_act": "silu", "attention_bias": false, "mlp_bias": false,
            "tie_word_embeddings": true, "head_dim": 64, "hidden_size": 576, "intermediate_size": 1536,
            "num_attention_heads": 9, "num_hidden_layers": 30, "num_key_value_heads": 3, "vocab_size": 49152,
            "rms_norm_eps": 9.999999747378752e-06,
            "rope_parameters": {"rope_theta": 100000.0, "rope_type": "default"}
        });
        assert_eq!(Config::of(&smollm2).unwrap(), Small::CONFIG);
        let with = |name: &str, value: Value| {
            let mut other = smollm2.clone();
            other[name] = value;
            Config::of(&other)
        };
        // as former versions wrote it
        let mut former = smollm2.clone();
        former.as_object_mut().unwrap().remove("rope_parameters");
        former["rope_scaling"] = Value::Null;
        assert_eq!(Config::of(&former).unwrap_err(), "there is no number `rope_theta`");
        former["rope_theta"] = 100_000.into();
        assert_eq!(Config::of(&former).unwrap(), Small::CONFIG);

        assert_eq!(
            with("hidden_size", "wide".into()).unwrap_err(),
            "there is no number `hidden_size`"
        );
        assert_eq!(with("num_hidden_layers", 16.into()).unwrap().num_hidden_layers, 16);
        for (name, value) in [
            ("model_type", json!("qwen2")),
            ("tie_word_embeddings", json!(false)),
            ("rms_norm_eps", json!(1e-6)),
            ("attention_bias", json!(true)),
            ("rope_scaling", json!({"type": "linear", "factor": 2.0})),
            ("rope_parameters", json!({"rope_theta": 100_000, "rope_type": "llama3"})),
            ("head_dim", json!(32)),
        ] {
            let config = with(name, value.clone()).unwrap();
            assert_eq!(config.others, [format!("{name}: {value}")]);
            assert_ne!(config, Small::CONFIG);
        }
    }

    #[test]
    fn says_what_a_folder_lacks() {
        let folder = std::env::temp_dir().join(format!("monograd-chat-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let error = |folder: &Path| config(folder).unwrap_err().to_string();
        assert!(error(&folder).contains("config.json: No such file"), "{}", error(&folder));
        std::fs::write(folder.join("config.json"), "{\"hidden_size\": ").unwrap();
        assert!(error(&folder).contains("config.json: EOF"), "{}", error(&folder));
        let options = Options::parse_from(["chat", folder.to_str().unwrap(), "--prompt", "?"]);
        let error = run(&options).unwrap_err().to_string();
        let expected = if cfg!(feature = "tokenizers") {
            "tokenizer.json"
        } else {
            "--features tokenizers --example chat"
        };
        assert!(error.contains(expected), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
