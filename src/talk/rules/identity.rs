//! Which rule of a changed file is which rule of the file before.

use crate::talk::tree::{Rule, Span};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// What names a rule across changes of its file: its name, otherwise its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    name: Option<Arc<str>>,
    /// The head without `off`, `limit` and `as`, with single blanks.
    head: Arc<str>,
}

impl Identity {
    /// Of a rule in this source. `prefix` is what is before the names of its file.
    pub(super) fn of(rule: &Rule, prefix: &str, source: &str) -> Self {
        let mut left_out: Vec<Span> = rule.off.into_iter().collect();
        let mut option = |word: &str, value: Span| {
            let before = source.get(rule.head.start..value.start).unwrap_or_default();
            if let Some(at) = before.rfind(word) {
                left_out.push(Span { start: rule.head.start + at, ..value });
            }
        };
        if let Some(limit) = &rule.limit {
            option("limit", limit.span);
        }
        if let Some(name) = &rule.name {
            option("as", name.span);
        }
        left_out.sort_by_key(|span| span.start);
        let (mut kept, mut from) = (prefix.to_owned(), rule.head.start);
        for span in left_out {
            kept.push_str(source.get(from..span.start).unwrap_or_default());
            from = span.end;
        }
        kept.push_str(source.get(from..rule.head.end).unwrap_or_default());
        let name = rule.name.as_ref().map(|name| format!("{prefix}{}", name.value).into());
        Self { name, head: kept.split_whitespace().collect::<Vec<_>>().join(" ").into() }
    }

    /// Its name, otherwise its head without `on`.
    pub(super) fn label(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.head.strip_prefix("on ").unwrap_or(&self.head))
    }

    /// Whether both have the same head.
    pub(super) fn has_head_of(&self, other: &Self) -> bool {
        self.head == other.head
    }
}

/// Finds the rules of a list among those that are known: by their names, then by their heads. A rule that got another name or lost it
/// is found by its head, unless its old name belongs to another rule of the list. Returns the place of each among the known ones.
#[must_use]
pub fn find(rules: &[&Identity], known: &[&Identity]) -> Vec<Option<usize>> {
    let names: HashSet<&str> = rules.iter().filter_map(|rule| rule.name.as_deref()).collect();
    let (mut by_name, mut by_head) = (HashMap::new(), HashMap::<&str, VecDeque<usize>>::new());
    for (place, known) in known.iter().enumerate() {
        match known.name.as_deref() {
            Some(name) if names.contains(name) => {
                by_name.entry(name).or_insert(place);
            }
            _ => by_head.entry(&known.head).or_default().push_back(place),
        }
    }
    let mut find = |rule: &&Identity| {
        let named = rule.name.as_deref().and_then(|name| by_name.remove(name));
        named.or_else(|| by_head.get_mut(&*rule.head)?.pop_front())
    };
    rules.iter().map(&mut find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::uses;

    fn identities(source: &str) -> Vec<Identity> {
        let parsed = crate::talk::parse(source);
        assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
        let rules = uses::rules(&parsed.file);
        rules.into_iter().map(|(origin, rule)| Identity::of(rule, &origin.prefix, source)).collect()
    }

    fn found(rules: &str, known: &str) -> Vec<Option<usize>> {
        let (rules, known) = (identities(rules), identities(known));
        find(&rules.iter().collect::<Vec<_>>(), &known.iter().collect::<Vec<_>>())
    }

    #[test]
    fn rules_are_found_by_name_then_by_head() {
        let old = "on \"a\" as uno { > \"1\" }\non \"b\" { > \"2\" }\non \"b\" { > \"3\" }\n";
        assert_eq!(found(old, old), [Some(0), Some(1), Some(2)]);
        // Another order, another pattern under the same name, another body, switches and limits.
        let new = "on \"b\"   { > \"9\" }\noff on \"b\" limit 3 { > \"3\" }\non \"x\" as uno { > \"1\" }\n";
        assert_eq!(found(new, old), [Some(1), Some(2), Some(0)]);
        // Another name, no name, a name for the first time.
        assert_eq!(found("on \"a\" limit 2 as two { }\n", old), [Some(0)]);
        assert_eq!(found("on \"a\" { }\non \"b\" as three { }\n", old), [Some(0), Some(1)]);
        // The name went to another rule.
        assert_eq!(found("on \"a\" { }\non \"c\" as uno { }\n", old), [None, Some(0)]);
        assert_eq!(found("on \"new\" { }\n", old), [None]);
        // Words of the options inside of the pattern.
        assert_eq!(found("on \"as limit\" as x { }\n", "on \"as limit\" { }\n"), [Some(0)]);
    }
}
