//! `wirebench encodings`, `checks` and `rules`: the names accepted on the command line.

use super::out::StandardOut;
use crate::codec::framing::{PRESETS, RULES};
use crate::codec::safe::json_line;
use crate::codec::{ChecksumKind, Encoding};
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
}

/// Prints a catalogue, one line per entry.
pub(super) fn run(catalogue: Catalogue, json: bool) -> ExitCode {
    let mut out = StandardOut::default();
    match catalogue {
        Catalogue::Encodings => Encoding::all().iter().for_each(|encoding| out.line(&encoding_line(*encoding, json))),
        Catalogue::Checks => ChecksumKind::all().for_each(|kind| out.line(&check_line(kind, json))),
        Catalogue::Rules => rules().for_each(|rule| {
            let line = if json { json_line(&rule) } else { format!("{:<12}  {}", rule.name, rule.rule) };
            out.line(&line);
        }),
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

fn rules() -> impl Iterator<Item = RuleLine> {
    let presets = PRESETS.iter().filter(|preset| !preset.is_plain());
    let presets = presets.map(|preset| RuleLine { name: preset.name, rule: preset.rule, preset: true });
    RULES.iter().map(|rule| RuleLine { name: rule.name, rule: rule.example, preset: false }).chain(presets)
}
