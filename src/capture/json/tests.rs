//! The lines and their documentation.

use super::*;
use crate::model::{ErrorKind, Operation};

#[test]
fn times_have_nine_digits() {
    assert_eq!(time(0), "1970-01-01T00:00:00.000000000Z");
    assert_eq!(time(1_790_000_000_000_000_001), "2026-09-21T14:13:20.000000001Z");
    assert_eq!(time(1_790_000_000_500_000_000), "2026-09-21T14:13:20.500000000Z");
}

#[test]
fn addresses_have_no_scheme() {
    for (address, bare) in [
        ("tcp://127.0.0.1:80", "127.0.0.1:80"),
        ("udp://[::ffff:10.0.0.1]:5", "10.0.0.1:5"),
        ("tcp://[::1]:80", "[::1]:80"),
        ("tcp://nowhere.invalid:80", "nowhere.invalid:80"),
        ("/a/b", "/a/b"),
    ] {
        assert_eq!(bare_address(address), bare);
    }
}

#[test]
fn a_line_names_its_event_first() {
    let place = || Place { seq: 3, time: time(0) };
    let data = Data {
        at: place(),
        peer: Some("1.2.3.4:5".into()),
        local: None,
        interface: None,
        pair: None,
        len: 1,
        form: None,
        goes_on: false,
        kind: None,
        check: None,
        name: None,
        hex: "61".into(),
        text: Some("a"),
        unavailable: None,
    };
    assert_eq!(
        Line::Received(data).to_text(),
        r#"{"event":"received","seq":3,"time":"1970-01-01T00:00:00.000000000Z","peer":"1.2.3.4:5","len":1,"hex":"61","text":"a"}"#
    );
    let left = Line::PeerLeft { peer: None, reason: Some("reset"), tails: TailFields::default(), at: place() };
    assert_eq!(
        left.to_text(),
        r#"{"event":"peer_left","peer":null,"reason":"reset","seq":3,"time":"1970-01-01T00:00:00.000000000Z"}"#
    );
    let error = NetError::new(Operation::Connect, ErrorKind::Refused, "tcp://127.0.0.1:1", "");
    let line = Line::Warning { message: "m".into(), cause: Some(Cause::of(&error)), at: None };
    assert_eq!(
        line.to_text(),
        r#"{"event":"warning","message":"m","kind":"refused","operation":"connect","address":"127.0.0.1:1"}"#
    );
}

fn each_data() -> Data<'static> {
    Data {
        at: Place { seq: 1, time: time(0) },
        peer: None,
        local: Some("x".into()),
        interface: None,
        pair: None,
        len: 1,
        form: Some("text".into()),
        goes_on: true,
        kind: Some("k"),
        check: Some("c"),
        name: Some("n".into()),
        hex: "00".into(),
        text: Some("x"),
        unavailable: Some("x"),
    }
}

/// One of each line with every field, except for frames, which FRAMING.md describes.
fn each_line() -> Vec<Line<'static>> {
    let (text, place) = (|| "x".to_owned(), || Place { seq: 1, time: time(0) });
    let tails = || TailFields { tail: text(), sent_tail: text() };
    let cause = || Some(Cause { kind: "k", tls: Some("t"), websocket: Some("w"), operation: "o", address: text() });
    let counts = FrameCounts { given_up_bytes: 1, ..FrameCounts::default() };
    let unmet = Unmet { option: "--until-bytes", value: Some(text()) };
    vec![
        Line::Listening { local: text(), capture: "c", at: Some(place()) },
        Line::Connected { local: text(), remote: text(), capture: "c", at: Some(place()) },
        Line::Received(each_data()),
        Line::Sent(each_data()),
        Line::Frames(counts),
        Line::PeerJoined { peer: None, at: place() },
        Line::HalfClosed { peer: None, at: place() },
        Line::PeerLeft { peer: None, reason: Some("r"), tails: tails(), at: place() },
        Line::Warning { message: text(), cause: cause(), at: Some(place()) },
        Line::Error { cause: cause(), message: text(), at: Some(place()) },
        Line::Closed {
            reason: Some("r"),
            next: Some(Next { attempt: 1, attempts: Some(2), wait_ms: 3 }),
            tails: tails(),
            at: Some(place()),
        },
        Line::Summary(Summary::new(&CounterValues::default(), Transport::Tcp, None).unmet(vec![unmet])),
    ]
}

#[test]
fn the_documentation_names_every_line_and_field() {
    let documentation = include_str!("../../../docs/JSON.md");
    for line in each_line() {
        let fields: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&line.to_text()).expect("an object");
        let event = format!("`{}`", fields["event"].as_str().expect("a name"));
        let row = documentation
            .lines()
            .find(|row| row.starts_with("| ") && row.split('|').nth(1).is_some_and(|names| names.contains(&event)));
        let row = row.unwrap_or_else(|| panic!("no row for {event}"));
        for name in fields.keys().filter(|name| *name != "event") {
            let is_opening = ["`listening`", "`connected`"].contains(&event.as_str());
            let elsewhere = event == "`summary`" || (is_opening && ["seq", "time"].contains(&name.as_str()));
            let text = if elsewhere { documentation } else { row };
            assert!(text.contains(&format!("`{name}`")) || text.contains(&format!("`[{name}]`")), "{event} {name}");
        }
    }
}

#[test]
fn payload_is_written_between_the_parts_of_its_line() {
    let of = |hex: &str, text| Data { hex: hex.into(), text: Some(text), unavailable: None, ..each_data() };
    let whole = Line::data(Direction::Sent, of("0a", "y")).to_text();
    let [head, between, end] = Line::data(Direction::Sent, of("", "")).around_payload();
    assert_eq!(format!("{head}0a{between}y{end}"), whole);
}
