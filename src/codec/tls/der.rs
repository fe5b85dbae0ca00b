//! The part of DER that certificates need (X.690): one element after the other, never copied, no length trusted.

/// Tags.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OBJECT: u8 = 0x06;
pub(super) const UTC_TIME: u8 = 0x17;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
const BMP_STRING: u8 = 0x1E;

/// Elements that are read from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct Der<'a>(pub(super) &'a [u8]);

impl<'a> Der<'a> {
    /// The next element: its tag and content.
    pub(super) fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk::<2>()?;
        let (len, rest) = match first {
            0..=0x7F => (usize::from(first), rest),
            0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
            0x82 => {
                let (len, rest) = rest.split_first_chunk::<2>()?;
                (usize::from(u16::from_be_bytes(*len)), rest)
            }
            0x83 => {
                let (&[a, b, c], rest) = rest.split_first_chunk::<3>()?;
                (u32::from_be_bytes([0, a, b, c]) as usize, rest)
            }
            // Indefinite, or longer than any certificate.
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// The next element, which has this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next().filter(|(found, _)| *found == tag).map(|(_, content)| content)
    }

    /// The next element, if it has this tag; else nothing is taken.
    pub(super) fn optional(&mut self, tag: u8) -> Option<&'a [u8]> {
        let mut ahead = *self;
        let content = ahead.expect(tag)?;
        *self = ahead;
        Some(content)
    }
}

/// The text of a string; BMPString is UTF-16, the others are read as UTF-8.
pub(super) fn text(tag: u8, content: &[u8]) -> String {
    if tag == BMP_STRING {
        let (units, _) = content.as_chunks::<2>();
        return String::from_utf16_lossy(&units.iter().map(|unit| u16::from_be_bytes(*unit)).collect::<Vec<_>>());
    }
    String::from_utf8_lossy(content).into_owned()
}

/// Seconds since 1970-01-01 UTC of a UTCTime (`YYMMDDHHMMSSZ`) or GeneralizedTime (RFC 5280 section 4.1.2.5).
pub(super) fn time(tag: u8, content: &[u8]) -> Option<i64> {
    let digits = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = match (tag, digits.len()) {
        (UTC_TIME, 12) => {
            let year: i64 = digits[..2].parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, &digits[2..])
        }
        (GENERALIZED_TIME, 14) => (digits[..4].parse().ok()?, &digits[4..]),
        _ => return None,
    };
    let number = |at: usize| rest.get(at..at + 2)?.parse::<i64>().ok();
    let (month, day) = (number(0)?, number(2)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_since_1970(year, month, day) * 86_400 + number(4)? * 3600 + number(6)? * 60 + number(8)?)
}

/// Days from 1970-01-01 to a date of the Gregorian calendar: whole years from March on, so that a leap day is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

/// An object identifier with dots.
pub(super) fn object(content: &[u8]) -> String {
    let mut parts: Vec<u64> = Vec::new();
    let mut part: u64 = 0;
    for byte in content.iter().take(64) {
        part = part.wrapping_shl(7) | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            if parts.is_empty() {
                let first = (part / 40).min(2);
                parts.extend([first, part - first * 40]);
            } else {
                parts.push(part);
            }
            part = 0;
        }
    }
    parts.iter().map(u64::to_string).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_seconds() {
        for (tag, text, seconds) in [
            (UTC_TIME, "700101000000Z", Some(0)),
            (UTC_TIME, "261201040506Z", Some(1_796_097_906)),
            (UTC_TIME, "000229120000Z", Some(951_825_600)),
            (UTC_TIME, "491231235959Z", Some(2_524_607_999)),
            (UTC_TIME, "500101000000Z", Some(-631_152_000)),
            (GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799)),
            (GENERALIZED_TIME, "261201040506Z", None),
            (UTC_TIME, "261301040506Z", None),
            (UTC_TIME, "2612010405", None),
        ] {
            assert_eq!(time(tag, text.as_bytes()), seconds, "{text}");
        }
    }

    #[test]
    fn lengths_are_checked() {
        assert_eq!(Der(&[4, 1, 7, 9]).next(), Some((4, &[7][..])));
        for broken in [&[4, 2, 7][..], &[4], &[4, 0x80, 0, 0], &[4, 0x84, 0, 0, 0, 0], &[4, 0x82, 1], &[]] {
            assert_eq!(Der(broken).next(), None, "{broken:?}");
        }
        assert_eq!(object(&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1]), "1.2.840.113549.1.1.1");
    }
}
