//! The short text form of a rule, as settings keep it and `--frame` takes it.

use super::rule::{Boundary, FramingRule, LengthField, LengthRule, MarkRule, PRESETS};
use crate::codec::Encoding;
use crate::codec::checksum::Endian;
use crate::codec::options::{self, Expected, Options, RuleError, bytes_text, split};
use std::fmt;
use std::str::FromStr;

/// Largest offset or header, in bytes.
const LARGEST_HEADER: i64 = 1 << 20;
const SIZES: &[&str] =
    &["1", "2", "3", "4", "5", "6", "7", "8", "varint", "varint4", "varint5", "varint10", "dec", "dec1 … dec18"];

/// The preset `nmea` of earlier versions, which found no sentence without `*hh` or CR.
const OUTDATED_NMEA: &str = "marks:start=24|21,end=0D0A,restart,max=1KiB+XOR-8:from=1,to=-5,at=-4,form=hex";

impl FromStr for FramingRule {
    type Err = RuleError;

    /// Reads `RULE[+CHECK]`, or the name of a preset with or without a check.
    fn from_str(text: &str) -> Result<Self, RuleError> {
        let parts = split(text, '+');
        let (rule, check) = match parts[..] {
            [rule] => (rule.trim(), None),
            [rule, check] => (rule.trim(), Some(check.trim().parse()?)),
            _ => return Err(RuleError::UnknownRule(text.to_owned())),
        };
        // Presets of plain rules name themselves.
        let (name, options) = rule.split_once(':').unwrap_or((rule, ""));
        let preset = PRESETS.iter().find(|(preset, text)| preset != text && preset.eq_ignore_ascii_case(name.trim()));
        let mut parsed = match preset {
            Some((name, text)) => preset_with(name, text, options)?,
            None => plain(rule)?,
        };
        parsed.check = check.or(parsed.check);
        Ok(parsed)
    }
}

/// The rule of a preset, in which `options` take the place of its own of the same names.
fn preset_with(name: &str, text: &str, options: &str) -> Result<FramingRule, RuleError> {
    let given: Vec<&str> = split(options, ',').into_iter().map(str::trim).filter(|item| !item.is_empty()).collect();
    if given.is_empty() {
        return text.parse();
    }
    let key = |item: &str| item.split_once('=').unwrap_or((item, "")).0.trim().to_ascii_lowercase();
    let (rule, check) = text.split_once('+').map_or((text, None), |(rule, check)| (rule, Some(check)));
    let (base, own) = rule.split_once(':').unwrap_or((rule, ""));
    let own = split(own, ',').into_iter().filter(|item| !item.is_empty() && !given.iter().any(|g| key(g) == key(item)));
    let all: Vec<&str> = own.chain(given.iter().copied()).collect();
    let mut parsed = plain(&format!("{base}:{}", all.join(","))).map_err(|error| error.of(name))?;
    parsed.check = check.map(str::parse).transpose()?;
    Ok(parsed)
}

fn plain(text: &str) -> Result<FramingRule, RuleError> {
    let (name, mut options) = Options::of(text);
    let given_max = options.size("max", 1, FramingRule::GREATEST_MAX_LEN)?;
    let max_len = given_max.unwrap_or(FramingRule::USUAL_MAX_LEN);
    let boundary = match name.to_ascii_lowercase().as_str() {
        "record" => Boundary::Record,
        "line" => Boundary::Line { keep: options.flag("keep") },
        "delim" => {
            let keep = options.flag("keep");
            let text = options.value().ok_or_else(|| options.missing("delim"))?;
            Boundary::Delimiter { bytes: options::bytes("delim", text)?, keep }
        }
        "marks" => Boundary::Marks(marks(&mut options)?),
        "fixed" => {
            let text = options.value().ok_or_else(|| options.missing("fixed"))?;
            Boundary::Fixed(options::size("fixed", text, 1, max_len)?)
        }
        "len" => Boundary::Length(length(&mut options)?),
        "gap" => {
            let text = options.value().ok_or_else(|| options.missing("gap"))?;
            Boundary::Gap(options::duration("gap", text)?)
        }
        "slip" => Boundary::Slip,
        "cobs" => Boundary::Cobs,
        "json" => Boundary::Json(options.named("encoding").map(encoding).transpose()?),
        "rtu" => Boundary::Rtu,
        _ => return Err(RuleError::UnknownRule(name.to_owned())),
    };
    if given_max.is_some() && matches!(boundary, Boundary::Record | Boundary::Rtu) {
        return Err(RuleError::NoEffect { rule: name.to_ascii_lowercase(), option: "max" });
    }
    options.end()?;
    Ok(FramingRule { boundary, check: None, max_len })
}

fn marks(options: &mut Options<'_>) -> Result<MarkRule, RuleError> {
    let starts = options.named("start").map_or(Ok(Vec::new()), |text| {
        split(text, '|').into_iter().map(|start| options::bytes("start", start.trim())).collect()
    })?;
    let end = options.bytes("end")?.ok_or_else(|| options.missing("end"))?;
    let escape = options.byte("escape")?;
    let after = options.number("after", 0, LARGEST_HEADER)?.unwrap_or(0) as u64;
    let restart = options.flag("restart");
    if restart && starts.is_empty() {
        return Err(options.missing("start"));
    }
    Ok(MarkRule { starts, end, escape, after, restart })
}

fn encoding(name: &str) -> Result<Encoding, RuleError> {
    let expected = Expected::Word(&["GBK", "GB18030", "Big5", "Shift_JIS", "UTF-8"]);
    let bad = || RuleError::BadValue { option: "encoding".into(), value: name.to_owned(), expected };
    Encoding::by_name(name).ok_or_else(bad)
}

fn length(options: &mut Options<'_>) -> Result<LengthRule, RuleError> {
    let offset = options.number("offset", 0, LARGEST_HEADER)?.unwrap_or(0) as u64;
    let size = options.named("size").ok_or_else(|| options.missing("size"))?;
    let field = field(size, options)?;
    let least_header = offset as i64 + i64::from(field.least_bytes());
    let header = options.number("header", least_header, LARGEST_HEADER * 2)?.map(|header| header as u64);
    let counts_all = options.word("counts", &["payload", "all"])? == Some(1);
    let adjust = options.number("adjust", -LARGEST_HEADER, LARGEST_HEADER)?.unwrap_or(0);
    let mark = options.named("mark").map(mark).transpose()?;
    Ok(LengthRule { offset, field, header, counts_all, adjust, mark })
}

fn field(size: &str, options: &mut Options<'_>) -> Result<LengthField, RuleError> {
    let lower = size.to_ascii_lowercase();
    let bad = || RuleError::BadValue { option: "size".into(), value: size.to_owned(), expected: Expected::Word(SIZES) };
    if let Some(most) = lower.strip_prefix("varint") {
        let most = if most.is_empty() { Ok(10) } else { most.parse::<u8>() };
        return most
            .ok()
            .filter(|most| (1..=10).contains(most))
            .map(|most| LengthField::Varint { most })
            .ok_or_else(bad);
    }
    if let Some(digits) = lower.strip_prefix("dec") {
        let digits = if digits.is_empty() { None } else { Some(digits.parse::<u8>().map_err(|_| bad())?) };
        if digits.is_some_and(|digits| !(1..=18).contains(&digits)) {
            return Err(bad());
        }
        let end = options.byte("end")?;
        return Ok(LengthField::Decimal { digits, end });
    }
    let bytes = lower.parse::<u8>().ok().filter(|bytes| (1..=8).contains(bytes)).ok_or_else(bad)?;
    let signed = options.flag("signed");
    let endian = options.word("endian", &["little", "big"])?;
    let endian = match endian {
        Some(0) => Endian::Little,
        Some(_) => Endian::Big,
        None if bytes == 1 => Endian::Little,
        // Guessing here would cut wrong without a word.
        None => return Err(options.missing("endian")),
    };
    Ok(LengthField::Binary { bytes, endian, signed })
}

impl LengthField {
    /// Bytes it has at least.
    pub(super) fn least_bytes(self) -> u8 {
        match self {
            Self::Binary { bytes, .. } => bytes,
            Self::Varint { .. } => 1,
            Self::Decimal { digits, end } => digits.unwrap_or(1) + u8::from(end.is_some()),
        }
    }
}

/// `HEX@OFFSET`.
fn mark(text: &str) -> Result<(u64, Vec<u8>), RuleError> {
    let (bytes, place) = text.rsplit_once('@').unwrap_or((text, "0"));
    let place = options::number("mark", place.trim(), 0, LARGEST_HEADER)?;
    Ok((place as u64, options::bytes("mark", bytes.trim())?))
}

impl fmt::Display for FramingRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, mut options) = match &self.boundary {
            Boundary::Record => ("record", Vec::new()),
            Boundary::Line { keep } => ("line", flags(&[("keep", *keep)])),
            Boundary::Delimiter { bytes, keep } => {
                ("delim", [vec![bytes_text(bytes)], flags(&[("keep", *keep)])].concat())
            }
            Boundary::Marks(rule) => ("marks", marks_text(rule)),
            Boundary::Fixed(len) => ("fixed", vec![len.to_string()]),
            Boundary::Length(rule) => ("len", length_text(rule)),
            Boundary::Gap(gap) if gap.subsec_micros().is_multiple_of(1000) => {
                ("gap", vec![format!("{}ms", gap.as_millis())])
            }
            Boundary::Gap(gap) => ("gap", vec![format!("{}us", gap.as_micros())]),
            Boundary::Slip => ("slip", Vec::new()),
            Boundary::Cobs => ("cobs", Vec::new()),
            Boundary::Json(encoding) => {
                ("json", encoding.iter().map(|encoding| format!("encoding={}", encoding.name())).collect())
            }
            Boundary::Rtu => ("rtu", Vec::new()),
        };
        if self.max_len != Self::USUAL_MAX_LEN && !matches!(self.boundary, Boundary::Record | Boundary::Rtu) {
            options.push(format!("max={}", self.max_len));
        }
        f.write_str(name)?;
        if !options.is_empty() {
            write!(f, ":{}", options.join(","))?;
        }
        self.check.map_or(Ok(()), |check| write!(f, "+{check}"))
    }
}

fn flags(flags: &[(&str, bool)]) -> Vec<String> {
    flags.iter().filter(|(_, given)| *given).map(|(name, _)| (*name).to_owned()).collect()
}

fn marks_text(rule: &MarkRule) -> Vec<String> {
    let mut options = Vec::new();
    if !rule.starts.is_empty() {
        let starts: Vec<String> = rule.starts.iter().map(|start| bytes_text(start)).collect();
        options.push(format!("start={}", starts.join("|")));
    }
    options.push(format!("end={}", bytes_text(&rule.end)));
    options.extend(rule.escape.map(|escape| format!("escape={escape:02X}")));
    if rule.after > 0 {
        options.push(format!("after={}", rule.after));
    }
    options.extend(flags(&[("restart", rule.restart)]));
    options
}

fn length_text(rule: &LengthRule) -> Vec<String> {
    let mut options = vec![format!("offset={}", rule.offset)];
    match rule.field {
        LengthField::Binary { bytes, endian, signed } => {
            options.push(format!("size={bytes}"));
            options.push(if endian == Endian::Little { "endian=little" } else { "endian=big" }.to_owned());
            options.extend(flags(&[("signed", signed)]));
        }
        LengthField::Varint { most } => options.push(format!("size=varint{most}")),
        LengthField::Decimal { digits, end } => {
            options.push(digits.map_or_else(|| "size=dec".to_owned(), |digits| format!("size=dec{digits}")));
            options.extend(end.map(|end| format!("end={end:02X}")));
        }
    }
    options.extend(rule.header.map(|header| format!("header={header}")));
    if rule.counts_all {
        options.push("counts=all".to_owned());
    }
    if rule.adjust != 0 {
        options.push(format!("adjust={}", rule.adjust));
    }
    options.extend(rule.mark.as_ref().map(|(place, bytes)| format!("mark={}@{place}", bytes_text(bytes))));
    options
}

impl TryFrom<String> for FramingRule {
    type Error = RuleError;

    /// Of settings, which earlier versions wrote with options that have no effect, or with a preset as it was then.
    fn try_from(text: String) -> Result<Self, RuleError> {
        match text.parse() {
            Ok(rule) if OUTDATED_NMEA.parse().is_ok_and(|outdated: Self| outdated == rule) => "nmea".parse(),
            Err(RuleError::NoEffect { rule, .. }) => {
                let check = split(&text, '+').get(1).map_or_else(String::new, |check| format!("+{check}"));
                format!("{rule}{check}").parse()
            }
            other => other,
        }
    }
}

impl From<FramingRule> for String {
    fn from(rule: FramingRule) -> Self {
        rule.to_string()
    }
}
