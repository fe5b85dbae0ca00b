//! Stored captures: what cannot be read of them, exports, imports, deletion.

use crate::capture::ReadError;

/// Stored captures: what cannot be read of them, exports, imports, deletion.
pub trait Captures {
    // Reading
    /// Why the payload of a record cannot be shown.
    fn read_error(&self, error: &ReadError) -> String;
    /// The same where there is room: which file it was and what it held then, or what is damaged.
    fn read_error_in_full(&self, error: &ReadError) -> String;
    /// What the check of a capture found, which its file says in English.
    fn damage(&self, note: &str) -> String;
    /// Some of what was sent is not shown: the capture has only the path of its file.
    fn files_left_unread(&self) -> &'static str;
    // Exports
    /// In a file of packets: what of them was made up.
    fn made_up_headers(&self) -> &'static str;
    /// An export is not whole.
    fn records_missing(&self, records: u64) -> String;
    // Imports
    /// The user stopped it.
    fn import_cancelled(&self) -> &'static str;
    /// A file is no log.
    fn no_log(&self, path: &str) -> String;
    /// An entry should be hex and is not.
    fn no_hex_in_log(&self, path: &str, line: u64, why: &str) -> String;
    /// How many records a log gave.
    fn imported(&self, records: u64) -> String;
    /// Lines of it that were not taken.
    fn lines_left_out(&self, lines: u64) -> String;
    /// Every entry had an empty line behind it.
    fn empty_lines_left_out(&self) -> &'static str;
    /// The log was in UTF-16.
    fn read_from_utf_16(&self) -> &'static str;
    /// Local times that existed twice.
    fn times_existed_twice(&self, times: u64) -> String;
    /// Local times that did not exist.
    fn times_never_were(&self, times: u64) -> String;
    // Deletion
    /// Which captures the retention time deleted.
    fn swept(&self, captures: u64, named: &str) -> String;
}
