//! A control that opens a text field also focuses it.

use crate::support::{LANGS, Peer, Pick, Window, window};
use egui::accesskit::Role;
use egui::{Event, Key};
use egui_kittest::kittest::Queryable as _;
use wirebench::words::Lang;

/// Types at the focus.
fn types(window: &mut Window, text: &str) {
    window.harness.event(Event::Text(text.to_owned()));
    window.steps(3);
}

#[test]
fn another_address_is_typed_at_once() {
    for lang in LANGS {
        let mut window = window(lang);
        window.choose(lang.pick("协议类型", "Protocol"), lang.pick("UDP", "UDP"));
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), "0");
        window.click(lang.pick("打开", "Open"));
        window.address_after(lang.pick("已打开", "Bound to"));
        window.choose(lang.pick("发送给", "Send to"), lang.pick("其他地址…", "Another address…"));
        types(&mut window, "127.0.0.1:9");
        assert_eq!(window.field(lang.pick("目标地址", "Target address")), "127.0.0.1:9");
    }
}

#[test]
fn an_old_text_is_edited_at_once() {
    for lang in LANGS {
        let mut window = window(lang);
        let _peer = Peer::connect(window.listens(lang));
        window.wait(&["#1"]);
        let content = lang.pick("发送内容", "Send content");
        window.fill(content, "AT");
        window.press_send();
        window.wait(&["→", "AT"]);
        window.fill(content, "");
        window.fill(lang.pick("查找", "Find"), "");
        window.menu(lang.pick("发送历史", "Send history"), "AT");
        window.harness.key_press(Key::End);
        window.steps(1);
        types(&mut window, "+GMR");
        assert_eq!(window.field(content), "AT+GMR");
    }
}

#[test]
fn a_filter_and_a_local_address_are_typed_at_once() {
    for lang in LANGS {
        let mut window = window(lang);
        window.choose(lang.pick("协议类型", "Protocol"), lang.pick("TCP 客户端", "TCP client"));
        window.click(lang.pick("选项", "Options"));
        window.check(lang.pick("指定本地地址和端口", "Set local address"));
        let address = lang.pick("本地地址", "Local address");
        let before = window.field(address);
        types(&mut window, "7");
        assert_ne!(window.field(address), before);

        window.choose(lang.pick("协议类型", "Protocol"), lang.pick("TCP 服务器", "TCP server"));
        window.fill(address, "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), "0");
        window.click(lang.pick("开始监听", "Listen"));
        window.address_after(lang.pick("正在监听", "Listening"));
        window.click(lang.pick("筛选", "Filter"));
        types(&mut window, "AT");
        assert_eq!(window.field(lang.pick("包含的内容", "Contains")), "AT");
    }
}

#[test]
fn the_path_of_a_file_is_typed_at_once() {
    let mut window = window(Lang::ZhCn);
    window.file_to_send(Lang::ZhCn);
    window.steps(10);
    types(&mut window, "a.bin");
    assert_eq!(window.field("文件路径"), "a.bin");
}

#[test]
fn the_path_of_an_export_and_of_a_log_to_read_in_is_typed_at_once() {
    for lang in LANGS {
        let mut window = window(lang);
        window.listens(lang);
        window.menu(lang.pick("更多", "More"), lang.pick("导出…", "Export…"));
        window.wait(&["TextInput", lang.pick("文件路径", "File path")]);
        window.steps(4);
        types(&mut window, "a.csv");
        assert!(window.field(lang.pick("文件路径", "File path")).contains("a.csv"));

        window.click(lang.pick("设置", "Settings"));
        window.segment(lang.pick("捕获记录", "Captures"));
        let import = lang.pick("导入 NetAssist 日志…", "Import a NetAssist log…");
        window.wait_enabled(import);
        window.click(import);
        let field = lang.pick("日志文件", "Log file");
        window.wait(&["TextInput", field]);
        window.until("the focus in the field", |harness| {
            harness.query_all_by_role_and_label(Role::TextInput, field).any(|node| node.is_focused())
        });
        types(&mut window, "a.txt");
        assert_eq!(window.field(field), "a.txt");
    }
}

#[test]
fn a_closed_dialog_gives_the_focus_back() {
    for lang in LANGS {
        let mut window = window(lang);
        let content = lang.pick("发送内容", "Send content");
        window.focus(content);
        types(&mut window, "AT");
        // By keys, and by clicks that take the focus from the send box.
        window.harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Comma);
        window.steps(8);
        window.harness.key_press(Key::Tab);
        window.steps(2);
        window.harness.key_press(Key::Escape);
        window.steps(8);
        types(&mut window, "+");
        window.click(lang.pick("设置", "Settings"));
        window.steps(8);
        window.click(lang.pick("关闭", "Close"));
        window.steps(8);
        types(&mut window, "GMR");
        assert_eq!(window.field(content), "AT+GMR");

        let port = lang.pick("本地端口", "Local port");
        window.fill(port, "80");
        window.choose(lang.pick("数据分包", "Framing"), lang.pick("自定义…", "Custom…"));
        window.steps(8);
        window.click(lang.pick("取消", "Cancel"));
        window.steps(8);
        types(&mut window, "80");
        assert_eq!(window.field(port), "8080");
    }
}
