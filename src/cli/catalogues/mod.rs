//! `wirebench encodings`, `checks` and `rules`: the names accepted on the command line.

#[cfg(test)]
mod document;

use super::out::StandardOut;
use crate::codec::fields::Field;
use crate::codec::framing::{PRESETS, RULES};
use crate::codec::safe::json_line;
use crate::codec::{Check, ChecksumKind, Encoding};
use crate::words::Lang;
use serde::Serialize;
use std::process::ExitCode;

/// A catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Catalogue {
    Encodings,
    Checks,
    Rules,
}

#[derive(Serialize)]
struct EncodingLine {
    name: &'static str,
    /// Maximum length of a character in bytes.
    max_bytes: usize,
    aliases: &'static [&'static str],
}

#[derive(Serialize)]
struct CheckLine {
    name: &'static str,
    bits: u32,
    /// Its value over the digits 1 to 9.
    check: String,
    aliases: Vec<&'static str>,
}

#[derive(Serialize)]
struct RuleLine {
    name: &'static str,
    rule: &'static str,
    preset: bool,
    /// Of a preset: where the protocol is defined.
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'static str,
    /// Of a kind of rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<OptionLine>>,
}

/// An option of a rule.
#[derive(Serialize)]
struct OptionLine {
    name: &'static str,
    /// How it is written, with a sign for its value.
    form: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<i64>,
    /// What a rule has without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    usual: Option<&'static str>,
    meaning: &'static str,
}

impl OptionLine {
    fn new<R>(field: &Field<R>, lang: Lang) -> Self {
        let (least, most) = field.kind.limits().unzip();
        let meaning = lang.texts().rule_field(field.id).meaning;
        Self { name: field.name, form: field.notation(), least, most, usual: field.usual, meaning }
    }
}

/// Prints a catalogue, one line per entry.
pub(super) fn run(catalogue: Catalogue, json: bool, lang: Lang) -> ExitCode {
    let mut out = StandardOut::default();
    match catalogue {
        Catalogue::Encodings => Encoding::all().iter().for_each(|encoding| out.line(&encoding_line(*encoding, json))),
        Catalogue::Checks => ChecksumKind::all().for_each(|kind| out.line(&check_line(kind, json))),
        Catalogue::Rules if json => rules(lang).for_each(|rule| out.line(&json_line(&rule))),
        Catalogue::Rules => {
            rules(lang).for_each(|rule| plain_rule(&mut out, &rule));
            plain_rule(&mut out, &check_as_rule(lang));
        }
    }
    out.flush();
    ExitCode::SUCCESS
}

fn encoding_line(encoding: Encoding, json: bool) -> String {
    let line = EncodingLine { name: encoding.name(), max_bytes: encoding.max_char_len(), aliases: encoding.aliases() };
    if json {
        return json_line(&line);
    }
    format!("{:<12}  {}", line.name, line.aliases.join(" ")).trim_end().to_owned()
}

fn check_line(kind: ChecksumKind, json: bool) -> String {
    let digits = kind.bits().div_ceil(4) as usize;
    let check = format!("{:0digits$x}", kind.calculator().compute(b"123456789"));
    let line = CheckLine { name: kind.name(), bits: kind.bits(), check, aliases: kind.aliases().collect() };
    if json {
        return json_line(&line);
    }
    format!("{:<24}  {:>2}  {:<16}  {}", line.name, line.bits, line.check, line.aliases.join("  "))
        .trim_end()
        .to_owned()
}

fn rules(lang: Lang) -> impl Iterator<Item = RuleLine> {
    let presets = PRESETS.iter().filter(|preset| !preset.is_plain()).map(|preset| RuleLine {
        name: preset.name,
        rule: preset.rule,
        preset: true,
        source: preset.source,
        options: None,
    });
    let kinds = RULES.iter().map(move |rule| RuleLine {
        name: rule.name,
        rule: rule.example,
        preset: false,
        source: "",
        options: Some(rule.fields().into_iter().map(|field| OptionLine::new(field, lang)).collect()),
    });
    kinds.chain(presets)
}

/// What can follow a rule.
fn check_as_rule(lang: Lang) -> RuleLine {
    let options = Check::fields().into_iter().map(|field| OptionLine::new(field, lang)).collect();
    let rule = "+XOR-8:from=1,form=hex,until=2A";
    RuleLine { name: "+CHECK", rule, preset: false, source: "", options: Some(options) }
}

/// A rule and its options, one a line.
fn plain_rule(out: &mut StandardOut, rule: &RuleLine) {
    out.line(&format!("{:<12}  {}", rule.name, rule.rule));
    for option in rule.options.iter().flatten() {
        let limits = option.least.zip(option.most).map(|(least, most)| format!(" ({least}..{most})"));
        let meaning = option.meaning.replace('`', "");
        out.line(&format!("    {:<20}  {meaning}{}", option.form, limits.unwrap_or_default()));
    }
}
