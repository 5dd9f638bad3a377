//! Networks whose name is taken in their scope: by one of another macro call, or by a type beside it.
//!
//! The expansions of a crate's macro calls run in one process, so that what one call declares can be remembered for
//! the next. The source file is taken apart only if a second network of the same name comes from the same file, or a
//! search of its text finds such as `struct Net`, and only its scopes decide: two modules or functions of a file may
//! have items of one name.

use crate::ast::Network;
use crate::report::Report;
use crate::scopes::tokens::is_of_word;
use crate::scopes::{Scopes, Site, TYPES};
use proc_macro2::{Ident, Span};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;
use syn::ext::IdentExt as _;

/// The networks that the macro calls of this process have declared so far.
static DECLARED: Mutex<Declared> =
    Mutex::new(Declared { sites: BTreeMap::new(), scopes: BTreeMap::new() });

/// The networks that macro calls have declared.
struct Declared {
    /// The places of networks, by file and name.
    sites: BTreeMap<(PathBuf, String), Vec<Site>>,
    /// The scopes of the files that were read, each with the version of the file.
    scopes: BTreeMap<PathBuf, (Version, Option<Scopes>)>,
}

/// The length of a file and when it was written.
type Version = (u64, SystemTime);

/// Reports the networks of this macro call whose name another network or a type of the same scope has, if it is
/// certain that it has. They are moved behind the others, whose number is returned, and get no code: two definitions
/// of one type would cause an error for each of their items.
pub fn set_apart(networks: &mut Vec<Network>, report: &mut Report) -> usize {
    let messages = messages(networks);
    let (mut own, mut taken) = (Vec::new(), Vec::new());
    for (network, message) in networks.drain(..).zip(messages) {
        let Some(message) = message else {
            own.push(network);
            continue;
        };
        report.error(network.name.span(), message);
        taken.push(network);
    }
    let count = own.len();
    networks.extend(own.into_iter().chain(taken));
    count
}

/// Returns the message for a network whose name is taken.
#[must_use]
pub fn message(name: &Ident, line: usize) -> String {
    format!("there is a network `{name}` on line {line} already: give this one another name")
}

/// Notes the networks of this macro call. Returns, for each, the message about what has its name in the same scope.
fn messages(networks: &[Network]) -> Vec<Option<String>> {
    let call = Span::call_site();
    let Some(file) = call.local_file() else { return vec![None; networks.len()] };
    let text = fs::read_to_string(&file).unwrap_or_default();
    let mut declared = DECLARED.lock().unwrap_or_else(PoisonError::into_inner);
    let namesake = |network: &Network| {
        // made only if the condition holds
        let conditional = network.attributes.iter().any(|attribute| {
            ["cfg", "cfg_attr"].iter().any(|condition| attribute.path().is_ident(condition))
        });
        let name = network.name.span();
        if conditional || name.local_file().as_ref() != Some(&file) {
            return None;
        }
        let site = Site { call: call.start(), name: name.start() };
        let unraw = network.name.unraw().to_string();
        if let Some(line) = declared.add(&file, &unraw, site) {
            return Some(message(&network.name, line));
        }
        let (keyword, line) = declared.type_beside((&file, &text), &unraw, site)?;
        Some(format!(
            "there is `{keyword} {}` on line {line} already, and a network is a type: give one of them another name",
            network.name
        ))
    };
    networks.iter().map(namesake).collect()
}

impl Declared {
    /// Adds a network. Returns the line of one of the same name that was added to the same scope before.
    fn add(&mut self, file: &Path, name: &str, site: Site) -> Option<usize> {
        let sites = self.sites.entry((file.to_owned(), name.to_owned())).or_default();
        // it is there already if two modules consist of the same file, or if an editor asks again
        let index = sites.iter().position(|other| *other == site).unwrap_or(sites.len());
        let before = sites[..index].to_vec();
        if index == sites.len() {
            sites.push(site);
        }
        if before.is_empty() {
            return None;
        }
        let scopes = self.read(file)?;
        let scope = scopes.scope(site, name)?;
        let first = before.iter().find(|other| scopes.scope(**other, name) == Some(scope))?;
        Some(first.name.line)
    }

    /// Returns the keyword and the line of a type of this name in the scope of a network.
    fn type_beside(
        &mut self,
        (file, text): (&Path, &str),
        name: &str,
        site: Site,
    ) -> Option<(&'static str, usize)> {
        if !may_declare(text, name) {
            return None;
        }
        let scopes = self.read(file)?;
        scopes.type_in(scopes.scope(site, name)?, name)
    }

    /// Returns the scopes of a file, which is read if it is new or another version of it.
    fn read(&mut self, file: &Path) -> Option<&Scopes> {
        let metadata = fs::metadata(file).ok()?;
        let version = (metadata.len(), metadata.modified().ok()?);
        let known = self.scopes.get(file).is_some_and(|(of, _)| *of == version);
        if !known {
            let scopes = fs::read_to_string(file).ok().and_then(|text| Scopes::of(&text));
            self.scopes.insert(file.to_owned(), (version, scopes));
        }
        self.scopes.get(file)?.1.as_ref()
    }
}

/// Returns true if the name stands after the keyword of a type anywhere in a text, which may be that of a comment.
fn may_declare(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        let before = before.strip_suffix("r#").unwrap_or(before);
        let keyword = before.trim_end();
        keyword.len() < before.len()
            && !after.starts_with(is_of_word)
            && TYPES.iter().any(|known| keyword.ends_with(known))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::LineColumn;

    /// No file is taken apart for a text that has the name of a network, but no such type.
    #[test]
    fn only_the_name_of_a_type_is_looked_into() {
        for (text, expected) in [
            ("struct Net;", true),
            ("pub enum r#Net { A }", true),
            ("type\n  Net = u8;", true),
            ("struct Nets; struct ANet; let Net = struct_Net; fn Net() {} impl Net {}", false),
            ("network! { Net(x: [1]) -> [1] { x } } // another Net", false),
            ("", false),
        ] {
            assert_eq!(may_declare(text, "Net"), expected, "{text}");
        }
    }

    #[test]
    fn a_type_of_the_scope_is_found() {
        let file = std::env::temp_dir().join(format!("monograd_types_{}.rs", std::process::id()));
        let text = "network! { Net }\nmod a { struct Net;\n network! { Net } }\n#[derive(Debug)] enum Net {}\n";
        fs::write(&file, text).unwrap();
        let mut declared = NOTHING;
        let mut beside = |text, at| declared.type_beside((&file, text), "Net", at);
        assert_eq!(beside(text, site(1, 0)), Some(("enum", 4)));
        assert_eq!(beside(text, site(3, 1)), Some(("struct", 2)));
        assert_eq!(beside(text, site(2, 0)), None);
        assert_eq!(beside("network! { Net }", site(1, 0)), None);
        fs::remove_file(&file).unwrap();
    }

    /// Returns the place of a network whose macro call begins in this line and column.
    fn site(line: usize, column: usize) -> Site {
        let name = column + "network! { ".len();
        let [call, name] = [column, name].map(|column| LineColumn { line, column });
        Site { call, name }
    }

    const NOTHING: Declared = Declared { sites: BTreeMap::new(), scopes: BTreeMap::new() };

    #[test]
    fn a_second_name_of_the_scope_is_found() {
        let file = std::env::temp_dir().join(format!("monograd_names_{}.rs", std::process::id()));
        let text = "network! { Net }\nmod a { network! { Net }\n network! { r#Net } network! { Other } }\nnetwork! { Net }\n";
        fs::write(&file, text).unwrap();
        let mut declared = NOTHING;
        assert_eq!(declared.add(&file, "Net", site(1, 0)), None);
        assert_eq!(declared.add(&file, "Net", site(2, 8)), None);
        assert_eq!(declared.add(&file, "Net", site(3, 1)), Some(2));
        assert_eq!(declared.add(&file, "Other", site(3, 20)), None);
        assert_eq!(declared.add(&file, "Net", site(4, 0)), Some(1));
        // once more, as the file of two modules
        assert_eq!(declared.add(&file, "Net", site(2, 8)), None);
        assert_eq!(declared.add(&file, "Net", site(3, 1)), Some(2));
        // where the file has no such network
        assert_eq!(declared.add(&file, "Net", site(5, 0)), None);
        // another version, in which the first is in a module of its own
        fs::write(&file, text.replacen("network! { Net }", "mod b { network! { Net } }", 1))
            .unwrap();
        assert_eq!(declared.add(&file, "Net", site(1, 8)), None);
        assert_eq!(declared.add(&file, "Net", site(4, 0)), None);
        fs::remove_file(&file).unwrap();
        assert_eq!(declared.add(&file, "Net", site(3, 1)), None);
    }

    #[test]
    fn no_file_is_read_for_names_that_differ() {
        let mut declared = NOTHING;
        let this = Path::new(file!());
        for line in 0..100 {
            assert_eq!(declared.add(this, &format!("Net{line}"), site(line, 0)), None);
            assert_eq!(
                declared.add(Path::new("another.rs"), &format!("Net{line}"), site(line, 0)),
                None
            );
        }
        assert!(declared.scopes.is_empty());
    }
}
