use super::*;
use crate::cli::help;
use clap::FromArgMatches;

fn plan(arguments: &[&str]) -> Result<Plan, UsageError> {
    let arguments = std::iter::once(&"wirebench").chain(arguments);
    let matches = help::command(Lang::En).try_get_matches_from(arguments).expect("parsed");
    let arguments = Arguments::from_arg_matches(&matches).expect("parsed");
    resolve(arguments, &matches, Lang::En)
}

fn startup(arguments: &[&str]) -> Startup {
    match plan(arguments) {
        Ok(Plan::Window(startup)) => startup,
        _ => panic!("no window: {arguments:?}"),
    }
}

fn session_plan(arguments: &[&str]) -> SessionPlan {
    match plan(arguments) {
        Ok(Plan::Session(plan)) => *plan,
        _ => panic!("no session: {arguments:?}"),
    }
}

fn endpoint(text: &str) -> Endpoint {
    text.parse().expect("an endpoint")
}

#[test]
fn the_window_is_what_happens_without_a_command() {
    assert_eq!(startup(&[]), Startup::default());
    assert_eq!(startup(&["gui"]), Startup::default());
}

#[test]
fn the_window_is_printed_what_to_open_and_how_to_look() {
    let options = [
        "--listen",
        "tcp://127.0.0.1:0",
        "--connect",
        "127.0.0.1:5",
        "--listen",
        "udp://[::1]:7",
        "--demo",
        "--size",
        "1000x700",
        "--theme",
        "dark",
        "--data-dir",
        "/data",
        "--lang",
        "zh-CN",
        "--capture-limit",
        "64M",
        "--keep-files",
        "0",
        "--keep-for",
        "30d",
    ];
    let expected = Startup {
        data_dir: Some("/data".into()),
        lang: Some(Lang::ZhCn),
        listen: vec![endpoint("tcp://127.0.0.1:0"), endpoint("udp://[::1]:7")],
        connect: vec![endpoint("tcp://127.0.0.1:5")],
        demo: true,
        size: Some((1000, 700)),
        theme: Some(Theme::Dark),
        capture_limit: Some(64 << 20),
        kept_file_bytes: Some(0),
        keep_for: Some(crate::capture::Retention(Some(std::time::Duration::from_secs(30 * 24 * 3600)))),
    };
    assert_eq!(startup(&options), expected);
    assert_eq!(startup(&[&["gui"][..], &options].concat()), expected);
}

#[test]
fn sends_keep_the_order_of_the_command_line() {
    let plan = session_plan(&[
        "connect",
        "a:1",
        "--send",
        "1",
        "--send-hex",
        "32",
        "--stdin",
        "--send-hex",
        "33",
        "--send",
        "4",
        "--send",
        "5",
    ]);
    let bytes: Vec<Vec<&[u8]>> = plan
        .sends
        .iter()
        .map(|step| match step {
            SendStep::Stream(_) => Vec::new(),
            SendStep::List(list) => list
                .items
                .iter()
                .map(|item| match &item.content {
                    crate::engine::SendContent::Bytes(bytes) => &bytes[..],
                    _ => panic!("no file was given"),
                })
                .collect(),
        })
        .collect();
    assert_eq!(bytes, [vec![&b"1"[..], b"2"], vec![], vec![&b"3"[..], b"4", b"5"]]);
}

#[test]
fn rounds_follow_every_and_count() {
    for (options, every_ms, rounds) in [
        (&[][..], None, Some(1)),
        (&["--every", "50ms"], Some(50), None),
        (&["--count", "3"], None, Some(3)),
        (&["--every", "1s", "--count", "3"], Some(1000), Some(3)),
    ] {
        let plan = session_plan(&[&["connect", "a:1", "--send", "x"][..], options].concat());
        let [SendStep::List(list)] = &plan.sends[..] else { panic!("one list") };
        assert_eq!((list.every, list.rounds), (every_ms.map(Duration::from_millis), rounds), "{options:?}");
    }
}

#[test]
fn only_connect_with_sends_and_nothing_to_wait_for_ends_after_them() {
    for (arguments, ends) in [
        (&["connect", "a:1", "--send", "x"][..], true),
        (&["connect", "udp://a:1", "--stdin"], true),
        (&["connect", "a:1", "--send", "x", "--timeout", "1s", "--keep-half-open"], true),
        (&["connect", "a:1"], false),
        (&["connect", "a:1", "--send", "x", "--expect", "y"], false),
        (&["connect", "a:1", "--send", "x", "--expect-hex", "00"], false),
        (&["connect", "a:1", "--send", "x", "--for", "1s"], false),
        (&["connect", "a:1", "--send", "x", "--until-bytes", "1"], false),
        (&["connect", "a:1", "--send", "x", "--until-closed"], false),
        (&["connect", "a:1", "--send", "x", "--expect-regex", "y"], false),
        (&["connect", "a:1", "--send", "x", "--frame", "line", "--until-frames", "1"], false),
        (&["connect", "a:1", "--send", "x", "--expect-not", "y"], true),
        (&["connect", "a:1", "--send", "x", "--verify", "SUM-8", "--fail-on-bad"], true),
        (&["connect", "a:1", "--send", "x", "--reply", "y"], false),
        (&["connect", "a:1", "--send", "x", "--reply-upper"], false),
        (&["connect", "a:1", "--send", "x", "--echo"], false),
        (&["connect", "a:1", "--send", "x", "--no-shutdown"], false),
        (&["listen", "a:1", "--send", "x"], false),
    ] {
        assert_eq!(session_plan(arguments).ends_after_sends, ends, "{arguments:?}");
    }
}

#[test]
fn the_language_is_known_before_the_arguments_are_parsed() {
    let named = |arguments: &[&str]| {
        let arguments: Vec<std::ffi::OsString> = arguments.iter().map(Into::into).collect();
        language(&arguments)
    };
    assert_eq!(named(&["wirebench", "--lang", "zh-CN", "--nonsense"]), Lang::ZhCn);
    assert_eq!(named(&["wirebench", "listen", "--lang=en"]), Lang::En);
    assert_eq!(named(&["wirebench", "--lang", "zh-CN", "--lang", "en"]), Lang::En);
}
