//! The times of rows: time of day, and time since an earlier record.

use crate::gui::log::line::clock;
use crate::lines::{DeltaFrom, Row, RowKind, View};

/// The times of one record.
pub(super) struct Time {
    /// The time of day.
    pub(super) clock: String,
    /// The time since an earlier record in ns, if known.
    pub(super) since: Option<u64>,
}

/// The times of consecutive rows, for the first row and for rows that start a record.
pub(super) fn of(view: &mut View, rows: &[Row], from: DeltaFrom, zone: &jiff::tz::TimeZone) -> Vec<Option<Time>> {
    let has_time = |row: &Row, is_top: bool| {
        (row.first || is_top) && row.unix_ns != 0 && !matches!(row.kind, RowKind::Evicted { .. })
    };
    let elapsed = view.elapsed(rows, from);
    let rows = rows.iter().zip(elapsed).enumerate();
    rows.map(|(index, (row, since))| has_time(row, index == 0).then(|| Time { clock: clock(row.unix_ns, zone), since }))
        .collect()
}
