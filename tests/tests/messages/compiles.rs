//! Checks that networks which the checker accepts are valid Rust: writes a few hundred random networks
//! into one crate and compiles it with warnings denied.
//!
//! `MONOGRAD_NETWORKS=2000 MONOGRAD_SEED=7` compiles more and others. With `MONOGRAD_RUN=1`, networks
//! that can be streamed are also run, and every step is compared with the whole pass.

mod generate;
mod package;
mod streams;

use generate::Source;
use monograd_compiler::ast::Network;
use monograd_compiler::program::Program;
use monograd_compiler::report::Report;
use monograd_compiler::{check, parse, passes};
use package::Package;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The default number of networks.
const NETWORKS: u64 = 200;

/// A network that the checker accepts.
struct Accepted {
    seed: u64,
    source: Source,
    streams: bool,
}

/// Checks a network; `None` if it has errors.
fn checked(text: &str) -> Option<(Network, Program)> {
    let check = || {
        let mut report = Report::default();
        let file = parse::parse(text.parse().ok()?, &mut report);
        let mut networks = file.networks;
        let network = networks.pop()?;
        let program = check::check(&network, &mut report)?;
        report.problems().is_empty().then_some((network, program))
    };
    let outcome = catch_unwind(AssertUnwindSafe(check));
    outcome.unwrap_or_else(|_| panic!("the checker panicked on:\n{text}"))
}

/// Returns the network of a seed. Statements that the checker rejects are dropped.
fn network(seed: u64) -> Option<Accepted> {
    let mut source = Source::new(seed);
    checked(&source.text())?;
    for _ in 0..2 + source.below(6) {
        for _ in 0..3 {
            let mut longer = source.clone();
            longer.statement();
            if checked(&longer.text()).is_some() {
                source = longer;
                break;
            }
            source.random = longer.random;
        }
    }
    let text = source.text();
    let (network, program) = checked(&text)?;
    let passes = catch_unwind(AssertUnwindSafe(|| passes(&network, &program)));
    let Ok(passes) = passes else { panic!("the compiler panicked on:\n{text}") };
    Some(Accepted { seed, source, streams: passes.stream.is_ok() })
}

/// Returns a number from the environment.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn accepted_networks_compile() {
    let first = number("MONOGRAD_SEED").unwrap_or(0) << 32;
    let count = number("MONOGRAD_NETWORKS").unwrap_or(NETWORKS);
    let runs = number("MONOGRAD_RUN").is_some();
    let networks: Vec<Accepted> = (first..first + count).filter_map(network).collect();
    let streams = networks.iter().filter(|network| network.streams).count();
    println!("{} networks, {streams} of them with a stream", networks.len());
    assert!(networks.len() as u64 * 10 > count * 9, "{} of {count}", networks.len());
    assert!(streams * 8 > networks.len(), "{streams} of {} have a stream", networks.len());

    let mut package = Package::new(if runs { "ran" } else { "compiled" });
    for Accepted { seed, source, streams } in &networks {
        let comparison = if runs && *streams { streams::comparison(source) } else { String::new() };
        package.network(*seed, &source.text(), &comparison);
    }
    match runs {
        false => package.check(),
        true => package.run(),
    }
}
