//! Capital letters in names.

/// Returns true if a name begins with a capital, as the names of types do.
#[must_use]
pub fn is_capitalised(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// Returns true if the last name of a path begins with a capital.
#[must_use]
pub fn names_a_type(path: &syn::Path) -> bool {
    path.segments.last().is_some_and(|last| is_capitalised(&last.ident.to_string()))
}

/// Returns a name in snake case: `my_block` for `MyBlock`.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}
