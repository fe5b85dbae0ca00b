//! Building blocks of sentences: units, counts and punctuation.

/// Building blocks of sentences: units, counts and punctuation.
pub trait Basics {
    /// Between a subject and a statement about it.
    fn colon(&self) -> &'static str;
    /// Between the parts of a sentence.
    fn comma(&self) -> &'static str;
    /// Between the items of a list.
    fn enumeration_comma(&self) -> &'static str;
    /// Between sentences in one line.
    fn semicolon(&self) -> &'static str;
    /// `6 bytes`.
    fn bytes(&self, count: u64) -> String;
    /// `3 records`.
    fn records(&self, count: u64) -> String;
    /// `5 s`.
    fn seconds(&self, seconds: u64) -> String;
    /// `5 min`.
    fn minutes(&self, minutes: u64) -> String;
    /// `2 h 5 min`.
    fn hours_and_minutes(&self, hours: u64, minutes: u64) -> String;
}
