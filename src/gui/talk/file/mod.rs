//! The talk file that a tab uses. It is read and written in jobs, written at once after each edit, and never over a change that another
//! program made.

use crate::jobs::{Job, JobPoll, Wake};
use crate::settings::{TalkFileError, delete_aside, read_aside, read_talk, write_aside, write_talk};
use crate::talk::edit::{Document, Edit, EditError};
use crate::talk::{Error, ErrorKind, Outside, check};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A text with what is in it and what is wrong with it. Made in a job.
struct Loaded {
    document: Document,
    errors: Vec<Error>,
}

/// The text of the file with its contents; `None`: there is no file.
type Read = Result<Option<(String, Loaded)>, TalkFileError>;

/// A text that was written beside the file, with its path.
type Aside = Option<(PathBuf, String)>;

/// Why an edit was not made.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The file is not read yet, or cannot be read.
    NotLoaded,
    /// Another program has changed the file, and the user has not chosen a version yet.
    Changed,
    /// The edit itself.
    Edit(EditError),
}

/// The file, its contents and what is going on with it.
#[derive(Default)]
pub struct TalkFile {
    /// The path; `None`: the tab has no file yet.
    path: Option<PathBuf>,
    document: Document,
    errors: Arc<[Error]>,
    revision: u64,
    is_loaded: bool,
    /// The text of the file when it was last read or written; `None`: it did not exist.
    stored: Option<String>,
    trouble: Option<TalkFileError>,
    /// The file is to be looked at as soon as no job runs.
    wants_look: bool,
    /// Edits of an earlier start that could not be written into the file.
    aside: Aside,
    /// They are to be deleted as soon as the file has what the tab has.
    drops_aside: bool,
    /// Edits could not be written, and the user does not know it yet.
    alarm: bool,
    reading: Option<Job<(Read, Aside)>>,
    deleting: Option<Job<()>>,
    writing: Option<Job<(String, Result<(), TalkFileError>)>>,
}

impl Loaded {
    fn new(text: String) -> Self {
        let document = Document::new(text);
        let errors = errors_of(&document);
        Self { document, errors }
    }
}

/// The errors of the grammar, else those that only the whole file shows.
fn errors_of(document: &Document) -> Vec<Error> {
    let errors = document.errors().to_vec();
    if !errors.is_empty() {
        return errors;
    }
    let mut errors = check::check(document.file(), document.source(), &Outside::default());
    // The tab has a framing rule, or takes each read as a message.
    errors.retain(|error| error.kind != ErrorKind::RuleNeedsFrame);
    errors
}

impl TalkFile {
    /// What is in the file, with all edits. Empty until the file is read.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The errors of the contents.
    pub fn errors(&self) -> &[Error] {
        &self.errors
    }

    /// Increases whenever the contents change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The path; `None`: the tab has no file yet.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The contents are known, so that they can be edited. A tab without a file has empty contents.
    pub fn is_loaded(&self) -> bool {
        self.is_loaded || self.path.is_none()
    }

    /// The contents are being read for the first time.
    pub fn is_loading(&self) -> bool {
        !self.is_loaded() && self.trouble.is_none()
    }

    /// What went wrong with the file on disk.
    pub fn trouble(&self) -> Option<&TalkFileError> {
        self.trouble.as_ref()
    }

    /// Edits of an earlier start that could not be written into the file, with the path where they are.
    pub fn aside(&self) -> Option<(&Path, &str)> {
        self.aside.as_ref().filter(|_| !self.drops_aside).map(|(path, text)| (path.as_path(), text.as_str()))
    }

    /// Deletes the edits of an earlier start, once everything is on disk.
    pub fn drop_aside(&mut self) {
        self.drops_aside = self.aside.is_some();
    }

    /// True once after edits could not be written.
    pub fn take_alarm(&mut self) -> bool {
        std::mem::take(&mut self.alarm)
    }

    /// There are edits that are not on disk.
    pub fn is_unsaved(&self) -> bool {
        self.is_loaded() && self.stored.as_deref().unwrap_or_default() != self.document.source()
    }

    /// Makes a change. It is written by the next [`Self::tick`].
    ///
    /// # Errors
    /// See [`Refusal`]; nothing is changed then.
    pub fn edit(&mut self, edit: &Edit) -> Result<(), Refusal> {
        self.edit_all(std::slice::from_ref(edit))
    }

    /// Makes several changes, or none of them. The numbers of each one are those behind the ones before it.
    ///
    /// # Errors
    /// See [`Refusal`]; nothing is changed then.
    pub fn edit_all(&mut self, edits: &[Edit]) -> Result<(), Refusal> {
        self.may_edit()?;
        let mut document = self.document.clone();
        for edit in edits {
            document.apply(edit).map_err(Refusal::Edit)?;
        }
        self.take(document);
        Ok(())
    }

    /// Replaces the contents, if they still are `before`. Returns false if not.
    pub fn restore(&mut self, before: &str, text: String) -> bool {
        let is_same = self.may_edit().is_ok() && self.document.source() == before;
        if is_same {
            self.take(Document::new(text));
        }
        is_same
    }

    fn may_edit(&self) -> Result<(), Refusal> {
        match &self.trouble {
            Some(TalkFileError::Changed(_)) => Err(Refusal::Changed),
            _ if !self.is_loaded() => Err(Refusal::NotLoaded),
            _ => Ok(()),
        }
    }

    fn take(&mut self, document: Document) {
        // A write that failed is tried again.
        self.trouble = None;
        let errors = errors_of(&document);
        self.show(Loaded { document, errors });
    }

    fn show(&mut self, loaded: Loaded) {
        if loaded.document.source() != self.document.source() {
            self.revision += 1;
        }
        (self.document, self.errors) = (loaded.document, loaded.errors.into());
    }

    /// Uses another file, whose contents are read by the next [`Self::tick`]. Edits that are not on disk are written first: until then
    /// nothing changes.
    pub fn use_path(&mut self, path: Option<PathBuf>) {
        if path != self.path && !self.is_unsaved() && self.writing.is_none() {
            *self = Self { path, revision: self.revision + 1, ..Self::default() };
        }
    }

    /// There are edits and no file for them.
    pub fn needs_place(&self) -> bool {
        self.path.is_none() && self.is_unsaved()
    }

    /// Makes the edits of a tab without a file the contents of a new file.
    pub fn begin_at(&mut self, path: PathBuf) {
        if self.path.is_none() {
            (self.path, self.is_loaded) = (Some(path), true);
        }
    }

    /// The same contents for a file of its own.
    pub fn copy(&self) -> Self {
        let (document, errors) = (self.document.clone(), self.errors.clone());
        Self { document, errors, revision: 1, ..Self::default() }
    }

    /// Reads the file again, to notice what another program did with it.
    pub fn look(&mut self, wake: &Wake) {
        self.wants_look = self.reading.is_some() || self.writing.is_some();
        if self.wants_look || matches!(self.trouble, Some(TalkFileError::Changed(_))) {
            return;
        }
        let Some(path) = self.path.clone() else { return };
        let is_first = !self.is_loaded;
        let work = move |_: &crate::jobs::JobControl| {
            let read = read_talk(&path).map(|text| text.map(|text| (text.clone(), Loaded::new(text))));
            (read, is_first.then(|| read_aside(&path)).flatten())
        };
        self.reading = Job::start("read talk file", wake.clone(), work).ok();
    }

    /// Takes the text that the file has on disk, and drops the edits that are not there. A file that could not be read or written is
    /// read again.
    pub fn take_theirs(&mut self) {
        match self.trouble.take() {
            Some(TalkFileError::Changed(theirs)) => {
                self.show(Loaded::new(theirs.clone().unwrap_or_default()));
                (self.stored, self.is_loaded) = (theirs, true);
            }
            Some(_) => self.is_loaded = false,
            None => {}
        }
    }

    /// Keeps the contents of the tab: the next write replaces the text on disk, or is tried again.
    pub fn keep_ours(&mut self) {
        if let Some(TalkFileError::Changed(theirs)) = self.trouble.take() {
            self.stored = theirs;
        }
    }

    /// Another tab has written `text` to the same file.
    pub fn follow(&mut self, path: &Path, text: &str) {
        if self.path.as_deref() == Some(path) && self.is_loaded && !self.is_unsaved() && self.trouble.is_none() {
            self.stored = Some(text.to_owned());
            if self.document.source() != text {
                self.show(Loaded::new(text.to_owned()));
            }
        }
    }

    /// Starts what is due and takes the results. Returns the path and text that were just written.
    pub fn tick(&mut self, wake: &Wake) -> Option<(PathBuf, String)> {
        if let Some(job) = &mut self.reading {
            match job.poll() {
                JobPoll::Running => return None,
                JobPoll::Done((result, aside)) => {
                    self.aside = self.aside.take().or(aside);
                    self.was_read(result);
                }
                JobPoll::Gone => {}
            }
            self.reading = None;
        }
        let mut written = None;
        if let Some(job) = &mut self.writing {
            match job.poll() {
                JobPoll::Running => return None,
                JobPoll::Done((text, result)) => written = self.was_written(text, result),
                JobPoll::Gone => {}
            }
            self.writing = None;
        }
        if self.path.is_some() && self.trouble.is_none() {
            if !self.is_loaded {
                self.look(wake);
            } else if self.is_unsaved() {
                self.write(wake);
            }
        }
        if self.wants_look && self.writing.is_none() {
            self.look(wake);
        }
        self.delete_aside(wake);
        written
    }

    fn delete_aside(&mut self, wake: &Wake) {
        if self.deleting.as_mut().is_some_and(|job| !matches!(job.poll(), JobPoll::Running)) {
            self.deleting = None;
        }
        if self.drops_aside && !self.is_unsaved() && self.trouble.is_none() {
            self.drops_aside = false;
            let Some((path, text)) = self.aside.take() else { return };
            let work = move |_: &crate::jobs::JobControl| {
                if let Err(error) = delete_aside(&path, &text) {
                    tracing::warn!(%error, path = %path.display(), "edits beside a talk file were not deleted");
                }
            };
            self.deleting = Job::start("delete talk file", wake.clone(), work).ok();
        }
    }

    fn was_read(&mut self, result: Read) {
        let (text, loaded) = match result {
            Ok(Some((text, loaded))) => (Some(text), Some(loaded)),
            Ok(None) => (None, None),
            // What is known stays; the next edit or look shows the problem again.
            Err(error) => {
                self.trouble = Some(error);
                return;
            }
        };
        if self.is_loaded && text == self.stored {
            // A problem with reading is over.
            self.trouble = self.trouble.take().filter(|_| self.is_unsaved());
        } else if self.is_loaded && self.is_unsaved() {
            self.alarm = true;
            self.trouble = Some(TalkFileError::Changed(text));
        } else {
            self.show(loaded.unwrap_or_else(|| Loaded::new(String::new())));
            (self.stored, self.is_loaded, self.trouble) = (text, true, None);
        }
    }

    fn write(&mut self, wake: &Wake) {
        let Some(path) = self.path.clone() else { return };
        let (before, text) = (self.stored.clone(), self.document.source().to_owned());
        let work = move |_: &crate::jobs::JobControl| {
            let result = write_talk(&path, before.as_deref(), &text);
            (text, result)
        };
        self.writing = Job::start("write talk file", wake.clone(), work).ok();
    }

    fn was_written(&mut self, text: String, result: Result<(), TalkFileError>) -> Option<(PathBuf, String)> {
        match result {
            Ok(()) => {
                self.stored = Some(text.clone());
                Some((self.path.clone()?, text))
            }
            Err(error) => {
                (self.trouble, self.alarm) = (Some(error), true);
                None
            }
        }
    }

    /// Writes what is not on disk; called at the end of the program. Blocks up to `time` for a job that runs, and on the disk. Where
    /// another program has changed the file, the edits are written beside it.
    pub fn finish(&mut self, time: Duration) {
        if let Some(mut job) = self.writing.take()
            && let Some((text, result)) = job.wait(time)
        {
            self.was_written(text, result);
        }
        let Some(path) = self.path.clone().filter(|_| self.is_unsaved()) else { return };
        let text = self.document.source().to_owned();
        let mut result = write_talk(&path, self.stored.as_deref(), &text);
        if let Err(TalkFileError::Changed(_)) = result {
            result = write_aside(&path, &text).map(drop);
        }
        match result {
            Ok(()) => self.stored = Some(text),
            Err(error) => tracing::error!(?error, path = %path.display(), "the talk file was not written"),
        }
    }
}

#[cfg(test)]
mod tests;
