//! Quick commands: the list, the chips and the form.

use crate::talk::import::Why as LeftOutWhy;

/// Quick commands: the list, the chips and the form.
pub trait Quick {
    /// One of the fixed labels of the list and the form, by its id.
    fn quick(&self, id: &str) -> &'static str;
    /// The button that runs a command.
    fn run_quick(&self, name: &str) -> String;
    /// The button that stops a command.
    fn stop_quick(&self, name: &str) -> String;
    /// The button that edits a command.
    fn edit_quick(&self, name: &str) -> String;
    /// The button with further actions of a command.
    fn more_quick(&self, name: &str) -> String;
    /// The button that runs the commands of a group again and again.
    fn loop_group(&self, title: &str) -> String;
    /// The menu row that moves a command to a group.
    fn move_to_group(&self, title: &str) -> String;
    /// A command was deleted.
    fn quick_deleted(&self, name: &str) -> String;
    /// A command was moved.
    fn quick_moved(&self, name: &str) -> String;
    /// Something was saved as a command; `key` may be empty.
    fn quick_kept(&self, name: &str, key: &str) -> String;
    /// The button that makes a command of a sent message.
    fn keep_message(&self, message: &str) -> String;
    /// More bytes than a command made of the log may have.
    fn quick_too_long(&self, most: u64) -> String;
    /// So many commands were imported, and so many could not be.
    fn quick_imported(&self, commands: usize, left_out: usize) -> String;
    /// Why a command of an imported list was left out or changed.
    fn quick_left_out(&self, name: &str, why: LeftOutWhy) -> String;
    /// The addresses of an imported list are not used.
    fn quick_no_addresses(&self) -> &'static str;
    /// A file has no commands to import.
    fn quick_no_list(&self, file: &str) -> String;
    /// A command failed.
    fn quick_failed(&self, name: &str, cause: &str) -> String;
    /// Nothing can be sent now.
    fn quick_not_connected(&self) -> &'static str;
    /// A form cannot show all that a command does.
    fn quick_not_simple(&self) -> &'static str;
    /// A command does more than sending.
    fn quick_needs_steps(&self) -> &'static str;
    /// A command sends nothing.
    fn quick_sends_nothing(&self) -> &'static str;
    /// Every so often.
    fn quick_every(&self, time: &str) -> String;
    /// So many times.
    fn quick_times(&self, count: u64) -> String;
    /// So many commands run.
    fn quick_running(&self, count: usize) -> String;
    /// Commands that do not fit beside each other.
    fn quick_others(&self, count: usize) -> String;
}
