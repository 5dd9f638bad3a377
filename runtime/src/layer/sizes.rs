//! Constant assertions of what sizes have to satisfy.

use super::text::Text;

/// Fails to compile where a constant that is used as a size is none.
///
/// # Panics
/// Where it is not.
#[track_caller]
pub const fn assert_size(name: &str, size: usize) {
    if size >= 1 && size <= u32::MAX as usize {
        return;
    }
    let mut text = Text::new();
    text.push("the size `");
    text.push(name);
    text.push("` is ");
    text.number(size);
    text.push(if size == 0 { ", but a size is at least 1" } else { ": more than memory holds" });
    panic!("{}", text.as_str());
}

/// Fails to compile where sizes do not satisfy what `message` says; `names` are the constants that
/// they are made of, with their values.
///
/// # Panics
/// Where they do not.
#[track_caller]
pub const fn assert_sizes(holds: bool, message: &str, names: &[(&str, usize)]) {
    if holds {
        return;
    }
    let (mut text, mut i) = (Text::new(), 0);
    text.push(message);
    while i < names.len() {
        let (name, value) = names[i];
        text.push(if i == 0 { " for " } else { ", " });
        text.push(name);
        text.push(" = ");
        text.number(value);
        i += 1;
    }
    panic!("{}", text.as_str());
}
