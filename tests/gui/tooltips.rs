//! At most one tooltip at a time, all in one style.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{Peer, Start, Window};
use egui::accesskit::Role;
use egui::{Order, Pos2, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use std::collections::BTreeSet;
use wirebench::words::Lang;

/// The tooltips on screen.
fn tooltips(window: &Window) -> usize {
    let layers = window.harness.ctx.memory(|memory| memory.areas().visible_layer_ids());
    layers.iter().filter(|layer| layer.order == Order::Tooltip).count()
}

/// Hovers over the centre of every named element, and returns those that show more than one tooltip.
fn doubled(window: &mut Window) -> (usize, BTreeSet<String>) {
    let mut places: Vec<(Pos2, String)> = Vec::new();
    for role in [Role::Button, Role::ComboBox, Role::CheckBox, Role::Tab, Role::ListItem, Role::Label, Role::TextInput]
    {
        for node in window.harness.query_all_by_role(role) {
            let name = node.accesskit_node().label().or(node.accesskit_node().value()).unwrap_or_default();
            places.push((node.rect().center(), format!("{role:?} {name}")));
        }
    }
    let (mut shown, mut found) = (0, BTreeSet::new());
    for (at, name) in places {
        window.harness.hover_at(at);
        window.steps(5);
        let count = tooltips(window);
        shown += usize::from(count > 0);
        if count > 1 {
            found.insert(format!("{count} at {name}"));
        }
    }
    (shown, found)
}

#[test]
fn nothing_shows_two_tooltips() {
    let mut start = Start::new(Lang::ZhCn);
    start.size = Vec2::new(1024.0, 640.0);
    let mut window = start.open();
    let mut peer = Peer::connect(window.listens(Lang::ZhCn));
    peer.send(b"one");
    window.wait(&["←", "#1", "one"]);
    window.click("筛选");
    window.fill("最小长度", "x");
    window.steps(4);
    let (shown, found) = doubled(&mut window);
    assert!(shown > 15, "tooltips come out in this test: {shown}");
    assert_eq!(found, BTreeSet::new());

    // A narrow pane, where more texts are cut, and with many tabs.
    window.click("左右并排");
    for _ in 0..8 {
        window.harness.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::T);
        window.steps(2);
    }
    assert_eq!(doubled(&mut window).1, BTreeSet::new());
}

#[test]
fn the_buttons_of_a_cut_row_show_their_own_tooltip_only() {
    let mut window = super::log::server(wirebench::lines::ViewMode::Text);
    window.set_size(egui::vec2(300.0, 400.0));
    let peer = window.state_mut().peer("[2001:db8:1234:5678:9abc:def0:1234:5678]:52811");
    window.state_mut().append(wirebench::capture::RecordKind::PeerJoined, None, peer, b"");
    window.run_steps(2);
    window.hover_at(egui::pos2(100.0, 36.0));
    window.run_steps(6);
    let count = |window: &egui_kittest::Harness<'_, super::log::Alone>| {
        let layers = window.ctx.memory(|memory| memory.areas().visible_layer_ids());
        layers.iter().filter(|layer| layer.order == Order::Tooltip).count()
    };
    assert_eq!(count(&window), 1, "all of its words");
    let copy = window.get_by_label("复制此条").rect().center();
    window.hover_at(copy);
    window.run_steps(6);
    assert_eq!(count(&window), 1, "what the button does");
    window.get_by_label_contains("复制此条");
}

#[test]
fn an_elapsed_time_has_three_digits_and_the_exact_one_as_tooltip() {
    let mut window = crate::support::window(Lang::ZhCn);
    let mut peer = Peer::connect(window.listens(Lang::ZhCn));
    peer.send(b"one\n");
    window.wait(&["one"]);
    std::thread::sleep(std::time::Duration::from_millis(30));
    peer.send(b"two\n");
    let row = window.wait(&["Label", "two"]);
    let exact = row.split(' ').find(|word| word.starts_with('+')).expect("an elapsed time").to_owned() + " s";
    let painted: Vec<String> = (window.harness.output().shapes.iter())
        .filter_map(|shape| match &shape.shape {
            egui::Shape::Text(text) => Some(text.galley.text().to_owned()),
            _ => None,
        })
        .collect();
    assert!(painted.iter().any(|words| words.ends_with(" ms")) && !painted.contains(&exact), "{exact}: {painted:?}");
    let name = row.strip_prefix("Label ").expect("a label");
    let at = window.harness.get_by_label(name).rect().left_center();
    window.harness.hover_at(at + Vec2::new(120.0, 0.0));
    window.steps(6);
    assert_eq!(tooltips(&window), 1);
    let named: Vec<String> = window.names().into_iter().filter(|name| name.contains(&exact)).collect();
    assert!(named.contains(&format!("Label {exact}")), "{named:?}");
}

#[test]
fn equal_toasts_are_one_and_none_lies_over_a_menu() {
    let mut window = crate::support::window(Lang::ZhCn);
    let mut peer = Peer::connect(window.listens(Lang::ZhCn));
    peer.send(b"one");
    window.wait(&["←", "#1", "one"]);
    for _ in 0..2 {
        window.menu("更多", "复制全部显示内容");
        window.wait(&["Label 已复制 "]);
    }
    let toasts = |window: &Window| window.names().iter().filter(|name| name.starts_with("Label 已复制 ")).count();
    assert_eq!(toasts(&window), 1);
    window.click("更多");
    window.steps(2);
    assert!(window.shows("高亮规则…"));
    assert_eq!(toasts(&window), 0, "the menu is in front");
}
