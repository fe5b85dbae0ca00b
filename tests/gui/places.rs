//! The places of the window by its size: what folds, what covers what, and what comes back.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use wirebench::words::Lang;

fn open(lang: Lang, size: (f32, f32)) -> (Window, Peer) {
    let mut start = Start::new(lang);
    start.size = Vec2::new(1024.0, 640.0);
    let mut window = start.open();
    let mut peer = Peer::connect(window.listens(lang));
    for line in 0..40 {
        peer.send(format!("line {line}\n").as_bytes());
    }
    window.wait(&["line 39"]);
    resize(&mut window, size);
    (window, peer)
}

fn resize(window: &mut Window, size: (f32, f32)) {
    window.harness.set_size(Vec2::from(size));
    window.steps(4);
}

fn press(window: &mut Window, key: Key) {
    window.harness.key_press_modifiers(Modifiers::COMMAND, key);
    window.steps(4);
}

fn place(window: &Window, role: Role, name: &str) -> Rect {
    window.harness.get_by_role_and_label(role, name).rect()
}

fn log(window: &Window, lang: Lang) -> Rect {
    place(window, Role::ScrollView, lang.pick("收发记录", "Traffic"))
}

#[test]
fn the_left_column_folds_in_a_narrow_window_and_comes_back() {
    for lang in LANGS {
        let encoding = lang.pick("字符编码", "Encoding");
        let (mut window, _peer) = open(lang, (719.0, 640.0));
        assert!(!window.shows(encoding), "a narrow window has room for the rail alone");
        resize(&mut window, (721.0, 640.0));
        assert!(window.shows(encoding), "it comes back with the room");
        resize(&mut window, (640.0, 640.0));
        window.click(lang.pick("展开连接栏", "Show connection"));
        assert!(window.shows(encoding), "the choice of the user wins");
        resize(&mut window, (600.0, 640.0));
        assert!(window.shows(encoding), "and stays");
        resize(&mut window, (1280.0, 800.0));
        press(&mut window, Key::B);
        assert!(!window.shows(encoding));
        resize(&mut window, (700.0, 640.0));
        resize(&mut window, (1280.0, 800.0));
        assert!(!window.shows(encoding), "hidden by the user, it does not come back by itself");
    }
}

#[test]
fn the_drawer_covers_the_composer_of_a_low_window_instead_of_the_log() {
    for lang in LANGS {
        let content = lang.pick("发送内容", "Send content");
        let close = lang.pick("关闭结果", "Close results");
        let (mut window, mut peer) = open(lang, (1024.0, 640.0));
        press(&mut window, Key::J);
        let height = log(&window, lang).height();
        assert!(height >= 160.0, "{height}");
        assert!(place(&window, Role::Button, close).bottom() < place(&window, Role::MultilineTextInput, content).top());
        // Lower and lower: first the drawer shrinks, then it covers the send area; the log keeps its rows.
        for low in [560.0, 500.0, 470.0, 430.0, 400.0] {
            resize(&mut window, (1024.0, low));
            let rows = log(&window, lang).height() + 26.0;
            let room = low - 28.0 - 80.0;
            assert!(rows >= 160.0_f32.min(room - 136.0), "{rows} of {low}");
        }
        let bar = place(&window, Role::Button, close);
        let rows = log(&window, lang);
        assert!(rows.bottom() <= bar.top(), "nothing covers the newest rows: {rows} {bar}");
        peer.send(b"newest\n");
        window.wait(&["newest"]);
        // The send box is needed: what covers it closes.
        window.harness.get_by_role_and_label(Role::ScrollView, lang.pick("收发记录", "Traffic")).focus();
        window.steps(2);
        window.harness.key_press(Key::Escape);
        window.steps(2);
        window.harness.key_press(Key::Escape);
        window.steps(4);
        assert!(!window.shows(close));
        let box_node = window.harness.get_by_role_and_label(Role::MultilineTextInput, content);
        assert!(box_node.accesskit_node().is_focused());
    }
}

#[test]
fn the_dock_covers_the_log_of_a_narrow_window_and_leaves_the_drawer_free() {
    for lang in LANGS {
        let (mut window, _peer) = open(lang, (980.0, 800.0));
        // The drawer is opened first, then the dock, which folds the left column.
        press(&mut window, Key::J);
        press(&mut window, Key::I);
        let dock = place(&window, Role::Button, lang.pick("关闭侧栏", "Close dock"));
        let rows = log(&window, lang);
        assert!(rows.right() > dock.right(), "{rows} {dock}");
        let close = lang.pick("关闭结果", "Close results");
        window.click(close);
        window.steps(4);
        assert!(!window.shows(close), "the dock does not cover its button");
        resize(&mut window, (1000.0, 800.0));
        let dock = place(&window, Role::Button, lang.pick("关闭侧栏", "Close dock"));
        let rows = log(&window, lang);
        assert!(rows.right() < dock.left(), "a wide window has room for both: {rows} {dock}");
    }
}

#[test]
fn an_error_is_fully_readable_in_a_narrow_pane() {
    for lang in LANGS {
        let mut start = Start::new(lang);
        start.size = Vec2::new(1024.0, 640.0);
        let mut window = start.open();
        let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), &taken.local_addr().expect("its port").port().to_string());
        window.click(lang.pick("开始监听", "Listen"));
        let retry = lang.pick("重试", "Retry");
        window.wait(&["Button", retry]);
        for width in [300.0, 420.0, 600.0, 760.0, 1024.0] {
            resize(&mut window, (width, 640.0));
            let banner = window.line(&["Label", lang.pick("无法监听", "Cannot listen")]).expect("the banner");
            let cut = window.harness.output().shapes.iter().any(|shape| match &shape.shape {
                egui::Shape::Text(text) => {
                    text.galley.elided && banner.contains(text.galley.job.text.lines().next().unwrap_or("?"))
                }
                _ => false,
            });
            assert!(!cut, "{width}: {banner}");
            let room = window.harness.ctx.content_rect();
            assert!(room.contains_rect(place(&window, Role::Button, retry)), "{width}");
        }
    }
}
