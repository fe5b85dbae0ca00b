//! Errors: reported once and clearly, next to where they can be fixed; the program continues.

use crate::support::{LANGS, Start, window};
use std::net::TcpListener;
use wirebench::words::Lang;

#[test]
fn a_port_in_use_is_reported_and_another_one_works() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let pick = |zh_text: &'static str, en: &'static str| if zh { zh_text } else { en };
        let taken = TcpListener::bind("127.0.0.1:0").expect("bind");
        let port = taken.local_addr().expect("address").port();
        let mut window = window(lang);
        window.focus(pick("发送内容", "Send content"));
        window.fill(pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(pick("本地端口", "Local port"), &port.to_string());
        window.focus(pick("发送内容", "Send content"));
        window.click(pick("开始监听", "Listen"));
        // The banner, and the message at the field.
        window.wait(&[pick("无法监听", "Cannot listen"), &port.to_string()]);
        window.wait(&["Status", pick("监听失败", "Listening failed")]);
        window.wait(&["Label", pick("端口已被占用", "ort in use")]);
        // Still usable: another port, entered manually.
        window.fill(pick("本地端口", "Local port"), "0");
        window.click(pick("开始监听", "Listen"));
        window.address_after(pick("正在监听", "Listening on"));
        assert!(!window.shows(pick("重试", "Retry")), "the banner goes at the next success");
    }
}

#[test]
fn the_banner_offers_another_port_and_retry() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("bind");
    let port = taken.local_addr().expect("address").port();
    let mut window = window(Lang::ZhCn);
    window.fill("本地地址", "127.0.0.1");
    window.fill("本地端口", &port.to_string());
    window.click("开始监听");
    window.wait(&["Button 重试"]);
    if port < u16::MAX {
        window.wait(&["Button 改用 "]);
    }
    drop(taken);
    window.click("重试");
    window.address_after("正在监听");
}

#[test]
fn invalid_fields_are_reported_at_the_field() {
    let mut window = window(Lang::ZhCn);
    window.fill("本地端口", "65536");
    window.click("开始监听");
    window.wait(&["Label", "应为 0–65535"]);
    assert!(window.enabled("开始监听"));
    window.listens(Lang::ZhCn);
}

#[test]
fn a_refused_connection_is_reported() {
    let port = TcpListener::bind("127.0.0.1:0").expect("bind").local_addr().expect("address").port();
    let mut window = window(Lang::En);
    window.choose("Protocol", "TCP client");
    window.fill("Remote port", &port.to_string());
    window.click("Connect");
    window.wait(&["Label", "refused"]);
    window.wait_enabled("Connect");
    // Each attempt is one row, its result.
    for tries in 1..=3 {
        let rows = |window: &crate::support::Window, words: &str| {
            window.names().iter().filter(|name| name.get(8..9) == Some(":") && name.contains(words)).count()
        };
        window.steps(5);
        assert_eq!(rows(&window, "Cannot connect to TCP 127.0.0.1"), tries, "{}", window.names().join("\n"));
        assert_eq!(rows(&window, "Connecting to 127.0.0.1"), 0, "{}", window.names().join("\n"));
        assert!(window.line(&["Closed because of an error"]).is_none() && window.line(&["Opening TCP"]).is_none());
        assert!(!window.shows("Traffic scroll bar"), "all rows are visible");
        window.click("Connect");
        window.wait_enabled("Connect");
    }
}

#[test]
fn a_damaged_settings_file_is_reported_and_kept() {
    let start = Start::new(Lang::ZhCn);
    let data = start.folder.path().join("data");
    std::fs::create_dir_all(&data).expect("folder");
    std::fs::write(data.join("settings.json"), "{ not json").expect("file");
    let mut window = start.open();
    window.wait(&["设置文件已损坏"]);
    window.click("关闭提示");
    window.until("dismissed", |_| true);
    assert!(window.line(&["设置文件已损坏"]).is_none());
    let kept = std::fs::read_dir(&data).expect("folder").filter_map(Result::ok);
    let kept: Vec<_> = kept.filter(|e| std::fs::read_to_string(e.path()).is_ok_and(|t| t == "{ not json")).collect();
    assert_eq!(kept.len(), 1, "the damaged file is kept aside");
}
