//! The log, the list of hits, and what is copied from them.

use crate::codec::CopyForm;
use crate::model::Direction;

/// The log, the list of hits, and what is copied from them.
pub trait Log {
    // The log
    /// The name of the log.
    fn log_name(&self) -> &'static str;
    /// The name of its scroll bar.
    fn log_scroll_bar(&self) -> &'static str;
    /// Head of the time column with times of day.
    fn time_head(&self) -> &'static str;
    /// Head of the time column with times since the start.
    fn time_head_start(&self) -> &'static str;
    /// Head of the time column with times since the previous data.
    fn time_head_previous(&self) -> &'static str;
    /// Head of the time column with times of answers.
    fn time_head_answer(&self) -> &'static str;
    /// The name of that head.
    fn time_column(&self) -> &'static str;
    /// A choice of what the time column shows.
    fn time_of_day(&self) -> &'static str;
    /// Another one.
    fn time_since_start(&self) -> &'static str;
    /// Another one.
    fn time_since_previous(&self) -> &'static str;
    /// Another one.
    fn time_of_answer(&self) -> &'static str;
    /// Head of the peer column.
    fn peer_head(&self) -> &'static str;
    /// The same where it has room for `#1` only.
    fn peer_head_short(&self) -> &'static str;
    /// Head of the length column.
    fn length_head(&self) -> &'static str;
    /// Head of the content column where it is text.
    fn text_head(&self, encoding: &str) -> String;
    /// The strip below a log that does not follow.
    fn stopped_at(&self, time: &str) -> String;
    /// The button that goes to the end, with the count of records below.
    fn back_to_newest(&self, unseen: u64) -> String;
    /// To so many peers, in one row.
    fn to_all_peers(&self, count: usize) -> String;
    /// The button of a row that represents several records.
    fn unfold(&self, records: u64) -> String;
    /// The button of the first one of them.
    fn fold(&self, records: u64) -> String;
    /// Which highlight rules match in a row.
    fn highlighted(&self, titles: &str) -> String;
    /// Which way bytes went.
    fn direction(&self, direction: Direction) -> &'static str;
    // Its menu
    /// Puts the bytes into the send box.
    fn fill_send_box(&self) -> &'static str;
    /// Copies rows as they are shown.
    fn copy_lines(&self) -> &'static str;
    /// Copies one record.
    fn copy_record(&self) -> &'static str;
    /// Opens the menu of one record.
    fn more_about_record(&self) -> &'static str;
    /// Makes a highlight rule.
    fn highlight_selection(&self) -> &'static str;
    /// Compares the two chosen records.
    fn compare_two(&self) -> &'static str;
    /// Makes the chosen bytes the base of comparisons.
    fn set_base(&self) -> &'static str;
    /// Compares with the base, which has this name.
    fn compare_with(&self, name: &str) -> String;
    /// What copying in a form is called.
    fn copy_as(&self, form: CopyForm) -> &'static str;
    // What is copied and compared
    /// After copying rows.
    fn copied(&self, rows: u64) -> String;
    /// After copying the first of many rows.
    fn copied_first(&self, rows: u64) -> String;
    /// After copying a selection.
    fn copied_bytes(&self, bytes: u64) -> String;
    /// After copying the beginning of a selection.
    fn copied_first_bytes(&self, bytes: u64) -> String;
    /// Copying did not work.
    fn copy_failed(&self, records: u64) -> String;
    /// One record, within a sentence.
    fn record(&self, number: u64) -> String;
    /// Several records, within a sentence.
    fn records_from_to(&self, first: u64, last: u64) -> String;
    /// Some bytes of a record.
    fn part_of_record(&self, bytes: u64, record: u64) -> String;
    /// The beginning of something.
    fn the_first(&self, bytes: u64) -> String;
    /// Chosen bytes are what others are compared with from now on.
    fn base_set(&self, name: &str) -> String;
    // Comparing
    /// The left side.
    fn left_side(&self) -> &'static str;
    /// The right side.
    fn right_side(&self) -> &'static str;
    /// Nothing differs.
    fn all_the_same(&self, bytes: u64) -> String;
    /// How many places differ.
    fn differences(&self, count: usize) -> String;
    /// Which of them is looked at, from 1.
    fn difference_of(&self, number: usize, count: usize) -> String;
    /// The same with how long both sides are.
    fn with_lengths(&self, differences: &str, left: u64, right: u64) -> String;
    /// A side is too long.
    fn only_first_compared(&self, side: &str, bytes: u64) -> String;
    /// A side has records that are gone.
    fn missing_in_side(&self, side: &str, records: u64) -> String;
    /// In place of rows without a difference.
    fn same_folded(&self, bytes: u64) -> String;
    /// Bytes of a row that were changed.
    fn changed(&self, count: usize) -> String;
    /// Bytes of a row that only the left side has.
    fn only_left(&self, count: usize) -> String;
    /// Bytes of a row that only the right side has.
    fn only_right(&self, count: usize) -> String;
    // The list of hits
    /// Head of the column of numbers.
    fn hit_number(&self) -> &'static str;
    /// Head of the column of times.
    fn hit_time(&self) -> &'static str;
    /// Head of the column of peers.
    fn hit_peer(&self) -> &'static str;
    /// Head of the column of records.
    fn hit_record(&self) -> &'static str;
    /// Head of the column of offsets.
    fn hit_offset(&self) -> &'static str;
    /// Head of the column of bytes around a hit.
    fn hit_context(&self) -> &'static str;
    /// In place of a record that was deleted.
    fn hit_gone(&self) -> &'static str;
    /// The name of the scroll bar.
    fn hits_scroll_bar(&self) -> &'static str;
    /// The name of the edge that is dragged.
    fn hits_edge(&self) -> &'static str;
    /// Nothing is looked for.
    fn hits_nothing(&self) -> &'static str;
    /// What is looked for and how often it was found.
    fn hits_title(&self, what: &str, count: u64) -> String;
    /// Behind it where the list is cut.
    fn hits_cut(&self, most: usize) -> String;
    /// Why next and previous do not reach every hit.
    fn only_first_hits(&self, listed: usize) -> String;
}
