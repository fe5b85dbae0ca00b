//! Errors and actions are described completely and plainly.

use crate::support::{LANGS, Peer, Pick, Start, Window};
use egui::accesskit::Role;
use egui::{Shape, Vec2};
use egui_kittest::kittest::Queryable;
use std::fs;
use wirebench::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload, file_stamp};
use wirebench::model::{Direction, PeerId};
use wirebench::words::Lang;

const SIZES: [Vec2; 2] = [Vec2::new(1280.0, 800.0), Vec2::new(1024.0, 640.0)];

fn opened(lang: Lang, size: Vec2) -> (Window, std::net::SocketAddr) {
    let mut window = Start { size, ..Start::new(lang) }.open();
    let address = window.listens(lang);
    (window, address)
}

/// Painted and not cut.
fn is_whole(window: &Window, part: &str) -> bool {
    let mut found = window.harness.output().shapes.iter().filter_map(|shape| match &shape.shape {
        Shape::Text(text) if text.galley.job.text.contains(part) => Some(!text.galley.elided),
        _ => None,
    });
    found.next().is_some_and(|first| first && found.all(|whole| whole))
}

#[test]
fn an_invalid_interval_is_fully_readable_and_only_shown_for_a_repeat() {
    for lang in LANGS {
        for size in SIZES {
            let (mut window, _) = opened(lang, size);
            let words = lang.pick("请输入 1–86400000 的整数", "Enter a whole number from 1 to 86400000");
            window.repeat(lang);
            window.fill(lang.pick("周期（毫秒）", "Period (ms)"), "0");
            window.wait(&[words]);
            assert!(is_whole(&window, words), "{lang:?} {size:?}");
            window.repeat(lang);
            window.steps(2);
            assert!(window.line(&[words]).is_none());
            window.repeat(lang);
            window.wait(&[words]);
        }
    }
}

#[test]
fn a_file_to_two_peers_names_both() {
    for lang in LANGS {
        let (mut window, address) = opened(lang, SIZES[0]);
        let mut peers = [Peer::connect(address), Peer::connect(address)];
        window.wait(&["#2"]);
        let file = window.folder.path().join("two.bin");
        fs::write(&file, [7; 2048]).expect("written");
        window.choose(lang.pick("发送给", "Send to"), lang.pick("全部对端 (2)", "All peers (2)"));
        window.send_file(lang, &file);
        window.wait(&[lang.pick("已发送 4.0 KiB（共 2 个对端）", "4.0 KiB sent to 2 peers")]);
        peers.iter_mut().for_each(|peer| peer.expect(&[7; 2048]));
    }
}

#[test]
fn a_file_that_fails_on_its_way_leaves_a_row() {
    for lang in LANGS {
        let (mut window, address) = opened(lang, SIZES[0]);
        let peer = Peer::connect(address);
        window.wait(&["#1"]);
        let file = window.folder.path().join("large.bin");
        fs::File::create(&file).and_then(|file| file.set_len(1 << 30)).expect("written");
        window.send_file(lang, &file);
        window.wait(&["MiB / 1.0 GiB"]);
        drop(peer);
        window.wait(&[lang.pick("文件未发送完，已发送", "The file was not sent completely"), "/ 1.0 GiB"]);
    }
}

#[test]
fn missing_records_of_an_export_are_reported_in_full() {
    for lang in LANGS {
        for size in SIZES {
            let start = Start { size, ..Start::new(lang) };
            let folder = start.folder.path().canonicalize().expect("there");
            let file = folder.join("gone.txt");
            fs::write(&file, "what is in it").expect("written");
            let endpoint = "tcp://192.0.2.7:7001".parse().expect("endpoint");
            let captures = folder.join("data").join("captures");
            let mut writer = CaptureWriter::create(&captures, &endpoint, CaptureOptions::default()).expect("capture");
            let (bytes, modified_ns) = file_stamp(&file.metadata().expect("there"));
            for _ in 0..2 {
                let payload = Payload::File { path: &file, offset: 0, len: 13, size: bytes, modified_ns, hash: 0 };
                writer.append(&NewRecord::data(Direction::Sent, PeerId(1), payload)).expect("appended");
            }
            writer.close();
            fs::remove_file(&file).expect("removed");

            let mut window = start.open();
            window.click(lang.pick("设置", "Settings"));
            window.segment(lang.pick("捕获记录", "Captures"));
            window.wait(&["ListItem tcp://192.0.2.7:7001"]);
            window.click(lang.pick("打开", "Open"));
            window.wait(&["→", "#1 13"]);
            window.menu(lang.pick("更多", "More"), lang.pick("导出…", "Export…"));
            window.wait(&["TextInput", lang.pick("文件路径", "File path")]);
            let out = folder.join("out.pcapng");
            window.fill(lang.pick("文件路径", "File path"), &out.display().to_string());
            window.start_export(lang);
            let words = lang.pick("2 条记录无法读取", "2 records could not be read");
            window.wait(&[words, lang.pick("已保存", "saved")]);
            assert!(is_whole(&window, words), "{lang:?} {size:?}");
        }
    }
}

#[test]
fn a_short_note_leaves_the_newest_row_in_sight() {
    for lang in LANGS {
        for size in SIZES {
            let (mut window, address) = opened(lang, size);
            let mut peer = Peer::connect(address);
            for number in 0..40 {
                peer.send(format!("row {number}\n").as_bytes());
                window.wait(&["#1", &format!("row {number}")]);
            }
            window.menu(lang.pick("更多", "More"), lang.pick("复制全部显示内容", "Copy everything shown"));
            window.wait(&["Label ", lang.pick("已复制", "opied")]);
            let note = window.harness.get_by_label_contains(lang.pick("已复制", "opied")).rect();
            let row = window.harness.get_by_label_contains("row 39").rect();
            assert!(!note.intersects(row), "{note:?} {row:?}");
        }
    }
}

#[test]
fn a_narrow_strip_of_the_send_area_has_room_for_its_controls() {
    for lang in LANGS {
        let (mut window, _) = opened(lang, SIZES[1]);
        window.harness.set_size(Vec2::new(520.0, 400.0));
        window.steps(4);
        let target = window.harness.get_by_role_and_label(Role::ComboBox, lang.pick("发送给", "Send to")).rect();
        for name in [lang.pick("发送历史", "Send history"), lang.pick("文件", "File")] {
            let button = window.harness.get_by_role_and_label(Role::Button, name).rect();
            assert!(!button.intersects(target), "{name}: {button:?} {target:?}");
        }
    }
}
