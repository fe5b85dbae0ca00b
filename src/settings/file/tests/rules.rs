//! Saved framing rules, checks and highlight rules.

use super::*;

#[test]
fn a_rule_that_cannot_be_read_costs_nothing_else() {
    let session = |fields: &str| {
        let (mut settings, note, _) =
            load_text(format!(r#"{{"version": 1, "sessions": [{{{fields}, "draft": "a"}}]}}"#));
        assert!(!unread(note).is_empty(), "{fields}");
        let session = settings.sessions.remove(0);
        assert_eq!(session.draft, "a");
        (session.framing.to_string(), session.verify.map(|check| check.to_string()))
    };
    for (fields, framing, verify) in [
        (r#""framing": "later:x=1", "verify": "SUM-8""#, "record", Some("SUM-8")),
        (r#""framing": "slip", "verify": "CRC-99/LATER""#, "slip", None),
        (r#""framing": {"new": 1}, "verify": 7"#, "record", None),
        (r#""framing": null, "verify": null"#, "record", None),
    ] {
        assert_eq!(session(fields), (framing.to_owned(), verify.map(str::to_owned)), "{fields}");
    }
}

#[test]
fn highlight_rules_that_are_not_understood_cost_nothing_else() {
    let load_rules = |rules: &str| {
        let text = format!(r#"{{"version": 1, "preferences": {{"zoom": 1.5, "highlights": {rules}}}}}"#);
        let (settings, note, _) = load_text(text);
        assert_eq!(settings.preferences.zoom, 1.5, "{rules}");
        (settings.preferences.highlights, unread(note).len())
    };
    let rule = |pattern: &str| HighlightRule { pattern: pattern.into(), ..HighlightRule::default() };
    assert_eq!(load_rules(r#"[{"pattern": "a", "later": 1}]"#), (vec![rule("a")], 0));
    // An invalid decoration falls back to its default; a rule whose meaning would change is left out.
    assert_eq!(load_rules(r#"[{"pattern": "a", "colour": "gold", "direction": 7}]"#), (vec![rule("a")], 2));
    let some = load_rules(r#"[{"pattern": "a"}, {"pattern": "b*", "kind": "glob"}, 5, {"pattern": "c"}]"#);
    assert_eq!(some, (vec![rule("a"), rule("c")], 2));
    for (nothing, unread) in [("null", 1), ("{}", 1), ("7", 1), ("[]", 0)] {
        assert_eq!(load_rules(nothing), (Vec::new(), unread), "{nothing}");
    }
}

#[test]
fn saved_rules_that_cannot_be_used_are_left_out() {
    let names = |rules: &str| {
        let (settings, note, _) =
            load_text(format!(r#"{{"version": 1, "preferences": {{"rules": {rules}, "zoom": 2.0}}}}"#));
        assert_eq!(settings.preferences.zoom, 2.0, "{rules}");
        assert!(note.is_none_or(|note| matches!(note, LoadNote::Partly { .. })), "{rules}");
        settings.preferences.rules.into_iter().map(|saved| format!("{}={}", saved.name, saved.rule)).collect::<Vec<_>>()
    };
    let rules = r#"[{"name": " a ", "rule": "line"}, {"name": "b", "rule": "later"}, 3, {"name": "a", "rule": "slip"},
        {"name": "", "rule": "slip"}, {"rule": "slip"}, {"name": "c", "rule": "json", "new": true}]"#;
    assert_eq!(names(rules), ["a=line", "c=json"]);
    assert_eq!(names("{}"), Vec::<String>::new());
    let many: Vec<String> = (0..70).map(|i| format!(r#"{{"name": "{i}", "rule": "line"}}"#)).collect();
    assert_eq!(names(&format!("[{}]", many.join(","))).len(), Preferences::MAX_RULES);
}

#[test]
fn highlight_rules_are_bounded_and_never_cut() {
    let (_dir, file) = place();
    let rule = |pattern: String| HighlightRule { pattern, ..HighlightRule::default() };
    let mut settings = Settings::default();
    settings.preferences.highlights.push(rule("x".repeat(HighlightRule::MAX_PATTERN_LEN + 1)));
    settings.preferences.highlights.extend((0..40).map(|number| rule(number.to_string())));
    settings.preferences.highlights[1].name = "n".repeat(HighlightRule::MAX_NAME_LEN + 1);
    save(&file, &settings).unwrap();
    let (loaded, note) = load(&file);
    let rules = loaded.preferences.highlights;
    assert_eq!((note, rules.len()), (None, HighlightRule::MAX_COUNT));
    assert_eq!((rules[0].pattern.as_str(), rules[0].name.as_str()), ("0", ""));
}
