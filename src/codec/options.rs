//! The short text form of rules: `name:value,key=value,flag`, with text in single quotation marks. Shared by framing rules and
//! checks.

use super::fields::Choice;
use super::{Encoding, escape, hex};
use std::borrow::Cow;
use std::num::NonZeroU64;
use std::time::Duration;

/// Why a text is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No framing rule has this name.
    #[error("there is no framing rule {0:?}")]
    UnknownRule(String),
    /// No checksum has this name.
    #[error("there is no checksum {0:?}")]
    UnknownChecksum(String),
    /// The rule has no such option.
    #[error("{rule} has no option {option:?}")]
    UnknownOption {
        /// Name of the rule or checksum.
        rule: String,
        /// As written.
        option: String,
    },
    /// The rule has the option, but it is used in a wrong way.
    #[error("{option} of {rule} {how}")]
    Misused {
        /// Name of the rule or checksum.
        rule: String,
        /// Name of the option.
        option: String,
        /// What is wrong.
        how: Misuse,
    },
    /// With this value no frame can be as the rule says.
    #[error("{option} cannot work with {}", because.as_ref().unwrap_or(rule))]
    CannotWork {
        /// Name of the rule or checksum.
        rule: String,
        /// The option, as written.
        option: String,
        /// The other option that it contradicts, as written; `None`: the rule itself.
        because: Option<String>,
    },
    /// The rule cannot do without this option.
    #[error("{rule} needs {option}")]
    Missing {
        /// Name of the rule.
        rule: String,
        /// Name of the option.
        option: &'static str,
    },
    /// The option would change nothing.
    #[error("{option} has no effect on {rule}{}", because.as_ref().map_or_else(String::new, |other| format!(" with {other}")))]
    NoEffect {
        /// Name of the rule.
        rule: String,
        /// Name of the option.
        option: &'static str,
        /// The other option that leaves it without effect, as written.
        because: Option<String>,
    },
    /// An option's value is not what it should be.
    #[error("{option}: {value:?} should be {expected}")]
    BadValue {
        /// Name of the option.
        option: String,
        /// As written.
        value: String,
        /// What it should be.
        expected: Expected,
    },
}

/// How an option is used in a wrong way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misuse {
    /// It is given more than once.
    Twice,
    /// It is a flag and has a value.
    HasValue,
    /// It has no value.
    LacksValue,
}

impl std::fmt::Display for Misuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Twice => "is given twice",
            Self::HasValue => "takes no value",
            Self::LacksValue => "needs a value",
        })
    }
}

impl RuleError {
    /// The same, of a rule that the user called `name`.
    pub(super) fn of(self, name: &str) -> Self {
        match self {
            Self::UnknownOption { option, .. } => Self::UnknownOption { rule: name.to_owned(), option },
            Self::Misused { option, how, .. } => Self::Misused { rule: name.to_owned(), option, how },
            Self::CannotWork { option, because, .. } => Self::CannotWork { rule: name.to_owned(), option, because },
            Self::Missing { option, .. } => Self::Missing { rule: name.to_owned(), option },
            Self::NoEffect { option, because, .. } => Self::NoEffect { rule: name.to_owned(), option, because },
            other => other,
        }
    }
}

/// What a value should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Bytes as hex, or text in single quotation marks.
    Bytes,
    /// One byte, written so.
    Byte,
    /// Bytes and their codes: `7E:7D02|7D:7D01`.
    Swaps,
    /// Bits of a number, as at most 8 bytes.
    Mask,
    /// A whole number between these.
    Number(i64, i64),
    /// A size such as `64KiB`, between these.
    Size(u64, u64),
    /// A duration such as `20ms`, more than zero.
    Duration,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A character encoding in which ASCII characters are single bytes.
    Encoding,
    /// One of these words, some with a number.
    Choice(&'static [Choice]),
    /// A peer: `#3` or `IP:PORT`.
    Peer,
    /// A number, or a range of numbers such as `8..64`.
    Range,
    /// A time.
    Time,
    /// Text in single quotation marks with nothing behind them.
    Quoted,
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bytes => f.write_str("bytes as hex, two digits each, or text in '…'"),
            Self::Byte => f.write_str("one byte as two hex digits, or in '…'"),
            Self::Swaps => f.write_str("bytes and their codes, each once, such as 7E:7D02|7D:7D01"),
            Self::Mask => f.write_str("1 to 8 bytes as hex, not all 00"),
            Self::Number(least, most) => write!(f, "a whole number from {least} to {most}"),
            Self::Size(least, most) => write!(f, "a size such as 64KiB, from {least} to {most} bytes"),
            Self::Duration => f.write_str("a duration such as 20ms or 1s"),
            Self::Encoding => f.write_str(
                "an encoding of `wirebench encodings` other than UTF-16, in which brackets are not single bytes",
            ),
            Self::Word(words) => write!(f, "one of {}", words.join(", ")),
            Self::Choice(choices) => write!(f, "one of {}", choice_words(choices).join(", ")),
            Self::Peer => f.write_str("IP:PORT, IP, or #N"),
            Self::Range => f.write_str("a number or a range such as 8..64, 8.. or ..64"),
            Self::Quoted => f.write_str("'…' with a comma before what follows, such as text='x',nocase"),
            Self::Time => f.write_str("a time such as 2026-01-31 16:00:00 or 2026-01-31T08:00:00Z"),
        }
    }
}

/// The words of a choice: `dec`, and `dec1 … dec18` where a number may follow.
#[must_use]
pub fn choice_words(choices: &[Choice]) -> Vec<String> {
    let words = choices.iter().flat_map(|Choice { word, number }| {
        let numbered = number.map(|numbers| format!("{word}{} … {word}{}", numbers.least, numbers.most));
        std::iter::once((*word).to_owned()).chain(numbered)
    });
    words.collect()
}

/// The parts of `text` between `separator`s outside quotation marks.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut escaped) = (0, false, false);
    for (place, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '\'' => quoted = !quoted,
            _ if character == separator && !quoted => {
                parts.push(&text[start..place]);
                start = place + character.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The options after the name of a rule.
pub(crate) struct Options<'a> {
    rule: &'a str,
    items: Vec<&'a str>,
    /// Flags and names that were looked for, to say why an item is left over.
    flags: Vec<String>,
    names: Vec<String>,
}

impl<'a> Options<'a> {
    /// `name` and the options of `name:options`.
    pub fn of(text: &'a str) -> (&'a str, Self) {
        let (name, rest) = match split(text, ':')[..] {
            [name] => (name.trim(), ""),
            [name, ..] => (name.trim(), &text[name.len() + 1..]),
            [] => ("", ""),
        };
        (name, Self::list(name, rest))
    }

    /// Options without a name before them.
    pub fn list(rule: &'a str, text: &'a str) -> Self {
        let items = split(text, ',').into_iter().map(str::trim).filter(|item| !item.is_empty()).collect();
        Self { rule, items, flags: Vec::new(), names: Vec::new() }
    }

    /// The first value without a name that is no flag.
    pub fn value(&mut self, is_flag: impl Fn(&str) -> bool) -> Option<&'a str> {
        let place = self.items.iter().position(|item| split(item, '=').len() == 1 && !is_flag(item))?;
        Some(self.items.remove(place))
    }

    /// Whether the word is present on its own.
    pub fn flag(&mut self, name: &str) -> bool {
        self.flags.push(name.to_owned());
        let place = self.items.iter().position(|item| item.eq_ignore_ascii_case(name));
        place.map(|place| self.items.remove(place)).is_some()
    }

    /// The value of `name=value`.
    pub fn named(&mut self, name: &str) -> Option<&'a str> {
        self.names.push(name.to_owned());
        let named = |item: &&str| item.split_once('=').is_some_and(|(key, _)| key.trim().eq_ignore_ascii_case(name));
        let place = self.items.iter().position(named)?;
        self.items.remove(place).split_once('=').map(|(_, value)| value.trim())
    }

    /// One of `words`; its place there.
    pub fn word(&mut self, name: &'static str, words: &'static [&'static str]) -> Result<Option<usize>, RuleError> {
        let Some(text) = self.named(name) else { return Ok(None) };
        let place = words.iter().position(|word| word.eq_ignore_ascii_case(text));
        place.map(Some).ok_or_else(|| bad(name, text, Expected::Word(words)))
    }

    /// An option is missing.
    pub fn missing(&self, option: &'static str) -> RuleError {
        RuleError::Missing { rule: self.rule.to_owned(), option }
    }

    /// An option changes nothing, perhaps because of another one.
    pub fn no_effect(&self, option: &'static str, because: Option<String>) -> RuleError {
        RuleError::NoEffect { rule: self.rule.to_owned(), option, because }
    }

    /// An option cannot work, perhaps because of another one.
    pub fn cannot_work(&self, option: String, because: Option<String>) -> RuleError {
        RuleError::CannotWork { rule: self.rule.to_owned(), option, because }
    }

    /// Why an item is left over.
    fn left_over(&self, item: &str) -> RuleError {
        let (key, value) = item.split_once('=').map_or((item, None), |(key, value)| (key.trim(), Some(value)));
        let is_in = |list: &[String]| list.iter().any(|name| name.eq_ignore_ascii_case(key));
        let how = match value {
            None if is_in(&self.flags) => Misuse::Twice,
            Some(_) if is_in(&self.names) => Misuse::Twice,
            Some(_) if is_in(&self.flags) => Misuse::HasValue,
            None if is_in(&self.names) => Misuse::LacksValue,
            _ => return RuleError::UnknownOption { rule: self.rule.into(), option: item.to_owned() },
        };
        RuleError::Misused { rule: self.rule.into(), option: key.to_owned(), how }
    }

    /// Nothing may be left over.
    pub fn end(self) -> Result<(), RuleError> {
        match self.items.first() {
            None => Ok(()),
            Some(item) => Err(self.left_over(item)),
        }
    }
}

pub(super) fn bad(option: &str, value: &str, expected: Expected) -> RuleError {
    RuleError::BadValue { option: option.to_owned(), value: value.to_owned(), expected }
}

pub(super) fn number(option: &str, text: &str, least: i64, most: i64) -> Result<i64, RuleError> {
    let parsed = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) if !digits.starts_with(['+', '-']) => i64::from_str_radix(digits, 16).ok(),
        Some(_) => None,
        None => text.parse().ok(),
    };
    let expected = Expected::Number(least, most);
    parsed.filter(|number| (least..=most).contains(number)).ok_or_else(|| bad(option, text, expected))
}

pub(super) fn size(option: &str, text: &str, least: u64, most: u64) -> Result<u64, RuleError> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor: Option<u64> = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(1),
        "k" | "kib" => Some(1 << 10),
        "m" | "mib" => Some(1 << 20),
        "g" | "gib" => Some(1 << 30),
        _ => None,
    };
    let parsed = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    let expected = Expected::Size(least, most);
    parsed.filter(|size| (least..=most).contains(size)).ok_or_else(|| bad(option, text, expected))
}

/// `20ms`, `1.5s`; whole microseconds, at least one and at most a day.
pub(super) fn duration(option: &str, text: &str) -> Result<Duration, RuleError> {
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let factor_us = match text[unit..].trim() {
        "us" => Some(1.0),
        "ms" => Some(1e3),
        "s" => Some(1e6),
        _ => None,
    };
    let us = text[..unit].parse::<f64>().ok().zip(factor_us).map(|(number, factor)| (number * factor).round());
    let in_range = us.filter(|us| (1.0..=86_400e6).contains(us));
    in_range.map(|us| Duration::from_micros(us as u64)).ok_or_else(|| bad(option, text, Expected::Duration))
}

/// One byte.
pub(super) fn one_byte(option: &str, text: &str) -> Result<u8, RuleError> {
    match bytes(option, text)?[..] {
        [byte] => Ok(byte),
        _ => Err(bad(option, text, Expected::Byte)),
    }
}

/// At least one byte.
pub(super) fn bytes(option: &str, text: &str) -> Result<Vec<u8>, RuleError> {
    let quoted = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let parsed = match quoted {
        Some(text) => escape::encode_escaped(text, Encoding::UTF_8).ok(),
        None if has_odd_run(text) => None,
        None => hex::parse(text).ok(),
    };
    parsed.filter(|bytes| !bytes.is_empty()).ok_or_else(|| bad(option, text, Expected::Bytes))
}

/// Whether the text is a number of digits that gives no whole bytes, such as `7FF`. It could be `7F 0F` or `07 FF`.
fn has_odd_run(text: &str) -> bool {
    let is_odd = |run: &str| run.len() % 2 == 1 && run.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_odd(text) || text.split_ascii_whitespace().any(|run| run.len() > 1 && is_odd(run))
}

/// `BYTE:CODE|BYTE:CODE…`: each byte and each code once, no code the begin of another one.
pub(super) fn swaps(option: &str, text: &str) -> Result<Vec<(u8, Vec<u8>)>, RuleError> {
    let wrong = || bad(option, text, Expected::Swaps);
    let mut pairs: Vec<(u8, Vec<u8>)> = Vec::new();
    for item in split(text, '|') {
        let [byte, code] = split(item, ':')[..] else { return Err(wrong()) };
        let (byte, code) = (one_byte(option, byte.trim())?, bytes(option, code.trim())?);
        if pairs.iter().any(|(other, taken)| *other == byte || taken.starts_with(&code) || code.starts_with(taken)) {
            return Err(wrong());
        }
        pairs.push((byte, code));
    }
    Ok(pairs)
}

/// The bits of a number that count, as bytes, the high one first: at most 8, and not all zero. An odd number of digits is a number,
/// too: `7FF` is `07FF`.
pub(super) fn mask(option: &str, text: &str) -> Result<NonZeroU64, RuleError> {
    let is_number = text.len() % 2 == 1 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let padded = if is_number { Cow::Owned(format!("0{text}")) } else { Cow::Borrowed(text) };
    // Quoted text is refused: a mask is a number, and no text shows which bits it has.
    let bytes = if has_odd_run(&padded) { Vec::new() } else { hex::parse(&padded).unwrap_or_default() };
    let mask = bytes.iter().fold(0, |mask: u64, byte| mask << 8 | u64::from(*byte));
    let mask = NonZeroU64::new(mask).filter(|_| bytes.len() <= 8);
    mask.ok_or_else(|| bad(option, text, Expected::Mask))
}

/// A mask as [`mask`] reads it.
pub(super) fn mask_text(mask: NonZeroU64) -> String {
    let bytes = mask.get().to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes_text(&bytes[zeros..])
}

/// Bytes as [`bytes`] reads them.
pub(super) fn bytes_text(bytes: &[u8]) -> String {
    hex::lower(bytes).to_ascii_uppercase()
}
