//! The talk file of a tab in the window.

/// The talk file of a tab in the window.
pub trait TalkFiles {
    /// Title of the file dialog.
    fn open_talk_title(&self) -> &'static str;
    /// An edit or its undo came too late.
    fn talk_changed_since(&self) -> &'static str;
    /// The file cannot be edited yet.
    fn talk_not_loaded(&self) -> &'static str;
    /// Another program changed the file, and the user must choose a version.
    fn talk_choose_first(&self) -> &'static str;
    /// Forms cannot edit a file with errors.
    fn talk_has_errors(&self) -> &'static str;
    /// A name that cannot be written into the file.
    fn talk_bad_name(&self, name: &str) -> String;
    /// Another program changed the file (true), or removed it.
    fn talk_file_changed(&self, is_there: bool) -> &'static str;
    /// The file is too long.
    fn talk_file_too_long(&self) -> &'static str;
    /// The file could not be read or written.
    fn talk_file_failed(&self) -> &'static str;
    /// The button that reads the file again; true: edits are dropped.
    fn talk_take_theirs(&self, drops: bool) -> &'static str;
    /// The button that keeps the edits.
    fn talk_keep_ours(&self) -> &'static str;
    /// Edits could not be written into the file.
    fn talk_not_written(&self) -> &'static str;
    /// There are edits of an earlier start that could not be written into the file.
    fn talk_aside_found(&self) -> &'static str;
    /// The button that uses them.
    fn talk_take_aside(&self) -> &'static str;
    /// The button that deletes them.
    fn talk_drop_aside(&self) -> &'static str;
    /// They are used now.
    fn talk_aside_taken(&self) -> &'static str;
    /// The first of so many errors is in this line.
    fn talk_error_at(&self, line: usize, sentence: &str) -> String;
    /// Further errors.
    fn talk_errors_more(&self, count: usize) -> String;
}
