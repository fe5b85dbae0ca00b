//! Menus and lists in a small window: none extends beyond its edges, and each opens again after it was closed.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Order, Vec2};
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

const SMALL: Vec2 = Vec2::new(640.0, 400.0);

/// A session with two peers and a few records, in a window of 640 × 400.
fn small_window(lang: Lang) -> (Window, [Peer; 2]) {
    let mut start = Start::new(lang);
    start.size = Vec2::new(1024.0, 640.0);
    let mut window = start.open();
    let address = window.listens(lang);
    let mut peers = [Peer::connect(address), Peer::connect(address)];
    for peer in &mut peers {
        peer.send(b"\x01\x02 data\r\n");
    }
    window.wait(&["←", "#2"]);
    window.harness.set_size(SMALL);
    window.steps(4);
    (window, peers)
}

/// Exactly one menu is open, and all of it is in the window.
fn check(window: &mut Window, place: &str) {
    window.steps(8);
    let ctx = &window.harness.ctx;
    let room = ctx.content_rect();
    assert!(egui::Popup::is_any_open(ctx), "{place}");
    let menus: Vec<_> = ctx.memory(|memory| {
        let layers = memory.areas().visible_layer_ids().into_iter();
        let menus = layers.filter(|layer| layer.order == Order::Foreground);
        menus.filter_map(|layer| memory.area_rect(layer.id)).filter(|rect| rect.height() > 30.0).collect()
    });
    assert_eq!(menus.len(), 1, "{place}: {menus:?}");
    assert!(room.contains_rect(menus[0]), "{place}: {} in {room}", menus[0]);
}

fn close(window: &mut Window) {
    window.harness.key_press(Key::Escape);
    window.steps(6);
    assert!(!egui::Popup::is_any_open(&window.harness.ctx));
}

/// Opens it twice.
fn opens(window: &mut Window, role: Role, part: &str) {
    for _ in 0..2 {
        node(window, role, part, false);
        check(window, part);
        close(window);
    }
}

fn opens_by_right_click(window: &mut Window, role: Role, part: &str) {
    for _ in 0..2 {
        node(window, role, part, true);
        check(window, part);
        close(window);
    }
}

/// Clicks the last element whose name contains `part`.
fn node(window: &mut Window, role: Role, part: &str, secondary: bool) {
    let of_role = format!("{role:?} ");
    let names = window.names();
    let mut found =
        names.iter().rev().filter_map(|name| name.strip_prefix(&of_role)).filter(|name| name.contains(part));
    let name = found.next().expect("something to click on");
    let name = name.split(" = ").next().unwrap_or(name);
    let node = window.harness.get_all_by_role_and_label(role, name).next().expect("it");
    if secondary {
        node.click_secondary();
    } else {
        node.click();
    }
}

#[test]
fn every_menu_stays_within_a_small_window() {
    for lang in LANGS {
        let (mut window, _peers) = small_window(lang);
        for (zh, en) in [
            ("更多", "More"),
            ("查找方式", "Find by"),
            ("列", "Columns"),
            ("Δ 的含义", "Meaning of Δ"),
            ("全部会话", "All sessions"),
        ] {
            if window.shows(lang.pick(zh, en)) {
                opens(&mut window, Role::Button, lang.pick(zh, en));
            }
        }
        opens(&mut window, Role::ComboBox, lang.pick("发送给", "Send to"));
        opens_by_right_click(&mut window, Role::Tab, "TCP");
        window.harness.get_by_role_and_label(Role::ScrollView, lang.pick("收发记录", "Traffic")).focus();
        window.steps(2);
        window.harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
        window.steps(4);
        opens_by_right_click(&mut window, Role::Label, "←");
        let show = lang.pick("展开连接栏", "Show connection");
        if window.shows(show) {
            window.click(show);
        }
        window.wait(&["ListItem", "#1"]);
        opens_by_right_click(&mut window, Role::ListItem, "#2");
    }
}
