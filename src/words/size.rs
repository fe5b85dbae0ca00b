//! Formats and parses sizes and counts.

/// A number of bytes with a unit: `76 B`, `1.5 KiB`, `4.0 GiB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut tenths = 0;
    let mut unit = "";
    for (power, name) in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].into_iter().enumerate() {
        let divisor = 1_u128 << (10 * (power + 1));
        tenths = (u128::from(bytes) * 10 + divisor / 2) / divisor;
        unit = name;
        // Rounded, not cut: what rounds up to 1024.0 belongs to the next unit.
        if tenths < 10_240 {
            break;
        }
    }
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// A size as users write it: `512`, `64K`, `4GiB`, `4 GB`, `1.5G` (binary in every form; parts of a byte are cut off).
/// `None` if it is not a size or does not fit in 64 bits.
#[must_use]
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits_len = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let (number, unit) = text.split_at(digits_len);
    let power = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        "t" | "tb" | "tib" => 4,
        "p" | "pb" | "pib" => 5,
        "e" | "eb" | "eib" => 6,
        _ => return None,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    // 18 decimals are more than a byte of the largest unit.
    let digits_ok = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if !digits_ok(whole) || !digits_ok(fraction) || fraction.len() > 18 {
        return None;
    }
    let factor = 1_u128 << (10 * power);
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let whole = u128::from(whole.parse::<u64>().ok()?) * factor;
    let part = fraction.parse::<u128>().ok()? * factor / scale;
    u64::try_from(whole + part).ok()
}

/// A count with thousands separators: `83,886,080`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An English count with its noun: `1 frame`, `2 frames`.
#[must_use]
pub fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_counts_are_read_at_a_glance() {
        for (count, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (83_886_080, "83,886,080")] {
            assert_eq!(grouped(count), text);
        }
        use super::super::{Lang, evicted_sentence, frame_note, frames_given_up, missing_sentence};
        let junk = crate::capture::items::FrameNote::Junk(1_234_567);
        for lang in Lang::ALL {
            for sentence in [
                frame_note(&junk, lang),
                frames_given_up(1_234_567, lang),
                evicted_sentence(1_234_567, 1, lang),
                missing_sentence(1_234_567, lang),
            ] {
                assert!(sentence.contains("1,234,567"), "{sentence}");
            }
        }
    }

    #[test]
    fn sizes_for_people() {
        for (bytes, text) in [
            (0, "0 B"),
            (76, "76 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (1_048_575, "1.0 MiB"),
            (1_048_576, "1.0 MiB"),
            (100 << 20, "100.0 MiB"),
            (4 << 30, "4.0 GiB"),
            ((1 << 40) - 1, "1.0 TiB"),
            (u64::MAX, "16.0 EiB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn sizes_from_people() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("512B", 512),
            ("64K", 64 << 10),
            ("64kb", 64 << 10),
            (" 4 GiB ", 4 << 30),
            ("4 GB", 4 << 30),
            ("4g", 4 << 30),
            ("1.5M", 3 << 19),
            ("0.1K", 102),
            ("1T", 1 << 40),
            ("15EiB", 15 << 60),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        for text in [
            "",
            "K",
            "-1",
            "+1",
            "1.",
            ".5",
            "1.2.3",
            "1 2",
            "1X",
            "1KiBs",
            "0x10",
            "1e3",
            "16EiB",
            "18446744073709551616",
            "９",
            "1.0000000000000000000",
            "99999999999999999999999999G",
        ] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_shown_can_be_read() {
        for bytes in [0, 1, 1023, 1024, 1536, 4 << 30] {
            assert_eq!(parse_size(&size(bytes)), Some(bytes));
        }
    }
}
