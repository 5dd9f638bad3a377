//! Collects the errors of a macro call, each with its place in the source.

use crate::ast::Expr;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// A range of source, as its first and last token. Stable Rust cannot join two spans, but rustc
/// underlines all that lies between the spans of one error.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The first token.
    pub start: Span,
    /// The last token.
    pub end: Span,
}

impl Place {
    /// Returns the place of one token.
    #[must_use]
    pub fn token(span: Span) -> Self {
        Self { start: span, end: span }
    }

    /// Returns the range from the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// Returns generated tokens with spans such that errors about them underline the whole range.
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

    /// Returns true if both are the same range of source.
    #[must_use]
    pub fn is_at(self, other: Self) -> bool {
        let ends = |place: Self| (place.start.start(), place.end.end());
        ends(self) == ends(other)
    }

    /// Returns true if it lies within `other`.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        let position = |at: proc_macro2::LineColumn| (at.line, at.column);
        position(other.start.start()) <= position(self.start.start())
            && position(self.end.end()) <= position(other.end.end())
    }

    /// Returns the line on which it begins.
    #[must_use]
    pub fn line(self) -> usize {
        self.start.start().line
    }
}

impl From<&syn::Path> for Place {
    /// Returns the range of the path's names, without generic arguments.
    fn from(path: &syn::Path) -> Self {
        let mut names = path.segments.iter().map(|segment| segment.ident.span());
        let start = names.next().unwrap_or_else(Span::call_site);
        Self { start, end: names.next_back().unwrap_or(start) }
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
    /// The place that is underlined.
    pub place: Place,
    /// The message, with the actual and the expected.
    pub message: String,
}

/// The errors found so far.
#[derive(Debug, Default)]
pub struct Report {
    problems: Vec<Problem>,
    /// The places of expressions whose value is unknown because their error is reported already.
    unknown: Vec<Place>,
    /// Number of errors that are reported for another network.
    elsewhere: usize,
}

impl Report {
    /// Adds an error at `place`, unless that is the whole of an expression that was refused.
    pub fn error(&mut self, place: impl Into<Place>, message: impl Into<String>) {
        let place = place.into();
        if !self.unknown.iter().any(|unknown| unknown.is_at(place)) {
            self.problems.push(Problem { place, message: message.into() });
        }
    }

    /// Counts an error that is reported for another network, where it is.
    pub fn error_elsewhere(&mut self) {
        self.elsewhere += 1;
    }

    /// Returns the number of errors so far, including those that are reported elsewhere.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.problems.len() + self.elsewhere
    }

    /// Reports the refused forms in an expression. Returns true if there are any.
    pub fn refusals(&mut self, expr: &Expr) -> bool {
        let refusals = expr.refusals();
        for (_, refused) in &refusals {
            self.error(refused.at, &refused.message);
        }
        self.unknown.extend(refusals.iter().map(|(place, _)| *place));
        !refusals.is_empty()
    }

    /// Removes and returns the errors after the first `count`.
    pub fn split_off(&mut self, count: usize) -> Vec<Problem> {
        self.problems.split_off(count)
    }

    /// Adds the errors found by `syn`.
    pub fn syntax(&mut self, error: &syn::Error) {
        for one in error {
            self.error(one.span(), one.to_string());
        }
    }

    /// Returns true if there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    /// Returns the errors in the order in which they were found.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns one `compile_error!` call per error, in source order, without duplicates.
    #[must_use]
    pub fn tokens(&self) -> TokenStream {
        self.sorted().into_iter().flat_map(compile_error).collect()
    }

    /// Returns the `compile_error!` call of the first error in source order. The compiler tells an
    /// error that is emitted twice once.
    #[must_use]
    pub fn first(&self) -> Option<TokenStream> {
        self.sorted().first().map(|problem| compile_error(problem).into_iter().collect())
    }

    fn sorted(&self) -> Vec<&Problem> {
        let mut problems: Vec<_> = self.problems.iter().collect();
        problems.sort_by_key(|problem| {
            let start = problem.place.start.start();
            (start.line, start.column)
        });
        // an error in a layer is found again at each use of the layer
        problems.dedup_by(|a, b| a.message == b.message && a.place.is_at(b.place));
        problems
    }
}

/// Returns `::core::compile_error! { "message" }`, spanned from the first to the last token of the
/// place.
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
