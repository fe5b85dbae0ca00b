//! Choosing and editing framing rules.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

/// A listening server and its peer.
fn listening(window: &mut Window, zh: bool) -> Peer {
    let address = window.listens(if zh { Lang::ZhCn } else { Lang::En });
    let peer = Peer::connect(address);
    window.wait(&[&peer.0.local_addr().expect("address").to_string()]);
    peer
}

#[test]
fn presets_and_checks_are_chosen_in_the_left_column() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let name = |zh_name: &'static str, en_name: &'static str| if zh { zh_name } else { en_name };
        let (framing, verify) = (name("数据分包", "Framing"), name("接收校验", "Receive checksum"));
        let mut window = window(lang);
        assert_eq!(window.chosen(framing), name("不分包（按接收）", "As received"));
        assert_eq!(window.chosen(verify), name("不校验", "Off"));
        window.choose(verify, "CRC-16/ARC");
        window.choose(framing, name("4 字节长度头 (struct 'i')", "4-byte length (struct 'i')"));
        assert_eq!(window.chosen(framing), name("4 字节长度头 (struct 'i')", "4-byte length (struct 'i')"));
        assert_eq!(window.chosen(verify), "CRC-16/ARC");
        window.choose(framing, "Modbus RTU");
        assert_eq!(window.chosen(verify), name("按分包规则", "From framing"));
        window.choose(verify, "CRC-16/MODBUS");
        assert_eq!(window.chosen(verify), "CRC-16/MODBUS");
    }
}

#[test]
fn a_rule_is_built_from_fields_tried_on_real_data_saved_and_used_again() {
    let start = Start::new(Lang::ZhCn);
    let folder = start.folder.clone();
    let mut window = start.open();
    let mut peer = listening(&mut window, true);
    peer.send(b"\x05\0\0\0Hello\x07\0\0\0Welcome");
    window.wait(&["Hello"]);
    window.choose("数据分包", "自定义…");
    window.wait(&["Label", "1 帧"]);
    window.choose("分包方式", "长度字段");
    window.choose("长度字段大小", "4 字节");
    window.segment("小端");
    window.wait(&["Label 2 帧"]);
    window.wait(&["帧，偏移 0，9 字节", "05 00 00 00 48 65 6C 6C 6F"]);
    window.wait(&["帧，偏移 9，11 字节", "07 00 00 00 57 65 6C 63 6F 6D 65"]);
    assert_eq!(window.field("规则文本"), "len:offset=0,size=4,endian=little");

    window.click("另存为…");
    window.fill("规则名称", "电表");
    window.click("保存规则");
    window.wait(&["已保存规则「电表」"]);
    window.click("应用");
    assert!(!window.shows("应用"), "closed");
    assert_eq!(window.chosen("数据分包"), "电表");
    drop(window);

    let mut window = Start::in_folder(Lang::ZhCn, folder).open();
    assert_eq!(window.chosen("数据分包"), "电表");
    window.choose("数据分包", "JSON");
    window.choose("数据分包", "电表");
    assert_eq!(window.chosen("数据分包"), "电表");
}

#[test]
fn an_invalid_text_form_is_reported_and_not_applied() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let name = |zh_name: &'static str, en_name: &'static str| if zh { zh_name } else { en_name };
        let mut window = window(lang);
        window.choose(name("数据分包", "Framing"), name("自定义…", "Custom…"));
        let text = name("规则文本", "Rule as text");
        window.fill(text, "delimm:0D0A");
        window.wait(&[name("没有名为「delimm」的分包规则", "There is no framing rule \"delimm\"")]);
        assert!(!window.enabled(name("应用", "Apply")) && !window.enabled(name("另存为…", "Save as…")));
        window.fill(text, "delim:0D0A+SUM-8");
        assert!(window.enabled(name("应用", "Apply")));
        assert_eq!(window.field(name("分隔符字节", "Delimiter bytes")), "0D 0A");
        assert_eq!(window.chosen(name("校验算法", "Checksum")), "SUM-8");

        window.check(name("用文本填写字节（可用 \\n \\xNN）", "Enter bytes as text (\\n, \\xNN)"));
        assert_eq!(window.field(name("分隔符字节", "Delimiter bytes")), "\\r\\n");
        window.fill(name("分隔符字节", "Delimiter bytes"), "\\q");
        window.wait(&[name("转义「\\q」无效", "Bad escape \"\\q\"")]);
        assert_eq!(window.field(text), "", "there is no rule, and so no text of it");
        let why = window.wait(&["Label ", name("「分隔符字节」有误", "\"Delimiter bytes\" is wrong"), "\\q"]);
        assert!(why.contains(name("转义「\\q」无效", "Bad escape \"\\q\"")), "{why}");
        assert!(!window.enabled(name("应用", "Apply")));
        window.fill(name("分隔符字节", "Delimiter bytes"), "END");
        assert_eq!(window.field(text), "delim:454E44+SUM-8");
        window.click(name("应用", "Apply"));
        assert_eq!(window.chosen(name("数据分包", "Framing")), "delim:454E44");
        assert_eq!(window.chosen(name("接收校验", "Receive checksum")), "SUM-8");
    }
}

#[test]
fn escape_tables_digits_and_bits_are_fields_of_the_editor() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let name = |zh_name: &'static str, en_name: &'static str| if zh { zh_name } else { en_name };
        let mut window = window(lang);
        window.choose(name("数据分包", "Framing"), "JT/T 808");
        window.choose(name("数据分包", "Framing"), name("自定义…", "Custom…"));
        let (text, swap) = (name("规则文本", "Rule as text"), name("字节替换", "Byte replacements"));
        assert_eq!(window.field(swap), "7E:7D02|7D:7D01");
        window.fill(swap, "7E:7D02|7D:7D");
        assert!(!window.enabled(name("应用", "Apply")));
        window.fill(swap, "");
        window.fill(name("转义字节", "Escape byte"), "7D");
        window.fill(name("转义后异或", "XOR for the escaped byte"), "20");
        assert_eq!(window.field(text), "marks:start=7E,end=7E,escape=7D,xor=20,max=4096+XOR-8:from=1,at=-2");

        window.fill(text, "len:offset=9,size=hex4,mask=0FFF,skip=0A+SUM-8:form=dec3,covers=hex,mask=0F");
        assert_eq!(
            window.chosen(name("长度字段大小", "Length field size")),
            name("十六进制数字", "Hexadecimal digits")
        );
        assert_eq!(window.field(name("长度所占的位（HEX）", "Length bit mask (hex)")), "0FFF");
        assert_eq!(window.field(name("帧间可跳过的字节", "Skipped between frames")), "0A");
        assert_eq!(window.chosen(name("校验值写法", "Checksum format")), name("十进制数字", "Decimal digits"));
        assert_eq!(window.field(name("校验值所占的位（HEX）", "Checksum bit mask (hex)")), "0F");
        window.fill(name("长度所占的位（HEX）", "Length bit mask (hex)"), "07FF");
        assert_eq!(window.field(text), "len:offset=9,size=hex4,mask=07FF,skip=0A+SUM-8:form=dec3,covers=hex,mask=0F");
        window.click(name("应用", "Apply"));
    }
}

#[test]
fn an_edited_rule_acts_at_once_and_cancel_takes_it_back() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = listening(&mut window, lang == Lang::ZhCn);
        let (framing, text) = (lang.pick("数据分包", "Framing"), lang.pick("规则文本", "Rule as text"));
        peer.send(b"one;two;");
        window.wait(&["one;two;"]);
        window.choose(framing, "SLIP");
        window.choose(framing, lang.pick("自定义…", "Custom…"));
        window.fill(text, "delim:3B");
        window.wait(&["Label", "4 two;"]);
        assert_eq!(window.chosen(framing), "delim:3B");
        window.harness.key_press(Key::Escape);
        window.steps(4);
        assert_eq!(window.field(text), "delim:3B", "Escape closes no editor");
        window.fill(text, "delim:");
        assert_eq!(window.chosen(framing), "delim:3B", "a wrong text is not tried");
        window.click(lang.pick("取消", "Cancel"));
        assert_eq!(window.chosen(framing), "SLIP");
        assert!(window.harness.query_by_role_and_label(Role::Tab, lang.pick("分包", "Framing")).is_none());
    }
}

#[test]
fn an_editor_keeps_what_was_edited_while_other_tabs_are_in_front() {
    for lang in LANGS {
        let mut window = window(lang);
        let _peer = listening(&mut window, lang == Lang::ZhCn);
        let (framing, text) = (lang.pick("数据分包", "Framing"), lang.pick("规则文本", "Rule as text"));
        window.choose(framing, lang.pick("自定义…", "Custom…"));
        window.fill(text, "fixed:");
        window.click_as(Role::Tab, lang.pick("检视", "Inspect"));
        window.until("the inspector is in front", |harness| harness.query_by_label(text).is_none());
        window.click_as(Role::Tab, lang.pick("分包", "Framing"));
        assert_eq!(window.field(text), "fixed:");
        // The dock is closed and opened again.
        for there in [false, true] {
            window.harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::I);
            window.until("the dock", |harness| harness.query_by_label(text).is_some() == there);
        }
        // Another session is in front and has no editor.
        window.harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::T);
        window.until("a new session", |harness| harness.query_by_label(text).is_none());
        window.harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::W);
        window.until("the first session", |harness| harness.query_by_label(text).is_some());
        assert_eq!(window.field(text), "fixed:");
        // A rule that is chosen in the left column is edited from now on.
        window.choose(framing, "SLIP");
        assert_eq!(window.field(text), "slip");
    }
}

#[test]
fn any_checksum_is_found_by_a_part_of_its_name() {
    let mut window = window(Lang::En);
    window.choose("Receive checksum", "More…");
    window.click_as(Role::ComboBox, "Checksum");
    window.fill("Filter checksums", "crc16 ccitt");
    window.wait(&["CRC-16/IBM-3740 (CRC-16/CCITT-FALSE)"]);
    window.fill("Filter checksums", "24/ble");
    assert!(window.harness.query_by_role_and_label(Role::MenuItemRadio, "CRC-24/OS-9").is_none());
    window.click_as(Role::MenuItemRadio, "CRC-24/BLE");
    window.steps(8);
    window.fill("Checksum offset", "-4");
    window.choose("Checksum byte order", "Big-endian");
    assert_eq!(window.field("Rule as text"), "record+CRC-24/BLE:at=-4,endian=big");
    window.click("Apply");
    assert_eq!(window.chosen("Framing"), "As received");
    assert_eq!(window.chosen("Receive checksum"), "CRC-24/BLE:at=-4,endian=big");
}

#[test]
fn the_byte_before_a_value_takes_the_place_of_the_places() {
    for lang in [Lang::En, Lang::ZhCn] {
        let mut window = window(lang);
        let name = |zh, en| lang.pick(zh, en);
        window.choose(name("数据分包", "Framing"), name("自定义…", "Custom…"));
        window.fill(name("规则文本", "Rule as text"), "line+XOR-8:from=1,form=hex");
        window.fill(name("校验值位置", "Checksum offset"), "-2");
        window.fill(name("校验值前的字节", "Byte before the checksum"), "2A");
        assert_eq!(window.field(name("规则文本", "Rule as text")), "line+XOR-8:from=1,form=hex,until=2A");
        assert!(window.harness.query_by_label(name("校验值位置", "Checksum offset")).is_none());
        window.fill(name("样例（HEX）", "Example (hex)"), "24 41 0A 24 41 2A 34 31 0A 24 41 2A 34 32 0A");
        window.wait(&[name("3 帧，校验错误 1", "3 frames, 1 with a bad check")]);
        window.fill(name("校验值前的字节", "Byte before the checksum"), "");
        assert_eq!(window.field(name("规则文本", "Rule as text")), "line+XOR-8:from=1,at=-2,form=hex");
    }
}

#[test]
fn a_rule_is_tried_on_an_example_before_anything_came() {
    let mut window = window(Lang::En);
    window.choose("Framing", "Custom…");
    window.menu("Start from a preset", "STX … ETX");
    window.fill("Example (hex)", "FF 02 41 03 02 42");
    window.wait(&["1 frame, 1 byte unframed, 1 incomplete"]);
    window.wait(&["Frame at 1, 3 bytes: 02 41 03"]);
    window.fill("Example (hex)", "0G");
    window.wait(&["\"G\""]);
    window.fill("Rule as text", "fixed:2+XOR-8");
    window.fill("Example (hex)", "41 41 41 42");
    window.wait(&["2 frames, 1 with a bad check"]);
    window.wait(&["XOR-8 is 42, should be 41"]);
}

#[test]
fn a_saved_rule_is_replaced_after_a_question_and_deleted_after_another() {
    let mut window = window(Lang::En);
    window.choose("Framing", "Custom…");
    for (rule, again) in [("fixed:4", false), ("fixed:6", true)] {
        window.fill("Rule as text", rule);
        window.click("Save as…");
        window.fill("Name of the rule", "mine");
        window.click("Save rule");
        if again {
            window.click("Replace that rule");
        }
        window.wait(&["Rule “mine” is saved"]);
    }
    window.click("Apply");
    assert_eq!(window.chosen("Framing"), "mine");
    window.choose("Framing", "Custom…");
    assert_eq!(window.field("Rule as text"), "fixed:6");
    window.click("Delete rule");
    window.click("Confirm deleting this rule");
    window.wait(&["Rule “mine” is deleted"]);
    window.click("Cancel");
    assert_eq!(window.chosen("Framing"), "fixed:6", "the session keeps it");
}

#[test]
fn escape_cancels_the_name_first_and_a_long_name_is_reported() {
    for (lang, save_as, name, bad) in [
        (Lang::En, "Save as…", "Name of the rule", "A name has 1 to 40 characters"),
        (Lang::ZhCn, "另存为…", "规则名称", "名称应为 1 到 40 个字"),
    ] {
        let mut window = window(lang);
        window.choose(lang.pick("数据分包", "Framing"), lang.pick("自定义…", "Custom…"));
        let text = lang.pick("规则文本", "Rule as text");
        window.fill(text, "fixed:4");
        window.click(save_as);
        window.fill(name, &"n".repeat(41));
        window.wait(&[bad]);
        window.harness.key_press(Key::Escape);
        window.until("the name is gone", |harness| harness.query_by_label(name).is_none());
        assert_eq!(window.field(text), "fixed:4");
        window.click(lang.pick("取消", "Cancel"));
        window.until("the editor is closed", |harness| harness.query_by_label(text).is_none());
    }
}

#[test]
fn the_sample_grows_while_data_comes() {
    let mut window = window(Lang::En);
    let mut peer = listening(&mut window, false);
    window.choose("Framing", "Custom…");
    window.fill("Rule as text", "line");
    peer.send(b"one\ntwo\n");
    window.wait(&["2 frames"]);
    window.wait(&["8 bytes received from #1", "from offset 0"]);
    peer.send(b"three");
    window.wait(&["2 frames, 1 incomplete"]);
}

#[test]
fn a_stored_capture_can_be_cut_by_any_rule_too() {
    let start = Start::new(Lang::ZhCn);
    let folder = start.folder.clone();
    let mut first = start.open();
    let mut peer = listening(&mut first, true);
    peer.send(b"\x05\0\0\0Hello\x07\0\0\0Welcome");
    first.wait(&["Welcome"]);
    first.harness.state_mut().shut_down();
    drop(first);

    let mut window = Start::in_folder(Lang::ZhCn, folder).open();
    window.click("设置");
    window.segment("捕获记录");
    window.wait(&["ListItem", "tcp://127.0.0.1:0", "已关闭"]);
    let open = window.harness.get_all_by_role_and_label(Role::Button, "打开").next().expect("button");
    open.click();
    window.wait(&["Welcome"]);
    window.choose("数据分包", "4 字节长度头 (struct 'i')");
    window.choose("数据分包", "自定义…");
    assert_eq!(window.field("规则文本"), "len:offset=0,size=4,endian=little,signed");
    window.wait(&["Label 2 帧"]);
    window.click("取消");
    assert_eq!(window.chosen("数据分包"), "4 字节长度头 (struct 'i')");
}
