//! Talk files.

use super::{Input, assert_explained};
use wirebench::codec::safe;
use wirebench::talk::edit::{Document, Edit, EntryKind, Place};
use wirebench::talk::import::import;
use wirebench::talk::tree::Span;
use wirebench::talk::{ErrorKind, Outside, read};
use wirebench::words::{self, Lang};

/// Input: the text of a file.
pub fn talk(data: &[u8]) {
    let source = Input(data).text();
    let is_inside = |span: Span| source.get(span.range()).is_some();
    let read = read(&source, &Outside::default());
    for error in &read.errors {
        assert!(is_inside(error.span) && error.kind.related().is_none_or(is_inside), "{error:?}");
        assert_explained(|lang| words::talk_sentence(&error.kind, lang));
    }
    for lang in Lang::ALL {
        let report = words::talk_report("x.talk", &source, &read.errors, lang, false);
        assert!(!report.contains(|c| c != '\n' && safe::is_hidden(c)), "{report:?}");
        assert_eq!(report.is_empty(), read.errors.is_empty());
    }
    let document = Document::new(source.clone());
    let mut end = 0;
    for entry in document.entries() {
        assert!(is_inside(entry.span) && is_inside(entry.lines) && is_inside(entry.comment), "{entry:?}");
        assert!(entry.span.start >= end && entry.lines.start >= end, "entries are in order: {entry:?}");
        end = entry.lines.end;
    }
    edits(&document);
}

/// What is left after an edit can be read, and a refused edit changes nothing.
fn edits(document: &Document) {
    let last = document.entries().len().saturating_sub(1);
    for edit in [
        Edit::Delete { entry: last / 2 },
        Edit::Move { entry: last, to: Place::Before(0) },
        Edit::Insert { at: Place::After(0), lines: "> 01".to_owned() },
        Edit::Rename { entry: 0, name: "x".to_owned() },
        Edit::SetDelay { entry: last, delay: None },
        Edit::SetRepeat { entry: 0, repeat: None },
    ] {
        let mut after = document.clone();
        match after.apply(&edit) {
            Ok(()) => {
                assert!(after.errors().iter().all(|error| matches!(error.kind, ErrorKind::NotYet(_))), "{edit:?}");
                assert_eq!(Document::new(after.source().to_owned()), after);
            }
            Err(_) => assert_eq!(&after, document),
        }
    }
}

/// Input: a list of commands of another program. What is imported is a talk file without errors.
pub fn commands(data: &[u8]) {
    let Ok(imported) = import(data) else { return };
    let lines = imported.lines();
    let document = Document::new(lines.clone());
    assert_eq!(document.errors(), [], "{lines:?}");
    let steps = document.entries().iter().filter(|entry| matches!(entry.kind, EntryKind::Step { .. })).count();
    assert_eq!(steps, imported.commands.len());
    for left in imported.left_out.iter().take(20) {
        assert_explained(|lang| lang.texts().quick_left_out(&left.name, left.why));
    }
}
