//! A talk file that is ready to run.

use super::files::FolderFiles;
use crate::talk::tree::{File, Role, Session, Span, Step, Stmt, Text, TopKind};
use crate::talk::{Error, ErrorKind, Outside, read_with_used};
use std::path::PathBuf;

/// A talk file without errors.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its path; `None`: standard input.
    pub path: Option<PathBuf>,
    /// Its text.
    pub source: String,
    pub(super) file: File,
}

/// A step of a file and where its lines are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepLines {
    /// Its name as written; for statements outside of steps, the name of the file.
    pub name: String,
    /// The line of `step`, or the first statement outside of a step.
    pub head: Span,
    /// Its statements.
    pub lines: Vec<Span>,
}

/// A step of the run: a `step` of the file, or the statements outside of steps that follow each other.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// The step.
    pub step: Option<&'a Step>,
    /// Its statements.
    pub body: Vec<&'a Stmt>,
    /// Its place.
    pub span: Span,
}

impl Part<'_> {
    /// Its name in the file.
    pub fn name(&self) -> Option<&Text> {
        self.step.map(|step| &step.name)
    }

    /// Whether it runs even after a failed required step.
    pub fn is_always(&self) -> bool {
        self.step.is_some_and(|step| step.always.is_some())
    }

    /// Whether its failure ends the others.
    pub fn is_required(&self) -> bool {
        self.step.is_some_and(|step| step.required.is_some())
    }
}

impl Script {
    /// Reads the text of a file. `variables` have values from outside.
    ///
    /// # Errors
    /// All errors of the file.
    pub fn new(path: Option<PathBuf>, source: String, variables: &[(String, String)]) -> Result<Self, Vec<Error>> {
        Self::over(path, source, variables, false)
    }

    /// Reads the text of a file that runs over an open session, whose bytes may be cut into frames although the file does not say so.
    ///
    /// # Errors
    /// All errors of the file.
    pub fn over(
        path: Option<PathBuf>,
        source: String,
        variables: &[(String, String)],
        has_frames: bool,
    ) -> Result<Self, Vec<Error>> {
        let names = variables.iter().map(|(name, _)| name.clone()).collect();
        let mut files = path.as_deref().map(FolderFiles::beside).unwrap_or_default();
        let name = path.as_ref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
        let outside = Outside { names, has_used_files: false };
        let mut parsed = read_with_used(&source, name.as_deref(), &outside, &mut files);
        parsed.errors.retain(|error| !(has_frames && error.kind == ErrorKind::RuleNeedsFrame));
        let mut later = Later { source: &source, errors: Vec::new() };
        for top in &parsed.file.tops {
            match &top.kind {
                TopKind::Session(session) if session.role.value == Role::Forward => later.refuse(session.role.span),
                _ => {}
            }
        }
        parsed.errors.extend(later.errors);
        if parsed.errors.is_empty() { Ok(Self { path, source, file: parsed.file }) } else { Err(parsed.errors) }
    }

    /// The name for reports: of the file without its ending.
    #[must_use]
    pub fn name(&self) -> String {
        let stem = self.path.as_ref().and_then(|path| path.file_stem());
        stem.map_or_else(|| "stdin".to_owned(), |stem| stem.to_string_lossy().into_owned())
    }

    pub(super) fn sessions(&self) -> impl Iterator<Item = &Session> {
        self.file
            .tops
            .iter()
            .filter_map(|top| if let TopKind::Session(session) = &top.kind { Some(session) } else { None })
    }

    /// The steps that are on, in the order of the file.
    pub(super) fn parts(&self) -> Vec<Part<'_>> {
        let mut parts: Vec<Part<'_>> = Vec::new();
        for top in &self.file.tops {
            match &top.kind {
                TopKind::Step(step) if step.off.is_none() => {
                    parts.push(Part { step: Some(step), body: step.body.iter().collect(), span: step.head });
                }
                TopKind::Loose(stmt) if stmt.modbus().is_some() || stmt.lasting().is_some() => {}
                TopKind::Loose(stmt) => match parts.last_mut() {
                    Some(part) if part.step.is_none() => part.body.push(stmt),
                    _ => parts.push(Part { step: None, body: vec![stmt], span: stmt.span }),
                },
                _ => {}
            }
        }
        parts
    }

    /// The names of the steps, as written.
    #[must_use]
    pub fn step_names(&self) -> Vec<String> {
        self.parts().iter().map(|part| self.shown_name(part)).collect()
    }

    /// The steps that are on, in the order of the file. The places of [`RunOptions::chosen`](super::RunOptions::chosen) count them.
    #[must_use]
    pub fn steps(&self) -> Vec<StepLines> {
        let parts = self.parts();
        let lines = |part: &Part<'_>| part.body.iter().map(|stmt| stmt.span).collect();
        parts
            .iter()
            .map(|part| StepLines { name: self.shown_name(part), head: part.span, lines: lines(part) })
            .collect()
    }

    /// Whether the file has rules that are on.
    #[must_use]
    pub fn has_rules(&self) -> bool {
        let is_rule = |kind: &TopKind| matches!(kind, TopKind::Rule(rule) if rule.off.is_none());
        self.file.modbus().is_some() || self.file.tops.iter().any(|top| is_rule(&top.kind))
    }

    /// Whether the file names sessions.
    #[must_use]
    pub fn has_sessions(&self) -> bool {
        self.sessions().next().is_some()
    }

    /// The name of a step as written; for statements outside of steps, the name of the file.
    pub(super) fn shown_name(&self, part: &Part<'_>) -> String {
        match part.name() {
            None => self.name(),
            Some(name) => name.plain().map_or_else(|| name.span.of(&self.source).to_owned(), str::to_owned),
        }
    }
}

/// Finds what the language has and a run cannot do yet.
struct Later<'a> {
    source: &'a str,
    errors: Vec<Error>,
}

impl Later<'_> {
    fn refuse(&mut self, span: Span) {
        let word = span.of(self.source).split_whitespace().next().unwrap_or_default().to_owned();
        self.errors.push(Error { kind: ErrorKind::NotYet(word), span });
    }
}
