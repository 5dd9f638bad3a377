//! Compares the quotations of the book with their origins: generated code, graphs, schedules, tables,
//! pieces of the compiler's source. `UPDATE_BOOK=1 cargo test -p monograd-tests --test book` updates
//! them.

use super::{compile::Small, spirals::Spirals};
use monograd::{Gelu, Tanh};
use monograd_compiler::fuse::{Step, StepKind};
use monograd_compiler::ir::{Graph, Root, Value};
use monograd_compiler::library;
use monograd_compiler::pass::Pass;
use monograd_compiler::passes;
use monograd_compiler::plan::Storage;
use monograd_compiler::report::Report;
use monograd_compiler::{check, differentiate::differentiate, parse, render};
use monograd_tests::sources::files;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Returns the folder of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_path_buf()
}

/// Returns the text of a file of the workspace.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Checks that the book's file `name` has the contents `actual`.
fn quoted(name: &str, actual: &str) {
    let path = root().join("book/src/generated").join(name);
    if std::env::var_os("UPDATE_BOOK").is_some() {
        std::fs::write(&path, actual).expect("the book can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, actual, "{name} is out of date: set UPDATE_BOOK=1 and run this test again");
}

/// Returns the body of the first `network!` of a file.
fn network(path: &str) -> TokenStream {
    let tokens: Vec<TokenTree> =
        read(path).parse::<TokenStream>().expect("a Rust file").into_iter().collect();
    let call = tokens.windows(3).find_map(|window| match window {
        [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(group)]
            if name == "network" =>
        {
            Some(group.stream())
        }
        _ => None,
    });
    call.unwrap_or_else(|| panic!("no `network!` in {path}"))
}

/// Returns the item of `text` that begins with `start`, including its attributes and documentation,
/// without indentation.
fn item(text: &str, start: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().position(|line| line.trim_start().starts_with(start));
    let at = at.unwrap_or_else(|| panic!("no `{start}`"));
    let indent = lines[at].len() - lines[at].trim_start().len();
    let before = lines[..at].iter().rev();
    let above = before
        .take_while(|line| {
            line.trim_start().starts_with("#[") || line.trim_start().starts_with("///")
        })
        .count();
    let ends = |line: &str| {
        let rest = line.get(indent..).unwrap_or_default();
        rest.starts_with(['}', ']']) || (rest.ends_with(';') && !rest.starts_with(' '))
    };
    let end = at + lines[at..].iter().position(|line| ends(line)).expect("an end");
    let mut item = String::new();
    for line in &lines[at - above..=end] {
        let _ = writeln!(item, "{}", line.get(indent..).unwrap_or_default());
    }
    item
}

#[test]
fn generated_code() {
    let code = render(network("book/code/compile.rs")).expect("Rust");
    quoted("infer.rs", &item(&code, "fn infer<"));
    quoted("train.rs", &item(&code, "fn train<"));
    quoted("layout.rs", &item(&code, "const LAYOUT: &'static [::monograd::Parameter] = &"));
    let slots = ["const EVALUATE_SLOTS", "const TRAIN_SLOTS"].map(|slots| item(&code, slots));
    quoted("slots.rs", &slots.concat());
    quoted("struct.rs", &item(&code, "pub struct Small"));
}

#[test]
fn stages() {
    let mut report = Report::default();
    let file = parse::parse(network("book/code/compile.rs"), &mut report);
    let network = &file.networks[0];
    let program = check::check(network, &mut report).expect("a right network");
    quoted("checked.txt", &program.graph.to_string());

    let mut graph = program.graph.clone();
    let contributions = differentiate(&program, &mut graph, program.loss.expect("a loss"));
    let mut text: String = graph
        .to_string()
        .lines()
        .filter(|l| l.starts_with('<'))
        .fold(String::new(), |t, l| t + l + "\n");
    for contribution in contributions {
        let name = &program.parameters[contribution.parameter].name;
        let _ = writeln!(text, "gradient of {name}: {}", contribution.value);
    }
    quoted("differentiated.txt", &text);

    let train = passes(network, &program).train.expect("a loss");
    quoted("fused.txt", &steps(&train.graph, &train.schedule.steps));
    quoted("planned.txt", &homes(&train));
}

/// Returns one step per line, with its operation and the values that it writes to memory. A loop that
/// follows a product has a line of its own.
fn steps(graph: &Graph, steps: &[Step]) -> String {
    let list = |values: &[Value]| {
        let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
        texts.join(", ")
    };
    let operation = |value: &Value| {
        let node = &graph[*value];
        format!("{value} = {} {}", node.op, list(&node.operands))
    };
    let mut text = String::new();
    for step in steps {
        let what = match &step.kind {
            StepKind::Kernel(value) => format!("kernel {}", operation(value)),
            StepKind::Accumulate { kernel, onto } => {
                format!("kernel {onto} + {}", operation(kernel))
            }
            StepKind::Number(value) => format!("number {}", operation(value)),
            StepKind::Elementwise(values) => {
                let body: Vec<String> = values.iter().map(operation).collect();
                format!("loop   {}", body.join("; "))
            }
            StepKind::Rows(rows) => {
                let body: Vec<String> = rows.members.iter().map(operation).collect();
                format!("rows   {}", body.join("; "))
            }
            StepKind::Product { product, then } => {
                for (head, step) in [("rows  ", product), ("  then", then)] {
                    let line = self::steps(graph, std::slice::from_ref(step));
                    text.push_str(&format!("{head}{}", &line[head.len()..]));
                }
                continue;
            }
            StepKind::Loop { region, .. } => format!("iterations  {}", graph[*region].count),
        };
        let _ = writeln!(text, "{}", format!("{what:60} -> {}", list(&step.writes)).trim_end());
    }
    text
}

/// Returns the place in memory of each value that the training pass writes.
fn homes(pass: &Pass) -> String {
    let mut text = String::new();
    for value in pass.graph.values() {
        let written = pass.schedule.steps.iter().any(|step| step.writes.contains(&value));
        let Some(home) = pass.plan.homes.get(&value).filter(|_| written) else { continue };
        let place = match home {
            Storage::Slot(slot) => format!("slot {slot}"),
            Storage::Gradient(parameter) => format!("gradient {parameter}"),
            other => format!("{other:?}").to_lowercase(),
        };
        let over = match pass.plan.replaces.get(&value) {
            Some(replaced) => format!(", over {replaced}"),
            None => String::new(),
        };
        let name = &pass.graph[value].name;
        let name = if name.is_empty() { pass.graph[value].op.to_string() } else { name.clone() };
        let _ = writeln!(text, "{:24} {place}{over}", format!("{value} ({name})"));
    }
    for root in &pass.roots {
        if let Root::Loss(value) = root {
            let _ = writeln!(text, "the loss is {value}");
        }
    }
    text
}

#[test]
fn summary() {
    quoted("summary.txt", &format!("{}\n", Spirals::<Gelu, 32>::summary().to_string().trim_end()));
    // the quoted networks are the ones that run
    assert_eq!(Small::<Tanh>::PARAMS, 26);
}

#[test]
fn pictures() {
    for (name, text) in super::seeing::pictures() {
        quoted(name, &text);
    }
}

/// Checks the pictures of what networks compute. That depends on the processor in its last digits, so that a few of a
/// picture's cells may have another colour, or marks another place.
#[test]
fn pictures_of_computed_values() {
    let first = super::first::pictures().expect("a network that learns");
    let inside = super::inspecting::picture().expect("a network to look into");
    for (name, text) in first.into_iter().chain([inside]) {
        let path = root().join("book/src/generated").join(name);
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        let differing = |a: &str, b: &str| {
            let known: BTreeSet<&str> = b.lines().collect();
            a.lines().filter(|line| !known.contains(line)).count()
        };
        let is_alike =
            differing(&text, &written).max(differing(&written, &text)) * 50 <= text.lines().count();
        if !is_alike || std::env::var_os("UPDATE_BOOK").is_some() {
            quoted(name, &text);
        }
    }
}

#[test]
fn pieces_of_the_compiler() {
    let functions = read("macros/compiler/src/ir/function/named.rs");
    let start = functions.find("    Named {\n        name: \"softplus\"").expect("softplus");
    quoted("named.rs", &item(&functions[start..], "Named {"));
    let elementwise = read("macros/compiler/src/check/function/elementwise.rs");
    quoted("function.rs", &item(&elementwise, "fn rsqrt("));
    quoted("functions.rs", &item(&elementwise, "pub const FUNCTIONS"));
    let layers = read("macros/compiler/src/library.rs");
    let line = layers.lines().find(|line| line.contains("layer!(\"Glu\"")).expect("Glu");
    quoted("layers.rs", &format!("{}\n", line.trim()));
    quoted("kernel.rs", &item(&read("macros/compiler/src/ir/kernel.rs"), "pub trait Kernel"));
    let sgd = read("runtime/src/optimizer/sgd.rs");
    quoted("sgd.rs", &item(&sgd, "impl<T: Scalar, const STATES: usize, const NESTEROV: bool>"));
    quoted("update.rs", &item(&read("runtime/src/optimizer/pass.rs"), "pub(super) trait Update"));
}

/// Checks that every block of Rust in the book is an include of an existing file or anchor.
#[test]
fn rust_in_the_book_is_included() {
    let pages = pages();
    assert!(pages.len() >= 9, "{pages:?}");
    let (mut blocks, mut includes) = (0, 0);
    for page in pages {
        let (text, name) = (std::fs::read_to_string(&page).expect("a page"), page.display());
        for block in text.split("\n```rust").skip(1) {
            let (_, code) = block.split_once('\n').expect("a line");
            let (code, _) = code.split_once("\n```").expect("the block's end");
            let whole = code.starts_with("{{#include ") && code.lines().count() == 1;
            assert!(whole, "{name}: this block is not an include:\n{code}");
            blocks += 1;
        }
        for include in text.split("{{#include ").skip(1) {
            let (path, _) = include.split_once("}}").expect("the include's end");
            let (path, anchor) = path.split_once(':').map_or((path, None), |(p, a)| (p, Some(a)));
            let path = page.parent().expect("a folder").join(path);
            let source = std::fs::read_to_string(&path);
            let source = source.unwrap_or_else(|error| panic!("{name}: {path:?}: {error}"));
            for end in ["ANCHOR", "ANCHOR_END"] {
                let Some(anchor) = anchor else { continue };
                let marker = format!("{end}: {anchor}");
                let markers =
                    [format!("// {marker}"), format!("# {marker}"), format!("<!-- {marker} -->")];
                let is_marker = |line: &&str| markers.iter().any(|marker| line.trim() == marker);
                let found = source.lines().filter(is_marker).count();
                assert_eq!(found, 1, "{path:?}: {marker}");
            }
            includes += 1;
        }
    }
    assert!(blocks > 20 && includes > blocks, "{blocks} blocks, {includes} includes");
}

/// Returns all files of Markdown in the book.
pub fn pages() -> Vec<PathBuf> {
    files(&root().join("book/src"), "md")
}

/// Checks that the page of the layers shows every description.
#[test]
fn every_description_is_in_the_book() {
    let page = read("book/src/layers.md");
    for (folder, described) in [("layers", library::LAYERS), ("functions", library::FUNCTIONS)] {
        for described in described {
            let file = format!("library/{folder}/{}.net}}}}", described.prefix);
            assert!(page.contains(&file), "{} is not in layers.md", described.name);
        }
    }
}
