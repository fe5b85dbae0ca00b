//! Stored captures on the settings page: listed, opened for an export, deleted individually and together; both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use crate::support::{LANGS, Start, Window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use std::path::Path;
use wirebench::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload};
use wirebench::model::Direction;
use wirebench::words::Lang;

struct Names {
    more: &'static str,
    captures: &'static str,
    find: &'static str,
    open: &'static str,
    export: &'static str,
    format: &'static str,
    delete: &'static str,
    really: &'static str,
    delete_closed: &'static str,
    none: &'static str,
    change: &'static str,
    retention: &'static str,
    closed: &'static str,
    in_use: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            more: "更多",
            captures: "捕获记录…",
            find: "查找捕获记录",
            open: "打开",
            export: "导出…",
            format: "导出格式",
            delete: "删除",
            really: "确认删除",
            delete_closed: "删除列表中的记录…",
            none: "没有符合的捕获记录",
            change: "更改…",
            retention: "保留天数",
            closed: "已关闭",
            in_use: "使用中",
        },
        Lang::En => Names {
            more: "More",
            captures: "Captures…",
            find: "Find captures",
            open: "Open",
            export: "Export…",
            format: "Export format",
            delete: "Delete",
            really: "Confirm delete",
            delete_closed: "Delete listed captures…",
            none: "No matching captures",
            change: "Change…",
            retention: "Keep for (days)",
            closed: "closed",
            in_use: "in use",
        },
    }
}

/// A closed capture with this count of peers, each of which sent `hello`.
fn stored(folder: &Path, endpoint: &str, peers: u16) {
    let endpoint = endpoint.parse().expect("endpoint");
    let captures = folder.join("data").join("captures");
    let mut writer = CaptureWriter::create(&captures, &endpoint, CaptureOptions::default()).expect("capture");
    for port in 1..=peers {
        let peer = writer.add_peer(([192, 0, 2, 1], port).into()).expect("peer");
        writer.append(&NewRecord::data(Direction::Received, peer, Payload::Bytes(b"hello"))).expect("append");
    }
    writer.close();
}

/// A window with a listening session and three listed captures.
fn listed(lang: Lang) -> Window {
    let n = names(lang);
    let start = Start::new(lang);
    for (endpoint, peers) in [("tcp://192.0.2.7:7001", 2), ("udp://192.0.2.7:7002", 1), ("tcp://192.0.2.7:7003", 3)] {
        stored(start.folder.path(), endpoint, peers);
    }
    let mut window = start.open();
    window.listens(lang);
    window.menu(n.more, n.captures);
    window.wait(&["ListItem tcp://192.0.2.7:7001"]);
    window
}

/// The captures as shown on screen.
fn listed_rows(window: &Window) -> Vec<String> {
    window.names().into_iter().filter(|name| name.starts_with("ListItem ") && name.contains("://")).collect()
}

#[test]
fn captures_are_listed_completely_and_found() {
    for lang in LANGS {
        let n = names(lang);
        let mut window = listed(lang);
        assert_eq!(listed_rows(&window).len(), 4);
        let sums = match lang {
            Lang::ZhCn => ["共 4 个捕获记录 · 30 B（磁盘 ", " · 2 个对端 · 10 B（磁盘 "],
            Lang::En => ["4 captures · 30 B (", " · 2 peers · 10 B ("],
        };
        assert!(window.line(&["Label", sums[0]]).is_some(), "{}", window.names().join("\n"));
        assert!(window.line(&["ListItem tcp://192.0.2.7:7001", n.closed, sums[1]]).is_some());
        assert!(window.line(&["ListItem tcp://127.0.0.1:", n.in_use]).is_some());
        window.fill(n.find, "udp");
        assert_eq!(listed_rows(&window).len(), 1);
        assert!(listed_rows(&window)[0].contains("udp://192.0.2.7:7002"));
        window.fill(n.find, "192.0.2.7 tcp");
        assert_eq!(listed_rows(&window).len(), 2);
        window.fill(n.find, "nowhere");
        assert!(listed_rows(&window).is_empty() && window.shows(n.none));
        assert!(!window.enabled(n.delete_closed), "there is none");
        window.click(n.change);
        window.focus(n.retention);
    }
}

#[test]
fn a_capture_is_opened_with_its_export() {
    for lang in LANGS {
        let n = names(lang);
        let mut window = listed(lang);
        window.fill(n.find, "7003");
        window.click(n.export);
        window
            .until("the strip is there", |harness| harness.query_by_role_and_label(Role::ComboBox, n.format).is_some());
        window.wait(&["192.0.2.1:3", "hello"]);
        // Opening alone shows no strip.
        window.menu(n.more, n.captures);
        window.wait(&["ListItem tcp://192.0.2.7:7003"]);
        window.fill(n.find, "7001");
        window.click(n.open);
        window.until("a tab shows it", |harness| {
            harness.query_all_by_label_contains("192.0.2.1:2").next().is_some()
                && harness.query_all_by_label_contains("192.0.2.1:3").next().is_none()
        });
        assert!(window.harness.query_by_role_and_label(Role::ComboBox, n.format).is_none());
    }
}

#[test]
fn closed_captures_are_deleted_after_a_second_click() {
    for lang in LANGS {
        let n = names(lang);
        let mut window = listed(lang);
        window.fill(n.find, "7002");
        window.click(n.delete);
        assert_eq!(listed_rows(&window).len(), 1, "asked once");
        window.click(n.really);
        window.wait(&[n.none]);
        window.fill(n.find, "");
        window.until("it is gone, the others are not", |harness| {
            harness.query_all_by_label_contains("://192.0.2.7:").count() == 2
        });
        window.click(n.delete_closed);
        let really = if lang == Lang::ZhCn { "确认删除 2 个（" } else { "Confirm delete: 2 (" };
        let button = window.line(&["Button", really]).expect("asks once more");
        window.click(button.trim_start_matches("Button "));
        window.until("only the one in use is left", |harness| {
            harness.query_all_by_label_contains("://192.0.2.7:").count() == 0
        });
        assert_eq!(listed_rows(&window).len(), 1);
        assert!(listed_rows(&window)[0].contains(n.in_use));
    }
}

const NETASSIST_LOG: &str = "[2019-07-12 16:05:41.240]# Client 192.168.56.1:4089 gets online.\r\n\
[2019-07-12 16:05:48.417]# RECV ASCII FROM 192.168.56.1 :4089>\r\n哈哈哈\r\n\r\n\
[2019-07-12 16:06:10.202]# SEND ASCII TO ALL>\r\n我很好啊\r\n\r\n";

#[test]
fn a_netassist_log_is_read_in_and_opened() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let start = Start::new(lang);
        let log = start.folder.path().join("netassist.txt");
        std::fs::write(&log, NETASSIST_LOG).expect("written");
        let mut window = start.open();
        window.click(if zh { "设置" } else { "Settings" });
        window.segment(if zh { "捕获记录" } else { "Captures" });
        window.wait_enabled(if zh { "导入 NetAssist 日志…" } else { "Import a NetAssist log…" });
        window.click(if zh { "导入 NetAssist 日志…" } else { "Import a NetAssist log…" });
        let (field, import) = if zh { ("日志文件", "导入") } else { ("Log file", "Import") };
        // A file that is not a log is reported, and nothing is lost.
        let missing = log.with_file_name("missing.txt").display().to_string();
        window.fill(field, &missing);
        window.click(import);
        window.wait(&["Label", "missing.txt"]);
        window.fill(field, &log.display().to_string());
        window.click(import);
        window.wait(&[if zh { "已读入 2 条数据记录" } else { "2 data records were imported" }]);
        window.wait(&["←", "192.168.56.1:4089", "哈哈哈"]);
        window.wait(&["→", "我很好啊"]);
    }
}

#[test]
fn an_import_shows_how_far_it_is_and_can_be_cancelled() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let start = Start::new(lang);
        let log = start.folder.path().join("long.txt");
        std::fs::write(&log, NETASSIST_LOG.repeat(200_000)).expect("written");
        let mut window = start.open();
        window.click(if zh { "设置" } else { "Settings" });
        window.segment(if zh { "捕获记录" } else { "Captures" });
        window.wait_enabled(if zh { "导入 NetAssist 日志…" } else { "Import a NetAssist log…" });
        window.click(if zh { "导入 NetAssist 日志…" } else { "Import a NetAssist log…" });
        window.fill(if zh { "日志文件" } else { "Log file" }, &log.display().to_string());
        window.click(if zh { "导入" } else { "Import" });
        window.wait(&["ProgressIndicator", if zh { "读入进度" } else { "Import progress" }]);
        window.click(if zh { "取消" } else { "Cancel" });
        window.wait(&[if zh {
            "已取消导入，没有保存任何内容"
        } else {
            "The import was cancelled; nothing was kept"
        }]);
        // The import can be repeated.
        window.wait_enabled(if zh { "导入" } else { "Import" });
        let captures = start_folder(&window);
        assert_eq!(std::fs::read_dir(captures).map_or(0, Iterator::count), 0);
    }
}

fn start_folder(window: &crate::support::Window) -> std::path::PathBuf {
    window.folder.path().join("data").join("captures")
}
