//! The send box: formats, checksums, marked errors, repeat, history, long pastes, files, targets.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use std::time::Duration;
use wirebench::jobs::thread::spawn_named;
use wirebench::words::Lang;

/// A listening window and a peer.
fn connected(window: &mut Window) -> Peer {
    connected_in(window, Lang::ZhCn)
}

fn connected_in(window: &mut Window, lang: Lang) -> Peer {
    let zh = lang == Lang::ZhCn;
    let peer = Peer::connect(window.listens(lang));
    window.wait(&[if zh { "对端 1" } else { "Peers 1" }]);
    peer
}

fn send_hex(window: &mut Window) {
    let segments: Vec<_> = window.harness.get_all_by_role_and_label(Role::RadioButton, "HEX").collect();
    segments.iter().max_by(|a, b| a.rect().top().total_cmp(&b.rect().top())).expect("segment").click();
    window.steps(3);
}

#[test]
fn the_foot_line_shows_exactly_the_sent_bytes() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    send_hex(&mut window);
    window.wrap(Lang::ZhCn, "校验", "CRC-16/MODBUS");
    window.fill("发送内容", "01 03 00 00 00 0A");
    window.wait(&["01 03 00 00 00 0A C5 CD 6 + CRC 2 = 8 字节"]);
    window.press_send();
    peer.expect(&[0x01, 0x03, 0x00, 0x00, 0x00, 0x0A, 0xC5, 0xCD]);
}

#[test]
fn a_pasted_hexdump_is_shown_and_sent_without_its_offsets_and_text() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    send_hex(&mut window);
    let dump = "0000   48 54 54 50 2f 31 2e 31 20 32 30 30 20 4f 4b 0d   HTTP/1.1 200 OK.\n0010   0a 0d 0a   ...";
    window.fill("发送内容", dump);
    window.wait(&["48 54 54 50 2F 31 2E 31", "19 字节 · 已识别十六进制转储，已忽略偏移和文本列"]);
    window.press_send();
    peer.expect(b"HTTP/1.1 200 OK\r\n\r\n");
    window.fill("发送内容", "0000 48 54 54 50");
    window.wait(&["6 字节"]);
    assert!(!window.names().iter().any(|name| name.contains("已识别十六进制转储")), "plain hex");
}

#[test]
fn a_wrong_hex_digit_is_pointed_at_and_nothing_is_sent() {
    let mut window = window(Lang::En);
    window.fill("Local address", "127.0.0.1");
    window.fill("Local port", "0");
    window.click("Listen");
    let mut peer = Peer::connect(window.address_after("Listening on"));
    window.wait(&["Peers 1"]);
    let segments: Vec<_> = window.harness.get_all_by_role_and_label(Role::RadioButton, "Hex").collect();
    segments.iter().max_by(|a, b| a.rect().top().total_cmp(&b.rect().top())).expect("segment").click();
    window.steps(3);
    window.fill("Send content", "01 02 0G");
    window.wait(&["Label", "G", "8"]);
    assert!(!window.enabled("Send"));
    window.press_send();
    window.fill("Send content", "01 02 03");
    window.press_send();
    peer.expect(&[1, 2, 3]);
}

#[test]
fn escapes_and_line_ends_are_part_of_the_payload() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    window.wrap(Lang::ZhCn, "尾", "CRLF");
    window.fill("发送内容", "a\\x00\\t");
    window.press_send();
    peer.expect(b"a\0\t\r\n");
}

#[test]
fn a_repeat_runs_until_it_is_stopped() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    window.repeat(Lang::ZhCn);
    window.fill("周期（毫秒）", "10");
    window.fill("发送内容", "tick");
    window.press_send();
    peer.expect(b"tickticktick");
    window.wait(&["已发送"]);
    window.click("停止");
    window.until("send again", |harness| harness.query_by_role_and_label(Role::Button, "发送").is_some());
}

#[test]
fn an_invalid_interval_is_reported() {
    let mut window = window(Lang::ZhCn);
    let _peer = connected(&mut window);
    window.repeat(Lang::ZhCn);
    window.fill("周期（毫秒）", "0");
    window.wait(&["请输入 1–86400000 的整数"]);
}

#[test]
fn a_repeat_with_a_wrong_number_cannot_be_sent_and_says_why() {
    for lang in LANGS {
        let mut window = window(lang);
        let _peer = connected_in(&mut window, lang);
        let (content, send) = (lang.pick("发送内容", "Send content"), lang.pick("发送", "Send"));
        let (period, times) = (lang.pick("周期（毫秒）", "Period (ms)"), lang.pick("次数", "Times"));
        window.fill(content, "tick");
        window.wait_enabled(send);
        window.repeat(lang);
        for (field, wrong, right) in [(period, "0", "5"), (times, "x", "3")] {
            window.fill(field, wrong);
            window.steps(2);
            assert!(!window.enabled(send), "{lang:?} {field}");
            window.fill(field, right);
            window.wait_enabled(send);
        }
        // Without the repeat its numbers do not matter.
        window.fill(period, "");
        window.steps(2);
        assert!(!window.enabled(send));
        window.repeat(lang);
        window.wait_enabled(send);
    }
}

#[test]
fn a_long_paste_becomes_a_chip_and_is_sent_whole() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    send_hex(&mut window);
    window.focus("发送内容");
    window.paste(&"A5 ".repeat(350_000));
    window.wait(&["粘贴的内容，1.0 MiB", "A5 A5"]);
    window.wait(&["350,000 字节"]);
    window.click("发送");
    let reader = spawn_named("peer", move || peer.expect(&vec![0xA5; 350_000])).expect("thread");
    window.until("all of it arrived", |_| reader.is_finished());
    reader.join().expect("the bytes as sent");
    window.click("移除粘贴的内容");
    assert_eq!(window.field("发送内容"), "");
}

#[test]
fn what_was_sent_can_be_sent_again() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    window.send_option(Lang::ZhCn, "发送后清空");
    window.fill("发送内容", "first");
    window.press_send();
    peer.expect(b"first");
    window.until("cleared", |harness| {
        harness
            .query_by_role_and_label(Role::Button, "发送")
            .is_some_and(|b| egui_kittest::kittest::NodeT::accesskit_node(&b).is_disabled())
    });
    window.menu("发送历史", "first");
    assert_eq!(window.field("发送内容"), "first");
}

#[test]
fn a_peer_can_be_chosen_and_kicked() {
    let mut window = window(Lang::ZhCn);
    let mut first = connected(&mut window);
    let address = first.0.peer_addr().expect("address");
    let mut second = Peer::connect(address);
    window.wait(&["对端 2"]);
    let name = format!("#2 {}", second.0.local_addr().expect("address"));
    window.click_as(Role::ListItem, &name);
    window.fill("发送内容", "two");
    window.press_send();
    second.expect(b"two");
    window.harness.get_by_role_and_label(Role::ListItem, &name).hover();
    window.steps(2);
    window.click("断开此连接");
    second.expect_end();
    window.wait(&["对端 1"]);
    // The target has left: nothing is sent to another peer instead.
    assert!(window.chosen("发送给").contains("#2"));
    window.choose("发送给", "全部对端 (1)");
    window.press_send();
    first.expect(b"two");
}

#[test]
fn a_file_is_sent_by_path_and_its_progress_ends() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    let path = window.folder.path().join("data.bin");
    let content: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    std::fs::write(&path, &content).expect("file");
    window.send_file(Lang::ZhCn, &path);
    let reader = spawn_named("peer", move || peer.expect(&content)).expect("thread");
    window.wait(&["已发送 293.0 KiB"]);
    reader.join().expect("the bytes of the file");
}

/// A file dropped by the desktop.
#[derive(Debug)]
struct Dropped(std::path::PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window must not read files itself".to_owned())
    }
}

#[test]
fn a_dropped_file_waits_for_the_button() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    let path = window.folder.path().join("dropped.txt");
    std::fs::write(&path, "dropped").expect("file");
    window.harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path.clone())));
    window.steps(1);
    window.harness.input_mut().dropped_files.clear();
    window.steps(2);
    assert_eq!(window.field("文件路径"), path.display().to_string());
    window.click("开始发送");
    peer.expect(b"dropped");
}

#[test]
fn files_that_are_dropped_together_are_sent_one_after_the_other() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let mut window = window(lang);
        let mut peer = connected_in(&mut window, lang);
        for name in ["one", "two", "three"] {
            let path = window.folder.path().join(name);
            std::fs::write(&path, format!("<{name}>")).expect("file");
            window.harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path)));
        }
        window.steps(1);
        window.harness.input_mut().dropped_files.clear();
        window.wait(&[if zh { "之后还有 2 个文件" } else { "and 2 more files" }]);
        window.click(if zh { "开始发送" } else { "Send the file" });
        // The window starts the next one.
        let reader = spawn_named("peer", move || peer.expect(b"<one><two><three>")).expect("thread");
        window.wait(&[if zh { "发送 three" } else { "Sending three" }, if zh { "已发送 7 B" } else { "7 B sent" }]);
        reader.join().expect("the bytes of the files");
    }
}

#[test]
fn a_dropped_file_that_fails_leaves_the_others_their_turn() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    std::fs::write(window.folder.path().join("other"), "other").expect("file");
    for name in ["missing", "other"] {
        let path = window.folder.path().join(name);
        window.harness.input_mut().dropped_files.push(std::sync::Arc::new(Dropped(path)));
    }
    window.steps(1);
    window.harness.input_mut().dropped_files.clear();
    window.steps(2);
    window.click("开始发送");
    window.wait(&["ListItem 发送 missing", "无法"]);
    peer.expect(b"other");
    window.wait(&["ListItem 发送 other", "已发送 5 B"]);
}

#[test]
fn received_bytes_and_the_log_are_saved() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("saved");
    let mut window = Start::new(Lang::ZhCn).choosing(&path).open();
    let mut peer = connected(&mut window);
    peer.send(b"to be kept\n");
    window.wait(&["to be kept"]);
    window.menu("更多", "保存接收数据…");
    window.wait(&["已保存 11 B"]);
    assert_eq!(std::fs::read(&path).expect("file"), b"to be kept\n");
    window.menu("更多", "保存日志…");
    window.wait(&["ListItem 保存 saved", "已保存"]);
    window.until("the log", |_| std::fs::read_to_string(&path).is_ok_and(|text| text.contains("127.0.0.1")));
    assert!(std::fs::read_to_string(&path).expect("file").contains("to be kept"));
}

#[test]
fn what_was_exchanged_is_exported_in_the_form_and_direction_chosen() {
    let folder = tempfile::tempdir().expect("folder");
    let (packets, table) = (folder.path().join("out.pcapng"), folder.path().join("out.csv"));
    let mut window = Start::new(Lang::ZhCn).choosing(&packets).open();
    let mut peer = connected(&mut window);
    peer.send(b"to be kept\n");
    window.wait(&["to be kept"]);
    window.menu("更多", "导出…");
    window.click("选择位置…");
    window.wait(&["ListItem 保存 out.pcapng", "已保存"]);
    assert_eq!(std::fs::read(&packets).expect("file")[..4], [0x0A, 0x0D, 0x0D, 0x0A], "a section header block");
    let form = |window: &mut Window, direction: &str| {
        window.menu("更多", "导出…");
        window.choose("导出格式", "CSV 表格");
        window.choose("导出方向", direction);
        assert!(window.field("文件路径").ends_with(".csv"), "the name follows the form");
        window.fill("文件路径", &table.display().to_string());
        window.start_export(Lang::ZhCn);
    };
    form(&mut window, "接收和发送");
    window.wait(&["ListItem 保存 out.csv", "已保存"]);
    assert!(std::fs::read_to_string(&table).expect("file").contains("to be kept"));
    form(&mut window, "仅发送");
    window.wait(&["文件已存在"]);
    assert!(std::fs::read_to_string(&table).expect("file").contains("to be kept"), "not replaced without a word");
    window.click("改名");
    window.wait(&["ListItem 保存 out-2.csv", "已保存"]);
    assert!(folder.path().join("out-2.csv").exists());
    form(&mut window, "仅发送");
    window.click("覆盖");
    window.until("nothing was sent", |_| std::fs::read_to_string(&table).is_ok_and(|text| text.lines().count() == 1));
}

#[test]
fn udp_sends_to_an_address_typed_for_it() {
    let peer = std::net::UdpSocket::bind("127.0.0.1:0").expect("bind");
    peer.set_read_timeout(Some(Duration::from_secs(20))).expect("timeout");
    let mut window = window(Lang::ZhCn);
    window.choose("协议类型", "UDP");
    window.fill("本地地址", "127.0.0.1");
    window.fill("本地端口", "0");
    window.click("打开");
    window.address_after("已打开");
    window.fill("目标地址", "device:1");
    window.fill("发送内容", "x");
    window.press_send();
    window.wait(&["请填写 IP 地址和端口"]);
    window.fill("目标地址", &peer.local_addr().expect("address").to_string());
    window.focus("发送内容");
    window.press_send();
    let mut bytes = [0; 8];
    assert_eq!(peer.recv(&mut bytes).expect("datagram"), 1);
}

fn plain_text(window: &mut Window, name: &str) {
    let segments: Vec<_> = window.harness.get_all_by_role_and_label(Role::RadioButton, name).collect();
    segments.iter().max_by(|a, b| a.rect().top().total_cmp(&b.rect().top())).expect("segment").click();
    window.steps(3);
}

#[test]
fn text_becomes_hex_and_back_and_ctrl_z_undoes_it() {
    let mut window = window(Lang::ZhCn);
    window.choose("字符编码", "GBK");
    window.fill("发送内容", "中国A");
    send_hex(&mut window);
    assert_eq!(window.field("发送内容"), "D6 D0 B9 FA 41");
    plain_text(&mut window, "文本");
    assert_eq!(window.field("发送内容"), "中国A");
    window.harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Z);
    window.steps(3);
    assert_eq!(window.field("发送内容"), "D6 D0 B9 FA 41");
    window.wait(&["5 字节"]);
}

#[test]
fn bytes_that_are_no_text_become_escapes_that_are_sent_as_the_same_bytes() {
    let mut window = window(Lang::ZhCn);
    let mut peer = connected(&mut window);
    send_hex(&mut window);
    window.fill("发送内容", "41 FF 0D 0A");
    plain_text(&mut window, "文本");
    assert_eq!(window.field("发送内容"), "A\\xFF\\r\\n");
    window.press_send();
    peer.expect(b"A\xFF\r\n");
}

#[test]
fn unparsed_escapes_are_reported_and_parsed_by_one_click() {
    for (lang, said, parse) in
        [(Lang::ZhCn, "含 \\r\\n，未解析", "解析"), (Lang::En, "\\r\\n is sent as typed", "Parse")]
    {
        let mut window = window(lang);
        let content = lang.pick("发送内容", "Send content");
        // Escapes are parsed until the user turns this off.
        window.send_option(lang, lang.pick("解析转义符", "Parse escapes"));
        window.fill(content, "AT+GMR");
        assert!(window.line(&[parse, "Button"]).is_none());
        window.fill(content, "AT+GMR\\r\\n");
        window.wait(&[said]);
        window.wait(&[lang.pick("10 字节", "10 bytes")]);
        window.click(parse);
        window.wait(&[lang.pick("8 字节", "8 bytes")]);
        assert!(window.line(&[said]).is_none());
    }
}

#[test]
fn a_single_hex_digit_is_said_to_be_a_byte() {
    for (lang, said) in [(Lang::ZhCn, "单个数字 0 按 00 发送"), (Lang::En, "the single digit 0 is sent as 00")] {
        let mut window = window(lang);
        window.fill(lang.pick("发送内容", "Send content"), "");
        plain_text(&mut window, lang.pick("HEX", "Hex"));
        window.fill(lang.pick("发送内容", "Send content"), "01 03 0");
        window.wait(&[said]);
        window.fill(lang.pick("发送内容", "Send content"), "01 03 00");
        assert!(window.line(&[said]).is_none());
    }
}

#[test]
fn a_kicked_peer_keeps_its_row_so_that_a_double_click_kicks_no_other() {
    let mut window = window(Lang::ZhCn);
    let mut first = connected(&mut window);
    let address = window.address_after("正在监听");
    let _second = Peer::connect(address);
    window.wait(&["对端 2"]);
    let row = |window: &Window| {
        let rows = window.harness.query_all_by_role(Role::ListItem);
        rows.min_by(|a, b| a.rect().top().total_cmp(&b.rect().top())).map(|row| row.rect())
    };
    let place = row(&window).expect("a row");
    for _ in 0..2 {
        window.harness.hover_at(place.right_center() - egui::vec2(10.0, 0.0));
        window.steps(2);
        window.harness.drag_at(place.right_center() - egui::vec2(10.0, 0.0));
        window.harness.drop_at(place.right_center() - egui::vec2(10.0, 0.0));
        window.steps(2);
        window.wait(&["对端 1"]);
    }
    first.expect_end();
    window.steps(3);
    assert!(window.line(&["Label 对端 1"]).is_some(), "the other one is still there");
}

#[test]
fn many_peers_can_be_filtered() {
    let mut window = window(Lang::ZhCn);
    let _first = connected(&mut window);
    let address = window.address_after("正在监听");
    assert!(window.line(&["筛选对端"]).is_none());
    let _more: Vec<Peer> = (0..11).map(|_| Peer::connect(address)).collect();
    window.wait(&["对端 12"]);
    window.fill("筛选对端", "#12 ");
    window.steps(2);
    assert_eq!(window.harness.query_all_by_role(Role::ListItem).count(), 1);
}
