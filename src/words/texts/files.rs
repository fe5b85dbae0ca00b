//! Files that are sent and saved.

/// Files that are sent and saved.
pub trait Files {
    /// Number of files to be sent after the one in the form.
    fn more_files(&self, count: usize) -> String;
    /// So many files were not queued, because no more than `most` can wait.
    fn too_many_files(&self, most: usize, over: usize) -> String;
    /// A file was sent.
    fn file_went(&self, bytes: u64) -> String;
    /// A file was sent to several peers; `bytes` is the total.
    fn file_went_to(&self, bytes: u64, peers: usize) -> String;
    /// A file was saved.
    fn file_saved(&self, bytes: u64) -> String;
    /// Number of peers without a row of their own.
    fn other_peers(&self, others: usize) -> String;
    /// Progress of a peer: it left.
    fn transfer_gone(&self) -> &'static str;
    /// Progress of a peer: it does not read.
    fn transfer_stalled(&self, time: &str) -> String;
    /// Progress of a file to several peers: one of them does not read.
    fn transfer_one_stalled(&self, peer: u32, time: &str) -> String;
    /// The remaining time.
    fn transfer_left(&self, time: &str) -> String;
    /// Receivers of a file.
    fn peers_of(&self, count: usize) -> String;
    /// What happens to a file, and who receives it; empty for no one.
    fn transfer_name(&self, sends: bool, file: &str, to: &str) -> String;
    /// The button that cancels an action.
    fn cancel_transfer(&self, file: &str) -> String;
    /// The button that ends writing to a file what is received.
    fn stop_receiving(&self, file: &str) -> String;
    /// The button that ends serving a folder.
    fn stop_serving(&self, folder: &str) -> String;
    /// A folder is served.
    fn serving_name(&self, folder: &str) -> String;
    /// A transfer with a header is complete.
    fn moved(&self, arrived: bool, bytes: u64, is_verified: bool) -> String;
    /// Records that could not be written to the file that receives.
    fn receive_missed(&self, records: u64) -> String;
    /// The button that takes an ended action off the list.
    fn remove_transfer(&self, file: &str) -> String;
    /// The button that sends a file once more.
    fn send_again(&self, file: &str) -> String;
    /// The button that lists the peers of a file.
    fn unfold_peers(&self, file: &str) -> String;
    /// The button that hides them.
    fn fold_peers(&self, file: &str) -> String;
    /// The status line: number of running actions.
    fn transfers_running(&self, count: usize) -> String;

    // Several files of received bytes
    /// Each connection has a file of its own.
    fn file_each_peer(&self) -> &'static str;
    /// The row with the limits of a file.
    fn next_file(&self) -> &'static str;
    /// The size at which another file begins.
    fn next_file_size(&self) -> &'static str;
    /// The minutes after which another file begins.
    fn next_file_minutes(&self) -> &'static str;
    /// Behind the field of the minutes.
    fn minutes_unit(&self) -> &'static str;
    /// What the name of the file can contain.
    fn file_name_parts(&self) -> &'static str;
    /// The size or the minutes are no number.
    fn not_a_limit(&self) -> &'static str;

    // Files that are sent piece by piece
    /// The row of the size of a piece.
    fn piece_label(&self) -> &'static str;
    /// The size of a piece.
    fn piece_bytes(&self) -> &'static str;
    /// Behind its field.
    fn piece_unit(&self) -> &'static str;
    /// The row of the pause.
    fn pause_label(&self) -> &'static str;
    /// The pause between two pieces, in milliseconds.
    fn pause_between(&self) -> &'static str;
    /// Behind its field.
    fn pause_unit(&self) -> &'static str;
    /// The row of the rate.
    fn rate_label(&self) -> &'static str;
    /// The most bytes a second.
    fn rate_limit(&self) -> &'static str;
    /// In its empty field.
    fn rate_hint(&self) -> &'static str;
    /// Behind its field.
    fn rate_unit(&self) -> &'static str;
    /// A size, a pause or a rate is none.
    fn not_a_pace(&self) -> &'static str;
}
