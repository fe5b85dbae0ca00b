//! Files that are sent and saved, in English.

use super::En;
use crate::words::{counted, size};

texts! { Files for En;

    more_files(count: usize) -> String {
        match count {
            1 => "and 1 more file".to_owned(),
            _ => format!("and {count} more files"),
        }
    }
    too_many_files(most: usize, over: usize) -> String {
        match over {
            1 => format!("At most {most} files can wait: 1 file was not added"),
            _ => format!("At most {most} files can wait: {over} files were not added"),
        }
    }
    file_went(bytes: u64) => "{} sent", size(bytes);
    file_went_to(bytes: u64, peers: usize) => "{} sent to {peers} peers", size(bytes);
    file_saved(bytes: u64) => "{} saved", size(bytes);
    other_peers(others: usize) => "{others} more";
    transfer_gone: "disconnected";
    transfer_stalled(time: &str) => "not reading for {time}";
    transfer_one_stalled(peer: u32, time: &str) => "#{peer} not reading for {time}";
    transfer_left(time: &str) => "{time} left";
    peers_of(count: usize) => "{count} peers";
    transfer_name(sends: bool, file: &str, to: &str) -> String {
        match (sends, to.is_empty()) {
            (true, true) => format!("Sending {file}"),
            (true, false) => format!("Sending {file} to {to}"),
            (false, _) => format!("Saving {file}"),
        }
    }
    cancel_transfer(file: &str) => "Cancel {file}";
    stop_receiving(file: &str) => "Stop saving {file}";
    stop_serving(folder: &str) => "Stop serving {folder}";
    serving_name(folder: &str) => "Serving {folder}";
    moved(arrived: bool, bytes: u64, is_verified: bool) -> String {
        let moved = if arrived { "received" } else { "sent" };
        let verdict = if is_verified { "MD5 agrees" } else { "not verified" };
        format!("{} {moved} · {verdict}", size(bytes))
    }
    receive_missed(records: u64) => "{} deleted by the size limit before they were written", counted(records, "record");
    remove_transfer(file: &str) => "Remove {file}";
    send_again(file: &str) => "Send {file} again";
    unfold_peers(file: &str) => "Show peers of {file}";
    fold_peers(file: &str) => "Hide peers of {file}";
    transfers_running(count: usize) -> String {
        match count {
            1 => "1 file in transfer".to_owned(),
            _ => format!("{count} files in transfer"),
        }
    }

    // Several files of received bytes
    file_each_peer: "A file for each connection";
    next_file: "Next file";
    next_file_size: "Next file at size";
    next_file_minutes: "Next file after minutes";
    minutes_unit: "min";
    file_name_parts: "The name can contain {peer}, {date}, {time} and {n}";
    not_a_limit: "Enter a size such as 64M, or whole minutes";
    piece_label: "Piece";
    piece_bytes: "Bytes per piece";
    piece_unit: "bytes per piece, such as 1K";
    pause_label: "Pause";
    pause_between: "Pause between pieces (ms)";
    pause_unit: "ms between pieces";
    rate_label: "Rate limit";
    rate_limit: "Bytes per second at most";
    rate_hint: "none";
    rate_unit: "bytes per second, such as 20K";
    not_a_pace: "Enter a size such as 64K (a piece has at most 16M), or whole milliseconds";
}
