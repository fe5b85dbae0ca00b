//! Stored captures: what cannot be read of them, exports, imports, deletion, in English.

use super::En;
use crate::capture::{NotFollowed, ReadError};
use crate::words::{grouped, harmless};

texts! { Captures for En;

    // Reading
    read_error(error: &ReadError) -> String {
        match error {
            ReadError::Evicted(_) => "Deleted by the size limit".to_owned(),
            ReadError::NotYet(_) => "Not written yet".to_owned(),
            ReadError::FileChanged(_) => {
                "The file that was sent has changed or is gone, so its content cannot be shown".to_owned()
            }
            ReadError::NotFollowed { path, why: NotFollowed::Foreign } => {
                format!("Not read, as this capture was not written on this machine: the sent file {path}")
            }
            ReadError::NotFollowed { path, why: NotFollowed::Elsewhere } => {
                format!("Not read, because it is on a server, is a device or is reached by a link: the sent file {path}")
            }
            ReadError::Io(_) => "The capture is damaged here and cannot be read".to_owned(),
        }
    }
    read_error_in_full(error: &ReadError) -> String {
        match error {
            ReadError::NotFollowed { .. } => harmless(&En.read_error(error)),
            _ => harmless(&error.to_string()),
        }
    }
    damage(note: &str) => "The capture is incomplete: {}", harmless(note);
    files_left_unread: "The capture refers to files that were sent; they were not read";

    // Exports
    made_up_headers: "Made from what passed a socket: the Ethernet, IP and TCP or UDP headers (with handshakes, acknowledgements and segments) are made up and are not what passed the wire";
    records_missing(records: u64) -> String {
        match records {
            1 => "1 record could not be read and is missing (damaged, or a file that was sent has changed since or was not read)".to_owned(),
            _ => format!(
                "{} records could not be read and are missing (damaged, or files that were sent have changed since or were not read)",
                grouped(records)
            ),
        }
    }

    // Imports
    import_cancelled: "Cancelled";
    no_log(path: &str) => "{path} contains no entries of a NetAssist log";
    no_hex_in_log(path: &str, line: u64, why: &str) -> String {
        let mut why = why.chars();
        let why: String = why.next().into_iter().flat_map(char::to_lowercase).chain(why).collect();
        format!("{path}: the entry at line {line} is not hex: {why}")
    }
    imported(records: u64) -> String {
        match records {
            1 => "1 data record was imported".to_owned(),
            _ => format!("{} data records were imported", grouped(records)),
        }
    }
    lines_left_out(lines: u64) -> String {
        match lines {
            1 => "1 line belongs to no entry and was left out".to_owned(),
            _ => format!("{} lines belong to no entry and were left out", grouped(lines)),
        }
    }
    empty_lines_left_out: "Every entry was followed by an empty line, which was taken as part of the log and left out";
    read_from_utf_16: "The file is in UTF-16; its text was imported as UTF-8";
    times_existed_twice(times: u64) -> String {
        match times {
            1 => "1 time was ambiguous (the clock was set back); the order of the entries decided".to_owned(),
            _ => format!(
                "{} times were ambiguous (the clock was set back); the order of the entries decided",
                grouped(times)
            ),
        }
    }
    times_never_were(times: u64) -> String {
        match times {
            1 => "1 time did not exist (the clock was set forward) and was moved forward".to_owned(),
            _ => format!("{} times did not exist (the clock was set forward) and were moved forward", grouped(times)),
        }
    }

    // Deletion
    swept(captures: u64, named: &str) -> String {
        match captures {
            1 => format!("Deleted 1 capture older than the retention time: {named}"),
            _ => format!("Deleted {} captures older than the retention time: {named}", grouped(captures)),
        }
    }
}
