//! What users see: wrong programs with the messages they get, and right ones that must compile.
//!
//! `TRYBUILD=overwrite cargo test -p monograd-tests --test ui` writes the messages anew.

#[test]
fn messages() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("ui/*.rs");
    cases.pass("ui/pass/*.rs");
}
