//! The keys of the window, and what has the focus.

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::sync::Arc;
use wirebench::words::Lang;

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.harness.key_press_modifiers(modifiers, key);
    window.steps(3);
}

fn types(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    window.steps(3);
}

/// Role and name of what has the focus; empty if nothing has.
fn focused(window: &Window) -> String {
    let mut stack = vec![window.harness.root()];
    while let Some(node) = stack.pop() {
        let access = node.accesskit_node();
        // Without a focus the window itself has it.
        if access.is_focused() && access.role() != Role::Window {
            return format!("{:?} {}", access.role(), access.label().unwrap_or_default());
        }
        stack.extend(node.children());
    }
    String::new()
}

fn tabs(window: &Window) -> Vec<(String, bool)> {
    let tabs = window.harness.query_all_by_role(Role::Tab);
    tabs.map(|node| {
        (node.accesskit_node().label().unwrap_or_default(), node.accesskit_node().toggled() == Some(Toggled::True))
    })
    .collect()
}

fn front(window: &Window) -> Option<usize> {
    tabs(window).iter().position(|(_, front)| *front)
}

#[test]
fn f5_opens_and_closes() {
    for lang in LANGS {
        let mut window = window(lang);
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), "0");
        press(&mut window, Modifiers::NONE, Key::F5);
        window.address_after(lang.pick("正在监听", "Listening on"));
        press(&mut window, Modifiers::NONE, Key::F5);
        window.wait_enabled(lang.pick("开始监听", "Listen"));
    }
}

#[test]
fn enter_in_a_port_opens() {
    for lang in LANGS {
        let mut window = window(lang);
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), "0");
        press(&mut window, Modifiers::NONE, Key::Enter);
        window.address_after(lang.pick("正在监听", "Listening on"));
    }
}

#[test]
fn tabs_are_reached_by_number_and_in_turn() {
    let mut window = window(Lang::En);
    press(&mut window, CTRL, Key::T);
    press(&mut window, CTRL, Key::T);
    assert_eq!((tabs(&window).len(), front(&window)), (3, Some(2)));
    for (modifiers, key, expected) in [
        (CTRL, Key::Num1, 0),
        (CTRL, Key::Num9, 0),
        (CTRL, Key::Num2, 1),
        (CTRL, Key::Tab, 2),
        (CTRL, Key::Tab, 0),
        (CTRL_SHIFT, Key::Tab, 2),
    ] {
        press(&mut window, modifiers, key);
        assert_eq!(front(&window), Some(expected), "{key:?}");
    }
}

#[test]
fn a_text_field_does_not_take_the_keys_of_the_window() {
    let mut window = window(Lang::En);
    press(&mut window, CTRL, Key::T);
    window.fill("Send content", "two words");
    press(&mut window, CTRL, Key::W);
    assert_eq!(tabs(&window).len(), 1);
    press(&mut window, CTRL_SHIFT, Key::T);
    assert_eq!(window.field("Send content"), "two words");
}

#[test]
fn text_typed_without_a_focus_goes_to_the_send_box() {
    for lang in LANGS {
        let mut window = window(lang);
        let _peer = Peer::connect(window.listens(lang));
        window.wait(&["#1"]);
        let content = lang.pick("发送内容", "Send content");
        // The button of the toolbar has the focus; it takes no text.
        window.harness.get_by_role_and_label(Role::Button, lang.pick("筛选", "Filter")).focus();
        window.steps(2);
        types(&mut window, "A");
        types(&mut window, "T");
        assert_eq!(window.field(content), "AT");
        // A text field keeps what is typed there.
        window.fill(lang.pick("查找", "Find"), "x");
        assert_eq!(window.field(content), "AT");
        press(&mut window, Modifiers::NONE, Key::Escape);
        assert_eq!(focused(&window), format!("MultilineTextInput {content}"));
    }
}

#[test]
fn the_focus_is_where_the_next_input_belongs() {
    for lang in LANGS {
        let mut window = window(lang);
        let field = format!("TextInput {}", lang.pick("连接到", "Connect to"));
        assert_eq!(focused(&window), field);
        press(&mut window, CTRL, Key::T);
        assert_eq!(focused(&window), field, "in a new tab");
        window.listens(lang);
        window.steps(3);
        assert_eq!(focused(&window), format!("MultilineTextInput {}", lang.pick("发送内容", "Send content")));
    }
}

#[test]
fn f6_goes_from_place_to_place() {
    let mut window = window(Lang::En);
    let _peer = Peer::connect(window.listens(Lang::En));
    window.wait(&["#1"]);
    press(&mut window, CTRL, Key::I);
    press(&mut window, CTRL, Key::J);
    window.focus("Send content");
    let mut seen = Vec::new();
    for _ in 0..5 {
        press(&mut window, Modifiers::NONE, Key::F6);
        seen.push(focused(&window));
    }
    assert_eq!(seen[4], "MultilineTextInput Send content", "{seen:#?}");
    assert!(seen[3].starts_with("ScrollView"), "{seen:#?}");
    let unique: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!(unique.len(), 5, "{seen:#?}");
    press(&mut window, Modifiers::SHIFT, Key::F6);
    assert_eq!(focused(&window), seen[3]);
}

/// Tab comes round before so many controls.
const MOST_STOPS: usize = 120;

/// Names of all controls that Tab reaches, from the first one until they repeat.
fn walk(window: &mut Window) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for _ in 0..MOST_STOPS {
        press(window, Modifiers::NONE, Key::Tab);
        let name = focused(window);
        assert!(!name.is_empty(), "nothing has the focus after {names:#?}");
        if names.first() == Some(&name) && names.len() > 3 {
            return names;
        }
        names.push(name);
    }
    names
}

#[test]
fn tab_visits_every_place_in_order() {
    for lang in LANGS {
        let mut window = window(lang);
        let _peer = Peer::connect(window.listens(lang));
        window.wait(&["#1"]);
        press(&mut window, CTRL, Key::I);
        press(&mut window, CTRL, Key::J);
        press(&mut window, CTRL, Key::B);
        press(&mut window, CTRL, Key::B);
        window.harness.get_by_role_and_label(Role::Button, lang.pick("停止监听", "Stop listening")).focus();
        window.steps(2);
        press(&mut window, Modifiers::SHIFT, Key::Tab);
        let names = walk(&mut window);
        assert!(names.len() < MOST_STOPS, "Tab does not come round: {names:#?}");
        let at = |name: &str| {
            names
                .iter()
                .position(|other| other.split_once(' ').is_some_and(|(_, other)| other == name))
                .unwrap_or_else(|| panic!("{name}: {names:#?}"))
        };
        let order = [
            at(lang.pick("停止监听", "Stop listening")),
            at(lang.pick("发送内容", "Send content")),
            names.iter().position(|name| name.starts_with("ScrollView")).unwrap(),
            at(lang.pick("查找", "Find")),
            at(lang.pick("字符编码", "Encoding")),
            at(lang.pick("发送历史", "Send history")),
            at(lang.pick("关闭侧栏", "Close dock")),
            at(lang.pick("关闭结果", "Close results")),
            at(lang.pick("复位计数", "Reset counters")),
            at(lang.pick("设置", "Settings")),
        ];
        assert!(order.is_sorted(), "{order:?} {names:#?}");
        // Each choice of one among several is one stop.
        let radios = names.iter().filter(|name| name.starts_with("RadioButton")).count();
        let groups = window.harness.query_all_by_role(Role::RadioGroup).count();
        assert!(radios <= groups, "{radios} stops in {groups} groups: {names:#?}");
    }
}

#[test]
fn keys_chosen_in_the_settings_are_used() {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let data = folder.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    let settings =
        r#"{"version": 2, "preferences": {"keys": {"new-tab": "Ctrl+G", "find": "nonsense", "unknown": "Ctrl+H"}}}"#;
    std::fs::write(data.join("settings.json"), settings).unwrap();
    let mut window = Start::in_folder(Lang::En, folder).open();
    press(&mut window, CTRL, Key::T);
    assert_eq!(tabs(&window).len(), 1);
    press(&mut window, CTRL, Key::G);
    assert_eq!(tabs(&window).len(), 2);
    window.listens(Lang::En);
    press(&mut window, CTRL, Key::F);
    assert_eq!(focused(&window), "TextInput Find");
}
