//! Files of earlier programs are carried over whole, and earlier programs keep files of this one aside.

use super::*;

/// Written by the program of commit c667435, the first release.
const FIRST: &str = "settings-0.1.json";
/// Written by the last program of version 1: with layout, filter, plots and inspector.
const LAST_OF_1: &str = "settings-0.1-layout.json";

fn rule(text: &str) -> crate::codec::FramingRule {
    text.parse().expect("a rule")
}

fn modbus() -> Wrap {
    Wrap::checked(Appended::new(ChecksumKind::by_name("CRC-16/MODBUS").unwrap()))
}

/// A sent text, with the escapes and the suffix that its session had.
fn old(text: &str, hex: bool, escapes: bool, wrap: Wrap) -> SentMessage {
    SentMessage { message: Message { text: text.into(), hex, escapes, variables: false, wrap }, is_pinned: false }
}

/// What [`FIRST`] was written from.
fn first() -> Settings {
    Settings {
        preferences: Preferences {
            lang: Some(Lang::En),
            theme: Theme::Dark,
            capture_limit_bytes: 1 << 30,
            retention_days: Some(30),
            delete_on_close: true,
            window: Some((1366.0, 700.0, false)),
            show_side: false,
            zoom: 1.25,
            rules: vec![
                SavedRule { name: "电表 1".into(), rule: rule("len:size=2,endian=big+SUM-8") },
                SavedRule { name: "pipe".into(), rule: rule("delim:7C,keep") },
            ],
            highlights: full().preferences.highlights,
            ..Preferences::default()
        },
        sessions: vec![server(), client(), udp(), last()],
        current: 2,
        ..Settings::default()
    }
}

fn server() -> SessionSetup {
    SessionSetup {
        protocol: Protocol::TcpServer,
        local_address: "127.0.0.1".into(),
        local_port: "48080".into(),
        view: ViewMode::Dump,
        encoding: Encoding::GB18030,
        framing: rule("len:size=2,endian=big"),
        verify: "CRC-16/MODBUS:from=1".parse().ok(),
        columns: ColumnSetup {
            hidden: vec![LogColumn::Time, LogColumn::Delta].into(),
            delta: DeltaFrom::Answer,
            ..ColumnSetup::default()
        },
        send_hex: true,
        escapes: false,
        wrap: modbus(),
        interval_ms: "250".into(),
        keep_half_open: true,
        draft: "01 03 00 00 00 0A".into(),
        history: vec![old("01 03 00 00 00 0A", true, false, modbus()), old("你好", false, false, modbus())],
        ..SessionSetup::default()
    }
}

fn client() -> SessionSetup {
    SessionSetup {
        protocol: Protocol::TcpClient,
        local_address: "127.0.0.1".into(),
        local_port: "50001".into(),
        remote_address: "192.168.1.50".into(),
        remote_port: "5025".into(),
        bind_local: true,
        view: ViewMode::Hex,
        columns: ColumnSetup { delta: DeltaFrom::Start, ..ColumnSetup::default() },
        escapes: true,
        wrap: Wrap::ending(Tail::CrLf),
        clear_after_send: true,
        draft: "*IDN?".into(),
        history: vec![old("*IDN?", false, true, Wrap::ending(Tail::CrLf))],
        ..SessionSetup::default()
    }
}

fn udp() -> SessionSetup {
    SessionSetup {
        protocol: Protocol::Udp,
        local_port: "9000".into(),
        target_address: "239.1.1.1".into(),
        target_port: "5000".into(),
        // Stored in the form that the preset had then.
        framing: rule("nmea"),
        escapes: false,
        wrap: Wrap::ending(Tail::Lf),
        ..SessionSetup::default()
    }
}

fn last() -> SessionSetup {
    SessionSetup { escapes: false, wrap: Wrap::ending(Tail::Cr), ..SessionSetup::default() }
}

/// [`first`] with what later programs of version 1 remembered too.
fn last_of_1() -> Settings {
    let mut settings = first();
    settings.preferences.kept_file_bytes = 1 << 10;
    settings.layout = Some(Layout::Row(vec![
        (2.0, Layout::Tabs { sessions: vec![3, 0], front: 0 }),
        (1.0, Layout::Column(vec![(1.0, Layout::Tabs { sessions: vec![1, 2], front: 2 })])),
    ]));
    settings.sessions[1].inspector = Some(true);
    settings.sessions[1].plots = true;
    settings.sessions[1].filter = full().sessions[1].filter.clone();
    settings
}

#[test]
fn files_of_version_1_are_carried_over_and_become_version_2() {
    for (name, expected) in [(FIRST, first()), (LAST_OF_1, last_of_1())] {
        let (dir, file) = place();
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/settings").join(name)).unwrap();
        fs::write(&file, &text).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["version"], 1);
        assert_eq!(load(&file), (expected.clone(), None));
        save(&file, &expected).unwrap();
        assert_eq!(load(&file), (expected, None), "nothing is lost on the way to the newer file");
        assert_eq!(serde_json::from_str::<Value>(&fs::read_to_string(&file).unwrap()).unwrap()["version"], 2);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no file is kept aside");
    }
}
