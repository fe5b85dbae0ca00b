//! Texts about the view: counts, filters, encodings, times and rates.

/// Texts about the view: counts, filters, encodings, times and rates.
pub trait View {
    // Counts
    /// Number of records with data, shown without a framing rule.
    fn data_count(&self, count: u64) -> String;
    /// Number of frames.
    fn frames(&self, count: u64) -> String;
    /// Number of frames with a wrong check.
    fn frames_with_bad(&self, frames: u64, bad: u64) -> String;
    /// Nothing matches the filter.
    fn nothing_filtered(&self) -> &'static str;
    /// The view was cleared.
    fn view_cleared(&self, records: u64) -> String;
    /// Number of items that match the filter.
    fn with_shown(&self, counts: &str, shown: u64) -> String;
    /// Width of the three direction buttons in the toolbar, in points.
    fn directions_width(&self) -> f32;
    /// Not all items are shown.
    fn filter_is_on(&self) -> &'static str;
    /// Progress of the index of the shown items.
    fn indexing(&self, percent: f32) -> String;
    /// The same, after the counts.
    fn indexing_after(&self, counts: &str, percent: f32) -> String;
    /// The index cannot be written.
    fn index_failed(&self, cause: &str) -> String;
    /// The received text is probably in another encoding.
    fn looks_like(&self, chosen: &str, proposed: &str) -> String;
    /// The same, for one peer of several.
    fn looks_like_of_peer(&self, peer: u32, chosen: &str, proposed: &str) -> String;
    /// Button that switches to that encoding for display and sending.
    fn use_encoding(&self, encoding: &str) -> String;
    /// Check box that saves only the selection, while nothing is selected.
    fn only_selected(&self) -> &'static str;
    /// The same, with a selection of this size.
    fn only_so_many_selected(&self, count: u64) -> String;
    // Selected bytes
    /// The record that contains the selected bytes.
    fn chosen_record(&self, number: u64) -> String;
    /// The records that contain the selected bytes.
    fn chosen_records(&self, first: u64, last: u64) -> String;
    /// Appended: the offset in the record.
    fn chosen_offset(&self, offset: &str) -> String;
    /// Appended: the number of bytes.
    fn chosen_total(&self, bytes: u64) -> String;
    // Times and rates
    /// Peak rate of received data, in bytes per second.
    fn highest_received(&self, rate: u64) -> String;
    /// Peak rate of sent data, in bytes per second.
    fn highest_sent(&self, rate: u64) -> String;
    /// The interval over which each rate is averaged.
    fn measured_over(&self, time: &str) -> String;
    /// The mean response time.
    fn mean_answer(&self, time: &str) -> String;
    /// The longest response time.
    fn longest_answer(&self, time: &str) -> String;
    /// Data received at a point in time.
    fn received_at(&self, rate: &str) -> String;
    /// Data sent at a point in time.
    fn sent_at(&self, rate: &str) -> String;
    /// Number of responses.
    fn answers(&self, count: u64) -> String;
}
