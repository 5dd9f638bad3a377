//! Constant assertions on sizes.

use super::text::Text;

/// Fails to compile if a constant that is used as a size is not a valid size.
///
/// # Panics
/// If `size` is 0 or above `u32::MAX`.
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

/// Fails to compile if sizes violate the condition that `message` describes. `names` are the constants
/// that occur in it, with their values.
///
/// # Panics
/// If `holds` is `false`.
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
