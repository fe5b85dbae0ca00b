//! The form of a reply rule: its fields, what will be sent, rules made of a record, and ready-made replies.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::replies::open_replies;
use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use std::path::PathBuf;
use std::sync::Arc;
use wirebench::words::Lang;

fn connected(window: &mut Window, lang: Lang) -> Peer {
    let peer = Peer::connect(window.listens(lang));
    window.wait(&[lang.pick("对端 1", "Peers 1")]);
    peer
}

/// Waits until a talk file of the data folder has this text.
fn wait_file(window: &mut Window, text: &str) {
    let talks = window.folder.path().join("data/talks");
    window.until(&format!("a file with {text:?}"), |_| {
        let files = std::fs::read_dir(&talks).into_iter().flatten().flatten();
        files.map(|file| std::fs::read_to_string(file.path()).unwrap_or_default()).any(|own| own == text)
    });
}

fn save(window: &mut Window, lang: Lang) {
    window.click(lang.pick("保存", "Save"));
    window.steps(3);
}

#[test]
fn a_rule_is_made_in_the_form_and_answers() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        open_replies(&mut window, lang);
        window.wait(&[lang.pick("还没有应答规则", "No reply rules yet")]);
        window.click(lang.pick("新建应答规则", "New reply rule"));
        window.wait(&[lang.pick("规则名称", "Rule name")]);
        window.choose(lang.pick("触发方式", "Trigger"), "HEX");
        window.choose(lang.pick("应答格式", "Reply format"), "HEX");
        let (pattern, content) = (lang.pick("匹配内容", "Pattern"), lang.pick("应答内容", "Reply content"));
        window.fill(lang.pick("规则名称", "Rule name"), "读温度");
        window.fill(pattern, "01 0");
        // The bytes stay when their form changes.
        window.fill(content, "41 54");
        window.choose(lang.pick("应答格式", "Reply format"), lang.pick("文本", "Text"));
        window.steps(2);
        assert_eq!(window.field(content), "AT");
        window.choose(lang.pick("应答格式", "Reply format"), "HEX");
        window.fill(content, "01 02 {{x:u8}}");
        save(&mut window, lang);
        assert!(window.shows(lang.pick("保存", "Save")), "it has errors");
        window.fill(pattern, "01 {{?x:u8}}");
        window.choose(lang.pick("应答校验", "Reply checksum"), "CRC-16/MODBUS");
        window.wait(&[lang.pick("将发送 01 02 00", "Sends 01 02 00")]);
        save(&mut window, lang);
        wait_file(&mut window, "on 01 {{?x:u8}} as 读温度 { > 01 02 {{x:u8}} +CRC-16/MODBUS }\n");
        window.wait(&[lang.pick("应答 1 开", "1 reply on")]);
        peer.send(&[1, 7]);
        let mut got = [0; 5];
        std::io::Read::read_exact(&mut peer.0, &mut got).expect("an answer");
        assert_eq!(got[..3], [1, 2, 7]);
        // It is opened again by a click, and an edit changes it.
        window.wait(&["ListItem 读温度", lang.pick("命中 1", "1 hit")]);
        let row = window.names().into_iter().find(|name| name.starts_with("ListItem 读温度")).expect("a row");
        window.click_as(Role::ListItem, row.trim_start_matches("ListItem "));
        window.wait(&[lang.pick("规则名称", "Rule name")]);
        window.fill(content, "09");
        window.choose(lang.pick("应答之后", "After replying"), lang.pick("关闭连接", "close"));
        save(&mut window, lang);
        peer.send(&[1, 7]);
        let mut got = [0; 3];
        std::io::Read::read_exact(&mut peer.0, &mut got).expect("an answer");
        assert_eq!(got[0], 9);
        peer.expect_end();
    }
}

#[test]
fn a_rule_is_made_of_a_record_in_two_clicks() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        peer.send(b"PING\r\n");
        window.wait(&["PING"]);
        let row = window.harness.get_by_label_contains("PING").rect().left_center() + egui::vec2(4.0, 0.0);
        window.harness.event(egui::Event::PointerMoved(row));
        for pressed in [true, false] {
            let button = egui::PointerButton::Secondary;
            let modifiers = egui::Modifiers::NONE;
            window.harness.event(egui::Event::PointerButton { pos: row, button, pressed, modifiers });
            window.steps(2);
        }
        window.click_as(Role::MenuItem, lang.pick("创建应答", "Create reply"));
        window.wait(&[lang.pick("规则名称", "Rule name")]);
        assert_eq!(window.field(lang.pick("匹配内容", "Pattern")), "PING\\r\\n");
        window.fill(lang.pick("应答内容", "Reply content"), "PONG\\r\\n");
        window.wait(&[lang.pick("将发送 50 4F 4E 47", "Sends 50 4F 4E 47")]);
        save(&mut window, lang);
        wait_file(&mut window, "on \"PING\\r\\n\" { > \"PONG\\r\\n\" }\n");
        window.wait(&[lang.pick("应答 1 开", "1 reply on")]);
        peer.send(b"PING\r\n");
        peer.expect(b"PONG\r\n");
    }
}

#[test]
fn ready_made_replies_answer_and_bring_their_framing_rule() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        open_replies(&mut window, lang);
        window.click(lang.pick("固定应答", "Fixed answer"));
        window.wait(&[lang.pick("应答 1 开", "1 reply on")]);
        peer.send(b"x");
        peer.expect(lang.pick("ok, 问题正在处理中...", "ok, working on it...").as_bytes());
        window.click(lang.pick("撤销", "Undo"));
        window.wait(&[lang.pick("还没有应答规则", "No reply rules yet")]);
        window.click(lang.pick("Modbus RTU 从站（分包：modbus-rtu）", "Modbus RTU server (framing: modbus-rtu)"));
        window.wait(&[lang.pick("应答 1 开", "1 reply on")]);
        window.wait(&["ListItem", "registers.csv"]);
        // Holding registers 0 and 1.
        peer.send(&[1, 3, 0, 0, 0, 2, 0xC4, 0x0B]);
        peer.expect(&[1, 3, 4, 0x03, 0xE8, 0x03, 0xE9, 0xBB, 0x3D]);
        // An address that the table does not have: exception 2.
        peer.send(&[1, 3, 0x10, 0, 0, 1, 0x80, 0xCA]);
        peer.expect(&[1, 0x83, 2, 0xC0, 0xF1]);
        let table = window.folder.path().join("data/talks/registers.csv");
        assert!(table.is_file());
        assert_eq!(window.chosen(lang.pick("数据分包", "Framing")), "Modbus RTU");
        window.click(lang.pick("撤销", "Undo"));
        window.wait(&[lang.pick("还没有应答规则", "No reply rules yet")]);
        assert_ne!(window.chosen(lang.pick("数据分包", "Framing")), "Modbus RTU");
    }
}

#[test]
fn a_rule_that_no_form_can_show_is_edited_as_text() {
    let lang = Lang::ZhCn;
    let folder = Arc::new(tempfile::tempdir().expect("folder"));
    let path: PathBuf = folder.path().join("a.talk");
    std::fs::write(&path, "# keep\non 01 where 1 == 1 as a { > 02 }  # too\n> 09\n").expect("file");
    let mut window = Start::in_folder(lang, folder).choosing(&path).open();
    let mut peer = connected(&mut window, lang);
    open_replies(&mut window, lang);
    window.click("打开 .talk 文件…");
    window.wait(&["ListItem a · "]);
    let row = window.names().into_iter().find(|name| name.starts_with("ListItem a · ")).expect("a row");
    window.click_as(Role::ListItem, row.trim_start_matches("ListItem "));
    window.wait(&["此规则按文本编辑"]);
    window.fill("规则文本", "on 01 where 1 == 1 as a { > 0 }");
    window.click("保存");
    window.steps(3);
    assert!(window.shows("保存"), "it has an error");
    window.fill("规则文本", "on 01 where 1 == 1 as a { > 03 }");
    window.click("保存");
    let now = path;
    window.until("the file is written", move |_| {
        std::fs::read_to_string(&now).is_ok_and(|text| text.contains("> 03 }") && text.ends_with("> 09\n"))
    });
    window.click_as(Role::Switch, "自动应答");
    window.wait(&["应答 1 开"]);
    peer.send(&[1]);
    peer.expect(&[3]);
    assert!(window.harness.query_by_label("此规则按文本编辑。").is_none());
}

#[test]
fn escape_closes_the_form_and_leaves_the_send_box_alone() {
    for lang in LANGS {
        let mut window = window(lang);
        open_replies(&mut window, lang);
        window.click(lang.pick("新建应答规则", "New reply rule"));
        let name = lang.pick("规则名称", "Rule name");
        window.wait(&[name]);
        window.fill(name, "heart");
        window.harness.key_press(egui::Key::Escape);
        window.steps(3);
        assert!(!window.shows(name), "the form is closed");
        window.wait(&[lang.pick("还没有应答规则", "No reply rules yet")]);
    }
}
