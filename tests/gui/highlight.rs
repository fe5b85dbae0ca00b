//! Highlight rules: created on their page or from a selection, applied in the log, stored; both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic")]

use crate::support::{LANGS, Peer, Start, Window, window};
use egui::accesskit::Role;
use egui::{Color32, Key, Modifiers, Shape};
use egui_kittest::kittest::{NodeT, Queryable};
use std::sync::Arc;
use wirebench::gui::theme::LIGHT;
use wirebench::settings::{self, HighlightColour, HighlightKind, HighlightRule, Settings};
use wirebench::words::Lang;

struct Names {
    more: &'static str,
    rules: &'static str,
    add: &'static str,
    pattern: &'static str,
    colour: &'static str,
    red: &'static str,
    kind: &'static str,
    hex: &'static str,
    whole: &'static str,
    on: &'static str,
    delete: &'static str,
    close: &'static str,
    no_hex: &'static str,
    highlighted: &'static str,
    matched: &'static str,
    example: &'static str,
    dump_view: &'static str,
    chosen: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            more: "更多",
            rules: "高亮规则…",
            add: "添加规则",
            pattern: "规则 1 的内容",
            colour: "规则 1 的颜色",
            red: "红",
            kind: "规则 1 的类型",
            hex: "HEX",
            whole: "规则 1 的整行",
            on: "规则 1 的启用",
            delete: "删除规则 1",
            close: "关闭",
            no_hex: "第 1 个字符「x」不是十六进制数字",
            highlighted: "高亮：",
            matched: "命中：",
            example: "示例",
            dump_view: "对照",
            chosen: "高亮所选",
        },
        Lang::En => Names {
            more: "More",
            rules: "Highlight rules…",
            add: "Add a rule",
            pattern: "Pattern of rule 1",
            colour: "Colour of rule 1",
            red: "Red",
            kind: "Kind of rule 1",
            hex: "Hex",
            whole: "Whole row of rule 1",
            on: "On of rule 1",
            delete: "Delete rule 1",
            close: "Close",
            no_hex: "Character 1, \"x\", is not a hex digit",
            highlighted: "Highlighted: ",
            matched: "Matched by: ",
            example: "Example",
            dump_view: "Dump",
            chosen: "Highlight the selection",
        },
    }
}

fn listen(mut window: Window, lang: Lang) -> (Window, Peer) {
    let peer = Peer::connect(window.listens(lang));
    (window, peer)
}

/// The text of the log's rows that a rule matches.
fn highlighted(window: &Window, by: &str) -> Vec<String> {
    let rows = window.harness.query_all_by_role(Role::Label);
    let rows = rows.filter(|node| node.accesskit_node().description().as_deref() == Some(by));
    rows.filter_map(|node| node.accesskit_node().value().or(node.accesskit_node().label())).collect()
}

/// Rectangles filled with this colour.
fn filled(window: &Window, colour: Color32) -> usize {
    let is_it = |shape: &Shape| matches!(shape, Shape::Rect(rect) if rect.fill == colour);
    window.harness.output().shapes.iter().filter(|clipped| is_it(&clipped.shape)).count()
}

#[test]
fn a_rule_from_the_page_tints_what_it_matches() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = listen(window(lang), lang);
        peer.send(b"state ERROR 7\n");
        window.wait(&["state ERROR"]);
        peer.send(b"state fine\n");
        window.wait(&["state fine"]);
        window.menu(n.more, n.rules);
        window.click(n.add);
        // The new rule has the focus.
        window.harness.event(egui::Event::Text("error".to_owned()));
        window.wait(&["Label", n.matched, "error"]);
        window.click_as(Role::ComboBox, n.colour);
        window.click_as(Role::MenuItemRadio, n.red);
        window.steps(8);
        let by = format!("{}error", n.highlighted);
        window.until("the row is tinted", |harness| {
            harness
                .query_all_by_role(Role::Label)
                .any(|node| node.accesskit_node().description().as_deref() == Some(&by))
        });
        // Beside the log, which the page leaves alive.
        window.harness.key_press(Key::Escape);
        window.steps(4);
        assert!(window.shows(n.add));
        window.click(n.close);
        window.until("the page is closed", |harness| harness.query_by_label(n.add).is_none());
        window.steps(3);
        let rows = highlighted(&window, &by);
        assert!(rows.len() == 1 && rows[0].contains("state ERROR 7"), "{rows:?}");
        assert_eq!(filled(&window, LIGHT.highlight(HighlightColour::Red)), 1);
        // In both columns of a dump.
        window.segment(n.dump_view);
        window.until("two columns", |_| true);
        window.steps(3);
        assert_eq!(filled(&window, LIGHT.highlight(HighlightColour::Red)), 2);

        window.menu(n.more, n.rules);
        window.check(n.whole);
        window.steps(6);
        window.click(n.close);
        window.steps(3);
        assert_eq!(filled(&window, LIGHT.highlight(HighlightColour::Red)), 0);
        assert_eq!(filled(&window, LIGHT.highlight_row(HighlightColour::Red)), 1);

        window.menu(n.more, n.rules);
        window.check(n.on);
        window.click(n.close);
        window.until("it is off", |harness| {
            harness.query_all_by_role(Role::Label).all(|node| node.accesskit_node().description().is_none())
        });
    }
}

#[test]
fn the_error_of_a_rule_is_shown_and_rules_can_be_removed() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = listen(window(lang), lang);
        peer.send(b"\x01\x03\x02");
        window.wait(&["←", "3"]);
        window.menu(n.more, n.rules);
        window.click(n.add);
        window.fill(n.pattern, "xy");
        window.choose(n.kind, n.hex);
        window.wait(&["Label", n.no_hex]);
        window.fill(n.example, r"\x01\x03");
        window.fill(n.pattern, "01 ?3");
        window.wait(&["Label", n.matched, "01 ?3"]);
        assert!(!window.shows(n.no_hex));
        window.fill(n.pattern, &"0".repeat(HighlightRule::MAX_PATTERN_LEN + 1));
        window.wait(&["4096"]);
        assert_eq!(window.field(n.pattern), "01 ?3", "what is too long is not taken");
        window.click(n.delete);
        window.until("it is gone", |harness| harness.query_by_label(n.delete).is_none());
    }
}

#[test]
fn what_is_chosen_in_the_log_becomes_a_rule() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = listen(window(lang), lang);
        peer.send("温度=23".as_bytes());
        window.wait(&["温度=23"]);
        peer.send("湿度=40".as_bytes());
        let line = window.wait(&["湿度=40"]);
        let row = line.trim_start_matches("Label ").to_owned();
        // A right click on the row selects the record.
        window.harness.get_by_role_and_label(Role::Label, &row).click_secondary();
        window.steps(4);
        window.click_as(Role::MenuItem, n.chosen);
        window.steps(8);
        window.until("the page", |harness| harness.query_by_label(n.add).is_some());
        assert_eq!(window.field(n.pattern), "湿度=40");
        window.fill(n.pattern, "度=");
        let by = format!("{}度=", n.highlighted);
        window.until("both are tinted", |harness| {
            let rows = harness.query_all_by_role(Role::Label);
            rows.filter(|node| node.accesskit_node().description().as_deref() == Some(&by)).count() == 2
        });
    }
}

#[test]
fn rules_are_remembered_and_hold_for_every_session() {
    let folder = Arc::new(tempfile::tempdir().expect("folder"));
    let lang = Lang::En;
    let file = folder.path().join("data").join("settings.json");
    let rule = HighlightRule {
        name: "status".into(),
        kind: HighlightKind::Regex,
        pattern: r"T=\d+".into(),
        ..HighlightRule::default()
    };
    let mut remembered = Settings::default();
    remembered.preferences.highlights.push(rule.clone());
    settings::save(&file, &remembered).expect("settings");
    let (mut window, mut peer) = listen(Start::in_folder(lang, folder).open(), lang);
    peer.send(b"T=17 T=x");
    window.until("the row is tinted", |harness| {
        let mut rows = harness.query_all_by_role(Role::Label);
        rows.any(|node| node.accesskit_node().description().as_deref() == Some("Highlighted: status"))
    });
    // A search hit is drawn over the highlight.
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.steps(2);
    window.harness.event(egui::Event::Text("T=1".to_owned()));
    window.wait(&["Label 0 / 1"]);
    window.steps(3);
    let grounds: Vec<Color32> = window
        .harness
        .output()
        .shapes
        .iter()
        .filter_map(|clipped| if let Shape::Rect(rect) = &clipped.shape { Some(rect.fill) } else { None })
        .collect();
    let place = |colour| grounds.iter().rposition(|fill| *fill == colour);
    let (yellow, hit) = (place(LIGHT.highlight(HighlightColour::Yellow)), place(LIGHT.hit));
    assert!(yellow.is_some() && yellow < hit, "{yellow:?} {hit:?}");
    let kept = window.folder.clone();
    drop(window);
    let (loaded, note) = settings::load(&file);
    assert_eq!((loaded.preferences.highlights, note), (vec![rule], None));
    drop(kept);
}
