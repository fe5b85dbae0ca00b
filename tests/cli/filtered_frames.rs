//! `captures show` with `--frame` and `--filter`: events of the session between the frames.

use crate::export::{RECEIVED, SENT, Story};
use crate::support::{Bench, Ended};
use wirebench::capture::SessionNote;
use wirebench::model::{CloseReason, ErrorKind, NetError, Operation, PeerId};

const CRC: [u8; 8] = [1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD];

/// Two peers with valid, wrong and incomplete frames, and an error of the session.
fn recorded(bench: &Bench) -> String {
    let mut story = Story::begin(bench, "tcp://127.0.0.1:8080");
    let (one, other) = (story.joined("127.0.0.1:4001"), story.joined("127.0.0.1:4002"));
    let mut broken = CRC;
    broken[3] = 9;
    story.data(one, RECEIVED, &CRC);
    story.data(one, RECEIVED, &broken);
    story.data(one, SENT, &CRC);
    story.data(other, RECEIVED, &[&CRC[..], &CRC[..3]].concat());
    let error = NetError::new(Operation::Accept, ErrorKind::TooManyOpenFiles, "tcp://127.0.0.1:8080", "");
    story.note(PeerId::NONE, &SessionNote::Error { error });
    story.left(one, CloseReason::PeerFin);
    story.left(other, CloseReason::Reset);
    let id = story.writer.id().to_owned();
    story.end();
    id
}

fn shown(bench: &Bench, id: &str, filter: &str) -> Ended {
    let options = ["captures", "show", id, "--json", "--frame", "fixed:8+CRC-16/MODBUS", "--filter", filter];
    bench.ran(&options).exits(0)
}

/// The event names of the lines, without the counts at the end.
fn events(ended: &Ended) -> Vec<String> {
    let mut events = ended.events();
    assert_eq!(events.pop().as_deref(), Some("frames"));
    events
}

#[test]
fn a_filter_on_payload_lets_no_event_through_beside_the_frames() {
    let bench = Bench::new();
    let id = recorded(&bench);
    for (filter, frames) in [
        ("kind=bad", 1),
        ("kind=junk", 1),
        ("kind=data", 5),
        ("dir=sent", 1),
        ("dir=received", 4),
        ("len=..3", 1),
        ("hex='C5 CD'", 4),
        ("hex='C5 CD',not", 1),
    ] {
        assert_eq!(events(&shown(&bench, &id, filter)), vec!["frame"; frames], "{filter}");
    }
    let plain = bench.ran(&["captures", "show", &id, "--frame", "fixed:8", "--show", "hex", "--filter", "len=..3"]);
    let plain = plain.exits(0);
    assert_eq!(String::from_utf8_lossy(&plain.stdout), "01 03 00  [incomplete]\n");
    assert_eq!(plain.stderr.lines().count(), 1, "only the counts: {}", plain.stderr);
}

#[test]
fn a_filter_on_events_lets_no_frame_through() {
    let bench = Bench::new();
    let id = recorded(&bench);
    let all = ["peer_joined", "peer_joined", "error", "peer_left", "peer_left", "closed"];
    assert_eq!(events(&shown(&bench, &id, "kind=event")), all);
    assert_eq!(events(&shown(&bench, &id, "kind=problem")), ["error"]);
}

#[test]
fn a_filter_on_one_peer_hides_the_events_of_the_others() {
    let bench = Bench::new();
    let id = recorded(&bench);
    let ended = shown(&bench, &id, "peer=127.0.0.1:4002");
    assert_eq!(events(&ended), ["peer_joined", "frame", "error", "frame", "peer_left", "closed"]);
    let mut peers = ended.lines().into_iter().filter_map(|line| line["peer"].as_str().map(str::to_owned));
    assert!(peers.clone().count() == 4 && peers.all(|peer| peer == "127.0.0.1:4002"), "{ended:?}");
}

#[test]
fn a_filter_on_time_goes_for_events_too() {
    let bench = Bench::new();
    let id = recorded(&bench);
    assert!(events(&shown(&bench, &id, "since=2261-01-01T00:00:00Z")).is_empty());
    assert!(events(&shown(&bench, &id, "until=1999-01-01T00:00:00Z")).is_empty());
    assert_eq!(events(&shown(&bench, &id, "since=1999-01-01T00:00:00Z")).len(), 11);
}

#[test]
fn half_a_character_of_hidden_records_is_not_shown() {
    let bench = Bench::new();
    let mut story = Story::begin(&bench, "tcp://127.0.0.1:8080");
    let peer = story.joined("127.0.0.1:4001");
    story.data(peer, RECEIVED, b"ok\n");
    story.data(peer, RECEIVED, b"hidden \xE4\xBD");
    story.left(peer, CloseReason::PeerFin);
    story.end();
    let shown = |options: &[&str]| {
        let ended = bench.ran(&[&["captures", "show", "last"][..], options].concat()).exits(0);
        String::from_utf8(ended.stdout).expect("UTF-8")
    };
    assert_eq!(shown(&["--filter", "len=..3"]), "ok\n");
    assert_eq!(shown(&["--filter", "kind=event"]), "");
    assert_eq!(shown(&["--filter", "len=4.."]), "hidden \\xE4\\xBD");
    assert_eq!(shown(&[]), "ok\nhidden \\xE4\\xBD");
}
