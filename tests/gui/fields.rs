//! Errors at the fields of the network form: complete, with the correct cause; addresses followed by a port.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Window, window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use std::net::TcpListener;
use wirebench::words::Lang;

fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    if lang == Lang::ZhCn { zh } else { en }
}

/// The text under a field is drawn completely, within its width.
fn is_whole(window: &Window, words: &str) -> bool {
    let cut = |shape: &egui::Shape| match shape {
        egui::Shape::Text(text) => text.galley.text() == words && text.galley.elided,
        _ => false,
    };
    let whole = |shape: &egui::Shape| matches!(shape, egui::Shape::Text(text) if text.galley.text() == words);
    let shapes = &window.harness.output().shapes;
    shapes.iter().any(|clipped| whole(&clipped.shape)) && !shapes.iter().any(|clipped| cut(&clipped.shape))
}

#[test]
fn the_error_at_a_field_is_not_truncated() {
    for lang in LANGS {
        let remote = pick(lang, "远程地址", "Remote address");
        let port = pick(lang, "远程端口", "Remote port");
        for (field, typed, said) in [
            (port, "70000", pick(lang, "应为 1–65535", "Must be 1–65535")),
            (port, "0", pick(lang, "应为 1–65535", "Must be 1–65535")),
            (port, "", pick(lang, "请填写端口", "Enter a port")),
            (remote, "bad host!x", pick(lang, "不能含有「U+0020」", "\"U+0020\" is not allowed")),
            (remote, "bad?host", pick(lang, "不能含有「?」", "\"?\" is not allowed")),
            (remote, "1.2.3.400", pick(lang, "应为四个 0–255 的数", "Needs four numbers, 0–255")),
            (remote, "fe80::1::2", pick(lang, "不是有效的 IPv6 地址", "Not an IPv6 address")),
            (remote, "127.0.0.1:99999", pick(lang, "端口应填在下一栏", "Put the port below")),
        ] {
            let mut window = window(lang);
            window.choose(pick(lang, "协议类型", "Protocol"), pick(lang, "TCP 客户端", "TCP client"));
            window.fill(field, typed);
            window.click(pick(lang, "连接", "Connect"));
            window.wait(&["Label", said]);
            assert!(is_whole(&window, said), "{said}");
        }
    }
}

#[test]
fn an_address_pasted_with_its_port_fills_both_fields() {
    for lang in LANGS {
        let (remote, port) = (pick(lang, "远程地址", "Remote address"), pick(lang, "远程端口", "Remote port"));
        let (local, local_port) = (pick(lang, "本地地址", "Local address"), pick(lang, "本地端口", "Local port"));
        for (protocol, address, number) in [
            (pick(lang, "TCP 客户端", "TCP client"), remote, port),
            ("UDP", remote, port),
            ("UDP", local, local_port),
            (pick(lang, "TCP 服务器", "TCP server"), local, local_port),
        ] {
            let mut window = window(lang);
            if protocol != pick(lang, "TCP 服务器", "TCP server") {
                window.choose(pick(lang, "协议类型", "Protocol"), protocol);
            }
            for (pasted, host, at) in [
                ("192.168.1.50:5025", "192.168.1.50", "5025"),
                ("127.0.0.1：48105", "127.0.0.1", "48105"),
                (" [fe80::1]:80 ", "fe80::1", "80"),
                ("tcp://plc.local:502", "plc.local", "502"),
            ] {
                window.fill(address, "");
                window.focus(address);
                window.paste(pasted);
                window.steps(2);
                assert_eq!((&*window.field(address), &*window.field(number)), (host, at), "{protocol} {pasted}");
            }
            // An address without a port leaves the port unchanged.
            window.fill(address, "");
            window.focus(address);
            window.paste("::1");
            window.steps(2);
            assert_eq!((&*window.field(address), &*window.field(number)), ("::1", "502"));
        }
    }
}

#[test]
fn an_address_typed_with_its_port_connects() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let at = listener.local_addr().expect("address");
    let mut window = window(Lang::ZhCn);
    window.choose("协议类型", "TCP 客户端");
    window.fill("远程地址", &at.to_string());
    window.click("连接");
    let _peer = listener.accept().expect("a connection");
    window.until("connected", |harness| harness.query_by_role_and_label(Role::Button, "断开").is_some());
    window.click("修改网络设置");
    assert_eq!(window.field("远程端口"), at.port().to_string());
}
