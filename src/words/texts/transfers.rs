//! File transfers and remote commands.

use crate::model::NameProblem;

/// File transfers and remote commands.
pub trait Transfers {
    // Why a transfer failed
    /// The whole sentence; `name` is empty if unknown.
    fn transfer_failed(&self, name: &str, why: &str) -> String;
    /// A name that is refused.
    fn name_problem(&self, why: NameProblem) -> &'static str;
    /// There is no such file.
    fn no_such_file(&self) -> &'static str;
    /// The length before a head is out of range.
    fn head_length(&self, len: i64, most: u64) -> String;
    /// A head is no JSON object.
    fn head_not_json(&self) -> &'static str;
    /// A field of a head is missing or wrong.
    fn head_field(&self, field: &str) -> String;
    /// The peer answered something else.
    fn unexpected_answer(&self, expected: &str, found: &str) -> String;
    /// The connection ended early.
    fn transfer_ended_early(&self, have: u64, want: Option<u64>) -> String;
    /// The MD5 is not the announced one.
    fn md5_differs(&self, announced: &str, found: &str) -> String;
    /// The peer reports another MD5.
    fn peer_md5_differs(&self) -> &'static str;
    /// The peer did not wait for an answer.
    fn sent_too_early(&self) -> &'static str;
    /// The user stopped it.
    fn transfer_cancelled(&self) -> &'static str;
    // How a transfer goes
    /// It is complete. `arrived`: the file was received. `verified`: its MD5 is right.
    fn transfer_done(&self, arrived: bool, name: &str, peer: &str, figures: &str, verified: bool) -> String;
    /// Bytes, time and speed of a transfer that is complete.
    fn transfer_figures(&self, bytes: u64, took: &str, rate: &str) -> String;
    /// A command was run and answered.
    fn command_answered(&self, command: &str, peer: &str, bytes: u64) -> String;
    /// Commands of clients are run here.
    fn serves_commands(&self) -> &'static str;
    /// Commands are served on another address than a loopback address.
    fn loopback_only(&self) -> &'static str;
    /// It is under way; `left` is the time that the rest will take.
    fn transfer_goes_on(&self, name: &str, done: &str, rate: &str, left: Option<&str>) -> String;
}
