//! Descriptions of layers: their syntax tree, and how it is parsed.

use crate::ast::{Body, Element, Expr, Over, Shape, Statement};
use crate::parse;
use crate::report::Report;
use proc_macro2::{Ident, TokenStream};
use std::str::FromStr as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, Result, Token, parenthesized};

/// The description of a layer.
pub struct Description {
    /// The options, in the order in which they are given without names.
    pub options: Vec<Choice>,
    /// The inputs.
    pub inputs: Vec<Taken>,
    /// The shapes of the outputs.
    pub outputs: Vec<Shape>,
    /// The statements and the result.
    pub body: Body,
}

/// An option: `eps: f64 = 1e-5`.
pub struct Choice {
    /// The name.
    pub name: Ident,
    /// The kind of value that it takes.
    pub kind: ChoiceKind,
    /// `true` if it may be `none`: `f64 | none`, or if that is the default.
    pub may_be_none: bool,
    /// The default; without one it has to be given.
    pub default: Option<Expr>,
}

/// The kind of value that an option takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChoiceKind {
    /// A size: `usize`.
    Size,
    /// An index, which may be 0: `index`.
    Index,
    /// Sizes of axes, one for all or a list, or a word that stands for them: `sizes`.
    Sizes,
    /// A number: `f64`.
    Number,
    /// A flag: `bool`.
    Flag,
    /// An activation: `Activation`.
    Activation,
    /// An initial value: `Init`.
    Init,
    /// One of several words: `zeros | reflect`.
    Word(Vec<String>),
}

/// An input: `key: [S, E] = query`.
pub struct Taken {
    /// The name.
    pub name: Ident,
    /// The type of its elements.
    pub element: Element,
    /// The shape. A name that is bound nowhere before stands for the size that is given; `..` for
    /// all leading axes.
    pub shape: Shape,
    /// The replacement of an input that is not given; without one, it has to be given.
    pub absent: Option<Absent>,
}

/// The replacement of an input that is not given.
pub enum Absent {
    /// Another input.
    Input(Ident),
    /// Nothing: statements with the input stand under the condition that it is given.
    Nothing,
}

impl Description {
    /// Parses a description.
    ///
    /// # Errors
    /// The first syntax error.
    pub fn parse(source: &str) -> Result<Self> {
        let tokens = TokenStream::from_str(source)
            .map_err(|error| Error::new(proc_macro2::Span::call_site(), error.to_string()))?;
        description.parse2(tokens)
    }

    /// Returns true if a loop over `0..option` is written out, so that the macro has to know the
    /// option.
    #[must_use]
    pub fn writes_out(&self, option: &str) -> bool {
        self.body.statements.iter().any(|statement| match statement {
            Statement::For(repeated) => {
                repeated.unroll
                    && matches!(&repeated.over, Over::Range(_, end) if end.to_string() == option)
            }
            _ => false,
        })
    }

    /// Returns the fewest inputs that have to be given.
    #[must_use]
    pub fn fewest_inputs(&self) -> usize {
        self.inputs.iter().filter(|input| input.absent.is_none()).count()
    }
}

fn description(input: ParseStream) -> Result<Description> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Ident>()?;
    let mut options = Vec::new();
    if input.peek(Token![<]) {
        input.parse::<Token![<]>()?;
        while !input.peek(Token![>]) {
            options.push(choice(input)?);
            if !input.peek(Token![>]) {
                input.parse::<Token![,]>()?;
            }
        }
        input.parse::<Token![>]>()?;
    }
    let content;
    parenthesized!(content in input);
    let inputs = content.parse_terminated(taken, Token![,])?.into_iter().collect();
    input.parse::<Token![->]>()?;
    let outputs = parse::outputs(input)?;
    let mut report = Report::default();
    let body = parse::described_body(input, &mut report)?;
    match report.problems().first() {
        None => Ok(Description { options, inputs, outputs, body }),
        Some(problem) => Err(Error::new(problem.place.start, &problem.message)),
    }
}

/// Parses an option: `bias: bool = true`, `mode: zeros | reflect = zeros`.
fn choice(input: ParseStream) -> Result<Choice> {
    let name: Ident = input.parse()?;
    input.parse::<Token![:]>()?;
    let first: Ident = input.parse()?;
    let mut may_be_none = false;
    let kind = match &*first.to_string() {
        "usize" => ChoiceKind::Size,
        "sizes" => ChoiceKind::Sizes,
        "index" => ChoiceKind::Index,
        "f64" => {
            if input.peek(Token![|]) {
                input.parse::<Token![|]>()?;
                may_be_none = input.parse::<Ident>()? == "none";
            }
            ChoiceKind::Number
        }
        "bool" => ChoiceKind::Flag,
        "Activation" => ChoiceKind::Activation,
        "Init" => ChoiceKind::Init,
        word => {
            let mut words = vec![word.to_owned()];
            while input.peek(Token![|]) {
                input.parse::<Token![|]>()?;
                words.push(input.parse::<Ident>()?.to_string());
            }
            ChoiceKind::Word(words)
        }
    };
    let mut default = None;
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        default = Some(parse::default_value(input)?);
    }
    may_be_none |= default.as_ref().is_some_and(|default| default.to_string() == "none");
    Ok(Choice { name, kind, may_be_none, default })
}

fn taken(input: ParseStream) -> Result<Taken> {
    let name: Ident = input.parse()?;
    input.parse::<Token![:]>()?;
    let (element, shape) = parse::kind(input)?;
    let mut absent = None;
    if input.peek(Token![=]) {
        input.parse::<Token![=]>()?;
        let other: Ident = input.parse()?;
        absent = Some(if other == "none" { Absent::Nothing } else { Absent::Input(other) });
    }
    Ok(Taken { name, element, shape, absent })
}
