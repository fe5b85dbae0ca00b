//! The command palette and the key sheet.

use crate::support::{LANGS, Pick, Start, Window, window};
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use wirebench::words::Lang;

const CTRL: Modifiers = Modifiers::COMMAND;

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.harness.key_press_modifiers(modifiers, key);
    window.steps(3);
}

fn types(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    window.steps(3);
}

/// The entries, and which one Enter runs.
fn entries(window: &Window) -> Vec<(String, bool)> {
    let rows = window.harness.query_all_by_role(Role::ListBoxOption);
    let of = |node: &egui_kittest::Node<'_>| {
        let access = node.accesskit_node();
        (access.label().unwrap_or_default(), access.toggled() == Some(Toggled::True))
    };
    rows.map(|node| of(&node)).collect()
}

#[test]
fn a_choice_is_found_and_made_by_keys() {
    for lang in LANGS {
        let mut window = window(lang);
        press(&mut window, CTRL, Key::K);
        types(&mut window, "gbk");
        assert_eq!(entries(&window).first(), Some(&("GBK".to_owned(), true)));
        press(&mut window, Modifiers::NONE, Key::Enter);
        assert_eq!(entries(&window), []);
        assert_eq!(window.chosen(lang.pick("字符编码", "Encoding")), "GBK");
        // What was used last is the first one.
        press(&mut window, CTRL, Key::K);
        assert_eq!(entries(&window).first(), Some(&("GBK".to_owned(), true)));
        assert!(window.shows(lang.pick("最近使用", "Recently used")));
        press(&mut window, Modifiers::NONE, Key::Escape);
        assert_eq!(entries(&window), []);
    }
}

#[test]
fn chinese_names_are_found_by_pinyin() {
    let mut window = window(Lang::ZhCn);
    press(&mut window, CTRL, Key::K);
    types(&mut window, "zybp");
    assert_eq!(entries(&window).first(), Some(&("左右并排".to_owned(), true)));
}

#[test]
fn an_address_is_opened_in_the_untouched_tab_or_in_a_new_one() {
    for lang in LANGS {
        let mut window = window(lang);
        press(&mut window, CTRL, Key::K);
        types(&mut window, "listen 127.0.0.1:0");
        press(&mut window, Modifiers::NONE, Key::Enter);
        let address = window.address_after(lang.pick("正在监听", "Listening on"));
        assert_eq!(window.harness.query_all_by_role(Role::Tab).count(), 1);
        press(&mut window, CTRL, Key::K);
        types(&mut window, &format!("tcp {address}"));
        press(&mut window, Modifiers::NONE, Key::Enter);
        window.wait(&[lang.pick("已连接", "Connected")]);
        assert_eq!(window.harness.query_all_by_role(Role::Tab).count(), 2);
    }
}

#[test]
fn one_key_is_reset_alone() {
    for lang in LANGS {
        let mut window = window(lang);
        press(&mut window, Modifiers::NONE, Key::F1);
        let (new, close) = (lang.pick("新建会话", "New session"), lang.pick("关闭会话", "Close session"));
        let reset = |name: &str| format!("{}{name}", lang.pick("恢复默认：", "Reset to default: "));
        assert!(!window.shows(&reset(new)), "only where there is something to reset");
        for (name, old, key) in [(new, "Ctrl+T", Key::G), (close, "Ctrl+W", Key::M)] {
            window.click(&format!("{name} {old}"));
            press(&mut window, CTRL, key);
        }
        window.click(&reset(new));
        window.steps(3);
        assert!(window.shows(&format!("{new} Ctrl+T")) && window.shows(&format!("{close} Ctrl+M")));
        assert!(!window.shows(&reset(new)) && window.shows(&reset(close)));
        // The keys of the history are listed.
        assert!(window.line(&["Label ", "Ctrl+↑"]).is_some() && window.line(&["Label ", "Ctrl+↓"]).is_some());
    }
}

#[test]
fn an_address_opened_in_an_untouched_tab_keeps_what_was_chosen_there() {
    for lang in LANGS {
        let mut window = window(lang);
        let encoding = lang.pick("字符编码", "Encoding");
        window.choose(encoding, "GBK");
        press(&mut window, Modifiers::COMMAND, Key::K);
        types(&mut window, "listen 127.0.0.1:0");
        press(&mut window, Modifiers::NONE, Key::Enter);
        window.address_after(lang.pick("正在监听", "Listening on"));
        assert_eq!(window.chosen(encoding), "GBK");
    }
}

#[test]
fn arrows_choose_and_nothing_found_is_said() {
    for lang in LANGS {
        let mut window = window(lang);
        window.click(lang.pick("命令", "Commands"));
        window.steps(3);
        let at = |window: &Window| entries(window).iter().position(|(_, chosen)| *chosen);
        assert_eq!(at(&window), Some(0));
        press(&mut window, Modifiers::NONE, Key::ArrowDown);
        press(&mut window, Modifiers::NONE, Key::ArrowDown);
        assert_eq!(at(&window), Some(2));
        press(&mut window, Modifiers::NONE, Key::ArrowUp);
        assert_eq!(at(&window), Some(1));
        types(&mut window, "qqqzzz");
        assert!(window.shows(lang.pick("没有匹配", "No matches")));
        press(&mut window, Modifiers::NONE, Key::Enter);
        press(&mut window, CTRL, Key::K);
        assert!(!window.shows(lang.pick("没有匹配", "No matches")));
    }
}

#[test]
fn the_mouse_runs_an_entry() {
    let mut window = window(Lang::En);
    press(&mut window, CTRL, Key::K);
    types(&mut window, "duplicate");
    window.click_as(Role::ListBoxOption, "Duplicate session");
    window.steps(3);
    assert_eq!(window.harness.query_all_by_role(Role::Tab).count(), 2);
}

#[test]
fn a_shortcut_is_changed_in_the_key_sheet_and_kept() {
    for lang in LANGS {
        let start = Start::new(lang);
        let folder = start.folder.clone();
        let mut window = start.open();
        press(&mut window, Modifiers::NONE, Key::F1);
        let name = lang.pick("新建会话", "New session");
        window.click(&format!("{name} Ctrl+T"));
        // It belongs to another command, edits text, or can be had.
        press(&mut window, CTRL, Key::K);
        let taken = lang.pick("Ctrl+K 已用于「命令」", "Ctrl+K is already used for \"Commands\"");
        assert!(window.shows(taken), "{:#?}", window.names());
        press(&mut window, Modifiers::NONE, Key::Q);
        assert!(window.line(&["Label Q ", lang.pick("文本", "text")]).is_some());
        press(&mut window, CTRL, Key::G);
        assert!(window.shows(&format!("{name} Ctrl+G")));
        press(&mut window, Modifiers::NONE, Key::Escape);
        press(&mut window, CTRL, Key::G);
        assert_eq!(window.harness.query_all_by_role(Role::Tab).count(), 2);
        drop(window);

        let mut window = Start::in_folder(lang, folder).open();
        let before = window.harness.query_all_by_role(Role::Tab).count();
        press(&mut window, CTRL, Key::T);
        assert_eq!(window.harness.query_all_by_role(Role::Tab).count(), before);
        press(&mut window, Modifiers::NONE, Key::F1);
        window.steps(8);
        window.click(lang.pick("全部恢复默认", "Reset all"));
        window.steps(3);
        assert!(window.shows(&format!("{name} Ctrl+T")), "{:#?}", window.names());
        press(&mut window, Modifiers::NONE, Key::Escape);
        press(&mut window, CTRL, Key::T);
        assert_eq!(window.harness.query_all_by_role(Role::Tab).count(), before + 1, "{:#?}", window.names());
    }
}
