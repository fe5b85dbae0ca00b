mod older;
mod properties;
mod rules;
mod version_1;

use super::*;
use crate::capture::items::KindFilter;
use crate::codec::wrap::{Appended, Head, LengthHead, OwnBytes, Tail};
use crate::codec::{ChecksumKind, Encoding, Wrap};
use crate::lines::{DeltaFrom, ViewMode};
use crate::model::{Direction, ErrorKind, Protocol};
use crate::settings::{
    ColumnSetup, FilterSetup, FindMode, HighlightColour, HighlightDirection, HighlightKind, HighlightRule, Layout,
    LogColumn, Message, Preferences, Recent, Recents, SavedRule, SentMessage, SessionSetup, Theme,
};
use crate::words::Lang;
use tempfile::TempDir;

fn place() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("settings.json");
    (dir, file)
}

fn sent(text: &str, hex: bool) -> SentMessage {
    SentMessage { message: Message { text: text.into(), hex, ..Message::default() }, is_pinned: false }
}

fn full() -> Settings {
    let mut recents = Recents::default();
    recents.add(&SessionSetup { name: "PLC".into(), ..SessionSetup::default() }, 1_790_000_000);
    recents.add(&SessionSetup { protocol: Protocol::Udp, ..SessionSetup::default() }, 1_790_000_001);
    assert!(recents.pin(1, true));
    Settings {
        preferences: Preferences {
            lang: Some(Lang::ZhCn),
            theme: Theme::Dark,
            capture_limit_bytes: 1 << 30,
            kept_file_bytes: 1 << 10,
            retention_days: None,
            delete_on_close: true,
            window: Some((1280.5, 800.0, true)),
            show_side: false,
            side_width: Some(300.0),
            zoom: 1.25,
            rules: vec![SavedRule { name: "电表 1".into(), rule: "len:size=2,endian=big+SUM-8".parse().unwrap() }],
            highlights: vec![
                HighlightRule { name: "errors".into(), pattern: "错误".into(), ..HighlightRule::default() },
                HighlightRule {
                    enabled: false,
                    name: String::new(),
                    kind: HighlightKind::Hex,
                    pattern: "01 ?? 03".into(),
                    match_case: true,
                    direction: HighlightDirection::Sent,
                    colour: HighlightColour::Purple,
                    whole_row: true,
                },
            ],
            keys: [("find".to_owned(), "Ctrl+G".to_owned()), ("clear".to_owned(), String::new())].into(),
            palette_history: vec!["command:find".into(), "open:listen 9000".into()],
        },
        sessions: vec![
            SessionSetup::default(),
            SessionSetup {
                protocol: Protocol::Udp,
                local_address: "::".into(),
                local_port: "not yet a port".into(),
                view: ViewMode::Dump,
                columns: ColumnSetup {
                    hidden: vec![LogColumn::Peer].into(),
                    delta: DeltaFrom::Answer,
                    wrap: false,
                    bytes: 24,
                },
                encoding: Encoding::GB18030,
                framing: "nmea".parse().unwrap(),
                verify: "CRC-16/MODBUS:from=1".parse().ok(),
                wrap: Wrap {
                    head: Head::Length(LengthHead { counts_check: true, ..LengthHead::default() }),
                    checks: ChecksumKind::by_name("CRC-16/MODBUS").map(Appended::new).into_iter().collect(),
                    tail: Tail::Bytes(OwnBytes::new(&[0xAA, 0x55]).unwrap()),
                    as_framing: true,
                },
                repeat_times: "10".into(),
                composer_height: Some(180.5),
                draft: "01 03 \u{0} 你好\r\n".into(),
                inspector: Some(false),
                plots: true,
                filter: FilterSetup {
                    bar: true,
                    direction: Some(Direction::Sent),
                    kind: KindFilter::BadChecks,
                    least: "8".into(),
                    text: "错误".into(),
                    mode: FindMode::Regex,
                    inverted: true,
                    ..FilterSetup::default()
                },
                history: vec![
                    sent("你好", false),
                    SentMessage {
                        message: Message {
                            wrap: Wrap::ending(Tail::CrLf),
                            escapes: false,
                            ..sent("01 03", true).message
                        },
                        is_pinned: true,
                    },
                ],
                ..SessionSetup::default()
            },
        ],
        current: 1,
        layout: Some(Layout::Row(vec![
            (2.0, Layout::Tabs { sessions: vec![1], front: 1 }),
            (1.0, Layout::Tabs { sessions: vec![0], front: 0 }),
        ])),
        recents,
    }
}

/// Loads `text` as a settings file; also returns the other files in the folder afterwards.
fn load_text(text: impl AsRef<[u8]>) -> (Settings, Option<LoadNote>, Vec<PathBuf>) {
    let (dir, file) = place();
    fs::write(&file, text.as_ref()).unwrap();
    let (settings, note) = load(&file);
    if let Some(LoadNote::Damaged { kept, .. } | LoadNote::Future { kept, .. }) = &note {
        assert!(!file.exists() && fs::read(kept).unwrap() == text.as_ref(), "the kept file is unchanged");
        let name = kept.file_name().unwrap().to_string_lossy().into_owned();
        let time = name.strip_prefix("settings.json.damaged-").expect("named after the file");
        assert!(time.parse::<u64>().is_ok_and(|time| time > 1_600_000_000), "{name}");
        assert_eq!(kept.parent(), file.parent());
    }
    if let Some(LoadNote::Partly { kept, .. }) = &note {
        let kept = kept.as_ref().expect("a copy");
        assert_eq!(
            (fs::read(&file).unwrap(), fs::read(kept).unwrap()),
            (text.as_ref().to_vec(), text.as_ref().to_vec())
        );
    }
    let others = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).filter(|path| *path != file);
    (settings, note, others.collect())
}

#[test]
fn what_was_saved_is_loaded() {
    let (_dir, file) = place();
    for settings in [Settings::default(), full()] {
        save(&file, &settings).unwrap();
        assert_eq!(load(&file), (settings, None));
    }
    let text = fs::read_to_string(&file).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["version"], 2);
    assert!(text.starts_with("{\n  \"version\": 2,") && text.ends_with("}\n"), "readable by people too: {text}");
}

#[test]
fn no_file_means_defaults_without_a_note() {
    let (dir, file) = place();
    assert_eq!(load(&file), (Settings::default(), None));
    assert_eq!(load(&dir.path().join("no/such/folder/settings.json")), (Settings::default(), None));
}

#[test]
fn unknown_fields_are_ignored_and_missing_ones_have_defaults() {
    let text = r#"{"version": 1, "new": [1], "preferences": {"zoom": 2.0, "later": {}}, "sessions": [{"draft": "a", "x": 1}]}"#;
    let (settings, note, others) = load_text(text);
    let expected = Settings {
        preferences: Preferences { zoom: 2.0, ..Preferences::default() },
        sessions: vec![SessionSetup { draft: "a".into(), ..SessionSetup::default() }],
        ..Settings::default()
    };
    assert_eq!((settings, note, others), (expected, None, Vec::new()));
}

/// The values of `text` that were not read.
fn unread(note: Option<LoadNote>) -> Vec<String> {
    match note {
        None => Vec::new(),
        Some(LoadNote::Partly { values, .. }) => values,
        Some(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_value_that_is_not_known_costs_nothing_else_and_is_named() {
    let session = |field: &str, value: &str| {
        let text = format!(r#"{{"version": 1, "sessions": [{{}}, {{"{field}": {value}, "draft": "kept"}}]}}"#);
        let (settings, note, _) = load_text(text);
        let expected = SessionSetup { draft: "kept".into(), ..SessionSetup::default() };
        assert_eq!(settings.sessions, [SessionSetup::default(), expected], "{field}");
        assert_eq!(unread(note), [format!("sessions[2].{field} = {value}")]);
    };
    for (field, value) in [
        ("protocol", "\"web-socket\""),
        ("encoding", "\"klingon\""),
        ("view", "\"tree\""),
        ("columns", "\"all\""),
        ("wrap", "{\"check\":{\"kind\":\"CRC-99/LATER\"}}"),
        ("composer_height", "\"tall\""),
        ("framing", "\"later:x=1\""),
        ("verify", "7"),
        ("escapes", "\"sometimes\""),
        ("local_port", "8080"),
    ] {
        session(field, value);
    }
    let text = r#"{"version": 1, "current": "last", "preferences": {"theme": 5, "lang": "fr", "zoom": 1.5, "window": "full"}}"#;
    let (settings, note, _) = load_text(text);
    assert_eq!(settings.preferences, Preferences { zoom: 1.5, ..Preferences::default() });
    let mut named = unread(note);
    named.sort();
    let places = ["current = \"last\"", "preferences.lang = \"fr\"", "preferences.theme = 5"];
    assert_eq!(named[..3], places);
    assert_eq!(named[3..], ["preferences.window = \"full\""]);
}

#[test]
fn parts_of_another_shape_cost_nothing_else() {
    let text =
        r#"{"version": 1, "preferences": [], "sessions": [7, {"draft": "a", "history": [["x", true], ["y", 1, 2]]}]}"#;
    let (settings, note, _) = load_text(text);
    assert_eq!(settings.sessions.len(), 1);
    assert_eq!(settings.sessions[0].history, [sent("x", true)]);
    assert_eq!(unread(note), ["preferences = []", "sessions[1] = 7", "sessions[2].history[2] = [\"y\",1,2]"]);
    let (settings, note, _) = load_text(format!(r#"{{"version": 1, "sessions": "{}"}}"#, "长".repeat(100)));
    assert_eq!((settings, unread(note)), (Settings::default(), vec![format!("sessions = \"{}…", "长".repeat(39))]));
}

#[test]
fn times_of_version_0_1_are_read() {
    for (written, delta) in [
        ("absolute", DeltaFrom::Previous),
        ("start", DeltaFrom::Start),
        ("previous", DeltaFrom::Previous),
        ("answer", DeltaFrom::Answer),
        ("lunar", DeltaFrom::Previous),
    ] {
        let text = format!(r#"{{"version": 1, "sessions": [{{"time_form": "{written}", "show_times": true}}]}}"#);
        let (settings, note, _) = load_text(text);
        assert_eq!((settings.sessions[0].columns, note), (ColumnSetup { delta, ..ColumnSetup::default() }, None));
    }
}

#[test]
fn one_unknown_value_of_the_columns_costs_nothing_else() {
    let text =
        r#"{"version": 1, "sessions": [{"columns": {"delta": "lunar", "hidden": ["time"], "bytes": 9, "wrap": 1}}]}"#;
    let (settings, note, _) = load_text(text);
    let hidden = vec![LogColumn::Time].into();
    assert_eq!(settings.sessions[0].columns, ColumnSetup { hidden, ..ColumnSetup::default() });
    assert_eq!(unread(note), ["sessions[1].columns.delta = \"lunar\"", "sessions[1].columns.wrap = 1"]);
}

#[test]
fn a_byte_order_mark_does_no_harm() {
    let (settings, note, _) = load_text("\u{FEFF}{\"version\": 1, \"preferences\": {\"theme\": \"dark\"}}");
    assert_eq!((settings.preferences.theme, note), (Theme::Dark, None));
}

#[test]
fn numbers_out_of_range_are_brought_back() {
    let load_preferences = |fields: &str| {
        let (settings, note, _) = load_text(format!(r#"{{"version": 1, "preferences": {{{fields}}}, "current": 9}}"#));
        assert_eq!(note, None, "{fields}");
        assert_eq!(settings.current, 0);
        settings.preferences
    };
    for (written, limit) in [
        ("0", 1 << 20),
        ("-5", 1 << 20),
        ("1e18", 1_000_000_000_000_000_000),
        ("1e300", 1 << 60),
        ("1048577.5", (1 << 20) + 1),
    ] {
        let preferences = load_preferences(&format!("\"capture_limit_bytes\": {written}"));
        assert_eq!(preferences.capture_limit_bytes, limit, "{written}");
    }
    for (written, days) in
        [("0", Some(1)), ("-1", Some(1)), ("4294967296", Some(36_500)), ("null", None), ("30", Some(30))]
    {
        assert_eq!(load_preferences(&format!("\"retention_days\": {written}")).retention_days, days, "{written}");
    }
    for (written, zoom) in [("0", 0.5), ("-1e300", 0.5), ("1e300", 3.0), ("1.5", 1.5)] {
        assert_eq!(load_preferences(&format!("\"zoom\": {written}")).zoom, zoom, "{written}");
    }
    for (written, window) in [
        ("[0, 1e300, false]", Some((200.0, 16_384.0, false))),
        ("[1280, 800, true]", Some((1280.0, 800.0, true))),
        ("null", None),
    ] {
        assert_eq!(load_preferences(&format!("\"window\": {written}")).window, window, "{written}");
    }
    let (settings, note, _) = load_text(r#"{"version": 1, "sessions": [{}, {}], "current": -1}"#);
    assert_eq!((settings.current, note), (0, None));
    let (settings, note, _) = load_text(r#"{"version": 1, "sessions": [{}, {}], "current": 2}"#);
    assert_eq!((settings.current, note), (1, None));
}

#[test]
fn lists_and_texts_are_bounded_and_never_cut() {
    let (_dir, file) = place();
    let history = (0..60).map(|i| sent(&if i == 0 { "x".repeat(4097) } else { format!("{i}") }, false)).collect();
    let long = SessionSetup { draft: "你".repeat(30_000), history, ..SessionSetup::default() };
    let whole = SessionSetup { draft: "a".repeat(64 << 10), ..SessionSetup::default() };
    let settings = Settings { sessions: vec![long, whole.clone()], ..Settings::default() };
    save(&file, &settings).unwrap();
    let (loaded, note) = load(&file);
    assert_eq!(note, None);
    assert_eq!(loaded.sessions[0].draft, "", "a truncated draft could be sent by mistake");
    assert_eq!(loaded.sessions[0].history.len(), 50);
    assert_eq!(loaded.sessions[0].history[0].message.text, "1", "the newest come first");
    assert_eq!(loaded.sessions[1], whole);
}

#[test]
fn what_is_no_number_is_not_written() {
    let (_dir, file) = place();
    let mut settings = Settings::default();
    settings.preferences.zoom = f32::NAN;
    settings.preferences.window = Some((f32::INFINITY, f32::NAN, false));
    save(&file, &settings).unwrap();
    assert_eq!(load(&file), (Settings::default(), None));
}

#[test]
fn a_damaged_file_is_kept_and_named() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "EOF"),
        (b"{\"version\": 1, \"pref", "EOF"),
        (b"\0\0\0\0", "expected value"),
        (b"\xFF\xFE{\0}\0", "expected value"),
        (b"[]", "not a JSON object"),
        (b"{}", "no version number"),
        (b"{\"version\": 0}", "positive"),
        (b"{\"version\": \"1\"}", "positive"),
    ];
    for (text, reason) in cases {
        let (settings, note, others) = load_text(text);
        assert_eq!(settings, Settings::default());
        match note {
            Some(LoadNote::Damaged { kept, why }) => {
                assert!(why.contains(reason), "{why} should say {reason}");
                assert_eq!(others, [kept]);
            }
            other => panic!("{other:?} for {}", text.escape_ascii()),
        }
    }
}

#[test]
fn a_future_file_is_kept_and_named() {
    for (written, version) in [("3", 3), ("99999999999", u32::MAX)] {
        let (settings, note, others) = load_text(format!("{{\"version\": {written}, \"preferences\": []}}"));
        assert_eq!(settings, Settings::default());
        assert_eq!(others.len(), 1);
        assert_eq!(note, Some(LoadNote::Future { kept: others[0].clone(), version }));
    }
}

#[test]
fn two_damaged_files_in_a_second_are_both_kept() {
    let (dir, file) = place();
    for text in ["first", "second", "third"] {
        fs::write(&file, text).unwrap();
        assert!(matches!(load(&file).1, Some(LoadNote::Damaged { .. })));
    }
    let mut kept: Vec<String> =
        fs::read_dir(dir.path()).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    kept.sort();
    assert_eq!(kept, ["first", "second", "third"]);
    save(&file, &full()).unwrap();
    assert_eq!(load(&file), (full(), None), "the program can save again");
}

#[test]
fn a_file_that_cannot_be_read_stays() {
    let (_dir, file) = place();
    // A folder in place of the file: permissions would not stop a test that runs as root.
    fs::create_dir(&file).unwrap();
    let (settings, note) = load(&file);
    assert_eq!(settings, Settings::default());
    match note {
        Some(LoadNote::Unreadable(error)) => {
            assert_eq!((error.operation, error.address), (Operation::ReadFile, file.display().to_string()));
        }
        other => panic!("{other:?}"),
    }
    assert!(file.is_dir());
}

#[test]
fn saving_replaces_the_file_as_a_whole() {
    let (dir, file) = place();
    save(&file, &full()).unwrap();
    save(&file, &Settings::default()).unwrap();
    assert_eq!(load(&file).0, Settings::default());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file is left");
}

#[test]
fn saving_that_fails_names_the_file_and_leaves_the_old_one() {
    let (dir, file) = place();
    let blocked = dir.path().join("file/settings.json");
    fs::write(dir.path().join("file"), "in the way").unwrap();
    let error = save(&blocked, &full()).unwrap_err();
    assert_eq!((error.operation, error.address), (Operation::SaveFile, blocked.display().to_string()));
    fs::create_dir(&file).unwrap();
    let error = save(&file, &full()).unwrap_err();
    assert_ne!(error.kind, ErrorKind::Cancelled);
    assert!(file.is_dir());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2, "no temporary file is left");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("new/deeper/settings.json");
    save(&file, &full()).unwrap();
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&dir.path().join("new")), 0o700);
    assert_eq!(mode(&dir.path().join("new/deeper")), 0o700);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    save(&file, &full()).unwrap();
    assert_eq!(mode(&file), 0o600);
}

#[cfg(unix)]
#[test]
fn a_linked_file_stays_linked() {
    let (dir, file) = place();
    let real = dir.path().join("real.json");
    save(&real, &Settings::default()).unwrap();
    std::os::unix::fs::symlink(&real, &file).unwrap();
    save(&file, &full()).unwrap();
    assert!(fs::symlink_metadata(&file).unwrap().is_symlink());
    assert_eq!(load(&real).0, full());
}

#[test]
fn what_is_not_known_of_a_view_costs_nothing_else() {
    let (_dir, file) = place();
    let text = r#"{"version": 1, "sessions": [
        {"filter": {"kind": "dreams", "text": "kept", "mode": "regex", "bar": true}, "inspector": "maybe", "plots": true},
        {"filter": 7}], "layout": {"spiral": []}}"#;
    fs::write(&file, text).unwrap();
    let (settings, note) = load(&file);
    let filter = FilterSetup { bar: true, text: "kept".into(), mode: FindMode::Regex, ..FilterSetup::default() };
    let first = SessionSetup { filter, plots: true, ..SessionSetup::default() };
    assert_eq!((settings.sessions, settings.layout), (vec![first, SessionSetup::default()], None));
    let Some(LoadNote::Partly { values, .. }) = note else { panic!("{note:?}") };
    assert_eq!(
        values,
        [
            "sessions[1].filter.kind = \"dreams\"",
            "sessions[1].inspector = \"maybe\"",
            "sessions[2].filter = 7",
            "layout = {\"spiral\":[]}",
        ]
    );
}

#[test]
fn what_is_not_known_of_a_recent_connection_costs_nothing_else() {
    let text = r#"{"version": 2, "recents": [
        {"setup": {"name": "PLC", "encoding": "klingon", "filter": 7}, "pinned": "much", "used_s": 7},
        {"setup": 5, "used_s": 9}, {"used_s": 8}, 6,
        {"setup": {"local_port": "9", "draft": "not kept"}, "used_s": -1, "later": {}}]}"#;
    let (settings, note, _) = load_text(text);
    let recent = |setup, used_s| Recent { setup, used_s, pinned: false };
    let named = SessionSetup { name: "PLC".into(), ..SessionSetup::default() };
    let port = SessionSetup { local_port: "9".into(), ..SessionSetup::default() };
    assert_eq!(settings.recents.list(), [recent(named, 7), recent(port, 0)]);
    assert_eq!(
        unread(note),
        [
            "recents[1].setup.filter = 7",
            "recents[1].setup.encoding = \"klingon\"",
            "recents[1].pinned = \"much\"",
            "recents[2] = {\"setup\":5,\"used_s\":9}",
            "recents[3] = {\"used_s\":8}",
            "recents[4] = 6",
            "recents[5].used_s = -1",
        ]
    );
}
