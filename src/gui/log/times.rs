//! The times of rows: time of day, and time since an earlier record.

use crate::lines::{DeltaFrom, Row, RowKind, View};

/// Local time as `16:05:41.240`.
pub(super) fn clock(unix_ns: i64, zone: &jiff::tz::TimeZone) -> String {
    match jiff::Timestamp::from_nanosecond(i128::from(unix_ns)) {
        Ok(stamp) => stamp.to_zoned(zone.clone()).strftime("%H:%M:%S%.3f").to_string(),
        Err(_) => "--:--:--.---".into(),
    }
}

/// `16:05:41.240` in the local time zone.
#[must_use]
pub fn clock_here(unix_ns: i64) -> String {
    clock(unix_ns, &jiff::tz::TimeZone::system())
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_local_with_milliseconds() {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(clock(1_700_000_000_123_456_789, &zone), "06:13:20.123");
        assert_eq!(clock(i64::MIN, &jiff::tz::TimeZone::UTC), "00:12:43.145");
    }
}
