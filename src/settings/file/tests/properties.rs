//! Properties of any settings and any file.

use super::*;
use proptest::prelude::*;

fn preferences() -> impl Strategy<Value = Preferences> {
    let flags = (any::<bool>(), any::<bool>(), proptest::option::of(prop_oneof![Just(Lang::ZhCn), Just(Lang::En)]));
    let numbers = (any::<u64>(), proptest::option::of(any::<u32>()), any::<f32>());
    let window = proptest::option::of((any::<f32>(), any::<f32>(), any::<bool>()));
    let rule = ("\\PC{0,50}", prop::sample::select(vec!["line", "nmea", "delim:7C,keep+SUM-8", "gap:20ms"]));
    let rule = rule.prop_map(|(name, rule)| SavedRule { name, rule: rule.parse().expect("a rule") });
    let highlight = ("\\PC{0,50}", any::<String>(), any::<bool>()).prop_map(|(name, pattern, whole_row)| {
        HighlightRule { name, pattern, whole_row, kind: HighlightKind::Regex, ..HighlightRule::default() }
    });
    let lists = (prop::collection::vec(rule, 0..4), prop::collection::vec(highlight, 0..4));
    (flags, numbers, window, lists).prop_map(|(flags, numbers, window, (rules, highlights))| {
        let ((show_side, delete_on_close, lang), (capture_limit_bytes, retention_days, zoom)) = (flags, numbers);
        let theme = if show_side { Theme::Light } else { Theme::System };
        let numbers = Preferences { capture_limit_bytes, retention_days, zoom, window, ..Preferences::default() };
        Preferences { lang, theme, show_side, delete_on_close, rules, highlights, ..numbers }
    })
}

fn history_entry() -> impl Strategy<Value = SentMessage> {
    any::<(String, bool, bool, bool)>().prop_map(|(text, hex, escapes, is_pinned)| SentMessage {
        message: Message { text, hex, escapes, variables: false, wrap: Wrap::default() },
        is_pinned,
    })
}

fn session() -> impl Strategy<Value = SessionSetup> {
    let texts = (any::<String>(), any::<String>(), "\\PC{0,9}", prop::collection::vec(history_entry(), 0..4));
    let chosen = (
        prop::sample::select(Encoding::all()),
        prop::sample::select(ChecksumKind::all().collect::<Vec<_>>()),
        any::<bool>(),
    );
    (texts, chosen).prop_map(|((draft, local_address, local_port, history), (encoding, checksum, udp))| SessionSetup {
        protocol: if udp { Protocol::Udp } else { Protocol::TcpClient },
        wrap: if udp { Wrap::ending(Tail::CrLf) } else { Wrap::checked(Appended::new(checksum)) },
        local_address,
        local_port,
        draft,
        history,
        encoding,
        escapes: udp,
        ..SessionSetup::default()
    })
}

proptest! {
    #[test]
    fn any_settings_are_saved_and_loaded(
        preferences in preferences(),
        sessions in prop::collection::vec(session(), 0..3),
        current in any::<usize>(),
    ) {
        let (_dir, file) = place();
        let mut settings = Settings { preferences, sessions, current, ..Settings::default() };
        save(&file, &settings).unwrap();
        settings.bring_into_range();
        prop_assert_eq!(load(&file), (settings, None));
    }

    #[test]
    fn any_file_is_loaded_or_kept_aside(text in r#"\PC{0,60}|\{"version": ?[0-3],"[a-z]{0,9}": ?[\[\]{}0-9"a-z,:]{0,30}\}"#) {
        // `load_text` compares the kept file.
        let (settings, note, others) = load_text(&text);
        let partly = matches!(note, Some(LoadNote::Partly { .. }));
        prop_assert!(note.is_none() || partly || settings == Settings::default());
        prop_assert_eq!(others.len(), usize::from(note.is_some()));
    }
}
