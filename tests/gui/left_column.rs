//! The left column while a session is open: the card in place of the locked fields, and the peers that are chosen.

use crate::support::{LANGS, Peer, Pick, Window, window};
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
        assert_eq!(window.chosen(send_to), lang.pick("选中的 2 个", "2 chosen"));
        window.fill(lang.pick("发送内容", "Send content"), "PING");
        window.press_send();
        for place in [0, 2] {
            peers[place].expect(b"PING");
        }
        row(&window, "#4 ").click_modifiers(Modifiers::SHIFT);
        window.steps(3);
        assert_eq!(
            window.chosen(send_to),
            lang.pick("选中的 2 个", "2 chosen"),
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
    window.wait(&["没有可以发送到的对象"]);
    peers[0].0.set_read_timeout(Some(Duration::from_millis(50))).ok();
    let mut bytes = [0; 4];
    assert!(peers[0].0.read(&mut bytes).is_err(), "nothing may reach a peer that was not chosen");
}
