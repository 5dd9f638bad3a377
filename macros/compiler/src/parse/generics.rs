//! Generic arguments in expressions: `Block::<Gelu, { 4 * D }>`.

use super::expression::{path_keyword, sound_expression};
use super::name::{self, any_name, name};
use crate::ast::{self, Body, Expr, ExprKind, Generic, Statement};
use crate::case::is_capitalised;
use crate::check;
use crate::report::Place;
use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{
    AngleBracketedGenericArguments, Error, GenericArgument, Path, PathArguments, Result, Token,
    Type, braced, token,
};

/// Parses a path with optional generic arguments at its end. Returns it with the span of its last
/// token.
pub fn generic_path(input: ParseStream) -> Result<(Path, Span)> {
    let leading_colon = input.parse()?;
    let mut path = Path { leading_colon, segments: Punctuated::new() };
    loop {
        let ident = input.call(segment)?;
        let mut end = ident.span();
        let is_type = is_capitalised(&ident.to_string());
        path.segments.push_value(ident.into());
        if input.peek(Token![<]) && is_type {
            let name = ast::path_text(&path);
            if check::is_layer(&name) {
                let message = format!("`{name}` takes its size in parentheses: `{name}(4)`");
                return Err(input.error(message));
            }
            return Err(input.error(format!("expected `::` before `<`: `{name}::<..>`")));
        }
        if !input.peek(Token![::]) {
            return Ok((path, end));
        }
        if input.peek3(Token![<]) {
            let arguments: AngleBracketedGenericArguments = input.parse()?;
            end = arguments.gt_token.span;
            if let Some(last) = path.segments.last_mut() {
                last.arguments = PathArguments::AngleBracketed(arguments);
            }
            // errors in the arguments are reported here, once; later calls ignore them
            generic_arguments(&path)?;
            return Ok((path, end));
        }
        path.segments.push_punct(input.parse()?);
    }
}

/// Parses a name, or a keyword that may begin a path.
fn segment(input: ParseStream) -> Result<Ident> {
    match path_keyword(input) {
        true => any_name(input),
        false => name(input),
    }
}

/// Returns the generic arguments at the end of a path: activations, and sizes as expressions.
///
/// # Errors
/// An argument that is neither an activation nor a size.
pub fn generic_arguments(path: &Path) -> Result<Vec<Expr>> {
    let arguments = path.segments.last().map(|segment| &segment.arguments);
    let Some(PathArguments::AngleBracketed(arguments)) = arguments else { return Ok(Vec::new()) };
    arguments.args.iter().map(generic_argument).collect()
}

/// Guesses the kind of a parameter without a bound, so that the stub of its network accepts the
/// arguments that users give: an activation if the body applies it by `>> name`, otherwise a size.
pub fn decide(generic: &mut Generic, body: &Body) {
    let Generic::Unknown { name, is_size, .. } = generic else { return };
    let values = body.statements.iter().flat_map(Statement::values).chain(&body.result);
    let applied = values.into_iter().any(|value| applies(value, name));
    *is_size = !applied;
}

/// Returns true if `>> name` is anywhere in the expression.
fn applies(expr: &Expr, name: &Ident) -> bool {
    let here = match &expr.kind {
        ExprKind::Chain(_, layer) => {
            matches!(&layer.kind, ExprKind::Path(path) if path.is_ident(name))
        }
        _ => false,
    };
    here || expr.parts().into_iter().any(|part| applies(part, name))
}

fn generic_argument(argument: &GenericArgument) -> Result<Expr> {
    match argument {
        GenericArgument::Type(Type::Path(ty)) if ty.qself.is_none() => {
            let span = syn::spanned::Spanned::span(ty);
            let last = ty.path.segments.last().map_or(span, syn::spanned::Spanned::span);
            let place = Place { start: span, end: last };
            Ok(Expr { kind: ExprKind::Path(name::path(ty.path.clone())), place })
        }
        GenericArgument::Const(size) => size_argument.parse2(size.to_token_stream()),
        other => Err(Error::new_spanned(
            other,
            "expected an activation or a size: `Block::<Gelu, 64, { 4 * D }>`",
        )),
    }
}

/// Parses a size: `64`, or `{ 4 * D }`.
fn size_argument(input: ParseStream) -> Result<Expr> {
    if !input.peek(token::Brace) {
        return sound_expression(input);
    }
    let content;
    braced!(content in input);
    let size = sound_expression(&content)?;
    if content.is_empty() { Ok(size) } else { Err(content.error("expected an operator or `}`")) }
}
