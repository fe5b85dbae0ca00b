//! Removes invalid values from a settings file one by one, so that a value of a newer version does not invalidate the others.

use super::{
    ColumnSetup, FilterSetup, HighlightRule, Layout, Preferences, Recent, SavedRule, SentMessage, SessionSetup,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Maximum length in characters of a value in a message.
const NAMED_CHARS: usize = 40;

/// Removes each invalid value, so that its default is used. Returns the removed values as `place = value`.
pub(super) fn take_out_unreadable(file: &mut Value) -> Vec<String> {
    let mut removed = Removed::default();
    let Value::Object(file) = file else { return removed.0 };
    if let Some(preferences) = object(file, "", "preferences", &mut removed) {
        items(preferences, "preferences", "rules", &mut removed, |item, _, _| readable::<SavedRule>(item));
        items(preferences, "preferences", "highlights", &mut removed, highlight);
        fields::<Preferences>(preferences, "preferences", &mut removed);
    }
    items(file, "", "sessions", &mut removed, session);
    items(file, "", "recents", &mut removed, |item, at, removed| {
        let Value::Object(recent) = item else { return false };
        if recent.get_mut("setup").is_none_or(|setup| !session(setup, &place(at, "setup"), removed)) {
            return false;
        }
        fields::<Recent>(recent, at, removed);
        true
    });
    if file.get("current").is_some_and(|current| !readable::<usize>(current)) {
        removed.take(file, "", "current");
    }
    if file.get("layout").is_some_and(|layout| !readable::<Option<Layout>>(layout)) {
        removed.take(file, "", "layout");
    }
    removed.0
}

/// Invalid values of a session fall back to their defaults.
fn session(item: &mut Value, at: &str, removed: &mut Removed) -> bool {
    let Value::Object(session) = item else { return false };
    items(session, at, "history", removed, |item, _, _| readable::<SentMessage>(item));
    if let Some(filter) = object(session, at, "filter", removed) {
        fields::<FilterSetup>(filter, &place(at, "filter"), removed);
    }
    if let Some(columns) = object(session, at, "columns", removed) {
        fields::<ColumnSetup>(columns, &place(at, "columns"), removed);
    }
    fields::<SessionSetup>(session, at, removed);
    true
}

/// An invalid decoration falls back to its default; a rule whose meaning would change is left out.
fn highlight(item: &mut Value, at: &str, removed: &mut Removed) -> bool {
    let Value::Object(rule) = item else { return false };
    for key in ["direction", "colour"] {
        if rule.get(key).is_some_and(|value| !reads_field::<HighlightRule>(key, value)) {
            removed.take(rule, at, key);
        }
    }
    readable::<HighlightRule>(item)
}

#[derive(Default)]
struct Removed(Vec<String>);

impl Removed {
    fn take(&mut self, from: &mut Map<String, Value>, at: &str, key: &str) {
        if let Some(value) = from.remove(key) {
            self.name(&place(at, key), &value);
        }
    }

    fn name(&mut self, place: &str, value: &Value) {
        let text = value.to_string();
        let mut named: String = text.chars().take(NAMED_CHARS).collect();
        if named.len() < text.len() {
            named.push('…');
        }
        self.0.push(format!("{place} = {named}"));
    }
}

fn place(at: &str, key: &str) -> String {
    if at.is_empty() { key.to_owned() } else { format!("{at}.{key}") }
}

fn readable<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}

/// `T` has defaults for missing fields, so each field can be tested by itself.
fn reads_field<T: DeserializeOwned>(key: &str, value: &Value) -> bool {
    readable::<T>(&Value::Object(Map::from_iter([(key.to_owned(), value.clone())])))
}

fn fields<T: DeserializeOwned>(object: &mut Map<String, Value>, at: &str, removed: &mut Removed) {
    let unread: Vec<String> =
        object.iter().filter(|(key, value)| !reads_field::<T>(key, value)).map(|(key, _)| key.clone()).collect();
    for key in unread {
        removed.take(object, at, &key);
    }
}

/// The object at `key`; a value of another type is removed.
fn object<'a>(
    of: &'a mut Map<String, Value>,
    at: &str,
    key: &str,
    removed: &mut Removed,
) -> Option<&'a mut Map<String, Value>> {
    if of.get(key).is_some_and(|value| !value.is_object()) {
        removed.take(of, at, key);
    }
    of.get_mut(key)?.as_object_mut()
}

/// Keeps the items of a list for which `keep` returns true. Arguments of `keep`: the item, its place, and the list of removed
/// values.
fn items(
    of: &mut Map<String, Value>,
    at: &str,
    key: &str,
    removed: &mut Removed,
    keep: impl Fn(&mut Value, &str, &mut Removed) -> bool,
) {
    match of.get_mut(key) {
        None => {}
        Some(Value::Array(list)) => {
            let mut number = 0;
            list.retain_mut(|item| {
                number += 1;
                let at = format!("{}[{number}]", place(at, key));
                let kept = keep(item, &at, removed);
                if !kept {
                    removed.name(&at, item);
                }
                kept
            });
        }
        Some(_) => removed.take(of, at, key),
    }
}
