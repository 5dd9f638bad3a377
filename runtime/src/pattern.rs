//! Patterns of the names of tensors and parameters: parts between dots, with `*` and `{i}`.

use std::ops::Range;

/// Longest name that a pattern matches, in bytes. It bounds the time that a hostile file can take.
const LONGEST: usize = 1024;

/// A pattern of one or more whole parts of a name (`attn.c_attn` of `h.0.attn.c_attn.weight`). `*` stands
/// for any text, dots included, `{i}` for a number.
#[derive(Clone, Debug)]
pub(crate) struct Pattern {
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Text(String),
    /// `*`
    Any,
    /// `{i}`, with its name.
    Number(String),
}

/// The part of a name that a pattern matched.
struct Match {
    range: Range<usize>,
    /// The end of the text that each token matched.
    ends: Vec<usize>,
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// If braces are not closed or do not contain a name, or a pattern has the same name twice.
    pub fn new(text: &str) -> Result<Self, String> {
        let (mut tokens, mut rest) = (Vec::new(), text);
        while let Some(first) = rest.chars().next() {
            let (token, after) = match first {
                '*' => (Token::Any, &rest[1..]),
                '{' => {
                    let inside = rest[1..].split_once('}');
                    let is_name = |name: &str| {
                        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
                    };
                    let Some((name, after)) = inside.filter(|(name, _)| is_name(name)) else {
                        return Err(format!(
                            "`{text}` has a brace that is no number such as `{{i}}`"
                        ));
                    };
                    (Token::Number(name.to_owned()), after)
                }
                '}' => return Err(format!("`{text}` closes a brace that it does not open")),
                _ => {
                    let end = rest.find(['*', '{', '}']).unwrap_or(rest.len());
                    (Token::Text(rest[..end].to_owned()), &rest[end..])
                }
            };
            if matches!(token, Token::Number(_)) && tokens.contains(&token) {
                return Err(format!("`{text}` has the same number twice"));
            }
            // two stars beside each other are as one
            if token != Token::Any || tokens.last() != Some(&Token::Any) {
                tokens.push(token);
            }
            rest = after;
        }
        Ok(Self { tokens })
    }

    /// Checks that everything in `self`, a replacement, is matched by `from`.
    pub fn check_filled_by(&self, from: &Self) -> Result<(), String> {
        let stars = |pattern: &Self| pattern.tokens.iter().filter(|t| **t == Token::Any).count();
        let (given, wanted) = (stars(from), stars(self));
        if wanted > given {
            return Err(format!("`{self}` has {wanted} `*` where `{from}` has {given}"));
        }
        let unknown = self.tokens.iter().find_map(|token| match token {
            Token::Number(name) if !from.tokens.contains(token) => Some(name),
            _ => None,
        });
        match unknown {
            Some(name) => Err(format!("`{self}` has `{{{name}}}`, which `{from}` has not")),
            None => Ok(()),
        }
    }

    /// Returns true if it matches some whole parts of `name`.
    pub fn matches(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Returns `name` with the parts that it matches first replaced by `to`, or `None` if it matches none.
    pub fn replace(&self, name: &str, to: &Self) -> Option<String> {
        let Match { range, ends } = self.find(name)?;
        let matched = |at: usize| {
            let begin = if at == 0 { range.start } else { ends[at - 1] };
            &name[begin..ends[at]]
        };
        let mut stars = (0..self.tokens.len()).filter(|at| self.tokens[*at] == Token::Any);
        let (mut before, mut after) = (&name[..range.start], &name[range.end..]);
        let mut middle = String::new();
        for token in &to.tokens {
            let at = match token {
                Token::Text(text) => {
                    middle.push_str(text);
                    continue;
                }
                Token::Any => stars.next(),
                Token::Number(_) => self.tokens.iter().position(|own| own == token),
            };
            middle.push_str(at.map_or("", matched));
        }
        if middle.is_empty() {
            // one of the dots beside it goes as well
            match after.strip_prefix('.') {
                Some(rest) => after = rest,
                None => before = before.strip_suffix('.').unwrap_or(before),
            }
        }
        Some(format!("{before}{middle}{after}"))
    }

    /// Finds the first match: the one that begins first, with the shortest text for each `*`.
    fn find(&self, name: &str) -> Option<Match> {
        if self.tokens.is_empty() || name.len() > LONGEST {
            return None;
        }
        let mut search = Search {
            tokens: &self.tokens,
            name: name.as_bytes(),
            dead: vec![false; self.tokens.len() * (name.len() + 1)],
            ends: vec![0; self.tokens.len()],
        };
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(dot, _)| dot + 1));
        let start = starts.into_iter().find(|start| search.matches(0, *start))?;
        let end = *search.ends.last()?;
        Some(Match { range: start..end, ends: search.ends })
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tokens.iter().try_for_each(|token| match token {
            Token::Text(text) => f.write_str(text),
            Token::Any => f.write_str("*"),
            Token::Number(name) => write!(f, "{{{name}}}"),
        })
    }
}

/// A search that looks at every pair of token and position once.
struct Search<'a> {
    tokens: &'a [Token],
    name: &'a [u8],
    /// The pairs of a `*` and a position from which the rest of the pattern does not match.
    dead: Vec<bool>,
    ends: Vec<usize>,
}

impl Search<'_> {
    /// Returns true if the tokens from `token` on match the name from `from` up to the end of a part.
    fn matches(&mut self, token: usize, from: usize) -> bool {
        let rest = &self.name[from..];
        let len = match self.tokens.get(token) {
            None => return rest.first().is_none_or(|byte| *byte == b'.'),
            Some(Token::Text(text)) if rest.starts_with(text.as_bytes()) => text.len(),
            Some(Token::Text(_)) => return false,
            Some(Token::Number(_)) => {
                match rest.iter().take_while(|byte| byte.is_ascii_digit()).count() {
                    0 => return false,
                    digits => digits,
                }
            }
            Some(Token::Any) => return self.matches_any(token, from),
        };
        self.ends[token] = from + len;
        self.matches(token + 1, from + len)
    }

    fn matches_any(&mut self, token: usize, from: usize) -> bool {
        let row = token * (self.name.len() + 1);
        for end in from..=self.name.len() {
            // from here on, an earlier attempt has tried all ends
            if self.dead[row + end] {
                break;
            }
            self.ends[token] = end;
            if self.matches(token + 1, end) {
                return true;
            }
            self.dead[row + end] = true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renamed(from: &str, to: &str, name: &str) -> Option<String> {
        let (from, to) = (Pattern::new(from).unwrap(), Pattern::new(to).unwrap());
        to.check_filled_by(&from).unwrap();
        from.replace(name, &to)
    }

    #[test]
    fn whole_parts_are_replaced() {
        for (from, to, name, expected) in [
            ("gamma", "weight", "LayerNorm.gamma", Some("LayerNorm.weight")),
            ("gamma", "weight", "gamma", Some("weight")),
            ("gamma", "weight", "a.gammas", None),
            ("gamma", "weight", "a.my_gamma", None),
            ("a.b", "c", "a.b.a.b", Some("c.a.b")),
            ("b", "", "a.b.c", Some("a.c")),
            ("b", "", "a.b", Some("a")),
            ("a", "", "a.b", Some("b")),
            ("*", "net.*", "a.b.c", Some("net.a.b.c")),
            ("*.query", "*.q", "layer.3.query.weight", Some("layer.3.q.weight")),
            (
                "encoder.layer.{i}.attention.self.query",
                "blocks.{i}.attn.q",
                "bert.encoder.layer.11.attention.self.query.bias",
                Some("bert.blocks.11.attn.q.bias"),
            ),
            ("{i}.{j}", "{j}.{i}", "h.10.2.w", Some("h.2.10.w")),
            ("h.{i}", "h{i}", "h.x", None),
            ("w_l{k}", "layers.{k}.w", "lstm.w_l1", Some("lstm.layers.1.w")),
            ("*_proj.*", "*.proj.*", "a.q_proj.weight", Some("a.q.proj.weight")),
            ("*.weight", "*.w", "größe.weight", Some("größe.w")),
        ] {
            assert_eq!(renamed(from, to, name).as_deref(), expected, "{from} of {name}");
        }
    }

    #[test]
    fn a_star_is_any_text() {
        let matches = |pattern: &str, name: &str| Pattern::new(pattern).unwrap().matches(name);
        assert!(matches("*.c_attn.weight", "h.0.attn.c_attn.weight"));
        assert!(!matches("*.c_attn.weight", "h.0.attn.c_attn.bias"));
        assert!(matches("*.attn.bias", "transformer.h.0.attn.bias"));
        assert!(!matches("*.attn.bias", "h.0.crossattn.bias"));
        assert!(matches("attn.bias", "h.0.attn.bias"));
        assert!(matches("*a*b*c*", "xaybzc") && !matches("*a*b*c*", "xaybz"));
        assert!(matches("**", "") && !matches("a", ""));
    }

    #[test]
    fn wrong_patterns_are_explained() {
        let error = |text: &str| Pattern::new(text).unwrap_err();
        for text in ["{", "{}", "a.{i", "{a b}", "{i.j}"] {
            assert!(error(text).contains("a brace that is no number"), "{text}");
        }
        assert!(error("a}").contains("does not open") && error("{i}.{i}").contains("twice"));
        let unfilled = |from: &str, to: &str| {
            Pattern::new(to).unwrap().check_filled_by(&Pattern::new(from).unwrap()).unwrap_err()
        };
        assert_eq!(unfilled("h.{i}", "x.{j}"), "`x.{j}` has `{j}`, which `h.{i}` has not");
        assert_eq!(unfilled("*", "*.*"), "`*.*` has 2 `*` where `*` has 1");
    }

    /// Names that would take a search with backtracking longer than the age of the universe.
    #[test]
    fn a_hostile_name_takes_linear_time() {
        let pattern = Pattern::new("*a*a*a*a*a*a*a*a*a*a*a*a*b").unwrap();
        let name = "a".repeat(LONGEST - 2);
        assert!(!pattern.matches(&name) && pattern.matches(&format!("{name}b")));
        assert!(!pattern.matches(&format!("{name}aab")), "longer than any name");
        let dots = "a.".repeat(LONGEST / 2 - 1);
        assert!(!pattern.matches(&dots));
    }
}
