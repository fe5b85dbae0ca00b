//! Small windows and large zooms: every control stays within the window, and usable.

use crate::support::{Peer, Pick, Start, Window, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, Vec2};
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

fn open(lang: Lang, size: (f32, f32)) -> Window {
    let mut start = Start::new(lang);
    start.size = size.into();
    start.open()
}

fn resize(window: &mut Window, size: (f32, f32)) {
    window.harness.set_size(Vec2::from(size));
    window.steps(3);
}

fn place(window: &Window, role: Role, name: &str) -> Rect {
    window.harness.get_by_role_and_label(role, name).rect()
}

#[test]
fn the_settings_stay_within_a_low_window() {
    for lang in [Lang::ZhCn, Lang::En] {
        let mut window = open(lang, (512.0, 320.0));
        window.click(lang.pick("设置", "Settings"));
        window.steps(3);
        let close = place(&window, Role::Button, lang.pick("关闭", "Close"));
        assert!(Rect::from_min_size(egui::Pos2::ZERO, Vec2::new(512.0, 320.0)).contains_rect(close), "{close}");
    }
}

#[test]
fn the_settings_show_the_zoom_that_the_keys_chose() {
    let mut window = window(Lang::En);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
    window.steps(3);
    window.click("Settings");
    window.steps(3);
    assert_eq!(window.chosen("Scale"), "110 %");
}

#[test]
fn what_is_searched_for_has_room_in_a_narrow_pane() {
    let mut window = open(Lang::En, (1024.0, 640.0));
    let mut peer = Peer::connect(window.listens(Lang::En));
    peer.send(b"needle\n");
    window.wait(&["Stored", "7 B"]);
    resize(&mut window, (512.0, 320.0));
    assert!(window.shows("Follow"));
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    window.steps(3);
    window.fill("Find", "needle");
    window.wait(&["/ 1"]);
    let field = place(&window, Role::TextInput, "Find");
    assert!(field.width() >= 60.0, "{field}");
    window.harness.key_press(Key::Escape);
    window.steps(3);
    assert!(window.shows("Follow"), "the buttons are back after the search");
}

#[test]
fn the_left_column_makes_room_for_the_dock_in_a_small_window() {
    let mut window = open(Lang::En, (1024.0, 640.0));
    let _peer = Peer::connect(window.listens(Lang::En));
    window.wait(&["Peers 1"]);
    let toggle = |window: &mut Window| {
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::I);
        window.steps(3);
    };
    assert!(window.shows("Encoding"));
    toggle(&mut window);
    assert!(!window.shows("Encoding"), "an open dock folds it to the rail");
    window.click("Show connection");
    assert!(window.shows("Encoding"), "it can be shown all the same");
    window.click("Hide connection");
    toggle(&mut window);
    assert!(window.shows("Encoding"), "it comes back when the dock is closed");
    resize(&mut window, (1280.0, 800.0));
    toggle(&mut window);
    assert!(window.shows("Encoding"), "a wide window has room for both");
}
