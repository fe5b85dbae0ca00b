//! Texts about commands: their names, the key sheet, the command palette.

/// Texts about commands: their names, the key sheet, the command palette.
pub trait Keys {
    /// The name of a command, a fixed key or a group, by its id; empty for an unknown id.
    fn command(&self, id: &str) -> &'static str;
    /// The palette: its button and its accessible name.
    fn palette(&self) -> &'static str;
    /// More about a command, beside its name; mostly empty.
    fn command_detail(&self, id: &str) -> &'static str;
    /// A heading in the palette, by its id.
    fn palette_heading(&self, id: &str) -> &'static str;
    /// Beside an address typed into the palette: what will be opened.
    fn palette_open(&self, udp: bool, listens: bool, address: &str) -> String;
    /// A verb before an address typed into the palette, by its id, in lower case.
    fn palette_verb(&self, id: &str) -> &'static str;
    /// An entry of the palette: export in this form.
    fn export_as(&self, form: &str) -> String;
    /// How many entries were found.
    fn palette_matches(&self, count: u64) -> String;
    /// In the empty field.
    fn palette_hint(&self) -> &'static str;
    /// Nothing was found.
    fn palette_none(&self) -> &'static str;
    /// What a key does in the palette, by its id.
    fn palette_key(&self, id: &str) -> &'static str;
    /// An example of what can be typed.
    fn palette_or_type(&self) -> &'static str;
    /// The key sheet.
    fn key_sheet(&self) -> &'static str;
    /// At its foot: how a shortcut is changed.
    fn keys_hint(&self) -> &'static str;
    /// The same while one is changed.
    fn keys_editing(&self) -> &'static str;
    /// In the row that is changed.
    fn keys_press(&self) -> &'static str;
    /// Button: all shortcuts as they were at first.
    fn keys_reset(&self) -> &'static str;
    /// Button in a row: this shortcut as it was at first.
    fn key_reset(&self, command: &str) -> String;
    /// The key enters or edits text.
    fn key_is_text(&self, key: &str) -> String;
    /// The key belongs to this command.
    fn key_is_taken(&self, key: &str, command: &str) -> String;
}

/// The text with this id in a table of pairs; empty if there is none.
pub(crate) fn by_id(pairs: super::Named, id: &str) -> &'static str {
    pairs.iter().find(|(of, _)| *of == id).map_or("", |(_, text)| text)
}
