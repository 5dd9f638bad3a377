//! What stands between two expressions.

use crate::ast::Operator;
use crate::parse::skip_token;
use syn::Token;
use syn::parse::ParseStream;

/// `>>`, or an operator.
pub(super) enum Infix {
    Chain,
    Operator(Operator),
}

impl Infix {
    pub(super) fn peek(input: ParseStream) -> Option<Self> {
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
        } else if input.peek(Token![->]) {
            return None;
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

    /// Goes on to what follows the operator.
    pub(super) fn skip(&self, input: ParseStream) {
        let signs = match self {
            Self::Chain => 2,
            Self::Operator(operator) => operator.symbol().len(),
        };
        for _ in 0..signs {
            skip_token(input);
        }
    }

    pub(super) fn strength(&self) -> u8 {
        match self {
            Self::Chain => 1,
            Self::Operator(operator) => operator.strength(),
        }
    }
}
