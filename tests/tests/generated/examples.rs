//! Checks that every public type of the library has an example that runs.
//!
//! The modules are followed from `lib.rs`: what a `pub mod` declares, and what a `pub use` takes from private ones. Items
//! that are hidden from the documentation do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::{Attribute, Expr, Item, ItemMod, Lit, Meta, UseTree, Visibility};

/// Types whose examples do not run, as they need another program: `mpirun`.
const NOT_RUN: [&str; 1] = ["distributed::mpi::Mpi"];

/// The path of a module or an item, without the name of the crate.
type Place = Vec<String>;

/// A type, trait or macro.
#[derive(Clone)]
struct Declared {
    file: PathBuf,
    docs: String,
    is_public: bool,
    is_hidden: bool,
}

/// A name that another path stands for.
struct Used {
    path: Vec<String>,
    docs: String,
    is_public: bool,
}

/// A module.
#[derive(Default)]
struct Module {
    /// `true` if it is public and not hidden, by name.
    modules: BTreeMap<String, bool>,
    items: BTreeMap<String, Declared>,
    uses: BTreeMap<String, Used>,
}

/// All modules of the library.
#[derive(Default)]
struct Library(BTreeMap<Place, Module>);

impl Library {
    /// Reads the file of a module, and those of the modules in it.
    fn read(&mut self, file: &Path, folder: &Path, place: &[String]) {
        let text = fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        self.add(parsed.items, file, folder, place);
    }

    fn add(&mut self, items: Vec<Item>, file: &Path, folder: &Path, place: &[String]) {
        let mut module = Module::default();
        for item in items {
            match item {
                Item::Mod(inner) if !is_for_tests(&inner.attrs) => {
                    let name = inner.ident.to_string();
                    let is_shown = is_public(&inner.vis) && !is_hidden(&inner.attrs);
                    module.modules.insert(name.clone(), is_shown);
                    self.add_module(inner, file, folder, &inside(place, &name));
                }
                Item::Use(used) => {
                    let (docs, shown) = (docs(&used.attrs), !is_hidden(&used.attrs));
                    let is_public = is_public(&used.vis) && shown;
                    for (name, path) in names(&used.tree, &[]) {
                        module.uses.insert(name, Used { path, docs: docs.clone(), is_public });
                    }
                }
                item => {
                    let (name, attributes, visibility) = match &item {
                        Item::Struct(item) => (&item.ident, &item.attrs, &item.vis),
                        Item::Enum(item) => (&item.ident, &item.attrs, &item.vis),
                        Item::Union(item) => (&item.ident, &item.attrs, &item.vis),
                        Item::Trait(item) => (&item.ident, &item.attrs, &item.vis),
                        Item::Type(item) => (&item.ident, &item.attrs, &item.vis),
                        _ => continue,
                    };
                    let declared = Declared {
                        file: file.to_path_buf(),
                        docs: docs(attributes),
                        is_public: is_public(visibility),
                        is_hidden: is_hidden(attributes),
                    };
                    module.items.insert(name.to_string(), declared);
                }
            }
        }
        self.0.insert(place.to_vec(), module);
    }

    fn add_module(&mut self, module: ItemMod, file: &Path, folder: &Path, place: &[String]) {
        let name = module.ident.to_string();
        match module.content {
            Some((_, items)) => self.add(items, file, &folder.join(name), place),
            None => {
                // the modules of a file that is named by an attribute are beside it
                match module.attrs.iter().find_map(|attribute| text(attribute, "path")) {
                    Some(path) => self.read(&folder.join(path), folder, place),
                    None => {
                        let path = folder.join(format!("{name}.rs"));
                        self.read(&path, &folder.join(name), place);
                    }
                }
            }
        }
    }

    /// Returns the place that a path stands for, as seen from a module; `None` if it is of another crate.
    fn find(&self, from: &[String], path: &[String]) -> Option<Place> {
        let (mut at, mut rest) = (from.to_vec(), path);
        while let Some((first, others)) = rest.split_first() {
            match first.as_str() {
                "crate" | "monograd" => at.clear(),
                "self" => {}
                "super" => {
                    at.pop()?;
                }
                name => {
                    let module = self.0.get(&at)?;
                    at = match module.uses.get(name) {
                        Some(used) if !module.modules.contains_key(name) => {
                            self.find(&at, &used.path)?
                        }
                        _ => inside(&at, name),
                    };
                }
            }
            rest = others;
        }
        Some(at)
    }

    fn item(&self, place: &[String]) -> Option<&Declared> {
        let (name, module) = place.split_last()?;
        self.0.get(module)?.items.get(name)
    }

    /// Adds the types that are public in a module, with their documentation there.
    fn public(&self, place: &[String], found: &mut BTreeMap<Place, Declared>) {
        let module = &self.0[place];
        for (name, item) in &module.items {
            if item.is_public && !item.is_hidden {
                found.insert(inside(place, name), item.clone());
            }
        }
        for (name, is_shown) in &module.modules {
            if *is_shown {
                self.public(&inside(place, name), found);
            }
        }
        for used in module.uses.values().filter(|used| used.is_public) {
            let Some(target) = self.find(place, &used.path) else { continue };
            if let Some(item) = self.item(&target).filter(|item| !item.is_hidden) {
                let mut item = item.clone();
                item.docs += &used.docs;
                found.entry(target).or_insert(item);
            }
        }
    }
}

/// Returns the place of a name in a module.
fn inside(module: &[String], name: &str) -> Place {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// Returns the names that a `use` declares, and their paths.
fn names(tree: &UseTree, before: &[String]) -> Vec<(String, Vec<String>)> {
    let with = |name: String| [before, &[name]].concat();
    match tree {
        UseTree::Path(path) => names(&path.tree, &with(path.ident.to_string())),
        UseTree::Name(name) if name.ident == "self" => {
            vec![(before.last().cloned().unwrap_or_default(), before.to_vec())]
        }
        UseTree::Name(name) => vec![(name.ident.to_string(), with(name.ident.to_string()))],
        UseTree::Rename(name) => vec![(name.rename.to_string(), with(name.ident.to_string()))],
        UseTree::Group(group) => group.items.iter().flat_map(|tree| names(tree, before)).collect(),
        UseTree::Glob(_) => Vec::new(),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    };
    attributes.iter().any(is_test)
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    let hides = |attribute: &Attribute| {
        attribute.path().is_ident("doc")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "hidden")
    };
    attributes.iter().any(hides)
}

/// Returns the text of an attribute like `#[path = ".."]`.
fn text(attribute: &Attribute, name: &str) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    match &pair.value {
        Expr::Lit(literal) if pair.path.is_ident(name) => match &literal.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the lines of a documentation.
fn docs(attributes: &[Attribute]) -> String {
    attributes
        .iter()
        .filter_map(|attribute| text(attribute, "doc"))
        .map(|line| line + "\n")
        .collect()
}

/// Returns true if a documentation has code that runs and that asserts something, or goes on only if it is right.
fn has_example(docs: &str) -> bool {
    let mut blocks = Vec::<(bool, String)>::new();
    let mut is_open = false;
    for line in docs.lines().map(str::trim) {
        match line.strip_prefix("```") {
            Some(_) if is_open => is_open = false,
            Some(kind) => {
                blocks.push((matches!(kind, "" | "rust"), String::new()));
                is_open = true;
            }
            None if is_open => blocks.last_mut().expect("an open block").1.push_str(line),
            None => {}
        }
    }
    blocks.iter().any(|(runs, code)| *runs && (code.contains("assert") || code.contains("panic!")))
}

fn library() -> Library {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src");
    let mut library = Library::default();
    library.read(&source.join("lib.rs"), &source, &[]);
    library
}

#[test]
fn every_public_type_has_an_example() {
    let mut found = BTreeMap::new();
    library().public(&[], &mut found);
    let without: BTreeSet<String> = found
        .iter()
        .filter(|(_, item)| !has_example(&item.docs))
        .map(|(place, item)| (place.join("::"), item.file.display()))
        .filter(|(name, _)| !NOT_RUN.contains(&name.as_str()))
        .map(|(name, file)| format!("{name} in {file}"))
        .collect();
    assert!(
        without.is_empty(),
        "{} of {} public types have no example that runs and asserts something:\n{}",
        without.len(),
        found.len(),
        without.into_iter().collect::<Vec<_>>().join("\n")
    );
    // known ones: of the root, of a module, behind a feature, an alias, a trait, an enum, of a private module
    let known = [
        "tensor::Tensor",
        "data::set::Dataset",
        "data::csv::table::Table",
        "optimizer::adam::AdamW",
        "network::compiled::Network",
        "error::Error",
        "plot::chart::Chart",
        "distributed::Collective",
    ];
    let names: BTreeSet<String> = found.keys().map(|place| place.join("::")).collect();
    for name in known {
        assert!(names.contains(name), "`{name}` is not among {names:?}");
    }
    assert!(names.len() > 150, "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with("private") && !name.starts_with("kernels")));
}

#[test]
fn an_example_runs_and_asserts() {
    assert!(has_example("Text.\n```\nassert!(true);\n```\n"));
    assert!(has_example("```ignore\n```\n```rust\nlet Some(x) = y else { panic!() };\n```"));
    for without in [
        "assert!(true);",
        "```\nlet x = 1;\n```",
        "```text\nassert!(true);\n```",
        "```no_run\nassert!(x)\n```",
        "```\n```\nassert\n```\n```",
    ] {
        assert!(!has_example(without), "{without}");
    }
}
