//! Quick commands: kept from the box with one click, run by click and by key, edited in the dock, and kept in a talk file.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::path::PathBuf;
use wirebench::words::Lang;

/// A listening window and a peer.
fn connected(window: &mut Window, lang: Lang) -> Peer {
    let peer = Peer::connect(window.listens(lang));
    window.wait(&[lang.pick("对端 1", "Peers 1")]);
    peer
}

fn alt(window: &mut Window, key: Key) {
    window.harness.key_press_modifiers(Modifiers::ALT, key);
    window.steps(2);
}

/// The only talk file of the data folder.
fn talk_file(window: &Window) -> Option<PathBuf> {
    let mut files = std::fs::read_dir(window.folder.path().join("data/talks")).ok()?;
    let first = files.next()?.ok()?.path();
    assert!(files.next().is_none(), "more than one file");
    Some(first)
}

/// Waits until the talk file of the session has this text.
fn wait_file(window: &mut Window, text: &str) {
    let talks = window.folder.path().join("data/talks");
    window.until(&format!("a file with {text:?}"), |_| {
        let files = std::fs::read_dir(&talks).into_iter().flatten().flatten();
        files.map(|file| std::fs::read_to_string(file.path()).unwrap_or_default()).any(|own| own == text)
    });
}

fn open_dock(window: &mut Window, lang: Lang) {
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::I);
    window.steps(2);
    window.click_as(Role::Tab, lang.pick("指令", "Sends"));
    window.steps(2);
}

/// Send, one click, Alt+1: three acts, of which the click is the only one with the mouse.
#[test]
fn what_was_sent_is_kept_with_one_click_and_sent_again_by_its_key() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        window.wrap(lang, lang.pick("尾", "Tail"), "CRLF");
        window.fill(lang.pick("发送内容", "Send content"), "AT");
        window.press_send();
        peer.expect(b"AT\r\n");
        window.click(lang.pick("添加快捷指令", "Add a quick command"));
        alt(&mut window, Key::Num1);
        peer.expect(b"AT\r\n");
        wait_file(&mut window, "step \"AT\"\n> raw \"AT\" 0D0A\n");
        // The chip does the same, and the record has the mark of a list.
        window.click(lang.pick("运行AT Alt+1", "Run AT Alt+1"));
        peer.expect(b"AT\r\n");
        window.click(lang.pick("撤销", "Undo"));
        wait_file(&mut window, "");
        assert!(!window.shows(lang.pick("运行AT Alt+1", "Run AT Alt+1")));
    }
}

#[test]
fn the_form_adds_and_changes_a_command() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        open_dock(&mut window, lang);
        window.wait(&[lang.pick("还没有指令", "No commands yet")]);
        window.click(lang.pick("新建指令", "New command"));
        let content = lang.pick("指令内容", "Command content");
        window.fill(lang.pick("指令名称", "Command name"), "读温度");
        window.fill(lang.pick("指令分组", "Command group"), "读取");
        window.segment_of(lang.pick("指令格式", "Command format"), "HEX");
        window.fill(content, "01 0");
        window.click(lang.pick("保存", "Save"));
        assert!(window.shows(lang.pick("保存", "Save")), "it has an error");
        window.fill(content, "01 03 {{n:u16}}");
        window.choose(lang.pick("指令校验", "Command checksum"), "CRC-16/MODBUS");
        window.wait(&["01 03 00 00"]);
        window.click(lang.pick("保存", "Save"));
        let lines = "group \"读取\"\nstep \"读温度\"\n> raw 01 03 {{n:u16}} +CRC-16/MODBUS\n";
        wait_file(&mut window, lines);
        for n in 0..2_u8 {
            window.click(lang.pick("运行读温度", "Run 读温度"));
            let mut got = [0; 6];
            std::io::Read::read_exact(&mut peer.0, &mut got).expect("a command");
            assert_eq!(got[..4], [1, 3, 0, n]);
        }
        window.click(lang.pick("编辑读温度", "Edit 读温度"));
        window.fill(content, "01 04");
        window.click(lang.pick("保存", "Save"));
        wait_file(&mut window, &lines.replace("01 03 {{n:u16}}", "01 04"));
    }
}

impl Window {
    /// Chooses a segment of the control with this name; other controls have segments of the same name.
    fn segment_of(&mut self, control: &str, segment: &str) {
        let place = self.place(control);
        let inside: Vec<_> = self
            .harness
            .query_all_by_role(Role::RadioButton)
            .filter(|node| node.rect().intersects(place) && node.rect().center().x > place.center().x)
            .collect();
        inside.first().expect(segment).click();
        self.steps(3);
    }
}

#[test]
fn an_edit_changes_only_its_lines_of_a_file_that_the_user_opened() {
    let lang = Lang::ZhCn;
    let folder = std::sync::Arc::new(tempfile::tempdir().expect("folder"));
    let path = folder.path().join("电表.talk");
    let text = "# 电表 \r\nvar unit = 7\r\n\r\nstep '电压' within 2s  # keep\r\n>  {{unit:u8}} 03 # this too\r\n\r\non 01 { > 02 }\r\n";
    std::fs::write(&path, text).expect("file");
    let mut window = Start::in_folder(lang, folder).choosing(&path).open();
    let mut peer = connected(&mut window, lang);
    open_dock(&mut window, lang);
    window.click("打开 .talk 文件…");
    window.click("运行电压");
    peer.expect(&[7, 3]);
    window.click("编辑电压");
    window.fill("指令内容", "{{unit:u8}} 04");
    window.click("保存");
    let edited = text.replace("03 #", "04 #");
    window.until("the file is written", |_| std::fs::read_to_string(&path).is_ok_and(|now| now == edited));
    // Another program changes it: the list follows when the window gets the focus.
    std::fs::write(&path, format!("{edited}> \"new\"\r\n")).expect("file");
    window.harness.event(Event::WindowFocused(true));
    window.wait(&["Button 运行new Alt+2"]);
    // An edit over a change that nobody has seen is held back.
    std::fs::write(&path, "> \"theirs\"\n").expect("file");
    window.click("电压的更多操作");
    window.click_as(Role::MenuItem, "删除");
    window.wait(&["其他程序修改了此文件"]);
    assert_eq!(std::fs::read_to_string(&path).expect("file"), "> \"theirs\"\n");
    window.click("放弃我的修改");
    window.wait(&["Button 运行theirs Alt+1"]);
    assert!(talk_file(&window).is_none(), "the session has no file of its own");
}

#[test]
fn a_file_with_errors_is_shown_with_them_and_stays_as_it_is() {
    for lang in LANGS {
        let folder = std::sync::Arc::new(tempfile::tempdir().expect("folder"));
        let path = folder.path().join("a.talk");
        std::fs::write(&path, "> 01\n> 0\n").expect("file");
        let mut window = Start::in_folder(lang, folder).choosing(&path).open();
        open_dock_without_log(&mut window, lang);
        window.click(lang.pick("打开 .talk 文件…", "Open a talk file…"));
        window.wait(&[lang.pick("第 2 行：", "Line 2: ")]);
        window.click(lang.pick("01的更多操作", "More about 01"));
        window.click_as(Role::MenuItem, lang.pick("删除", "Delete"));
        window.wait(&[lang.pick(".talk 文件有错误", "The talk file has errors")]);
        assert_eq!(std::fs::read_to_string(&path).expect("file"), "> 01\n> 0\n");
    }
}

/// By the palette: a tab that was never opened has no log.
fn open_dock_without_log(window: &mut Window, lang: Lang) {
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.steps(2);
    window.harness.event(Event::Text(lang.pick("快捷指令", "Quick commands").to_owned()));
    window.steps(2);
    window.harness.key_press(Key::Enter);
    window.steps(4);
}

#[test]
fn commands_run_together_again_and_again_and_are_stopped() {
    for lang in LANGS {
        let folder = std::sync::Arc::new(tempfile::tempdir().expect("folder"));
        let path = folder.path().join("a.talk");
        std::fs::write(&path, "> \"a\"\nwait 20ms\nstep \"off\"\n> \"b\"\ngroup \"g\"\n> \"c\"\nwait 5ms\n")
            .expect("file");
        let mut window = Start::in_folder(lang, folder).choosing(&path).open();
        let mut peer = connected(&mut window, lang);
        open_dock(&mut window, lang);
        window.click(lang.pick("打开 .talk 文件…", "Open a talk file…"));
        window.click(lang.pick("off的更多操作", "More about off"));
        window.click_as(Role::MenuItem, lang.pick("不随全部运行", "Leave out of Run all"));
        window.steps(8);
        window.click(lang.pick("运行全部", "Run all"));
        peer.expect(b"ac");
        window.click(lang.pick("循环运行g", "Run g repeatedly"));
        peer.expect(b"ccccc");
        window.click(lang.pick("停止全部指令", "Stop all commands"));
        window.wait_enabled(lang.pick("运行全部", "Run all"));
    }
}

#[test]
fn a_deleted_command_comes_back_and_order_is_changed_by_keys() {
    let lang = Lang::En;
    let folder = std::sync::Arc::new(tempfile::tempdir().expect("folder"));
    let path = folder.path().join("a.talk");
    std::fs::write(&path, "> \"a\"\n> \"b\"\n> \"c\"\n").expect("file");
    let mut window = Start::in_folder(lang, folder).choosing(&path).open();
    connected(&mut window, lang);
    open_dock(&mut window, lang);
    window.click("Open a talk file…");
    window.wait(&["ListItem b"]);
    let is = |text: &'static str| {
        let path = path.clone();
        move |_: &_| std::fs::read_to_string(&path).is_ok_and(|now| now == text)
    };
    window.harness.get_by_role_and_label(Role::ListItem, "b · b · Alt+2").focus();
    window.steps(2);
    alt(&mut window, Key::ArrowUp);
    window.until("b is first", is("> \"b\"\n> \"a\"\n> \"c\"\n"));
    window.click("More about c");
    window.click_as(Role::MenuItem, "Delete");
    window.until("c is gone", is("> \"b\"\n> \"a\"\n"));
    window.click("Undo");
    window.until("c is back", is("> \"b\"\n> \"a\"\n> \"c\"\n"));
}

#[test]
fn the_list_is_there_again_after_a_restart_and_a_duplicate_has_its_own() {
    let lang = Lang::ZhCn;
    let mut first = window(lang);
    first.fill("发送内容", "AT");
    first.click("添加快捷指令");
    wait_file(&mut first, "step \"AT\"\n> raw \"AT\"\n");
    let folder = first.folder.clone();
    drop(first);
    let mut second = Start::in_folder(lang, folder).open();
    second.wait(&["Button 运行AT Alt+1"]);
    let own = talk_file(&second).expect("a file");
    second.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
    second.steps(2);
    second.harness.event(Event::Text("复制会话".to_owned()));
    second.steps(2);
    second.harness.key_press(Key::Enter);
    second.wait(&["Button 运行AT Alt+1"]);
    second.fill("发送内容", "ATI");
    second.click("添加快捷指令");
    wait_file(&mut second, "step \"AT\"\n> raw \"AT\"\nstep \"ATI\"\n> raw \"ATI\"\n");
    assert_eq!(std::fs::read_to_string(own).expect("file"), "step \"AT\"\n> raw \"AT\"\n");
}

#[test]
fn a_command_that_is_not_written_is_reported_at_once_and_offered_after_a_restart() {
    for lang in LANGS {
        let mut first = window(lang);
        first.fill(lang.pick("发送内容", "Send content"), "AT");
        first.click(lang.pick("添加快捷指令", "Add a quick command"));
        wait_file(&mut first, "step \"AT\"\n> raw \"AT\"\n");
        let path = talk_file(&first).expect("a file");
        std::fs::write(&path, "> \"theirs\"\n").expect("file");
        first.fill(lang.pick("发送内容", "Send content"), "ATI");
        first.click(lang.pick("添加快捷指令", "Add a quick command"));
        // The dock was closed; it shows what is wrong and the ways out.
        first.wait(&[lang.pick("最近的修改尚未写入 .talk 文件", "Your last edits are not in the talk file yet")]);
        first.wait(&[lang.pick("其他程序修改了此文件", "Another program has changed this file")]);
        assert!(first.shows(lang.pick("保留我的修改", "Keep my edits")));
        let folder = first.folder.clone();
        drop(first);
        let mut second = Start::in_folder(lang, folder).open();
        open_dock_without_log(&mut second, lang);
        second.wait(&[lang.pick("上次有修改未能写入", "Edits that could not be written last time")]);
        second.click(lang.pick("使用这些修改", "Use these edits"));
        second.wait(&[lang.pick("Button 运行ATI Alt+2", "Button Run ATI Alt+2")]);
        let wanted = "step \"AT\"\n> raw \"AT\"\nstep \"ATI\"\n> raw \"ATI\"\n";
        wait_file(&mut second, wanted);
        second.until("the file beside it is gone", |_| !path.with_extension("unsaved.talk").exists());
    }
}

#[test]
fn without_a_connection_a_command_says_so() {
    for lang in LANGS {
        let mut window = window(lang);
        window.fill(lang.pick("发送内容", "Send content"), "AT");
        window.click(lang.pick("添加快捷指令", "Add a quick command"));
        alt(&mut window, Key::Num1);
        window.wait(&[lang.pick("未连接，没有发送", "Not connected, so nothing was sent")]);
    }
}

#[test]
fn a_row_of_the_log_a_sent_message_and_the_palette_keep_and_run_commands() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = connected(&mut window, lang);
        peer.send(b"STATUS 7\r\n");
        window.wait(&["STATUS 7"]);
        window.fill(lang.pick("发送内容", "Send content"), "PING");
        window.press_send();
        peer.expect(b"PING");
        // A row of the log, by its menu.
        let row = window.wait(&["Label ", "STATUS 7"]).trim_start_matches("Label ").to_owned();
        window.harness.get_by_role_and_label(Role::Label, &row).click();
        window.steps(2);
        window.harness.get_by_role_and_label(Role::Label, &row).click_secondary();
        window.steps(4);
        window.click_as(Role::MenuItem, lang.pick("存为快捷指令", "Save as quick command"));
        wait_file(&mut window, "step \"STATUS 7\"\n> raw \"STATUS 7\\r\\n\"\n");
        alt(&mut window, Key::Num1);
        peer.expect(b"STATUS 7\r\n");
        // A message of the history.
        window.click(lang.pick("发送历史", "Send history"));
        window.click(lang.pick("将PING存为快捷指令", "Save PING as quick command"));
        window.harness.key_press(Key::Escape);
        window.steps(8);
        alt(&mut window, Key::Num2);
        peer.expect(b"PING");
        // The palette finds it by what it sends.
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        window.steps(2);
        window.harness.event(Event::Text("PING".to_owned()));
        window.steps(2);
        window.harness.key_press(Key::Enter);
        window.steps(2);
        peer.expect(b"PING");
    }
}

#[test]
fn a_list_of_another_program_is_added_with_notes_about_what_was_left_out() {
    for lang in LANGS {
        let folder = std::sync::Arc::new(tempfile::tempdir().expect("folder"));
        let path = folder.path().join("packets.ini");
        let list = "[NAMES]\n1\\name=Probe\n2\\name=Page\nsize=2\n[Probe]\nhexString=50 49\ntoIP=10.0.0.1\n[Page]\nhexString=41\ntcpOrUdp=HTTP GET\n";
        std::fs::write(&path, list).expect("file");
        let mut window = Start::in_folder(lang, folder).choosing(&path).open();
        let mut peer = connected(&mut window, lang);
        open_dock(&mut window, lang);
        window.click(lang.pick("从 Packet Sender 或 CSV 导入…", "Import from Packet Sender or CSV…"));
        window.wait(&[lang.pick("Page：未导入", "Page: left out")]);
        window.wait(&[lang.pick("未采用其中的地址", "Its addresses are not used")]);
        window.click(lang.pick("运行Probe", "Run Probe"));
        peer.expect(b"PI");
        window.click(lang.pick("关闭说明", "Close the notes"));
        assert!(window.line(&["Page"]).is_none());
        wait_file(&mut window, "group \"packets.ini\"\nstep \"Probe\"\n> raw 50 49\n");
    }
}

#[test]
fn a_command_that_waits_shows_whether_its_answer_came_and_is_stopped_at_once() {
    for lang in LANGS {
        let folder = std::sync::Arc::new(tempfile::tempdir().expect("folder"));
        let path = folder.path().join("a.talk");
        let list = "step \"ask\"\n> \"AT\"\n< \"OK\" within 20s\nstep \"next\"\n> \"B\"\nstep \"beat\"\nrepeat every 20ms { > \"{{n:03}}\" }\n";
        std::fs::write(&path, list).expect("file");
        let mut window = Start::in_folder(lang, folder).choosing(&path).open();
        let mut peer = connected(&mut window, lang);
        open_dock(&mut window, lang);
        window.click(lang.pick("打开 .talk 文件…", "Open a talk file…"));
        window.click(lang.pick("运行ask", "Run ask"));
        peer.expect(b"AT");
        window.wait(&[lang.pick("Button 停止ask", "Button Stop ask")]);
        peer.send(b"OK");
        window.wait(&["ListItem ask", "✓"]);
        // A wait is ended at once.
        alt(&mut window, Key::Num1);
        peer.expect(b"AT");
        window.click(lang.pick("停止ask", "Stop ask"));
        window.wait(&[lang.pick("Button 运行ask", "Button Run ask")]);
        // A repeat without end counts.
        window.click(lang.pick("运行beat", "Run beat"));
        peer.expect(b"000001002003");
        window.click(lang.pick("停止beat", "Stop beat"));
        window.wait(&[lang.pick("Button 运行beat", "Button Run beat")]);
    }
}
