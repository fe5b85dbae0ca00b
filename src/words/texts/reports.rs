//! Output and messages of the command line.

use crate::capture::CaptureState;
use crate::codec::{FrameKind, SequenceCounts};

/// Output and messages of the command line.
pub trait Reports {
    // Captures
    /// There are no captures.
    fn no_captures(&self) -> &'static str;
    /// Column heads of the list of captures.
    fn captures_heads(&self) -> [&'static str; 8];
    /// The state of a capture.
    fn capture_state(&self, state: CaptureState) -> &'static str;
    /// A capture was deleted.
    fn capture_deleted(&self, name: &str) -> String;
    /// Appended if sent files were not read: the option that reads them.
    fn how_to_follow_files(&self) -> &'static str;
    /// Number of records that could not be searched.
    fn not_searched(&self, records: u64) -> String;
    /// The search found nothing.
    fn nothing_found(&self, capture: &str) -> String;
    /// Several records that cannot be read for the same reason.
    fn reason_of_several(&self, why: &str, records: u64) -> String;
    // Sequence numbers
    /// The form of `--sequence`.
    fn sequence_field_form(&self) -> &'static str;
    /// `--sequence` without a framing rule on a stream.
    fn sequence_needs_frames(&self) -> &'static str;
    /// What the numbers of one sender show.
    fn sequence_line(&self, peer: &str, counts: &SequenceCounts) -> String;
    // Sessions
    /// Records that were deleted before they were printed.
    fn deleted_unprinted(&self, from: u64, to: u64) -> String;
    /// Hex with a single digit was given to an option.
    fn single_digit(&self, option: &str, digit: char) -> String;
    /// A hexdump was given to an option. `recognised` is the message about it.
    fn hexdump_given(&self, option: &str, recognised: &str, bytes: u64) -> String;
    // Frames
    /// Summary of the frames.
    fn frames_found(&self, frames: u64, bad: u64, junk_bytes: u64, incomplete: u64) -> String;
    /// Summary of the bytes that are not complete frames.
    fn no_frame(&self, kind: FrameKind) -> Option<&'static str>;
    // Start and end
    /// The settings file is damaged. `why` is in English.
    fn settings_file_damaged(&self, why: &str, kept: &str) -> String;
    /// The settings file was written by a newer version.
    fn settings_file_newer(&self, version: u32, kept: &str) -> String;
    /// Some settings are unknown.
    fn settings_not_known(&self, values: &[String]) -> String;
    /// The conditions that a run did not meet.
    fn conditions_not_met(&self, conditions: &[String]) -> String;
    /// The totals of a run.
    fn summary(&self, received_bytes: u64, received_records: u64, sent_bytes: u64, sent_records: u64) -> String;
    /// Appended: the bytes that were received and not stored.
    fn summary_dropped(&self, records: u64, bytes: u64) -> String;
    /// Appended: the datagrams that the system dropped. It does not report their size.
    fn summary_kernel_dropped(&self, records: u64) -> String;
    /// Appended: the bytes that the size limit deleted.
    fn summary_evicted(&self, records: u64, bytes: u64) -> String;
    /// Appended: the capture.
    fn summary_capture(&self, capture: &str) -> String;
}
