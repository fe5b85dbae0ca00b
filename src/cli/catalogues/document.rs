//! The tables of `docs/FRAMING.md` are made from the descriptions of rules and checks, and from their English words. A table is
//! between `<!-- table: NAME -->` and `<!-- end -->`.

use crate::codec::Check;
use crate::codec::fields::{Field, Kind};
use crate::codec::framing::{Description, PRESETS, RULES};
use crate::golden;
use crate::words::Lang;
use std::path::Path;

const FILE: &str = "docs/FRAMING.md";

/// Code in a cell of a table.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', r"\|"))
}

fn number(kind: Kind, number: i64) -> String {
    match kind {
        Kind::Size { .. } if number >= 1 << 20 => format!("{} MiB", number >> 20),
        Kind::Size { .. } => format!("{number} B"),
        _ => number.to_string(),
    }
}

fn options<R: Clone>(fields: &[&'static Field<R>], bare: &R) -> String {
    let mut table = "| option | value | meaning |\n|---|---|---|\n".to_owned();
    for field in fields {
        let limits = field.kind.limits();
        let limits =
            limits.map(|(least, most)| format!("{} to {}", number(field.kind, least), number(field.kind, most)));
        let usual = match field.usual {
            Some(usual) => Some(format!("default {}", code(usual))),
            None => field.is_needed(bare).then(|| "needed".to_owned()),
        };
        let value = limits.into_iter().chain(usual).collect::<Vec<_>>().join(", ");
        let meaning = Lang::En.texts().rule_field(field.id).meaning.replace('|', r"\|");
        table += &format!("| {} | {value} | {meaning} |\n", code(&field.notation()));
    }
    table
}

fn rules() -> String {
    let mut table = "| rule | a frame ends |\n|---|---|\n".to_owned();
    for rule in RULES {
        let unnamed = rule.fields().into_iter().find(|field| field.is_unnamed);
        let text = unnamed.map_or_else(|| rule.name.to_owned(), |field| format!("{}:{}", rule.name, field.notation()));
        table += &format!("| {} | {} |\n", code(&text), Lang::En.texts().rule_kind(rule.kind).meaning);
    }
    table
}

fn presets() -> String {
    let mut table = "| name | the same as | defined in |\n|---|---|---|\n".to_owned();
    for preset in PRESETS.iter().filter(|preset| !preset.is_plain()) {
        table += &format!("| {} | {} | {} |\n", code(preset.name), code(preset.rule), preset.source);
    }
    table
}

/// The options of a rule that no other kind has.
fn own_options(rule: &Description) -> Vec<&'static Field<crate::codec::FramingRule>> {
    rule.fields().into_iter().filter(|field| field.name != "max").collect()
}

fn tables() -> Vec<(String, String)> {
    let mut tables = vec![("rules".to_owned(), rules()), ("presets".to_owned(), presets())];
    for rule in RULES.iter().filter(|rule| !own_options(rule).is_empty()) {
        tables.push((format!("options of {}", rule.name), options(&own_options(rule), &rule.bare())));
    }
    if let Some(check) = crate::codec::ChecksumKind::all().next().map(Check::trailing) {
        tables.push(("options of checks".to_owned(), options(&Check::fields(), &check)));
    }
    tables
}

/// `UPDATE_GOLDEN=1` writes the tables into the document.
#[test]
fn the_tables_of_the_document_are_what_the_descriptions_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    let mut right = std::fs::read_to_string(path).expect(FILE).replace("\r\n", "\n");
    for (name, table) in tables() {
        let begin = format!("<!-- table: {name} -->\n");
        let (before, rest) = right.split_once(&begin).unwrap_or_else(|| panic!("{FILE} has no table: {name}"));
        let (_, behind) = rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("the table {name} has no end"));
        right = format!("{before}{begin}\n{table}\n<!-- end -->{behind}");
    }
    assert_eq!(golden::difference(FILE, right.as_bytes()), None);
}
