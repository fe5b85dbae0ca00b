//! The quick commands of a talk file, as the list shows them.

use crate::talk::edit::{Command, Document, EntryKind, Repetition};
use crate::talk::tree::{Stmt, Top, TopKind};
use std::time::Duration;

/// Commands that have a key by their place.
const KEYS: usize = 9;

/// A heading with the commands below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its entry in the file; `None`: the commands before the first heading.
    pub entry: Option<usize>,
    /// Its title; empty before the first heading.
    pub title: String,
    /// Its commands.
    pub commands: Vec<Quick>,
}

/// A quick command.
#[derive(Clone, Debug, PartialEq)]
pub struct Quick {
    /// Its entry in the file.
    pub entry: usize,
    /// Its name, or the beginning of what it sends.
    pub name: String,
    /// The key that runs it, such as `Alt+1`; empty if it has none.
    pub key: String,
    /// What it sends as written, in pieces; true: a variable.
    pub sends: Vec<(String, bool)>,
    /// It waits for something.
    pub awaits: bool,
    /// The time behind it in a list that runs.
    pub delay: Option<Duration>,
    /// How often it is repeated.
    pub repeat: Option<Repetition>,
    /// It is left out when all commands run.
    pub is_off: bool,
}

/// The commands of a file in groups. A group without commands is in it too, except the one before the first heading.
pub fn groups(document: &Document) -> Vec<Group> {
    let mut groups = vec![Group::default()];
    for (entry, of) in document.entries().iter().enumerate() {
        match &of.kind {
            EntryKind::Group { title } => {
                groups.push(Group { entry: Some(entry), title: title.clone(), commands: Vec::new() });
            }
            EntryKind::Step { is_off, key, command, .. } => {
                let key = key.clone().unwrap_or_default();
                push(&mut groups, quick(document, entry, command, key, *is_off));
            }
            EntryKind::Command(_) if is_table(document, entry) => {}
            EntryKind::Command(command) => push(&mut groups, quick(document, entry, command, String::new(), false)),
            _ => {}
        }
    }
    if groups[0].commands.is_empty() {
        groups.remove(0);
    }
    give_keys(&mut groups);
    groups
}

/// `serve modbus-rtu "…"` answers, so it is in the list of replies.
fn is_table(document: &Document, entry: usize) -> bool {
    statements(document, entry).is_some_and(|stmts| stmts.first().is_some_and(|stmt| stmt.modbus().is_some()))
}

fn push(groups: &mut [Group], quick: Quick) {
    if let Some(group) = groups.last_mut() {
        group.commands.push(quick);
    }
}

fn quick(document: &Document, entry: usize, command: &Command, key: String, is_off: bool) -> Quick {
    Quick {
        entry,
        name: document.name_of(entry).unwrap_or_default(),
        key,
        sends: pieces(command.sends.of(document.source())),
        awaits: command.awaits,
        delay: command.delay,
        repeat: command.repeat,
        is_off,
    }
}

/// Gives the commands without a key of their own Alt+1 to Alt+9, in the order of the list.
fn give_keys(groups: &mut [Group]) {
    let taken: Vec<String> = commands(groups).map(|quick| quick.key.clone()).collect();
    let mut free = (1..=KEYS).map(|number| format!("Alt+{number}")).filter(|key| !taken.contains(key));
    for quick in groups.iter_mut().flat_map(|group| &mut group.commands) {
        if quick.key.is_empty() {
            let Some(key) = free.next() else { return };
            quick.key = key;
        }
    }
}

/// All commands, in order.
pub fn commands(groups: &[Group]) -> impl Iterator<Item = &Quick> {
    groups.iter().flat_map(|group| &group.commands)
}

/// The statements of an entry.
pub fn statements(document: &Document, entry: usize) -> Option<Vec<&Stmt>> {
    let of = document.entries().get(entry)?;
    match document.file().tops.get(of.tops.clone())? {
        [Top { kind: TopKind::Step(step), .. }] => Some(step.body.iter().collect()),
        tops => tops
            .iter()
            .map(|top| match &top.kind {
                TopKind::Loose(stmt) => Some(stmt),
                _ => None,
            })
            .collect(),
    }
}

/// Cuts items into what is fixed and the variables. A text that is all there is loses its quotes.
pub fn pieces(items: &str) -> Vec<(String, bool)> {
    let shown = items.trim();
    let is_text = shown.len() > 1 && shown.starts_with('"') && shown[1..].find('"') == Some(shown.len() - 2);
    let mut rest = if is_text { &shown[1..shown.len() - 1] } else { shown };
    let mut pieces: Vec<(String, bool)> = Vec::new();
    while let Some(start) = rest.find("{{") {
        let end = rest[start..].find("}}").map_or(rest.len(), |len| start + len + 2);
        if rest[..start].ends_with('\\') {
            pieces.push((rest[..start + 2].to_owned(), false));
            rest = &rest[start + 2..];
            continue;
        }
        pieces.push((rest[..start].to_owned(), false));
        pieces.push((rest[start..end].to_owned(), true));
        rest = &rest[end..];
    }
    pieces.push((rest.to_owned(), false));
    // A continued line is one line here.
    for (text, _) in &mut pieces {
        if text.contains('\n') {
            *text = text.replace(['\\', '\r', '\n'], " ");
        }
    }
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(source: &str) -> Vec<Group> {
        groups(&Document::new(source.to_owned()))
    }

    #[test]
    fn a_file_is_shown_in_groups() {
        let groups = list(
            "> \"AT\"\nvar n2 = 1\ngroup \"读取\"\nstep \"温度\" key Alt+2\n> 01 03 {{n:u16}} +CRC-16/MODBUS\nwait 20ms\non 01 { > 02 }\n\
             step \"状态\"\n> 01\n< 02\ngroup \"写入\"\n",
        );
        let titles: Vec<_> = groups.iter().map(|group| (group.title.as_str(), group.commands.len())).collect();
        assert_eq!(titles, [("", 1), ("读取", 2), ("写入", 0)]);
        let rows: Vec<_> = commands(&groups).map(|quick| (quick.name.as_str(), quick.key.as_str())).collect();
        assert_eq!(rows, [("AT", "Alt+1"), ("温度", "Alt+2"), ("状态", "Alt+3")]);
        let temperature = &groups[1].commands[0];
        let piece = |text: &str, is_variable| (text.to_owned(), is_variable);
        let sends = [piece("01 03 ", false), piece("{{n:u16}}", true), piece(" +CRC-16/MODBUS", false)];
        assert_eq!(temperature.sends, sends);
        assert_eq!(temperature.delay, Some(Duration::from_millis(20)));
        assert!(groups[1].commands[1].awaits);
    }

    #[test]
    fn a_register_table_is_no_command() {
        assert!(list("serve modbus-rtu \"registers.csv\"\n").is_empty());
    }

    #[test]
    fn only_the_first_nine_commands_have_keys() {
        let lines: String = (0..12).map(|number| format!("> {number:02}\n")).collect();
        let groups = list(&lines);
        let keys: Vec<_> = commands(&groups).map(|quick| quick.key.as_str()).collect();
        assert_eq!((keys[0], keys[8], keys[9], keys[11]), ("Alt+1", "Alt+9", "", ""));
    }

    #[test]
    fn a_text_is_shown_without_its_quotes() {
        let shown = |items: &str| pieces(items).into_iter().map(|(text, _)| text).collect::<Vec<_>>().join("|");
        assert_eq!(shown("\"AT{{n}}\\r\\n\""), "AT|{{n}}|\\r\\n");
        assert_eq!(shown("\"a\" \"b\""), "\"a\" \"b\"");
        assert_eq!(shown("\"a\\{{b\""), "a\\{{|b");
        assert_eq!(shown("\"a\" 0D0A"), "\"a\" 0D0A");
        assert_eq!(shown("01 \\\n 02"), "01    02");
        assert_eq!(shown("{{open"), "{{open");
    }
}
