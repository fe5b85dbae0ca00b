//! The log, the list of hits, and what is copied from them, in English.

use super::En;
use crate::codec::CopyForm;
use crate::model::Direction;
use crate::words::{counted, grouped, size};

texts! { Log for En;

    // The log
    log_name: "Traffic";
    log_scroll_bar: "Traffic scroll bar";
    time_head: "Time";
    delta_name: "Meaning of Δ";
    since_previous: "Δ: since previous";
    since_start: "Δ: since start";
    response_time: "Δ: response time";
    columns_head: "Columns";
    columns_name: "Columns";
    peer_column: "Peer";
    length_column: "Length";
    summary_head: "Summary";
    wrap_lines: "Wrap lines";
    bytes_per_row(bytes: u16) -> String {
        match bytes {
            0 => "Bytes per row: auto".to_owned(),
            _ => format!("{bytes} bytes per row"),
        }
    }
    check_ok: "Checksum OK";
    check_failed: "Checksum error";
    peer_head: "Peer";
    peer_head_short: "#";
    length_head: "Len";
    text_head(encoding: &str) => "Text · {encoding}";
    not_following(unseen: u64) -> String {
        match unseen {
            0 => "Not following".to_owned(),
            1 => "Not following, 1 new record below".to_owned(),
            _ => format!("Not following, {} new records below", grouped(unseen)),
        }
    }
    back_to_newest: "Back to newest";
    to_all_peers(count: usize) => "All {count}";
    tried(attempts: u64) => " · {} attempts", grouped(attempts);
    repeated(count: u64) => "Repeat ×{}", grouped(count);
    unfold(records: u64) => "Unfold {records} records";
    fold(records: u64) => "Fold {records} records";
    highlighted(titles: &str) => "Highlighted: {titles}";
    direction(direction: Direction) -> &'static str {
        match direction {
            Direction::Received => "received",
            Direction::Sent => "sent",
        }
    }

    // Its menu
    fill_send_box: "Edit and resend";
    copy_lines: "Copy with time and peer";
    copy_record: "Copy this record";
    more_about_record: "More about this record";
    highlight_selection: "Highlight the selection";
    compare_two: "Compare these two";
    set_base: "Mark for compare";
    compare_with(name: &str) => "Compare with {name}";
    copy_as(form: CopyForm) -> &'static str {
        match form {
            CopyForm::Hex => "Copy hex",
            CopyForm::Text => "Copy text",
            CopyForm::CArray => "Copy as C array",
            CopyForm::Rust => "Copy as Rust array",
            CopyForm::Python => "Copy as Python bytes",
            CopyForm::Base64 => "Copy as Base64",
            CopyForm::Hexdump => "Copy as hexdump",
            CopyForm::Raw => "Copy raw, one character per byte",
        }
    }

    // What is copied and compared
    copied(rows: u64) -> String {
        match rows {
            1 => "1 row copied".to_owned(),
            _ => format!("{} rows copied", grouped(rows)),
        }
    }
    copied_first(rows: u64) -> String {
        match rows {
            1 => "The first row was copied; use “Save log” for more".to_owned(),
            _ => format!("The first {} rows were copied; use “Save log” for more", grouped(rows)),
        }
    }
    copied_bytes(bytes: u64) => "{} copied", size(bytes);
    copied_first_bytes(bytes: u64) => "The first {} were copied; use “Save received” for more", size(bytes);
    copy_failed(records: u64) -> String {
        match records {
            1 => "Cannot copy: 1 record can no longer be read".to_owned(),
            _ => format!("Cannot copy: {} records can no longer be read", grouped(records)),
        }
    }
    record(number: u64) => "record {number}";
    records_from_to(first: u64, last: u64) => "records {first}–{last}";
    part_of_record(bytes: u64, record: u64) => "{} of record {record}", counted(bytes, "byte");
    the_first(bytes: u64) => "the first {}", size(bytes);
    base_set(name: &str) => "Base for comparison: {name}";

    // Comparing
    left_side: "left";
    right_side: "right";
    all_the_same(bytes: u64) => "Identical · {} each", counted(bytes, "byte");
    differences(count: usize) -> String {
        match count {
            1 => "1 difference".to_owned(),
            _ => format!("{count} differences"),
        }
    }
    difference_of(number: usize, count: usize) => "Difference {number} of {count}";
    with_lengths(differences: &str, left: u64, right: u64) => "{differences} · left {} · right {}", counted(left, "byte"), counted(right, "byte");
    only_first_compared(side: &str, bytes: u64) => "Only the first {} of the {side} are compared", size(bytes);
    missing_in_side(side: &str, records: u64) -> String {
        match records {
            1 => format!("1 record of the {side} can no longer be read"),
            _ => format!("{} records of the {side} can no longer be read", grouped(records)),
        }
    }
    same_folded(bytes: u64) => "… {} …", counted(bytes, "identical byte");
    changed(count: usize) => " · {count} changed";
    only_left(count: usize) => " · {count} only on the left";
    only_right(count: usize) => " · {count} only on the right";

    // The list of hits
    hit_number: "No.";
    hit_time: "Time";
    hit_peer: "Peer";
    hit_record: "Record";
    hit_offset: "Offset";
    hit_context: "Context";
    hit_gone: "This record can no longer be read";
    hits_scroll_bar: "Scroll bar of the hits";
    hits_nothing: "Enter what to find in the box above";
    hits_title(what: &str, count: u64) -> String {
        match count {
            1 => format!("Find {what}: 1 hit"),
            _ => format!("Find {what}: {count} hits"),
        }
    }
    hits_cut(most: usize) => " · only the first {most} are listed";
    only_first_hits(listed: usize) => "Only the first {listed} can be visited one by one; the count includes all";
}
