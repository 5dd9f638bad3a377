//! Loops: in a depth loop, x^{(i)} is what iteration i begins with; in a recurrence, h_t is what step t leaves.

use super::expression::Tex;
use super::symbol::Symbol;
use super::{Name, Writer};
use crate::ast::{Expr, ExprKind, For, Over, Statement};
use std::collections::HashMap;

/// The index of a loop.
#[derive(Clone)]
pub struct Index {
    letter: String,
    first: String,
    last: String,
    /// `true` for a loop over numbers.
    is_depth: bool,
    reversed: bool,
    /// The number of assignments to each loop-carried name in the body: in all, and so far.
    assigned: HashMap<String, (usize, usize)>,
    /// The primes of the loop-carried names, by which one loop's values differ from those of another.
    primes: HashMap<String, usize>,
}

impl Index {
    /// Returns for which iterations a line holds: `t = 1, \dots, T`.
    pub fn condition(&self) -> String {
        format!("{} = {}, \\dots, {}", self.letter, self.first, self.last)
    }

    /// Marks the symbol of a value of an iteration.
    pub fn mark(&self, symbol: &mut Symbol) {
        self.mark_at(symbol, &self.letter);
    }

    fn mark_at(&self, symbol: &mut Symbol, index: &str) {
        let marks = if self.is_depth { &mut symbol.above } else { &mut symbol.below };
        marks.push(index.to_owned());
    }
}

impl Writer<'_> {
    /// Marks the symbol of a layer that each iteration of the depth loops has for itself.
    pub(super) fn mark_by_iteration(&self, symbol: &mut Symbol) {
        for index in self.loops.iter().filter(|index| index.is_depth) {
            index.mark(symbol);
        }
    }

    /// Adds the lines of a loop, and returns the sequence of its results.
    pub(super) fn repeated(&mut self, repeated: &For) -> Tex {
        let index = self.index(repeated);
        let outside = self.names.clone();
        let carried: Vec<(String, Symbol)> = index
            .assigned
            .keys()
            .filter_map(|name| match outside.get(name) {
                Some(Name::Value(symbol)) => Some((name.clone(), symbol.clone())),
                _ => None,
            })
            .collect();
        let mut carried = carried;
        carried.sort_by(|a, b| a.0.cmp(&b.0));
        // where the loop begins, and what an iteration reads
        let before = match (index.is_depth, index.reversed) {
            (true, _) => (index.first.clone(), index.letter.clone()),
            (false, false) => ("0".to_owned(), format!("{}-1", index.letter)),
            (false, true) => (format!("{}+1", index.first), format!("{}+1", index.letter)),
        };
        for (name, symbol) in &carried {
            let mut first = self.around(name);
            first.primes = index.primes.get(name).copied().unwrap_or(0);
            let mut read = first.clone();
            index.mark_at(&mut first, &before.0);
            index.mark_at(&mut read, &before.1);
            self.begin(symbol, &first);
            self.names.insert(name.clone(), Name::Value(read));
        }
        if let Over::Values { values, .. } = &repeated.over {
            let values: Vec<String> = values.iter().map(|value| self.expr(value).text).collect();
            for (name, value) in repeated.names.iter().zip(values) {
                let name = name.to_string();
                let mut symbol = Symbol::of(&name);
                if symbol.below != [index.letter.clone()] {
                    index.mark(&mut symbol);
                }
                // what the element of a name `x_t` is needs no saying where the whole is `x`
                let mut whole = symbol.clone();
                whole.below.pop();
                if whole.to_string() != value {
                    self.loops.push(index.clone());
                    self.line(&symbol.to_string(), "=", &format!("{value}[{}]", index.letter));
                    self.loops.pop();
                }
                self.names.insert(name, Name::Value(symbol));
            }
        } else if let Some(name) = repeated.names.first().filter(|name| *name != "_") {
            let symbol = Symbol::of(&name.to_string());
            self.names.insert(name.to_string(), Name::Value(symbol));
        }
        self.loops.push(index);
        self.statements(&repeated.body.statements);
        let result = repeated.body.result.as_ref().map(|result| self.expr(result).text);
        self.end_iteration(&carried);
        let Some(index) = self.loops.pop() else { return Tex::atom("") };
        self.names = outside;
        let end = if index.is_depth { index.end() } else { index.last.clone() };
        for (name, _) in carried {
            let mut symbol = self.around(&name);
            symbol.primes = index.primes.get(&name).copied().unwrap_or(0);
            index.mark_at(&mut symbol, &end);
            if let Some(counts) =
                self.loops.last_mut().and_then(|around| around.assigned.get_mut(&name))
            {
                counts.1 += 1;
            }
            self.names.insert(name, Name::Value(symbol));
        }
        let [least, most] = match index.reversed {
            true => [&index.last, &index.first],
            false => [&index.first, &index.last],
        };
        let result = result.unwrap_or_default();
        Tex::atom(format!("\\left({result}\\right)_{{{}={least}}}^{{{most}}}", index.letter))
    }

    /// Returns the symbol of an assigned name: the next iteration's if this is the last assignment.
    pub(super) fn assigned(&mut self, name: &str) -> Symbol {
        if name == "_" {
            return Symbol::blank();
        }
        let mut symbol = self.plain(name);
        let Some(index) = self.loops.last_mut().filter(|index| index.assigned.contains_key(name))
        else {
            return self.new_symbol(name);
        };
        let (all, done) = index.assigned.get_mut(name).map_or((0, 0), |counts| {
            counts.1 += 1;
            *counts
        });
        let at = if all == done { index.next() } else { index.letter.clone() };
        if all != done {
            symbol.primes += done;
        }
        index.mark_at(&mut symbol, &at);
        self.names.insert(name.to_owned(), Name::Value(symbol.clone()));
        symbol
    }

    /// Adds what the loop-carried values of the innermost loop become where no assignment has said so: where
    /// they are what a loop in it leaves.
    fn end_iteration(&mut self, carried: &[(String, Symbol)]) {
        for (name, _) in carried {
            let Some(index) = self.loops.last() else { return };
            let mut next = self.plain(name);
            index.mark_at(&mut next, &index.next());
            let now = match self.names.get(name) {
                Some(Name::Value(now)) if *now != next => now.to_string(),
                _ => continue,
            };
            self.line(&next.to_string(), "=", &now);
        }
    }

    /// Returns the symbol of a name with the marks of all loops.
    fn around(&self, name: &str) -> Symbol {
        let mut symbol = Symbol::of(name);
        for index in &self.loops {
            index.mark(&mut symbol);
        }
        symbol
    }

    /// Returns the symbol of a name with the marks of all loops but the innermost that carries it.
    fn plain(&self, name: &str) -> Symbol {
        let mut symbol = Symbol::of(name);
        let own = self.loops.iter().rposition(|index| index.assigned.contains_key(name));
        for index in &self.loops[..own.unwrap_or(self.loops.len())] {
            index.mark(&mut symbol);
        }
        let primes = own.and_then(|own| self.loops[own].primes.get(name));
        symbol.primes = primes.copied().unwrap_or(0);
        symbol
    }

    /// Adds what a loop-carried value begins as. Where the line before has just given it its value, this line
    /// gets the new symbol instead.
    fn begin(&mut self, symbol: &Symbol, first: &Symbol) {
        let old = symbol.to_string();
        let defined = self.lines.iter().rposition(|line| line[0] == old && line[1] == "=");
        let is_read = |at: usize| self.lines[at + 1..].iter().any(|line| line[2].contains(&old));
        match defined.filter(|at| !is_read(*at)) {
            Some(at) => self.lines[at][0] = first.to_string(),
            None => self.line(&first.to_string(), "=", &old),
        }
    }

    fn index(&mut self, repeated: &For) -> Index {
        let mut assigned = HashMap::new();
        count(&repeated.body.statements, &mut Vec::new(), &mut assigned);
        assigned.retain(|name, _| matches!(self.names.get(name), Some(Name::Value(_))));
        let mut primes = HashMap::new();
        for (name, (all, _)) in &assigned {
            let used = self.carried.entry((name.clone(), self.loops.len())).or_default();
            primes.insert(name.clone(), *used);
            *used += all;
        }
        let name = repeated.names.first().map(ToString::to_string).unwrap_or_default();
        let letters: Vec<String> = self.loops.iter().map(|index| index.letter.clone()).collect();
        let taken = |letter: &String| letters.contains(letter);
        match &repeated.over {
            Over::Range(start, end) => {
                let (first, end) = (self.expr(start).text, self.expr(end).text);
                let wish =
                    if name == "_" { "\\ell".to_owned() } else { Symbol::of(&name).to_string() };
                let free = [wish, "m".to_owned(), "n".to_owned(), "k".to_owned()];
                let letter = free.into_iter().find(|letter| !taken(letter));
                let letter = letter.unwrap_or_else(|| "j".to_owned());
                let last = less_one(&end);
                let reversed = false;
                Index { letter, first, last, is_depth: true, reversed, assigned, primes }
            }
            Over::Values { values, reversed } => {
                let wish = name.split_once('_').map(|(_, letter)| letter.to_owned());
                let wish = wish.filter(|letter| letter.chars().count() == 1);
                let free = ["t", "s", "r", "u"].map(str::to_owned);
                let letter = wish.into_iter().chain(free).find(|letter| !taken(letter));
                let letter = letter.unwrap_or_else(|| "j".to_owned());
                let count = values.first().and_then(|value| self.leading(value));
                let count = count.unwrap_or_else(|| "T".to_owned());
                let (first, last) = match reversed {
                    true => (count, "1".to_owned()),
                    false => ("1".to_owned(), count),
                };
                Index {
                    letter,
                    first,
                    last,
                    is_depth: false,
                    reversed: *reversed,
                    assigned,
                    primes,
                }
            }
        }
    }

    /// Returns the leading size of a value, if it is an input.
    fn leading(&mut self, value: &Expr) -> Option<String> {
        let ExprKind::Path(path) = &value.kind else { return None };
        let network = self.network;
        let input = network.inputs.iter().find(|input| path.is_ident(&input.name))?;
        let (_, shape) = input.kind.as_ref()?;
        Some(self.expr(shape.sizes.first()?).text)
    }
}

impl Index {
    /// Returns the index of what an iteration leaves.
    fn next(&self) -> String {
        if self.is_depth { format!("{}+1", self.letter) } else { self.letter.clone() }
    }

    /// Returns the index after the last of a loop over numbers.
    fn end(&self) -> String {
        match self.last.parse::<i64>() {
            Ok(last) => (last + 1).to_string(),
            Err(_) => self.last.strip_suffix("-1").unwrap_or(&self.last).to_owned(),
        }
    }
}

fn less_one(end: &str) -> String {
    end.parse::<i64>().map_or_else(|_| format!("{end}-1"), |end| (end - 1).to_string())
}

/// Counts the assignments to names from outside of the statements.
fn count(
    statements: &[Statement],
    own: &mut Vec<String>,
    assigned: &mut HashMap<String, (usize, usize)>,
) {
    for statement in statements {
        match statement {
            Statement::Let(statement) => {
                if let ExprKind::For(inner) = &statement.value.kind {
                    count_inner(&inner.body.statements, own, assigned);
                }
                own.extend(statement.names.iter().map(ToString::to_string));
            }
            Statement::Assign(statement) => {
                for name in statement.names.iter().map(ToString::to_string) {
                    if name != "_" && !own.contains(&name) {
                        assigned.entry(name).or_default().0 += 1;
                    }
                }
            }
            Statement::For(inner) => count_inner(&inner.body.statements, own, assigned),
            Statement::When(_) => {}
        }
    }
}

/// Counts the names that an inner loop carries: what it leaves is as good as one assignment.
fn count_inner(
    statements: &[Statement],
    own: &[String],
    assigned: &mut HashMap<String, (usize, usize)>,
) {
    let mut within = HashMap::new();
    count(statements, &mut own.to_vec(), &mut within);
    for name in within.into_keys() {
        assigned.entry(name).or_default().0 += 1;
    }
}
