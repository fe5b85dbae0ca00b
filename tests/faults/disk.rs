//! Disks that are full, and folders that disappear or become read-only during recording.

use crate::child;
use crate::program::{self, Bench};
use crate::support::*;
use std::io::Write;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use wirebench::capture::{CaptureOptions, CaptureReader};
use wirebench::engine::{Command, EventKind};
use wirebench::model::{CloseReason, CounterValues, Direction, ErrorKind, NetError, Operation, PeerId, SessionState};

/// Mounts a file system of `size` in memory for the rest of this process's life. All files of the test are stored on it.
fn small_disk(size: &str) -> PathBuf {
    let disk = std::env::temp_dir(); // set by the parent, see `on_a_disk_of_its_own`
    child::system("ip", &["link", "set", "lo", "up"]);
    child::system("mount", &["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs", program::shown(&disk)]);
    disk
}

fn make_room(disk: &Path) {
    child::system("mount", &["-o", "remount,size=256m", program::shown(disk)]);
}

fn on_a_disk_of_its_own(name: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    child::in_namespaces(name, &[("TMPDIR", program::shown(folder.path()))]);
}

fn store_error(session: &mut Session) -> NetError {
    let error = session.wait("an error of the disk", |session| {
        session.events().iter().find_map(|event| match event {
            EventKind::Error(error) if error.operation == Operation::Store => Some(error.clone()),
            _ => None,
        })
    });
    let folder = session.reader().folder().display().to_string();
    assert!(error.address.starts_with(&folder) && !error.detail.is_empty(), "{error}");
    error
}

fn assert_sums(counters: &CounterValues) {
    assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes, "{counters:?}");
    assert_eq!(counters.received_records, counters.stored_records + counters.dropped_records, "{counters:?}");
}

fn resumes(session: &mut Session) -> usize {
    session.events().iter().filter(|event| matches!(event, EventKind::Resumed)).count()
}

/// Datagram `n`.
fn datagram(n: u32, content: &[u8]) -> Vec<u8> {
    [&n.to_le_bytes()[..], &content[..996]].concat()
}

#[test]
#[ignore = "mounts a file system"]
fn child_on_a_full_disk() {
    let disk = small_disk("12m");
    // More than the disk and the largest socket buffers of both ends hold together.
    let content = pattern(40_000_000);
    let mut datagrams = Session::open(udp("127.0.0.1:0"));
    let (mut stream, local) = listening();
    let mut peer = Peer::connect(local);
    stream.wait_peers(1);
    std::thread::scope(|scope| {
        let sender = scope.spawn(|| peer.send(&content));
        assert_eq!(store_error(&mut stream).kind, ErrorKind::DiskFull);
        assert_sums(&stream.counters());
        assert!(stream.counters().received_bytes < 14_000_000, "{:?}", stream.counters());
        assert!(stream.handle().state().is_open() && !sender.is_finished(), "flow control must hold the peer");

        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let count = 20_000 + 3 * u32::try_from(datagrams.counters().receive_buffer_bytes / 1000).expect("some MiB");
        for n in 0..count {
            socket.send_to(&datagram(n, &content), datagrams.local()).expect("sent");
        }
        assert_eq!(store_error(&mut datagrams).kind, ErrorKind::DiskFull);
        assert_sums(&datagrams.counters());

        make_room(&disk);
        stream.wait("all bytes", |session| (session.counters().received_bytes == 40_000_000).then_some(()));
        datagrams.wait("all datagrams to be received or counted", |session| {
            let counters = session.counters();
            assert_sums(&counters);
            let gone = counters.kernel_dropped_records.expect("Linux says");
            (counters.received_records + gone == u64::from(count)).then_some(())
        });
    });
    // Both sessions continue.
    peer.send(b"and more");
    stream.wait_received(40_000_008);
    assert!(payload(&stream.reader(), Direction::Received, None) == [&content[..], b"and more"].concat());
    UdpSocket::bind("127.0.0.1:0").and_then(|s| s.send_to(b"and more", datagrams.local())).expect("sent");
    datagrams.wait_story("received 2 and more");
    let gone = datagrams.counters().kernel_dropped_records;
    assert!(gone > Some(0), "reading stopped, so the buffer must overflow");
    for session in [&mut stream, &mut datagrams] {
        assert_eq!(resumes(session), 1);
        session.close();
        assert_sums(&session.counters());
        assert_eq!(session.counters().dropped_records, 0);
        assert!(session.story().iter().any(|line| line == "resumed"));
    }
    let received = payload(&datagrams.reader(), Direction::Received, Some(PeerId(1)));
    let mut next = 0;
    for one in received.chunks(1000) {
        let n = one.first_chunk().map(|n| u32::from_le_bytes(*n)).expect("a number");
        assert!(n >= next && one == datagram(n, &content), "datagram {n}, expected {next} or later");
        next = n + 1;
    }
}

#[test]
fn a_full_disk_stops_reading_and_room_loses_nothing() {
    on_a_disk_of_its_own("disk::child_on_a_full_disk");
}

#[test]
#[ignore = "mounts a file system"]
fn child_that_closes_on_a_full_disk() {
    small_disk("12m");
    let filler = pattern(20_000_000);
    let mut datagrams = Session::open(udp("127.0.0.1:0"));
    let (mut stream, local) = listening();
    let mut waiting = Peer::connect(local);
    let mut peer = Peer::connect(local);
    stream.wait_peers(2);
    std::thread::scope(|scope| {
        let flood = scope.spawn(|| peer.0.write_all(&filler).is_ok());
        assert_eq!(store_error(&mut stream).kind, ErrorKind::DiskFull);
        waiting.send(b"unread");
        stream.close();
        flood.join().expect("the flood ends");
    });
    assert_eq!(waiting.receive_all(), Ok(Vec::new()), "a FIN, not a reset");
    let counters = stream.counters();
    assert_sums(&counters);
    assert!(counters.dropped_bytes >= 17, "{counters:?}");

    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let mut sent = 0;
    let full = |session: &mut Session| session.events().iter().any(|event| matches!(event, EventKind::Error(_)));
    while !full(&mut datagrams) {
        socket.send_to(&datagram(sent, &filler), datagrams.local()).expect("sent");
        sent += 1;
    }
    assert_eq!(store_error(&mut datagrams).kind, ErrorKind::DiskFull);
    socket.send_to(b"", datagrams.local()).expect("sent");
    datagrams.close();
    let counters = datagrams.counters();
    assert_sums(&counters);
    assert_eq!(counters.received_records, u64::from(sent) + 1, "{counters:?}");
    assert!(counters.dropped_records >= 1, "{counters:?}");
}

#[test]
fn closing_on_a_full_disk_counts_what_arrived_as_dropped_and_ends_with_a_fin() {
    on_a_disk_of_its_own("disk::child_that_closes_on_a_full_disk");
}

#[test]
#[ignore = "mounts a file system"]
fn child_with_the_program_on_a_full_disk() {
    let disk = small_disk("12m");
    let bench = Bench::new();
    let content = pattern(20_000_000);
    let flood = |to: SocketAddr| {
        let mut peer = TcpStream::connect(to).expect("it listens");
        peer.write_all(&content).is_ok()
    };
    let start = |timeout: &str| {
        let all = ["--show", "none", "--until-bytes", "20000000", "--timeout", timeout];
        bench.json(&[&["listen", "127.0.0.1:0"][..], &all].concat())
    };
    let reported_full = |error: &serde_json::Value| {
        assert_eq!((&error["kind"], &error["operation"]), (&"disk_full".into(), &"store".into()), "{error}");
        assert!(
            error["address"].as_str().is_some_and(|at| at.starts_with(program::shown(&bench.path("data")))),
            "{error}"
        );
    };
    // The disk stays full: the program fails, with counters that show what is missing.
    let mut listen = start("60s");
    let local = listen.local();
    let ended = std::thread::scope(|scope| {
        scope.spawn(|| flood(local));
        reported_full(&listen.event("error"));
        listen.signal(rustix::process::Signal::INT);
        listen.end().exits(1)
    });
    let summary = ended.summary();
    let received = summary["received_bytes"].as_u64().expect("a number");
    assert!(received > 1_000_000, "{summary}");
    // Data read while closing is counted and dropped; the disk stores no more than before.
    assert!(summary["stored_bytes"].as_u64().expect("a number") < 14_000_000, "{summary}");
    let stored = bench.plain(&["captures", "export", "last"]).end().exits(0).stdout;
    assert_eq!(summary["stored_bytes"], stored.len(), "{summary}");
    assert!(content.starts_with(&stored));
    // The next run reports that there is no space for its capture.
    let refused = start("3s").end().exits(1);
    let error = refused.all("error");
    assert_eq!((error.len(), &error[0]["kind"]), (1, &"disk_full".into()), "{error:?}");
    refused.summary();
    bench.plain(&["captures", "delete", "last"]).end().exits(0);
    // Space becomes available.
    let mut listen = start("60s");
    let local = listen.local();
    let ended = std::thread::scope(|scope| {
        let sender = scope.spawn(|| flood(local));
        reported_full(&listen.event("error"));
        make_room(&disk);
        let ended = listen.end().exits(0);
        assert!(sender.join().expect("no panic"));
        ended
    });
    let summary = ended.summary();
    assert_eq!((&summary["stored_bytes"], &summary["dropped_bytes"]), (&20_000_000.into(), &0.into()), "{summary}");
    assert!(bench.plain(&["captures", "export", "last"]).end().exits(0).stdout == content);
}

#[test]
fn the_program_reports_a_full_disk_and_ends_as_asked_when_there_is_room() {
    on_a_disk_of_its_own("disk::child_with_the_program_on_a_full_disk");
}

#[test]
#[ignore = "mounts a file system"]
fn child_on_a_disk_that_becomes_read_only() {
    let disk = small_disk("64m");
    let shown = program::shown(&disk);
    // Segments of 2 MiB.
    let mut session = Session::with(CaptureOptions { limit_bytes: 32 << 20, ..CaptureOptions::default() }, 8 << 20);
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    let mut peer = Peer::connect(session.local());
    peer.send(b"before");
    session.wait_received(6);
    let mut another = Session::new();
    let content = pattern(10_000_000);
    // Open files remain writable, as on a remounted disk; no file can be created.
    child::system("mount", &["--bind", shown, shown]);
    child::system("mount", &["-o", "remount,bind,ro", shown]);
    std::thread::scope(|scope| {
        let sender = scope.spawn(|| peer.send(&content));
        let error = store_error(&mut session);
        assert_eq!(error.kind, ErrorKind::CaptureFailed, "{error}");
        assert!(error.detail.to_lowercase().contains("read-only"), "{error}");
        assert_sums(&session.counters());
        assert!(session.handle().state().is_open() && !sender.is_finished(), "flow control must hold the peer");
        // No session can be opened there; the error names the folder.
        another.command(Command::Open(server("127.0.0.1:0")));
        assert_eq!(another.wait_closed(), SessionState::Closed(CloseReason::Error));
        let folder = another.captures_dir().display().to_string();
        let named = |event: &EventKind| matches!(event, EventKind::Error(error) if error.operation == Operation::OpenCapture && error.address.starts_with(&folder));
        assert!(another.events().iter().any(named));
        child::system("umount", &[shown]);
        session.wait("all", |session| (session.counters().received_bytes == 10_000_006).then_some(()));
    });
    assert_eq!(resumes(&mut session), 1);
    session.close();
    assert_eq!((session.counters().stored_bytes, session.counters().dropped_bytes), (10_000_006, 0));
    assert!(payload(&session.reader(), Direction::Received, None) == [b"before", &content[..]].concat());
    another.command(Command::Open(server("127.0.0.1:0")));
    another.wait_state("listening", SessionState::is_open);
}

#[test]
fn a_disk_that_becomes_read_only_stops_reading_until_it_is_writable() {
    on_a_disk_of_its_own("disk::child_on_a_disk_that_becomes_read_only");
}

/// The capture's folder is deleted: this is reported, no data is counted as stored, and the next run creates another capture.
#[test]
fn a_deleted_capture_is_reported_and_the_next_run_has_another_one() {
    let (mut session, local) = listening();
    let mut peer = Peer::connect(local);
    peer.send(b"before");
    session.wait_received(6);
    let first: CaptureReader = session.reader();
    std::fs::remove_dir_all(session.captures_dir()).expect("deleted");
    std::thread::scope(|scope| {
        scope.spawn(|| peer.0.write_all(&pattern(30_000_000)).ok()); // interrupted by the close
        assert_eq!(store_error(&mut session).kind, ErrorKind::CaptureFailed);
        session.close();
    });
    assert_sums(&session.counters());
    let received = session.counters().received_bytes;
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening again", SessionState::is_open);
    let second = session.wait("another capture", |session| session.capture().filter(|now| now.id() != first.id()));
    assert!(session.events().iter().any(|event| matches!(event, EventKind::Capture(of) if of.id() == second.id())));
    let mut peer = Peer::connect(session.local());
    peer.send(b"after");
    session.wait("the bytes", |session| (session.counters().received_bytes == received + 5).then_some(()));
    session.close();
    assert_sums(&session.counters());
    assert_eq!(
        session.story(),
        ["opened 2", "listening", "joined 1", "received 1 after", "left 1 local", "closed local"]
    );
    drop(peer);
    let opened = CaptureReader::open(second.folder()).expect("the capture is on the disk");
    assert_eq!(payload(&opened, Direction::Received, None), b"after");
}

/// A run that starts while the disk still refuses writes reports it too.
#[test]
fn a_disk_that_still_refuses_writes_is_reported_in_every_run() {
    let (mut session, local) = listening();
    Peer::connect(local).send(b"before");
    session.wait_received(6);
    session.close();
    let folder = session.reader().folder().to_owned();
    // The folder exists without its contents.
    let aside = folder.with_extension("aside");
    std::fs::rename(&folder, &aside).expect("moved away");
    std::fs::create_dir(&folder).expect("an empty one");
    for run in 1..=3 {
        session.command(Command::Open(server("127.0.0.1:0")));
        session.wait("an error of this run", |session| {
            let store =
                |event: &&EventKind| matches!(event, EventKind::Error(error) if error.operation == Operation::Store);
            (session.events().iter().filter(store).count() == run).then_some(())
        });
        session.close();
    }
    std::fs::remove_dir(&folder).and_then(|()| std::fs::rename(&aside, &folder)).expect("moved back");
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    Peer::connect(session.local()).send(b"after");
    session.wait_received(11);
    assert_eq!(payload(&session.reader(), Direction::Received, None), b"beforeafter");
}
