//! What a view shows: counts, filters, encodings, times and rates.

/// What a view shows: counts, filters, encodings, times and rates.
pub trait View {
    // Counts
    /// What is shown of records that are not cut.
    fn data_count(&self, count: u64) -> String;
    /// How many frames there are.
    fn frames(&self, count: u64) -> String;
    /// How many of them a check found wrong.
    fn frames_with_bad(&self, frames: u64, bad: u64) -> String;
    /// The filter lets nothing through.
    fn nothing_filtered(&self) -> &'static str;
    /// The view was cleared.
    fn view_cleared(&self, records: u64) -> String;
    /// How many a filter lets through.
    fn with_shown(&self, counts: &str, shown: u64) -> String;
    /// Points that the three choices of a direction take in the toolbar.
    fn directions_width(&self) -> f32;
    /// Not everything is in sight.
    fn filter_is_on(&self) -> &'static str;
    /// How far the index of what is shown is.
    fn indexing(&self, percent: f32) -> String;
    /// The same behind the counts.
    fn indexing_after(&self, counts: &str, percent: f32) -> String;
    /// The index cannot be written.
    fn index_failed(&self, cause: &str) -> String;
    /// What was received reads well in another encoding.
    fn looks_like(&self, chosen: &str, proposed: &str) -> String;
    /// The same of one peer among several.
    fn looks_like_of_peer(&self, peer: u32, chosen: &str, proposed: &str) -> String;
    /// Show and send in that encoding from now on.
    fn use_encoding(&self, encoding: &str) -> String;
    /// The box that saves only what is selected, while nothing is.
    fn only_selected(&self) -> &'static str;
    /// The same while so many are.
    fn only_so_many_selected(&self, count: u64) -> String;
    // Chosen bytes
    /// One record of which bytes are chosen.
    fn chosen_record(&self, number: u64) -> String;
    /// Several of them.
    fn chosen_records(&self, first: u64, last: u64) -> String;
    /// Behind it: where in the record.
    fn chosen_offset(&self, offset: &str) -> String;
    /// Behind it: how many.
    fn chosen_total(&self, bytes: u64) -> String;
    // Times and rates
    /// The highest rate of what came, bytes a second.
    fn highest_received(&self, rate: u64) -> String;
    /// The highest rate of what went, bytes a second.
    fn highest_sent(&self, rate: u64) -> String;
    /// Over how much time each rate is a mean.
    fn measured_over(&self, time: &str) -> String;
    /// The mean time of answers.
    fn mean_answer(&self, time: &str) -> String;
    /// The longest one.
    fn longest_answer(&self, time: &str) -> String;
    /// What came at one time.
    fn received_at(&self, rate: &str) -> String;
    /// What went at one time.
    fn sent_at(&self, rate: &str) -> String;
    /// How many answers there were.
    fn answers(&self, count: u64) -> String;
}
