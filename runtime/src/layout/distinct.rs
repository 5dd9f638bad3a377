//! Checks in a constant assertion that no two parameters of a layout share a name. It is evaluated at
//! compile time because the names of external layers and the iteration counts are known only there.

use super::Parameter;
use super::entries::DEEPEST;
use crate::layer::Text;

/// A full name: the names of the enclosing layers and of the parameter, each with the iteration counts
/// for its `{i}`.
#[derive(Clone, Copy)]
struct Name {
    parts: [(&'static str, &'static [usize]); DEEPEST + 1],
    depth: usize,
}

/// A position in a name.
#[derive(Clone, Copy)]
struct Cursor {
    part: usize,
    byte: usize,
    /// The index of the part's next iteration number.
    iteration: usize,
    /// The digits of that number read so far, as a number.
    number: Option<usize>,
}

/// The next item at a position of a name.
#[derive(Clone, Copy)]
enum Next {
    Byte(u8),
    /// An iteration number below this count.
    Iteration(usize),
    End,
}

/// Fails to compile if two parameters of a layout share a full name.
///
/// # Panics
/// If they share one.
#[track_caller]
pub const fn assert_distinct(layout: &'static [Parameter], first: usize, second: usize) {
    if layout[first].count() > 0 && layout[second].count() > 0 {
        every_first(Name::EMPTY, &layout[first], Name::EMPTY, &layout[second]);
    }
}

/// Compares all parameters within `parameter` with all within `other`.
#[track_caller]
const fn every_first(
    outside: Name,
    parameter: &'static Parameter,
    other_outside: Name,
    other: &'static Parameter,
) {
    let name = outside.with(parameter);
    let Some(inner) = parameter.inner else { return every_second(name, other_outside, other) };
    let mut i = 0;
    while i < inner.len() {
        every_first(name, &inner[i], other_outside, other);
        i += 1;
    }
}

/// Compares a name with the names of all parameters within `parameter`.
#[track_caller]
const fn every_second(name: Name, outside: Name, parameter: &'static Parameter) {
    let other = outside.with(parameter);
    let Some(inner) = parameter.inner else {
        if meet(&name, Cursor::START, &other, Cursor::START) {
            let mut text = Text::new();
            text.push("`");
            other.write(&mut text);
            text.push("` has a name in common with `");
            name.write(&mut text);
            text.push("`: in a file they would be one; give this another `#[name]`");
            panic!("{}", text.as_str());
        }
        return;
    };
    let mut i = 0;
    while i < inner.len() {
        every_second(name, other, &inner[i]);
        i += 1;
    }
}

impl Name {
    const EMPTY: Self = Self { parts: [("", &[]); DEEPEST + 1], depth: 0 };

    const fn with(mut self, parameter: &'static Parameter) -> Self {
        self.parts[self.depth] = (parameter.name, parameter.iterations);
        self.depth += 1;
        self
    }

    const fn write(&self, text: &mut Text) {
        let mut part = 0;
        while part < self.depth {
            if part > 0 {
                text.push(".");
            }
            text.push(self.parts[part].0);
            part += 1;
        }
    }

    const fn next(&self, at: Cursor) -> Next {
        if at.part == self.depth {
            return Next::End;
        }
        let (name, iterations) = self.parts[at.part];
        let bytes = name.as_bytes();
        if at.byte == bytes.len() {
            return if at.part + 1 < self.depth { Next::Byte(b'.') } else { Next::End };
        }
        if bytes[at.byte] == b'{' && at.iteration < iterations.len() {
            return Next::Iteration(iterations[at.iteration]);
        }
        Next::Byte(bytes[at.byte])
    }

    /// Returns the position after a byte.
    const fn after_byte(&self, mut at: Cursor) -> Cursor {
        if at.byte == self.parts[at.part].0.len() {
            return Cursor { part: at.part + 1, ..Cursor::START };
        }
        at.byte += 1;
        at
    }

    /// Returns the position after a number, that is, after its braces.
    const fn after_iteration(&self, mut at: Cursor) -> Cursor {
        let bytes = self.parts[at.part].0.as_bytes();
        while at.byte < bytes.len() && bytes[at.byte] != b'}' {
            at.byte += 1;
        }
        if at.byte < bytes.len() {
            at.byte += 1;
        }
        at.iteration += 1;
        at.number = None;
        at
    }

    /// Returns the position after a digit, or `None` if the digit is not possible here.
    const fn after_digit(&self, mut at: Cursor, digit: u8) -> Option<Cursor> {
        match (self.next(at), at.number) {
            (Next::Byte(byte), _) if byte == b'0' + digit => Some(self.after_byte(at)),
            // leading zeros are impossible
            (Next::Byte(_) | Next::End, _) | (Next::Iteration(_), Some(0)) => None,
            (Next::Iteration(iterations), before) => {
                let before = match before {
                    Some(number) => number,
                    None => 0,
                };
                let number = before * 10 + digit as usize;
                if number >= iterations {
                    return None;
                }
                at.number = Some(number);
                Some(at)
            }
        }
    }
}

impl Cursor {
    const START: Self = Self { part: 0, byte: 0, iteration: 0, number: None };
}

/// Returns true if the rests of two names can be equal.
const fn meet(a: &Name, mut at_a: Cursor, b: &Name, mut at_b: Cursor) -> bool {
    // without recursion as long as both are plain bytes
    loop {
        match (a.next(at_a), b.next(at_b)) {
            (Next::End, Next::End) => return true,
            (Next::Byte(x), Next::Byte(y)) => {
                if x != y {
                    return false;
                }
                (at_a, at_b) = (a.after_byte(at_a), b.after_byte(at_b));
            }
            _ => break,
        }
    }
    // a number may end after any digit
    if at_a.number.is_some() && meet(a, a.after_iteration(at_a), b, at_b) {
        return true;
    }
    if at_b.number.is_some() && meet(a, at_a, b, b.after_iteration(at_b)) {
        return true;
    }
    let mut digit = 0;
    while digit < 10 {
        if let (Some(at_a), Some(at_b)) = (a.after_digit(at_a, digit), b.after_digit(at_b, digit))
            && meet(a, at_a, b, at_b)
        {
            return true;
        }
        digit += 1;
    }
    false
}
