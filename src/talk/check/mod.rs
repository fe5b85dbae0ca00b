//! What is wrong with a file that can be read: found before anything is sent.

mod names;
mod sessions;
#[cfg(test)]
mod tests;
mod values;

use super::error::{Error, ErrorKind};
use super::parse::Parsed;
use super::tree::{
    Expr, File, Insert, Item, Name, Path, Pattern, Regex, Span, Stmt, StmtKind, Text, Top, TopKind, Type, Visitor,
    walk_expr, walk_rule, walk_statements, walk_step, walk_text,
};
use names::{Names, Scope};
use sessions::Sessions;
use std::collections::BTreeSet;

pub use names::names_of;

/// What a file can rely on that is not in it.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Names that have a value: of the command line, and of the files that `use` names (`NAME.name` if it gives them a name).
    pub names: BTreeSet<String>,
    /// The names of used files are in `names`. Otherwise a name that is not found may be theirs, and is no error.
    pub has_used_files: bool,
}

/// Reads and checks a file: all its errors, in the order of the source.
#[must_use]
pub fn read(source: &str, outside: &Outside) -> Parsed {
    let mut parsed = super::parse::parse(source);
    if parsed.errors.iter().all(|error| matches!(error.kind, ErrorKind::NotYet(_))) {
        parsed.errors.extend(check(&parsed.file, source, outside));
        parsed.errors.sort_by_key(|error| error.span.start);
    }
    parsed
}

/// The errors that only the whole file shows. `source` is the text that `file` was read from.
#[must_use]
pub fn check(file: &File, source: &str, outside: &Outside) -> Vec<Error> {
    let sessions = Sessions::of(file);
    let mut errors = Vec::new();
    sessions.report(file, &mut errors);
    errors.extend(check_with(file, source, sessions, outside));
    errors.sort_by_key(|error| error.span.start);
    errors
}

/// The errors that only the whole of a used file shows. Its steps and sessions are not looked at: its rules belong to the sessions of
/// `first`.
#[must_use]
pub fn check_used(file: &File, source: &str, first: &File, outside: &Outside) -> Vec<Error> {
    let is_used = |top: &&Top| matches!(top.kind, TopKind::Var(_) | TopKind::Use(_) | TopKind::Rule(_));
    let file = File { version: file.version, tops: file.tops.iter().filter(is_used).cloned().collect() };
    check_with(&file, source, Sessions::of(first), outside)
}

fn check_with(file: &File, source: &str, sessions: Sessions, outside: &Outside) -> Vec<Error> {
    let names = Names::of(file, outside);
    let mut checker = Checker { source, errors: Vec::new(), names, sessions, scope: Scope::Steps, session: None };
    checker.names.report_duplicates(file, &mut checker.errors);
    for top in &file.tops {
        checker.scope = Scope::Steps;
        checker.session = None;
        match &top.kind {
            TopKind::Var(var) => walk_expr(&var.value, &mut checker),
            TopKind::Session(session) => {
                let values = session.options.iter().flat_map(|option| &option.values);
                let texts = values.map(super::tree::Argument::text).chain([&session.endpoint]).chain(&session.onward);
                texts.for_each(|text| walk_text(text, &mut checker));
            }
            TopKind::Step(step) => walk_step(step, &mut checker),
            TopKind::Loose(stmt) => walk_statements(std::slice::from_ref(stmt), &mut checker),
            TopKind::Part(part) => {
                checker.scope = Scope::Anywhere;
                walk_statements(&part.body.stmts, &mut checker);
            }
            TopKind::Rule(rule) => {
                checker.scope = Scope::Rules;
                checker.session.clone_from(&rule.session);
                checker.sessions.report_rule(rule, &mut checker.errors);
                walk_rule(rule, &mut checker);
            }
            TopKind::Use(_) | TopKind::Group(_) => {}
        }
    }
    checker.errors.sort_by_key(|error| error.span.start);
    checker.errors
}

struct Checker<'a> {
    source: &'a str,
    errors: Vec<Error>,
    names: Names,
    sessions: Sessions,
    scope: Scope,
    /// The session of the rule.
    session: Option<Name>,
}

impl Checker<'_> {
    fn report(&mut self, kind: ErrorKind, span: Span) {
        self.errors.push(Error { kind, span });
    }

    fn report_if(&mut self, kind: Option<ErrorKind>, span: Span) {
        if let Some(kind) = kind {
            self.report(kind, span);
        }
    }

    /// A statement that waits, in a rule.
    fn refuse_waiting(&mut self, stmt: &Stmt) {
        let word = match &stmt.kind {
            StmtKind::Await { .. } => "<",
            StmtKind::Cases(_) => stmt.span.of(self.source).split_whitespace().next().unwrap_or("one"),
            StmtKind::Clients(_) => "clients",
            _ => return,
        };
        let span = Span::new(stmt.span.start, stmt.span.start + word.len());
        self.report(ErrorKind::NotInRule(word.to_owned()), span);
    }
}

impl Visitor for Checker<'_> {
    fn statement(&mut self, stmt: &Stmt) {
        if self.scope == Scope::Rules {
            self.refuse_waiting(stmt);
        }
        if let StmtKind::Send(send) = &stmt.kind {
            let session = send.session.as_ref().or(self.session.as_ref());
            if let Some((rule, span)) = self.sessions.line_end_twice(send, session) {
                self.report(ErrorKind::LineEndTwice { rule }, span);
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        values::expr(expr, &mut self.errors);
        let known = values::named_session(expr).filter(|name| !self.sessions.has(name));
        if let Some(name) = known {
            let near = self.sessions.near(name);
            self.report(ErrorKind::UnknownSession { name: name.to_owned(), near }, expr.span);
        }
    }

    fn condition(&mut self, expr: &Expr) {
        values::condition(expr, &mut self.errors);
    }

    fn item(&mut self, item: &Item) {
        values::item(item, &mut self.errors);
    }

    fn typed(&mut self, insert: &Insert<Type>) {
        values::typed(insert, self.source, &mut self.errors);
    }

    fn regex(&mut self, regex: &Regex) {
        self.report_if(values::regex(regex), regex.span);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        if let (Some(_), Some(earlier)) = (pattern.next, pattern.earlier) {
            self.report(ErrorKind::Excludes { one: "earlier", other: "next" }, earlier);
        }
    }

    fn uses(&mut self, path: &Path) {
        self.report_if(self.names.missing(path, self.scope), path.span);
    }

    fn session(&mut self, name: Option<&Name>, stmt: &Stmt) {
        let is_free = self.scope != Scope::Steps;
        let span = name.map_or(stmt.span, |name| name.span);
        self.report_if(self.sessions.wrong(name, is_free), span);
    }
}

/// The characters of a text, if it is plain and not empty.
fn plain(text: &Text) -> Option<&str> {
    text.plain().filter(|text| !text.is_empty())
}
