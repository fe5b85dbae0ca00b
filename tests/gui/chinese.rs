//! Nothing in the Chinese window speaks English: the whole accessibility tree, in every state a user can bring it to.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{Peer, Start, Window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::collections::BTreeSet;
use wirebench::words::Lang;

/// Names of programs, formats, encodings, units and keys with small letters: they are the same in every language.
const NAMES: &[&str] = &[
    "Base",
    "Big",
    "Ctrl",
    "GiB",
    "KiB",
    "Latin",
    "MiB",
    "Modbus",
    "NetAssist",
    "Python",
    "Rust",
    "Shift",
    "Unix",
    "Wirebench",
    "Wireshark",
    "hexdump",
    "macintosh",
    "ms",
    "pcapng",
    "struct",
    "windows",
    // An option of the command line, a scheme, and what was searched for.
    "frame",
    "tcp",
    "zz",
];

/// What is in the window's tree in small letters and is none of these, with where it was seen. What fields hold is the user's.
fn english(window: &Window, place: &str, found: &mut BTreeSet<String>) {
    for name in window.names() {
        let Some((role, words)) = name.split_once(' ') else { continue };
        let words = if role.ends_with("Input") { words.split(" = ").next().unwrap_or(words) } else { words };
        // These are for those who do not read Chinese.
        if role == "TextRun" || ["Switch to English", "English"].contains(&words) {
            continue;
        }
        let is_data = |word: &str| word.contains(['/', '\\']) || word.chars().all(|c| c.is_ascii_hexdigit());
        for word in words.split_whitespace().filter(|word| !is_data(word) || word.contains("://")) {
            let runs = word.split(|c: char| !c.is_ascii_alphabetic()).filter(|run| run.len() > 1);
            for run in runs.filter(|run| run.contains(|c: char| c.is_ascii_lowercase()) && !NAMES.contains(run)) {
                found.insert(format!("{run} in {words:?}, {place}"));
            }
        }
    }
}

/// Opens what a button opens, looks at it, and closes it.
fn opened(window: &mut Window, role: Role, name: &str, found: &mut BTreeSet<String>) {
    window.click_as(role, name);
    window.steps(8);
    english(window, name, found);
    window.harness.key_press(Key::Escape);
    window.steps(10);
}

/// The same for the menu of a right click.
fn right_clicked(window: &mut Window, role: Role, part: &str, found: &mut BTreeSet<String>) {
    let wanted =
        window.names().into_iter().rev().find(|name| name.starts_with(&format!("{role:?} ")) && name.contains(part));
    let name =
        wanted.and_then(|name| name.split_once(' ').map(|(_, name)| name.to_owned())).expect("something to click on");
    window.harness.get_all_by_role_and_label(role, &name).next().expect("it").click_secondary();
    window.steps(8);
    english(window, &name, found);
    window.harness.key_press(Key::Escape);
    window.steps(10);
}

/// Clicks on something and looks at what it changes.
fn looked_at(window: &mut Window, role: Role, name: &str, found: &mut BTreeSet<String>) {
    window.until(name, |harness| harness.query_all_by_role_and_label(role, name).next().is_some());
    window.harness.get_all_by_role_and_label(role, name).next().expect("it").click();
    window.steps(8);
    english(window, name, found);
}

#[test]
fn no_control_of_the_chinese_window_has_an_english_name() {
    let mut found = BTreeSet::new();
    let mut window = Start::new(Lang::ZhCn).open();
    english(&window, "start", &mut found);
    for name in ["协议类型", "字符编码", "数据分包", "校验检查", "附加数据"] {
        opened(&mut window, Role::ComboBox, name, &mut found);
    }
    window.fill("本地地址", "127.0.0.1");
    window.fill("本地端口", "0");
    window.click("开始监听");
    let address = window.address_after("正在监听");
    let mut peer = Peer::connect(address);
    peer.send(b"\x01\x02\x03\x04\xFF");
    window.wait(&["←", "#1"]);
    for name in ["HEX", "对照", "文本"] {
        looked_at(&mut window, Role::RadioButton, name, &mut found);
    }
    for name in ["更多", "保存", "发送历史", "时间列"] {
        opened(&mut window, Role::Button, name, &mut found);
    }
    opened(&mut window, Role::ComboBox, "发送给", &mut found);
    right_clicked(&mut window, Role::Tab, "TCP", &mut found);
    right_clicked(&mut window, Role::ListItem, "#1", &mut found);
    window.harness.get_by_role_and_label(Role::ScrollView, "收发记录").focus();
    window.steps(2);
    window.harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    window.steps(4);
    right_clicked(&mut window, Role::Label, "←", &mut found);
    for name in ["字节检视", "速率与应答时间", "筛选"] {
        looked_at(&mut window, Role::Button, name, &mut found);
    }
    for name in ["筛选类型", "内容的写法", "筛选连接"] {
        opened(&mut window, Role::ComboBox, name, &mut found);
    }
    window.fill("最小长度", "x");
    english(&window, "a wrong filter", &mut found);
    window.click("收起筛选栏");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.steps(2);
    window.fill("查找", "zz");
    window.steps(20);
    english(&window, "search", &mut found);
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    window.steps(8);
    english(&window, "hits", &mut found);
    for (menu, row, close) in [("更多", "高亮规则…", "关闭"), ("更多", "捕获记录…", "关闭")] {
        window.menu(menu, row);
        english(&window, row, &mut found);
        window.click(close);
        window.steps(8);
    }
    window.menu("保存", "导出…");
    english(&window, "export", &mut found);
    window.menu("保存", "保存日志…");
    english(&window, "log", &mut found);
    looked_at(&mut window, Role::Button, "发送文件…", &mut found);
    looked_at(&mut window, Role::Button, "设置", &mut found);
    for name in ["语言", "界面缩放"] {
        opened(&mut window, Role::ComboBox, name, &mut found);
        if !window.shows("语言") {
            looked_at(&mut window, Role::Button, "设置", &mut found);
        }
    }
    window.click("关闭");
    window.steps(8);
    window.choose("数据分包", "自定义…");
    english(&window, "rule editor", &mut found);
    window.click("取消");
    window.steps(8);
    looked_at(&mut window, Role::Button, "左右并排", &mut found);
    for _ in 0..25 {
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
        window.steps(2);
    }
    english(&window, "many tabs", &mut found);
    opened(&mut window, Role::Button, "全部会话", &mut found);
    assert!(found.is_empty(), "{}", found.into_iter().collect::<Vec<_>>().join("\n"));
}
