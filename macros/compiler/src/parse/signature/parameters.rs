//! The generic parameters of a network: activations and sizes.

use crate::ast::{Expr, Generic, Network};
use crate::parse::expression::{size_expression, sound_expression, type_path};
use crate::parse::name::name;
use crate::parse::network::not_a_primitive;
use crate::parse::skip_token;
use crate::report::Report;
use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Error, Result, Token, braced, token};

/// Parses the generic parameters between `<` and `>`, as far as it can.
pub fn parameters(input: ParseStream, network: &mut Network, report: &mut Report) -> Result<()> {
    input.parse::<Token![<]>()?;
    while !input.peek(Token![>]) && !input.is_empty() {
        let read = generic(input, &mut network.generics, report);
        network.complete &= last_is_new(&mut network.generics, report);
        let sound = read.and_then(|sound| end_of_generic(input).map(|()| sound));
        network.complete &= sound.unwrap_or_else(|error| {
            report.syntax(&error);
            skip_generic(input);
            false
        });
        if input.peek(token::Paren) {
            break;
        }
    }
    if input.peek(Token![>]) {
        input.parse::<Token![>]>()?;
    }
    Ok(())
}

/// Parses the comma after a parameter; the `>` after the last one is left.
fn end_of_generic(input: ParseStream) -> Result<()> {
    if input.peek(Token![+]) {
        return Err(input.error("an activation has no other bounds: `A: Activation`"));
    }
    if !input.peek(Token![>]) {
        input.parse::<Token![,]>()?;
    }
    Ok(())
}

/// Skips past the comma of a parameter that could not be parsed, or to the `>` or `(` that ends the
/// list.
fn skip_generic(input: ParseStream) {
    while !(input.is_empty() || input.peek(Token![>]) || input.peek(token::Paren)) {
        let is_comma = input.peek(Token![,]);
        skip_token(input);
        if is_comma {
            return;
        }
    }
}

/// Removes and reports the last parameter if its name is taken. Returns true if it is new.
fn last_is_new(generics: &mut Vec<Generic>, report: &mut Report) -> bool {
    let Some((last, others)) = generics.split_last() else { return true };
    let name = last.name();
    let new = others.iter().all(|other| other.name() != name);
    if !new {
        report.error(name.span(), format!("`{name}` is declared twice"));
        generics.pop();
    }
    new
}

/// Parses one parameter. Returns false if its bound is wrong: that is reported here, but the
/// parameter is kept, so that the type takes as many arguments as its users give it.
fn generic(input: ParseStream, generics: &mut Vec<Generic>, report: &mut Report) -> Result<bool> {
    let is_size = input.peek(Token![const]);
    if is_size {
        input.parse::<Token![const]>()?;
    }
    if input.peek(syn::Lifetime) {
        return Err(
            input.error("a network has no lifetimes: its parameters are activations and sizes")
        );
    }
    let name = name(input)?;
    // a placeholder, which stays if the rest of the parameter cannot be parsed
    generics.push(Generic::Unknown { name: name.clone(), is_size, default: None });
    let (generic, fault) = match is_size {
        true => size_generic(input, &name)?,
        false => type_generic(input, &name)?,
    };
    if let Some(error) = &fault {
        report.syntax(error);
    }
    generics.pop();
    generics.extend(generic);
    Ok(fault.is_none())
}

/// The parameter, unless it is to be left out, and its error.
type Declared = (Option<Generic>, Option<Error>);

/// Parses `: usize = 64`, after the name of a size.
fn size_generic(input: ParseStream, name: &Ident) -> Result<Declared> {
    let name = name.clone();
    if !input.peek(Token![:]) {
        let fault =
            Error::new(name.span(), format!("expected the type of a size: `const {name}: usize`"));
        let default = default(input, size_default)?;
        return Ok((Some(Generic::Size { name, default }), Some(fault)));
    }
    input.parse::<Token![:]>()?;
    let kind: Ident = input.parse()?;
    let default = default(input, size_default)?;
    if kind == "usize" {
        return Ok((Some(Generic::Size { name, default }), None));
    }
    let fault = Error::new(kind.span(), wrong_constant(&kind));
    Ok((Some(Generic::Unknown { name, is_size: true, default }), Some(fault)))
}

/// Parses `: Activation = Gelu`, after the name of an activation.
fn type_generic(input: ParseStream, name: &Ident) -> Result<Declared> {
    let name = name.clone();
    let is_scalar = matches!(&*name.to_string(), "f32" | "f64");
    let primitive = not_a_primitive(&name).err().filter(|_| !is_scalar);
    if !input.peek(Token![:]) {
        let fault = match is_scalar {
            true => SCALAR.to_owned(),
            false => format!(
                "expected a bound: `{name}: Activation`, or `const {name}: usize` for a size"
            ),
        };
        let fault = primitive.or_else(|| Some(Error::new(name.span(), fault)));
        let generic = if is_scalar {
            None
        } else if !input.peek(Token![=]) {
            Some(Generic::Unknown { name, is_size: false, default: None })
        } else if input.peek2(syn::Ident) {
            Some(Generic::Activation { name, default: default(input, type_path)? })
        } else {
            Some(Generic::Size { name, default: default(input, size_default)? })
        };
        return Ok((generic, fault));
    }
    input.parse::<Token![:]>()?;
    let bound = type_path(input)?;
    let is = |what: &str| bound.segments.last().is_some_and(|segment| segment.ident == what);
    let fault = |message: String| Some(Error::new_spanned(&bound, message));
    if is("usize") {
        let fault = fault(format!("a size is written `const {name}: usize`"));
        return Ok((Some(Generic::Size { name, default: default(input, size_default)? }), fault));
    }
    let default = default(input, type_path)?;
    if is("Scalar") {
        // every generated type has a scalar parameter already: a user's argument goes to that one
        return Ok((None, fault(SCALAR.to_owned())));
    }
    if is_scalar {
        return Ok((None, Some(Error::new(name.span(), SCALAR))));
    }
    let fault = match is("Activation") {
        true => primitive,
        false => {
            fault(format!("a type parameter of a network is an activation: `{name}: Activation`"))
        }
    };
    Ok((Some(Generic::Activation { name, default }), fault))
}

/// The message for a type parameter that stands for the scalar type.
const SCALAR: &str = "every network has a scalar type of its own, which is `f32` unless it says `Net<f64>`: leave this parameter out";

/// Returns the message for a const parameter whose type is not `usize`.
fn wrong_constant(kind: &Ident) -> String {
    let message = format!("sizes are `usize`, not `{kind}`");
    match &*kind.to_string() {
        "f32" | "f64" => format!("{message}: write the number itself where it is used"),
        _ => message,
    }
}

/// Parses the default of a size: `64`, or `{ 4 * WIDTH }`.
fn size_default(input: ParseStream) -> Result<Expr> {
    if !input.peek(token::Brace) {
        return size_expression(input);
    }
    let content;
    braced!(content in input);
    sound_expression(&content)
}

fn default<T>(input: ParseStream, parse: impl Fn(ParseStream) -> Result<T>) -> Result<Option<T>> {
    if !input.peek(Token![=]) {
        return Ok(None);
    }
    input.parse::<Token![=]>()?;
    parse(input).map(Some)
}
