//! Collects every error of a macro call, each on the tokens that it is about.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// The first and the last token of a piece of source; stable Rust cannot join two spans, but
/// rustc underlines everything between them.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The first token.
    pub start: Span,
    /// The last token.
    pub end: Span,
}

impl Place {
    /// One token.
    #[must_use]
    pub fn token(span: Span) -> Self {
        Self { start: span, end: span }
    }

    /// From this piece to the end of another.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// Whether it is the same piece.
    #[must_use]
    pub fn is(self, other: Self) -> bool {
        let ends = |place: Self| (place.start.start(), place.end.end());
        ends(self) == ends(other)
    }

    /// Generated tokens, located so that errors about them underline the whole piece.
    #[must_use]
    pub fn mark(self, tokens: TokenStream) -> TokenStream {
        let [start, end] = [self.start, self.end].map(|place| Span::call_site().located_at(place));
        let mark = |tree| match tree {
            TokenTree::Group(group) => {
                let mut marked = Group::new(group.delimiter(), self.mark(group.stream()));
                marked.set_span(end);
                TokenTree::Group(marked)
            }
            mut token => {
                token.set_span(start);
                token
            }
        };
        tokens.into_iter().map(mark).collect()
    }

    /// The line on which it begins.
    #[must_use]
    pub fn line(self) -> usize {
        self.start.start().line
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::token(span)
    }
}

/// One error.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What it is about.
    pub place: Place,
    /// What is wrong, with actual and expected.
    pub message: String,
}

/// All errors found so far.
#[derive(Debug, Default)]
pub struct Report {
    problems: Vec<Problem>,
}

impl Report {
    /// Adds an error at `place`.
    pub fn error(&mut self, place: impl Into<Place>, message: impl Into<String>) {
        self.problems.push(Problem { place: place.into(), message: message.into() });
    }

    /// Takes back the errors after the first `count`.
    pub fn split_off(&mut self, count: usize) -> Vec<Problem> {
        self.problems.split_off(count)
    }

    /// Adds what `syn` found.
    pub fn syntax(&mut self, error: &syn::Error) {
        for one in error {
            self.error(one.span(), one.to_string());
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// What is wrong.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The errors as `compile_error!` calls, one each, in the order of the source.
    #[must_use]
    pub fn tokens(&self) -> TokenStream {
        let mut problems: Vec<_> = self.problems.iter().collect();
        problems.sort_by_key(|problem| {
            let start = problem.place.start.start();
            (start.line, start.column)
        });
        // what is wrong with a layer is found wherever the layer is applied
        problems.dedup_by(|a, b| a.message == b.message && a.place.is(b.place));
        problems.into_iter().flat_map(compile_error).collect()
    }
}

/// `::core::compile_error! { "message" }` from the first to the last token of the place.
fn compile_error(problem: &Problem) -> Vec<TokenTree> {
    let Place { start, end } = problem.place;
    let punct = |c, spacing, span| {
        let mut punct = Punct::new(c, spacing);
        punct.set_span(span);
        TokenTree::Punct(punct)
    };
    let mut message = Literal::string(&problem.message);
    message.set_span(end);
    let mut body = Group::new(Delimiter::Brace, TokenTree::Literal(message).into());
    body.set_span(end);
    vec![
        punct(':', Spacing::Joint, start),
        punct(':', Spacing::Alone, start),
        TokenTree::Ident(Ident::new("core", start)),
        punct(':', Spacing::Joint, start),
        punct(':', Spacing::Alone, start),
        TokenTree::Ident(Ident::new("compile_error", start)),
        punct('!', Spacing::Alone, start),
        TokenTree::Group(body),
    ]
}
