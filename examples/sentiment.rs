//! Tells praise from complaints: sentences of different lengths in one batch, and one sigmoid.
//! `cargo run --release --example sentiment -- --text "what a pleasant surprise"`.

use clap::Parser;
use monograd::schedule::{Cosine, Schedule as _};
use monograd::train::Event;
use monograd::{Philox, prelude::*};
use monograd_examples::Outcome;
use monograd_examples::terminal::{Progress, finish};
use std::collections::{BTreeMap, HashMap};
use std::io::{Write, stdout};
use std::{process::ExitCode, time::Instant};

// ANCHOR: network
network! {
    /// The logit that a sentence of `n` words is praise; what stands after these is padding.
    pub Sentiment<const V: usize>(words: u32[dyn T], n: u32[]) -> [] {
        let embedding = Embedding(V, 16, padding_idx = 0, init = normal(0.3));
        let gru = Gru(16, bidirectional = true, lengths = n);
        let head = Linear(1);
        let read = words >> embedding >> Dropout(0.5) >> gru;
        let strongest = masked_max(read, sequence_mask(n, T));
        (strongest >> Dropout(0.5) >> head)[0]
    }
    loss bce_with_logits
    metric accuracy |logit, target| (logit > 0) == target
}
// ANCHOR_END: network

/// The number of words that it knows, with the padding (0) and a word that it does not know (1).
const WORDS: usize = 2048;
type Net = Sentiment<WORDS>;

/// Learns from sentences of product reviews, and tells praise from complaints in others.
#[derive(Parser)]
struct Options {
    /// A sentence of your own; may be given several times
    #[arg(long, value_name = "SENTENCE")]
    text: Vec<String>,
    /// Number of passes over the sentences
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..))]
    epochs: u64,
    /// Seed of the initial weights, of dropout and of the order of the sentences
    #[arg(long, default_value_t = 42)]
    seed: u64,
}

fn main() -> ExitCode {
    finish(run(&Options::parse()))
}

fn run(options: &Options) -> Outcome {
    let mut out = stdout();
    let (train, test) = split();
    let words = Vocabulary::of(&train);
    writeln!(out, "{}", Net::summary())?;
    let (start, progress) = (Instant::now(), Progress::new(options.epochs));
    let net = learn(&words, &train, options.epochs, options.seed, |net, loss| {
        Ok(progress.epoch(loss, accuracy(net, &words, &test)?)?)
    })?;
    writeln!(out, "trained in {:.2} s", start.elapsed().as_secs_f64())?;

    let own: Vec<Sentence> = options.text.iter().map(|text| Sentence::own(text)).collect();
    let shown = if own.is_empty() { &test[..6] } else { &own[..] };
    let (inputs, _) = words.batch(shown);
    let logits = net.forward(&inputs)?;
    for (sentence, logit) in shown.iter().zip(logits.as_slice()) {
        let praise = 100.0 / (1.0 + (-logit).exp());
        writeln!(out, "{praise:3.0} % praise: {}", sentence.text)?;
    }
    let praise = test.iter().filter(|sentence| sentence.is_praise).count();
    let always = 100.0 * praise as f64 / test.len() as f64;
    writeln!(out, "{} sentences of other reviews, {always:.1} % of them praise", test.len())?;
    writeln!(out, "test accuracy: {:.1} %", 100.0 * accuracy(&net, &words, &test)?)?;
    Ok(())
}

/// A sentence, and whether it is praise.
struct Sentence {
    review: usize,
    is_praise: bool,
    text: String,
}

impl Sentence {
    fn own(text: &str) -> Self {
        Self { review: 0, is_praise: false, text: text.to_owned() }
    }

    /// Returns its words, in lower case.
    fn words(&self) -> Vec<String> {
        let is_part = |character: char| character.is_alphanumeric() || character == '\'';
        let words = self.text.split(|character| !is_part(character));
        words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    }
}

/// Returns the sentences to learn from, and those of every fifth review, which are held out: none of
/// the people who wrote these is read before. (`data/reviews.md` names the source.)
fn split() -> (Vec<Sentence>, Vec<Sentence>) {
    let lines = include_str!("data/reviews.txt").lines();
    let sentence = |line: &str| {
        let mut fields = line.splitn(3, '\t');
        let review = fields.next()?.parse().ok()?;
        let is_praise = fields.next()? == "+";
        Some(Sentence { review, is_praise, text: fields.next()?.to_owned() })
    };
    lines.filter_map(sentence).partition(|sentence| !sentence.review.is_multiple_of(5))
}

/// The numbers of words.
struct Vocabulary(HashMap<String, u32>);

/// Sentences as the network takes them: the numbers of words, one sentence a row, padded to the longest; the number of
/// words of each; and as the target, 1 for praise.
type Batch = ((Tensor<u32>, Vec<u32>), Vec<f32>);

impl Vocabulary {
    /// Numbers the words that occur at least twice, the most frequent first.
    fn of(sentences: &[Sentence]) -> Self {
        let mut counts = BTreeMap::new();
        for word in sentences.iter().flat_map(Sentence::words) {
            *counts.entry(word).or_insert(0) += 1;
        }
        let mut words: Vec<(String, usize)> = counts.into_iter().collect();
        words.retain(|(_, count)| *count > 1);
        words.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let words = words.into_iter().map(|(word, _)| word);
        Self(words.zip(2..WORDS as u32).collect())
    }

    fn batch<'a>(&self, sentences: impl IntoIterator<Item = &'a Sentence>) -> Batch {
        let sentences: Vec<&Sentence> = sentences.into_iter().collect();
        let number = |word: String| self.0.get(&word).copied().unwrap_or(1);
        let rows: Vec<Vec<u32>> = sentences
            .iter()
            .map(|sentence| sentence.words().into_iter().map(number).collect())
            .collect();
        // a batch of empty sentences has one step, which is padding
        let longest = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let padded = |row: &Vec<u32>| {
            let padding = std::iter::repeat_n(0, longest - row.len());
            row.iter().copied().chain(padding).collect::<Vec<_>>()
        };
        let words = rows.iter().flat_map(padded).collect();
        let words = Tensor::from_vec([rows.len(), longest], words).expect("rows of equal length");
        let lengths = rows.iter().map(|row| row.len() as u32).collect();
        ((words, lengths), sentences.iter().map(|s| f32::from(s.is_praise)).collect())
    }
}

/// Returns the share of sentences that the network tells right.
fn accuracy(net: &Net, words: &Vocabulary, sentences: &[Sentence]) -> Outcome<f64> {
    let (inputs, labels) = words.batch(sentences);
    let measures = net.measure(&inputs, &labels)?;
    Ok(measures.get("accuracy").unwrap_or(0.0).into())
}

/// Trains a new network. Calls `after_epoch` with it and its mean loss.
fn learn(
    words: &Vocabulary,
    sentences: &[Sentence],
    epochs: u64,
    seed: u64,
    mut after_epoch: impl FnMut(&Net, f64) -> Outcome,
) -> Outcome<Net> {
    const BATCH: usize = 32;
    const LEARNING_RATE: f64 = 1e-2;
    let mut net = Net::init(seed);
    let mut optimizer = AdamW::new(LEARNING_RATE);
    let batches = sentences.len().div_ceil(BATCH) as u64;
    let schedule = Cosine::new(LEARNING_RATE, 0.0, epochs);
    Trainer::new(&mut net, &mut optimizer)
        .epochs(epochs)
        .schedule(|step| schedule.rate(step / batches)) // by epoch
        .on(Event::EpochEnd, |at| after_epoch(at.net(), at.loss()))
        .fit(|epoch| {
            let order = Philox::new(seed).stream(1 + epoch).permutation(sentences.len());
            let batch = |chosen: &[usize]| words.batch(chosen.iter().map(|&i| &sentences[i]));
            order.chunks(BATCH).map(batch).collect::<Vec<_>>()
        })?;
    Ok(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_share_no_review() {
        let (train, test) = split();
        assert_eq!((train.len(), test.len()), (1775, 418));
        let reviews = |part: &[Sentence]| {
            part.iter().map(|sentence| sentence.review).collect::<std::collections::HashSet<_>>()
        };
        assert!(reviews(&train).is_disjoint(&reviews(&test)));
    }

    #[test]
    fn tells_praise_from_complaints() {
        let (train, test) = split();
        let words = Vocabulary::of(&train);
        let net = learn(&words, &train, 3, 1, |_, _| Ok(())).unwrap();
        // always to say praise is right 60 % of the time
        let accuracy = accuracy(&net, &words, &test).unwrap();
        assert!(accuracy > 0.72, "{accuracy}");

        // a sentence gives the same alone as padded, one without words gives a number
        let of = |texts: &[&str]| {
            let own: Vec<_> = texts.iter().map(|text| Sentence::own(text)).collect();
            net.forward(&words.batch(&own).0).unwrap().as_slice().to_vec()
        };
        let alone = of(&["i love it"])[0];
        let padded = of(&["", "the sound is great and the battery lasts for days", "i love it"]);
        assert!((alone - padded[2]).abs() < 1e-5 && padded[0].is_finite(), "{alone} {padded:?}");
        assert!(alone > of(&["it stopped working after a week, a waste of money"])[0]);
    }
}
