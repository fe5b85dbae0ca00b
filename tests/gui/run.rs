//! The run of a talk file: its steps in the dock, the results in the drawer, the chip in the status line.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Pick, Start, Window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use wirebench::words::Lang;

/// The address is that of the tab, so its session is used; the frames are lines.
const STEPS: &str = "session listen tcp://127.0.0.1:0 { frame line }\n\
                     step \"shake\"\n> \"A\"\n< \"B\" within 30s\nstep \"wrong\"\n> \"C\"\n< next \"D1\" within 30s\n\
                     step \"after\"\n> \"E\"\n< next \"F\" within 30s\n";

/// Answers each line with the next answer. The window needs its frames meanwhile, so it is a thread.
fn device(window: &mut Window, lang: Lang, answers: &'static [(&'static str, &'static str)]) {
    let peer = TcpStream::connect(window.listens(lang)).expect("connected");
    window.wait(&[lang.pick("对端 1", "Peers 1")]);
    wirebench::jobs::thread::spawn_named("device", move || {
        let mut lines = BufReader::new(peer.try_clone().expect("cloned")).lines();
        for (asked, answer) in answers {
            match lines.next() {
                Some(Ok(line)) if line == *asked => (&peer).write_all(answer.as_bytes()).expect("sent"),
                _ => return,
            }
        }
        lines.next();
    })
    .expect("a thread");
}

/// A listening window with the steps in its dock, and a device.
fn opened(lang: Lang, text: &str, answers: &'static [(&'static str, &'static str)]) -> Window {
    let folder = std::sync::Arc::new(tempfile::tempdir().expect("folder"));
    let path = folder.path().join("meter.talk");
    std::fs::write(&path, text).expect("file");
    let mut window = Start::in_folder(lang, folder).choosing(&path).open();
    device(&mut window, lang, answers);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::I);
    window.steps(2);
    window.click_as(Role::Tab, lang.pick("指令", "Sends"));
    window.click(lang.pick("运行步骤…", "Run the steps…"));
    window.click(lang.pick("打开 .talk 文件…", "Open a talk file…"));
    window.wait(&["meter.talk"]);
    window
}

#[test]
fn steps_run_over_the_open_tab_and_a_failure_shows_its_place() {
    for lang in LANGS {
        let answers = &[("A", "B\n"), ("C", "D2\n"), ("E", "F\n"), ("C", "D1\n")];
        let mut window = opened(lang, STEPS, answers);
        window.wait(&[lang.pick("1 shake 未运行", "1 shake not run")]);
        window.click(lang.pick("运行全部", "Run all steps"));
        // The result opens by itself: the step and its line.
        window.wait(&[lang.pick("2 通过，1 失败", "2 passed, 1 failed")]);
        window.wait(&[lang.pick("第 2 步，文件第 7 行", "Step 2, line 7")]);
        window.wait(&[lang.pick("期望 44 31", "Expected 44 31")]);
        window.wait(&[lang.pick("收到 44 32", "Received 44 32")]);
        // The report of the round, in each form.
        let folder = window.folder.clone();
        for (form, end, says) in [
            ("JUnit XML", "xml", "<failure"),
            ("TAP", "tap", "not ok 2 - wrong"),
            ("JSON Lines", "jsonl", "\"failed\""),
        ] {
            window.click(lang.pick("导出报告", "Export report"));
            window.segment(form);
            window.fill(lang.pick("文件路径", "File path"), &folder.path().join("report").display().to_string());
            window.click(lang.pick("保存", "Save"));
            let path = folder.path().join(format!("report.{end}"));
            window.until("the report", |_| std::fs::read_to_string(&path).is_ok_and(|text| text.contains(says)));
            window.wait(&[&format!("report.{end}"), lang.pick("已保存", "saved")]);
            window.click_as(Role::Tab, lang.pick("结果", "Results"));
        }
        // One step again, alone.
        window.click(lang.pick("重跑这一步", "Run this step again"));
        window.wait(&[lang.pick("1 通过，2 未运行", "1 passed, 2 not run")]);
        window.click(lang.pick("返回指令列表", "Back to the list of commands"));
        window.wait(&[lang.pick("新建指令", "New command")]);
    }
}

#[test]
fn a_wait_of_a_run_is_stopped_in_the_dock_and_in_the_status_line() {
    for lang in LANGS {
        let mut window = opened(lang, "step \"ping\"\n> \"A\\n\"\n< next \"B\\n\" within 1h\n", &[]);
        window.click(lang.pick("运行全部", "Run all steps"));
        window.wait(&[lang.pick("第 1 / 1 轮", "Round 1 / 1")]);
        window.wait(&[lang.pick("运行 1 / 1", "Run 1 / 1")]);
        let stop = lang.pick("停止运行", "Stop the run");
        window.until("two ways to stop", |harness| harness.query_all_by_label(stop).count() == 2);
        let first = window.harness.query_all_by_label(stop).next().expect("shown");
        first.click();
        window.until("the run ends", |harness| harness.query_all_by_label(stop).next().is_none());
        window.wait(&[lang.pick("1 失败", "1 failed")]);
    }
}
