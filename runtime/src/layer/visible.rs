//! Detects networks that are private to their module but applied from elsewhere.

use crate::source::Port;

/// The inputs of a private network: one that only its own `network!` can apply.
pub const PRIVATE: &[Port] = &[Port::new("", &[])];

/// Returns true if these are the inputs of a private network.
pub const fn is_private(inputs: &[Port]) -> bool {
    matches!(inputs, [only] if only.name.is_empty())
}

/// Returns true if a path leads into another module, where Rust itself reports that an item is
/// private.
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
        let rest = bytes.split_at(i).1;
        if starts_with(rest, b"::") && !starts_with(rest, b"::<") {
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
