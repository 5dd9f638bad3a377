use super::{Scopes, Site, tokens};
use proc_macro2::LineColumn;
use tokens::Token;

/// Returns the scope of each call of `network!` in a file, `None` if it is not known.
fn scopes(text: &str) -> Vec<Option<usize>> {
    let scopes = Scopes::of(text).expect("brackets that match");
    let tokens = tokens::tokens(text);
    let name = |index: usize| {
        let is_name = |(_, token): &&(_, Token)| *token == Token::Word("Net");
        tokens[index..].iter().find(is_name).expect("a network has a name").0
    };
    let words = tokens.iter().enumerate();
    let calls = words.filter(|(_, (_, token))| *token == Token::Word("network"));
    let site =
        |(index, (call, _)): (usize, &(LineColumn, Token))| Site { call: *call, name: name(index) };
    calls.map(site).map(|site| scopes.scope(site, "Net")).collect()
}

/// Returns true if the two networks of a file are in one scope.
fn is_one(text: &str) -> bool {
    let scopes = scopes(text);
    assert_eq!(scopes.len(), 2, "{text}");
    scopes[0].is_some() && scopes[0] == scopes[1]
}

const NET: &str = "network! { pub Net(x: [4]) -> [4] { x } loss mse }";

/// Replaces every `NET` of a text by a call with a network.
fn with_networks(text: &str) -> String {
    text.replace("NET", NET)
}

#[test]
fn calls_beside_each_other_are_in_one_scope() {
    for text in [
        "NET NET",
        "NET\nuse a::{b, c};\nfn f() -> [u8; 3] { [1, 2, 3] }\nstruct S<const N: usize = { 3 }>;\nNET",
        "#![allow(x)]\n//! network! {\nNET /* } /* { */ */ NET",
        "mod a { NET mod b { fn f() {} } NET }",
        "fn main() { NET let x = \"}\"; let y = '}'; let z = b'{'; NET }",
        "fn main() { let f = |x: &'static str| r#\"\"}\"#; NET f(br\"\\\"); NET }",
        "#[test] fn f() { NET NET }",
        "#[cfg(test)] mod tests { use super::*; NET #[cfg(a)] fn f() {} NET }",
        "fn main() { run(|| { NET let a = 'b'; NET a }); }",
        "impl A { fn f(&self) { if !self.x { NET NET } } }",
        "/// Words.\n#[allow(a)] NET #[doc = \"x\"] NET",
        "#[derive(Debug)] struct A { b: u8 } NET impl Foo<{ N }> for A {} NET",
        "const _: () = { NET NET };",
    ] {
        assert!(is_one(&with_networks(text)), "{text}");
    }
    let paths =
        "monograd::network! { Net() } ::monograd::network!( Net() ); crate::a::network![Net()];";
    let at = |column| LineColumn { line: 1, column };
    let found = Scopes::of(paths).unwrap();
    for (call, name) in [(0, 21), (29, 51), (60, 79)] {
        let site = Site { call: at(call), name: at(name) };
        assert_eq!(found.scope(site, "Net"), Some(0), "{site:?}");
        assert_eq!(found.scope(site, "Other"), None);
        assert_eq!(found.scope(Site { call: at(call + 1), ..site }, "Net"), None);
        assert_eq!(found.scope(Site { name: at(name + 1), ..site }, "Net"), None);
    }
}

#[test]
fn calls_of_several_scopes_or_unknown_ones_are_not() {
    for text in [
        "mod a { NET } mod b { NET }",
        "mod a { NET } NET",
        "fn a() { NET } fn b() { NET }",
        "fn a() { NET { NET } }",
        "fn a() { if b { NET } else { NET } }",
        "fn a() { match b { 1 => { NET } _ => { NET } } }",
        // conditions
        "#[cfg(a)] NET #[cfg(not(a))] NET",
        "NET #[cfg(a)] NET",
        "#[cfg_attr(a, b)] NET NET",
        "NET /// Words.\n#[cfg(a)] #[allow(b)] NET",
        // what macros make of it
        "macro_rules! a { () => { NET NET } }",
        "macro_rules! a { ($b:ident) => { NET }; () => { NET } }",
        "macro_rules! a ( () => { NET NET } );",
        "macro a() { NET NET }",
        "cfg_if! { if #[cfg(a)] { NET NET } }",
        "either!(NET NET);",
        "fn a() { b![NET NET] }",
        "#[other] mod a { NET NET }",
        "#[a::test] fn b() { NET NET }",
        "#[cfg_attr(a, other)] fn b<const N: usize = { 1 }>() -> C<{ 2 }> where [(); 3]: D { NET NET }",
        "#[other(x = \"}\")] /// Words.\npub(crate) const fn a() { NET NET }",
        "#[other] const A: B = C { d: 1, e: { NET NET } };",
        // no items stand there
        "fn a() { b(NET, NET) }",
    ] {
        assert!(!is_one(&with_networks(text)), "{text}");
    }
}

#[test]
fn an_item_after_one_that_is_unknown_is_known() {
    for text in [
        "#[other] fn a() { b } NET NET",
        "#[other] use a::b; NET NET",
        "#[other] struct A { b: [u8; { 3 }] } mod c { NET NET }",
        "macro_rules! a { () => { b } } NET a!(); NET",
        "#![feature(x)] mod a { NET NET }",
    ] {
        assert!(is_one(&with_networks(text)), "{text}");
    }
}

#[test]
fn text_that_is_not_rust_has_no_scopes() {
    for text in ["{", "}", "( ]", "mod a { network! { Net }"] {
        assert!(Scopes::of(text).is_none(), "{text}");
    }
    for text in ["", "\"", "'", "/*", "r#\"", "b'", "r#", "#!", "\\", "'\\", "é'", "\u{feff}"] {
        assert!(Scopes::of(text).is_some(), "{text}");
    }
}

#[test]
fn places_are_counted_in_characters() {
    let text = "\u{feff}#!/bin/sh \"it's\r\n/* ö */ é\u{200e}\t\"ü\\\"\n\" 'x' '\\'' 'a b\u{2028}r#fn r\"\\\" n";
    let place = |line, column| LineColumn { line, column };
    let expected = [
        (place(2, 8), Token::Word("é")),
        (place(2, 11), Token::Quoted),
        (place(3, 2), Token::Quoted),
        (place(3, 6), Token::Quoted),
        (place(3, 11), Token::Mark('\'')),
        (place(3, 12), Token::Word("a")),
        (place(3, 14), Token::Word("b")),
        (place(3, 16), Token::Word("r#fn")),
        (place(3, 21), Token::Quoted),
        (place(3, 26), Token::Word("n")),
    ];
    assert_eq!(tokens::tokens(text), expected);
}

/// Returns the keyword of the type `Net` that stands beside the network of a file.
fn type_beside(text: &str) -> Option<&'static str> {
    let text = with_networks(text);
    let scope = scopes(&text)[0]?;
    Scopes::of(&text)?.type_in(scope, "Net").map(|(keyword, _)| keyword)
}

#[test]
fn types_beside_a_network_are_found() {
    for (text, keyword) in [
        ("struct Net; NET", "struct"),
        ("NET pub(crate) struct Net<T>(T);", "struct"),
        ("#[derive(Clone)] #[repr(C)] /// Words.\nenum Net { A } NET", "enum"),
        ("fn f() { NET union Net { a: u8 } }", "union"),
        ("mod a { NET type r#Net = u8; }", "type"),
        ("NET pub trait Net {}", "trait"),
        ("struct Other { a: u8 } NET mod Net {}", "mod"),
        ("#[cfg(test)] mod tests { NET struct Net; }", "struct"),
        ("#[other] fn a() {} NET struct Net;", "struct"),
    ] {
        assert_eq!(type_beside(text), Some(keyword), "{text}");
    }
    for text in [
        "NET struct Nets; fn Net() {} const Net: u8 = 1; use a::Net;",
        "mod a { struct Net; } NET",
        "fn f() { struct Net; } NET",
        "NET impl A { type Net = u8; }",
        "NET trait A { type Net; }",
        "#[cfg(a)] struct Net; NET",
        "#[cfg(a)] NET struct Net;",
        "#[other] struct Net; NET",
        "NET macro_rules! a { () => { struct Net; } }",
        "NET a! { struct Net; }",
        "NET // struct Net;\n/* enum Net {} */ const A: &str = \"struct Net;\";",
    ] {
        assert_eq!(type_beside(text), None, "{text}");
    }
}
