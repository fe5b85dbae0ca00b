//! Formats times for files and lines.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// RFC 3339 in UTC with nine digits of nanoseconds; out of range, the plain number.
#[must_use]
pub fn utc(unix_ns: i64) -> String {
    Timestamp::from_nanosecond(i128::from(unix_ns)).map_or_else(|_| unix_ns.to_string(), |time| format!("{time:.9}"))
}

/// Local time without its zone, with milliseconds: `2019-07-12 16:05:41.240`.
pub(super) fn local_ms(unix_ns: i64, zone: &TimeZone) -> String {
    Timestamp::from_nanosecond(i128::from(unix_ns)).map_or_else(
        |_| unix_ns.to_string(),
        |time| time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string(),
    )
}
