//! One row for a send to several peers and for a file; it is unfolded by its button or by a search; both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Window, window};
use egui::{Key, Modifiers};
use std::io::Read;
use wirebench::jobs::thread::spawn_named;
use wirebench::words::Lang;

fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    if lang == Lang::ZhCn { zh } else { en }
}

/// A window that listens, and peers of it.
fn connected(lang: Lang, count: usize) -> (Window, Vec<Peer>) {
    let mut window = window(lang);
    let address = window.listens(lang);
    let mut peers = Vec::new();
    for number in 1..=count {
        peers.push(Peer::connect(address));
        window.wait(&["ListItem", &format!("#{number} 127.0.0.1:")]);
    }
    (window, peers)
}

fn sent_rows(window: &Window, content: &str) -> usize {
    window.names().iter().filter(|name| name.contains('→') && name.contains(content)).count()
}

#[test]
fn one_send_to_many_peers_is_one_row_that_unfolds() {
    for lang in LANGS {
        let (mut window, mut peers) = connected(lang, 3);
        window.fill(pick(lang, "发送内容", "Send content"), "to everybody");
        window.press_send();
        for peer in &mut peers {
            peer.expect(b"to everybody");
        }
        window.wait(&["→", pick(lang, "全部 3", "All 3"), "to everybody"]);
        assert_eq!(sent_rows(&window, "to everybody"), 1);
        window.click(pick(lang, "展开 3 条记录", "Unfold 3 records"));
        window.wait(&["→ #3 127.0.0.1:", "to everybody"]);
        assert_eq!(sent_rows(&window, "to everybody"), 3);
        window.click(pick(lang, "收起 3 条记录", "Fold 3 records"));
        window.steps(3);
        assert_eq!(sent_rows(&window, "to everybody"), 1);
    }
}

#[test]
fn a_hit_in_a_folded_row_unfolds_it() {
    for lang in LANGS {
        let (mut window, mut peers) = connected(lang, 3);
        window.fill(pick(lang, "发送内容", "Send content"), "needle");
        window.press_send();
        for peer in &mut peers {
            peer.expect(b"needle");
        }
        window.wait(&["→", pick(lang, "全部 3", "All 3"), "needle"]);
        window.fill(pick(lang, "查找", "Find"), "needle");
        window.wait(&["Label 0 / 3"]);
        for _ in 0..3 {
            window.harness.key_press_modifiers(Modifiers::NONE, Key::F3);
            window.steps(3);
        }
        window.wait(&["→ #2 127.0.0.1:", "needle"]);
        assert_eq!(sent_rows(&window, "needle"), 3);
    }
}

#[test]
fn a_file_is_one_row_also_when_it_has_changed_since() {
    for lang in LANGS {
        let (mut window, mut peers) = connected(lang, 1);
        let file = window.folder.path().join("vanish.bin");
        std::fs::File::create(&file).and_then(|file| file.set_len(8 << 20)).expect("file");
        window.send_file(lang, &file);
        let mut peer = peers.remove(0);
        let reader = spawn_named("peer", move || {
            peer.0.read_exact(&mut vec![0; 8 << 20]).expect("the file");
            peer
        });
        let row = ["→ #1 ", pick(lang, "发送文件 vanish.bin 8.0 / 8.0 MiB", "Sent file vanish.bin 8.0 / 8.0 MiB")];
        window.wait(&row);
        let _peer = reader.expect("thread").join().expect("read");
        std::fs::File::create(&file).and_then(|file| file.set_len(5)).expect("cut");
        // A new record arrives: the rows are laid out again.
        window.fill(pick(lang, "发送内容", "Send content"), "after");
        window.press_send();
        let changed = pick(lang, "发送的文件此后已改变", "The file that was sent has changed");
        window.wait(&["→ #1 ", "vanish.bin", changed]);
        let told = window.names().iter().filter(|name| name.contains('→') && name.contains(changed)).count();
        assert_eq!(told, 1, "said once");
    }
}
