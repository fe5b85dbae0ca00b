use super::Tape;
use crate::jobs::Job;
use crate::lines::{Following, OutputFile, OutputKind, follower};
use crate::model::{ErrorKind, NetError};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(30);

type FollowJob = Job<Result<(), NetError>>;

/// Starts to write what `tape` receives from now on to `path`.
fn start(tape: &mut Tape, path: &Path, kind: OutputKind) -> (Following, FollowJob) {
    let (following, follower) = follower(Some(tape.reader()));
    let path = path.to_owned();
    let job = Job::start("follow", Arc::new(|| ()), move |control| {
        let mut out = OutputFile::open(&path, kind, None)?;
        follower.run(&mut out, control)
    });
    (following, job.unwrap())
}

fn stop(following: &Following, job: &mut FollowJob) -> Result<(), NetError> {
    job.cancel();
    following.notify();
    job.wait(LONG).expect("it ends")
}

fn until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + LONG;
    while !done() {
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn what_is_received_after_the_start_is_appended_while_it_arrives() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("received.bin");
    std::fs::write(&path, "old ").unwrap();
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, b"before");
    let (following, mut job) = start(&mut tape, &path, OutputKind::AppendReceived);
    tape.received(peer, b"one ");
    tape.sent(peer, b"not this");
    tape.received(peer, b"two");
    tape.reader();
    following.notify();
    until("written before the stop", || std::fs::read(&path).unwrap() == b"old one two");
    assert_eq!((following.bytes(), following.missed()), (7, 0));
    // What is received before the stop is written too.
    tape.received(peer, b" three");
    tape.reader();
    assert_eq!(stop(&following, &mut job), Ok(()));
    assert_eq!(std::fs::read(&path).unwrap(), b"old one two three");
}

#[test]
fn another_capture_of_the_session_is_written_behind_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("received.bin");
    let (mut first, mut second) = (Tape::tcp(), Tape::tcp());
    let (one, two) = (first.peer(1), second.peer(1));
    let (following, mut job) = start(&mut first, &path, OutputKind::Received);
    first.received(one, b"first ");
    first.reader();
    second.received(two, b"second");
    following.continue_in(second.reader());
    assert_eq!(stop(&following, &mut job), Ok(()));
    assert_eq!(std::fs::read(&path).unwrap(), b"first second");
}

#[test]
fn without_a_capture_it_waits_for_the_first_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("received.bin");
    let (following, follower) = follower(None);
    let to = path.clone();
    let job = Job::start("follow", Arc::new(|| ()), move |control| {
        let mut out = OutputFile::open(&to, OutputKind::Received, None)?;
        follower.run(&mut out, control)
    });
    let mut job: FollowJob = job.unwrap();
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    tape.received(peer, b"from the start");
    following.continue_in(tape.reader());
    assert_eq!(stop(&following, &mut job), Ok(()));
    assert_eq!(std::fs::read(&path).unwrap(), b"from the start");
}

#[test]
fn records_that_the_size_limit_deletes_first_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("received.bin");
    let mut tape = Tape::with_limit("tcp://127.0.0.1:5000", 4 << 20);
    let peer = tape.peer(1);
    // It starts to read only after the first records are gone.
    let (following, follower) = follower(Some(tape.reader()));
    for _ in 0..300 {
        tape.received(peer, &[b'x'; 64 << 10]);
    }
    let kept = tape.reader().records();
    assert!(kept.start > 0);
    let to = path.clone();
    let job = Job::start("follow", Arc::new(|| ()), move |control| {
        let mut out = OutputFile::open(&to, OutputKind::Received, None)?;
        follower.run(&mut out, control)
    });
    assert_eq!(stop(&following, &mut job.unwrap()), Ok(()));
    assert_eq!(following.missed(), kept.start);
    assert_eq!(following.bytes(), (kept.end - kept.start) * (64 << 10));
    assert_eq!(path.metadata().unwrap().len(), following.bytes());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_ends_it_with_one_error() {
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    let (following, mut job) = start(&mut tape, Path::new("/dev/full"), OutputKind::Received);
    for _ in 0..10 {
        tape.received(peer, &[b'x'; 100_000]);
    }
    tape.reader();
    following.notify();
    let ended = job.wait(LONG).expect("it ends by itself");
    assert_eq!(ended.map_err(|error| error.kind), Err(ErrorKind::DiskFull));
    // The session goes on.
    tape.received(peer, b"more");
    assert_eq!(tape.reader().records(), 0..11);
}

#[test]
fn followers_beside_each_other_all_write_everything() {
    for threads in [1, 2, 4, 8, 16] {
        for _ in 0..5 {
            let folder = tempfile::tempdir().unwrap();
            let mut tape = Tape::tcp();
            let peer = tape.peer(1);
            let path = |number: usize| folder.path().join(number.to_string());
            let mut running: Vec<(Following, FollowJob)> =
                (0..threads).map(|number| start(&mut tape, &path(number), OutputKind::Received)).collect();
            let mut expected = Vec::new();
            for number in 0..200_u32 {
                let payload = number.to_le_bytes().repeat(1 + number as usize % 50);
                tape.received(peer, &payload);
                expected.extend_from_slice(&payload);
                if number % 7 == 0 {
                    tape.reader();
                    running.iter().for_each(|(following, _)| following.notify());
                }
            }
            tape.reader();
            for (number, (following, job)) in running.iter_mut().enumerate() {
                assert_eq!(stop(following, job), Ok(()));
                assert!(std::fs::read(path(number)).unwrap() == expected, "{number} of {threads}");
            }
        }
    }
}
