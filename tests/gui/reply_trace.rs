//! The mark of a rule on the row of its answer, and the reply trace in the drawer.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::replies::{turn, with_file};
use crate::support::{LANGS, Pick, Window};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use wirebench::words::Lang;

fn open_trace(window: &mut Window, lang: Lang) {
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.steps(2);
    window.harness.event(Event::Text(lang.pick("应答跟踪", "Reply trace").to_owned()));
    window.steps(2);
    window.harness.key_press(Key::Enter);
    window.steps(2);
}

#[test]
fn the_row_of_an_answer_names_its_rule() {
    for lang in LANGS {
        let (mut window, mut peer, ..) = with_file(lang, "on \"PING\" as heart { > \"PONG\" }\n");
        window.wait(&["ListItem heart"]);
        turn(&mut window, lang);
        window.wait(&[lang.pick("应答 1 开", "1 reply on")]);
        peer.send(b"PING");
        peer.expect(b"PONG");
        window.wait(&["PONG", "↩ heart"]);
    }
}

#[test]
fn the_trace_says_for_each_frame_which_rule_answers_or_why_none_does() {
    for lang in LANGS {
        let rules =
            "on 01 03 ?? as read { > 01 }\non 01 06 * limit 1 as write { > 02 }\noff on \"x\" as sleeping { > 03 }\n";
        let (mut window, mut peer, ..) = with_file(lang, rules);
        window.wait(&["ListItem read"]);
        open_trace(&mut window, lang);
        window.wait(&[lang.pick("Label 尚未收到数据", "Label Nothing received yet")]);
        turn(&mut window, lang);
        window.wait(&[lang.pick("应答 2 开", "2 replies on")]);
        peer.send(&[1, 3, 7]);
        peer.expect(&[1]);
        peer.send(&[1, 6, 9]);
        peer.expect(&[2]);
        window.wait(&["ListItem", lang.pick("规则 read 匹配", "Rule read fits"), "01 03 07"]);
        window.wait(&["ListItem", lang.pick("规则 write 匹配", "Rule write fits"), "01 06 09"]);
        // No rule takes it: the frame is unfolded by itself.
        peer.send(&[1, 6, 8]);
        window.wait(&["ListItem", lang.pick("没有规则匹配", "No rule fits"), "01 06 08"]);
        window.wait(&[
            lang.pick("ListItem read 第 2 字节应为 03，收到 06", "ListItem read byte 2: expected 03, received 06")
        ]);
        window.wait(&[lang.pick("ListItem write 此连接的次数已用完", "ListItem write its limit is reached")]);
        window.wait(&[lang.pick("ListItem sleeping 规则未启用", "ListItem sleeping the rule is off")]);
        window.wait(&[lang.pick("应答跟踪", "Reply trace")]);
        // A click selects the record in the log, whose trace is unfolded then.
        let row =
            window.line(&["ListItem", lang.pick("规则 read 匹配", "Rule read fits"), "01 03 07"]).expect("the row");
        let name = row.strip_prefix("ListItem ").expect("a row").to_owned();
        window.click_as(Role::ListItem, &name);
        window.wait(&[lang.pick("ListItem read 匹配", "ListItem read fits")]);
        window.segment(lang.pick("无匹配", "No match"));
        window.steps(2);
        assert!(window.line(&["ListItem", lang.pick("规则 read 匹配", "Rule read fits"), "01 03 07"]).is_none());
    }
}
