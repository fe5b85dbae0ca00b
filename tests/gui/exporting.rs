//! Saving part of the history: the selected records, as records and as frames, in every way.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window};
use egui::{Modifiers, PointerButton};
use egui_kittest::kittest::Queryable;
use std::path::Path;
use wirebench::words::Lang;

/// A server that received three lines, each in a separate read; the file dialog chooses `path`.
fn heard(lang: Lang, path: &Path) -> (Window, Peer) {
    let mut window = Start::new(lang).choosing(path).open();
    let mut peer = Peer::connect(window.listens(lang));
    for line in ["first\n", "second\n", "third\n"] {
        peer.send(line.as_bytes());
        window.wait(&[line.trim_end()]);
    }
    (window, peer)
}

/// Selects the rows from `first` to `last` as complete records.
fn select(window: &mut Window, first: &str, last: &str) {
    for (words, modifiers) in [(first, Modifiers::NONE), (last, Modifiers::SHIFT)] {
        let row = window.harness.get_by_label_contains(words).rect();
        let pos = egui::pos2(row.left() + 40.0, row.center().y);
        window.harness.hover_at(pos);
        window.steps(1);
        for pressed in [true, false] {
            let event = egui::Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers };
            window.harness.event_modifiers(event, modifiers);
            window.steps(1);
        }
    }
}

fn only(lang: Lang) -> &'static str {
    lang.pick("仅选中的记录", "Selected records only")
}

#[test]
fn only_the_selected_records_are_saved() {
    for lang in LANGS {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("out.csv");
        let (mut window, _peer) = heard(lang, &path);
        let (save, saved) = (lang.pick("保存", "Save"), lang.pick("已保存 ", " saved"));
        select(&mut window, "second", "third");
        for (task, start) in [
            (lang.pick("导出…", "Export…"), lang.pick("导出", "Export")),
            (lang.pick("保存接收数据…", "Save received…"), save),
            (lang.pick("保存日志…", "Save log…"), save),
        ] {
            window.menu(lang.pick("更多", "More"), task);
            window.check(only(lang));
            if task == lang.pick("导出…", "Export…") {
                window.choose(lang.pick("导出格式", "Export format"), lang.pick("CSV 表格", "CSV"));
            }
            let file = folder.path().join(format!("{}.csv", task.len()));
            window.fill(lang.pick("文件路径", "File path"), &file.display().to_string());
            window.click(start);
            window.wait(&["ListItem ", file.file_name().expect("a name").to_str().expect("text"), saved]);
            let text = std::fs::read_to_string(&file).expect("file");
            assert!(!text.contains("first") && text.contains("second") && text.contains("third"), "{task}: {text}");
        }
    }
}

#[test]
fn only_the_selected_frames_are_saved() {
    let lang = Lang::En;
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("out.bin");
    let (mut window, mut peer) = heard(lang, &path);
    window.choose("Framing", "Lines (LF or CRLF)");
    // Two frames of one record.
    peer.send(b"fourth\nfifth\n");
    window.wait(&["fifth"]);
    select(&mut window, "fourth", "fourth");
    window.menu("More", "Save received…");
    window.check(only(lang));
    window.click("Choose a location…");
    window.wait(&["ListItem ", " saved"]);
    assert_eq!(std::fs::read(&path).expect("file"), b"fourth\n");
}

#[test]
fn all_is_saved_where_the_box_is_not_ticked() {
    let lang = Lang::ZhCn;
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("out.bin");
    let (mut window, _peer) = heard(lang, &path);
    select(&mut window, "second", "second");
    window.menu("更多", "导出…");
    window.check(only(lang));
    window.check(only(lang));
    window.choose("导出格式", "原始字节");
    window.click("选择位置…");
    window.wait(&["ListItem ", "已保存"]);
    assert_eq!(std::fs::read(&path).expect("file"), b"first\nsecond\nthird\n");
}
