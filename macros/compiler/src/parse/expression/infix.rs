//! Binary operators, and forms of other languages that follow a value.

use super::Parser;
use crate::ast::{Expr, Operator, Refused};
use crate::habits::operators::{self, OPERATORS};
use crate::parse::assign::assigns;
use crate::parse::skip_token;
use crate::report::Place;
use proc_macro2::Spacing;
use syn::parse::ParseStream;
use syn::{Error, Result, Token};

/// A binary operator.
pub(super) enum Infix {
    Chain,
    Operator(Operator),
    /// An operator of another language.
    External(&'static operators::Operator),
}

impl Infix {
    pub(super) fn peek(input: ParseStream) -> Option<Self> {
        if let Some(external) = OPERATORS.iter().find(|operator| follows(input, operator.sign)) {
            return Some(Self::External(external));
        }
        if OPERATORS.iter().any(|operator| assigns(input, operator.sign)) {
            return None;
        }
        let operator = if input.peek(Token![>>]) {
            return (!input.peek(Token![>>=])).then_some(Self::Chain);
        } else if input.peek(Token![>=]) {
            Operator::AtLeast
        } else if input.peek(Token![>]) {
            Operator::Above
        } else if input.peek(Token![<=]) {
            Operator::AtMost
        } else if input.peek(Token![<]) && !input.peek(Token![<<]) && !input.peek(Token![<-]) {
            Operator::Below
        } else if input.peek(Token![==]) {
            Operator::Equal
        } else if input.peek(Token![!=]) {
            Operator::Unequal
        } else if [input.peek(Token![+=]), input.peek(Token![-=])].contains(&true)
            || [input.peek(Token![*=]), input.peek(Token![/=])].contains(&true)
        {
            return None;
        } else if input.peek(Token![+]) {
            Operator::Add
        } else if input.peek(Token![-]) {
            Operator::Subtract
        } else if input.peek(Token![*]) {
            Operator::Multiply
        } else if input.peek(Token![/]) {
            Operator::Divide
        } else {
            return None;
        };
        Some(Self::Operator(operator))
    }

    /// Skips the operator and returns its span.
    pub(super) fn skip(&self, input: ParseStream) -> Place {
        let mut place = Place::token(input.span());
        let signs = match self {
            Self::Chain => 2,
            Self::Operator(operator) => operator.symbol().len(),
            Self::External(operator) if is_word(operator.sign) => 1,
            Self::External(operator) => operator.sign.len(),
        };
        for _ in 0..signs {
            place.end = input.span();
            skip_token(input);
        }
        place
    }

    pub(super) fn strength(&self) -> u8 {
        match self {
            Self::Chain => 1,
            Self::Operator(operator) => operator.strength(),
            Self::External(operator) => operator.strength,
        }
    }

    /// Returns true for a comparison. Comparisons do not chain.
    pub(super) fn compares(&self) -> bool {
        matches!(self, Self::Operator(operator) if operator.strength() == 0)
    }
}

fn is_word(sign: &str) -> bool {
    sign.starts_with(char::is_alphabetic)
}

/// Returns true if the operator follows, as signs without spaces or as a word, and no `=` of an
/// assignment directly after it.
fn follows(input: ParseStream, sign: &str) -> bool {
    if is_word(sign) {
        return input.cursor().ident().is_some_and(|(word, _)| word == sign);
    }
    let mut cursor = input.cursor();
    let mut signs = sign.chars().peekable();
    while let Some(sign) = signs.next() {
        let Some((punct, rest)) = cursor.punct() else { return false };
        if punct.as_char() != sign || (signs.peek().is_some() && punct.spacing() != Spacing::Joint)
        {
            return false;
        }
        cursor = rest;
        if signs.peek().is_none() && punct.spacing() == Spacing::Joint {
            return cursor.punct().is_none_or(|(next, _)| next.as_char() != '=');
        }
    }
    true
}

impl Parser {
    /// Parses a form of another language that follows a whole value, `a if c else b`, `c ? a : b`
    /// or a `#` comment, and refuses it. Returns `value` if none follows.
    pub(super) fn suffix(&mut self, input: ParseStream, value: Expr) -> Result<Expr> {
        let at = Place::token(input.span());
        if at.line() != value.place.end.end().line {
            return Ok(value);
        }
        let refused = |message: String, parts: Vec<Expr>, place: Place| {
            Ok(Refused { at, message, parts }.expr(place))
        };
        let branch = |c: &Expr, a: &Expr, b: &Expr| {
            format!("between two values of an element chooses `select({c}, {a}, {b})`")
        };
        if input.peek(Token![if]) {
            skip_token(input);
            let condition = self.binary(input, 0)?;
            if !input.peek(Token![else]) {
                let message = "between two values of an element chooses `select(condition, a, b)`";
                return Err(Error::new(at.start, message));
            }
            skip_token(input);
            let otherwise = self.binary(input, 0)?;
            let place = value.place.to(otherwise.place);
            let message = branch(&condition, &value, &otherwise);
            return refused(message, vec![value, condition, otherwise], place);
        }
        if input.peek(Token![?]) {
            skip_token(input);
            let first = self.binary(input, 0)?;
            if input.peek(Token![:]) {
                skip_token(input);
                let second = self.binary(input, 0)?;
                let place = value.place.to(second.place);
                let message = branch(&value, &first, &second);
                return refused(message, vec![value, first, second], place);
            }
            let place = value.place.to(first.place);
            let message = "nothing fails here: leave `?` out".to_owned();
            return refused(message, vec![value, first], place);
        }
        if let Some(error) = super::comment(input) {
            let place = value.place;
            return refused(error.to_string(), vec![value], place);
        }
        Ok(value)
    }
}
