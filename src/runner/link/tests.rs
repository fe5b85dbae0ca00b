//! The memory for what arrived.

use super::*;

/// A session that is not opened, with one connection.
fn link(framing: Option<FramingRule>, folder: &Path) -> (Link, PeerId) {
    let config = crate::model::TcpServerConfig::new("127.0.0.1:0".parse().unwrap());
    let opening = Opening {
        config: crate::model::SessionConfig::TcpServer(config),
        framing,
        encoding: crate::codec::Encoding::UTF_8,
        within: Duration::from_secs(1),
        is_later: false,
    };
    let mut link = Link::new("", opening, 1, (folder, CaptureOptions::default())).unwrap();
    let key = PeerId(1);
    link.peers.insert(key, fresh(key));
    (link, key)
}

#[test]
fn frames_beyond_the_memory_are_passed_over_oldest_first() {
    let folder = tempfile::tempdir().unwrap();
    let (mut link, key) = link(Some(FramingRule::as_received()), folder.path());
    let bytes: Arc<[u8]> = vec![0; 1 << 20].into();
    for record in 0..100 {
        let frame = Received { wire: bytes.clone(), content: bytes.clone(), is_right: true };
        link.push(key, record, 0, What::Frame(frame));
    }
    assert!(link.kept <= KEPT_BYTES_MAX);
    assert_eq!(link.overflowed + link.arrivals.len() as u64, 100);
    assert_eq!(link.arrivals.back().unwrap().number, 99);
    assert_eq!(link.peers[&key].place, link.arrivals.front().unwrap().number);
    let now = link.now();
    link.move_place(None, now);
    assert_eq!((link.arrivals.len(), link.kept), (0, 0));
}

#[test]
fn a_stream_beyond_the_memory_loses_its_oldest_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let (mut link, key) = link(None, folder.path());
    for record in 0..100_u8 {
        let peer = link.peers.get_mut(&key).unwrap();
        peer.stream.1.extend_from_slice(&[record; 1 << 20]);
        peer.note_read((u64::from(record) + 1) << 20, 0);
        link.push(key, record.into(), 0, What::Bytes { len: 1 << 20 });
    }
    let (begin, bytes) = &link.peers[&key].stream;
    assert!(bytes.len() <= KEPT_BYTES_MAX);
    assert_eq!(begin + bytes.len() as u64, 100 << 20);
    assert_eq!((bytes.first(), bytes.last()), (Some(&((*begin >> 20) as u8)), Some(&99)));
}

#[test]
fn connections_that_ended_are_forgotten_once_there_are_many() {
    let folder = tempfile::tempdir().unwrap();
    let (mut link, _) = link(Some(FramingRule::as_received()), folder.path());
    for number in 2..=PEERS_KEPT as u32 + 1 {
        let number = PeerId(number);
        link.peers.insert(number, Peer { is_open: false, ..fresh(number) });
    }
    link.forget();
    assert_eq!(link.peers.len(), 1);
}

fn fresh(key: PeerId) -> Peer {
    Peer {
        id: key,
        address: None,
        is_open: true,
        place: 0,
        stream: (0, Vec::new()),
        may_move: true,
        sent_mono_ns: None,
        reads: VecDeque::new(),
        quiet_since: Instant::now(),
        half_closed: false,
    }
}
