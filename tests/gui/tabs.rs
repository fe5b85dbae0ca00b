//! Tabs: a new one, their order, and reopening a closed one.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use std::net::TcpListener;
use wirebench::words::Lang;

/// The titles, from left to right.
fn tabs(window: &Window) -> Vec<String> {
    let mut tabs: Vec<(f32, String)> = window
        .harness
        .query_all_by_role(Role::Tab)
        .map(|tab| (tab.rect().left(), tab.accesskit_node().label().unwrap_or_default()))
        .collect();
    tabs.sort_by(|one, other| one.0.total_cmp(&other.0));
    tabs.into_iter().map(|(_, title)| title).collect()
}

fn listening(lang: Lang) -> (Window, Peer) {
    let mut window = window(lang);
    let peer = Peer::connect(window.listens(lang));
    (window, peer)
}

#[test]
fn a_new_session_has_a_port_of_its_own_and_no_address_in_its_title() {
    for lang in LANGS {
        let (port, fresh) = (lang.pick("本地端口", "Local port"), lang.pick("新会话", "New session"));
        let mut window = window(lang);
        window.fill(port, "48080");
        window.click(lang.pick("新建会话", "New session"));
        // The next port, unless another program uses it.
        let number = |window: &Window| window.field(port).parse::<u16>().expect("a port");
        let second = number(&window);
        assert!(second > 48080, "{second}");
        window.click(lang.pick("新建会话", "New session"));
        let third = number(&window);
        assert!(third > second, "{second}, {third}");
        let first = format!("{} :48080", lang.pick("TCP 服务器", "TCP server"));
        assert_eq!(tabs(&window), [first.as_str(), fresh, fresh]);
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(port, "0");
        window.click(lang.pick("开始监听", "Listen"));
        window.address_after(lang.pick("正在监听", "Listening"));
        assert!(tabs(&window)[2].starts_with(lang.pick("TCP 服务器 :", "TCP server :")));
    }
}

#[test]
fn tabs_stand_in_the_order_of_the_arguments() {
    let mut start = Start::new(Lang::En);
    start.startup.listen = ["udp://127.0.0.1:0", "tcp://127.0.0.1:0", "udp://127.0.0.2:0"]
        .map(|endpoint| endpoint.parse().expect("an endpoint"))
        .to_vec();
    let mut window = start.open();
    window.wait(&["Label ", "127.0.0.1:"]);
    let kinds: Vec<String> = tabs(&window).iter().map(|title| title.chars().take(3).collect()).collect();
    assert_eq!(kinds, ["UDP", "TCP", "UDP"]);
}

#[test]
fn many_tabs_leave_room_for_the_button_that_makes_another() {
    let mut window = window(Lang::ZhCn);
    for _ in 0..6 {
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
        window.steps(2);
    }
    window.steps(4);
    assert_eq!(tabs(&window).len(), 7);
    let plus = window.harness.get_by_role_and_label(Role::Button, "新建会话").rect();
    let last = window.harness.query_all_by_role(Role::Tab).map(|tab| tab.rect().right()).fold(0.0, f32::max);
    assert!(plus.left() >= last - 1.0 && plus.right() < 1280.0, "{plus:?} behind {last}");
    assert!(window.line(&["Scroll tabs"]).is_none());
}

#[test]
fn tabs_without_room_are_in_a_list_of_all() {
    for lang in LANGS {
        let mut start = Start::new(lang);
        start.size = egui::Vec2::new(1024.0, 640.0);
        let mut window = start.open();
        window.fill(lang.pick("本地端口", "Local port"), "48080");
        let all = lang.pick("全部会话", "All sessions");
        assert!(!window.shows(all));
        for _ in 0..29 {
            window.harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
            window.steps(2);
        }
        window.steps(4);
        let shown = tabs(&window).len();
        assert!((5..30).contains(&shown), "{shown}");
        // The newest tab is active and visible, regardless of egui_tiles' scrolling.
        let plus = window.harness.get_by_role_and_label(Role::Button, lang.pick("新建会话", "New session")).rect();
        assert!(plus.right() < 1024.0);
        assert!(window.line(&["Scroll tabs"]).is_none());
        let front = |window: &Window| {
            let mut tabs = window.harness.query_all_by_role(Role::Tab);
            tabs.any(|tab| {
                tab.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True) && tab.rect().width() > 40.0
            })
        };
        assert!(front(&window));
        assert_ne!(window.field(lang.pick("本地端口", "Local port")), "48080");

        window.click(all);
        window.steps(8);
        assert_eq!(window.harness.query_all_by_role(Role::MenuItemRadio).count(), 30);
        let first = format!("{} :48080", lang.pick("TCP 服务器", "TCP server"));
        window.harness.get_by_role_and_label(Role::MenuItemRadio, &first).scroll_to_me();
        window.steps(8);
        window.click_as(Role::MenuItemRadio, &first);
        window.steps(8);
        assert_eq!(window.field(lang.pick("本地端口", "Local port")), "48080");
        assert!(front(&window) && tabs(&window).contains(&first), "{:?}", tabs(&window));
    }
}

#[test]
fn a_dragged_tab_changes_its_place() {
    for lang in LANGS {
        let mut window = window(lang);
        let port = lang.pick("本地端口", "Local port");
        window.fill(port, "48080");
        for other in ["48081", "48082"] {
            window.harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
            window.steps(3);
            window.fill(port, other);
        }
        let before = tabs(&window);
        let place = |window: &Window, at: usize| {
            let mut all: Vec<_> = window.harness.query_all_by_role(Role::Tab).map(|tab| tab.rect()).collect();
            all.sort_by(|one, other| one.left().total_cmp(&other.left()));
            all[at]
        };
        let (from, to) = (place(&window, 0).center(), place(&window, 2).right_center() - egui::vec2(4.0, 0.0));
        window.harness.drag_at(from);
        window.steps(2);
        for step in 1_u8..=8 {
            window.harness.hover_at(from.lerp(to, f32::from(step) / 8.0));
            window.steps(2);
        }
        window.harness.drop_at(to);
        window.steps(8);
        let after = tabs(&window);
        assert_eq!(after.len(), 3, "{after:?}");
        assert_eq!(after.last(), before.first(), "{before:?} became {after:?}");
        // The dragged tab is the active one, with its own form.
        assert_eq!(window.field(port), "48080");
        let folder = window.folder.clone();
        drop(window);
        let again = Start::in_folder(lang, folder).open();
        assert_eq!(tabs(&again).last(), after.last(), "the order is remembered");
    }
}

#[test]
fn a_closed_server_gives_its_port_back_and_listens_again_when_it_comes_back() {
    for lang in LANGS {
        let (mut window, mut peer) = listening(lang);
        peer.send(b"to be kept\n");
        window.wait(&["to be kept"]);
        let first = window.address_after(lang.pick("正在监听", "Listening"));
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
        window.steps(2);
        window.wait(&[lang.pick("已关闭 TCP 服务器 :", "TCP server :")]);
        assert!(window.line(&["to be kept"]).is_none());
        peer.expect_end();
        window.until("the port is free", |_| TcpListener::bind(first).is_ok());
        window.click(lang.pick("撤销", "Undo"));
        window.wait(&[
            lang.pick("重新监听，之前的 1 个连接已断开", "Listening again; the previous connection was closed")
        ]);
        // Until then only the log shows an address, that of the previous run.
        window.wait_enabled(lang.pick("停止监听", "Stop listening"));
        let again = window.address_after(lang.pick("正在监听", "Listening"));
        assert_eq!(tabs(&window).len(), 1, "the tab that stood in for it is gone");
        assert!(window.line(&[lang.pick("撤销", "Undo")]).is_none(), "there is nothing left to undo");
        Peer::connect(again).send(b"in the same history\n");
        window.wait(&["in the same history"]);
        window.wait(&["to be kept"]);
        // The keys do the same; the worker continues.
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
        window.steps(2);
        window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::T);
        window.steps(3);
        window.address_after(lang.pick("正在监听", "Listening"));
        window.click(lang.pick("修改网络设置", "Edit network settings"));
        assert_eq!(window.field(lang.pick("本地地址", "Local address")), "127.0.0.1");
        window.wait(&["in the same history"]);
    }
}

#[test]
fn closing_untouched_tabs_keeps_what_can_be_reopened() {
    for lang in LANGS {
        let (mut window, mut peer) = listening(lang);
        peer.send(b"to be kept\n");
        window.wait(&["to be kept"]);
        for _ in 0..3 {
            window.harness.key_press_modifiers(Modifiers::COMMAND, Key::T);
            window.steps(2);
        }
        // More often than there are tabs, and than closed tabs are kept.
        for _ in 0..16 {
            window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
            window.steps(2);
        }
        assert_eq!(tabs(&window), [lang.pick("新会话", "New session")]);
        window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::T);
        window.steps(3);
        window.wait(&["to be kept"]);
        assert_eq!(tabs(&window).len(), 1, "the tab that stood in for it is gone");
        // There is nothing left to reopen.
        window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::T);
        window.steps(3);
        assert_eq!(tabs(&window).len(), 1);
    }
}

#[test]
fn a_session_that_was_stopped_comes_back_stopped() {
    let (mut window, mut peer) = listening(Lang::ZhCn);
    peer.send(b"to be kept\n");
    window.wait(&["to be kept"]);
    window.click("停止监听");
    window.wait_enabled("开始监听");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.steps(2);
    window.click("撤销");
    window.wait(&["to be kept"]);
    window.steps(20);
    assert!(window.enabled("开始监听"));
}

#[test]
fn a_closed_client_and_a_closed_udp_socket_open_again() {
    let server = TcpListener::bind("127.0.0.1:0").expect("bind");
    let mut window = window(Lang::En);
    window.choose("Protocol", "TCP client");
    window.fill("Remote port", &server.local_addr().expect("address").port().to_string());
    window.click("Connect");
    let mut peer = Peer::over(server.accept().expect("a connection").0);
    window.wait_enabled("Disconnect");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.steps(2);
    peer.expect_end();
    window.click("Undo");
    drop(server.accept().expect("the connection again"));
    window.choose("Protocol", "UDP");
    window.fill("Local address", "127.0.0.1");
    window.fill("Local port", "0");
    window.click("Open");
    window.wait_enabled("Close");
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.steps(2);
    window.click("Undo");
    window.wait_enabled("Close");
}

#[test]
fn the_capture_of_a_closed_tab_can_be_deleted() {
    let (mut window, mut peer) = listening(Lang::En);
    peer.send(b"to be kept\n");
    window.wait(&["to be kept"]);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::W);
    window.steps(2);
    window.click("Settings");
    window.segment("Captures");
    window.wait(&["ListItem tcp://127.0.0.1:", "closed"]);
}

#[test]
fn the_menu_of_a_tab_copies_it_and_closes_the_others() {
    let mut window = window(Lang::ZhCn);
    window.fill("本地端口", "48080");
    window.fill("发送内容", "AT");
    let tab = window.harness.get_by_role_and_label(Role::Tab, "新会话");
    tab.click_secondary();
    window.steps(3);
    window.click_as(Role::MenuItem, "复制会话");
    window.steps(8);
    let port = window.field("本地端口");
    assert_eq!(window.field("发送内容"), "AT");
    assert_ne!(port, "48080", "the copy has a port of its own");
    window.harness.get_by_role_and_label(Role::Tab, "新会话").click_secondary();
    window.steps(3);
    window.click_as(Role::MenuItem, "关闭其他会话");
    window.steps(8);
    assert_eq!(tabs(&window).len(), 1);
    assert_eq!(window.field("本地端口"), port);
}

#[test]
fn without_the_left_column_a_new_session_is_started_on_its_page() {
    for lang in LANGS {
        let mut window = window(lang);
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), "0");
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::B);
        window.steps(3);
        assert!(window.line(&[lang.pick("在左侧", "on the left")]).is_none());
        window.click(lang.pick("开始监听", "Listen"));
        window.wait(&["Status", lang.pick("正在监听", "Listening")]);
    }
}
