//! Which shortcut each command has: its default, or the one the user chose.

use crate::gui::keys::{Command, FIXED, Shortcut};
use std::collections::BTreeMap;

/// Why a shortcut cannot be given to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It enters or edits text.
    Text,
    /// It is one of [`FIXED`]: the id of its text.
    Fixed(&'static str),
    /// Another command has it.
    Taken(Command),
}

/// The shortcuts in force, with their names for tooltips and menus.
#[derive(Clone, Debug, Default)]
pub struct Bindings(Vec<(Command, Shortcut, String)>);

impl Bindings {
    /// `chosen`: by the id of the command the name of a shortcut, empty for none. An unknown id, an unreadable shortcut and one
    /// that [`Self::refusal`] refuses leave the default in force; a default that was given to another command is dropped.
    pub fn new(chosen: &BTreeMap<String, String>) -> Self {
        let mut bindings = Self::default();
        let mut defaults = Vec::new();
        for command in Command::ALL {
            match chosen.get(command.id()).map(|name| (name.as_str(), name.parse())) {
                Some(("", _)) => {}
                Some((_, Ok(shortcut))) if bindings.refusal(*command, shortcut).is_none() => {
                    bindings.push(*command, shortcut);
                }
                _ => defaults.extend(command.default_shortcut().map(|shortcut| (*command, shortcut))),
            }
        }
        for (command, shortcut) in defaults {
            if bindings.owner(shortcut).is_none() {
                bindings.push(command, shortcut);
            }
        }
        bindings
    }

    fn push(&mut self, command: Command, shortcut: Shortcut) {
        self.0.push((command, shortcut, shortcut.to_string()));
    }

    fn owner(&self, shortcut: Shortcut) -> Option<Command> {
        self.0.iter().find(|(_, of, _)| *of == shortcut).map(|(command, ..)| *command)
    }

    /// Why `command` cannot have `shortcut`.
    pub fn refusal(&self, command: Command, shortcut: Shortcut) -> Option<Refusal> {
        if command.default_shortcut() == Some(shortcut) {
            return self.owner(shortcut).filter(|owner| *owner != command).map(Refusal::Taken);
        }
        if let Some(id) = fixed(shortcut) {
            return Some(Refusal::Fixed(id));
        }
        if !shortcut.is_free_of_text() {
            return Some(Refusal::Text);
        }
        self.owner(shortcut).filter(|owner| *owner != command).map(Refusal::Taken)
    }

    /// The name of a command's shortcut; empty if it has none.
    pub fn name(&self, command: Command) -> &str {
        self.0.iter().find(|(of, ..)| *of == command).map_or("", |(.., name)| name)
    }

    /// Every command that has a shortcut.
    pub fn all(&self) -> impl Iterator<Item = (Command, Shortcut)> + '_ {
        self.0.iter().map(|(command, shortcut, _)| (*command, *shortcut))
    }
}

fn fixed(shortcut: Shortcut) -> Option<&'static str> {
    use egui::Key;
    let digits = Key::Num1..=Key::Num9;
    if digits.contains(&shortcut.key) && shortcut == Shortcut::ctrl(shortcut.key) {
        return Some("tab-by-number");
    }
    if digits.contains(&shortcut.key) && shortcut == (Shortcut { alt: true, ..Shortcut::plain(shortcut.key) }) {
        return Some("quick-by-number");
    }
    let name = shortcut.to_string().replace("Up", "↑").replace("Down", "↓");
    FIXED.iter().find(|(keys, ..)| *keys == name).map(|(_, id, _)| *id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(chosen: &[(&str, &str)]) -> Bindings {
        Bindings::new(&chosen.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect())
    }

    #[test]
    fn no_two_defaults_are_the_same_and_none_is_fixed() {
        let bindings = with(&[]);
        for command in Command::ALL {
            let default = command.default_shortcut().map_or_else(String::new, |shortcut| shortcut.to_string());
            assert_eq!(bindings.name(*command), default, "{command:?}");
            assert_eq!(command.default_shortcut().and_then(fixed), None, "{command:?}");
        }
    }

    #[test]
    fn a_chosen_shortcut_replaces_the_default() {
        let bindings = with(&[("find", "Ctrl+G"), ("clear", ""), ("export", "Ctrl+F")]);
        assert_eq!(bindings.name(Command::Find), "Ctrl+G");
        assert_eq!(bindings.name(Command::Clear), "");
        assert_eq!(bindings.name(Command::Export), "Ctrl+F");
    }

    #[test]
    fn what_cannot_be_used_leaves_the_default() {
        for name in ["nonsense", "Ctrl+", "K", "Ctrl+C", "Ctrl+3", "Tab", "Ctrl+D"] {
            assert_eq!(with(&[("find", name)]).name(Command::Find), "Ctrl+F", "{name}");
        }
        assert_eq!(with(&[("no-such-command", "Ctrl+G")]).name(Command::Find), "Ctrl+F");
        // A default that another command took is dropped; of two equal choices the first in the table is used.
        let bindings = with(&[("clear", "Ctrl+G"), ("find", "Ctrl+G"), ("export", "Ctrl+T")]);
        assert_eq!((bindings.name(Command::Find), bindings.name(Command::Clear)), ("Ctrl+G", "Ctrl+L"));
        assert_eq!((bindings.name(Command::Export), bindings.name(Command::NewTab)), ("Ctrl+T", ""));
    }

    #[test]
    fn a_refusal_names_the_cause() {
        let bindings = with(&[]);
        let of = |command, name: &str| bindings.refusal(command, name.parse().unwrap());
        assert_eq!(of(Command::Clear, "Ctrl+F"), Some(Refusal::Taken(Command::Find)));
        assert_eq!(of(Command::Find, "Ctrl+F"), None);
        assert_eq!(of(Command::Clear, "Ctrl+C"), Some(Refusal::Fixed("copy")));
        assert_eq!(of(Command::Clear, "Ctrl+Up"), Some(Refusal::Fixed("older-message")));
        assert_eq!(of(Command::Clear, "Ctrl+PageUp"), None);
        assert_eq!(of(Command::Clear, "Ctrl+V"), Some(Refusal::Text));
        assert_eq!(of(Command::Clear, "Ctrl+5"), Some(Refusal::Fixed("tab-by-number")));
        assert_eq!(of(Command::Clear, "Ctrl+G"), None);
        assert_eq!(of(Command::Box, "Esc"), None);
        assert_eq!(of(Command::Send, "Esc"), Some(Refusal::Text));
    }
}
