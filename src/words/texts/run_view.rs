//! The run of a talk file in the window.

/// The run of a talk file in the window.
pub trait RunView {
    /// One of the fixed labels, by its id.
    fn run_view(&self, id: &str) -> &'static str;
    /// A round, and the last one if it is known.
    fn run_round(&self, round: u64, last: Option<u64>) -> String;
    /// The chip while steps run: number of the step, number of steps.
    fn run_chip(&self, step: usize, steps: usize) -> String;
    /// Where a step failed: its number, the line of the file.
    fn run_place(&self, step: usize, line: usize) -> String;
}
