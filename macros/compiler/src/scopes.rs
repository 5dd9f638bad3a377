//! The scopes of a source file: the macro calls and types that stand beside each other.
//!
//! A macro sees its own tokens alone. To tell which calls expand in one scope, the file is read. No answer is
//! better than a wrong one: calls inside of other macros, below attributes that may be macros, or under a
//! condition are in no scope that is known.

pub mod tokens;

use proc_macro2::LineColumn;
use tokens::{Token, tokens};

/// Attributes, of macro calls and of the items around them, that leave what is inside as it is. Those that are
/// not here may be macros, which may put it elsewhere.
const HARMLESS: [&str; 15] = [
    "allow",
    "deny",
    "deprecated",
    "derive",
    "doc",
    "expect",
    "forbid",
    "ignore",
    "inline",
    "must_use",
    "non_exhaustive",
    "repr",
    "should_panic",
    "test",
    "warn",
];

/// The keywords of items whose names are those of types. No two of one name can stand in a scope.
pub const TYPES: [&str; 6] = ["struct", "enum", "union", "type", "trait", "mod"];

/// A condition, which holds for all that is inside, but perhaps for one of two calls.
const CONDITION: &str = "cfg";

/// The place of a network: where the macro call begins, and where its name does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// The first token of the call.
    pub call: LineColumn,
    /// The name of the network, inside of the call.
    pub name: LineColumn,
}

/// The macro calls of a file that stand where items do, in source order, and the types.
#[derive(Debug, Default)]
pub struct Scopes {
    calls: Vec<Call>,
    types: Vec<Type>,
}

/// An item that has the name of a type.
#[derive(Debug)]
struct Type {
    /// One of [`TYPES`].
    keyword: &'static str,
    /// The name, without `r#`.
    name: String,
    line: usize,
    /// The number of the scope.
    scope: usize,
}

/// A macro call.
#[derive(Debug)]
struct Call {
    start: LineColumn,
    /// The number of the scope.
    scope: usize,
    /// The words of its tokens, without those in inner brackets and without `r#`.
    words: Vec<(LineColumn, String)>,
}

/// The inside of one pair of brackets, as far as it has been read.
#[derive(Clone, Copy)]
struct Inside {
    /// The number of the scope; `None` if items cannot stand here.
    scope: Option<usize>,
    /// The attributes of the item or statement so far.
    attributes: Attributes,
}

/// The attributes of an item or a statement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Attributes {
    /// None, or such as change nothing inside.
    Harmless,
    /// It may not be there at all.
    Conditional,
    /// Perhaps a macro.
    Unknown,
}

impl Scopes {
    /// Finds the calls in the text of a file; `None` if its brackets do not match.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let tokens = tokens(text);
        let ends = ends(&tokens)?;
        let mut scopes = Self::default();
        let begin = |scope| Inside { scope, attributes: Attributes::Harmless };
        let (mut outside, mut inside) = (Vec::new(), begin(Some(0)));
        let (mut count, mut index) = (1, 0);
        while let Some(&(_, token)) = tokens.get(index) {
            let before = |distance: usize| Some(tokens.get(index.checked_sub(distance)?)?.1);
            let end = ends[index];
            match token {
                Token::Open('[') if before(1) == Some(Token::Mark('#')) => {
                    inside.attributes = inside.attributes.max(attribute(&tokens[index..end]));
                    index = end;
                }
                // of a macro call, or of an attribute of what is around: `#![..]`
                Token::Open(_) if before(1) == Some(Token::Mark('!')) => {
                    let words = words(&tokens, &ends, index);
                    if let (Some(scope), Some(start), Attributes::Harmless) =
                        (inside.scope, path_before(&tokens, index - 1), inside.attributes)
                    {
                        scopes.calls.push(Call { start: tokens[start].0, scope, words });
                    }
                    index = end;
                }
                Token::Open(_) if inside.attributes == Attributes::Unknown => index = end,
                Token::Open(_) if is_macro(&[before(3), before(2), before(1)]) => index = end,
                Token::Open(bracket) => {
                    let scope = (bracket == '{').then_some(count);
                    count += 1;
                    outside.push(inside);
                    inside = begin(scope);
                }
                Token::Close(_) => inside = outside.pop()?,
                // `macro name() { .. }`
                Token::Word("macro") => inside.attributes = Attributes::Unknown,
                Token::Word(word) => {
                    let keyword = TYPES.into_iter().find(|keyword| *keyword == word);
                    let next = tokens.get(index + 1);
                    if let (Some(keyword), Some(scope), Attributes::Harmless, Some(next)) =
                        (keyword, inside.scope, inside.attributes, next)
                        && let (LineColumn { line, .. }, Token::Word(name)) = *next
                    {
                        let name = name.strip_prefix("r#").unwrap_or(name).to_owned();
                        scopes.types.push(Type { keyword, name, line, scope });
                    }
                }
                _ => {}
            }
            if is_end(tokens[index].1, tokens.get(index + 1).map(|next| next.1)) {
                inside.attributes = Attributes::Harmless;
            }
            index += 1;
        }
        Some(scopes)
    }

    /// Returns the number of the scope in which a network of this name stands, if there is one at this place and its
    /// scope is known.
    #[must_use]
    pub fn scope(&self, site: Site, name: &str) -> Option<usize> {
        let index = self.calls.binary_search_by_key(&site.call, |call| call.start).ok()?;
        let call = &self.calls[index];
        let is_there = |(at, word): &(LineColumn, String)| *at == site.name && word == name;
        call.words.iter().any(is_there).then_some(call.scope)
    }

    /// Returns the keyword and the line of a type of this name in a scope, if one is known to be there.
    #[must_use]
    pub fn type_in(&self, scope: usize, name: &str) -> Option<(&'static str, usize)> {
        let found = self.types.iter().find(|it| it.scope == scope && it.name == name)?;
        Some((found.keyword, found.line))
    }
}

/// Returns, for each bracket, the index of its other one, and for other tokens their own; `None` if brackets do
/// not match.
fn ends(tokens: &[(LineColumn, Token<'_>)]) -> Option<Vec<usize>> {
    let mut ends: Vec<usize> = (0..tokens.len()).collect();
    let mut open = Vec::new();
    for (index, (_, token)) in tokens.iter().enumerate() {
        match token {
            Token::Open('(') => open.push((index, ')')),
            Token::Open('[') => open.push((index, ']')),
            Token::Open(_) => open.push((index, '}')),
            Token::Close(bracket) => {
                let (start, expected) = open.pop()?;
                if *bracket != expected {
                    return None;
                }
                (ends[start], ends[index]) = (index, start);
            }
            Token::Word(_) | Token::Quoted | Token::Mark(_) => {}
        }
    }
    open.is_empty().then_some(ends)
}

/// Returns the kind of an attribute.
fn attribute(tokens: &[(LineColumn, Token<'_>)]) -> Attributes {
    let is_path = matches!(tokens.get(2), Some((_, Token::Mark(':'))));
    match tokens.get(1) {
        Some((_, Token::Word(name))) if !is_path && HARMLESS.contains(name) => Attributes::Harmless,
        Some((_, Token::Word(name))) if !is_path && *name == CONDITION => Attributes::Conditional,
        _ => Attributes::Unknown,
    }
}

/// Returns true if the brackets after these three tokens are those of `macro_rules! name { .. }`.
fn is_macro(before: &[Option<Token<'_>>; 3]) -> bool {
    let [rules, mark, name] = before;
    *rules == Some(Token::Word("macro_rules"))
        && *mark == Some(Token::Mark('!'))
        && matches!(name, Some(Token::Word(_)))
}

/// Returns true if an item or a statement ends with a token: a `;`, or braces that nothing continues, as
/// `Foo<{ N }>` does.
fn is_end(token: Token<'_>, next: Option<Token<'_>>) -> bool {
    match token {
        Token::Mark(';') => true,
        Token::Close('}') => !matches!(next, Some(Token::Mark(mark)) if mark != '#'),
        _ => false,
    }
}

/// Returns the index where the path of a macro begins that ends before the `!` at `mark`.
fn path_before(tokens: &[(LineColumn, Token<'_>)], mark: usize) -> Option<usize> {
    let is_word = |index: usize| matches!(tokens[index].1, Token::Word(_));
    let colons = |end: usize| {
        let start = end.checked_sub(2)?;
        tokens[start..end].iter().all(|token| token.1 == Token::Mark(':')).then_some(start)
    };
    let mut start = mark.checked_sub(1).filter(|index| is_word(*index))?;
    while let Some(before) = colons(start) {
        match before.checked_sub(1).filter(|index| is_word(*index)) {
            Some(word) => start = word,
            // `::name::macro!`
            None => return Some(before),
        }
    }
    Some(start)
}

/// Returns the words inside of the bracket at `open`, without those in inner brackets and without `r#`.
fn words(
    tokens: &[(LineColumn, Token<'_>)],
    ends: &[usize],
    open: usize,
) -> Vec<(LineColumn, String)> {
    let (mut words, mut index) = (Vec::new(), open + 1);
    while index < ends[open] {
        match tokens[index].1 {
            Token::Word(word) => {
                let word = word.strip_prefix("r#").unwrap_or(word);
                words.push((tokens[index].0, word.to_owned()));
            }
            Token::Open(_) => index = ends[index],
            Token::Close(_) | Token::Quoted | Token::Mark(_) => {}
        }
        index += 1;
    }
    words
}

#[cfg(test)]
mod tests;
