//! What the command line reports, in English.

use super::En;
use crate::capture::CaptureState;
use crate::codec::{FrameKind, SequenceCounts};
use crate::words::counted;

texts! { Reports for En;

    // Captures
    no_captures: "no captures";
    captures_heads() -> [&'static str; 8] { ["ID", "Created", "Endpoint", "Records", "Peers", "Size", "Evicted", "State"] }
    capture_state(state: CaptureState) -> &'static str {
        match state {
            CaptureState::Open => "open",
            CaptureState::Closed => "closed",
            CaptureState::Recovered => "recovered",
        }
    }
    capture_deleted(name: &str) => "deleted capture {name}";
    how_to_follow_files: "; --follow-files reads them";
    not_searched(records: u64) => "not searched because they cannot be read: {}", counted(records, "record");
    nothing_found(capture: &str) => "nothing found in capture {capture}";
    reason_of_several(why: &str, records: u64) => "{why} ({})", counted(records, "record");

    // Sequence numbers
    sequence_field_form: "should be an offset and a type, such as 4:u32 (u8, u16, u32 or u64; with le for little-endian: 4:u32le)";
    sequence_needs_frames: "needs --frame on a stream, which has no messages of its own";
    sequence_line(peer: &str, counts: &SequenceCounts) -> String {
        let SequenceCounts { received, lost, duplicated, reordered, restarted, short, .. } = *counts;
        let share = lost as f64 * 100.0 / (received + lost).saturating_sub(duplicated).max(1) as f64;
        let jitter = counts.jitter_ns / 1e6;
        let restarts = if restarted > 0 { format!(", {restarted} restarts") } else { String::new() };
        let short = if short > 0 { format!(", {short} too short for the number") } else { String::new() };
        format!("{peer}: {received} received, {lost} lost ({share:.2} %), {duplicated} duplicated, {reordered} out of order{restarts}{short}, jitter {jitter:.3} ms")
    }

    // Sessions
    deleted_unprinted(from: u64, to: u64) -> String {
        if from == to {
            format!("record {from} was deleted by the size limit before it could be printed")
        } else {
            format!("records {from} to {to} were deleted by the size limit before they could be printed")
        }
    }
    single_digit(option: &str, digit: char) => "{option}: the single digit {digit} is taken as 0{digit}";
    hexdump_given(option: &str, recognised: &str, bytes: u64) => "{option}: {recognised} ({})", counted(bytes, "byte");

    // Frames
    frames_found(frames: u64, bad: u64, junk_bytes: u64, incomplete: u64) => "{}, {bad} with a bad check, {} unframed, {incomplete} incomplete", counted(frames, "frame"), counted(junk_bytes, "byte");
    no_frame(kind: FrameKind) -> Option<&'static str> {
        match kind {
            FrameKind::Frame => None,
            FrameKind::Junk => Some("fits no frame"),
            FrameKind::Separator => Some("between frames"),
            FrameKind::Incomplete => Some("incomplete"),
        }
    }

    // Start and end
    settings_file_damaged(why: &str, kept: &str) => "the settings file is damaged ({why}); it is kept as {kept} and defaults are used";
    settings_file_newer(version: u32, kept: &str) => "the settings file is of a newer version ({version}); it is kept as {kept} and defaults are used";
    settings_not_known(values: &[String]) => "settings unknown to this version have their defaults: {}", values.join("; ");
    conditions_not_met(conditions: &[String]) => "conditions not met: {}", conditions.join(", ");
    summary(received_bytes: u64, received_records: u64, sent_bytes: u64, sent_records: u64) -> String {
        let part = |bytes, records| format!("{} in {}", counted(bytes, "byte"), counted(records, "record"));
        format!("received {}, sent {}", part(received_bytes, received_records), part(sent_bytes, sent_records))
    }
    summary_dropped(records: u64, bytes: u64) => ", {} in {} not stored", counted(bytes, "byte"), counted(records, "record");
    summary_kernel_dropped(records: u64) => ", {} dropped by the system", counted(records, "record");
    summary_evicted(records: u64, bytes: u64) => ", {} in {} deleted by the size limit", counted(bytes, "byte"), counted(records, "record");
    summary_capture(capture: &str) => "; capture {capture}";
}
