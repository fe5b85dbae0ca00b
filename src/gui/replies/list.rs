//! The reply rules of a talk file, as the list shows them.

use crate::gui::quick::list::pieces;
use crate::talk::edit::{Document, EntryKind};
use crate::talk::tree::{Block, EndHow, Rule, Send, ServeKind, Stmt, StmtKind, TopKind, Trigger};

/// When a rule acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// On a frame that fits.
    Frame,
    /// When a connection opens.
    Open,
    /// When it ends.
    Close,
    /// When nothing came for so long; the time as written.
    Idle(String),
    /// Again and again; the time as written.
    Every(String),
    /// Requests for registers are answered from a table.
    Registers(ServeKind),
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its entry in the file.
    pub entry: usize,
    /// Its place among the rules of the file; `None`: it is a register table.
    pub place: Option<usize>,
    /// Its name; empty if it has none.
    pub name: String,
    /// When it acts.
    pub occasion: Occasion,
    /// What must come as written, in pieces; true: a variable or wildcard. Of a register table its file.
    pub pattern: Vec<(String, bool)>,
    /// What it sends first, in the same form.
    pub sends: Vec<(String, bool)>,
    /// How many sends there are beside the first one.
    pub more: usize,
    /// It ends the connection.
    pub ends: Option<EndHow>,
    /// It does nothing.
    pub is_off: bool,
}

/// The rules of a file in its order.
pub fn rules(document: &Document) -> Vec<Listed> {
    let mut place = 0;
    let mut list = Vec::new();
    for (entry, of) in document.entries().iter().enumerate() {
        let Some(top) = document.file().tops.get(of.tops.start) else { continue };
        match (&of.kind, &top.kind) {
            (EntryKind::Rule { .. }, TopKind::Rule(rule)) => {
                list.push(listed(document.source(), entry, place, rule));
                place += 1;
            }
            (EntryKind::Command(_), TopKind::Loose(stmt)) => list.extend(table(document.source(), entry, stmt)),
            _ => {}
        }
    }
    list
}

/// How many rules of a list act.
pub fn count_on(list: &[Listed]) -> usize {
    list.iter().filter(|rule| !rule.is_off).count()
}

fn listed(source: &str, entry: usize, place: usize, rule: &Rule) -> Listed {
    let time = |time: &crate::talk::tree::Time| time.span.of(source).to_owned();
    let (occasion, pattern) = match &rule.trigger {
        Trigger::Pattern(pattern) => (Occasion::Frame, tinted(pattern.span.of(source))),
        Trigger::Open(_) => (Occasion::Open, Vec::new()),
        Trigger::Close(_) => (Occasion::Close, Vec::new()),
        Trigger::Idle(at) => (Occasion::Idle(time(at)), Vec::new()),
        Trigger::Every(at) => (Occasion::Every(time(at)), Vec::new()),
    };
    let mut sends = Vec::new();
    collect(&rule.body, &mut sends);
    let first = sends.first().map(|send| pieces(items(send).of(source))).unwrap_or_default();
    let ends = rule.body.stmts.iter().find_map(|stmt| match &stmt.kind {
        StmtKind::End(end) => Some(end.how),
        _ => None,
    });
    Listed {
        entry,
        place: Some(place),
        name: rule.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        occasion,
        pattern,
        sends: first,
        more: sends.len().saturating_sub(1),
        ends,
        is_off: rule.off.is_some(),
    }
}

/// The row of `serve modbus-rtu "…"`.
fn table(source: &str, entry: usize, stmt: &Stmt) -> Option<Listed> {
    let StmtKind::Transfer(transfer) = &stmt.kind else { return None };
    let kind = transfer.kind.modbus()?;
    let path = transfer.what.plain().map_or_else(|| transfer.what.span.of(source).to_owned(), str::to_owned);
    Some(Listed {
        entry,
        place: None,
        name: String::new(),
        occasion: Occasion::Registers(kind),
        pattern: vec![(path, false)],
        sends: Vec::new(),
        more: 0,
        ends: None,
        is_off: false,
    })
}

/// All sends of a block, also those in a repeat.
fn collect<'a>(block: &'a Block, sends: &mut Vec<&'a Send>) {
    for stmt in &block.stmts {
        match &stmt.kind {
            StmtKind::Send(send) => sends.push(send),
            StmtKind::Repeat(repeat) => collect(&repeat.body, sends),
            _ => {}
        }
    }
}

/// From the first to the last item.
fn items(send: &Send) -> crate::talk::tree::Span {
    let first = send.items.first().map(|item| item.span).unwrap_or_default();
    send.items.iter().fold(first, |span, item| span.to(item.span))
}

/// The pieces of a pattern, its wildcards set apart. Those of a text stay.
fn tinted(pattern: &str) -> Vec<(String, bool)> {
    let mut tinted: Vec<(String, bool)> = Vec::new();
    for (piece, is_variable) in pieces(pattern) {
        if is_variable || piece.contains(['"', '/']) || !pattern.contains(['?', '*']) || pattern.contains('"') {
            tinted.push((piece, is_variable));
            continue;
        }
        let is_wild = |c: char| matches!(c, '?' | '*');
        for part in piece.split_inclusive(' ') {
            let wild = part.trim_end().chars().any(is_wild);
            match tinted.last_mut() {
                Some((text, own)) if *own == wild && !wild => text.push_str(part),
                _ => tinted.push((part.to_owned(), wild)),
            }
        }
    }
    // The space behind a wildcard is not part of it.
    let mut spaced = Vec::new();
    for (text, wild) in tinted {
        let bare = text.trim_end();
        let space = text.len() - bare.len();
        if wild && space > 0 {
            spaced.push((bare.to_owned(), true));
            spaced.push((" ".repeat(space), false));
        } else {
            spaced.push((text, wild));
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(source: &str) -> Vec<Listed> {
        rules(&Document::new(source.to_owned()))
    }

    #[test]
    fn rules_are_listed_in_file_order_with_their_places() {
        let list = list(
            "> 01\non 01 03 ?? as read { wait 20ms; > 01 83 {{n:u8}}; > 02; close }\nvar x = 1\n\
             off on idle 30s { close }\nserve modbus-rtu \"registers.csv\"\non open { > \"hi\" }\n",
        );
        let rows: Vec<_> = list.iter().map(|rule| (rule.entry, rule.place, rule.name.as_str(), rule.is_off)).collect();
        assert_eq!(
            rows,
            [(1, Some(0), "read", false), (3, Some(1), "", true), (4, None, "", false), (5, Some(2), "", false)]
        );
        let piece = |text: &str, is_variable| (text.to_owned(), is_variable);
        assert_eq!(list[0].pattern, [piece("01 03 ", false), piece("??", true)]);
        assert_eq!(list[0].sends, [piece("01 83 ", false), piece("{{n:u8}}", true)]);
        assert_eq!((list[0].more, list[0].ends), (1, Some(EndHow::Close)));
        assert_eq!(list[1].occasion, Occasion::Idle("30s".to_owned()));
        assert_eq!(list[2].occasion, Occasion::Registers(ServeKind::ModbusRtu));
        assert_eq!(list[2].pattern, [piece("registers.csv", false)]);
        assert_eq!(list[3].sends, [piece("hi", false)]);
        assert_eq!(count_on(&list), 3);
    }

    #[test]
    fn wildcards_of_bytes_are_set_apart_and_characters_of_a_text_are_not() {
        let shown = |pattern: &str| {
            let mark = |(text, wild): (String, bool)| if wild { format!("[{text}]") } else { text };
            tinted(pattern).into_iter().map(mark).collect::<String>()
        };
        assert_eq!(shown("01 ?? 4? * 03"), "01 [??] [4?] [*] 03");
        assert_eq!(shown("* 01"), "[*] 01");
        assert_eq!(shown("\"what?\""), "what?");
        assert_eq!(shown("/a?b*/i"), "/a?b*/i");
        assert_eq!(shown("01 {{?at:u16}} *"), "01 [{{?at:u16}}] [*]");
    }
}
