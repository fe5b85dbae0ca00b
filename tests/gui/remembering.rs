//! State that survives a restart of the program.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Pick, Start, Window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

#[test]
fn forms_and_tabs_survive_a_restart() {
    let start = Start::new(Lang::ZhCn);
    let folder = start.folder.clone();
    let mut window = start.open();
    window.fill("本地端口", "12345");
    window.fill("发送内容", "draft 草稿");
    window.choose("字符编码", "GBK");
    window.click("新建会话");
    window.choose("协议类型", "UDP");
    drop(window);

    let window = Start::in_folder(Lang::ZhCn, folder).open();
    assert_eq!(window.names().iter().filter(|name| name.starts_with("Tab ")).count(), 2);
    assert_eq!(window.chosen("协议类型"), "UDP");
    let mut window = window;
    window.click_as(egui::accesskit::Role::Tab, "TCP 服务器 :12345");
    assert_eq!(window.field("本地端口"), "12345");
    assert_eq!(window.field("发送内容"), "draft 草稿");
    assert_eq!(window.chosen("字符编码"), "GBK");
}

#[test]
fn changes_are_written_while_the_program_runs() {
    let mut window = Start::new(Lang::ZhCn).open();
    window.fill("本地端口", "54321");
    let file = window.harness.state().paths().settings_file.clone();
    window
        .until("the settings file has it", |_| std::fs::read_to_string(&file).is_ok_and(|text| text.contains("54321")));
}

#[test]
fn the_chosen_language_is_used_again() {
    let start = Start::new(Lang::ZhCn);
    let folder = start.folder.clone();
    let mut window = start.open();
    window.click("Switch to English");
    drop(window);
    let mut start = Start::in_folder(Lang::ZhCn, folder);
    start.startup.lang = None;
    let window = start.open();
    assert!(window.shows("Listen"));
}

#[test]
fn settings_of_a_newer_version_are_named_and_cost_nothing_else() {
    for lang in LANGS {
        let start = Start::new(lang);
        let file = start.folder.path().join("data/settings.json");
        std::fs::create_dir_all(file.parent().expect("folder")).expect("folder");
        let text = r#"{"version": 1, "sessions": [{"encoding": "klingon", "view": "dump", "local_port": "9124"}]}"#;
        std::fs::write(&file, text).expect("settings");
        let mut window = start.open();
        window.wait(&["sessions[1].encoding = \"klingon\"", "settings.json.unread"]);
        assert_eq!(window.field(lang.pick("本地端口", "Local port")), "9124");
    }
}

/// The left edges of the tabs.
fn tab_edges(window: &Window) -> Vec<f32> {
    let mut edges: Vec<f32> = window.harness.query_all_by_role(Role::Tab).map(|tab| tab.rect().left()).collect();
    edges.sort_by(f32::total_cmp);
    edges
}

#[test]
fn a_split_survives_a_restart() {
    for lang in LANGS {
        let start = Start::new(lang);
        let folder = start.folder.clone();
        let mut window = start.open();
        window.fill(lang.pick("本地端口", "Local port"), "12345");
        window.click(lang.pick("新建会话", "New session"));
        window.click(lang.pick("左右并排", "Side by side"));
        window.steps(3);
        let before = tab_edges(&window);
        assert!(before.len() == 2 && before[1] - before[0] > 300.0, "two bars: {before:?}");
        drop(window);
        let window = Start::in_folder(lang, folder).open();
        assert_eq!(tab_edges(&window), before);
    }
}

#[test]
fn the_state_of_a_view_survives_a_restart() {
    for lang in LANGS {
        let start = Start::new(lang);
        let folder = start.folder.clone();
        let mut window = start.open();
        let listen = |window: &mut Window| {
            window.listens(lang);
        };
        let content = lang.pick("包含的内容", "Contains");
        listen(&mut window);
        window.menu(lang.pick("更多", "More"), lang.pick("字节检视", "Byte inspector"));
        window.menu(lang.pick("更多", "More"), lang.pick("速率与应答时间", "Rates and response times"));
        window.click(lang.pick("筛选", "Filter"));
        window.fill(content, "OK");
        window.wait(&[lang.pick("关闭侧栏", "Close dock")]);
        let headings = |window: &Window| window.names().iter().filter(|name| name.starts_with("Heading ")).count();
        let shown = headings(&window);
        assert!(shown > 0, "the plots have headings");
        drop(window);

        let mut window = Start::in_folder(lang, folder).open();
        listen(&mut window);
        window.click(lang.pick("筛选", "Filter"));
        assert_eq!(window.field(content), "OK");
        window.wait(&[lang.pick("关闭侧栏", "Close dock")]);
        assert_eq!(headings(&window), shown);
    }
}
