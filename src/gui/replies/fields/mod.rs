//! A reply rule as a form has it: its fields, from the lines of the file and back to them.

use crate::gui::quick::fields::{Items, duration, ms, sent_of, written_with};
use crate::talk::edit::Document;
use crate::talk::tree::{
    EndHow, Item, ItemKind, Match, Pattern, Rule, Send, Span, Stmt, StmtKind, Time, TimeKind, TopKind, Trigger,
};

/// When a rule acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// On received bytes.
    #[default]
    Bytes,
    /// When a connection opens.
    Open,
    /// When nothing was received for a time.
    Idle,
    /// Again and again.
    Every,
}

/// How what is expected is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Hex with `??`, variables and everything else that a pattern can have.
    #[default]
    Hex,
    /// A text.
    Text,
    /// A regular expression.
    Regex,
}

/// Where in a message the expected bytes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fits {
    /// At its start.
    Start,
    /// They are all of it.
    #[default]
    Whole,
    /// Anywhere.
    Inside,
}

/// One send of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The time before it in ms, as typed; empty for none.
    pub delay_ms: String,
    /// What it sends.
    pub sends: Items,
    /// The check behind it, as written behind the `+`; empty for none.
    pub check: String,
    /// The line end behind it in hex; empty for none.
    pub tail: String,
}

/// The fields of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFields {
    /// Its name; empty for none.
    pub name: String,
    /// When it acts.
    pub when: When,
    /// How the pattern is written.
    pub form: Form,
    /// What must be received.
    pub pattern: String,
    /// Where in the message.
    pub fits: Fits,
    /// The bytes on the wire are compared and sent, instead of the content of frames.
    pub is_raw: bool,
    /// From this peer only: its number or address; empty for all.
    pub from: String,
    /// The time of [`When::Idle`] and [`When::Every`] in ms, as typed.
    pub time_ms: String,
    /// How often it acts for each connection, as typed; empty for no limit.
    pub limit: String,
    /// What it sends, in order.
    pub answers: Vec<Answer>,
    /// How it ends the connection afterwards.
    pub ends: Option<EndHow>,
}

/// A field whose input cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Name,
    Pattern,
    Time,
    Limit,
    Delay(usize),
    Content(usize),
}

impl Default for RuleFields {
    fn default() -> Self {
        Self {
            name: String::new(),
            when: When::default(),
            form: Form::default(),
            pattern: String::new(),
            fits: Fits::default(),
            is_raw: false,
            from: String::new(),
            time_ms: String::new(),
            limit: String::new(),
            answers: vec![Answer::default()],
            ends: None,
        }
    }
}

impl RuleFields {
    /// A rule on these bytes: as text if it is a text to read.
    pub fn on_bytes(bytes: &[u8], as_text: bool, is_raw: bool, encoding: crate::codec::Encoding) -> Self {
        let items = crate::gui::quick::fields::Fields::of_bytes(bytes, as_text, encoding).sends;
        let form = if items.is_text { Form::Text } else { Form::Hex };
        let sends = Items { is_text: items.is_text, typed: String::new() };
        let answers = vec![Answer { sends, ..Answer::default() }];
        Self { form, pattern: items.typed, is_raw, answers, ..Self::default() }
    }

    /// The fields of an entry; `None`: it is no rule, or does more than a form can show.
    pub fn of(document: &Document, entry: usize) -> Option<Self> {
        let of = document.entries().get(entry)?;
        let [top] = document.file().tops.get(of.tops.clone())? else { return None };
        let TopKind::Rule(rule) = &top.kind else { return None };
        let source = document.source();
        // Comments within the rule would be lost.
        if rule.also.is_some() || rule.session.is_some() || has_comment(source, top.span) {
            return None;
        }
        let mut fields = Self {
            name: rule.name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
            limit: rule.limit.as_ref().map(|limit| limit.value.to_string()).unwrap_or_default(),
            answers: Vec::new(),
            ..Self::default()
        };
        let pattern_is_raw = fields.take_trigger(rule, source)?;
        let sends_are_raw = fields.take_body(&rule.body.stmts, source)?;
        fields.is_raw = match (pattern_is_raw, sends_are_raw) {
            (None, None) => false,
            (Some(raw), None) | (None, Some(raw)) => raw,
            (Some(one), Some(other)) if one == other => one,
            _ => return None,
        };
        Some(fields)
    }

    /// Takes when it acts. Returns whether the pattern is `raw`.
    fn take_trigger(&mut self, rule: &Rule, source: &str) -> Option<Option<bool>> {
        match &rule.trigger {
            Trigger::Pattern(pattern) => {
                self.take_pattern(pattern, source)?;
                return Some(Some(pattern.raw.is_some()));
            }
            Trigger::Open(_) => self.when = When::Open,
            Trigger::Close(_) => return None,
            Trigger::Idle(time) => (self.when, self.time_ms) = (When::Idle, fixed(time)?),
            Trigger::Every(time) => (self.when, self.time_ms) = (When::Every, fixed(time)?),
        }
        Some(None)
    }

    fn take_pattern(&mut self, pattern: &Pattern, source: &str) -> Option<()> {
        if pattern.condition.is_some() || pattern.next.is_some() || pattern.earlier.is_some() {
            return None;
        }
        if let Some(from) = &pattern.from {
            from.plain()?.clone_into(&mut self.from);
        }
        let mut items = match &pattern.body {
            Match::Regex(regex) => {
                (self.form, self.pattern) = (Form::Regex, regex.span.of(source).to_owned());
                return Some(());
            }
            Match::Items(items) => items.as_slice(),
        };
        self.fits = match items {
            [first, inner @ .., last] if is_any(first) && is_any(last) && !inner.is_empty() => {
                items = inner;
                Fits::Inside
            }
            [first, .., last] if is_any(last) && !is_any(first) => {
                items = &items[..items.len() - 1];
                Fits::Start
            }
            _ => Fits::Whole,
        };
        let items = Items::of(source, items)?;
        self.form = if items.is_text { Form::Text } else { Form::Hex };
        self.pattern = items.typed;
        Some(())
    }

    /// Takes what it does. Returns whether the sends are `raw`.
    fn take_body(&mut self, stmts: &[Stmt], source: &str) -> Option<Option<bool>> {
        let (mut is_raw, mut delay) = (None, None);
        for (at, stmt) in stmts.iter().enumerate() {
            match &stmt.kind {
                StmtKind::Wait(time) if delay.is_none() => delay = Some(fixed(time)?),
                StmtKind::Send(Send { session: None, to: None, raw, items }) => {
                    let raw = raw.is_some();
                    if is_raw.is_some_and(|own| own != raw) {
                        return None;
                    }
                    is_raw = Some(raw);
                    let (sends, check, tail) = sent_of(source, items)?;
                    self.answers.push(Answer { delay_ms: delay.take().unwrap_or_default(), sends, check, tail });
                }
                StmtKind::End(end) if at + 1 == stmts.len() && end.session.is_none() && end.to.is_none() => {
                    self.ends = Some(end.how);
                }
                _ => return None,
            }
        }
        delay.is_none().then_some(is_raw)
    }

    /// The fields that cannot be used.
    pub fn wrong(&self) -> Vec<Wrong> {
        let number = |typed: &str| typed.trim().is_empty() || typed.trim().parse::<u32>().is_ok();
        let mut wrong = Vec::new();
        let mut unless = |is_right: bool, field| {
            if !is_right {
                wrong.push(field);
            }
        };
        unless(is_name(self.name.trim()), Wrong::Name);
        match self.when {
            When::Bytes => unless(!self.pattern.trim().is_empty() || self.fits != Fits::Whole, Wrong::Pattern),
            When::Open => {}
            When::Idle | When::Every => {
                unless(self.time_ms.trim().parse::<u32>().is_ok_and(|time| time > 0), Wrong::Time);
            }
        }
        unless(self.limit.trim().is_empty() || self.limit.trim().parse::<u64>().is_ok_and(|n| n > 0), Wrong::Limit);
        for (at, answer) in self.answers.iter().enumerate() {
            unless(number(&answer.delay_ms), Wrong::Delay(at));
            unless(answer.sends.is_text || !answer.sends.typed.trim().is_empty(), Wrong::Content(at));
        }
        wrong
    }

    /// The line of a send.
    pub fn send_line(&self, answer: &Answer) -> String {
        let raw = if self.is_raw { "raw " } else { "" };
        format!("> {raw}{}", written_with(&answer.sends, &answer.check, &answer.tail))
    }

    /// What is behind `on`, without limit and name.
    pub fn trigger(&self) -> String {
        let time = self.time_ms.trim();
        match self.when {
            When::Open => "open".to_owned(),
            When::Idle => format!("idle {time}ms"),
            When::Every => format!("every {time}ms"),
            When::Bytes => {
                let raw = if self.is_raw { "raw " } else { "" };
                let from = self.from.trim();
                let from = if from.is_empty() { String::new() } else { format!(" from {from}") };
                format!("{raw}{}{from}", self.written_pattern())
            }
        }
    }

    fn written_pattern(&self) -> String {
        if self.form == Form::Regex {
            return with_slashes(self.pattern.trim());
        }
        let items = Items { is_text: self.form == Form::Text, typed: self.pattern.clone() }.written();
        let is_empty = self.pattern.trim().is_empty();
        match self.fits {
            Fits::Start | Fits::Inside if is_empty => "*".to_owned(),
            Fits::Whole => items,
            Fits::Start => format!("{items} *"),
            Fits::Inside => format!("* {items} *"),
        }
    }

    /// The lines of the rule.
    pub fn lines(&self) -> String {
        let limit = self.limit.trim();
        let limit = if limit.is_empty() { String::new() } else { format!(" limit {limit}") };
        let name = self.name.trim();
        let name = if name.is_empty() { String::new() } else { format!(" as {name}") };
        let mut body = Vec::new();
        for answer in &self.answers {
            body.extend(
                duration(&answer.delay_ms)
                    .filter(|delay| !delay.is_zero())
                    .map(|delay| format!("wait {}ms", delay.as_millis())),
            );
            body.push(self.send_line(answer));
        }
        body.extend(self.ends.map(|how| end_word(how).to_owned()));
        let head = format!("on {}{limit}{name}", self.trigger());
        match body.as_slice() {
            [] => format!("{head} {{ }}"),
            [one] => format!("{head} {{ {one} }}"),
            lines => format!(
                "{head} {{\n{}\n}}",
                lines.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
            ),
        }
    }
}

/// A regular expression as a talk file has it. Without slashes it was typed as elsewhere.
fn with_slashes(typed: &str) -> String {
    if typed.is_empty() || typed.starts_with('/') {
        typed.to_owned()
    } else {
        format!("/{}/", typed.replace('/', "\\/"))
    }
}

/// The word that ends a connection so.
pub fn end_word(how: EndHow) -> &'static str {
    match how {
        EndHow::Close => "close",
        EndHow::Reset => "reset",
        EndHow::Shutdown => "shutdown",
    }
}

/// Whether a rule can have this name; an empty one is none.
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_none_or(|first| first.is_alphabetic() || first == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && !crate::talk::vocabulary::is_reserved(name)
}

fn is_any(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Any)
}

fn fixed(time: &Time) -> Option<String> {
    match time.kind {
        // The form counts in ms.
        TimeKind::Fixed(time) if time.subsec_nanos().is_multiple_of(1_000_000) => Some(ms(Some(time))),
        TimeKind::Fixed(_) | TimeKind::Name(_) => None,
    }
}

/// Whether a line of the rule has a comment. A `#` in quotes counts too: such a rule is edited as text.
fn has_comment(source: &str, span: Span) -> bool {
    span.of(source).contains('#')
}

#[cfg(test)]
mod tests;
