//! The log, the list of hits, copying and comparing.

use crate::codec::CopyForm;
use crate::model::Direction;

/// The log, the list of hits, copying and comparing.
pub trait Log {
    // The log
    /// The name of the log.
    fn log_name(&self) -> &'static str;
    /// The name of its scroll bar.
    fn log_scroll_bar(&self) -> &'static str;
    /// Head of the time column.
    fn time_head(&self) -> &'static str;
    /// Accessible name of the head of the elapsed times.
    fn delta_name(&self) -> &'static str;
    /// Reference of the elapsed times: the previous record.
    fn since_previous(&self) -> &'static str;
    /// Reference of the elapsed times: the start of the capture.
    fn since_start(&self) -> &'static str;
    /// Reference of the elapsed times: what is answered.
    fn response_time(&self) -> &'static str;
    /// The button that opens the menu of columns.
    fn columns_head(&self) -> &'static str;
    /// Its accessible name.
    fn columns_name(&self) -> &'static str;
    /// The peer column in the menu.
    fn peer_column(&self) -> &'static str;
    /// The length column in the menu.
    fn length_column(&self) -> &'static str;
    /// Head of the summary column.
    fn summary_head(&self) -> &'static str;
    /// Wraps lines that are longer than a row.
    fn wrap_lines(&self) -> &'static str;
    /// Bytes per row; 0 for as many as fit.
    fn bytes_per_row(&self, bytes: u16) -> String;
    /// Summary of a frame whose check is correct.
    fn check_ok(&self) -> &'static str;
    /// Summary of a frame whose check is wrong.
    fn check_failed(&self) -> &'static str;
    /// Head of the peer column.
    fn peer_head(&self) -> &'static str;
    /// The short form, if the column has only room for `#1`.
    fn peer_head_short(&self) -> &'static str;
    /// Head of the length column.
    fn length_head(&self) -> &'static str;
    /// Head of the content column in text mode.
    fn text_head(&self, encoding: &str) -> String;
    /// The strip below a log that does not follow, with the number of unseen records below.
    fn not_following(&self, unseen: u64) -> String;
    /// The button that scrolls to the end.
    fn back_to_newest(&self) -> &'static str;
    /// One row for the same data sent to several peers.
    fn to_all_peers(&self, count: usize) -> String;
    /// One row for the rounds of a repeat.
    fn repeated(&self, count: u64) -> String;
    /// Appended to a failed attempt to connect that represents several.
    fn tried(&self, attempts: u64) -> String;
    /// The button of a row that represents several records.
    fn unfold(&self, records: u64) -> String;
    /// The button of the first of these records that folds them again.
    fn fold(&self, records: u64) -> String;
    /// The highlight rules that match in a row.
    fn highlighted(&self, titles: &str) -> String;
    /// A direction.
    fn direction(&self, direction: Direction) -> &'static str;
    // Its menu
    /// Copies the bytes to the send box.
    fn fill_send_box(&self) -> &'static str;
    /// Copies rows as displayed.
    fn copy_lines(&self) -> &'static str;
    /// Copies one record.
    fn copy_record(&self) -> &'static str;
    /// Opens the menu of one record.
    fn more_about_record(&self) -> &'static str;
    /// Makes a highlight rule.
    fn highlight_selection(&self) -> &'static str;
    /// Compares the two selected records.
    fn compare_two(&self) -> &'static str;
    /// Makes the selected bytes the base of comparisons.
    fn set_base(&self) -> &'static str;
    /// Compares with the base of this name.
    fn compare_with(&self, name: &str) -> String;
    /// Menu text for copying in a form.
    fn copy_as(&self, form: CopyForm) -> &'static str;
    // What is copied and compared
    /// After copying rows.
    fn copied(&self, rows: u64) -> String;
    /// After copying the first of many rows.
    fn copied_first(&self, rows: u64) -> String;
    /// After copying a selection.
    fn copied_bytes(&self, bytes: u64) -> String;
    /// After copying the start of a selection.
    fn copied_first_bytes(&self, bytes: u64) -> String;
    /// Copying failed.
    fn copy_failed(&self, records: u64) -> String;
    /// One record, within a sentence.
    fn record(&self, number: u64) -> String;
    /// Several records, within a sentence.
    fn records_from_to(&self, first: u64, last: u64) -> String;
    /// Some bytes of a record.
    fn part_of_record(&self, bytes: u64, record: u64) -> String;
    /// The first bytes of something.
    fn the_first(&self, bytes: u64) -> String;
    /// The selected bytes were made the base of comparisons.
    fn base_set(&self, name: &str) -> String;
    // Comparing
    /// The left side.
    fn left_side(&self) -> &'static str;
    /// The right side.
    fn right_side(&self) -> &'static str;
    /// Nothing differs.
    fn all_the_same(&self, bytes: u64) -> String;
    /// Number of differences.
    fn differences(&self, count: usize) -> String;
    /// The current difference, counted from 1.
    fn difference_of(&self, number: usize, count: usize) -> String;
    /// The same, with the lengths of both sides.
    fn with_lengths(&self, differences: &str, left: u64, right: u64) -> String;
    /// A side is too long.
    fn only_first_compared(&self, side: &str, bytes: u64) -> String;
    /// Records of a side can no longer be read.
    fn missing_in_side(&self, side: &str, records: u64) -> String;
    /// Shown instead of rows without differences.
    fn same_folded(&self, bytes: u64) -> String;
    /// Number of changed bytes in a row.
    fn changed(&self, count: usize) -> String;
    /// Number of bytes in a row that exist only on the left side.
    fn only_left(&self, count: usize) -> String;
    /// Number of bytes in a row that exist only on the right side.
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
    /// Shown instead of a record that can no longer be read.
    fn hit_gone(&self) -> &'static str;
    /// The name of the scroll bar.
    fn hits_scroll_bar(&self) -> &'static str;
    /// There is no search.
    fn hits_nothing(&self) -> &'static str;
    /// The search pattern and the number of hits.
    fn hits_title(&self, what: &str, count: u64) -> String;
    /// Appended if the list is truncated.
    fn hits_cut(&self, most: usize) -> String;
    /// Explains why next and previous do not reach every hit.
    fn only_first_hits(&self, listed: usize) -> String;
}
