//! The descriptions that graphs are drawn from, of every network in `networks/`: each parameter and each row of the
//! summary stands in one line, and lines refer to lines that are there.

use monograd_compiler::ast::Network;
use monograd_compiler::check::{Networks, check_among};
use monograd_compiler::formulas::formulas;
use monograd_compiler::parse;
use monograd_compiler::report::Report;
use monograd_compiler::sketch::drawing;
use monograd_tests::sources::networks;

fn is_whole(network: &Network, networks: &Networks<'_>) {
    let Some(program) = check_among(network, networks, &mut Report::default()) else { return };
    let (text, name) = (drawing(&program).text, &network.name);
    let (mut nodes, mut rows, mut parameters) = (program.inputs.len(), Vec::new(), Vec::new());
    let count = nodes + text.lines().filter(|line| !line.starts_with(['n', 'l', 's', ')'])).count();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |index: usize| fields[index].parse::<usize>().expect("a number");
        let (reads, next) = match fields[0] {
            "r" => {
                rows.push(number(1));
                parameters.extend(number(2)..number(3));
                (fields[4], "")
            }
            "n" => {
                rows.push(number(1));
                continue;
            }
            "e" | "f" | "x" => (fields[2], ""),
            "c" => (fields[2], fields[3]),
            "y" | "z" => (fields[1], ""),
            "t" => ("", ""),
            _ => continue,
        };
        let ids = |list: &str| -> Vec<usize> {
            list.split(',').filter(|id| !id.is_empty()).map(|id| id.parse().expect("id")).collect()
        };
        assert!(ids(reads).iter().all(|id| *id < nodes), "{name}: {line}");
        assert!(ids(next).iter().all(|id| *id < count), "{name}: {line}");
        nodes += 1;
    }
    assert_eq!(nodes, count, "{name}");
    rows.sort_unstable();
    parameters.sort_unstable();
    assert!(rows.into_iter().eq(0..program.rows.len()), "{name}\n{text}");
    assert!(parameters.into_iter().eq(0..program.parameters.len()), "{name}\n{text}");
}

#[test]
fn drawings_are_whole() {
    for (_, tokens) in networks() {
        let file = parse::parse(tokens, &mut Report::default());
        let all = Networks::new(&file.networks);
        for network in &file.networks {
            is_whole(network, &all);
            let text = formulas(network, &file.networks);
            let has_four =
                |line: &str| line.starts_with(['#', '?']) || line.split('\t').count() == 4;
            assert!(text.lines().count() > 1 && text.lines().all(has_four), "{text}");
            let depth = |open, close| text.matches(open).count() == text.matches(close).count();
            assert!(depth("{", "}") && depth("\\left", "\\right"), "{text}");
        }
    }
}
