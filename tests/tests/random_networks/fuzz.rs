//! Fuzzes the compiler with random token streams: it must not panic, and its output must be valid Rust.
//!
//! `MONOGRAD_FUZZ=20` compiles twenty times as many, `MONOGRAD_SEED=7` others.

use super::chosen_seed;
use monograd::random::{Generator, Philox};
use monograd_tests::sources::networks;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// The longest time for a compilation of a few tokens.
const LONGEST: Duration = Duration::from_secs(3);

/// How often a compilation may take longer than that, since a machine may be busy with other work.
const ATTEMPTS: usize = 3;

/// Compiles, and panics with the tokens if that fails or takes too long.
fn compile(tokens: &TokenStream) {
    let is_slow = |_| {
        let begun = Instant::now();
        let compiled =
            catch_unwind(AssertUnwindSafe(|| monograd_compiler::compile(tokens.clone())));
        let duration = begun.elapsed();
        let Ok(code) = compiled else { panic!("the compiler panicked on:\n{tokens}") };
        if let Err(error) = syn::parse2::<syn::File>(code) {
            panic!("not Rust ({error}) from:\n{tokens}");
        }
        duration >= LONGEST
    };
    assert!(!(0..ATTEMPTS).all(is_slow), "more than {LONGEST:?} for:\n{tokens}");
}

/// Returns the number of programs to compile.
fn programs(by_default: usize) -> usize {
    let times = std::env::var("MONOGRAD_FUZZ").ok().map(|times| times.parse().expect("a number"));
    by_default * times.unwrap_or(1)
}

/// A seeded source of tokens and mutations.
struct Fuzzer(Generator);

impl Fuzzer {
    fn below(&mut self, limit: usize) -> usize {
        self.0.below(limit.max(1))
    }

    fn token(&mut self, depth: usize) -> TokenTree {
        const WORDS: &[&str] = &[
            "let",
            "dyn",
            "const",
            "usize",
            "pub",
            "crate",
            "loss",
            "metric",
            "struct",
            "fn",
            "Scalar",
            "WIDTH",
            "u32",
            "f32",
            "true",
            "for",
            "x",
            "y",
            "H",
            "A",
            "Net",
            "Linear",
            "Dropout",
            "Flatten",
            "Gelu",
            "Activation",
            "exp",
            "pow",
            "mean",
            "softmax",
            "concat",
            "reshape",
            "clamp",
            "cross_entropy",
            "mse",
            "bias",
            "init",
            "normal",
            "axis",
            "self",
            "_",
            "weight",
            "ignore_index",
            "frozen",
            "name",
            "mut",
            "in",
            "rev",
            "h",
            "i",
            "checkpoint",
            "truncate",
            "Block",
            "D",
            "T",
            "param",
            "zeros",
            "split",
            "stack",
            "matmul",
            "streaming",
            "while",
            "return",
        ];
        const MARKS: &[char] =
            &['+', '-', '*', '/', '>', '<', '=', ',', ';', ':', '.', '#', '|', '!'];
        const NUMBERS: &[&str] = &[
            "0",
            "1",
            "2",
            "3",
            "10",
            "64",
            "0.5",
            "1e300",
            "1e-300",
            "4294967296",
            "18446744073709551615",
            "340282366920938463463374607431768211455",
            "2f32",
            "3usize",
            "\"text\"",
            "'c'",
            "0xff",
            "1_000",
        ];
        match self.below(if depth < 4 { 10 } else { 8 }) {
            0..=3 => {
                TokenTree::Ident(Ident::new(WORDS[self.below(WORDS.len())], Span::call_site()))
            }
            4..=5 => {
                let spacing = [Spacing::Joint, Spacing::Alone][self.below(2)];
                TokenTree::Punct(Punct::new(MARKS[self.below(MARKS.len())], spacing))
            }
            6..=7 => {
                let number = NUMBERS[self.below(NUMBERS.len())];
                TokenTree::Literal(number.parse::<Literal>().expect("a literal"))
            }
            _ => {
                let delimiter =
                    [Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace, Delimiter::None]
                        [self.below(4)];
                TokenTree::Group(Group::new(delimiter, self.stream(depth + 1)))
            }
        }
    }

    fn stream(&mut self, depth: usize) -> TokenStream {
        (0..self.below(12)).map(|_| self.token(depth)).collect()
    }

    /// Returns loops, assignments and applications of networks as text.
    fn statements(&mut self, depth: usize) -> String {
        const PLAIN: &[&str] = &[
            "let mut g = h;",
            "h = h + g;",
            "g = tanh(h) * g;",
            "let old = h;",
            "h = h >> Block::<4>;",
            "let block = Block::<4>; h = h >> block;",
            "h = h >> Linear(2 * N) >> A >> Linear(4);",
            "let fc = Linear(4);",
            "h = h >> fc;",
            "#[name = \"h.{i}.fc\"] let fc = Linear(4);",
            "h = h * i;",
            "h = h + mean(x, axis = 0);",
            "h = h + sum(y, axis = 0);",
            "let (mut g, k) = split(h, 2);",
            "let x = h;",
            "h = param([4], init = ones) * h;",
            "h = x;",
        ];
        const HEADS: &[&str] = &[
            "for _ in 0..N",
            "for i in 0..3",
            "for i in N..2 * N",
            "#[checkpoint] for _ in 0..2",
            "for h in x",
            "for (a, b) in (x, x)",
            "for a in rev(y)",
            "#[truncate(2)] for a in y",
            "let x = for a in x",
            "let ys = for a in y",
            "x = for a in rev(x)",
        ];
        let mut text = String::new();
        for _ in 0..1 + self.below(4) {
            if depth < 3 && self.below(3) == 0 {
                let inside = self.statements(depth + 1);
                let result = ["", "h", "a", "tanh(a + h)"][self.below(4)];
                let head = HEADS[self.below(HEADS.len())];
                let end = if head.contains('=') || self.below(2) == 0 { ";" } else { "" };
                text += &format!("{head} {{ {inside} {result} }}{end} ");
            } else {
                text += PLAIN[self.below(PLAIN.len())];
            }
        }
        text
    }

    /// Deletes, doubles, replaces or inserts one token, or swaps it with the next.
    fn mutate(&mut self, tokens: &TokenStream, depth: usize) -> TokenStream {
        let mut trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let at = self.below(trees.len());
        if let Some(TokenTree::Group(group)) = trees.get(at)
            && self.below(8) > 0
        {
            let inside = self.mutate(&group.stream(), depth + 1);
            trees[at] = TokenTree::Group(Group::new(group.delimiter(), inside));
            return trees.into_iter().collect();
        }
        match self.below(5) {
            0 if !trees.is_empty() => drop(trees.remove(at)),
            1 if !trees.is_empty() => trees.insert(at, trees[at].clone()),
            2 if at + 1 < trees.len() => trees.swap(at, at + 1),
            3 if !trees.is_empty() => trees[at] = self.token(depth),
            _ => trees.insert(at, self.token(depth)),
        }
        trees.into_iter().collect()
    }
}

fn fuzzer(seed: u64) -> Fuzzer {
    Fuzzer(Philox::new(seed).stream(chosen_seed()))
}

#[test]
fn compiles_random_tokens() {
    let mut fuzzer = fuzzer(1);
    for _ in 0..programs(20_000) {
        let tokens = fuzzer.stream(0);
        compile(&tokens);
    }
}

/// Statements in random order, most of them valid by themselves.
#[test]
fn compiles_random_statements() {
    let mut fuzzer = fuzzer(3);
    for _ in 0..programs(2_000) {
        let body = fuzzer.statements(0);
        let text = format!(
            "Block<const D: usize = 4>(x: [D]) -> [D] {{ x >> Linear(D) }}
            Net<A: Activation = Gelu, const N: usize = 2>(x: [3, 4], y: [dyn T <= 9, 4]) -> [4] {{
                let mut h = x[0]; {body} h >> Linear(4)
            }} loss mse"
        );
        let mut tokens: TokenStream = text.parse().expect("tokens");
        if fuzzer.below(3) == 0 {
            tokens = fuzzer.mutate(&tokens, 0);
        }
        compile(&tokens);
    }
}

#[test]
fn compiles_mutated_networks() {
    let mut fuzzer = fuzzer(2);
    let networks = networks();
    for round in 0..programs(4_000) {
        let mut tokens = networks[round % networks.len()].1.clone();
        for _ in 0..=fuzzer.below(4) {
            tokens = fuzzer.mutate(&tokens, 0);
        }
        compile(&tokens);
    }
}

/// Compiles every third beginning of a network, as an editor does during typing.
#[test]
fn compiles_beginnings() {
    for (_, network) in networks() {
        for len in (0..).step_by(3) {
            let mut left = len;
            compile(&beginning(&network, &mut left));
            if left > 0 {
                break;
            }
        }
    }
}

/// Returns the first `left` tokens, with all delimiters closed.
fn beginning(tokens: &TokenStream, left: &mut usize) -> TokenStream {
    let mut kept = TokenStream::new();
    for tree in tokens.clone() {
        if *left == 0 {
            break;
        }
        *left -= 1;
        kept.extend([match tree {
            TokenTree::Group(group) => {
                TokenTree::Group(Group::new(group.delimiter(), beginning(&group.stream(), left)))
            }
            other => other,
        }]);
    }
    kept
}
