//! What a view shows: counts, filters, encodings, times and rates, in English.

use super::En;
use crate::words::{counted, grouped, size};

texts! { View for En;

    // Counts
    data_count(count: u64) => "{} records", grouped(count);
    frames(count: u64) -> String { counted(count, "frame") }
    frames_with_bad(frames: u64, bad: u64) => "{} · {} bad", counted(frames, "frame"), grouped(bad);
    nothing_filtered: "No record matches the filter";
    view_cleared(records: u64) -> String {
        match records {
            1 => "View cleared; 1 record is kept in the capture".to_owned(),
            _ => format!("View cleared; {} records are kept in the capture", grouped(records)),
        }
    }
    with_shown(counts: &str, shown: u64) => "{counts} · {} shown by the filter", grouped(shown);
    directions_width() -> f32 { 186.0 }
    filter_is_on: "Only records that match the filter are shown";
    indexing(percent: f32) => "Indexing the history {percent:.0} %";
    indexing_after(counts: &str, percent: f32) => "{counts} · indexing the history {percent:.0} %";
    index_failed(cause: &str) => "Cannot write the index of the view: {cause}";
    looks_like(chosen: &str, proposed: &str) => "Received data is not valid {chosen} · looks like {proposed}";
    looks_like_of_peer(peer: u32, chosen: &str, proposed: &str) => "Data from #{peer} is not valid {chosen} · looks like {proposed}";
    use_encoding(encoding: &str) => "Use {encoding}";
    only_selected: "Selected only";
    only_so_many_selected(count: u64) => "Only the {} selected", grouped(count);

    // Chosen bytes
    chosen_record(number: u64) => "Record {number}";
    chosen_records(first: u64, last: u64) => "Records {first}–{last}";
    chosen_offset(offset: &str) => ", offset {offset}";
    chosen_total(bytes: u64) => ", {}", counted(bytes, "byte");

    // Times and rates
    highest_received(rate: u64) => "Received up to {}/s", size(rate);
    highest_sent(rate: u64) => "Sent up to {}/s", size(rate);
    measured_over(time: &str) => "Interval {time}";
    mean_answer(time: &str) => "Mean {time}";
    longest_answer(time: &str) => "Longest {time}";
    received_at(rate: &str) => "Received {rate}";
    sent_at(rate: &str) => "Sent {rate}";
    answers(count: u64) -> String { counted(count, "response") }
}
