//! Detection of parameters with equal names in a file.
//!
//! A name is a pattern: that of a parameter in a loop contains the iteration number, and the names
//! in an external layer are unknown. Two patterns collide if one name matches both. This is decided
//! here if the numbers of iterations are known, otherwise by a `const` assertion in the generated
//! code.

use crate::check::Checker;
use crate::program::{NameClash, Parameter};
use crate::report::Place;
use crate::size::Size;
use std::collections::{HashMap, HashSet};

/// The maximum number of iterations that are counted exactly; more count as unlimited.
const MOST_ITERATIONS: u64 = 10_000;

/// A piece of a name pattern.
#[derive(Clone, Copy, PartialEq)]
enum Piece {
    Char(char),
    /// An iteration number, less than the number of iterations if that is known.
    Iteration(Option<u64>),
    /// The unknown rest of a name in an external layer.
    Rest,
}

/// A position in a pattern: the index of a piece, and the value of the digits matched so far if it
/// is inside of an iteration number.
type At = (usize, Option<u64>);

impl Checker<'_> {
    /// Reports parameters whose names are surely equal, and records those whose names may be equal.
    pub(in crate::check) fn names(&mut self) {
        let parameters = &self.program.parameters;
        let (mut certain, mut possible): (Vec<(usize, usize)>, Vec<NameClash>) = Default::default();
        for (first, second) in pairs(parameters) {
            let [first, second] = in_order(parameters, first, second);
            // with one iteration for each unknown number, a collision is certain
            let fewest = [first, second].map(|index| pattern(&parameters[index], Some(1)));
            let is_open = fewest.iter().any(|pattern| pattern.contains(&Piece::Rest));
            match !is_open && meet(&fewest[0], &fewest[1]) {
                true => certain.push((first, second)),
                false => {
                    let (parameters, place) = ([first, second], parameters[second].named);
                    possible.push(NameClash { parameters, place });
                }
            }
        }
        let mut told: Vec<(usize, usize)> = Vec::new();
        for (first, second) in certain {
            let parameters = &self.program.parameters;
            let [one, other] = [first, second].map(|index| &parameters[index]);
            let place = other.named;
            let line = one.named.line();
            let (one, other) = (&one.name, &other.name);
            let message = match one == other {
                true => format!("`{one}` is the name of a parameter already, on line {line}"),
                false => format!("`{other}` has a name in common with `{one}` on line {line}"),
            };
            let start = place.start.start();
            let key = (start.line, start.column);
            if !told.contains(&key) {
                told.push(key);
                let hint = "in a file they would be one; give this another `#[name]`";
                self.report.error(place, format!("{message}: {hint}"));
            }
        }
        self.program.name_clashes = possible;
    }
}

/// Returns the pairs of parameters whose names may be equal, taking unknown numbers of iterations
/// as unlimited.
fn pairs(parameters: &[Parameter]) -> Vec<(usize, usize)> {
    let patterns: Vec<_> = parameters.iter().map(|p| pattern(p, None)).collect();
    let is_fixed = |index: &usize| patterns[*index].iter().all(|p| matches!(p, Piece::Char(_)));
    let (fixed, open): (Vec<usize>, Vec<usize>) = (0..parameters.len()).partition(is_fixed);
    // most networks have only fixed names, for which a hash map suffices
    let (mut pairs, mut known) = (Vec::new(), HashMap::new());
    for index in &fixed {
        if let Some(other) = known.insert(&parameters[*index].name, *index) {
            pairs.push((other, *index));
        }
    }
    for (at, index) in open.iter().enumerate() {
        let others = fixed.iter().chain(&open[..at]);
        let alike = others.filter(|other| meet(&patterns[**other], &patterns[*index]));
        pairs.extend(alike.map(|other| (*other, *index)));
    }
    pairs
}

/// Returns the two in the order in which they are named in the source.
fn in_order(parameters: &[Parameter], one: usize, other: usize) -> [usize; 2] {
    let at = |index: usize| {
        let Place { start, .. } = parameters[index].named;
        (start.start().line, start.start().column)
    };
    if at(other) < at(one) { [other, one] } else { [one, other] }
}

/// Returns the pattern of a parameter's name. Unknown numbers of iterations count as `unknown`.
fn pattern(parameter: &Parameter, unknown: Option<u64>) -> Vec<Piece> {
    let known = |iterations: &Size| {
        let iterations =
            iterations.constant().and_then(|iterations| u64::try_from(iterations).ok());
        iterations.filter(|iterations| *iterations <= MOST_ITERATIONS)
    };
    let mut iterations =
        parameter.iterations.iter().map(|iterations| known(iterations).or(unknown));
    let (mut pieces, mut rest) = (Vec::new(), &*parameter.name);
    while let Some((before, after)) = rest.split_once("{i}") {
        pieces.extend(before.chars().map(Piece::Char));
        pieces.push(Piece::Iteration(iterations.next().flatten()));
        rest = after;
    }
    pieces.extend(rest.chars().map(Piece::Char));
    if parameter.layer.is_some() {
        pieces.extend([Piece::Char('.'), Piece::Rest]);
    }
    pieces
}

/// Returns true if a name matches both patterns.
fn meet(a: &[Piece], b: &[Piece]) -> bool {
    // fast path: most names differ before the first number
    let same = a.iter().zip(b).take_while(|(a, b)| a == b && matches!(a, Piece::Char(_))).count();
    let is_char = |pieces: &[Piece]| matches!(pieces.get(same), None | Some(Piece::Char(_)));
    if is_char(a) && is_char(b) {
        return same == a.len() && same == b.len();
    }
    Meeting { names: [a, b], seen: HashSet::new() }.from([(same, None); 2])
}

/// The search for a name that matches two patterns.
struct Meeting<'a> {
    names: [&'a [Piece]; 2],
    /// The pairs of positions that were tried already.
    seen: HashSet<[At; 2]>,
}

impl Meeting<'_> {
    fn from(&mut self, at: [At; 2]) -> bool {
        if !self.seen.insert(at) {
            return false;
        }
        let piece = |side: usize| self.names[side].get(at[side].0).copied();
        let [a, b] = [piece(0), piece(1)];
        match (a, b) {
            (None, None) => return true,
            // the rest has at least one character
            (Some(Piece::Rest), other) | (other, Some(Piece::Rest)) => return other.is_some(),
            _ => {}
        }
        // a number may end after any digit
        for side in 0..2 {
            if let (index, Some(_)) = at[side] {
                let mut next = at;
                next[side] = (index + 1, None);
                if self.from(next) {
                    return true;
                }
            }
        }
        match (a, b) {
            (Some(Piece::Char(a)), Some(Piece::Char(b))) if a != b => false,
            (Some(Piece::Char(_)), Some(Piece::Char(_))) => {
                self.from(at.map(|(i, _)| (i + 1, None)))
            }
            (Some(a), Some(b)) => {
                (0..10).any(|digit| match (after(a, at[0], digit), after(b, at[1], digit)) {
                    (Some(a), Some(b)) => self.from([a, b]),
                    _ => false,
                })
            }
            _ => false,
        }
    }
}

/// Returns the position after matching a digit, or `None` if the piece cannot continue with it.
fn after(piece: Piece, (index, number): At, digit: u64) -> Option<At> {
    match (piece, number) {
        (Piece::Char(c), _) => {
            (c.to_digit(10).map(u64::from) == Some(digit)).then_some((index + 1, None))
        }
        // only 0 itself begins with 0
        (Piece::Iteration(_), Some(0)) | (Piece::Rest, _) => None,
        // of an unlimited number, only whether it is 0 is recorded
        (Piece::Iteration(None), _) => Some((index, Some(number.unwrap_or(0).max(digit).min(1)))),
        (Piece::Iteration(Some(iterations)), _) => {
            let number = number.unwrap_or(0) * 10 + digit;
            (number < iterations).then_some((index, Some(number)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `{3}` stands for a number below 3, `{}` for an unlimited one, `*` for the rest in an
    /// external layer.
    fn pieces(text: &str) -> Vec<Piece> {
        let (mut pieces, mut chars) = (Vec::new(), text.chars());
        while let Some(c) = chars.next() {
            pieces.push(match c {
                '{' => {
                    let iterations: String = chars.by_ref().take_while(|c| *c != '}').collect();
                    Piece::Iteration(iterations.parse().ok())
                }
                '*' => Piece::Rest,
                c => Piece::Char(c),
            });
        }
        pieces
    }

    #[test]
    fn patterns_meet_where_they_have_a_name_in_common() {
        let met = [
            ("a.b", "a.b"),
            ("h.{3}.w", "h.2.w"),
            ("h.{11}.w", "h.10.w"),
            ("h.{3}", "h.{5}"),
            ("h{12}", "h1{2}"),
            ("{20}{20}", "1{}"),
            ("h.{}.w", "h.123456789012345678901234567890.w"),
            ("h.{}", "h.0"),
            ("a.*", "a.b"),
            ("a.*", "a.{3}.b"),
            ("a.{2}.*", "a.1.*"),
            ("{2}.{3}.w", "{5}.2.w"),
        ];
        let apart = [
            ("a.b", "a.c"),
            ("a", "a.b"),
            ("h.{3}.w", "h.3.w"),
            ("h.{11}.w", "h.11.w"),
            ("h.{}", "h.00"),
            ("h.{}", "h."),
            ("h.{}", "h.-1"),
            ("h.{}", "h.{}.w"),
            ("h{12}", "h1{2}x"),
            ("a.*", "a"),
            ("a.*", "a."),
            ("a.*", "ab"),
            ("h.{9000}.a", "h.{9000}.b"),
        ];
        for (a, b) in met {
            assert!(meet(&pieces(a), &pieces(b)) && meet(&pieces(b), &pieces(a)), "{a} {b}");
        }
        for (a, b) in apart {
            assert!(!meet(&pieces(a), &pieces(b)) && !meet(&pieces(b), &pieces(a)), "{a} {b}");
        }
    }
}
