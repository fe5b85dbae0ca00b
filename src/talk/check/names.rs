//! Names that get a value, and those that do not.

use super::Outside;
use crate::talk::error::{Error, ErrorKind, Named};
use crate::talk::tree::{ExprKind, File, Name, Path, TopKind, Visitor, walk_rule, walk_statements, walk_step};
use crate::talk::vocabulary::{VALUES, near};
use std::collections::{BTreeSet, HashMap};

/// Which names can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Those of the steps.
    Steps,
    /// Those of the rules.
    Rules,
    /// Those of parts, which both call.
    Anywhere,
}

/// The names that get a value somewhere.
pub(super) struct Names {
    /// `var`, the command line, used files.
    everywhere: BTreeSet<String>,
    steps: BTreeSet<String>,
    rules: BTreeSet<String>,
    parts: BTreeSet<String>,
    /// The names that `use` gives to files.
    files: BTreeSet<String>,
    /// Used files may set more.
    may_have_more: bool,
}

/// Collects the names that get a value.
#[derive(Default)]
struct Setting(BTreeSet<String>);

impl Visitor for Setting {
    fn sets(&mut self, name: &Name) {
        if !self.0.contains(&name.value) {
            self.0.insert(name.value.clone());
        }
    }

    /// `hits(RULE)` and the like name other things than values.
    fn expr(&mut self, expr: &crate::talk::tree::Expr) {
        if let ExprKind::Call { function, arguments } = &expr.kind
            && matches!(function.single(), Some("port" | "is_open" | "hits" | "cert"))
            && let Some(ExprKind::Name(path)) = arguments.first().map(|argument| &argument.kind)
        {
            self.0.insert(path.dotted());
        }
    }
}

/// The names that other files can use of this one: its variables, and those of the files that it uses.
#[must_use]
pub fn names_of(file: &File) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for top in &file.tops {
        match &top.kind {
            TopKind::Var(var) => {
                names.insert(var.name.value.clone());
            }
            TopKind::Use(used) => {
                let of_used = used.file.iter().flat_map(|file| &file.names);
                names.extend(of_used.map(|name| match &used.name {
                    Some(own) => format!("{}.{name}", own.value),
                    None => name.clone(),
                }));
            }
            _ => {}
        }
    }
    names
}

impl Names {
    pub(super) fn of(file: &File, outside: &Outside) -> Self {
        let (mut steps, mut rules, mut parts) = (Setting::default(), Setting::default(), Setting::default());
        let (mut files, mut uses) = (BTreeSet::new(), false);
        for top in &file.tops {
            match &top.kind {
                TopKind::Step(step) => walk_step(step, &mut steps),
                TopKind::Loose(stmt) => walk_statements(std::slice::from_ref(stmt), &mut steps),
                TopKind::Rule(rule) => walk_rule(rule, &mut rules),
                TopKind::Part(part) => {
                    part.parameters.iter().for_each(|name| parts.sets(name));
                    walk_statements(&part.body.stmts, &mut parts);
                }
                TopKind::Use(file) => {
                    uses = true;
                    files.extend(file.name.iter().map(|name| name.value.clone()));
                }
                TopKind::Var(_) | TopKind::Group(_) | TopKind::Session(_) => {}
            }
        }
        let mut everywhere = names_of(file);
        everywhere.extend(outside.names.iter().cloned());
        let may_have_more = uses && !outside.has_used_files;
        Self { everywhere, steps: steps.0, rules: rules.0, parts: parts.0, files, may_have_more }
    }

    /// The error of a name that never gets a value.
    pub(super) fn missing(&self, path: &Path, scope: Scope) -> Option<ErrorKind> {
        let name = path.dotted();
        let is_of_file = path.names.len() > 1 && self.files.contains(&path.names[0].value);
        if self.may_have_more && (path.names.len() == 1 || is_of_file) {
            return None;
        }
        let scopes: &[&BTreeSet<String>] = match scope {
            Scope::Steps => &[&self.everywhere, &self.steps, &self.parts],
            Scope::Rules => &[&self.everywhere, &self.rules, &self.parts],
            Scope::Anywhere => &[&self.everywhere, &self.steps, &self.rules, &self.parts],
        };
        if scopes.iter().any(|names| names.contains(&name)) || VALUES.contains(&name.as_str()) {
            return None;
        }
        // The short ones are near to many names.
        let values = VALUES.iter().copied().filter(|value| value.len() > 5);
        let known = scopes.iter().flat_map(|names| names.iter().map(String::as_str)).chain(values);
        let near = near(&name, known).map(str::to_owned);
        Some(ErrorKind::UnsetName { name, near })
    }

    /// Reports names that two things of one kind have. (Steps may be named the same: their names are titles.)
    pub(super) fn report_duplicates(&self, file: &File, errors: &mut Vec<Error>) {
        let mut seen = HashMap::new();
        for top in &file.tops {
            let (what, name) = match &top.kind {
                TopKind::Var(var) => (Named::Var, Some(&var.name)),
                TopKind::Session(session) => (Named::Session, session.name.as_ref()),
                TopKind::Rule(rule) => (Named::Rule, rule.name.as_ref()),
                TopKind::Part(part) => {
                    let mut of_part = HashMap::new();
                    part.parameters.iter().for_each(|name| once(Named::Parameter, name, &mut of_part, errors));
                    (Named::Part, Some(&part.name))
                }
                TopKind::Use(file) => (Named::File, file.name.as_ref()),
                TopKind::Group(_) | TopKind::Step(_) | TopKind::Loose(_) => continue,
            };
            if let Some(name) = name {
                once(what, name, &mut seen, errors);
            }
        }
    }
}

fn once<'a>(what: Named, name: &'a Name, seen: &mut HashMap<(Named, &'a str), &'a Name>, errors: &mut Vec<Error>) {
    let first = seen.entry((what, name.value.as_str())).or_insert(name);
    if first.span != name.span {
        let kind = ErrorKind::Duplicate { what, name: name.value.clone(), first: first.span };
        errors.push(Error { kind, span: name.span });
    }
}
