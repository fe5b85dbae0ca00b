//! The start page: the connect field, cards, recent connections and captures.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::Key;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use std::net::{TcpListener, UdpSocket};
use wirebench::words::Lang;

fn connect_to(lang: Lang) -> &'static str {
    lang.pick("连接到", "Connect to")
}

/// Types into the connect field and presses Enter.
fn enter(window: &mut Window, lang: Lang, text: &str) {
    window.fill(connect_to(lang), text);
    window.harness.key_press(Key::Enter);
    window.steps(3);
}

fn types(window: &mut Window, text: &str) {
    window.harness.event(egui::Event::Text(text.to_owned()));
    window.steps(2);
}

/// The names of the rows that open a recent connection to this machine.
fn recents(window: &Window, lang: Lang) -> Vec<String> {
    let rows = window.names().into_iter().filter_map(|name| name.strip_prefix("Button ").map(str::to_owned));
    rows.filter(|name| name.starts_with(lang.pick("打开 ", "Open ")) && name.contains("127.0.0.1")).collect()
}

#[test]
fn an_address_typed_at_once_connects_and_the_next_text_is_sent() {
    for lang in LANGS {
        let server = TcpListener::bind("127.0.0.1:0").expect("bind");
        let mut window = window(lang);
        // The field has the focus.
        types(&mut window, &format!("tcp://{} ", server.local_addr().expect("address")));
        window.harness.key_press(Key::Enter);
        window.steps(3);
        let mut peer = Peer::over(server.accept().expect("a connection").0);
        window.wait_enabled(lang.pick("断开", "Disconnect"));
        types(&mut window, "AT");
        window.press_send();
        peer.expect(b"AT");
    }
}

#[test]
fn a_port_listens_and_a_scheme_chooses_udp() {
    for lang in LANGS {
        let mut window = window(lang);
        enter(&mut window, lang, ":0");
        window.wait(&["Label ", lang.pick("正在监听", "Listening"), "0.0.0.0:"]);

        window.click(lang.pick("新建会话", "New session"));
        let device = UdpSocket::bind("127.0.0.1:0").expect("bind");
        device.set_read_timeout(Some(crate::support::LONG)).expect("timeout");
        enter(&mut window, lang, &format!("udp://{}", device.local_addr().expect("address")));
        window.wait_enabled(lang.pick("关闭", "Close"));
        types(&mut window, "ping");
        window.press_send();
        let mut got = [0; 16];
        let (count, _) = device.recv_from(&mut got).expect("a datagram");
        assert_eq!(&got[..count], b"ping");
    }
}

#[test]
fn a_wrong_text_gets_one_sentence_and_keeps_the_focus() {
    for lang in LANGS {
        let mut window = window(lang);
        for (text, said) in [
            ("192.168.1.50", lang.pick("请在地址后加上端口，例如 192.168.1.50:5025", "Add a port to the address")),
            (":70000", lang.pick("端口「70000」无效", "Port \"70000\"")),
            ("http://a:80", lang.pick("http", "http")),
            ("192.168.1.50:0", lang.pick("65535", "65535")),
        ] {
            enter(&mut window, lang, text);
            assert_eq!(window.field(connect_to(lang)), text);
            let help = lang.pick("地址:端口 连接", "address:port connects");
            assert!(window.line(&[help]).is_none(), "{text}");
            window.wait(&["Label ", said]);
        }
        types(&mut window, "x");
        assert!(window.line(&[lang.pick("地址:端口 连接", "address:port connects")]).is_some(), "the error is gone");
    }
}

#[test]
fn the_line_of_keys_shows_the_keys_in_force() {
    for lang in LANGS {
        let start = Start::new(lang);
        let data = start.folder.path().join("data");
        std::fs::create_dir_all(&data).expect("a folder");
        let keys = r#"{"version":2,"preferences":{"keys":{"open-or-close":"F9"}}}"#;
        std::fs::write(data.join("settings.json"), keys).expect("a file");
        let window = start.open();
        let label = lang.pick("按键", "Keys");
        let line = window.line(&[label, "Ctrl+K"]).expect("the line");
        assert!(line.contains("F9") && !line.contains("F5"), "{line}");
    }
}

#[test]
fn one_button_is_filled() {
    // Which one is not in the tree; that each does its own is.
    for lang in LANGS {
        let mut window = window(lang);
        let open = lang.pick("打开输入的地址", "Open this address");
        assert!(!window.enabled(open) && window.enabled(lang.pick("开始监听", "Listen")));
        let server = TcpListener::bind("127.0.0.1:0").expect("bind");
        window.fill(connect_to(lang), &server.local_addr().expect("address").to_string());
        window.click(open);
        drop(server.accept().expect("a connection"));
    }
}

#[test]
fn a_card_puts_the_focus_where_the_address_is_typed() {
    for lang in LANGS {
        let mut window = window(lang);
        let card = |window: &mut Window, name: &str| {
            let line = window.line(&["RadioButton ", name]).expect("a card");
            window.segment(line.strip_prefix("RadioButton ").expect("its name"));
            window.steps(3);
        };
        card(&mut window, lang.pick("主动连接", "Connect to a device"));
        types(&mut window, "plc.local");
        assert_eq!(window.field(lang.pick("远程地址", "Remote address")), "plc.local");
        card(&mut window, "UDP ");
        types(&mut window, "9000");
        assert_eq!(window.chosen(lang.pick("协议类型", "Protocol")), "UDP");
        assert_eq!(window.field(lang.pick("本地端口", "Local port")), "9000");
        card(&mut window, lang.pick("等设备", "Wait for devices"));
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), "0");
        window.harness.key_press(Key::Enter);
        window.steps(2);
        window.address_after(lang.pick("正在监听", "Listening"));
    }
}

#[test]
fn recent_connections_are_listed_pinned_and_opened_by_one_click() {
    for lang in LANGS {
        let start = Start::new(lang);
        let folder = start.folder.clone();
        let mut window = start.open();
        let heading = lang.pick("Heading 最近", "Heading Recent");
        assert!(!window.names().contains(&heading.to_owned()), "hidden until there is one");
        let servers = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("bind"));
        let at = servers.each_ref().map(|server| server.local_addr().expect("address").to_string());
        for (server, at) in servers.iter().zip(&at) {
            enter(&mut window, lang, at);
            drop(server.accept().expect("a connection"));
            window.wait_enabled(lang.pick("连接", "Connect"));
            window.click(lang.pick("新建会话", "New session"));
        }
        window.wait(&[heading]);
        assert_eq!(recents(&window, lang).len(), 2);
        // Both were used in the same second at best, so the order is that of the pin.
        window.click(&format!("{} TCP {}", lang.pick("固定", "Pin"), at[0]));
        window.steps(2);
        assert!(recents(&window, lang)[0].contains(&at[0]), "{:?}", recents(&window, lang));
        drop(window);

        let mut window = Start::in_folder(lang, folder).open();
        window.click(lang.pick("新建会话", "New session"));
        let row = recents(&window, lang).remove(0);
        assert!(row.contains(&at[0]), "{row}");
        let pinned = format!("{} TCP {}", lang.pick("固定", "Pin"), at[0]);
        let star = window.harness.get_by_role_and_label(Role::Button, &pinned);
        assert_eq!(star.accesskit_node().toggled(), Some(egui::accesskit::Toggled::True));
        window.click(&row);
        let mut peer = Peer::over(servers[0].accept().expect("a connection").0);
        window.wait_enabled(lang.pick("断开", "Disconnect"));
        types(&mut window, "again");
        window.press_send();
        peer.expect(b"again");
    }
}

#[test]
fn a_recent_connection_that_is_open_is_shown_instead_of_opened_twice() {
    let lang = Lang::En;
    let server = TcpListener::bind("127.0.0.1:0").expect("bind");
    let mut window = window(lang);
    enter(&mut window, lang, &server.local_addr().expect("address").to_string());
    let _peer = server.accept().expect("a connection");
    window.wait_enabled("Disconnect");
    window.click("New session");
    window.steps(2);
    let row = recents(&window, lang).remove(0);
    window.click(&row);
    window.steps(3);
    window.wait_enabled("Disconnect");
    server.set_nonblocking(true).expect("mode");
    assert!(server.accept().is_err(), "no second connection");
}

#[test]
fn a_removed_recent_connection_comes_back_by_undo() {
    for lang in LANGS {
        let server = TcpListener::bind("127.0.0.1:0").expect("bind");
        let mut window = window(lang);
        enter(&mut window, lang, &server.local_addr().expect("address").to_string());
        drop(server.accept().expect("a connection"));
        window.wait_enabled(lang.pick("连接", "Connect"));
        window.click(lang.pick("新建会话", "New session"));
        window.steps(2);
        let row = recents(&window, lang).remove(0);
        window.harness.get_by_role_and_label(Role::Button, &row).click_secondary();
        window.steps(3);
        window.click_as(Role::MenuItem, lang.pick("从列表中移除", "Remove from list"));
        window.steps(10);
        assert!(recents(&window, lang).is_empty());
        window.click(lang.pick("撤销", "Undo"));
        window.steps(2);
        assert_eq!(recents(&window, lang), [row]);
    }
}

#[test]
fn recent_captures_open_by_one_click() {
    for lang in LANGS {
        let start = Start::new(lang);
        let folder = start.folder.clone();
        let mut window = start.open();
        let mut peer = Peer::connect(window.listens(lang));
        peer.send(b"to be found again\n");
        window.wait(&["to be found again"]);
        drop(window);

        let mut window = Start::in_folder(lang, folder).open();
        let row =
            window.wait(&["Button ", lang.pick("打开捕获 TCP 127.0.0.1:", "Open capture TCP 127.0.0.1:"), "18 B"]);
        window.click(row.strip_prefix("Button ").expect("its name"));
        window.wait(&["to be found again"]);
    }
}

#[test]
fn the_link_to_read_a_log_in_and_the_link_to_all_captures_open_their_page() {
    for lang in LANGS {
        let mut window = window(lang);
        window.click(lang.pick("导入日志", "Import log"));
        window.steps(4);
        window.wait(&["TextInput", lang.pick("日志文件", "Log file")]);
    }
}
