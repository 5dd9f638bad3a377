//! Networks of one name in one scope that stand in different macro calls.
//!
//! The expansions of a crate's macro calls run in one process, so that what one call declares can be remembered for
//! the next. The source file is read only if a second network of the same name comes from the same file, and only
//! its text decides: two modules or functions of a file may have networks of one name.

use crate::ast::Network;
use crate::report::Report;
use crate::scopes::{Scopes, Site};
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

/// Reports the networks of this macro call whose name another call has given to a network of the same scope, if
/// it is certain that it has. They are moved behind the others, whose number is returned, and get no code: two
/// definitions of one type would cause an error for each of their items.
pub fn set_apart(networks: &mut Vec<Network>, report: &mut Report) -> usize {
    let lines = namesakes(networks);
    let (mut own, mut taken) = (Vec::new(), Vec::new());
    for (network, line) in networks.drain(..).zip(lines) {
        let Some(line) = line else {
            own.push(network);
            continue;
        };
        report.error(network.name.span(), message(&network.name, line));
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

/// Notes the networks of this macro call. Returns, for each, the line of one of the same name that another call has
/// declared in the same scope.
fn namesakes(networks: &[Network]) -> Vec<Option<usize>> {
    let call = Span::call_site();
    let Some(file) = call.local_file() else { return vec![None; networks.len()] };
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
        declared.add(&file, &network.name.unraw().to_string(), site)
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

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::LineColumn;

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
