//! Framing rules and checks as rows of a list: presets, saved rules, and a rule that is neither.

use crate::codec::framing::{PRESETS, Preset, PresetId};
use crate::codec::{Check, ChecksumKind, FramingRule};
use crate::settings::{SavedRule, SessionSetup};
use crate::words::Lang;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The most common checks by their catalogue names; as many as a list shows without scrolling.
const CHECKS: [&str; 12] = [
    "CRC-16/MODBUS",
    "SUM-8",
    "NEG-SUM-8",
    "XOR-8",
    "CRC-8/SMBUS",
    "CRC-8/MAXIM-DOW",
    "CRC-16/IBM-3740",
    "CRC-16/XMODEM",
    "CRC-16/KERMIT",
    "CRC-16/ARC",
    "CRC-32/ISO-HDLC",
    "CRC-32/ISCSI",
];

/// Parsed once, because lists are rebuilt in each frame.
static RULES: LazyLock<Vec<(FramingRule, PresetId)>> = LazyLock::new(|| {
    let parsed = |preset: &Preset| Some((preset.rule.parse().ok()?, preset.id));
    PRESETS.iter().filter_map(parsed).collect()
});
static KINDS: LazyLock<Vec<ChecksumKind>> =
    LazyLock::new(|| CHECKS.into_iter().filter_map(ChecksumKind::by_name).collect());

/// The rows of a list of rules, and the current one.
pub struct RuleRows<'a> {
    rows: Vec<(&'a str, &'a FramingRule)>,
    /// Index of the current row.
    pub current: usize,
}

impl<'a> RuleRows<'a> {
    /// Presets, then saved rules, then `chosen` with `text` if it is none of these.
    pub fn new(chosen: &'a FramingRule, text: &'a str, saved: &'a [SavedRule], lang: Lang) -> Self {
        let mut rows: Vec<(&str, &FramingRule)> = presets(lang).collect();
        rows.extend(saved.iter().map(|saved| (saved.name.as_str(), &saved.rule)));
        // From the end: a rule that the user has saved is shown with its saved name, even if it is a preset.
        let found = rows.iter().rposition(|(_, rule)| *rule == chosen);
        let current = found.unwrap_or_else(|| {
            rows.push((text, chosen));
            rows.len() - 1
        });
        Self { rows, current }
    }

    /// Number of rows.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// Label and rule of a row.
    pub fn row(&self, index: usize) -> Option<(&'a str, &'a FramingRule)> {
        self.rows.get(index).copied()
    }
}

/// All presets and saved rules.
pub fn named_rules(saved: &[SavedRule]) -> impl Iterator<Item = &FramingRule> + Clone {
    RULES.iter().map(|(rule, _)| rule).chain(saved.iter().map(|saved| &saved.rule))
}

/// Presets to start from.
pub fn presets(lang: Lang) -> impl Iterator<Item = (&'static str, &'static FramingRule)> {
    RULES.iter().map(move |(rule, preset)| (lang.texts().rule_preset(*preset), rule))
}

/// The common checks with their default position.
pub fn common_checks() -> impl ExactSizeIterator<Item = Check> {
    KINDS.iter().map(|kind| Check::trailing(*kind))
}

/// Every checksum, the common ones first.
pub fn all_kinds() -> impl Iterator<Item = ChecksumKind> {
    KINDS.iter().copied().chain(ChecksumKind::all().filter(|kind| !KINDS.contains(kind)))
}

/// The label of a checksum in the list of all: its catalogue name and its common name.
pub fn full_name(kind: ChecksumKind) -> Cow<'static, str> {
    let known = match kind.name() {
        "CRC-16/IBM-3740" => "CRC-16/CCITT-FALSE",
        "CRC-32/ISO-HDLC" => "CRC-32",
        name => return Cow::Borrowed(name),
    };
    Cow::Owned(format!("{} ({known})", kind.name()))
}

/// The label of a check in lists.
pub fn check_name(check: &Check) -> String {
    if *check == Check::trailing(check.kind) { check.kind.name().to_owned() } else { check.to_string() }
}

/// Sets the framing rule. If the rule contains a check, it replaces the selected check, which belonged to the previous rule.
pub fn choose_rule(setup: &mut SessionSetup, rule: &FramingRule) {
    if rule.check.is_some() {
        setup.verify = None;
    }
    setup.framing = rule.clone();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Checksum;
    use std::collections::HashSet;

    #[test]
    fn every_preset_and_check_is_offered_once() {
        assert_eq!(RULES.len(), PRESETS.len());
        assert_eq!(common_checks().map(|check| check.kind).collect::<HashSet<_>>().len(), CHECKS.len());
        for lang in [Lang::ZhCn, Lang::En] {
            let words: HashSet<&str> = presets(lang).map(|(words, _)| words).collect();
            assert_eq!(words.len(), RULES.len(), "told apart by their words");
        }
    }

    #[test]
    fn checks_have_the_names_of_the_send_side() {
        for checksum in Checksum::ALL {
            let kind = ChecksumKind::by_name(checksum.name()).unwrap();
            assert_eq!(kind.name(), checksum.name());
        }
        assert_eq!(check_name(&"CRC-16/ARC".parse().unwrap()), "CRC-16/ARC");
        assert_eq!(full_name("crc32".parse::<Check>().unwrap().kind), "CRC-32/ISO-HDLC (CRC-32)");
        assert_eq!(check_name(&"crc32:endian=big".parse().unwrap()), "CRC-32/ISO-HDLC:endian=big");
    }

    #[test]
    fn the_current_rule_is_listed_by_its_best_name() {
        let saved = [
            SavedRule { name: "电表".into(), rule: "len:size=2,endian=big".parse().unwrap() },
            SavedRule { name: "my lines".into(), rule: "line".parse().unwrap() },
        ];
        for (rule, words) in [
            ("record", "As received"),
            ("slip", "SLIP"),
            ("len:size=2,endian=big", "电表"),
            ("line", "my lines"),
            ("fixed:8", "fixed:8"),
        ] {
            let chosen: FramingRule = rule.parse().unwrap();
            let text = chosen.to_string();
            let rows = RuleRows::new(&chosen, &text, &saved, Lang::En);
            assert_eq!(rows.row(rows.current), Some((words, &chosen)), "{rule}");
            assert_eq!(rows.count(), PRESETS.len() + 2 + usize::from(words == rule));
        }
    }

    #[test]
    fn a_rule_with_a_check_of_its_own_is_verified_by_it() {
        let mut setup = SessionSetup { verify: "SUM-8".parse().ok(), ..SessionSetup::default() };
        choose_rule(&mut setup, &FramingRule::preset("slip").unwrap());
        assert_eq!(setup.rule().to_string(), "slip+SUM-8");
        choose_rule(&mut setup, &FramingRule::preset("modbus-rtu").unwrap());
        assert_eq!(setup.rule(), FramingRule::preset("modbus-rtu").unwrap());
    }
}
