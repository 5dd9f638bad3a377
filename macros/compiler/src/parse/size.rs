//! Errors for tokens in a declared shape that belong to no size: signs for a batch axis, and
//! calculations that sizes do not have.

use proc_macro2::{Delimiter, Span, TokenTree};
use syn::Error;
use syn::parse::ParseStream;

/// The advice for an axis of unknown size.
pub const BATCH: &str = "shapes are of one sample, without the batch: leave its axis out, and write `dyn T` for a size that is known only when the network runs";

/// The advice for a calculation that sizes do not have.
pub const CALCULATION: &str = "sizes are calculated with `+ - * /` and `pow` alone (`/` rounds down), as in `D * D`; whatever else is a constant of yours: `const SIZE: usize = ..;` before the macro";

/// Returns the error for the first token of a shape that belongs to no size.
pub fn foreign(content: ParseStream) -> Option<Error> {
    let tokens: Vec<TokenTree> = content.cursor().token_stream().into_iter().collect();
    let is = |index: usize, sign: char| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
    let mut rest = None;
    for (index, token) in tokens.iter().enumerate() {
        let begins = index == 0 || is(index - 1, ',');
        match token {
            // the axes of a described layer that have no name; the checker refuses it elsewhere
            TokenTree::Punct(_) if is(index, '.') && is(index + 1, '.') && !is(index + 2, '.') => {
                rest = Some(index + 1);
            }
            TokenTree::Punct(_) if rest == Some(index) => {}
            TokenTree::Punct(punct) if begins && "?.:*".contains(punct.as_char()) => {
                let sign: String = match (is(index, '.'), is(index + 1, '.')) {
                    (true, true) if is(index + 2, '.') => "...".to_owned(),
                    (true, true) => "..".to_owned(),
                    _ => punct.as_char().to_string(),
                };
                return Some(no_size(token.span(), &sign, BATCH));
            }
            TokenTree::Ident(word)
                if begins && ["_", "None", "none"].iter().any(|other| word == other) =>
            {
                return Some(no_size(token.span(), &word.to_string(), BATCH));
            }
            TokenTree::Punct(punct)
                if "%^.&|?".contains(punct.as_char())
                    || (is(index, '<') && is(index + 1, '<'))
                    || (is(index, '>') && is(index + 1, '>')) =>
            {
                let end = if is(index, '.') { index + 1 } else { index };
                return Some(calculated(&tokens, end));
            }
            TokenTree::Punct(_) if is(index, '*') && is(index + 1, '*') => {
                return Some(calculated(&tokens, index));
            }
            TokenTree::Ident(word) if word == "as" => return Some(calculated(&tokens, index)),
            _ => {}
        }
    }
    None
}

fn no_size(span: Span, sign: &str, advice: &str) -> Error {
    Error::new(span, format!("no size `{sign}`; {advice}"))
}

/// Returns the error for an operator or a method, with the square of a size written out.
fn calculated(tokens: &[TokenTree], at: usize) -> Error {
    let Some(token) = tokens.get(at) else { return Error::new(Span::call_site(), CALCULATION) };
    let text = |index: usize| tokens.get(index).map(ToString::to_string).unwrap_or_default();
    let is_method = at > 0 && text(at - 1) == ".";
    let (word, base, exponent) = match is_method {
        true => (format!(".{token}"), at.checked_sub(2).map(text), at + 1),
        false if text(at + 1) == "*" => ("**".to_owned(), at.checked_sub(1).map(text), at + 2),
        false => (token.to_string(), at.checked_sub(1).map(text), at + 1),
    };
    let power = ["**", "^", ".pow"].contains(&&*word);
    let exponent = match tokens.get(exponent) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
            group.stream().to_string()
        }
        other => other.map(ToString::to_string).unwrap_or_default(),
    };
    let exponent = exponent.parse::<usize>().ok().filter(|exponent| (2..=4).contains(exponent));
    let other = tokens.get(at + 1).map(ToString::to_string).unwrap_or_default();
    let message = match (base, exponent) {
        (Some(base), Some(exponent)) if power => {
            let product = vec![base; exponent].join(" * ");
            format!("sizes have no `{word}`: write `{product}`")
        }
        (Some(base), _) if word == "%" => {
            format!("sizes have no `%`: a remainder is `{base} - {base} / {other} * {other}`")
        }
        _ => format!("no `{word}` here: {CALCULATION}"),
    };
    Error::new(token.span(), message)
}
