//! The left column while a session is open: the card instead of the locked fields, and selecting peers.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::Modifiers;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use std::io::Read;
use std::time::Duration;
use wirebench::words::Lang;

fn has_field(window: &Window, name: &str) -> bool {
    window.harness.query_by_role_and_label(Role::TextInput, name).is_some()
}

fn row<'a>(window: &'a Window, number: &'a str) -> egui_kittest::Node<'a> {
    let is_row = move |node: &egui_kittest::kittest::AccessKitNode<'_>| {
        node.role() == Role::ListItem && node.label().is_some_and(|label| label.starts_with(number))
    };
    window.harness.get_by(is_row)
}

#[test]
fn the_network_settings_fold_to_a_card_while_the_session_is_open() {
    for lang in LANGS {
        let mut window = window(lang);
        let (port, edit) = (lang.pick("本地端口", "Local port"), lang.pick("修改网络设置", "Edit network settings"));
        assert!(has_field(&window, port) && !window.shows(edit));
        window.listens(lang);
        assert!(!has_field(&window, port));
        window.click(edit);
        assert!(window.harness.get_by_role_and_label(Role::TextInput, port).accesskit_node().is_disabled());
        window.click(lang.pick("收起网络设置", "Fold network settings"));
        assert!(!has_field(&window, port));
        // Unfolded fields do not stay so for the next run.
        window.click(edit);
        window.click(lang.pick("停止监听", "Stop listening"));
        window.wait_enabled(lang.pick("开始监听", "Listen"));
        assert!(has_field(&window, port) && !window.shows(edit));
        window.click(lang.pick("开始监听", "Listen"));
        window.address_after(lang.pick("正在监听", "Listening on"));
        window.wait(&["Button", edit]);
        assert!(!has_field(&window, port));
    }
}

#[test]
fn enter_in_the_port_opens_and_points_at_what_is_wrong() {
    for lang in LANGS {
        let mut window = window(lang);
        let port = lang.pick("本地端口", "Local port");
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(port, "70000");
        window.harness.key_press(egui::Key::Enter);
        window.steps(3);
        window.wait(&["Label", lang.pick("应为", "Must be")]);
        assert!(window.harness.get_by_role_and_label(Role::TextInput, port).is_focused());
        window.fill(port, "0");
        window.harness.key_press(egui::Key::Enter);
        window.steps(3);
        window.address_after(lang.pick("正在监听", "Listening on"));
    }
}

#[test]
fn a_send_goes_to_the_peers_that_are_chosen_and_to_no_others() {
    for lang in LANGS {
        let mut window = window(lang);
        let address = window.listens(lang);
        let mut peers: Vec<Peer> = Vec::new();
        for number in 1..=4 {
            peers.push(Peer::connect(address));
            window.wait(&["ListItem", &format!("#{number} ")]);
        }
        row(&window, "#1 ").click();
        window.steps(3);
        row(&window, "#3 ").click_modifiers(Modifiers::COMMAND);
        window.steps(3);
        let send_to = lang.pick("发送给", "Send to");
        assert_eq!(window.chosen(send_to), lang.pick("选中的 2 个", "2 selected"));
        window.fill(lang.pick("发送内容", "Send content"), "PING");
        window.press_send();
        for place in [0, 2] {
            peers[place].expect(b"PING");
        }
        row(&window, "#4 ").click_modifiers(Modifiers::SHIFT);
        window.steps(3);
        assert_eq!(
            window.chosen(send_to),
            lang.pick("选中的 2 个", "2 selected"),
            "from the last one clicked to this one"
        );
        window.press_send();
        for place in [2, 3] {
            peers[place].expect(b"PING");
        }
        window.click(lang.pick("停止监听", "Stop listening"));
        for peer in &mut peers {
            peer.expect_end();
        }
    }
}

#[test]
fn a_file_goes_to_the_chosen_peers_alone() {
    let mut window = window(Lang::ZhCn);
    let address = window.listens(Lang::ZhCn);
    let mut peers: Vec<Peer> = Vec::new();
    for number in 1..=3 {
        peers.push(Peer::connect(address));
        window.wait(&["ListItem", &format!("#{number} ")]);
    }
    row(&window, "#1 ").click();
    window.steps(3);
    row(&window, "#3 ").click_modifiers(Modifiers::COMMAND);
    window.steps(3);
    let path = window.folder.path().join("data.bin");
    std::fs::write(&path, b"of a file").expect("file");
    window.send_file(Lang::ZhCn, &path);
    for place in [0, 2] {
        peers[place].expect(b"of a file");
    }
    window.wait(&["已发送"]);
    window.click("停止监听");
    for peer in &mut peers {
        peer.expect_end();
    }
}

#[test]
fn peers_that_left_are_not_sent_to() {
    let mut window = window(Lang::ZhCn);
    let address = window.listens(Lang::ZhCn);
    let mut peers: Vec<Peer> = Vec::new();
    for number in 1..=3 {
        peers.push(Peer::connect(address));
        window.wait(&["ListItem", &format!("#{number} ")]);
    }
    row(&window, "#1 ").click();
    window.steps(3);
    row(&window, "#2 ").click_modifiers(Modifiers::COMMAND);
    window.steps(3);
    drop(peers.remove(0));
    window.wait(&["对端 2"]);
    window.wait(&["ComboBox", "发送给", "选中的 1 个"]);
    window.fill("发送内容", "PING");
    window.press_send();
    peers[0].expect(b"PING");
    drop(peers.remove(0));
    window.wait(&["对端 1"]);
    window.press_send();
    window.wait(&["没有可发送的对端"]);
    peers[0].0.set_read_timeout(Some(Duration::from_millis(50))).ok();
    let mut bytes = [0; 4];
    assert!(peers[0].0.read(&mut bytes).is_err(), "nothing may reach a peer that was not chosen");
}

/// The value of a button with this name.
fn value(window: &Window, name: &str) -> Option<String> {
    window.harness.get_by_role_and_label(Role::Button, name).accesskit_node().value()
}

#[test]
fn the_rail_shows_the_state_and_starts_and_stops_without_the_column() {
    for lang in LANGS {
        let mut window = window(lang);
        let (listen, stop) = (lang.pick("开始监听", "Listen"), lang.pick("停止监听", "Stop listening"));
        let (expand, peers) = (lang.pick("展开连接栏", "Show connection"), lang.pick("对端", "Peers"));
        let listening = lang.pick("正在监听", "Listening on");
        let address = window.listens(lang);
        assert!(!window.shows(expand));
        window.harness.key_press_modifiers(Modifiers::COMMAND, egui::Key::B);
        window.wait(&["Button", expand]);
        assert!(!window.shows(lang.pick("修改网络设置", "Edit network settings")));
        assert_eq!(window.address_after(listening), address);
        assert_eq!(value(&window, peers).as_deref(), Some("0"));
        let _peer = Peer::connect(address);
        window.until("one peer", |harness| {
            harness.get_by_role_and_label(Role::Button, peers).accesskit_node().value().as_deref() == Some("1")
        });
        window.click(stop);
        window.wait_enabled(listen);
        window.click(listen);
        window.address_after(listening);
        window.wait_enabled(stop);
        // Fields that are wrong come into sight.
        window.click(stop);
        window.wait_enabled(listen);
        window.click(expand);
        window.fill(lang.pick("本地端口", "Local port"), "70000");
        window.harness.key_press_modifiers(Modifiers::COMMAND, egui::Key::B);
        window.wait(&["Button", expand]);
        window.click(listen);
        window.wait(&["Label", lang.pick("应为", "Must be")]);
        assert!(!window.shows(expand));
    }
}

#[test]
fn the_width_of_the_column_is_dragged_and_remembered() {
    let start = Start::new(Lang::En);
    let folder = start.folder.clone();
    let mut window = start.open();
    let listen = |window: &Window| window.harness.get_by_role_and_label(Role::Button, "Listen").rect().width();
    let drag = |window: &mut Window, by: f32| {
        let edge = window.harness.get_by_role_and_label(Role::Splitter, "Resize connection column");
        let from = edge.rect().center();
        window.harness.drag_at(from);
        window.steps(2);
        window.harness.hover_at(from + egui::vec2(by, 0.0));
        window.steps(2);
        window.harness.drop_at(from + egui::vec2(by, 0.0));
        window.steps(3);
    };
    let before = listen(&window);
    drag(&mut window, 30.0);
    assert!((listen(&window) - before - 30.0).abs() <= 3.0, "{} after {before}", listen(&window));
    drag(&mut window, 400.0);
    assert_eq!(listen(&window), 320.0 - 32.0);
    drop(window);
    let mut window = Start::in_folder(Lang::En, folder).open();
    assert_eq!(listen(&window), 320.0 - 32.0);
    drag(&mut window, -400.0);
    assert_eq!(listen(&window), 256.0 - 32.0);
}
