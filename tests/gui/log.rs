//! The traffic view over a real capture: visible rows, following and holding, selecting and copying, both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use wirebench::capture::{CaptureOptions, CaptureWriter, Marks, NewRecord, Payload, RecordKind, SessionNote};
use wirebench::codec::Encoding;
use wirebench::gui::log::{LogAction, LogOptions, LogView};
use wirebench::gui::theme;
use wirebench::lines::{Cell, Row, RowKind, View, ViewConfig, ViewMode};
use wirebench::model::{Direction, PeerId};
use wirebench::settings::{ColumnSetup, LogColumn, Theme};
use wirebench::words::Lang;

/// A window that contains only a log.
pub struct Alone {
    pub log: LogView,
    pub options: LogOptions,
    writer: CaptureWriter,
    is_udp: bool,
    pub actions: Vec<LogAction>,
    _folder: tempfile::TempDir,
}

impl eframe::App for Alone {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        let ctx = ctx.clone();
        let wake: wirebench::jobs::Wake = std::sync::Arc::new(move || ctx.request_repaint());
        self.log.tick_far(&wake);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let options = self.options;
        self.actions.extend(self.log.show(ui, 1, &options));
    }
}

impl Alone {
    pub fn append(&mut self, kind: RecordKind, direction: Option<Direction>, peer: PeerId, bytes: &[u8]) {
        let marks = if self.is_udp { Marks::MESSAGE } else { Marks::default() };
        let record = NewRecord { marks, kind, direction, peer, payload: Payload::Bytes(bytes) };
        self.writer.append(&record).expect("append");
        self.writer.flush().expect("flush");
    }

    pub fn received(&mut self, peer: PeerId, bytes: &[u8]) {
        self.append(RecordKind::Data, Some(Direction::Received), peer, bytes);
    }

    pub fn peer(&mut self, address: &str) -> PeerId {
        self.writer.add_peer(address.parse().expect("address")).expect("peer")
    }
}

fn options(mode: ViewMode, lang: Lang) -> LogOptions {
    let columns = ColumnSetup { hidden: vec![LogColumn::Delta].into(), bytes: 16, ..ColumnSetup::default() };
    LogOptions { lang, mode, encoding: Encoding::UTF_8, columns, show_peers: true }
}

fn window<'a>(endpoint: &str, options: LogOptions) -> Harness<'a, Alone> {
    let folder = tempfile::tempdir().expect("folder");
    let endpoint: wirebench::model::Endpoint = endpoint.parse().expect("endpoint");
    let writer = CaptureWriter::create(folder.path(), &endpoint, CaptureOptions::default()).expect("capture");
    let mut log = LogView::new();
    log.set_capture(Some(writer.reader()));
    let is_udp = endpoint.transport == wirebench::model::Transport::Udp;
    let alone = Alone { log, options, writer, is_udp, actions: Vec::new(), _folder: folder };
    Harness::builder().with_size([800.0, 400.0]).build_eframe(|cc| {
        theme::install(&cc.egui_ctx, Theme::Light);
        alone
    })
}

pub fn server<'a>(mode: ViewMode) -> Harness<'a, Alone> {
    window("tcp://0.0.0.0:8080", options(mode, Lang::ZhCn))
}

/// The centre of byte `index` in row `row`, with 16 bytes per row.
pub fn byte(row: usize, index: usize) -> Pos2 {
    pos2(277.0 + 21.0 * index as f32 + if index > 7 { 7.0 } else { 0.0 } + 7.0, 36.0 + 20.0 * row as f32)
}

/// Presses the button at one position and releases it at another.
pub fn drag(window: &mut Harness<'_, Alone>, from: Pos2, to: Pos2) {
    window.hover_at(from);
    window.step();
    window.drag_at(from);
    window.step();
    for part in 1_u8..=4 {
        window.hover_at(from + (to - from) * (f32::from(part) / 4.0));
        window.step();
    }
    window.drop_at(to);
    window.step();
    window.step();
}

pub fn click(window: &mut Harness<'_, Alone>, at: Pos2, button: PointerButton) {
    window.hover_at(at);
    window.step();
    for pressed in [true, false] {
        window.event(Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
        window.step();
    }
    window.step();
}

/// The text that these events copy to the clipboard.
pub fn copied(window: &mut Harness<'_, Alone>, event: Event, modifiers: Modifiers) -> Option<String> {
    window.event(Event::ModifiersChanged(modifiers));
    window.step();
    window.event(event);
    window.step();
    let commands = window.output().platform_output.commands.clone();
    window.event(Event::ModifiersChanged(Modifiers::NONE));
    window.step();
    commands.into_iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text),
        _ => None,
    })
}

#[test]
fn rows_are_there_as_text_for_screen_readers_in_every_mode() {
    let mut window = server(ViewMode::Dump);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().append(RecordKind::PeerJoined, None, peer, b"");
    window.state_mut().received(peer, "温度 23.5\r\n".as_bytes());
    window.state_mut().append(RecordKind::Data, Some(Direction::Sent), peer, &[1, 3, 0, 0xFF]);
    window.step();
    window.get_by_label_contains("#1 192.168.1.23:52811 已连接");
    window.get_by_label_contains("← #1 192.168.1.23:52811 13 E6 B8 A9 E5 BA A6 20 32 33 2E 35 0D 0A");
    window.get_by_label_contains("→ #1 192.168.1.23:52811 4 01 03 00 FF");

    window.state_mut().options.mode = ViewMode::Text;
    window.step();
    window.get_by_label_contains("13 温度 23.5\\r\\n");
    window.state_mut().options.mode = ViewMode::Hex;
    window.step();
    window.get_by_label_contains("4 01 03 00 FF");
    assert!(window.query_by_label_contains("温度").is_none(), "hex mode shows no text");
}

#[test]
fn events_speak_the_chosen_language() {
    let mut window = server(ViewMode::Text);
    let note = SessionNote::Listening { local: "127.0.0.1:8080".parse().expect("address") };
    let note = serde_json::to_vec(&note).expect("note");
    window.state_mut().append(RecordKind::State, None, PeerId::NONE, &note);
    window.step();
    window.get_by_label_contains("开始监听 127.0.0.1:8080");
    window.state_mut().options.lang = Lang::En;
    window.step();
    window.get_by_label_contains("Listening on 127.0.0.1:8080");
    window.get_by_label("Traffic");
}

#[test]
fn a_udp_peer_is_heard_and_does_not_connect() {
    let mut window = window("udp://0.0.0.0:9000", options(ViewMode::Text, Lang::En));
    let peer = window.state_mut().peer("10.0.0.7:4000");
    window.state_mut().append(RecordKind::PeerJoined, None, peer, b"");
    window.state_mut().received(peer, b"");
    window.step();
    window.get_by_label_contains("New sender 10.0.0.7:4000");
    window.get_by_label_contains("10.0.0.7:4000 0 Empty datagram");
}

#[test]
fn invalid_bytes_are_kept_and_take_no_row_of_their_own() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().received(peer, b"4.2\xB0\n");
    window.step();
    window.get_by_label_contains("5 4.2\\xB0\\n");
    assert!(window.query_by_label_contains("UTF-8，").is_none());
}

#[test]
fn the_newest_row_is_followed_until_the_wheel_goes_up() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    for line in 0..100 {
        window.state_mut().received(peer, format!("line {line}.\n").as_bytes());
    }
    window.step();
    window.get_by_label_contains("line 99.");
    assert!(window.query_by_label_contains("line 40.").is_none());

    window.hover_at(pos2(400.0, 200.0));
    window.step();
    window.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: egui::vec2(0.0, 400.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Unknown,
        modifiers: Modifiers::NONE,
    });
    window.run_steps(30);
    assert!(!window.state().log.follows());
    assert!(window.query_by_label_contains("line 99.").is_none());
    let stands = window.query_by_label_contains("line 70.").is_some();
    for line in 100..104 {
        window.state_mut().received(peer, format!("line {line}.\n").as_bytes());
    }
    window.run_steps(2);
    assert_eq!(window.query_by_label_contains("line 70.").is_some(), stands, "nothing jumps");
    assert!(window.query_by_label("已停止跟随，下方 4 条新数据").is_some());
    assert_eq!(window.state().log.unseen(), 4);

    window.get_by_label("回到最新").click();
    window.run_steps(3);
    assert!(window.state().log.follows());
    window.get_by_label_contains("line 103.");
    assert!(window.query_by_label_contains("回到最新").is_none());
}

#[test]
fn dragged_bytes_are_copied_as_hex_and_as_text() {
    let mut window = server(ViewMode::Dump);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().received(peer, b"0123456789ABCDEFGH");
    window.step();
    drag(&mut window, byte(0, 14), byte(1, 1));
    let selected = window.state().log.selected().expect("a selection");
    assert_eq!((selected.record, selected.range.clone(), selected.bytes.as_slice()), (0, 14..18, b"EFGH".as_slice()));
    assert!(window.state().log.follows(), "the newest row is in sight");
    assert_eq!(copied(&mut window, Event::Copy, Modifiers::NONE).as_deref(), Some("45 46 47 48"));
    assert_eq!(copied(&mut window, Event::Copy, Modifiers::SHIFT).as_deref(), Some("EFGH"));
    assert_eq!(window.state().actions.first(), Some(&LogAction::Copied { bytes: 4, cut: false }));
}

#[test]
fn dragged_text_is_copied_as_text() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().received(peer, "温度=23\n".as_bytes());
    window.step();
    // From the second hanzi (cells 2 and 3) to the digit 2 (cell 5).
    drag(&mut window, pos2(245.0 + 21.0, 36.0), pos2(245.0 + 38.0, 36.0));
    assert_eq!(copied(&mut window, Event::Copy, Modifiers::NONE).as_deref(), Some("度=2"));
}

#[test]
fn a_click_on_the_time_selects_the_record_and_shift_extends() {
    let mut window = server(ViewMode::Hex);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    for byte in 1..=3_u8 {
        window.state_mut().received(peer, &[byte; 2]);
    }
    window.step();
    click(&mut window, pos2(40.0, 36.0), PointerButton::Primary);
    assert_eq!(copied(&mut window, Event::Copy, Modifiers::NONE).as_deref(), Some("01 01"));
    let at = pos2(40.0, 76.0);
    window.hover_at(at);
    for pressed in [true, false] {
        let event =
            Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::SHIFT };
        window.event_modifiers(event, Modifiers::SHIFT);
        window.step();
    }
    assert_eq!(copied(&mut window, Event::Copy, Modifiers::NONE).as_deref(), Some("01 01\n02 02\n03 03"));
    window.key_press(Key::Escape);
    window.step();
    assert_eq!(window.state().log.selected(), None);
}

#[test]
fn everything_is_selected_with_ctrl_a() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().received(peer, b"one\n");
    window.state_mut().received(peer, b"two\n");
    window.step();
    window.get_by_label("收发记录").focus();
    window.step();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.step();
    assert_eq!(window.state().log.selected().map(|s| s.records), Some(2));
    assert_eq!(copied(&mut window, Event::Copy, Modifiers::NONE).as_deref(), Some("one\ntwo\n"));
}

#[test]
fn the_menu_of_a_right_click_copies_and_fills_the_send_box() {
    let mut window = server(ViewMode::Dump);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().received(peer, &[1, 2, 0xAB]);
    window.step();
    click(&mut window, byte(0, 1), PointerButton::Secondary);
    window.get_by_label("复制为 C 数组").click();
    window.step();
    let commands = window.output().platform_output.commands.clone();
    let array = "const unsigned char data[3] = {\n    0x01, 0x02, 0xAB,\n};\n";
    assert!(matches!(commands.as_slice(), [egui::OutputCommand::CopyText(text)] if text == array), "{commands:?}");
    window.step();
    click(&mut window, byte(0, 1), PointerButton::Secondary);
    window.get_by_label("填入发送框").click();
    window.run_steps(2);
    let fill = LogAction::FillSendBox { bytes: vec![1, 2, 0xAB], as_text: false };
    assert!(window.state().actions.contains(&fill), "{:?}", window.state().actions);
}

#[test]
fn the_button_of_a_row_copies_its_record() {
    let mut window = server(ViewMode::Hex);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().received(peer, &[0x41, 0x42]);
    window.step();
    window.hover_at(pos2(400.0, 36.0));
    window.run_steps(2);
    window.get_by_label("复制此条").click();
    window.step();
    let commands = window.output().platform_output.commands.clone();
    assert!(matches!(commands.as_slice(), [egui::OutputCommand::CopyText(text)] if text == "41 42"), "{commands:?}");
    assert_eq!(window.state().log.selected(), None, "copying leaves no selection");
}

#[test]
fn events_alone_are_copied_as_sentences() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().append(RecordKind::PeerJoined, None, peer, b"");
    window.step();
    click(&mut window, pos2(40.0, 36.0), PointerButton::Primary);
    let text = copied(&mut window, Event::Copy, Modifiers::NONE).expect("copied");
    assert!(text.contains("192.168.1.23:52811 已连接"), "{text}");
}

#[test]
fn cleared_rows_are_only_out_of_sight() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().received(peer, b"old\n");
    window.step();
    window.state_mut().log.clear();
    window.state_mut().received(peer, b"new\n");
    window.step();
    assert!(window.query_by_label_contains("old").is_none());
    window.get_by_label_contains("new");
    window.state_mut().log.show_from(0);
    window.step();
    window.get_by_label_contains("old");
}

#[test]
fn keys_reach_both_ends_of_a_long_history() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    for line in 0..20_000 {
        let bytes = format!("line {line}.\n");
        let record = NewRecord {
            marks: Default::default(),
            kind: RecordKind::Data,
            direction: Some(Direction::Received),
            peer,
            payload: Payload::Bytes(bytes.as_bytes()),
        };
        window.state_mut().writer.append(&record).expect("append");
    }
    window.state_mut().writer.flush().expect("flush");
    window.step();
    window.get_by_label("收发记录").focus();
    window.step();
    window.key_press(Key::Home);
    window.run_steps(2);
    window.get_by_label_contains(" line 0.");
    window.key_press(Key::PageDown);
    window.run_steps(2);
    assert!(window.query_by_label_contains(" line 0.").is_none());
    window.get_by_label_contains(" line 17.");
    window.key_press(Key::ArrowUp);
    window.run_steps(2);
    window.get_by_label_contains(" line 15.");
    window.key_press(Key::End);
    window.run_steps(2);
    window.get_by_label_contains(" line 19999.");
    assert!(window.state().log.follows(), "the end is followed again");
}

#[test]
fn the_scroll_bar_can_be_dragged_anywhere() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    for line in 0..1000 {
        window.state_mut().received(peer, format!("line {line}.\n").as_bytes());
    }
    window.run_steps(2);
    let track = window.get_by_label("收发记录滚动条").rect();
    drag(&mut window, track.right_bottom() - egui::vec2(4.0, 5.0), track.right_top() + egui::vec2(-4.0, 2.0));
    window.get_by_label_contains(" line 0.");
    assert!(!window.state().log.follows());
    // Shorter now, because the strip has appeared.
    let track = window.get_by_label("收发记录滚动条").rect();
    drag(&mut window, track.right_top() + egui::vec2(-4.0, 5.0), track.right_center() - egui::vec2(4.0, 0.0));
    let near = (460..540).filter(|line| window.query_by_label_contains(&format!(" line {line}.")).is_some()).count();
    assert!(near > 5, "the middle of the bar is the middle of the history");
}

#[test]
fn another_mode_or_width_keeps_the_place() {
    let mut window = server(ViewMode::Dump);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    for line in 0..200 {
        window.state_mut().received(peer, format!("the number of this line is {line}.\n").as_bytes());
    }
    window.step();
    window.state_mut().log.go_to(100, 0, 4);
    window.run_steps(2);
    for mode in [ViewMode::Hex, ViewMode::Dump, ViewMode::Text] {
        window.state_mut().options.mode = mode;
        window.run_steps(2);
    }
    window.get_by_label_contains("line is 96.");
    window.set_size(egui::vec2(500.0, 400.0));
    window.state_mut().options.mode = ViewMode::Dump;
    window.run_steps(3);
    assert_eq!(window.state().log.selected().map(|s| (s.record, s.range)), Some((100, 0..4)));
}

#[test]
fn a_log_without_a_capture_is_quiet() {
    let mut window = server(ViewMode::Dump);
    window.state_mut().log.set_capture(None);
    window.run_steps(2);
    assert_eq!(window.state().log.selected(), None);
    assert_eq!(window.state().log.unseen(), 0);
    window.state_mut().log.clear();
    window.state_mut().log.set_follow(false);
    window.run_steps(2);
    assert!(window.state().actions.is_empty());
}

#[test]
fn characters_are_not_drawn_wider_than_their_cells() {
    let mut window = server(ViewMode::Text);
    window.step();
    let font = theme::mono(theme::measure::TEXT);
    let drawn: std::collections::BTreeMap<char, f32> = window.ctx.fonts_mut(|fonts| {
        let characters = ('\u{20}'..='\u{FFFF}').filter(|&c| fonts.has_glyph(&font, c)).collect::<Vec<_>>();
        characters.into_iter().map(|c| (c, fonts.glyph_width(&font, c))).collect()
    });
    assert!(drawn.len() > 20_000, "the fonts hold GBK: {}", drawn.len());
    let text: String = drawn.keys().collect();
    let peer = window.state_mut().peer("192.168.1.23:52811");
    for part in text.as_bytes().chunks(32_000) {
        window.state_mut().received(peer, part);
    }
    let config = ViewConfig { mode: ViewMode::Text, encoding: Encoding::UTF_8, bytes_per_row: 16, text_cells: 100 };
    let mut view = View::new(window.state().writer.reader(), config, 0);
    let mut wide = String::new();
    let mut cells = 0;
    let mut place = view.start();
    loop {
        let rows = view.rows(place, 500);
        for cell in rows.iter().filter(|row| row.place >= place).filter_map(cells_of).flatten() {
            let mut characters = cell.text.chars();
            let (Some(c), None) = (characters.next(), characters.next()) else { continue };
            cells += 1;
            let width = drawn.get(&c).copied().unwrap_or(0.0);
            // Half a point of a wide glyph is not visible, a second cell is.
            if width > f32::from(cell.width) * 7.0 + 2.0 {
                wide.push(c);
            }
        }
        let Some(last) = rows.last().map(|row| row.place) else { break };
        place = view.moved(last, 1);
        if place <= last {
            break;
        }
    }
    assert!(cells > 20_000, "{cells} cells");
    // A few rare symbols, which are drawn smaller.
    assert!(wide.chars().count() < 10, "drawn over their neighbours: {wide}");
}

fn cells_of(row: &Row) -> Option<&Vec<Cell>> {
    match &row.kind {
        RowKind::Data { cells, .. } => Some(cells),
        _ => None,
    }
}
