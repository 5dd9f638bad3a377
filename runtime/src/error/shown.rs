//! Escapes and truncates text of unknown origin for messages.

use std::fmt;

/// The largest number of characters shown.
const LONGEST: usize = 200;

/// Text from a file or a caller, for use in a message. Control characters and other invisible ones are
/// escaped, since they would reach a terminal or a log, and long text is truncated.
pub(crate) struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, c) in self.0.chars().enumerate() {
            if i == LONGEST {
                return f.write_str("...");
            }
            match c {
                '\\' | '"' | '\'' => write!(f, "{c}")?,
                _ => write!(f, "{}", c.escape_debug())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_is_shown_as_it_is() {
        let shown = |text: &str| Shown(text).to_string();
        assert_eq!(shown("größe/層.\"0\" \\ 'x'"), "größe/層.\"0\" \\ 'x'");
        assert_eq!(shown("\u{1b}[31mred\r\n\0"), "\\u{1b}[31mred\\r\\n\\0");
        // right-to-left override, zero width space, line separator
        assert_eq!(shown("\u{202e}\u{200b}\u{2028}"), "\\u{202e}\\u{200b}\\u{2028}");
        assert_eq!(shown(&"é".repeat(LONGEST)), "é".repeat(LONGEST));
        assert_eq!(shown(&"é".repeat(1 << 20)), format!("{}...", "é".repeat(LONGEST)));
    }
}
