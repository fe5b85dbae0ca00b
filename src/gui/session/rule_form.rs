//! A framing rule as the fields of a form. The fields hold what was typed; the rule's text form judges it, so that the window and
//! the command line refuse the same with the same limits.

use crate::codec::escape;
use crate::codec::framing::{Boundary, Counts, LengthField, LengthRule, MarkRule};
use crate::codec::{Check, ChecksumKind, Encoding, Endian, FramingRule, checksum::ValueForm, hex};
use std::time::Duration;

mod wrong;
pub use wrong::Wrong;

/// The kinds of rule, in menu order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Record,
    Line,
    Delimiter,
    Marks,
    Fixed,
    Length,
    Gap,
    Slip,
    Cobs,
    Json,
    Rtu,
}

impl Kind {
    pub const ALL: [Self; 11] = [
        Self::Record,
        Self::Line,
        Self::Delimiter,
        Self::Marks,
        Self::Fixed,
        Self::Length,
        Self::Gap,
        Self::Slip,
        Self::Cobs,
        Self::Json,
        Self::Rtu,
    ];
}

/// How a length is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A number of so many bytes.
    Bytes(u8),
    /// Groups of 7 bits.
    Varint,
    /// Decimal digits.
    Decimal,
}

/// A field with text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Delimiter,
    Starts,
    End,
    Escape,
    After,
    Fixed,
    Offset,
    Groups,
    Digits,
    DigitsEnd,
    Header,
    Adjust,
    Mark,
    MarkPlace,
    Gap,
    Max,
    CheckFrom,
    CheckTo,
    CheckPlace,
    CheckUntil,
    /// The text form of the whole rule.
    Whole,
}

impl At {
    /// Fields that hold bytes.
    const BYTES: [Self; 7] =
        [Self::Delimiter, Self::Starts, Self::End, Self::Escape, Self::DigitsEnd, Self::Mark, Self::CheckUntil];
    const COUNT: usize = Self::Whole as usize + 1;

    /// The field whose text gave the option of this name.
    fn of_option(option: &str, form: &RuleForm) -> Self {
        match option {
            "delim" => Self::Delimiter,
            "start" => Self::Starts,
            "end" if form.kind == Kind::Length => Self::DigitsEnd,
            "end" => Self::End,
            "escape" => Self::Escape,
            "after" => Self::After,
            "fixed" => Self::Fixed,
            "offset" => Self::Offset,
            "size" if form.size == Size::Varint => Self::Groups,
            "size" => Self::Digits,
            "header" => Self::Header,
            "adjust" => Self::Adjust,
            "mark" => Self::MarkPlace,
            "gap" => Self::Gap,
            "max" => Self::Max,
            "from" => Self::CheckFrom,
            "to" => Self::CheckTo,
            "at" => Self::CheckPlace,
            "until" => Self::CheckUntil,
            _ => Self::Whole,
        }
    }
}

/// The form. What belongs to other kinds than the chosen one is kept, so that trying one out loses nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleForm {
    pub kind: Kind,
    /// Bytes are written as text with escapes, else as hex.
    as_text: bool,
    pub keep: bool,
    pub restart: bool,
    pub size: Size,
    pub endian: Endian,
    pub signed: bool,
    pub counts_all: bool,
    json_encoding: Option<Encoding>,
    pub check: Option<ChecksumKind>,
    pub check_endian: Option<Endian>,
    pub check_form: ValueForm,
    texts: [String; At::COUNT],
}

impl RuleForm {
    /// Filled in with `rule`; the other kinds with what is common there.
    pub fn new(rule: &FramingRule) -> Self {
        let mut form = Self {
            kind: Kind::Record,
            as_text: false,
            keep: false,
            restart: false,
            size: Size::Bytes(4),
            endian: Endian::Little,
            signed: false,
            counts_all: false,
            json_encoding: None,
            check: None,
            check_endian: None,
            check_form: ValueForm::Binary,
            texts: std::array::from_fn(|_| String::new()),
        };
        for (at, text) in [
            (At::Delimiter, "0D 0A"),
            (At::Starts, "02"),
            (At::End, "03"),
            (At::Fixed, "8"),
            (At::Offset, "0"),
            (At::Groups, "10"),
            (At::Gap, "20"),
        ] {
            form.text(at).push_str(text);
        }
        form.take(rule);
        form
    }

    /// The text of a field.
    pub fn text(&mut self, at: At) -> &mut String {
        &mut self.texts[at as usize]
    }

    fn get(&self, at: At) -> &str {
        &self.texts[at as usize]
    }

    /// Fills in what `rule` says.
    pub fn take(&mut self, rule: &FramingRule) {
        self.take_boundary(&rule.boundary);
        *self.text(At::Max) =
            if rule.max_len == FramingRule::USUAL_MAX_LEN { String::new() } else { size(rule.max_len) };
        self.check = rule.check.map(|check| check.kind);
        let Some(Check { from, to, at, endian, form, until, .. }) = rule.check else { return };
        let optional = |place: Option<i64>| place.map_or_else(String::new, |place| place.to_string());
        *self.text(At::CheckFrom) = from.to_string();
        *self.text(At::CheckTo) = optional(to);
        *self.text(At::CheckPlace) = optional(at);
        self.set_bytes(At::CheckUntil, until.as_ref().map(std::slice::from_ref));
        (self.check_endian, self.check_form) = (endian, form);
    }

    fn take_boundary(&mut self, boundary: &Boundary) {
        self.kind = match boundary {
            Boundary::Record => Kind::Record,
            Boundary::Line { keep } => {
                self.keep = *keep;
                Kind::Line
            }
            Boundary::Delimiter { bytes, keep } => {
                self.keep = *keep;
                self.set_bytes(At::Delimiter, Some(bytes));
                Kind::Delimiter
            }
            Boundary::Marks(rule) => {
                self.take_marks(rule);
                Kind::Marks
            }
            Boundary::Fixed(len) => {
                *self.text(At::Fixed) = len.to_string();
                Kind::Fixed
            }
            Boundary::Length(rule) => {
                self.take_length(rule);
                Kind::Length
            }
            Boundary::Gap(gap) => {
                *self.text(At::Gap) = milliseconds(*gap);
                Kind::Gap
            }
            Boundary::Slip => Kind::Slip,
            Boundary::Cobs => Kind::Cobs,
            Boundary::Json(encoding) => {
                self.json_encoding = *encoding;
                Kind::Json
            }
            Boundary::Rtu => Kind::Rtu,
        };
    }

    fn take_marks(&mut self, rule: &MarkRule) {
        let starts: Vec<String> = rule.starts.iter().map(|start| self.written(start).replace('|', "\\x7C")).collect();
        *self.text(At::Starts) = starts.join(if self.as_text { "|" } else { " | " });
        self.set_bytes(At::End, Some(&rule.end));
        self.set_bytes(At::Escape, rule.escape.as_ref().map(std::slice::from_ref));
        *self.text(At::After) = if rule.after == 0 { String::new() } else { rule.after.to_string() };
        self.restart = rule.restart;
    }

    fn take_length(&mut self, rule: &LengthRule) {
        *self.text(At::Offset) = rule.offset.to_string();
        self.size = match rule.field {
            LengthField::Binary { bytes, endian, signed } => {
                (self.endian, self.signed) = (endian, signed);
                Size::Bytes(bytes)
            }
            LengthField::Varint { most } => {
                *self.text(At::Groups) = most.to_string();
                Size::Varint
            }
            LengthField::Decimal { digits, end } => {
                *self.text(At::Digits) = digits.map_or_else(String::new, |digits| digits.to_string());
                self.set_bytes(At::DigitsEnd, end.as_ref().map(std::slice::from_ref));
                Size::Decimal
            }
        };
        *self.text(At::Header) = rule.header.map_or_else(String::new, |header| header.to_string());
        self.counts_all = rule.counts == Counts::All;
        *self.text(At::Adjust) = if rule.adjust == 0 { String::new() } else { rule.adjust.to_string() };
        self.set_bytes(At::Mark, rule.mark.as_ref().map(|(_, bytes)| bytes.as_slice()));
        *self.text(At::MarkPlace) = rule.mark.as_ref().map_or_else(String::new, |(place, _)| place.to_string());
    }

    fn set_bytes(&mut self, at: At, bytes: Option<&[u8]>) {
        *self.text(at) = bytes.map_or_else(String::new, |bytes| self.written(bytes));
    }

    fn written(&self, bytes: &[u8]) -> String {
        if self.as_text { escape::escape(bytes, Encoding::UTF_8) } else { hex::spaced_upper(bytes) }
    }

    /// Bytes are written as text with escapes, else as hex.
    pub fn as_text(&self) -> bool {
        self.as_text
    }

    /// Writes bytes the other way; what is not right yet stays as typed.
    pub fn set_as_text(&mut self, as_text: bool) {
        let read = At::BYTES.map(|at| (at, self.pieces(at)));
        self.as_text = as_text;
        for (at, pieces) in read {
            let Ok(pieces) = pieces else { continue };
            let pieces: Vec<String> = pieces
                .iter()
                .map(
                    |bytes| {
                        if at == At::Starts { self.written(bytes).replace('|', "\\x7C") } else { self.written(bytes) }
                    },
                )
                .collect();
            *self.text(at) = pieces.join(if as_text { "|" } else { " | " });
        }
    }

    /// The bytes in a field: several only of start markers, none where nothing is written.
    fn pieces(&self, at: At) -> Result<Vec<Vec<u8>>, Wrong> {
        let text = self.get(at);
        if text.is_empty() || (!self.as_text && text.trim().is_empty()) {
            return Ok(Vec::new());
        }
        let parts: Vec<&str> = if at == At::Starts { text.split('|').collect() } else { vec![text] };
        let read = |part: &&str| {
            let bytes = match self.as_text {
                true => escape::encode_escaped(part, Encoding::UTF_8).map_err(Wrong::Escape)?,
                false => hex::parse(part).map_err(Wrong::Hex)?,
            };
            if bytes.is_empty() { Err(Wrong::Empty) } else { Ok(bytes) }
        };
        parts.iter().map(read).collect()
    }

    /// The rule that the form says, or the first field that is wrong.
    pub fn rule(&self) -> Result<FramingRule, (At, Wrong)> {
        let mut text = self.boundary_text()?;
        if self.has_max() && !self.get(At::Max).trim().is_empty() {
            text.push(format!("max={}", plain(self.get(At::Max))));
        }
        let name = text.remove(0);
        let mut whole = if text.is_empty() { name } else { format!("{name}:{}", text.join(",")) };
        if let Some(kind) = self.check {
            whole.push('+');
            whole.push_str(&self.check_text(kind)?);
        }
        whole.parse().map_err(|error| Wrong::of(error, self))
    }

    /// The longest frame can be said.
    pub fn has_max(&self) -> bool {
        !matches!(self.kind, Kind::Record | Kind::Rtu)
    }

    /// Name and options.
    fn boundary_text(&self) -> Result<Vec<String>, (At, Wrong)> {
        let keep = || self.keep.then(|| "keep".to_owned());
        let mut text = Vec::new();
        match self.kind {
            Kind::Record => text.push("record".to_owned()),
            Kind::Line => {
                text.push("line".to_owned());
                text.extend(keep());
            }
            Kind::Delimiter => {
                text.extend(["delim".to_owned(), self.bytes(At::Delimiter)?.ok_or((At::Delimiter, Wrong::Empty))?]);
                text.extend(keep());
            }
            Kind::Marks => self.marks_text(&mut text)?,
            Kind::Fixed => text.extend(["fixed".to_owned(), plain(self.get(At::Fixed))]),
            Kind::Length => self.length_text(&mut text)?,
            Kind::Gap => text.extend(["gap".to_owned(), format!("{}ms", plain(self.get(At::Gap)))]),
            Kind::Slip => text.push("slip".to_owned()),
            Kind::Cobs => text.push("cobs".to_owned()),
            Kind::Json => {
                text.push("json".to_owned());
                text.extend(self.json_encoding.map(|encoding| format!("encoding={}", encoding.name())));
            }
            Kind::Rtu => text.push("rtu".to_owned()),
        }
        Ok(text)
    }

    fn marks_text(&self, text: &mut Vec<String>) -> Result<(), (At, Wrong)> {
        text.push("marks".to_owned());
        text.extend(self.bytes(At::Starts)?.map(|starts| format!("start={starts}")));
        let end = self.bytes(At::End)?.ok_or((At::End, Wrong::Empty))?;
        text.push(format!("end={end}"));
        text.extend(self.bytes(At::Escape)?.map(|escape| format!("escape={escape}")));
        text.extend(self.option("after", At::After));
        text.extend(self.restart.then(|| "restart".to_owned()));
        Ok(())
    }

    fn length_text(&self, text: &mut Vec<String>) -> Result<(), (At, Wrong)> {
        text.push("len".to_owned());
        text.extend(self.option("offset", At::Offset));
        match self.size {
            Size::Bytes(bytes) => {
                text.extend([format!("size={bytes}"), format!("endian={}", endian_text(self.endian))]);
                text.extend(self.signed.then(|| "signed".to_owned()));
            }
            Size::Varint => text.push(format!("size=varint{}", plain(self.get(At::Groups)))),
            Size::Decimal => {
                text.push(format!("size=dec{}", plain(self.get(At::Digits))));
                text.extend(self.bytes(At::DigitsEnd)?.map(|end| format!("end={end}")));
            }
        }
        text.extend(self.option("header", At::Header));
        text.extend(self.counts_all.then(|| "counts=all".to_owned()));
        text.extend(self.option("adjust", At::Adjust));
        if let Some(mark) = self.bytes(At::Mark)? {
            let place = plain(self.get(At::MarkPlace));
            text.push(format!("mark={mark}@{}", if place.is_empty() { "0" } else { &place }));
        }
        Ok(())
    }

    fn check_text(&self, kind: ChecksumKind) -> Result<String, (At, Wrong)> {
        let mut options = Vec::from_iter(self.option("from", At::CheckFrom));
        match self.bytes(At::CheckUntil)? {
            Some(byte) => options.push(format!("until={byte}")),
            None => {
                options.extend(self.option("to", At::CheckTo));
                options.extend(self.option("at", At::CheckPlace));
            }
        }
        options.extend(self.check_endian.map(|endian| format!("endian={}", endian_text(endian))));
        options.extend((self.check_form == ValueForm::HexText).then(|| "form=hex".to_owned()));
        Ok(if options.is_empty() { kind.name().to_owned() } else { format!("{}:{}", kind.name(), options.join(",")) })
    }

    /// The byte before the value tells what the check covers, so that the places do not.
    pub fn check_is_marked(&self) -> bool {
        let text = self.get(At::CheckUntil);
        !(text.is_empty() || !self.as_text && text.trim().is_empty())
    }

    /// A field of the rule itself, not of its check, holds bytes.
    pub fn has_bytes(&self) -> bool {
        matches!(self.kind, Kind::Delimiter | Kind::Marks | Kind::Length)
    }

    /// The bytes of a field as the text form writes them; `None` where nothing is written.
    fn bytes(&self, at: At) -> Result<Option<String>, (At, Wrong)> {
        let pieces = self.pieces(at).map_err(|wrong| (at, wrong))?;
        let pieces: Vec<String> = pieces.iter().map(|bytes| hex::lower(bytes)).collect();
        Ok((!pieces.is_empty()).then(|| pieces.join("|")))
    }

    fn option(&self, name: &str, at: At) -> Option<String> {
        let text = plain(self.get(at));
        (!text.is_empty()).then(|| format!("{name}={text}"))
    }
}

/// A number as typed, made harmless: nothing in it can be taken for another option. What is no number stays none.
fn plain(text: &str) -> String {
    let text = text.trim();
    let harmless = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ' '));
    if harmless { text.to_owned() } else { "?".to_owned() }
}

fn endian_text(endian: Endian) -> &'static str {
    if endian == Endian::Little { "little" } else { "big" }
}

/// In the largest unit that says it exactly.
fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes > 0 && bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        bytes if bytes > 0 && bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        bytes => bytes.to_string(),
    }
}

/// `20`, `0.5`.
fn milliseconds(gap: Duration) -> String {
    let (whole, rest) = (gap.as_micros() / 1000, gap.as_micros() % 1000);
    let text = format!("{whole}.{rest:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
