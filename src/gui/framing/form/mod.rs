//! A framing rule as the fields of a form. `codec::framing` and `codec::checksum` describe the fields, types and limits of each
//! rule and check, so the window and the command line reject the same values.

use crate::codec::escape;
use crate::codec::fields::{self, Choice, Field, FieldId, Kind, Value};
use crate::codec::framing::{Description, RULES, RuleKind};
use crate::codec::{Check, ChecksumKind, Encoding, FramingRule, hex};
use crate::words::{Lang, Text};
use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

mod wrong;
pub use wrong::Wrong;

/// A place in the form for typed input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// The value of an option.
    Field(FieldId),
    /// The number of a choice that has one; the second part is the index of the choice.
    Number(FieldId, usize),
    /// The position of an option's bytes in the frame.
    Place(FieldId),
    /// The text form of the whole rule.
    Whole,
}

impl At {
    /// The label of the field in the form.
    pub fn label(self, lang: Lang) -> Cow<'static, str> {
        match self {
            Self::Field(id) => lang.texts().rule_field(id).label.into(),
            Self::Number(id, place) => {
                let choices = all_fields().find_map(|(other, kind)| match kind {
                    Kind::Choice(choices) if other == id => Some(choices),
                    _ => None,
                });
                let word = choices.and_then(|choices| choices.get(place)).map_or("", |choice| choice.word);
                lang.texts().rule_choice(word).number.into()
            }
            Self::Place(_) => lang.texts().rule_place().into(),
            Self::Whole => Text::RuleLine.of(lang).into(),
        }
    }
}

/// The form. Values of other kinds than the selected one are kept, so that the user can try a kind without losing them.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleForm {
    pub kind: RuleKind,
    pub check: Option<ChecksumKind>,
    /// Bytes are entered as text with escapes, else as hex.
    as_text: bool,
    flags: HashMap<FieldId, bool>,
    /// Index of the selected choice; `None`: the default of the check.
    choices: HashMap<FieldId, Option<usize>>,
    texts: HashMap<At, String>,
}

impl RuleForm {
    /// A form with the values of `rule`; the other kinds get their common values.
    pub fn new(rule: &FramingRule) -> Self {
        let mut form = Self {
            kind: RuleKind::Record,
            check: None,
            as_text: false,
            flags: HashMap::new(),
            choices: HashMap::new(),
            texts: HashMap::new(),
        };
        for description in RULES {
            for field in description.fields() {
                form.begin(field, field.value(&description.bare()).as_ref());
            }
        }
        for field in Check::fields() {
            form.begin(field, any_check().and_then(|check| field.value(&check)).as_ref());
        }
        form.take(rule);
        form
    }

    /// Sets the initial value of a field. `bare`: its value in a rule without options.
    fn begin<R>(&mut self, field: &Field<R>, bare: Option<&Value>) {
        match field.kind {
            Kind::Flag => {
                self.flags.insert(field.id, false);
            }
            Kind::Choice(choices) => {
                let index = if let Some(Value::Choice(index, _)) = bare { Some(*index) } else { None };
                self.choices.insert(field.id, index);
                for (index, choice) in choices.iter().enumerate() {
                    if let Some(numbers) = choice.number {
                        let usual = numbers.usual.map_or_else(String::new, |number| number.to_string());
                        self.texts.insert(At::Number(field.id, index), usual);
                    }
                }
            }
            _ => {
                self.texts.insert(At::Field(field.id), String::new());
            }
        }
        if let Kind::PlacedBytes { .. } = field.kind {
            self.texts.insert(At::Place(field.id), String::new());
        }
        if let Some(value) = field.proposed.and_then(|text| field.kind.read(field.name, text).ok()) {
            self.take_value(field, Some(value));
        }
    }

    /// The description of the kind of rule.
    pub fn description(&self) -> &'static Description {
        self.kind.description()
    }

    /// The text at a place.
    pub fn text(&mut self, at: At) -> &mut String {
        self.texts.entry(at).or_default()
    }

    fn get(&self, at: At) -> &str {
        self.texts.get(&at).map_or("", String::as_str)
    }

    /// The value of a flag.
    pub fn flag(&mut self, id: FieldId) -> &mut bool {
        self.flags.entry(id).or_default()
    }

    /// The selected choice; `None`: the default.
    pub fn choice(&mut self, id: FieldId) -> &mut Option<usize> {
        self.choices.entry(id).or_default()
    }

    /// Sets the fields from `rule`.
    pub fn take(&mut self, rule: &FramingRule) {
        let description = rule.boundary.description();
        self.kind = description.kind;
        for field in description.fields() {
            if field.applies(rule) {
                self.take_value(field, field.value(rule));
            }
        }
        self.check = rule.check.map(|check| check.kind);
        let Some(check) = rule.check else { return };
        for field in Check::fields() {
            self.take_value(field, field.value(&check));
        }
    }

    fn take_value<R>(&mut self, field: &Field<R>, value: Option<Value>) {
        let is_usual = value.as_ref().is_some_and(|value| field.is_usual(value));
        match (field.kind, value) {
            (Kind::Flag, value) => *self.flag(field.id) = value.is_some(),
            (Kind::Choice(choices), value) => {
                let Some(Value::Choice(index, number)) = value else {
                    *self.choice(field.id) = None;
                    return;
                };
                *self.choice(field.id) = Some(index);
                if choices.get(index).is_some_and(|choice| choice.number.is_some()) {
                    let number = number.map_or_else(String::new, |number| number.to_string());
                    *self.text(At::Number(field.id, index)) = number;
                }
            }
            (Kind::PlacedBytes { .. }, value) => {
                let (place, bytes) = match value {
                    Some(Value::PlacedBytes(place, bytes)) => (place.to_string(), self.written(&bytes)),
                    _ => Default::default(),
                };
                *self.text(At::Place(field.id)) = place;
                *self.text(At::Field(field.id)) = bytes;
            }
            (_, Some(value)) if !is_usual => *self.text(At::Field(field.id)) = self.shown(field, &value),
            _ => self.text(At::Field(field.id)).clear(),
        }
    }

    /// The text of a value.
    fn shown<R>(&self, field: &Field<R>, value: &Value) -> String {
        match (field.kind, value) {
            (Kind::Size { .. }, Value::Number(number)) if !field.is_unnamed => size(*number as u64),
            (_, Value::Duration(time)) => milliseconds(*time),
            (_, Value::Bytes(bytes)) => self.written(bytes),
            (_, Value::ByteStrings(strings)) => self.joined(strings),
            (_, Value::Swaps(swaps)) if self.as_text => self.joined_swaps(swaps),
            (kind, value) => kind.write(value),
        }
    }

    fn written(&self, bytes: &[u8]) -> String {
        if self.as_text { escape::escape(bytes, Encoding::UTF_8) } else { hex::spaced_upper(bytes) }
    }

    fn joined(&self, strings: &[Vec<u8>]) -> String {
        let strings: Vec<String> = strings.iter().map(|bytes| self.written(bytes).replace('|', "\\x7C")).collect();
        strings.join(if self.as_text { "|" } else { " | " })
    }

    /// Replaced bytes and their codes as text, with both separators escaped.
    fn joined_swaps(&self, swaps: &[(u8, Vec<u8>)]) -> String {
        let part = |bytes: &[u8]| self.written(bytes).replace('|', "\\x7C").replace(':', "\\x3A");
        let pairs: Vec<String> =
            swaps.iter().map(|(byte, code)| format!("{}:{}", part(&[*byte]), part(code))).collect();
        pairs.join("|")
    }

    /// Bytes are entered as text with escapes, else as hex.
    pub fn as_text(&self) -> bool {
        self.as_text
    }

    /// Switches between text and hex. Invalid input stays as typed.
    pub fn set_as_text(&mut self, as_text: bool) {
        let (swaps, bytes): (Vec<_>, Vec<_>) =
            all_fields().filter(|(_, kind)| holds_bytes(*kind)).partition(|(_, kind)| *kind == Kind::Swaps);
        let read: Vec<_> = bytes.into_iter().map(|(id, kind)| (id, kind, self.pieces(At::Field(id), kind))).collect();
        let swaps: Vec<_> = swaps.into_iter().map(|(id, kind)| (id, kind, self.swaps(At::Field(id)))).collect();
        self.as_text = as_text;
        for (id, kind, value) in swaps {
            let Ok(Some(Value::Swaps(swaps))) = value else { continue };
            let written = if as_text { self.joined_swaps(&swaps) } else { kind.write(&Value::Swaps(swaps)) };
            *self.text(At::Field(id)) = written;
        }
        for (id, kind, pieces) in read {
            let Ok(pieces) = pieces else { continue };
            *self.text(At::Field(id)) = match (kind, &pieces[..]) {
                (Kind::ByteStrings, pieces) => self.joined(pieces),
                (_, pieces) => pieces.iter().map(|bytes| self.written(bytes)).collect(),
            };
        }
    }

    /// Parses the bytes in a field. Only lists of byte strings can have several; an empty field has none.
    fn pieces(&self, at: At, kind: Kind) -> Result<Vec<Vec<u8>>, Wrong> {
        if self.is_empty(at) {
            return Ok(Vec::new());
        }
        let text = self.get(at);
        let parts: Vec<&str> = if kind == Kind::ByteStrings { text.split('|').collect() } else { vec![text] };
        let read = |part: &&str| {
            let bytes = match self.as_text {
                true => escape::encode_escaped(part, Encoding::UTF_8).map_err(Wrong::Escape)?,
                false => hex::parse(part).map_err(Wrong::Hex)?,
            };
            if bytes.is_empty() { Err(Wrong::Empty) } else { Ok(bytes) }
        };
        parts.iter().map(read).collect()
    }

    /// Parses the replaced bytes and their codes in a field; `None` if it is empty.
    fn swaps(&self, at: At) -> Result<Option<Value>, (At, Wrong)> {
        if self.is_empty(at) {
            return Ok(None);
        }
        let text = self.get(at);
        if !self.as_text {
            return read(at, Kind::Swaps, text.trim());
        }
        // The text form of a rule contains them in hex.
        let in_hex = |part: &str| match escape::encode_escaped(part, Encoding::UTF_8) {
            Ok(bytes) => Ok(hex::lower(&bytes)),
            Err(error) => Err((at, Wrong::Escape(error))),
        };
        let pair = |pair: &str| pair.split(':').map(in_hex).collect::<Result<Vec<_>, _>>().map(|both| both.join(":"));
        let pairs = text.split('|').map(pair).collect::<Result<Vec<_>, _>>()?;
        read(at, Kind::Swaps, &pairs.join("|")).map_err(|_| (at, Wrong::SwapsAsText))
    }

    /// A byte field is empty. As text, spaces count as content.
    fn is_empty(&self, at: At) -> bool {
        let text = self.get(at);
        text.is_empty() || !self.as_text && text.trim().is_empty()
    }

    /// The rule of the form, or the first invalid field.
    pub fn rule(&self) -> Result<FramingRule, (At, Wrong)> {
        let description = self.description();
        let mut rule = description.bare();
        fields::fill(&description.fields(), &mut rule, |field, rule| self.value(field, rule)).map_err(Wrong::of)?;
        if let Some(kind) = self.check {
            let mut check = Check::trailing(kind);
            fields::fill(&Check::fields(), &mut check, |field, check| self.value(field, check)).map_err(Wrong::of)?;
            rule.check = Some(check);
        }
        Ok(rule)
    }

    /// The value of a field; `None` if it is empty or has no effect on `rule`.
    fn value<R: Clone>(&self, field: &Field<R>, rule: &R) -> Result<Option<Value>, (At, Wrong)> {
        if !field.applies(rule) {
            return Ok(None);
        }
        let at = At::Field(field.id);
        let text = self.get(at).trim();
        let kind = field.kind_in(rule);
        match kind {
            Kind::Flag => Ok(self.flags.get(&field.id).is_some_and(|set| *set).then_some(Value::Set)),
            Kind::Byte | Kind::Bytes | Kind::ByteStrings => {
                let pieces = self.pieces(at, kind).map_err(|wrong| (at, wrong))?;
                match (kind, &pieces[..]) {
                    (_, []) => Ok(None),
                    (Kind::ByteStrings, _) => Ok(Some(Value::ByteStrings(pieces))),
                    (Kind::Byte, [bytes]) if bytes.len() != 1 => Err((at, Wrong::OneByte)),
                    (_, [bytes, ..]) => Ok(Some(Value::Bytes(bytes.clone()))),
                }
            }
            Kind::PlacedBytes { farthest } => self.placed_bytes(field.id, farthest),
            Kind::Swaps => self.swaps(at),
            Kind::Choice(choices) => self.chosen(field.id, choices),
            _ if text.is_empty() => Ok(None),
            Kind::Duration => read(at, kind, &format!("{text}ms")),
            _ => read(at, kind, text),
        }
    }

    fn placed_bytes(&self, id: FieldId, farthest: i64) -> Result<Option<Value>, (At, Wrong)> {
        let at = At::Field(id);
        let pieces = self.pieces(at, Kind::Bytes).map_err(|wrong| (at, wrong))?;
        let Some(bytes) = pieces.into_iter().next() else { return Ok(None) };
        let place = match self.get(At::Place(id)).trim() {
            "" => None,
            text => read(At::Place(id), Kind::Number { least: 0, most: farthest }, text)?,
        };
        let place = if let Some(Value::Number(place)) = place { place as u64 } else { 0 };
        Ok(Some(Value::PlacedBytes(place, bytes)))
    }

    fn chosen(&self, id: FieldId, choices: &[Choice]) -> Result<Option<Value>, (At, Wrong)> {
        let Some(index) = self.choices.get(&id).copied().flatten() else { return Ok(None) };
        let Some(numbers) = choices.get(index).and_then(|choice| choice.number) else {
            return Ok(Some(Value::Choice(index, None)));
        };
        let at = At::Number(id, index);
        let number = match self.get(at).trim() {
            "" => numbers.usual,
            text => match read(at, Kind::Number { least: numbers.least, most: numbers.most }, text)? {
                Some(Value::Number(number)) => Some(number),
                _ => None,
            },
        };
        Ok(Some(Value::Choice(index, number)))
    }

    /// The rule as far as it is valid. An invalid value counts as present where other fields depend on it, else as missing.
    pub fn draft(&self) -> FramingRule {
        let description = self.description();
        let mut rule = description.bare();
        self.fill_draft(&description.fields(), &mut rule);
        if let Some(kind) = self.check {
            let mut check = Check::trailing(kind);
            self.fill_draft(&Check::fields(), &mut check);
            rule.check = Some(check);
        }
        rule
    }

    fn fill_draft<R: Clone>(&self, fields: &[&'static Field<R>], rule: &mut R) {
        for field in fields {
            let value = match (self.value(field, rule), field.kind) {
                (Ok(value), _) => value,
                (Err(_), Kind::Byte) => Some(Value::Bytes(vec![0])),
                (Err(_), Kind::Choice(choices)) => self.chosen_word(field.id, choices),
                (Err(_), _) => None,
            };
            if let Some(value) = value {
                field.put(rule, value);
            }
        }
    }

    /// The selected choice, whatever its number field contains, because the other fields depend on the choice.
    fn chosen_word(&self, id: FieldId, choices: &[Choice]) -> Option<Value> {
        let index = self.choices.get(&id).copied().flatten()?;
        let numbers = choices.get(index)?.number;
        Some(Value::Choice(index, numbers.map(|numbers| numbers.usual.unwrap_or(numbers.least))))
    }

    /// The placeholder of a field, with bytes in the form of the field (text or hex).
    pub fn hint(&self, kind: Kind, hint: &'static str) -> Cow<'static, str> {
        match kind {
            Kind::Swaps if self.as_text => hint.replace(SWAPS_SPACED, SWAPS_AS_TEXT).into(),
            kind if self.as_text && holds_bytes(kind) => match hex::parse(hint) {
                Ok(bytes) if !bytes.is_empty() => self.written(&bytes).into(),
                _ => hint.into(),
            },
            _ => hint.into(),
        }
    }

    /// A field is not empty.
    pub fn is_given(&self, id: FieldId) -> bool {
        !self.is_empty(At::Field(id))
    }

    /// A field of the rule itself, not of its check, contains bytes.
    pub fn has_bytes(&self) -> bool {
        self.description().fields().iter().any(|field| holds_bytes(field.kind))
    }
}

/// The example of replaced bytes in a placeholder and in a sentence, and the same as text.
const SWAPS_SPACED: &str = "7E:7D02 | 7D:7D01";
const SWAPS_IN_HEX: &str = "7E:7D02|7D:7D01";
const SWAPS_AS_TEXT: &str = "~:}\\x02|}:}\\x01";

/// The field contains bytes that can be entered as hex or text. A mask is a number: always hex, as its label says.
pub fn holds_bytes(kind: Kind) -> bool {
    matches!(kind, Kind::Byte | Kind::Bytes | Kind::ByteStrings | Kind::Swaps | Kind::PlacedBytes { .. })
}

/// The fields of all rules and checks. Fields with the same identifier have the same kind.
fn all_fields() -> impl Iterator<Item = (FieldId, Kind)> {
    let rules = RULES.iter().flat_map(|rule| rule.fields()).map(|field| (field.id, field.kind));
    rules.chain(Check::fields().into_iter().map(|field| (field.id, field.kind)))
}

fn read(at: At, kind: Kind, text: &str) -> Result<Option<Value>, (At, Wrong)> {
    kind.read("", text).map(Some).map_err(|error| (at, Wrong::of_value(error)))
}

fn any_check() -> Option<Check> {
    ChecksumKind::all().next().map(Check::trailing)
}

/// The size in the largest unit that represents it exactly.
fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes > 0 && bytes.is_multiple_of(1 << 20) => format!("{} MiB", bytes >> 20),
        bytes if bytes > 0 && bytes.is_multiple_of(1 << 10) => format!("{} KiB", bytes >> 10),
        bytes => bytes.to_string(),
    }
}

/// Formats milliseconds as `20` or `0.5`.
fn milliseconds(gap: Duration) -> String {
    let (whole, rest) = (gap.as_micros() / 1000, gap.as_micros() % 1000);
    let text = format!("{whole}.{rest:03}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests;
