//! Multicast groups on the command line.

use crate::support::Bench;

#[test]
#[cfg(target_os = "linux")]
fn two_groups_are_joined_and_sent_to() {
    let bench = Bench::new();
    let mut listen = bench.json(&[
        "listen",
        "udp://0.0.0.0:0",
        "--join",
        "239.78.1.1%lo",
        "--join",
        "239.78.1.2%lo,from=127.0.0.1",
        "--until-bytes",
        "6",
    ]);
    let port = listen.local().port();
    for group in ["239.78.1.1", "239.78.1.2"] {
        let to = format!("udp://{group}:{port}");
        let options =
            ["--bind", "127.0.0.1", "--multicast-if", "lo", "--ttl", "1", "--send", "abc", "--timeout", "50ms"];
        bench.ran(&[&["connect", &to][..], &options].concat()).exits(0);
    }
    let ended = listen.end().exits(0);
    let joined = ended.all("joined");
    assert_eq!(joined.len(), 2, "{joined:?}");
    assert_eq!((&joined[0]["group"], &joined[0]["interfaces"][0]), (&"239.78.1.1".into(), &"lo".into()));
    assert_eq!(joined[1]["source"], "127.0.0.1");
    let received = ended.all("received");
    let places: Vec<_> = received.iter().map(|line| (line["local"].as_str(), line["interface"].as_str())).collect();
    let (one, two) = (format!("239.78.1.1:{port}"), format!("239.78.1.2:{port}"));
    assert_eq!(places, [(Some(one.as_str()), Some("lo")), (Some(two.as_str()), Some("lo"))]);
}

#[test]
fn wrong_options_are_wrong_usage() {
    let bench = Bench::new();
    for (endpoint, options, says) in [
        ("udp://0.0.0.0:0", &["--join", "10.0.0.1"][..], "10.0.0.1 is not a multicast address"),
        ("udp://0.0.0.0:0", &["--join", "lo"], "\"lo\" is not an address"),
        ("udp://0.0.0.0:0", &["--join", "239.1.1.1,from=x"], "the source \"x\""),
        ("udp://0.0.0.0:0", &["--ttl", "0"], "from 1 to 255"),
        ("udp://0.0.0.0:0", &["--broadcast=maybe"], "on or off"),
        ("udp://0.0.0.0:0", &["--multicast-if", ""], "interface"),
        ("tcp://127.0.0.1:0", &["--join", "239.1.1.1"], "UDP"),
        ("tcp://127.0.0.1:0", &["--no-loop"], "UDP"),
        ("tcp://127.0.0.1:0", &["--broadcast"], "UDP"),
    ] {
        let ended = bench.ran(&[&["listen", endpoint][..], options].concat()).exits(2);
        let text = ended.stderr.clone();
        assert!(text.contains(says), "{options:?}: {text}");
    }
}

#[test]
fn an_interface_that_is_not_there_is_an_error_in_both_languages() {
    let bench = Bench::new();
    for (lang, says) in [
        ("en", "Cannot join 239.1.1.1%nothere0: this machine has no interface of that name"),
        ("zh-CN", "无法加入组播组 239.1.1.1%nothere0：本机没有这个名称的网络接口"),
    ] {
        let options = ["listen", "udp://0.0.0.0:0", "--join", "239.1.1.1%nothere0", "--lang", lang];
        let ended = bench.ran(&options).exits(1);
        let text = ended.stderr.clone();
        assert!(text.contains(says), "{text}");
    }
}
