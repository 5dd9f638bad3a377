//! Builds the messages of constant assertions at compile time.

/// Length of the longest message, in bytes.
const LONGEST: usize = 512;

/// A string that can be built in a constant. A piece that would exceed the longest length is dropped.
pub struct Text {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Text {
    pub const fn new() -> Self {
        Self { bytes: [0; LONGEST], len: 0 }
    }

    pub const fn push(&mut self, text: &str) {
        let (bytes, mut i) = (text.as_bytes(), 0);
        // appends all of a piece or none of it, so that no character is split
        if self.len + bytes.len() > LONGEST {
            return;
        }
        while i < bytes.len() {
            self.bytes[self.len] = bytes[i];
            self.len += 1;
            i += 1;
        }
    }

    pub const fn number(&mut self, number: usize) {
        const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        if number >= 10 {
            self.number(number / 10);
        }
        self.push(DIGITS[number % 10]);
    }

    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }
}
