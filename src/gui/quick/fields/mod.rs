//! A quick command as a form has it: its fields, from the lines of the file and back to them. A form changes only what it shows.

use crate::codec::checksum::{Check, Covered, ValueForm};
use crate::codec::wrap::{Appended, Head, Tail};
use crate::codec::{Encoding, FramingRule, escape, hex};
use crate::gui::quick::list::statements;
use crate::gui::quick::plan::wire_of;
use crate::gui::send::compose::{ComposeError, Format, compose_round};
use crate::settings::Message;
use crate::talk::edit::{Document, Edit, EntryKind, Place, Repetition};
use crate::talk::tree::{AwaitKind, Item, ItemKind, Match, Send, Span, Stmt, StmtKind, TimeKind};
use std::time::Duration;

/// A text in quotes, or items as they are written in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Items {
    /// A text in quotes, which is shown without them.
    pub is_text: bool,
    /// As typed.
    pub typed: String,
}

/// The fields of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// Its name.
    pub name: String,
    /// What it sends.
    pub sends: Items,
    /// The bytes are sent as they are, without a frame of the framing rule.
    pub is_raw: bool,
    /// The check behind the items, as written behind the `+`; empty for none.
    pub check: String,
    /// The line end behind the items: `0D0A`, `0D`, `0A`; empty for none.
    pub tail: String,
    /// What must come; empty for nothing.
    pub expects: Items,
    /// The time for it in ms, as typed; empty for the usual one.
    pub within_ms: String,
    /// The time behind it in a list that runs, in ms; empty for none.
    pub delay_ms: String,
    /// It is repeated.
    pub repeats: bool,
    /// How often; empty: until it is stopped.
    pub times: String,
    /// From start to start in ms; empty: without a pause.
    pub every_ms: String,
}

/// A field whose input cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Name,
    Within,
    Delay,
    Times,
    Every,
}

/// The places of what a form can change in an entry.
struct Simple<'a> {
    send: &'a Send,
    /// From the first to the last item.
    items: Span,
    send_span: Span,
    /// What it waits for: from `<` to the time.
    awaited: Option<(Span, &'a str, Option<Duration>)>,
}

/// A text with variables as items of a talk file, if it can be written as such.
fn with_fields(message: &Message) -> Option<Items> {
    let (mut typed, mut rest) = (String::new(), message.text.as_str());
    while let Some(at) = rest.find("{{") {
        let is_escaped =
            !message.hex && message.escapes && rest[..at].chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
        let end = if is_escaped { at + 2 } else { at + rest[at..].find("}}")? + 2 };
        let field = &rest[at..end];
        if field.contains(['"', '\n']) {
            return None;
        }
        typed.push_str(&literal(&rest[..at], message)?);
        typed.push_str(field);
        rest = &rest[end..];
    }
    typed.push_str(&literal(rest, message)?);
    Some(Items { is_text: !message.hex, typed: typed.trim().to_owned() }).filter(|items| !items.typed.is_empty())
}

/// What is between the fields.
fn literal(text: &str, message: &Message) -> Option<String> {
    if message.hex {
        let bytes = hex::parse(text).ok()?;
        return Some(format!(" {} ", hex::spaced_upper(&bytes)));
    }
    let text = if message.escapes { text.to_owned() } else { text.replace('\\', "\\\\") };
    let is_plain = text.chars().all(|c| c == '\n' || !c.is_control());
    is_plain.then(|| text.replace('"', "\\\"").replace('\n', "\\n"))
}

/// Characters of what is sent in the name of a command that gets none.
const NAME_LEN: usize = 24;
const LINE_ENDS: [(&[u8], &str); 3] = [(&[0x0D, 0x0A], "0D0A"), (&[0x0D], "0D"), (&[0x0A], "0A")];

impl Items {
    /// As written in a file.
    pub fn written(&self) -> String {
        if self.is_text { quoted(&self.typed) } else { one_line(&self.typed) }
    }

    /// The beginning as the name of a command.
    fn as_name(&self) -> String {
        let mut shown = self.typed.clone();
        if self.is_text {
            for escape in ["\\r", "\\n", "\\t"] {
                shown = shown.replace(escape, " ");
            }
            shown.retain(|c| !matches!(c, '\\' | '"' | '{' | '}'));
        }
        let name: String = shown.trim().chars().take(NAME_LEN).collect();
        if name.trim().is_empty() { ">".to_owned() } else { name.trim().to_owned() }
    }

    /// Items as they are in a file. A single text is shown without its quotes.
    pub fn of(source: &str, items: &[Item]) -> Option<Self> {
        let span = items.iter().fold(items.first()?.span, |span, item| span.to(item.span));
        let written = span.of(source);
        if let [Item { kind: ItemKind::Text(_), .. }] = items
            && written.starts_with('"')
        {
            let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
            return Some(Self { is_text: true, typed: inner.to_owned() });
        }
        // A continued line does not fit into a field.
        (!written.contains('\n')).then(|| Self { is_text: false, typed: written.to_owned() })
    }
}

impl Fields {
    /// The fields of an entry; `None`: it does more than a form can show.
    pub fn of(document: &Document, entry: usize) -> Option<Self> {
        let simple = simple(document, entry)?;
        let (kind, source) = (&document.entries().get(entry)?.kind, document.source());
        let (EntryKind::Step { command, .. } | EntryKind::Command(command)) = kind else { return None };
        let items = simple.send.items.as_slice();
        let mut fields = Self {
            name: document.name_of(entry)?,
            is_raw: simple.send.raw.is_some(),
            delay_ms: ms(command.delay),
            ..Self::default()
        };
        if let Some(repeat) = command.repeat {
            fields.repeats = true;
            fields.times = repeat.count.map(|count| count.to_string()).unwrap_or_default();
            fields.every_ms = ms(repeat.every);
        }
        (fields.sends, fields.check, fields.tail) = sent_of(source, items)?;
        if let Some((span, _, within)) = simple.awaited {
            let (items, written) = expected(document, entry, span)?;
            fields.expects = match Items::of(source, items).filter(|items| items.is_text && written.starts_with('"')) {
                Some(items) => items,
                None => Items { is_text: false, typed: written.to_owned() },
            };
            fields.within_ms = ms(within);
        }
        Some(fields)
    }

    /// What the send box has, as a command. The text of a message that cannot be written so is hex.
    ///
    /// # Errors
    /// The message has an error.
    pub fn of_message(message: &Message, encoding: Encoding, framing: &FramingRule) -> Result<Self, ComposeError> {
        let Message { hex: is_hex, escapes, variables, wrap, .. } = message.clone();
        let format = Format { hex: is_hex, escapes, variables, encoding, wrap: wrap.clone(), framing: framing.clone() };
        let payload = compose_round(&message.text, &format, (0, 0), 0)?;
        let body = payload.part(&payload.body);
        // A head that counts, and a field with quotes in it, are written as the bytes that they have now.
        let varied = payload.recipe.is_some() && (wrap.as_framing || wrap.head == Head::None);
        let varied = varied.then(|| with_fields(message)).flatten();
        let is_varied = varied.is_some();
        let sends = match varied {
            Some(sends) => sends,
            None if is_hex => Items::hex(body),
            None => Items::text(body, encoding),
        };
        let mut fields = Self { sends, is_raw: !wrap.as_framing, ..Self::default() };
        if !wrap.as_framing {
            let head = payload.part(&payload.head);
            if wrap.head != Head::None {
                fields.sends =
                    Items { is_text: false, typed: format!("{} {}", hex::spaced_upper(head), fields.sends.written()) };
            }
            // The form has a field for one check; those before it are items.
            let written = |check: &Appended| check_behind(*check, head.len()).to_string();
            if let Some((last, before)) = wrap.checks.split_last() {
                for check in before {
                    let typed = format!("{} +{}", fields.sends.written(), written(check));
                    fields.sends = Items { is_text: false, typed };
                }
                fields.check = written(last);
            }
            match &wrap.tail {
                Tail::None => {}
                _ => fields.tail = hex::spaced_upper(payload.part(&payload.tail)).replace(' ', ""),
            }
        }
        // Text of a framing rule is bytes on the wire already where its content cannot be said in this form.
        let wire = wire_of(&fields.send_line(), encoding, framing);
        if !is_varied && wire.as_deref() != Some(&*payload.bytes) {
            fields = Self { sends: Items::hex(&payload.bytes), is_raw: true, ..Self::default() };
        }
        Ok(fields)
    }

    /// These bytes on the wire, as a command: as text if it is a text to read.
    pub fn of_bytes(bytes: &[u8], as_text: bool, encoding: Encoding) -> Self {
        let text = encoding.decode(bytes);
        let is_seen = |c: char| matches!(c, '\r' | '\n' | '\t') || !crate::codec::safe::is_hidden(c);
        let is_text = as_text && text.chars().all(is_seen) && encoding.encode(&text).is_ok_and(|again| again == bytes);
        let sends = if is_text { Items::text(bytes, encoding) } else { Items::hex(bytes) };
        Self { sends, is_raw: true, ..Self::default() }
    }

    /// The fields that cannot be used.
    pub fn wrong(&self) -> Vec<Wrong> {
        let time = |typed: &str| typed.trim().is_empty() || typed.trim().parse::<u32>().is_ok();
        let whole = |typed: &str| typed.trim().is_empty() || typed.trim().parse::<u64>().is_ok_and(|times| times > 0);
        let checks = [
            (Wrong::Name, !self.name.chars().any(char::is_control)),
            (Wrong::Within, time(&self.within_ms)),
            (Wrong::Delay, time(&self.delay_ms)),
            (Wrong::Times, !self.repeats || whole(&self.times)),
            (Wrong::Every, !self.repeats || time(&self.every_ms)),
        ];
        checks.into_iter().filter(|(_, is_right)| !is_right).map(|(wrong, _)| wrong).collect()
    }

    /// The items as written.
    fn items(&self) -> String {
        written_with(&self.sends, &self.check, &self.tail)
    }

    /// The line that sends.
    pub fn send_line(&self) -> String {
        format!("> {}{}", if self.is_raw { "raw " } else { "" }, self.items())
    }

    /// The line that waits; empty for nothing.
    fn await_line(&self) -> String {
        let pattern = self.expects.written();
        if pattern.trim().is_empty() || pattern == "\"\"" {
            return String::new();
        }
        match self.within_ms.trim() {
            "" => format!("< {pattern}"),
            within => format!("< {pattern} within {within}ms"),
        }
    }

    fn repetition(&self) -> Option<Repetition> {
        self.repeats.then(|| Repetition { count: self.times.trim().parse().ok(), every: duration(&self.every_ms) })
    }

    /// The lines of a new command.
    pub fn lines(&self) -> String {
        let name = match self.name.trim() {
            "" => self.sends.as_name(),
            name => name.to_owned(),
        };
        let mut body = vec![self.send_line()];
        body.extend(Some(self.await_line()).filter(|line| !line.is_empty()));
        let mut lines = vec![format!("step {}", quoted_plain(&name))];
        match self.repetition() {
            Some(repeat) => {
                let count = repeat.count.map(|count| format!(" {count}")).unwrap_or_default();
                let every = repeat.every.map(|every| format!(" every {}ms", every.as_millis())).unwrap_or_default();
                lines.push(format!("repeat{count}{every} {{"));
                lines.extend(body.into_iter().map(|line| format!("  {line}")));
                lines.push("}".to_owned());
            }
            None => lines.extend(body),
        }
        lines.extend(duration(&self.delay_ms).map(|delay| format!("wait {}ms", delay.as_millis())));
        lines.join("\n")
    }

    /// The edits that give an entry these fields; `before`: what [`Self::of`] returned for it.
    pub fn edits(&self, document: &Document, entry: usize, before: &Self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let (Some(of), Some(simple)) = (document.entries().get(entry), simple(document, entry)) else { return edits };
        let mut patches: Vec<(Span, String)> = Vec::new();
        if self.send_line() != before.send_line() {
            let start = simple.send.raw.map_or(simple.items, |raw| raw.to(simple.items));
            let raw = if self.is_raw { "raw " } else { "" };
            patches.push((start, format!("{raw}{}", self.items())));
        }
        let (old, new) = (before.await_line(), self.await_line());
        match (simple.awaited, old != new) {
            (_, false) => {}
            (Some((span, ..)), true) if new.is_empty() => {
                patches.push((whole_line(document.source(), span), String::new()));
            }
            (Some((span, ..)), true) => patches.push((span, new)),
            (None, true) => {
                let end = Span::new(simple.send_span.end, simple.send_span.end);
                let indent = indent_of(document.source(), simple.send_span.start);
                patches.push(behind_line(document.source(), end, &format!("{indent}{new}")));
            }
        }
        if !patches.is_empty() {
            patches.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
            let mut source = document.source().to_owned();
            let mut end = of.lines.end;
            for (span, text) in &patches {
                source.replace_range(span.start..span.end, text);
                end = end + text.len() - (span.end - span.start);
            }
            let lines = source.get(of.lines.start..end).unwrap_or_default().to_owned();
            edits.push(Edit::Replace { entry, lines });
        }
        if self.delay_ms.trim() != before.delay_ms {
            edits.push(Edit::SetDelay { entry, delay: duration(&self.delay_ms) });
        }
        if self.repetition() != before.repetition() {
            edits.push(Edit::SetRepeat { entry, repeat: self.repetition() });
        }
        if self.name.trim() != before.name && !self.name.trim().is_empty() {
            edits.push(Edit::Rename { entry, name: self.name.trim().to_owned() });
        }
        edits
    }

    /// The edits that add the command behind the others of a group.
    pub fn insertion(&self, at: Place) -> Vec<Edit> {
        vec![Edit::Insert { at, lines: self.lines() }]
    }
}

impl Items {
    /// Bytes in hex.
    pub fn hex(bytes: &[u8]) -> Self {
        Self { is_text: false, typed: hex::spaced_upper(bytes) }
    }

    /// Bytes as a text with escapes.
    pub fn text(bytes: &[u8], encoding: Encoding) -> Self {
        Self { is_text: true, typed: escape::escape(bytes, encoding).replace('"', "\\\"").replace("{{", "\\{\\{") }
    }
}

/// Items with a check and a line end behind them, as written in a file.
pub fn written_with(sends: &Items, check: &str, tail: &str) -> String {
    let mut items = sends.written();
    if !check.trim().is_empty() {
        items = format!("{items} +{}", check.trim());
    }
    if !tail.is_empty() {
        items = format!("{items} {tail}");
    }
    items
}

/// The items of a send, with the check and the line end at its end apart; `None`: a form cannot show them.
pub fn sent_of(source: &str, mut items: &[Item]) -> Option<(Items, String, String)> {
    let (mut check, mut tail) = (String::new(), String::new());
    if let [rest @ .., last] = items
        && let Some(end) = line_end(last)
        && (matches!(rest, [Item { kind: ItemKind::Text(_), .. }])
            || matches!(rest.last().map(|item| &item.kind), Some(ItemKind::Check(_))))
    {
        end.clone_into(&mut tail);
        items = rest;
    }
    if let [rest @ .., Item { kind: ItemKind::Check(name), .. }] = items
        && !rest.is_empty()
    {
        check = name.span.of(source).trim_start_matches('+').to_owned();
        items = rest;
    }
    Some((Items::of(source, items)?, check, tail))
}

/// The check of a wrap, behind a head of so many bytes.
fn check_behind(check: Appended, head: usize) -> Check {
    let skipped = if check.covers_head || check.from < 0 { 0 } else { i64::try_from(head).unwrap_or(0) };
    let (form, covered) = (ValueForm::Binary, Covered::Bytes);
    let to = check.to.map(|to| if to < 0 { to } else { to + skipped });
    Check {
        kind: check.kind,
        from: check.from + skipped,
        to,
        at: None,
        endian: check.endian,
        form,
        covered,
        mask: None,
        until: None,
    }
}

/// The statements of an entry, without a repeat around them and the wait at their end, if they are a send and perhaps an await.
fn simple(document: &Document, entry: usize) -> Option<Simple<'_>> {
    let source = document.source();
    let mut stmts = statements(document, entry)?;
    if let [.., Stmt { kind: StmtKind::Wait(_), .. }] = stmts.as_slice()
        && stmts.len() > 1
    {
        stmts.pop();
    }
    if let [Stmt { kind: StmtKind::Repeat(repeat), .. }] = stmts.as_slice() {
        if repeat.until.is_some() {
            return None;
        }
        stmts = repeat.body.stmts.iter().collect();
    }
    let (first, rest) = stmts.split_first()?;
    let StmtKind::Send(send) = &first.kind else { return None };
    let items = send.items.iter().fold(send.items.first()?.span, |span, item| span.to(item.span));
    let awaited = match rest {
        [] => None,
        [Stmt { kind: StmtKind::Await { what, within, otherwise: None }, span }] => {
            if !matches!(what.kind, AwaitKind::Pattern(_)) || what.session.is_some() || span.of(source).contains('\n') {
                return None;
            }
            let within = match within.as_ref().map(|within| &within.kind) {
                Some(TimeKind::Fixed(time)) => Some(*time),
                Some(TimeKind::Name(_)) => return None,
                None => None,
            };
            Some((*span, span.of(source), within))
        }
        _ => return None,
    };
    if send.session.is_some() {
        return None;
    }
    Some(Simple { send, items, send_span: first.span, awaited })
}

/// The items and the source of the pattern of the `<` at `span`.
fn expected(document: &Document, entry: usize, span: Span) -> Option<(&[Item], &str)> {
    fn find(stmts: &[Stmt], span: Span) -> Option<&Stmt> {
        stmts.iter().find_map(|stmt| match &stmt.kind {
            StmtKind::Repeat(repeat) => find(&repeat.body.stmts, span),
            _ => (stmt.span == span).then_some(stmt),
        })
    }
    let stmt = statements(document, entry)?.into_iter().find_map(|stmt| find(std::slice::from_ref(stmt), span))?;
    let StmtKind::Await { what, .. } = &stmt.kind else { return None };
    let AwaitKind::Pattern(pattern) = &what.kind else { return None };
    let items: &[Item] = match &pattern.body {
        Match::Items(items) => items,
        Match::Regex(_) => &[],
    };
    Some((items, pattern.span.of(document.source())))
}

/// The line end that a hex item is.
fn line_end(item: &Item) -> Option<&'static str> {
    let ItemKind::Hex(digits) = &item.kind else { return None };
    let bytes: Vec<u8> = digits.iter().map(|byte| byte.value).collect();
    LINE_ENDS.iter().find(|(end, _)| *end == bytes).map(|(_, written)| *written)
}

/// The line of a statement with its end if it is alone there, else the statement with the sign before it.
fn whole_line(source: &str, span: Span) -> Span {
    let start = source[..span.start].rfind('\n').map_or(0, |end| end + 1);
    let end = source[span.end..].find('\n').map_or(source.len(), |len| span.end + len + 1);
    let is_alone = source[start..span.start].trim().is_empty() && source[span.end..end].trim().is_empty();
    if is_alone {
        return Span::new(start, end);
    }
    let before = source[..span.start].trim_end_matches([' ', '\t']);
    let start = if before.ends_with(';') { before.len() - 1 } else { span.start };
    Span::new(start, span.end)
}

/// A patch that adds a line behind the one of a statement that ends at `end`, or behind `;` where something follows it on its line.
fn behind_line(source: &str, end: Span, line: &str) -> (Span, String) {
    let rest = &source[end.end..];
    let len = rest.find('\n').unwrap_or(rest.len());
    let behind = rest[..len].trim();
    if behind.is_empty() || behind.starts_with('#') {
        let at = end.end + rest[..len].trim_end_matches('\r').len();
        let line_end = if source.contains("\r\n") { "\r\n" } else { "\n" };
        return (Span::new(at, at), format!("{line_end}{line}"));
    }
    (end, format!("; {}", line.trim_start()))
}

fn indent_of(source: &str, start: usize) -> &str {
    let line = source[..start].rfind('\n').map_or(0, |end| end + 1);
    let before = &source[line..start];
    if before.trim().is_empty() { before } else { "" }
}

/// What was typed as a text in double quotes. Escapes and fields in it stay; a quote in a field is a single one.
fn quoted(typed: &str) -> String {
    let mut text = String::from("\"");
    let (mut is_escaped, mut in_field) = (false, false);
    let mut before = ' ';
    for c in typed.chars() {
        match c {
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '"' if in_field => text.push('\''),
            '"' if !is_escaped => text.push_str("\\\""),
            c => text.push(c),
        }
        match (before, c) {
            ('{', '{') if !is_escaped => in_field = true,
            ('}', '}') => in_field = false,
            _ => {}
        }
        before = if is_escaped { ' ' } else { c };
        is_escaped = c == '\\' && !is_escaped;
    }
    // The quote behind it must not be escaped.
    if is_escaped {
        text.push('\\');
    }
    text.push('"');
    text
}

/// A name in quotes.
fn quoted_plain(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "\\{"))
}

fn one_line(typed: &str) -> String {
    typed.replace(['\r', '\n'], " ").trim().to_owned()
}

/// A time in ms as typed; empty for none.
pub fn ms(time: Option<Duration>) -> String {
    time.map(|time| time.as_millis().to_string()).unwrap_or_default()
}

/// The time that was typed in ms.
pub fn duration(typed: &str) -> Option<Duration> {
    typed.trim().parse::<u32>().ok().map(|ms| Duration::from_millis(ms.into()))
}

#[cfg(test)]
mod tests;
