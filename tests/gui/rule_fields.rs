//! The rule editor has room for its words: labels, what is wrong with a field, the buttons.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Pick, Start, Window};
use egui::accesskit::Role;
use egui::{Rect, Shape, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use std::collections::BTreeSet;
use wirebench::codec::Check;
use wirebench::codec::fields::{FieldId, Kind};
use wirebench::codec::framing::RULES;
use wirebench::words::Lang;

/// Windows in points: two common ones, and what zooms of 150 % and 200 % leave of them.
const SIZES: [(f32, f32); 6] =
    [(1280.0, 800.0), (1024.0, 640.0), (853.0, 533.0), (683.0, 427.0), (640.0, 400.0), (512.0, 320.0)];

/// Rules that together have every field of every rule and check.
const RULES_WITH_ALL_FIELDS: [&str; 13] = [
    "record",
    "line:keep+CRC-16/MODBUS",
    "delim:0D0A,keep+SUM-8:from=1,to=-5,at=-4",
    "marks:start=24|21,end=0D0A,escape=7D,xor=20,after=2,restart+XOR-8:from=1,form=hex,until=2A",
    "marks:start=7E,end=7E,swap=7E:7D02|7D:7D01+SUM-8:form=dec3,covers=hex,mask=0F",
    "fixed:8,max=1KiB",
    "len:offset=2,size=3,endian=big,signed,header=9,counts=all,adjust=-4,mark=AA55@1,skip=0A",
    "len:size=2,endian=big,mask=07FF",
    "len:offset=0,size=dec,end=3A,behind=0A",
    "len:size=hex4",
    "len:size=varint4",
    "gap:20ms",
    "json",
];

/// The editor in a window of this size, and the texts that are cut in the window behind it.
fn editor(lang: Lang, (width, height): (f32, f32)) -> (Window, BTreeSet<String>) {
    let mut window = Start::new(lang).open();
    window.harness.set_size(Vec2::new(width, height));
    window.steps(4);
    let behind = cut(&window);
    // In a small window the drop-down of the left column is out of sight.
    window.harness.set_size(Vec2::new(1280.0, 800.0));
    window.steps(4);
    window.choose(lang.pick("数据分包", "Framing"), lang.pick("自定义…", "Custom…"));
    window.harness.set_size(Vec2::new(width, height));
    window.steps(4);
    (window, behind)
}

/// Texts that end with `…` or are wider than the place where they can be seen. The content of a field can be longer than it, and the
/// left column shows the edited rule as a drop-down's choice.
fn cut(window: &Window) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let names = window.names();
    let of_rule = ["数据分包", "接收校验", "Framing", "Receive checksum"];
    let combos = window.harness.query_all_by_role(Role::ComboBox).map(|node| node.accesskit_node());
    let of_rule = combos.filter(|node| node.label().is_some_and(|label| of_rule.contains(&label.as_str())));
    let choices: Vec<String> = of_rule.filter_map(|node| node.value()).collect();
    for shape in &window.harness.output().shapes {
        let Shape::Text(text) = &shape.shape else { continue };
        let words = text.galley.job.text.as_str();
        let rect = Rect::from_min_size(text.pos, text.galley.size());
        let is_wider = rect.left() < shape.clip_rect.left() - 0.5 || rect.right() > shape.clip_rect.right() + 0.5;
        let is_content =
            names.iter().any(|name| name.starts_with("TextInput") && name.ends_with(&format!("= {words}")));
        let is_choice = choices.iter().any(|choice| choice == words);
        if (text.galley.elided && !is_choice) || (is_wider && !is_content) {
            found.insert(words.to_owned());
        }
    }
    found
}

/// Every text that is painted.
fn painted(window: &Window) -> BTreeSet<String> {
    let texts = window.harness.output().shapes.iter().filter_map(|shape| match &shape.shape {
        Shape::Text(text) => Some(text.galley.job.text.clone()),
        _ => None,
    });
    texts.collect()
}

/// The labels of all fields that the editor has.
fn labels(lang: Lang) -> BTreeSet<String> {
    let rules = RULES.iter().flat_map(|rule| rule.fields()).map(|field| (field.id, field.kind));
    let all = rules.chain(Check::fields().into_iter().map(|field| (field.id, field.kind)));
    let mut labels = BTreeSet::new();
    for (id, kind) in all {
        if id != FieldId::JsonEncoding {
            labels.insert(lang.texts().rule_field(id).label.to_owned());
        }
        if let Kind::Choice(choices) = kind {
            let numbered = choices.iter().filter(|choice| choice.number.is_some());
            labels.extend(numbered.map(|choice| lang.texts().rule_choice(choice.word).number.to_owned()));
        }
    }
    labels
}

#[test]
fn every_label_of_every_rule_and_check_is_whole() {
    for lang in LANGS {
        for size in SIZES {
            let (mut window, before) = editor(lang, size);
            let mut seen = BTreeSet::new();
            for rule in RULES_WITH_ALL_FIELDS {
                window.fill(lang.pick("规则文本", "Rule as text"), rule);
                let cut: Vec<_> = cut(&window).difference(&before).cloned().collect();
                assert!(cut.is_empty(), "{lang:?} {size:?} {rule}: {cut:?}");
                seen.append(&mut painted(&window));
                // What is out of sight has a name, too.
                seen.extend(
                    window.harness.query_all_by_role(Role::CheckBox).filter_map(|node| node.accesskit_node().label()),
                );
            }
            let missing: Vec<_> = labels(lang).difference(&seen).cloned().collect();
            assert!(missing.is_empty(), "{lang:?} {size:?}: no rule of the list has {missing:?}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_field_is_readable_as_a_whole_and_no_rule_is_shown() {
    for lang in LANGS {
        for size in SIZES {
            let (mut window, before) = editor(lang, size);
            let text = lang.pick("规则文本", "Rule as text");
            for (rule, field, typed, words) in [
                (
                    "marks:start=7E,end=7E",
                    lang.pick("字节替换", "Byte replacements"),
                    "7E:7D02|7D:7D",
                    "7E:7D02|7D:7D01",
                ),
                ("marks:start=02,end=03", lang.pick("结束标记", "End marker"), "0G", "G"),
                ("gap:20ms", lang.pick("间隔（ms）", "Gap (ms)"), "soon", lang.pick("毫秒", "milliseconds")),
                ("fixed:8", lang.pick("最长帧", "Longest frame"), "2,max=3", "268"),
                ("slip+SUM-8", lang.pick("校验范围到", "Checksum up to"), "1.5", "16777216"),
            ] {
                window.fill(text, rule);
                window.fill(field, typed);
                let wrong = window.wait(&["Label ", lang.pick("暂无规则", "No rule yet"), field, words]);
                let wrong = wrong.trim_start_matches("Label ").to_owned();
                assert_eq!(window.field(text), "", "{wrong}");
                assert!(painted(&window).contains(&wrong), "{wrong}");
                let below =
                    painted(&window).into_iter().filter(|said| said.contains(words) && wrong.contains(said.as_str()));
                assert!(below.count() >= 2, "below the field, too: {wrong}");
                let cut: Vec<_> = cut(&window).difference(&before).cloned().collect();
                assert!(cut.is_empty(), "{lang:?} {size:?} {rule}: {cut:?}");
            }
        }
    }
}

#[test]
fn the_buttons_of_the_editor_are_within_the_window_and_apart() {
    for lang in LANGS {
        for size in SIZES {
            let (mut window, _) = editor(lang, size);
            let screen = Rect::from_min_size(egui::Pos2::ZERO, Vec2::new(size.0, size.1));
            let apart = |window: &Window, names: &[&str]| {
                let rects: Vec<Rect> = names.iter().map(|name| window.harness.get_by_label(name).rect()).collect();
                for (index, rect) in rects.iter().enumerate() {
                    assert!(screen.contains_rect(*rect), "{lang:?} {size:?} {}: {rect:?}", names[index]);
                    for (other, name) in rects[index + 1..].iter().zip(&names[index + 1..]) {
                        assert!(!rect.intersects(*other), "{lang:?} {size:?}: {} and {name}", names[index]);
                    }
                }
            };
            let (apply, cancel) = (lang.pick("应用", "Apply"), lang.pick("取消", "Cancel"));
            let (save_as, name) = (lang.pick("另存为…", "Save as…"), lang.pick("规则名称", "Name of the rule"));
            let save = lang.pick("保存规则", "Save rule");
            window.fill(lang.pick("规则文本", "Rule as text"), "fixed:4");
            window.click(save_as);
            window.fill(name, "mine");
            window.steps(2);
            apart(&window, &[name, save, apply, cancel]);
            window.click(save);
            window.steps(2);
            let delete = lang.pick("删除规则", "Delete rule");
            apart(&window, &[save_as, delete, apply, cancel]);
            window.click(delete);
            window.steps(2);
            apart(&window, &[save_as, lang.pick("确认删除规则", "Confirm deleting this rule"), apply, cancel]);
        }
    }
}

#[test]
fn the_last_row_of_every_list_of_the_editor_can_be_reached() {
    for lang in LANGS {
        for size in SIZES {
            let (mut window, _) = editor(lang, size);
            let screen = Rect::from_min_size(egui::Pos2::ZERO, Vec2::new(size.0, size.1));
            let reach = |window: &mut Window, role, row: &str| {
                window.steps(4);
                window.harness.get_by_role_and_label(role, row).scroll_to_me();
                window.steps(12);
                let rect = window.harness.get_by_role_and_label(role, row).rect();
                assert!(screen.contains_rect(rect), "{lang:?} {size:?} {row}: {rect:?}");
                window.click_as(role, row);
                window.steps(8);
            };
            window.click(lang.pick("从预设开始", "Start from a preset"));
            reach(&mut window, Role::MenuItem, "SCPI");
            assert_eq!(window.chosen(lang.pick("分包方式", "Kind of rule")), lang.pick("长度字段", "Length field"));
            window.click_as(Role::ComboBox, lang.pick("分包方式", "Kind of rule"));
            reach(&mut window, Role::MenuItemRadio, "Modbus RTU");
            window.harness.get_by_role_and_label(Role::ComboBox, lang.pick("校验算法", "Checksum")).scroll_to_me();
            window.steps(12);
            window.click_as(Role::ComboBox, lang.pick("校验算法", "Checksum"));
            let filter = lang.pick("筛选校验算法", "Filter checksums");
            window.steps(4);
            assert!(screen.contains_rect(window.harness.get_by_label(filter).rect()), "{lang:?} {size:?}");
            reach(&mut window, Role::MenuItemRadio, "XOR-8");
            assert_eq!(window.chosen(lang.pick("校验算法", "Checksum")), "XOR-8");
        }
    }
}
