//! Parses values of options: durations, counts, sizes, local addresses. Errors are reasons in the user's language.

use crate::codec::PatternError;
use crate::model::{EndpointError, HostPort};
use crate::words::{self, Lang};
use std::time::Duration;

/// Maximum duration: a thousand days, so that timers cannot overflow.
const LONGEST: Duration = Duration::from_secs(1000 * 24 * 3600);

/// Parses a number with a unit: `250ms`, `2s`, `1.5m`, `1h`.
///
/// # Errors
/// The number or the unit is missing, the unit is unknown, or the duration is too long.
pub(super) fn duration(text: &str, lang: Lang) -> Result<Duration, String> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let bad_number = || lang.texts().no_duration().to_owned();
    if number.is_empty() || !number.bytes().any(|b| b.is_ascii_digit()) {
        return Err(bad_number());
    }
    let number: f64 = number.parse().map_err(|_| bad_number())?;
    let unit_s = match unit.trim_start() {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "" => return Err(lang.texts().unit_missing().to_owned()),
        other => {
            return Err(lang.texts().unknown_unit(&words::harmless(other)));
        }
    };
    match Duration::try_from_secs_f64(number * unit_s) {
        // To whole microseconds: 0.1 ms has no exact binary fraction.
        Ok(duration) if duration <= LONGEST => Ok(Duration::from_micros((duration.as_nanos() + 500) as u64 / 1000)),
        _ => Err(lang.texts().duration_too_long().to_owned()),
    }
}

/// Parses a whole number of at least `least`.
///
/// # Errors
/// Not a number, or below `least`.
pub(super) fn number(text: &str, least: u64, lang: Lang) -> Result<u64, String> {
    let digits = text.trim();
    let parsed = if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse::<u64>().ok() } else { None };
    match parsed {
        Some(number) if number >= least => Ok(number),
        _ => Err(lang.texts().number_from(least)),
    }
}

/// Parses a local address with or without a port (0 lets the system choose): `127.0.0.1`, `127.0.0.1:5000`, `::1`, `[::1]:5000`.
///
/// # Errors
/// As for endpoints.
pub(super) fn local_address(text: &str, lang: Lang) -> Result<HostPort, String> {
    let text = text.trim();
    let bare_v6 = !text.starts_with('[') && text.matches(':').count() > 1;
    let has_port = !bare_v6 && text.rfind(':') > text.rfind(']');
    if has_port { text.parse() } else { HostPort::new(text, 0) }.map_err(|error| endpoint_reason(&error, lang))
}

/// Why a text is not an endpoint.
pub(super) fn endpoint_reason(error: &EndpointError, lang: Lang) -> String {
    let texts = lang.texts();
    let reason = match error {
        EndpointError::Empty => texts.cannot_be_empty(),
        EndpointError::NoHost => texts.host_missing(),
        EndpointError::NoPort => texts.port_missing(),
        EndpointError::HostWithPort(_) => texts.should_be_host_and_port(),
        error => return words::endpoint_error(error, lang),
    };
    reason.to_owned()
}

/// Why a pattern is invalid.
pub(super) fn pattern_reason(error: &PatternError, lang: Lang) -> String {
    match error {
        PatternError::Empty => lang.texts().cannot_be_empty().to_owned(),
        error => words::pattern_error(error, lang),
    }
}

/// Parses width and height of a window in points.
pub(super) fn window_size(text: &str, lang: Lang) -> Result<(u32, u32), String> {
    let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| (200..=16384).contains(side));
    text.split_once(['x', 'X', '×'])
        .and_then(|(width, height)| Some((side(width)?, side(height)?)))
        .ok_or_else(|| lang.texts().should_be_window_size().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        for (text, ms) in
            [("250ms", 250), ("2s", 2000), ("0.5s", 500), ("1m", 60_000), ("1h", 3_600_000), ("0s", 0), (".5s", 500)]
        {
            assert_eq!(duration(text, Lang::En), Ok(Duration::from_millis(ms)), "{text}");
        }
        for text in ["", "10", "s", "-1s", "1d", "1 parsec", "1e9s", "..s", ".", "99999999h", "1.2.3s", "∞s"] {
            assert!(duration(text, Lang::En).is_err(), "{text}");
        }
        assert_eq!(duration("0.1ms", Lang::En), Ok(Duration::from_micros(100)));
    }

    #[test]
    fn local_addresses_with_and_without_a_port() {
        for (text, shown) in [
            ("127.0.0.1", "127.0.0.1:0"),
            ("127.0.0.1:5000", "127.0.0.1:5000"),
            ("::1", "[::1]:0"),
            ("[::1]", "[::1]:0"),
            ("[::1]:5000", "[::1]:5000"),
            ("localhost", "localhost:0"),
        ] {
            assert_eq!(local_address(text, Lang::En).map(|at| at.to_string()), Ok(shown.to_owned()), "{text}");
        }
    }

    #[test]
    fn window_sizes() {
        assert_eq!(window_size("1280x800", Lang::En), Ok((1280, 800)));
        for text in ["", "1280", "0x0", "x", "1280x", "-1x5", "99999x99999"] {
            assert!(window_size(text, Lang::En).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_are_whole_and_not_below_the_least() {
        assert_eq!(number("12", 1, Lang::En), Ok(12));
        for text in ["", "0", "-1", "+1", "1.5", "0x10", "99999999999999999999999"] {
            assert!(number(text, 1, Lang::En).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn durations_of_whole_milliseconds_are_read_exactly(ms in 0..86_400_000_000_u64) {
            prop_assert_eq!(duration(&format!("{ms}ms"), Lang::En), Ok(Duration::from_millis(ms)));
        }

        #[test]
        fn any_text_is_a_value_or_refused_with_a_reason(text in "\\PC{0,20}|[0-9.:\\[\\]%a-f mshx]{0,20}") {
            for lang in [Lang::ZhCn, Lang::En] {
                prop_assert!(duration(&text, lang).map_or_else(|why| !why.is_empty(), |got| got <= LONGEST));
                prop_assert!(number(&text, 1, lang).map_or_else(|why| !why.is_empty(), |got| got >= 1));
                prop_assert!(window_size(&text, lang).map_or_else(|why| !why.is_empty(), |(width, _)| width >= 200));
                match local_address(&text, lang) {
                    Ok(at) => prop_assert_eq!(local_address(&at.to_string(), lang), Ok(at)),
                    Err(why) => prop_assert!(!why.is_empty()),
                }
            }
        }
    }
}
