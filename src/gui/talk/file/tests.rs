use super::*;
use crate::settings::talk_path;
use crate::talk::edit::Place;
use std::time::Instant;

/// A file in a folder of its own. The clock of the test is the end of the jobs.
struct Ground {
    dir: tempfile::TempDir,
    woken: crossbeam_channel::Receiver<()>,
    wake: Wake,
}

impl Ground {
    fn new() -> Self {
        let (sender, woken) = crossbeam_channel::bounded(64);
        let wake: Wake = Arc::new(move || {
            sender.try_send(()).ok();
        });
        Self { dir: tempfile::tempdir().unwrap(), woken, wake }
    }

    fn path(&self) -> PathBuf {
        talk_path(self.dir.path(), "a.talk").unwrap()
    }

    fn on_disk(&self) -> Option<String> {
        read_talk(&self.path()).unwrap()
    }

    /// Another program writes the file.
    fn overwrite(&self, text: &str) {
        write_talk(&self.path(), self.on_disk().as_deref(), text).unwrap();
    }

    fn opened(&self) -> TalkFile {
        let mut file = TalkFile::default();
        file.use_path(Some(self.path()));
        self.until(&mut file, TalkFile::is_loaded);
        file
    }

    fn until(&self, file: &mut TalkFile, is_done: impl Fn(&TalkFile) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            file.tick(&self.wake);
            if is_done(file) && file.reading.is_none() && file.writing.is_none() {
                return;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            self.woken.recv_timeout(left).expect("no job ends any more");
        }
    }

    fn saved(&self, file: &mut TalkFile) {
        self.until(file, |file| !file.is_unsaved());
    }

    /// Looks at the file, and waits until the result is there.
    fn look(&self, file: &mut TalkFile) {
        file.look(&self.wake);
        self.until(file, |_| true);
    }
}

fn add(line: &str) -> Edit {
    Edit::Insert { at: Place::End, lines: line.to_owned() }
}

#[test]
fn an_edit_of_a_tab_without_a_file_makes_one() {
    let ground = Ground::new();
    let mut file = TalkFile::default();
    assert!(file.is_loaded() && !file.needs_place());
    file.edit(&add("> 01")).unwrap();
    assert!(file.needs_place());
    file.begin_at(ground.path());
    ground.saved(&mut file);
    assert_eq!(ground.on_disk().as_deref(), Some("> 01\n"));
    file.edit(&add("> 02")).unwrap();
    ground.saved(&mut file);
    assert_eq!(ground.on_disk().as_deref(), Some("> 01\n> 02\n"));
    assert_eq!(file.revision(), 2);
}

#[test]
fn a_change_of_another_program_is_shown_when_there_are_no_edits() {
    let ground = Ground::new();
    ground.overwrite("> 01\n");
    let mut file = ground.opened();
    assert_eq!(file.document().source(), "> 01\n");
    ground.overwrite("> 01\n> 02\n");
    ground.look(&mut file);
    assert_eq!((file.document().entries().len(), file.trouble()), (2, None));
}

#[test]
fn an_edit_never_replaces_what_another_program_wrote() {
    let ground = Ground::new();
    ground.overwrite("> 01\n");
    let changed = |file: &TalkFile| matches!(file.trouble(), Some(TalkFileError::Changed(_)));
    let conflict = || {
        let mut file = ground.opened();
        ground.overwrite("> 0A\n");
        file.edit(&add("> 02")).unwrap();
        ground.until(&mut file, changed);
        assert_eq!(ground.on_disk().as_deref(), Some("> 0A\n"));
        assert_eq!(file.edit(&add("> 03")), Err(Refusal::Changed));
        file
    };
    let mut file = conflict();
    file.take_theirs();
    ground.saved(&mut file);
    assert_eq!(file.document().source(), "> 0A\n");
    ground.overwrite("> 01\n");
    let mut file = conflict();
    file.keep_ours();
    ground.saved(&mut file);
    assert_eq!(ground.on_disk().as_deref(), Some("> 01\n> 02\n"));
}

/// Ends with edits that another program's change keeps out of the file. The file has `> 0A` behind it.
fn end_in_conflict(ground: &Ground, line: &str) {
    ground.overwrite("> 01\n");
    let mut file = ground.opened();
    file.edit(&add(line)).unwrap();
    ground.overwrite("> 0A\n");
    file.finish(Duration::from_secs(10));
    assert_eq!(ground.on_disk().as_deref(), Some("> 0A\n"));
}

fn beside(ground: &Ground) -> Vec<String> {
    let texts = ["unsaved.talk", "unsaved-2.talk"].map(|end| read_talk(&ground.path().with_extension(end)).unwrap());
    texts.into_iter().flatten().collect()
}

#[test]
fn edits_that_are_in_conflict_at_the_end_are_written_beside_the_file_and_offered_at_the_next_start() {
    let ground = Ground::new();
    end_in_conflict(&ground, "> 02");
    end_in_conflict(&ground, "> 03");
    assert_eq!(beside(&ground), ["> 01\n> 02\n", "> 01\n> 03\n"], "neither replaces the other");
    let mut file = ground.opened();
    let (path, text) = file.aside().map(|(path, text)| (path.to_owned(), text.to_owned())).unwrap();
    assert_eq!((path, text.as_str()), (ground.path().with_extension("unsaved.talk"), "> 01\n> 02\n"));
    assert!(file.restore("> 0A\n", text));
    file.drop_aside();
    ground.until(&mut file, |_| beside(&ground).len() == 1);
    assert_eq!((ground.on_disk().as_deref(), file.aside()), (Some("> 01\n> 02\n"), None));
    let mut file = ground.opened();
    assert_eq!(file.aside().map(|(_, text)| text), Some("> 01\n> 03\n"));
    file.drop_aside();
    ground.until(&mut file, |_| beside(&ground).is_empty());
    assert_eq!(ground.on_disk().as_deref(), Some("> 01\n> 02\n"));
}

#[test]
fn edits_that_are_not_written_are_reported_once() {
    let ground = Ground::new();
    let mut file = ground.opened();
    file.edit(&add("> 01")).unwrap();
    ground.saved(&mut file);
    assert!(!file.take_alarm());
    ground.overwrite("> 0A\n");
    file.edit(&add("> 02")).unwrap();
    ground.until(&mut file, |file| file.trouble().is_some());
    assert_eq!([file.take_alarm(), file.take_alarm()], [true, false]);
}

#[test]
fn a_file_with_errors_is_shown_with_them_and_not_edited() {
    let ground = Ground::new();
    ground.overwrite("> 0\n> 01\n");
    let mut file = ground.opened();
    assert_eq!(file.errors().len(), 1);
    assert_eq!(file.edit(&add("> 02")), Err(Refusal::Edit(EditError::FileHasErrors)));
    assert_eq!(ground.on_disk().as_deref(), Some("> 0\n> 01\n"));
    ground.overwrite("> {{nothing}}\n");
    ground.look(&mut file);
    assert_eq!(file.errors().len(), 1, "a name without a value");
    assert_eq!(file.edit(&add("> 02")), Ok(()), "its lines are certain");
    ground.saved(&mut file);
}

#[test]
fn a_file_that_cannot_be_read_is_left_alone_and_read_again() {
    let ground = Ground::new();
    let mut file = TalkFile::default();
    file.use_path(Some(ground.dir.path().to_owned()));
    ground.until(&mut file, |file| file.trouble().is_some());
    assert_eq!(file.edit(&add("> 02")), Err(Refusal::NotLoaded));
    assert!(!file.is_unsaved());
    file.use_path(Some(ground.path()));
    ground.until(&mut file, TalkFile::is_loaded);
    assert_eq!(file.trouble(), None);
}

#[test]
fn another_file_is_used_only_when_the_edits_are_on_disk() {
    let ground = Ground::new();
    let mut file = ground.opened();
    file.edit(&add("> 01")).unwrap();
    let other = ground.dir.path().join("b.talk");
    file.use_path(Some(other.clone()));
    assert_eq!(file.path(), Some(ground.path().as_path()));
    ground.saved(&mut file);
    file.use_path(Some(other.clone()));
    assert_eq!((file.path(), file.document().source()), (Some(other.as_path()), ""));
    assert_eq!(ground.on_disk().as_deref(), Some("> 01\n"));
}

#[test]
fn an_undone_edit_gives_the_text_that_was_before_unless_there_is_another_one() {
    let mut file = TalkFile::default();
    file.edit(&add("> 01")).unwrap();
    file.edit(&Edit::Delete { entry: 0 }).unwrap();
    assert!(file.restore("", "> 01\n".into()));
    file.edit(&add("> 02")).unwrap();
    assert!(!file.restore("> 01\n", String::new()));
    assert_eq!(file.document().source(), "> 01\n> 02\n");
}

#[test]
fn two_tabs_with_one_file_see_the_same() {
    let ground = Ground::new();
    let (mut one, mut other) = (ground.opened(), ground.opened());
    one.edit(&add("> 01")).unwrap();
    ground.saved(&mut one);
    other.follow(&ground.path(), "> 01\n");
    assert_eq!(other.document(), one.document());
    other.edit(&add("> 02")).unwrap();
    ground.saved(&mut other);
    assert_eq!(ground.on_disk().as_deref(), Some("> 01\n> 02\n"));
}

#[test]
fn a_look_while_the_file_is_written_happens_behind_the_write() {
    let ground = Ground::new();
    let mut file = ground.opened();
    file.edit(&add("> 01")).unwrap();
    file.tick(&ground.wake);
    assert!(file.writing.is_some());
    file.look(&ground.wake);
    // The write is done, and its result is not taken yet.
    let deadline = Instant::now() + Duration::from_secs(20);
    while ground.on_disk().is_none() {
        assert!(Instant::now() < deadline, "nothing is written");
        std::thread::yield_now();
    }
    ground.overwrite("> 0A\n");
    ground.until(&mut file, |file| file.document().source() == "> 0A\n");
}
