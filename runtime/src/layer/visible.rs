//! Networks that are not visible outside of their module, and are applied nevertheless.

use crate::source::Port;

/// The inputs of a network that only its own `network!` can apply.
pub const PRIVATE: &[Port] = &[Port::new("", &[])];

/// Whether these are the inputs of such a network.
pub const fn is_private(inputs: &[Port]) -> bool {
    matches!(inputs, [only] if only.name.is_empty())
}

/// Whether a path leads into another module, where Rust itself refuses what is private.
pub const fn is_elsewhere(path: &str) -> bool {
    const HERE: [&[u8]; 3] = [b"self::", b"super::", b"crate::"];
    let (bytes, mut here) = (path.as_bytes(), 0);
    while here < HERE.len() {
        if starts_with(bytes, HERE[here]) {
            return false;
        }
        here += 1;
    }
    let mut i = 0;
    while i < bytes.len() && bytes[i] != b'<' {
        // `o::B`, but not `B::<4>`
        if starts_with(bytes.split_at(i).1, b"::") && !starts_with(bytes.split_at(i).1, b"::<") {
            return true;
        }
        i += 1;
    }
    false
}

const fn starts_with(text: &[u8], start: &[u8]) -> bool {
    let mut i = 0;
    while i < start.len() {
        if i >= text.len() || text[i] != start[i] {
            return false;
        }
        i += 1;
    }
    true
}
