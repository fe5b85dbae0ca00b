//! A key with its modifiers, as text and in the input.

use egui::{Event, InputState, Key, Modifiers};
use std::fmt;
use std::str::FromStr;

/// A key with its modifiers. `ctrl` is the Command key on macOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    pub key: Key,
    pub ctrl: bool,
    pub shift: bool,
    pub alt: bool,
}

impl Shortcut {
    pub const fn plain(key: Key) -> Self {
        Self { key, ctrl: false, shift: false, alt: false }
    }

    pub const fn ctrl(key: Key) -> Self {
        Self { ctrl: true, ..Self::plain(key) }
    }

    pub const fn shift(key: Key) -> Self {
        Self { shift: true, ..Self::plain(key) }
    }

    pub const fn ctrl_shift(key: Key) -> Self {
        Self { ctrl: true, ..Self::shift(key) }
    }

    fn modifiers(self) -> Modifiers {
        Modifiers { alt: self.alt, shift: self.shift, command: self.ctrl, ..Modifiers::NONE }
    }

    /// Removes its key presses from the input; true if there was one. All modifiers must match: `Ctrl+F` is not `Ctrl+Shift+F`.
    pub fn take(self, input: &mut InputState) -> bool {
        let pattern = self.modifiers();
        let before = input.events.len();
        input.events.retain(|event| match event {
            Event::Key { key, pressed: true, modifiers, .. } => *key != self.key || !modifiers.matches_exact(pattern),
            _ => true,
        });
        input.events.len() < before
    }

    /// Whether it can be pressed in a text field without entering or editing text there.
    pub fn is_free_of_text(self) -> bool {
        let is_function_key = (Key::F1..=Key::F35).contains(&self.key);
        let edits = [Key::A, Key::C, Key::V, Key::X, Key::Y, Key::Z];
        is_function_key || self.alt || self.ctrl && !edits.contains(&self.key)
    }
}

impl fmt::Display for Shortcut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (is_held, name) in [(self.ctrl, "Ctrl+"), (self.alt, "Alt+"), (self.shift, "Shift+")] {
            if is_held {
                f.write_str(name)?;
            }
        }
        f.write_str(match self.key {
            Key::Comma => ",",
            Key::Escape => "Esc",
            key => key.name(),
        })
    }
}

impl FromStr for Shortcut {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut shortcut = Self::plain(Key::F1);
        let mut rest = text;
        while let Some((modifier, after)) = rest.split_once('+').filter(|(_, after)| !after.is_empty()) {
            match modifier {
                "Ctrl" => shortcut.ctrl = true,
                "Alt" => shortcut.alt = true,
                "Shift" => shortcut.shift = true,
                _ => return Err(()),
            }
            rest = after;
        }
        let name = if rest == "Esc" { "Escape" } else { rest };
        shortcut.key = Key::from_name(name).ok_or(())?;
        Ok(shortcut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read_as_it_is_written() {
        for key in Key::ALL {
            for bits in 0..8 {
                let shortcut = Shortcut { key: *key, ctrl: bits & 1 > 0, shift: bits & 2 > 0, alt: bits & 4 > 0 };
                assert_eq!(shortcut.to_string().parse(), Ok(shortcut), "{shortcut}");
            }
        }
        for text in ["", "Ctrl+", "Ctrl", "Hyper+K", "Ctrl+Nothing", "ctrl+K"] {
            assert_eq!(text.parse::<Shortcut>(), Err(()), "{text}");
        }
    }

    #[test]
    fn keys_that_enter_or_edit_text_are_not_free() {
        let of = |text: &str| text.parse::<Shortcut>().unwrap().is_free_of_text();
        for text in ["F5", "Shift+F6", "Ctrl+K", "Alt+1", "Ctrl+Enter"] {
            assert!(of(text), "{text}");
        }
        for text in ["K", "Shift+K", "Enter", "Ctrl+C", "Ctrl+V", "Ctrl+Shift+Z", "Tab"] {
            assert!(!of(text), "{text}");
        }
    }
}
