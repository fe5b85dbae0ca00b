//! Times that have passed, in a column of their own.

/// Formats an elapsed time in ns, in at most 12 characters up to 10 years: `+0.000123 s`, `+123.456 s`, `+1:02:03.456`,
/// `+100:02:03`. Truncated, not rounded: only elapsed time counts.
#[must_use]
pub fn since(ns: u64) -> String {
    let (seconds, hours) = (ns / 1_000_000_000, ns / 3_600_000_000_000);
    let (minute, second) = (seconds / 60 % 60, seconds % 60);
    match seconds {
        0..100 => format!("+{seconds}.{:06} s", ns / 1000 % 1_000_000),
        100..1000 => format!("+{seconds}.{:03} s", ns / 1_000_000 % 1000),
        1000..36_000 => format!("+{hours}:{minute:02}:{second:02}.{:03}", ns / 1_000_000 % 1000),
        _ => format!("+{hours}:{minute:02}:{second:02}"),
    }
}

/// The same with three digits, in at most seven characters up to 10 years: `342 µs`, `3.42 ms`, `26 ms`, `1.14 s`, `59.9 s`,
/// `9m 59s`, `2h 03m`. Truncated, not rounded.
#[must_use]
pub fn since_short(ns: u64) -> String {
    let (us, ms, seconds) = (ns / 1000, ns / 1_000_000, ns / 1_000_000_000);
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match ms {
        0 => format!("{us} µs"),
        1..10 => format!("{ms}.{:02} ms", us / 10 % 100),
        10..1000 => format!("{ms} ms"),
        1000..10_000 => format!("{seconds}.{:02} s", ms / 10 % 100),
        10_000..100_000 => format!("{seconds}.{} s", ms / 100 % 10),
        100_000..1_000_000 => format!("{seconds} s"),
        1_000_000..3_600_000 => format!("{minutes}m {:02}s", seconds % 60),
        3_600_000..360_000_000 => format!("{hours}h {:02}m", minutes % 60),
        _ => format!("{hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_fits_its_column() {
        for (ns, text) in [
            (0, "+0.000000 s"),
            (123_999, "+0.000123 s"),
            (1_234_567_000, "+1.234567 s"),
            (99_999_999_999, "+99.999999 s"),
            (100_000_000_000, "+100.000 s"),
            (123_456_789_000, "+123.456 s"),
            (999_999_999_999, "+999.999 s"),
            (1_000_000_000_000, "+0:16:40.000"),
            (3_723_456_000_000, "+1:02:03.456"),
            (35_999_999_999_999, "+9:59:59.999"),
            (36_000_000_000_000, "+10:00:00"),
            (360_123_999_999_999, "+100:02:03"),
            (315_576_000_000_000_000, "+87660:00:00"),
        ] {
            assert_eq!(since(ns), text);
            assert!(text.len() <= 12, "{text}");
        }
    }

    #[test]
    fn a_short_time_fits_a_narrow_column() {
        for (ns, text) in [
            (0, "0 µs"),
            (342_999, "342 µs"),
            (3_429_000, "3.42 ms"),
            (26_999_999, "26 ms"),
            (1_149_000_000, "1.14 s"),
            (59_999_999_999, "59.9 s"),
            (999_999_999_999, "999 s"),
            (1_000_000_000_000, "16m 40s"),
            (7_399_000_000_000, "2h 03m"),
            (359_999_999_999_999, "99h 59m"),
            (315_576_000_000_000_000, "87660 h"),
        ] {
            assert_eq!(since_short(ns), text);
            assert!(text.chars().count() <= 7, "{text}");
        }
    }
}
