//! Times for people.

/// In the system's time zone, in a form of jiff's `strftime`.
pub(super) fn local_time(unix_ns: i64, form: &str) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(unix_ns))
        .map_or_else(|_| String::new(), |time| time.to_zoned(jiff::tz::TimeZone::system()).strftime(form).to_string())
}
