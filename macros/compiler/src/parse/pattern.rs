//! The patterns of `let`, loops and assignments.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Error, Result, Token, parenthesized, token};

/// A pattern: `h`, or `(mean, mut log_var)`.
pub struct Pattern {
    /// All names.
    pub names: Vec<Ident>,
    /// The names declared `mut`.
    pub mutable: Vec<Ident>,
    /// An error that leaves the names usable: `mut` before the parentheses.
    pub fault: Option<Error>,
}

/// Parses one name, or several in parentheses, each with an optional `mut`.
pub fn pattern(input: ParseStream) -> Result<Pattern> {
    let (mut names, mut mutable) = (Vec::new(), Vec::new());
    let outer: Option<Token![mut]> = input.parse()?;
    if !input.peek(token::Paren) {
        let name = name(input)?;
        mutable.extend(outer.is_some().then(|| name.clone()));
        return Ok(Pattern { names: vec![name], mutable, fault: None });
    }
    let content;
    let paren = parenthesized!(content in input);
    let fault = outer.map(|outer| {
        Error::new(outer.span, "`mut` stands before each name: `let (mut a, b) = ..`")
    });
    while !content.is_empty() {
        let inner: Option<Token![mut]> = content.parse()?;
        let name = match content.peek(Token![_]) {
            true => Ident::new("_", content.parse::<Token![_]>()?.span),
            false => name(&content)?,
        };
        mutable.extend(inner.is_some().then(|| name.clone()));
        names.push(name);
        if !content.is_empty() {
            content.parse::<Token![,]>()?;
        }
    }
    match names.is_empty() {
        true => Err(Error::new(paren.span.join(), "expected a name in the parentheses")),
        false => Ok(Pattern { names, mutable, fault }),
    }
}

/// Parses a name.
pub fn name(input: ParseStream) -> Result<Ident> {
    if input.peek(syn::Ident) {
        super::name::name(input)
    } else if input.peek(Token![_]) {
        Err(input.error("a value that nothing uses has no effect: leave the statement out"))
    } else {
        Err(input.error("expected a name"))
    }
}
