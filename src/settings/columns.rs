//! The columns of the log: which ones are shown, and what they show.

use crate::lines::DeltaFrom;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A column of the log, in the order of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogColumn {
    /// The time of day.
    Time,
    /// The time since an earlier record.
    Delta,
    /// The direction.
    Arrow,
    /// The peer.
    Peer,
    /// The length in bytes.
    Length,
    /// The offset of the row in a record of several rows.
    Offset,
    /// The bytes in hex.
    Hex,
    /// The bytes as text.
    Text,
    /// What is known about the record as a whole.
    Summary,
}

impl LogColumn {
    /// Count of columns.
    pub const COUNT: usize = 9;
    /// The columns that can be hidden, in the order of the menu.
    pub const CHOICES: [Self; 5] = [Self::Time, Self::Delta, Self::Peer, Self::Length, Self::Summary];
}

/// A set of columns, stored as a list of names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<LogColumn>", into = "Vec<LogColumn>")]
pub struct ColumnSet(u16);

impl ColumnSet {
    /// Whether the column is in the set.
    #[must_use]
    pub fn has(self, column: LogColumn) -> bool {
        self.0 & Self::bit(column) != 0
    }

    /// Adds or removes a column.
    pub fn set(&mut self, column: LogColumn, is_in: bool) {
        if is_in {
            self.0 |= Self::bit(column);
        } else {
            self.0 &= !Self::bit(column);
        }
    }

    fn bit(column: LogColumn) -> u16 {
        1 << column as u16
    }
}

impl From<Vec<LogColumn>> for ColumnSet {
    fn from(columns: Vec<LogColumn>) -> Self {
        let mut set = Self::default();
        columns.into_iter().for_each(|column| set.set(column, true));
        set
    }
}

impl From<ColumnSet> for Vec<LogColumn> {
    fn from(set: ColumnSet) -> Self {
        LogColumn::CHOICES.into_iter().filter(|column| set.has(*column)).collect()
    }
}

/// How the columns of a session's log are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnSetup {
    /// The hidden columns.
    pub hidden: ColumnSet,
    /// Reference of the times in the Δ column.
    pub delta: DeltaFrom,
    /// Lines of text that are longer than a row continue in the next row.
    pub wrap: bool,
    /// Maximum bytes per row in hex and dump mode; 0 for as many as fit.
    pub bytes: u16,
}

impl Default for ColumnSetup {
    fn default() -> Self {
        Self { hidden: ColumnSet::default(), delta: DeltaFrom::default(), wrap: true, bytes: 0 }
    }
}

impl ColumnSetup {
    /// The choices for [`Self::bytes`].
    pub const BYTES: [u16; 5] = [0, 8, 16, 24, 32];

    /// Whether the column is shown, provided that there is room for it.
    #[must_use]
    pub fn shows(&self, column: LogColumn) -> bool {
        !self.hidden.has(column)
    }

    /// Replaces a count of bytes that cannot be chosen.
    pub(super) fn bring_into_range(&mut self) {
        if !Self::BYTES.contains(&self.bytes) {
            self.bytes = 0;
        }
    }
}

/// Converts a session of version 0.1, in which one setting hid the time column and another said what it shows.
pub(super) fn carry_over(session: &mut Map<String, Value>) {
    if session.contains_key("columns") {
        return;
    }
    let mut columns = ColumnSetup::default();
    if session.get("show_times").and_then(Value::as_bool) == Some(false) {
        columns.hidden.set(LogColumn::Time, true);
        columns.hidden.set(LogColumn::Delta, true);
    }
    if let Some(form) = session.get("time_form")
        && let Ok(delta) = DeltaFrom::deserialize(form)
    {
        columns.delta = delta;
    }
    if columns != ColumnSetup::default()
        && let Ok(columns) = serde_json::to_value(columns)
    {
        session.insert("columns".into(), columns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_columns_are_stored_by_name() {
        let mut columns = ColumnSetup::default();
        assert!(LogColumn::CHOICES.into_iter().all(|column| columns.shows(column)));
        columns.hidden.set(LogColumn::Peer, true);
        columns.hidden.set(LogColumn::Delta, true);
        columns.hidden.set(LogColumn::Delta, true);
        let written = serde_json::to_value(columns).unwrap();
        assert_eq!(written["hidden"], serde_json::json!(["delta", "peer"]));
        assert_eq!(serde_json::from_value::<ColumnSetup>(written).unwrap(), columns);
        columns.hidden.set(LogColumn::Delta, false);
        assert!(columns.shows(LogColumn::Delta) && !columns.shows(LogColumn::Peer));
    }

    #[test]
    fn only_counts_of_bytes_that_can_be_chosen_are_kept() {
        for (stored, used) in [(0, 0), (8, 8), (12, 0), (32, 32), (65_535, 0)] {
            let mut columns = ColumnSetup { bytes: stored, ..ColumnSetup::default() };
            columns.bring_into_range();
            assert_eq!(columns.bytes, used);
        }
    }

    #[test]
    fn the_time_settings_of_version_0_1_are_carried_over() {
        let hidden = |columns: &[LogColumn]| ColumnSet::from(columns.to_vec());
        let both = [LogColumn::Time, LogColumn::Delta];
        for (show_times, form, expected) in [
            (true, "absolute", ColumnSetup::default()),
            (true, "answer", ColumnSetup { delta: DeltaFrom::Answer, ..ColumnSetup::default() }),
            (false, "absolute", ColumnSetup { hidden: hidden(&both), ..ColumnSetup::default() }),
            (false, "start", ColumnSetup { hidden: hidden(&both), delta: DeltaFrom::Start, ..ColumnSetup::default() }),
        ] {
            let mut session = Map::new();
            session.insert("show_times".into(), show_times.into());
            session.insert("time_form".into(), form.into());
            carry_over(&mut session);
            let columns =
                session.remove("columns").map(|columns| serde_json::from_value::<ColumnSetup>(columns).unwrap());
            assert_eq!(columns.unwrap_or_default(), expected, "{show_times} {form}");
        }
        // A file of this version is not converted again.
        let mut session = Map::new();
        session.insert("columns".into(), serde_json::json!({}));
        session.insert("show_times".into(), false.into());
        carry_over(&mut session);
        assert_eq!(session["columns"], serde_json::json!({}));
    }
}
