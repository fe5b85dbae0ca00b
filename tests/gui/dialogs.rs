//! Dialogs and their drop-downs, operated by clicks at screen positions: the topmost element receives them.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Window, window};
use egui::Key;
use egui::accesskit::{Role, Toggled};
use egui_kittest::kittest::{NodeT, Queryable};
use wirebench::words::Lang;

/// Chooses another row with the pointer only; the drop-down must then show it.
fn choose_another(window: &mut Window, combo: &str) {
    window.harness.get_by_role_and_label(Role::ComboBox, combo).scroll_to_me();
    window.steps(8);
    let place = window.harness.get_by_role_and_label(Role::ComboBox, combo).rect().center();
    window.press_at(place);
    window.steps(4);
    let rows = window.harness.query_all_by_role(Role::MenuItemRadio);
    let row = rows.into_iter().find(|row| row.accesskit_node().toggled() != Some(Toggled::True));
    assert!(row.is_some(), "{combo} has no list\n{}", window.names().join("\n"));
    let row = row.expect("a row");
    let (words, place) = (row.accesskit_node().label().expect("words"), row.rect().center());
    window.press_at(place);
    window.steps(8);
    assert_eq!(window.chosen(combo), words, "the press met the list of {combo}, not what lies beneath");
}

/// Opens a dialog or an editor several times and uses all of its drop-downs each time. Closed by its button, a dialog each other time by
/// Escape.
fn use_often(window: &mut Window, open: impl Fn(&mut Window), (close, by_escape): (&str, bool), combos: &[&str]) {
    for round in 0..3 {
        open(window);
        window.steps(4);
        for combo in combos {
            choose_another(window, combo);
        }
        if by_escape && round % 2 == 0 {
            window.harness.key_press(Key::Escape);
        } else {
            let button = window.harness.get_by_role_and_label(Role::Button, close).rect().center();
            window.press_at(button);
        }
        window.steps(4);
        let gone = window.harness.query_by_role_and_label(Role::ComboBox, combos[0]).is_none();
        assert!(gone, "the dialog is closed");
    }
}

#[test]
fn lists_of_a_dialog_that_was_open_before_open_above_it() {
    for lang in LANGS {
        let pick = |zh: &'static str, en: &'static str| if lang == Lang::ZhCn { zh } else { en };
        let close = pick("关闭", "Close");
        let mut window = window(lang);
        window.listens(lang);

        // Not the language, which would change the names.
        let settings = pick("设置", "Settings");
        let zoom = pick("界面缩放", "Scale");
        use_often(&mut window, |window| press(window, Role::Button, settings), (close, true), &[zoom]);

        let framing = pick("数据分包", "Framing");
        let custom = pick("自定义…", "Custom…");
        let edit = |window: &mut Window| {
            press(window, Role::ComboBox, framing);
            press(window, Role::MenuItemRadio, custom);
        };
        let close_editor = pick("取消", "Cancel");
        let combos = [pick("分包方式", "Kind of rule"), pick("校验算法", "Checksum")];
        use_often(&mut window, edit, (close_editor, false), &combos);

        let (more, rules) = (pick("更多", "More"), pick("高亮规则…", "Highlight rules…"));
        window.menu(more, rules);
        window.click(pick("添加规则", "Add a rule"));
        window.fill(pick("规则 1 的内容", "Pattern of rule 1"), "01");
        window.click(close);
        window.steps(4);
        let highlights = |window: &mut Window| {
            press(window, Role::Button, more);
            press(window, Role::MenuItem, rules);
        };
        let combos = [
            pick("规则 1 的类型", "Kind of rule 1"),
            pick("规则 1 的方向", "Direction of rule 1"),
            pick("规则 1 的颜色", "Colour of rule 1"),
        ];
        use_often(&mut window, highlights, (close, false), &combos);
    }
}

#[test]
fn lists_of_a_popover_open_above_it_each_time() {
    for lang in LANGS {
        let pick = |zh: &'static str, en: &'static str| if lang == Lang::ZhCn { zh } else { en };
        let mut window = window(lang);
        window.listens(lang);
        for (button, combos) in [
            (pick("封装", "Wrap"), [pick("头", "Header"), pick("尾", "Tail")]),
            (pick("筛选", "Filter"), [pick("筛选类型", "Filter by kind"), pick("内容的写法", "Content format")]),
        ] {
            use_often(&mut window, |window| press(window, Role::Button, button), (button, true), &combos);
        }
    }
}

#[test]
fn the_language_can_be_chosen_each_time_the_settings_are_opened() {
    let mut window = window(Lang::ZhCn);
    for (settings, language, row) in
        [("设置", "语言", "English"), ("Settings", "Language", "简体中文"), ("设置", "语言", "English")]
    {
        press(&mut window, Role::Button, settings);
        press(&mut window, Role::ComboBox, language);
        press(&mut window, Role::MenuItemRadio, row);
        window.steps(4);
        window.harness.key_press(Key::Escape);
        window.steps(4);
    }
    assert!(window.shows("Listen"));
}

/// Clicks the centre of an element, whatever is on top there.
fn press(window: &mut Window, role: Role, name: &str) {
    let place = window.harness.get_by_role_and_label(role, name).rect().center();
    window.press_at(place);
    window.steps(4);
}
