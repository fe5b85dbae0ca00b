//! What the command line reports.

use crate::capture::CaptureState;
use crate::codec::FrameKind;

/// What the command line reports.
pub trait Reports {
    // Captures
    /// There are none.
    fn no_captures(&self) -> &'static str;
    /// The heads of the table.
    fn captures_heads(&self) -> [&'static str; 8];
    /// The state of one.
    fn capture_state(&self, state: CaptureState) -> &'static str;
    /// One was deleted.
    fn capture_deleted(&self, name: &str) -> String;
    /// Behind files that were left unread: how they are read.
    fn how_to_follow_files(&self) -> &'static str;
    /// Records that could not be searched.
    fn not_searched(&self, records: u64) -> String;
    /// Nothing was found.
    fn nothing_found(&self, capture: &str) -> String;
    /// Several records that cannot be read for the same reason.
    fn reason_of_several(&self, why: &str, records: u64) -> String;
    // Sessions
    /// A socket waits for peers. The begin is the contract with scripts, the same in every language.
    fn listens(&self, local: &str) -> String;
    /// A connection was made, likewise.
    fn connects(&self, remote: &str, local: &str) -> String;
    /// Records that were deleted before they were printed.
    fn deleted_unprinted(&self, from: u64, to: u64) -> String;
    /// Hex with a single digit was given to an option.
    fn single_digit(&self, option: &str, digit: char) -> String;
    /// A hexdump was given to an option. `recognised` says so.
    fn hexdump_given(&self, option: &str, recognised: &str, bytes: u64) -> String;
    // Frames
    /// What was found of them.
    fn frames_found(&self, frames: u64, bad: u64, junk_bytes: u64, incomplete: u64) -> String;
    /// What is no whole frame.
    fn no_frame(&self, kind: FrameKind) -> Option<&'static str>;
    // Start and end
    /// The settings file was damaged. `why`: in English.
    fn settings_file_damaged(&self, why: &str, kept: &str) -> String;
    /// The settings file is of a newer program.
    fn settings_file_newer(&self, version: u32, kept: &str) -> String;
    /// Some settings were not known.
    fn settings_not_known(&self, values: &[String]) -> String;
    /// Why a run failed.
    fn conditions_not_met(&self, conditions: &[String]) -> String;
    /// The sums of a run.
    fn summary(&self, received_bytes: u64, received_records: u64, sent_bytes: u64, sent_records: u64) -> String;
    /// Behind it: what was received and not stored.
    fn summary_dropped(&self, records: u64, bytes: u64) -> String;
    /// Behind it: what the system dropped, which does not say how many bytes.
    fn summary_kernel_dropped(&self, records: u64) -> String;
    /// Behind it: what the size limit deleted.
    fn summary_evicted(&self, records: u64, bytes: u64) -> String;
    /// Behind it: the capture.
    fn summary_capture(&self, capture: &str) -> String;
}
