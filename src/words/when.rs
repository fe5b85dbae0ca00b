//! When something happened, in a word.

use super::Lang;
use jiff::{Timestamp, Zoned};

/// The time today, yesterday, the weekday within a week, else the date.
#[must_use]
pub fn when(unix_s: u64, lang: Lang) -> String {
    describe(unix_s, &Zoned::now(), true, lang)
}

/// The same without a word for yesterday, which is long in some languages.
#[must_use]
pub fn when_short(unix_s: u64, lang: Lang) -> String {
    describe(unix_s, &Zoned::now(), false, lang)
}

fn describe(unix_s: u64, now: &Zoned, names_yesterday: bool, lang: Lang) -> String {
    let seconds = i64::try_from(unix_s).unwrap_or(0);
    let Ok(time) = Timestamp::from_second(seconds) else { return String::new() };
    let time = time.to_zoned(now.time_zone().clone());
    let days = time.date().until(now.date()).map_or(i32::MAX, |span| span.get_days());
    match days {
        0 => time.strftime("%H:%M").to_string(),
        1 if names_yesterday => lang.texts().yesterday().to_owned(),
        1..=6 => lang.texts().weekday(time.weekday().to_monday_zero_offset().unsigned_abs()).to_owned(),
        // A time in the future is from a clock that was wrong.
        _ if time.year() == now.year() => time.strftime("%m-%d").to_string(),
        _ => time.strftime("%Y-%m-%d").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_as_short_as_it_can_be() {
        let now: Zoned = "2026-11-30T16:00:00[UTC]".parse::<Zoned>().unwrap();
        for (time, named, short) in [
            ("2026-11-30T00:05:00Z", ["00:05", "00:05"], "00:05"),
            ("2026-11-29T23:59:59Z", ["昨天", "Yesterday"], "周日"),
            ("2026-11-24T12:00:00Z", ["周二", "Tue"], "周二"),
            ("2026-11-23T12:00:00Z", ["11-23", "11-23"], "11-23"),
            ("2025-12-31T12:00:00Z", ["2025-12-31", "2025-12-31"], "2025-12-31"),
            ("2027-01-01T12:00:00Z", ["2027-01-01", "2027-01-01"], "2027-01-01"),
        ] {
            let unix_s = u64::try_from(time.parse::<Timestamp>().unwrap().as_second()).unwrap();
            for (lang, expected) in Lang::ALL.into_iter().zip(named) {
                assert_eq!(describe(unix_s, &now, true, lang), expected, "{time}");
            }
            assert_eq!(describe(unix_s, &now, false, Lang::ALL[0]), short, "{time}");
        }
        assert_eq!(describe(u64::MAX, &now, true, Lang::ALL[0]), "1970-01-01");
    }
}
