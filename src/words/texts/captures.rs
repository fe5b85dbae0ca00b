//! Stored captures: read errors, exports, imports, deletion.

use crate::capture::ReadError;

/// Stored captures: read errors, exports, imports, deletion.
pub trait Captures {
    // Reading
    /// Why the payload of a record cannot be shown.
    fn read_error(&self, error: &ReadError) -> String;
    /// The long form: names the file and its earlier content, or the damage.
    fn read_error_in_full(&self, error: &ReadError) -> String;
    /// Damage that a check of a capture found. `note` is English, from the capture's file.
    fn damage(&self, note: &str) -> String;
    /// Sent data is missing from the output, because the capture holds only the path of the file.
    fn files_left_unread(&self) -> &'static str;
    // Exports
    /// Note in a packet capture that its headers are synthetic.
    fn made_up_headers(&self) -> &'static str;
    /// Records are missing from an export.
    fn records_missing(&self, records: u64) -> String;
    // Imports
    /// The user cancelled an import.
    fn import_cancelled(&self) -> &'static str;
    /// A file is not a log.
    fn no_log(&self, path: &str) -> String;
    /// An entry declared as hex is not hex.
    fn no_hex_in_log(&self, path: &str, line: u64, why: &str) -> String;
    /// Number of imported records.
    fn imported(&self, records: u64) -> String;
    /// Lines of a log that were not imported.
    fn lines_left_out(&self, lines: u64) -> String;
    /// Every entry of a log was followed by an empty line, which was not imported.
    fn empty_lines_left_out(&self) -> &'static str;
    /// The log was encoded in UTF-16.
    fn read_from_utf_16(&self) -> &'static str;
    /// Ambiguous local times, at the end of daylight saving time.
    fn times_existed_twice(&self, times: u64) -> String;
    /// Nonexistent local times, at the start of daylight saving time.
    fn times_never_were(&self, times: u64) -> String;
    // Deletion
    /// Captures that were deleted by the retention time.
    fn swept(&self, captures: u64, named: &str) -> String;
}
