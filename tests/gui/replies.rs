//! Replies in the dock: switches, hits, order, files of somebody else, and what the worker does with the rules.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use wirebench::words::Lang;

pub fn open_replies(window: &mut Window, lang: Lang) {
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.steps(2);
    window.harness.event(Event::Text(lang.pick("自动应答", "Replies").to_owned()));
    window.steps(2);
    window.harness.key_press(Key::Enter);
    window.wait(&[lang.pick("Switch 自动应答", "Switch Automatic replies")]);
}

fn click_switch(window: &mut Window, name: &str) {
    window.click_as(Role::Switch, name);
    window.steps(2);
}

pub fn turn(window: &mut Window, lang: Lang) {
    click_switch(window, lang.pick("自动应答", "Automatic replies"));
}

/// A listening window with a client, whose tab uses a file with these lines, and the file.
pub fn with_file(lang: Lang, lines: &str) -> (Window, Peer, PathBuf, Arc<TempDir>) {
    let folder = Arc::new(tempfile::tempdir().expect("folder"));
    let path = folder.path().join("own.talk");
    std::fs::write(&path, lines).expect("file");
    let mut window = Start::in_folder(lang, folder.clone()).choosing(&path).open();
    let peer = Peer::connect(window.listens(lang));
    window.wait(&[lang.pick("对端 1", "Peers 1")]);
    open_replies(&mut window, lang);
    window.click(lang.pick("打开 .talk 文件…", "Open a talk file…"));
    (window, peer, path, folder)
}

fn wait_text(window: &mut Window, path: &std::path::Path, text: &str) {
    let path = path.to_owned();
    window.until(&format!("a file with {text:?}"), |_| std::fs::read_to_string(&path).is_ok_and(|now| now == text));
}

#[test]
fn the_rules_of_an_opened_file_answer_once_they_are_turned_on() {
    for lang in LANGS {
        let (mut window, mut peer, ..) =
            with_file(lang, "on \"PING\" as heart { > \"PONG\" }\non 01 ?? { > 02; close }\n");
        window.wait(&["ListItem heart · PING → PONG"]);
        window.wait(&[lang.pick("此文件来自别处", "This file comes from elsewhere")]);
        window.wait(&[lang.pick("未设置分包规则", "No framing rule is set")]);
        assert!(!window.shows(lang.pick("关闭自动应答", "Turn replies off")));
        peer.send(b"PING");
        window.wait(&[lang.pick("接收 4 B", "Received 4 B")]);
        turn(&mut window, lang);
        window.wait(&[lang.pick("应答 2 开", "2 replies on")]);
        peer.send(b"PING");
        peer.expect(b"PONG");
        window.wait(&["ListItem heart", lang.pick("命中 1", "1 hit")]);
        // A rule that is switched off does nothing, and the others go on.
        click_switch(&mut window, lang.pick("启用规则heart", "Enable rule heart"));
        window.wait(&[lang.pick("应答 1 开", "1 reply on")]);
        window.wait(&["ListItem heart", lang.pick("未启用", "off")]);
        peer.send(b"PING");
        // Two reads, so two messages.
        window.wait(&[lang.pick("接收 12 B", "Received 12 B")]);
        peer.send(&[1, 2]);
        peer.expect(&[2]);
        peer.expect_end();
        window.click(lang.pick("关闭自动应答", "Turn replies off"));
        window.wait(&[lang.pick("已关闭，1 条规则不生效", "Off, 1 rule is not used")]);
        let again = Peer::connect(window.address_after(lang.pick("正在监听", "Listening on")));
        let mut again = again;
        again.send(&[1, 2]);
        again.0.set_read_timeout(Some(std::time::Duration::from_millis(300))).expect("a timeout");
        assert!(std::io::Read::read(&mut again.0, &mut [0; 8]).is_err(), "nothing answers");
    }
}

#[test]
fn an_edit_takes_effect_at_once_and_an_error_leaves_the_last_valid_rules() {
    for lang in LANGS {
        let (mut window, mut peer, path, _folder) = with_file(lang, "on 01 as a { > 02 }\n");
        window.wait(&["ListItem a"]);
        turn(&mut window, lang);
        peer.send(&[1]);
        peer.expect(&[2]);
        let change = |window: &mut Window, text: &str| {
            std::fs::write(&path, text).expect("file");
            window.harness.event(Event::WindowFocused(true));
        };
        change(&mut window, "on 01 as a { > 03 }\non /(/ as b { > 04 }\n");
        window.wait(&[lang.pick("最近一次有效的规则仍在生效", "The last valid rules are still in use")]);
        peer.send(&[1]);
        peer.expect(&[2]);
        change(&mut window, "on 01 as a { > 03 }\n");
        window.until("the error is gone", |harness| {
            harness.query_by_label_contains(lang.pick("仍在生效", "still in use")).is_none()
        });
        peer.send(&[1]);
        peer.expect(&[3]);
    }
}

#[test]
fn a_rule_is_copied_moved_deleted_and_brought_back() {
    let lang = Lang::ZhCn;
    let text = "# first\non 01 as a { > 02 }\non 03 as b { > 04 }\n";
    let (mut window, _peer, path, _folder) = with_file(lang, text);
    window.wait(&["ListItem a"]);
    window.click("a的更多操作");
    window.click_as(Role::MenuItem, "创建副本");
    wait_text(&mut window, &path, "# first\non 01 as a { > 02 }\non 01 { > 02 }\non 03 as b { > 04 }\n");
    window.wait(&["ListItem 当收到 01 · 01 → 02"]);
    window.click("当收到 01的更多操作");
    window.click_as(Role::MenuItem, "删除");
    wait_text(&mut window, &path, text);
    window.wait(&["ListItem b"]);
    window.click("撤销");
    wait_text(&mut window, &path, "# first\non 01 as a { > 02 }\non 01 { > 02 }\non 03 as b { > 04 }\n");
    window.harness.get_by_label_contains("b · 03 → 04").focus();
    window.steps(2);
    window.harness.key_press_modifiers(Modifiers::ALT, Key::ArrowUp);
    wait_text(&mut window, &path, "# first\non 01 as a { > 02 }\non 03 as b { > 04 }\non 01 { > 02 }\n");
}

#[test]
fn rules_that_fail_are_counted() {
    let lang = Lang::En;
    let (mut window, mut peer, ..) = with_file(lang, "on {{?x:u8}} as a { > {{x * 300:u8}} }\n");
    window.wait(&["ListItem a"]);
    turn(&mut window, lang);
    window.wait(&["1 reply on"]);
    peer.send(&[1]);
    window.wait(&["A reply rule failed"]);
    window.wait(&["1 reply on · 1 error"]);
    window.click("Dismiss");
    window.until("no error", |harness| harness.query_by_label("A reply rule failed").is_none());
}

#[test]
fn the_own_file_of_a_tab_remembers_whether_it_replies() {
    let lang = Lang::ZhCn;
    let folder = Arc::new(tempfile::tempdir().expect("folder"));
    let mut first = Start::in_folder(lang, folder.clone()).open();
    open_replies(&mut first, lang);
    first.wait(&["从上到下，先匹配者生效"]);
    turn(&mut first, lang);
    first.wait(&["已关闭"]);
    drop(first);
    let mut second = Start::in_folder(lang, folder).open();
    open_replies(&mut second, lang);
    second.wait(&["已关闭"]);
}
