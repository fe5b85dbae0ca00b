//! Variables in the send box.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Window, window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

fn connected(window: &mut Window, lang: Lang) -> Peer {
    let peer = Peer::connect(window.listens(lang));
    window.wait(&[lang.pick("对端 1", "Peers 1")]);
    peer
}

fn content(lang: Lang) -> &'static str {
    lang.pick("发送内容", "Send content")
}

fn hex(window: &mut Window, lang: Lang) {
    let label = lang.pick("HEX", "Hex");
    let segments: Vec<_> = window.harness.get_all_by_role_and_label(Role::RadioButton, label).collect();
    segments.iter().max_by(|a, b| a.rect().top().total_cmp(&b.rect().top())).expect("segment").click();
    window.steps(3);
}

#[test]
fn the_counter_counts_sends_and_the_preview_shows_the_next_value() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        window.fill(content(lang), "a{{n}};");
        for (shown, sent) in [("61 30 3B", b"a0;"), ("61 31 3B", b"a1;"), ("61 32 3B", b"a2;")] {
            window.wait(&[shown]);
            window.press_send();
            peer.expect(sent);
        }
        // The record has the bytes, not the variable.
        window.wait(&["→", "a2;"]);
        // Another text counts from 0.
        window.fill(content(lang), "b{{n}};");
        window.wait(&["62 30 3B"]);
    }
}

#[test]
fn a_repeat_computes_its_content_in_each_round() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        hex(&mut window, lang);
        window.wrap(lang, lang.pick("校验", "Check"), "CRC-16/MODBUS");
        window.fill(content(lang), "01 {{n:u8}}");
        window.repeat(lang);
        window.fill(lang.pick("周期（毫秒）", "Period (ms)"), "5");
        window.fill(lang.pick("次数", "Times"), "3");
        window.press_send();
        let mut expected = Vec::new();
        for n in 0..3 {
            let body = [1, n];
            let kind = wirebench::codec::ChecksumKind::by_name("CRC-16/MODBUS").expect("known");
            let value = kind.calculator().compute(&body);
            expected.extend(body);
            expected.extend(&value.to_le_bytes()[..2]);
        }
        peer.expect(&expected);
        // The next send goes on counting.
        window.wait_enabled(lang.pick("发送", "Send"));
        window.wait(&["01 03"]);
    }
}

#[test]
fn a_value_that_does_not_fit_stops_the_repeat_with_a_sentence() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        hex(&mut window, lang);
        window.fill(content(lang), "{{n + 254:u8}}");
        window.repeat(lang);
        window.fill(lang.pick("周期（毫秒）", "Period (ms)"), "5");
        window.press_send();
        peer.expect(&[254, 255]);
        // The foot line says why the next value cannot be sent.
        window.wait(&["256", "u8"]);
        window.until("it can be started again", |harness| {
            harness.query_by_role_and_label(Role::Button, lang.pick("发送", "Send")).is_some()
        });
    }
}

#[test]
fn the_chip_turns_variables_off_and_the_braces_are_sent_as_typed() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        window.fill(content(lang), "{{n}}");
        window.wait(&["30"]);
        window.click(lang.pick("关闭变量", "Turn variables off"));
        window.wait(&["7B 7B 6E 7D 7D"]);
        window.wait(&[lang.pick("{{n}} 将按原文发送", "{{n}} is sent as typed")]);
        window.press_send();
        peer.expect(b"{{n}}");
        window.click(lang.pick("使用变量", "Use variables"));
        window.wait(&["30"]);
        window.press_send();
        peer.expect(b"0");
    }
}

#[test]
fn a_wrong_variable_is_named_and_nothing_is_sent() {
    for lang in LANGS {
        let mut window = window(lang);
        let _peer = connected(&mut window, lang);
        window.fill(content(lang), "x{{time}}");
        window.wait(&["time()"]);
        assert!(!window.enabled(lang.pick("发送", "Send")));
        // A brace with a backslash is text.
        window.fill(content(lang), "x\\{{n}}");
        window.wait(&["78 7B 7B 6E 7D 7D"]);
    }
}

#[test]
fn the_menu_inserts_a_variable_at_the_caret() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        window.fill(content(lang), "id=");
        let row = lang.pick("计数，4 位", "Counter, 4 digits");
        window.menu(lang.pick("插入变量", "Insert variable"), row);
        assert_eq!(window.field(content(lang)), "id={{n:04}}");
        window.wait(&["69 64 3D 30 30 30 30"]);
        window.press_send();
        peer.expect(b"id=0000");
        hex(&mut window, lang);
        window.fill(content(lang), "01");
        window.menu(lang.pick("插入变量", "Insert variable"), lang.pick("计数", "Counter"));
        assert_eq!(window.field(content(lang)), "01 {{n:u16}}");
        window.press_send();
        peer.expect(&[1, 0, 0]);
    }
}
