//! The facts of a connection in the dock.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Window, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use wirebench::words::Lang;

fn open_dock(window: &mut Window, lang: Lang) {
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::I);
    window.steps(2);
    window.click_as(Role::Tab, lang.pick("信息", "Info"));
    window.steps(2);
}

#[test]
fn the_only_peer_has_facts_that_stay_after_its_end() {
    for lang in LANGS {
        let mut window = window(lang);
        let address = window.listens(lang);
        open_dock(&mut window, lang);
        window.wait(&[lang.pick("选一个对端", "Choose a peer")]);
        let peer = Peer::connect(address);
        window.wait(&["Label ", lang.pick("本地地址", "Local address"), &address.to_string()]);
        window.wait(&["Label ", lang.pick("发起方 对端", "Opened by the peer")]);
        window.wait(&["Label ", lang.pick("立即发送 开", "No delay on")]);
        #[cfg(target_os = "linux")]
        window.wait(&["Label ", lang.pick("重传报文段 0", "Retransmitted segments 0")]);
        drop(peer);
        window.wait(&["Label ", lang.pick("结束方式", "Ended")]);
    }
}

#[test]
fn socket_options_of_the_form_are_set_and_a_wrong_one_is_named_below_it() {
    for lang in LANGS {
        let mut window = window(lang);
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), "0");
        window.click(lang.pick("选项", "Options"));
        window.fill(lang.pick("套接字选项", "Socket options"), "tll=7");
        window.click(lang.pick("开始监听", "Listen"));
        window.wait(&[lang.pick("这里没有选项 tll", "No option tll here")]);
        window.fill(lang.pick("套接字选项", "Socket options"), "ttl=7 no-delay=off");
        let address = window.listens(lang);
        open_dock(&mut window, lang);
        let _peer = Peer::connect(address);
        window.wait(&["Label ", "TTL 7"]);
        window.wait(&["Label ", lang.pick("立即发送 关", "No delay off")]);
    }
}
