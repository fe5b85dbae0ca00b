//! The files that `use` names.
//!
//! A used file gives its variables and rules; its sessions and steps are left alone. Its paths are below its own folder, which is below
//! that of the file that uses it.

use super::check::{Outside, check, check_used, names_of};
use super::content::{Files, is_below};
use super::error::{Error, ErrorKind};
use super::eval::FaultKind;
use super::parse::{Parsed, parse};
use super::tree::{File, Rule, Span, TopKind, Use, Used, UsedText, Var};
use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;

/// Most files that a file uses, those that they use included.
const MOST_FILES: usize = 100;
/// Longest used file, in bytes.
const LONGEST: usize = 16 << 20;

/// Reads and checks a file and those that it uses: all errors, those of used files with their `use` line. `name` is the name of the
/// file in its folder, `files` reads files of that folder.
#[must_use]
pub fn read_with_used(source: &str, name: Option<&str>, outside: &Outside, files: &mut dyn Files) -> Parsed {
    let mut parsed = parse(source);
    let is_readable = |parsed: &Parsed| parsed.errors.iter().all(is_of_later_version);
    if !is_readable(&parsed) {
        return parsed;
    }
    let chain = name.map(str::to_owned).into_iter().collect();
    let mut loader = Loader { files, outside, seen: BTreeSet::new(), count: 0 };
    let mut file = std::mem::take(&mut parsed.file);
    let errors = loader.resolve(&mut file, &Place { folder: "", prefix: "", chain: &chain });
    parsed.errors.extend(errors);
    parsed.errors.sort_by_key(|error| error.span.start);
    if !is_readable(&parsed) {
        parsed.file = file;
        return parsed;
    }
    let mut names = Outside { names: outside.names.clone(), has_used_files: true };
    names.names.extend(names_of(&file));
    parsed.errors.extend(check(&file, source, &names));
    parsed.errors.extend(used_errors(&file, &file));
    parsed.errors.sort_by_key(|error| error.span.start);
    parsed.file = file;
    parsed
}

/// Whether a newer version can run it.
fn is_of_later_version(error: &Error) -> bool {
    match &error.kind {
        ErrorKind::NotYet(_) => true,
        ErrorKind::InUsed { error, .. } => is_of_later_version(error),
        _ => false,
    }
}

struct Loader<'a> {
    files: &'a mut dyn Files,
    outside: &'a Outside,
    /// The files that are used already, with what is before their names.
    seen: BTreeSet<(String, String)>,
    count: usize,
}

/// Where a file is that uses others.
struct Place<'a> {
    /// Its folder with `/`, seen from that of the first file.
    folder: &'a str,
    /// What is before its names.
    prefix: &'a str,
    /// It and the files that led to it.
    chain: &'a Vec<String>,
}

impl Loader<'_> {
    fn resolve(&mut self, file: &mut File, place: &Place<'_>) -> Vec<Error> {
        let mut errors = Vec::new();
        for top in &mut file.tops {
            let TopKind::Use(used) = &mut top.kind else { continue };
            match self.load(used, place) {
                Ok((file, of_file)) => {
                    let in_file = |error| in_used(&file, error, used.path.span);
                    errors.extend(of_file.into_iter().map(in_file));
                    used.file = Some(file);
                }
                Err(Some(kind)) => errors.push(Error { kind, span: used.path.span }),
                Err(None) => {}
            }
        }
        errors
    }

    /// The file and its errors; without an error: it is there already.
    fn load(&mut self, used: &Use, place: &Place<'_>) -> Result<(Arc<Used>, Vec<Error>), Option<ErrorKind>> {
        let written = used.path.plain().ok_or_else(|| ErrorKind::PatternOnly("{{…}}".into()))?;
        if !is_below(written) {
            return Err(Some(ErrorKind::Fault(FaultKind::PathOutside(written.to_owned()))));
        }
        let parts: Vec<&str> = written.split(['/', '\\']).filter(|part| *part != ".").collect();
        let path = format!("{}{}", place.folder, parts.join("/"));
        if place.chain.contains(&path) {
            return Err(Some(ErrorKind::UsesItself(path)));
        }
        let prefix = match &used.name {
            Some(name) => format!("{}{}.", place.prefix, name.value),
            None => place.prefix.to_owned(),
        };
        if !self.seen.insert((path.clone(), prefix.clone())) {
            return Err(None);
        }
        self.count += 1;
        if self.count > MOST_FILES {
            return Err(Some(ErrorKind::TooManyFiles(MOST_FILES)));
        }
        let unreadable = |kind| ErrorKind::Fault(FaultKind::Unreadable { path: path.clone(), kind });
        let bytes = self.files.read(&path, LONGEST).map_err(unreadable)?;
        let source = String::from_utf8(bytes).map_err(|_| unreadable(io::ErrorKind::InvalidData))?;
        let mut parsed = parse(&source);
        let folder = path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        let chain = place.chain.iter().cloned().chain([path.clone()]).collect();
        let below = Place { folder: &folder, prefix: &prefix, chain: &chain };
        let mut errors = parsed.errors;
        errors.extend(self.resolve(&mut parsed.file, &below));
        errors.sort_by_key(|error| error.span.start);
        let names = self.outside.names.iter().filter_map(|name| name.strip_prefix(&prefix)).map(str::to_owned);
        let exported = names_of(&parsed.file).into_iter().chain(names).collect();
        let text = Arc::new(UsedText { path, source });
        Ok((Arc::new(Used { text, file: parsed.file, names: exported }), errors))
    }
}

/// The errors that only the whole of each used file shows. `first` has the sessions.
fn used_errors(file: &File, first: &File) -> Vec<Error> {
    let mut errors = Vec::new();
    for used in uses(file) {
        let Some(child) = &used.file else { continue };
        let names = Outside { names: child.names.clone(), has_used_files: true };
        let mut of_child = check_used(&child.file, &child.text.source, first, &names);
        of_child.extend(used_errors(&child.file, first));
        errors.extend(of_child.into_iter().map(|error| in_used(child, error, used.path.span)));
    }
    errors
}

fn uses(file: &File) -> impl Iterator<Item = &Use> {
    file.tops.iter().filter_map(|top| if let TopKind::Use(used) = &top.kind { Some(used) } else { None })
}

/// The error of a used file as one of the file that uses it.
fn in_used(file: &Used, error: Error, span: Span) -> Error {
    // The innermost file is shown.
    let kind = match error.kind {
        kind @ ErrorKind::InUsed { .. } => kind,
        kind => ErrorKind::InUsed { file: file.text.clone(), error: Box::new(Error { kind, span: error.span }) },
    };
    Error { kind, span }
}

/// Where an entry of a file comes from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// What is before its names in other files: empty, or `common.`.
    pub prefix: String,
    /// The used file; `None`: the file itself.
    pub used: Option<Arc<Used>>,
    /// The `use` line of the file itself.
    pub span: Span,
}

impl Origin {
    fn of(&self, used: &Use, file: &Arc<Used>) -> Self {
        let prefix = match &used.name {
            Some(name) => format!("{}{}.", self.prefix, name.value),
            None => self.prefix.clone(),
        };
        let span = if self.used.is_some() { self.span } else { used.path.span };
        Self { prefix, used: Some(file.clone()), span }
    }

    /// The text of the used file.
    #[must_use]
    pub fn text(&self) -> Option<&Arc<UsedText>> {
        self.used.as_ref().map(|used| &used.text)
    }

    /// The folder of the file with `/`, seen from that of the first file.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.used.as_ref().and_then(|used| used.text.path.rsplit_once('/')).map_or("", |(folder, _)| folder)
    }
}

/// The variables of a file and of those that it uses, in the order in which they get their values: later ones replace earlier ones.
#[must_use]
pub fn vars(file: &File) -> Vec<(Origin, &Var)> {
    let mut all = Vec::new();
    add_vars(file, &Origin::default(), &mut all);
    all
}

fn add_vars<'a>(file: &'a File, origin: &Origin, all: &mut Vec<(Origin, &'a Var)>) {
    for used in uses(file) {
        if let Some(child) = &used.file {
            add_vars(&child.file, &origin.of(used, child), all);
        }
    }
    for top in &file.tops {
        if let TopKind::Var(var) = &top.kind {
            all.push((origin.clone(), var));
        }
    }
}

/// The rules of a file, those of a used file in the place of its `use` line.
#[must_use]
pub fn rules(file: &File) -> Vec<(Origin, &Rule)> {
    let mut all = Vec::new();
    add_rules(file, &Origin::default(), &mut all);
    all
}

fn add_rules<'a>(file: &'a File, origin: &Origin, all: &mut Vec<(Origin, &'a Rule)>) {
    for top in &file.tops {
        match &top.kind {
            TopKind::Rule(rule) => all.push((origin.clone(), rule)),
            TopKind::Use(used) => {
                if let Some(child) = &used.file {
                    add_rules(&child.file, &origin.of(used, child), all);
                }
            }
            _ => {}
        }
    }
}

/// The files of a folder below.
pub struct Below<'a> {
    /// The files of the folder above.
    pub files: &'a mut dyn Files,
    /// The folder, without `/` at its end; empty: the same folder.
    pub folder: &'a str,
}

impl Files for Below<'_> {
    fn read(&mut self, path: &str, most: usize) -> Result<Vec<u8>, io::ErrorKind> {
        if self.folder.is_empty() {
            self.files.read(path, most)
        } else {
            self.files.read(&format!("{}/{path}", self.folder), most)
        }
    }
}
