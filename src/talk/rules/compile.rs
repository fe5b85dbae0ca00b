//! Compiles the rules of a file.

use super::identity::Identity;
use super::world::{Outside, RuleWorld, Shared};
use crate::codec::{Encoding, FramingRule};
use crate::talk::content::{Content, Files, is_below};
use crate::talk::eval::{Fault, FaultKind, LONGEST, Value, Vars, evaluate, text_of};
use crate::talk::modbus::Registers;
use crate::talk::pattern::{Pattern, Prepared};
use crate::talk::tree::{
    Block, EndHow, Expr, File, Name, OtherwiseKind, Repeat, Rule, ServeKind, Span, Stmt, StmtKind, Text, Time, TopKind,
    Transfer, Trigger, Var,
};
use crate::talk::uses::{self, Origin};
use std::sync::Arc;

/// The value of a variable from outside: of the last option, otherwise of the environment, where a dot is `_`.
pub fn given(
    name: &str,
    options: &[(String, String)],
    environment: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<String> {
    let option = options.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.clone());
    option.or_else(|| environment(&format!("{VARIABLE_PREFIX}{}", name.replace('.', "_"))))
}

/// Before the names of variables of the environment that replace those of a file.
pub const VARIABLE_PREFIX: &str = "WIREBENCH_VAR_";

/// What a session gives its rules.
#[derive(Clone, Debug, Default)]
pub struct Setting {
    /// The session that the rules belong to; a rule without a name belongs to the only one.
    pub session: Option<String>,
    /// Cuts the streams into frames; `None`: as received.
    pub framing: Option<FramingRule>,
    /// The encoding of texts.
    pub encoding: Encoding,
    /// Variables that replace those of the file.
    pub vars: Vec<(String, String)>,
    /// The variables of the run that the session belongs to. They have their values already.
    pub run: Option<Vars>,
}

/// Compiled rules.
#[derive(Debug, Default)]
pub struct RuleSet {
    pub(super) rules: Vec<Compiled>,
    /// All rules of the file and of those that it uses, also those that are off or belong to another session.
    entries: Vec<Entry>,
    pub(super) encoding: Encoding,
    framing: FramingRule,
    /// The variables with their first values, or those of the run.
    pub(super) vars: Vars,
    pub(super) is_of_run: bool,
    /// `serve modbus-tcp` or `serve modbus-rtu`: the table, and whether unit 0 gets no answer.
    pub(super) registers: Option<(Registers, bool)>,
    source: Arc<str>,
}

/// A rule as it is written.
#[derive(Debug)]
struct Entry {
    identity: Identity,
    /// It is a rule of the file itself.
    is_own: bool,
    /// It is off: its name, otherwise its head.
    off: Option<String>,
}

#[derive(Debug)]
pub(super) struct Compiled {
    /// Its index among the entries.
    pub entry: usize,
    pub name: Option<Arc<str>>,
    pub when: When,
    pub is_also: bool,
    pub limit: Option<u64>,
    pub body: Steps,
    pub head: Span,
    /// The file that it is written in.
    pub origin: Origin,
}

#[derive(Debug)]
pub(super) enum When {
    Frame(Pattern, Option<Prepared>),
    Open,
    Close,
    Idle(Time),
    Every(Time),
}

/// What compiling a rule needs from outside.
struct Loader<'a> {
    source: &'a str,
    outside: &'a mut dyn Outside,
    files: &'a mut dyn Files,
}

/// The statements of a block.
pub(super) type Steps = Arc<[Step]>;

#[derive(Debug)]
pub(super) enum Step {
    Send { content: Content, to: Option<Text> },
    Wait(Time),
    Set { name: Arc<str>, value: Expr },
    Check { condition: Expr, otherwise: Unmet },
    Fail(Text),
    Note(Text),
    End(EndHow),
    Stop,
    Repeat { count: Option<Expr>, every: Option<Time>, until: Option<Expr>, body: Steps },
}

/// What a `check` does that is false.
#[derive(Debug)]
pub(super) enum Unmet {
    Fail,
    Continue,
    Stop,
    Run(Steps),
}

impl RuleSet {
    /// Compiles the rules of a file for one session, and gives its variables their values.
    ///
    /// # Errors
    /// Everything that is wrong with the variables and rules.
    pub fn new(
        file: &File,
        source: &str,
        setting: &Setting,
        outside: &mut dyn Outside,
        files: &mut dyn Files,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let framing = setting.framing.clone().unwrap_or_default().in_encoding(setting.encoding);
        let mut set = Self {
            rules: Vec::new(),
            entries: Vec::new(),
            encoding: setting.encoding,
            framing,
            vars: setting.run.clone().unwrap_or_default(),
            is_of_run: setting.run.is_some(),
            registers: None,
            source: source.into(),
        };
        if !set.is_of_run {
            for (origin, var) in uses::vars(file) {
                if let Err(fault) = set.set_var(&origin, var, setting, outside) {
                    faults.push(fault.in_used(origin.text(), origin.span));
                }
            }
        }
        for (origin, rule) in uses::rules(file) {
            let text = origin.text().map_or(source, |text| &text.source);
            let identity = Identity::of(rule, &origin.prefix, text);
            let off = rule.off.is_some().then(|| identity.label().to_owned());
            set.entries.push(Entry { identity, is_own: origin.used.is_none(), off });
            if rule.off.is_some() || !Self::names_session(rule.session.as_ref(), setting) {
                continue;
            }
            let files = &mut uses::Below { files: &mut *files, folder: origin.folder() };
            match set.compiled(&origin, rule, outside, files) {
                Ok(rule) => set.rules.push(rule),
                Err(fault) => faults.push(fault.in_used(origin.text(), origin.span)),
            }
        }
        for top in &file.tops {
            if let TopKind::Loose(Stmt { kind: StmtKind::Transfer(transfer), .. }) = &top.kind
                && transfer.kind.modbus().is_some()
                && Self::names_session(transfer.session.as_ref(), setting)
            {
                match registers(transfer, setting.encoding, outside, files) {
                    Ok(table) => set.registers = Some((table, transfer.kind.modbus() == Some(ServeKind::ModbusRtu))),
                    Err(fault) => faults.push(fault),
                }
            }
        }
        if faults.is_empty() { Ok(set) } else { Err(faults) }
    }

    /// Gives a variable its value: from outside, otherwise that of the file.
    fn set_var(
        &mut self,
        origin: &Origin,
        var: &Var,
        setting: &Setting,
        outside: &mut dyn Outside,
    ) -> Result<(), Fault> {
        let name = format!("{}{}", origin.prefix, var.name.value);
        let value = match given(&name, &setting.vars, &mut |name| outside.environment(name)) {
            Some(text) => Value::text(text),
            None => {
                let mut shared = Shared { vars: self.vars.clone(), ..Shared::default() };
                let mut world = RuleWorld::of_file(&mut shared, setting.encoding, outside);
                world.scope = &origin.prefix;
                evaluate(&var.value, &mut world)?
            }
        };
        self.vars.set(&name, value);
        Ok(())
    }

    /// What is before the names of the variables of a rule's file.
    pub(super) fn scope(&self, rule: usize) -> &str {
        self.rules.get(rule).map_or("", |rule| &rule.origin.prefix)
    }

    fn names_session(name: Option<&Name>, setting: &Setting) -> bool {
        name.is_none_or(|name| setting.session.as_deref().is_none_or(|own| name.value == own))
    }

    fn compiled(
        &self,
        origin: &Origin,
        rule: &Rule,
        outside: &mut dyn Outside,
        files: &mut dyn Files,
    ) -> Result<Compiled, Fault> {
        let when = match &rule.trigger {
            Trigger::Pattern(pattern) => {
                let pattern = Pattern::new(pattern, self.encoding)?;
                // Without insertions it is prepared once.
                let mut none = Shared::default();
                let mut world = RuleWorld::of_file(&mut none, self.encoding, outside);
                let ready = if pattern.is_constant() { Some(pattern.prepare(&mut world, files)?) } else { None };
                When::Frame(pattern, ready)
            }
            Trigger::Open(_) => When::Open,
            Trigger::Close(_) => When::Close,
            Trigger::Idle(time) => When::Idle(time.clone()),
            Trigger::Every(time) => When::Every(time.clone()),
        };
        let source = origin.text().map_or(&*self.source, |text| &text.source);
        Ok(Compiled {
            entry: self.entries.len().saturating_sub(1),
            name: rule.name.as_ref().map(|name| format!("{}{}", origin.prefix, name.value).into()),
            when,
            is_also: rule.also.is_some(),
            limit: rule.limit.map(|limit| limit.value),
            body: self.steps(&rule.body, &mut Loader { source, outside, files })?,
            head: rule.head,
            origin: origin.clone(),
        })
    }

    fn steps(&self, block: &Block, loader: &mut Loader<'_>) -> Result<Steps, Fault> {
        block.stmts.iter().map(|stmt| self.step(stmt, loader)).collect::<Result<Vec<_>, _>>().map(Arc::from)
    }

    fn step(&self, stmt: &Stmt, loader: &mut Loader<'_>) -> Result<Step, Fault> {
        let not_here = |word: &str| Fault::new(FaultKind::NotInRule(word.to_owned()), stmt.span);
        Ok(match &stmt.kind {
            StmtKind::Send(send) => {
                let mut content = Content::of_send(send, stmt.span, self.encoding)?;
                // The worker reads no files.
                let mut none = Shared::default();
                let mut world = RuleWorld::of_file(&mut none, self.encoding, &mut *loader.outside);
                content.load(&mut world, &mut *loader.files)?;
                Step::Send { content, to: send.to.clone() }
            }
            StmtKind::Wait(time) => Step::Wait(time.clone()),
            StmtKind::Set { name, value } => Step::Set { name: name.value.as_str().into(), value: value.clone() },
            StmtKind::Check { condition, otherwise } => {
                let otherwise = match otherwise.as_ref().map(|otherwise| &otherwise.kind) {
                    None => Unmet::Fail,
                    Some(OtherwiseKind::Continue) => Unmet::Continue,
                    Some(OtherwiseKind::Stop) => Unmet::Stop,
                    Some(OtherwiseKind::Block(block)) => Unmet::Run(self.steps(block, loader)?),
                };
                Step::Check { condition: condition.clone(), otherwise }
            }
            StmtKind::Fail(text) => Step::Fail(text.clone()),
            StmtKind::Note(text) => Step::Note(text.clone()),
            StmtKind::End(end) => Step::End(end.how),
            StmtKind::Stop(_) => Step::Stop,
            StmtKind::Repeat(Repeat { count, every, until, body }) => Step::Repeat {
                count: count.clone(),
                every: every.clone(),
                until: until.clone(),
                body: self.steps(body, loader)?,
            },
            _ => return Err(not_here(stmt.span.of(loader.source).split_whitespace().next().unwrap_or_default())),
        })
    }

    /// The framing rule.
    #[must_use]
    pub fn framing(&self) -> &FramingRule {
        &self.framing
    }

    /// The encoding of texts.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Whether there are no rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.registers.is_none()
    }

    /// Whether frames can be taken: there are rules on frames, or a register table.
    #[must_use]
    pub fn takes_frames(&self) -> bool {
        self.registers.is_some() || self.rules.iter().any(|rule| matches!(rule.when, When::Frame(..)))
    }

    /// The state that all connections of the session share, as it is at the beginning. Only the variables of a run are shared with
    /// others.
    #[must_use]
    pub fn shared(&self) -> Shared {
        let names = self.rules.iter().map(|rule| rule.name.clone()).collect();
        let vars = if self.is_of_run { self.vars.clone() } else { self.vars.copied() };
        Shared { vars, hits: vec![0; self.rules.len()], registers: self.registers.clone(), names }
    }

    /// How many rules there are. Each has an index.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Of all rules that are written in the file and in those that it uses, in their order, those that are off included: what they are,
    /// and whether they are in the file itself.
    pub fn entries(&self) -> impl Iterator<Item = (&Identity, bool)> {
        self.entries.iter().map(|entry| (&entry.identity, entry.is_own))
    }

    /// The names of the rules that are off, otherwise their heads.
    pub fn off(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|entry| entry.off.as_deref())
    }

    /// When a rule acts, as it is written: its head without `on` and without its name at the end.
    #[must_use]
    pub fn head(&self, rule: usize) -> &str {
        let Some(rule) = self.rules.get(rule) else { return "" };
        let head = rule.head.of(self.source_of(rule)).trim();
        let head = head.strip_prefix("on ").unwrap_or(head).trim();
        let own = rule.name.as_deref().map(|name| name.strip_prefix(&rule.origin.prefix).unwrap_or(name));
        let unnamed = own.and_then(|name| head.strip_suffix(name)?.trim_end().strip_suffix("as"));
        unnamed.map_or(head, str::trim_end)
    }

    /// The place of a rule among [`RuleSet::entries`].
    #[must_use]
    pub fn entry(&self, rule: usize) -> Option<usize> {
        self.rules.get(rule).map(|rule| rule.entry)
    }

    pub(super) fn identity(&self, rule: usize) -> &Identity {
        &self.entries[self.rules[rule].entry].identity
    }

    /// The name of a rule, or its first line.
    #[must_use]
    pub fn label(&self, rule: usize) -> &str {
        let Some(rule) = self.rules.get(rule) else { return "" };
        rule.name.as_deref().unwrap_or_else(|| rule.head.of(self.source_of(rule)).trim())
    }

    /// What answers of a rule are called in the capture: its name, otherwise its head without `on`; the register table by its word.
    #[must_use]
    pub fn answers_as(&self, rule: usize) -> Arc<str> {
        if let Some(name) = self.rules.get(rule).and_then(|rule| rule.name.clone()) {
            return name;
        }
        if self.rules.get(rule).is_none() {
            return if self.registers.as_ref().is_some_and(|(_, is_rtu)| *is_rtu) {
                "modbus-rtu"
            } else {
                "modbus-tcp"
            }
            .into();
        }
        self.head(rule).into()
    }

    fn source_of<'a>(&'a self, rule: &'a Compiled) -> &'a str {
        rule.origin.text().map_or(&*self.source, |text| &text.source)
    }

    /// The line of a place of a rule in its file, counted from 1, and what is written there.
    #[must_use]
    pub fn place(&self, rule: usize, span: Span) -> (usize, &str) {
        let source = self.rules.get(rule).map_or(&*self.source, |rule| self.source_of(rule));
        let before = source.get(..span.start).unwrap_or_default();
        let written = span.of(source);
        (1 + before.matches('\n').count(), written.lines().next().unwrap_or_default().trim())
    }
}

/// The table of `serve modbus-tcp "registers.csv"`.
fn registers(
    transfer: &Transfer,
    encoding: Encoding,
    outside: &mut dyn Outside,
    files: &mut dyn Files,
) -> Result<Registers, Fault> {
    let at = |kind: FaultKind| Fault::new(kind, transfer.what.span);
    let mut none = Shared::default();
    let path = text_of(&transfer.what, &mut RuleWorld::of_file(&mut none, encoding, outside))?;
    if !is_below(&path) {
        return Err(at(FaultKind::PathOutside(path)));
    }
    let csv = files.read(&path, LONGEST).map_err(|kind| at(FaultKind::Unreadable { path, kind }))?;
    let parsed = Registers::parse(&String::from_utf8_lossy(&csv));
    parsed.map_err(|row| at(FaultKind::BadTable { line: row.line, written: row.written }))
}
