//! Views, following, language and theme, tabs, the settings page.

use crate::support::{Peer, Start, window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

fn listening() -> (crate::support::Window, Peer) {
    let mut window = window(Lang::ZhCn);
    let peer = Peer::connect(window.listens(Lang::ZhCn));
    window.wait(&["对端 1"]);
    (window, peer)
}

#[test]
fn following_stops_and_goes_on() {
    let (mut window, mut peer) = listening();
    for line in 0..60 {
        peer.send(format!("line {line}\n").as_bytes());
    }
    window.wait(&["line 59"]);
    window.click("跟随");
    for line in 60..120 {
        peer.send(format!("line {line}\n").as_bytes());
    }
    window.wait(&["回到最新"]);
    assert!(window.line(&["line 119"]).is_none());
    window.click("跟随");
    window.wait(&["line 119"]);
}

#[test]
fn clearing_the_view_keeps_the_records() {
    let (mut window, mut peer) = listening();
    peer.send(b"old\n");
    window.wait(&["old"]);
    window.click("清除显示");
    assert!(window.line(&["old"]).is_none());
    window.menu("更多", "恢复已清除的显示");
    window.wait(&["old"]);
    window.click("清除显示");
    window.wait(&["显示已清除，", " 条仍在记录中"]);
    window.click("恢复");
    window.wait(&["old"]);
}

#[test]
fn a_filter_that_hides_everything_shows_a_reset_button() {
    let (mut window, mut peer) = listening();
    peer.send(b"data\n");
    window.wait(&["data"]);
    window.segment("发送");
    window.wait(&["没有符合筛选的记录"]);
    window.click("清除筛选");
    window.wait(&["data"]);
    assert!(window.line(&["没有符合筛选"]).is_none());
}

#[test]
fn language_and_theme_change_at_once() {
    let mut window = window(Lang::ZhCn);
    window.click("Switch to English");
    assert!(window.shows("Listen") && !window.shows("开始监听"));
    window.click("Dark theme");
    assert!(window.shows("Light theme"));
    window.click("切换到中文");
    assert!(window.shows("开始监听"));
}

#[test]
fn tabs_are_opened_split_and_closed() {
    let mut window = window(Lang::En);
    window.click("New session");
    let tabs = |w: &crate::support::Window| w.names().iter().filter(|name| name.starts_with("Tab ")).count();
    assert_eq!(tabs(&window), 2);
    window.click_as(Role::Button, "Side by side");
    window.until("two panes", |harness| harness.query_all_by_label("Send content").count() == 2);
    window.click_as(Role::Button, "One pane");
    window.click("Close session");
    assert_eq!(tabs(&window), 1);
    window.click("Close session");
    assert_eq!(tabs(&window), 1, "there is always one session");
}

#[test]
fn the_settings_page_changes_what_is_remembered() {
    let mut window = window(Lang::ZhCn);
    window.click("设置");
    window.fill("单个捕获上限", "nonsense");
    window.wait(&["请输入大小"]);
    window.fill("单个捕获上限", "512 MiB");
    window.fill("保留天数", "30");
    window.choose("语言", "English");
    window.wait(&["Keep for (days)"]);
    window.click("Close");
    window.harness.state_mut().shut_down();
    let file = window.harness.state().paths().settings_file.clone();
    let text = std::fs::read_to_string(file).expect("settings");
    assert!(text.contains("536870912") && text.contains("30"), "{text}");
}

#[test]
fn a_stored_capture_is_listed_opened_and_deleted() {
    let start = Start::new(Lang::ZhCn);
    let folder = start.folder.clone();
    let mut first = start.open();
    let mut peer = Peer::connect(first.listens(Lang::ZhCn));
    peer.send(b"from an earlier day\n");
    first.wait(&["from an earlier day"]);
    first.harness.state_mut().shut_down();
    drop(first);

    let mut window = Start::in_folder(Lang::ZhCn, folder).open();
    window.click("设置");
    window.segment("捕获记录");
    window.wait(&["ListItem", "tcp://127.0.0.1:0", "已关闭"]);
    let open = window.harness.get_all_by_role_and_label(Role::Button, "打开").next().expect("button");
    open.click();
    window.wait(&["from an earlier day"]);
    window.wait(&["只读"]);
    window.click("设置");
    window.segment("捕获记录");
    window.wait(&["ListItem", "tcp://127.0.0.1:0"]);
    window.click("删除");
    window.click("确认删除");
    window.wait(&["还没有捕获记录"]);
}

#[test]
fn a_small_window_and_a_split_keep_every_control_in_reach() {
    let mut start = Start::new(Lang::En);
    start.size = egui::Vec2::new(1024.0, 640.0);
    let mut window = start.open();
    window.click_as(Role::Button, "Side by side");
    assert!(!window.shows("Protocol"), "the left column hides itself in a narrow split");
    window.click("Show connection");
    assert!(window.shows("Protocol") && window.shows("Listen"));
}
