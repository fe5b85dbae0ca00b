//! Lists of commands of other programs as lines of a talk file: `packets.ini` of Packet Sender, and CSV tables.
//!
//! ```
//! let imported = wirebench::talk::import::import(b"name,hex\nread,01 03\n").expect("a table");
//! assert_eq!(imported.lines(), "step \"read\"\n> raw 01 03\n");
//! ```

mod csv;
mod packet_sender;
#[cfg(test)]
mod tests;

use crate::codec::{Encoding, escape, hex};
use std::time::Duration;

/// Commands of one file at most; the others are left out.
pub const MOST_COMMANDS: usize = 10_000;
/// Bytes of one command at most.
pub const MOST_BYTES: usize = 64 << 10;
/// Characters of a name.
const NAME_LEN: usize = 60;

/// A command of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Its name; empty for none.
    pub name: String,
    /// The title of its group; empty for none.
    pub group: String,
    /// What it sends.
    pub content: Content,
    /// It is sent again and again, from start to start.
    pub every: Option<Duration>,
    /// The pause behind it in a list that runs.
    pub delay: Option<Duration>,
}

/// What a command sends.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A text, its escapes resolved when it is sent.
    Text(String),
}

/// Something of the file that has no place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The name of the command, or what is in the line.
    pub name: String,
    /// Why.
    pub why: Why,
}

/// Why something was left out or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its bytes are not hex.
    NotHex,
    /// It has nothing to send.
    Empty,
    /// It is longer than [`MOST_BYTES`].
    TooLong,
    /// It is a request of HTTP, whose method and path are no part of its bytes.
    Http,
    /// The list is longer than [`MOST_COMMANDS`].
    TooMany,
    /// A number of it could not be read; the command is in the list without it.
    Number,
    /// Packet Sender inserts values into it; the command is in the list with the names of the values.
    Macro,
}

/// The commands of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// In the order of the file.
    pub commands: Vec<Command>,
    /// What was left out or changed.
    pub left_out: Vec<LeftOut>,
    /// The commands have addresses. They are not in the list: it belongs to the session that it is used in.
    pub has_addresses: bool,
}

/// Why a file has no commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is neither a list of Packet Sender nor a table with something to send.
    #[error("no list of commands")]
    NoList,
}

/// Reads a file. A list of Packet Sender is recognised by its sections, everything else is a table.
///
/// # Errors
/// The file has no commands.
pub fn import(bytes: &[u8]) -> Result<Imported, ImportError> {
    let text = text_of(bytes).ok_or(ImportError::NoList)?;
    let imported = if packet_sender::is_list(&text) { packet_sender::read(&text) } else { csv::read(&text) };
    if imported.commands.is_empty() && imported.left_out.is_empty() { Err(ImportError::NoList) } else { Ok(imported) }
}

/// UTF-8, UTF-16 with a mark, else GBK, in which spreadsheets write tables in China. `None`: it is no text.
fn text_of(bytes: &[u8]) -> Option<String> {
    let utf_16 = |name: &str, rest: &[u8]| Encoding::by_name(name).map(|encoding| encoding.decode(rest));
    let text = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf_16("UTF-16LE", rest)?,
        [0xFE, 0xFF, rest @ ..] => utf_16("UTF-16BE", rest)?,
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => Encoding::GBK.decode(bytes),
        },
    };
    (!text.contains('\0')).then_some(text)
}

impl Imported {
    /// Adds a command, or what is wrong with it.
    fn push(&mut self, command: Command) {
        let len = match &command.content {
            Content::Bytes(bytes) => bytes.len(),
            Content::Text(text) => text.len(),
        };
        let why = match len {
            0 => Why::Empty,
            len if len > MOST_BYTES => Why::TooLong,
            _ if self.commands.len() >= MOST_COMMANDS => Why::TooMany,
            _ => return self.commands.push(command),
        };
        self.leave_out(&command.name, why);
    }

    /// Notes something that is left out. One note says enough about what is too much.
    fn leave_out(&mut self, name: &str, why: Why) {
        let is_noted = self.left_out.last().is_some_and(|last| last.why == Why::TooMany);
        if !(why == Why::TooMany && is_noted) && self.left_out.len() < MOST_COMMANDS {
            self.left_out.push(LeftOut { name: shown(name), why });
        }
    }

    /// The commands as lines of a talk file: first those without a group, then the groups in the order of their first commands.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut groups: Vec<&str> = vec![""];
        for command in &self.commands {
            if !groups.contains(&command.group.as_str()) {
                groups.push(&command.group);
            }
        }
        let mut lines = String::new();
        for group in groups {
            if !group.is_empty() {
                lines.push_str(&format!("group \"{}\"\n", quoted(&shown(group))));
            }
            for command in self.commands.iter().filter(|command| command.group == group) {
                lines.push_str(&command.lines());
            }
        }
        lines
    }
}

impl Command {
    fn lines(&self) -> String {
        let items = match &self.content {
            Content::Bytes(bytes) => hex::spaced_upper(bytes),
            Content::Text(text) => format!("\"{}\"", content(text)),
        };
        let name = match shown(&self.name) {
            name if name.is_empty() => {
                items.trim_matches('"').chars().take(24).filter(|c| !"\\\"{}".contains(*c)).collect()
            }
            name => name,
        };
        let name = if name.trim().is_empty() { ">".to_owned() } else { name };
        let mut lines = format!("step \"{}\"\n", quoted(&name));
        match self.every {
            Some(every) => lines.push_str(&format!("repeat every {}ms {{\n  > raw {items}\n}}\n", every.as_millis())),
            None => lines.push_str(&format!("> raw {items}\n")),
        }
        if let Some(delay) = self.delay {
            lines.push_str(&format!("wait {}ms\n", delay.as_millis()));
        }
        lines
    }
}

/// A name without control characters, at most [`NAME_LEN`] characters.
fn shown(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(NAME_LEN).collect();
    name.trim().to_owned()
}

/// A name between quotes.
fn quoted(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "\\{")
}

/// A text between quotes. Escapes stay what they are if they can be read; otherwise every backslash is one.
fn content(text: &str) -> String {
    let has_escapes = escape::encode_escaped(text, Encoding::UTF_8).is_ok();
    let mut content = String::new();
    let mut is_escaped = false;
    for c in text.chars() {
        match c {
            '\\' if !has_escapes => content.push_str("\\\\"),
            '"' if !is_escaped => content.push_str("\\\""),
            '{' if !is_escaped => content.push_str("\\{"),
            '\n' => content.push_str("\\n"),
            '\r' => content.push_str("\\r"),
            '\t' => content.push_str("\\t"),
            c if c.is_control() => content.push_str(&format!("\\x{:02X}", u32::from(c) & 0xFF)),
            c => content.push(c),
        }
        is_escaped = has_escapes && c == '\\' && !is_escaped;
    }
    content
}
