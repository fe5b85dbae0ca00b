//! Texts about commands: their names, the key sheet, the command palette.

/// Texts about commands: their names, the key sheet, the command palette.
pub trait Keys {
    /// The name of a command, a fixed key or a group, by its id; empty for an unknown id.
    fn command(&self, id: &str) -> &'static str;
    /// The palette: its button and its accessible name.
    fn palette(&self) -> &'static str;
    /// The key sheet.
    fn key_sheet(&self) -> &'static str;
}

/// The text with this id in a table of pairs; empty if there is none.
pub(crate) fn by_id(pairs: super::Named, id: &str) -> &'static str {
    pairs.iter().find(|(of, _)| *of == id).map_or("", |(_, text)| text)
}
