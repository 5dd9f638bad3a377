//! Programs that must compile without a warning, each as a user would write it, and run.
//!
//! They are public, so that their items are as in a crate of their own, and those that deny warnings deny missing
//! documentation only where they say so, since rustc does not warn of it by default.

#![allow(missing_docs)]

pub mod common_names;
pub mod constants;
pub mod derived;
pub mod dynamic;
pub mod elsewhere;
pub mod generics;
pub mod in_function;
pub mod iteration_in_range;
pub mod loops;
pub mod names;
pub mod names_of_types;
pub mod nested;
pub mod no_parameters;
pub mod no_prelude;
pub mod own_activation;
pub mod own_functions;
pub mod renamed_crate;
pub mod same_names;
pub mod shadowed_methods;
pub mod shadowed_prelude;
pub mod spellings;
pub mod stored_names;
pub mod unused;
pub mod used_names;
pub mod written_numbers;

/// Every file of the folder is one of the modules above.
#[test]
fn all_are_declared() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages/programs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let module = format!("\npub mod {};\n", path.file_stem().unwrap().display());
        assert!(
            include_str!("programs.rs").contains(&module),
            "{} is not compiled",
            path.display()
        );
    }
}
