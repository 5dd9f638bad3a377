//! Whether two parameters of a layout have a name in common, told by the compiler: the names of
//! layers from elsewhere and the numbers of iterations are known only when the type is used.

use super::Parameter;
use super::entries::DEEPEST;
use crate::layer::Text;

/// A full name: the layers that a parameter is in and itself, each with the numbers of iterations that
/// stand in its name.
#[derive(Clone, Copy)]
struct Name {
    parts: [(&'static str, &'static [usize]); DEEPEST + 1],
    depth: usize,
}

/// A place in a name.
#[derive(Clone, Copy)]
struct Cursor {
    part: usize,
    byte: usize,
    /// The next number in the part.
    iteration: usize,
    /// What has been read of that number.
    number: Option<usize>,
}

/// What stands at a place.
#[derive(Clone, Copy)]
enum Next {
    Byte(u8),
    /// The number of one of so many iterations.
    Iteration(usize),
    End,
}

/// Fails to compile where two parameters of a layout have a name in common.
///
/// # Panics
/// Where they have.
#[track_caller]
pub const fn assert_distinct(layout: &'static [Parameter], first: usize, second: usize) {
    if layout[first].count() > 0 && layout[second].count() > 0 {
        every_first(Name::EMPTY, &layout[first], Name::EMPTY, &layout[second]);
    }
}

/// Compares all parameters within one with another.
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

/// Compares a name with those of all parameters within one.
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

    /// After a byte.
    const fn after_byte(&self, mut at: Cursor) -> Cursor {
        if at.byte == self.parts[at.part].0.len() {
            return Cursor { part: at.part + 1, ..Cursor::START };
        }
        at.byte += 1;
        at
    }

    /// After the braces of a number.
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

    /// After a digit, if there can be one.
    const fn after_digit(&self, mut at: Cursor, digit: u8) -> Option<Cursor> {
        match (self.next(at), at.number) {
            (Next::Byte(byte), _) if byte == b'0' + digit => Some(self.after_byte(at)),
            // no number but 0 itself begins with 0
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

/// Whether two names can go on alike.
const fn meet(a: &Name, mut at_a: Cursor, b: &Name, mut at_b: Cursor) -> bool {
    // without recursion where there is no choice
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
    // a number may end where it has a digit
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
