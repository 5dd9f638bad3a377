//! The text that the networks read: fixed, while the book, which other examples read, changes.

use monograd_examples::Outcome;
use monograd_examples::data::text;

/// The sentences of the reviews, of which the last tenth is for validation.
pub fn sentences() -> Outcome<(Vec<u32>, Vec<u32>)> {
    let lines = include_str!("../data/reviews.txt").lines();
    let sentences: Vec<&str> = lines.filter_map(|line| line.rsplit('\t').next()).collect();
    text::parts(&sentences.join("\n"))
}
