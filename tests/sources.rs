//! The files and networks that several tests look at.

use proc_macro2::TokenStream;
use std::path::{Path, PathBuf};

/// The `network!` calls of every file in `networks/`, each under the file's name.
#[must_use]
pub fn networks() -> Vec<(String, TokenStream)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("networks");
    let entries = std::fs::read_dir(&folder).expect("the networks are beside the tests");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let network = |path: &std::path::PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let source = std::fs::read_to_string(path).expect("text");
        let mut calls = monograd_compiler::calls(source.parse().expect("Rust"));
        assert_eq!(calls.len(), 1, "{name}: one `network!` a file");
        (name, calls.remove(0))
    };
    files.iter().map(network).collect()
}

/// Returns the files in `folder` and in the folders inside of it whose names end with `extension`.
///
/// # Panics
/// If a folder cannot be read.
#[must_use]
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|its| its == extension) {
            found.push(path);
        }
    }
    found
}
