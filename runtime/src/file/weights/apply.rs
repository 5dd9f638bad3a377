//! Applies rules to the name of a tensor.

use super::{Rule, Weights};
use crate::error::FileProblem;

/// The parameter that a tensor, or a part of it, is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::file) struct Target {
    /// The name of the parameter.
    pub name: String,
    /// `true` if the axes of the tensor are swapped.
    pub transposed: bool,
    pub role: Role,
    /// `true` if the network may lack the parameter.
    pub optional: bool,
    /// `true` if the parameter may have another tensor, which is then taken instead.
    pub spare: bool,
}

/// The rows of the tensor and of the parameter that are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::file) enum Role {
    /// All of both.
    Whole,
    /// All of the tensor: one of several parts of the parameter.
    Part { part: usize, of: usize },
    /// All of the parameter: one of several cuts of the tensor, in their order.
    Cut { of: usize },
}

impl Weights {
    /// Returns the targets of the tensor called `name`: several if it is split, none if it is ignored.
    ///
    /// # Errors
    /// If a rule joins what another has split or the other way round.
    pub(in crate::file) fn targets(&self, name: &str) -> Result<Vec<Target>, FileProblem> {
        let name = name.to_owned();
        let whole =
            Target { name, transposed: false, role: Role::Whole, optional: false, spare: false };
        let mut targets = vec![whole];
        for rule in &self.rules {
            rule.apply(&mut targets)?;
        }
        Ok(targets)
    }
}

impl Weights {
    /// Returns `name` without the prefixes that the rules remove, or `None` if it has none of them.
    pub(in crate::file) fn without_prefix<'a>(&self, name: &'a str) -> Option<&'a str> {
        let prefixes = self.rules.iter().filter_map(|rule| match rule {
            Rule::Prefix(prefix) => Some(&**prefix),
            _ => None,
        });
        let rest = prefixes.fold(name, |name, prefix| name.strip_prefix(prefix).unwrap_or(name));
        (rest.len() < name.len()).then_some(rest)
    }
}

impl Rule {
    fn apply(&self, targets: &mut Vec<Target>) -> Result<(), FileProblem> {
        match self {
            Self::Ignore(pattern) => targets.retain(|target| !pattern.matches(&target.name)),
            Self::Split { from, to } => {
                for target in std::mem::take(targets) {
                    if !from.matches(&target.name) {
                        targets.push(target);
                        continue;
                    }
                    target.check_whole()?;
                    let names = to.iter().filter_map(|to| from.replace(&target.name, to));
                    let role = Role::Cut { of: to.len() };
                    targets.extend(names.map(|name| Target { name, role, ..target.clone() }));
                }
            }
            Self::Tied { name, to } => {
                for target in std::mem::take(targets) {
                    let is_name = target.name == *name;
                    if target.role == Role::Whole && (is_name || target.name == *to) {
                        let other = (if is_name { to } else { name }).clone();
                        let spare = Target { name: other, spare: true, ..target.clone() };
                        targets.extend([target, spare]);
                    } else {
                        targets.push(target);
                    }
                }
            }
            _ => return targets.iter_mut().try_for_each(|target| self.apply_to(target)),
        }
        Ok(())
    }

    /// Applies a rule that keeps the number of targets.
    fn apply_to(&self, target: &mut Target) -> Result<(), FileProblem> {
        match self {
            Self::Prefix(prefix) => {
                if let Some(rest) = target.name.strip_prefix(prefix) {
                    target.name = rest.to_owned();
                }
            }
            Self::Rename { from, to } => {
                if let Some(name) = from.replace(&target.name, to) {
                    target.name = name;
                }
            }
            Self::Transpose(pattern) => target.transposed ^= pattern.matches(&target.name),
            Self::Optional(pattern) => target.optional |= pattern.matches(&target.name),
            Self::Join { from, to } => {
                let part = from.iter().position(|from| from.matches(&target.name));
                if let Some(part) = part
                    && let Some(name) = from[part].replace(&target.name, to)
                {
                    target.check_whole()?;
                    target.name = name;
                    target.role = Role::Part { part, of: from.len() };
                }
            }
            Self::Ignore(_) | Self::Split { .. } | Self::Tied { .. } => {}
        }
        Ok(())
    }
}

impl Target {
    fn check_whole(&self) -> Result<(), FileProblem> {
        match self.role {
            Role::Whole => Ok(()),
            _ => Err(FileProblem::Rule {
                rule: self.name.clone(),
                reason: "it is split or joined twice".to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_apply_in_their_order() {
        let names = |rules: &Weights, name: &str| -> Vec<String> {
            rules.targets(name).unwrap().into_iter().map(|target| target.name).collect()
        };
        let rules = Weights::new().rename("a", "b").rename("b", "c");
        assert_eq!(names(&rules, "a.b"), ["c.b"]);
        let rules = Weights::new().rename("b", "c").rename("a", "b");
        assert_eq!(names(&rules, "a.b"), ["b.c"]);
        let rules = Weights::new().ignore("a").rename("a", "b");
        assert!(names(&rules, "x.a").is_empty());
        let rules = Weights::new().prefix("net").prefix("module.");
        assert_eq!(names(&rules, "net.module.w"), ["w"]);
        assert_eq!(names(&rules, "network.w"), ["network.w"]);
        let rules = Weights::new().split("qkv", ["q", "k", "v"]).rename("k", "key");
        assert_eq!(names(&rules, "0.qkv.weight"), ["0.q.weight", "0.key.weight", "0.v.weight"]);
        let both = Weights::new().prefix("net.").and(&rules);
        assert_eq!(names(&both, "net.qkv"), ["q", "key", "v"]);
    }

    #[test]
    fn transposing_twice_is_not_transposing() {
        let once = Weights::new().transpose("w");
        assert!(once.targets("a.w").unwrap()[0].transposed);
        assert!(!once.transpose("*.w").targets("a.w").unwrap()[0].transposed);
    }

    #[test]
    fn what_is_split_is_not_joined() {
        let rules = Weights::new().split("qkv", ["q", "kv"]).join(["q", "k"], "x");
        assert!(matches!(rules.targets("qkv"), Err(FileProblem::Rule { .. })));
        let rules = Weights::new().join(["q", "k"], "x").split("x", ["y", "z"]);
        assert!(matches!(rules.targets("k"), Err(FileProblem::Rule { .. })));
    }
}
