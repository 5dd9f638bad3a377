//! The tokens of source text, each with its place, as far as scopes need them.
//!
//! The compiler's own lexer gives a macro tokens without places, and may print errors; this one does neither.

use proc_macro2::LineColumn;

/// A token. Comments are none, and a literal in quotes is a single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// A name, a keyword, or a part of a number: what begins with a letter, a digit or `_`.
    Word(&'a str),
    /// An opening bracket.
    Open(char),
    /// A closing bracket.
    Close(char),
    /// A string or character.
    Quoted,
    /// Any other character.
    Mark(char),
}

/// Returns the tokens of a Rust file with the places where they begin, as the compiler counts them: lines
/// from 1, and columns in characters from 0.
pub fn tokens(text: &str) -> Vec<(LineColumn, Token<'_>)> {
    let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut cursor = Cursor { rest, at: LineColumn { line: 1, column: 0 } };
    // the line for the shell that starts a script
    if rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[') {
        cursor.skip(line_len(rest));
    }
    let mut tokens = Vec::new();
    while let Some(first) = cursor.rest.chars().next() {
        let at = cursor.at;
        let rest = cursor.rest;
        if rest.starts_with("//") {
            cursor.skip(line_len(rest));
        } else if rest.starts_with("/*") {
            cursor.skip(comment_len(rest));
        } else if is_space(first) {
            cursor.skip(first.len_utf8());
        } else {
            let (len, token) = token(rest, first);
            cursor.skip(len);
            tokens.push((at, token));
        }
    }
    tokens
}

/// The text that is left, and the place where it begins.
struct Cursor<'a> {
    rest: &'a str,
    at: LineColumn,
}

impl Cursor<'_> {
    /// Skips so many bytes.
    fn skip(&mut self, len: usize) {
        let (skipped, rest) = self.rest.split_at(len);
        for character in skipped.chars() {
            match character {
                '\n' => self.at = LineColumn { line: self.at.line + 1, column: 0 },
                _ => self.at.column += 1,
            }
        }
        self.rest = rest;
    }
}

/// Returns the token at the beginning of `rest`, and its length in bytes.
fn token(rest: &str, first: char) -> (usize, Token<'_>) {
    match first {
        '(' | '[' | '{' => (1, Token::Open(first)),
        ')' | ']' | '}' => (1, Token::Close(first)),
        '"' => (1 + quoted_len(&rest[1..], '"'), Token::Quoted),
        '\'' if is_character(&rest[1..]) => (1 + quoted_len(&rest[1..], '\''), Token::Quoted),
        _ if is_of_word(first) => word(rest),
        _ => (first.len_utf8(), Token::Mark(first)),
    }
}

/// Returns the word at the beginning of `rest`, or the raw string that begins with it. That of another string,
/// such as `b"text"`, is a word before a string.
fn word(rest: &str) -> (usize, Token<'_>) {
    let len = |text: &str| text.find(|c| !is_of_word(c)).unwrap_or(text.len());
    let (word, after) = rest.split_at(len(rest));
    let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
    if ["r", "br", "cr"].contains(&word) && after[hashes..].starts_with('"') {
        let end = format!("\"{}", &after[..hashes]);
        let inside = &after[hashes + 1..];
        let inside_len = inside.find(&end).map_or(inside.len(), |at| at + end.len());
        return (word.len() + hashes + 1 + inside_len, Token::Quoted);
    }
    if word == "r" && hashes == 1 && after[1..].starts_with(is_of_word) {
        let len = 2 + len(&after[1..]);
        return (len, Token::Word(&rest[..len]));
    }
    (word.len(), Token::Word(word))
}

/// Returns the length up to and with the quote that ends a literal.
fn quoted_len(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in inside.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    inside.len()
}

/// Returns true if what follows a `'` is a character; otherwise it is a lifetime.
fn is_character(inside: &str) -> bool {
    let mut characters = inside.chars();
    characters.next() == Some('\\') || characters.next() == Some('\'')
}

/// Returns the length of the line, without its end.
fn line_len(rest: &str) -> usize {
    rest.find('\n').unwrap_or(rest.len())
}

/// Returns the length of a comment from `/*` to its `*/`; there may be others inside.
fn comment_len(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    let bytes = rest.as_bytes();
    while at < bytes.len() {
        match &bytes[at..bytes.len().min(at + 2)] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// Returns true for what Rust takes as space between tokens.
fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200e}' | '\u{200f}')
}

/// Returns true if words consist of such characters. Outside of literals and comments, a file that is Rust has no
/// characters beyond ASCII but those of names and space.
pub fn is_of_word(character: char) -> bool {
    character == '_'
        || character.is_ascii_alphanumeric()
        || !(character.is_ascii() || is_space(character))
}
