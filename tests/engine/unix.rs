//! Unix stream sockets: servers and clients on paths and abstract names.

use crate::support::*;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use wirebench::engine::{Command, EventKind};
use wirebench::model::{
    Direction, ErrorKind, HostPort, NetError, Operation, PeerId, SessionConfig, SessionState, Target, TcpClientConfig,
    TcpServerConfig, UnixEnd, display_address,
};

fn at(path: &str) -> HostPort {
    HostPort::unix(path).expect("a path")
}

fn listen(path: &str) -> SessionConfig {
    SessionConfig::TcpServer(TcpServerConfig::new(at(path)))
}

fn connect(path: &str) -> SessionConfig {
    SessionConfig::TcpClient(TcpClientConfig::new(at(path)))
}

fn folder() -> (tempfile::TempDir, PathBuf, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("x.sock");
    let text = path.to_str().expect("UTF-8").to_owned();
    (folder, path, text)
}

fn refused(config: SessionConfig) -> NetError {
    let mut session = Session::new();
    session.command(Command::Open(config));
    session.wait("an error", |session| {
        session.events().iter().find_map(|event| match event {
            EventKind::Error(error) => Some(error.clone()),
            _ => None,
        })
    })
}

#[test]
fn a_server_on_a_path_talks_to_clients_and_removes_its_file() {
    let (_folder, path, text) = folder();
    let mut session = Session::open(listen(&text));
    assert_eq!(display_address(session.local()), format!("unix:{text}"));
    assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    let mut client = UnixStream::connect(&path).expect("connected");
    client.set_read_timeout(Some(DEADLINE)).expect("time-out");
    client.write_all(b"hello").expect("sent");
    session.wait_story("received 1 hello");
    let big = pattern(3_000_000);
    session.send(1, Target::Peer(PeerId(1)), plan(vec![bytes(&big)]));
    let mut got = vec![0; big.len()];
    client.read_exact(&mut got).expect("received");
    assert!(got == big);
    // The other end is this process.
    let peer = session.reader().peer_address(PeerId(1)).expect("known");
    let end = UnixEnd::of(peer).expect("a Unix socket");
    #[cfg(target_os = "linux")]
    assert_eq!((end.process, end.user), (Some(std::process::id()), Some(rustix::process::getuid().as_raw())));
    assert_eq!(end.name, None);
    client.shutdown(std::net::Shutdown::Write).expect("shut");
    session.wait_story("left 1 peer_fin");
    session.close();
    assert!(!path.exists(), "the file is removed");
}

#[test]
fn a_client_on_a_path_talks_to_a_server_and_sees_its_end() {
    let (_folder, path, text) = folder();
    let server = UnixListener::bind(&path).expect("bound");
    let mut session = Session::new();
    session.command(Command::Open(connect(&text)));
    let (mut peer, _) = server.accept().expect("a connection");
    session.wait_state("connected", SessionState::is_open);
    session.send_and_wait(1, Target::Remote, bytes(b"ask"));
    let mut got = [0; 3];
    peer.read_exact(&mut got).expect("received");
    assert_eq!(&got, b"ask");
    peer.write_all(b"answer").expect("sent");
    session.wait_story("received 1 answer");
    let remote = session.reader().peer_address(PeerId(1)).expect("known");
    assert!(display_address(remote).starts_with(&format!("unix:{text}")), "{}", display_address(remote));
    drop(peer);
    session.wait_closed();
    assert!(path.exists(), "the file of another program stays");
}

#[test]
fn two_sessions_meet_on_a_path() {
    let (_folder, _, text) = folder();
    let mut server = Session::open(listen(&text));
    let mut client = Session::new();
    client.command(Command::Open(connect(&text)));
    client.wait_state("connected", SessionState::is_open);
    client.send_and_wait(1, Target::Remote, bytes(&pattern(200_000)));
    server.wait_received(200_000);
    assert!(payload(&server.reader(), Direction::Received, None) == pattern(200_000));
    client.close();
    server.wait_story("left 1 peer_fin");
}

#[test]
#[cfg(target_os = "linux")]
fn abstract_names_have_no_file() {
    let name = format!("@wirebench-test-{}", std::process::id());
    let mut server = Session::open(listen(&name));
    assert_eq!(display_address(server.local()), format!("unix:{name}"));
    let mut client = Session::new();
    client.command(Command::Open(connect(&name)));
    client.wait_state("connected", SessionState::is_open);
    client.send_and_wait(1, Target::Remote, bytes(b"x"));
    server.wait_story("received 1 x");
}

#[test]
fn a_file_that_was_left_behind_is_replaced_with_a_warning() {
    let (_folder, path, text) = folder();
    drop(UnixListener::bind(&path).expect("bound"));
    assert!(path.exists(), "it stays when its program ends");
    let mut session = Session::open(listen(&text));
    UnixStream::connect(&path).expect("connected");
    session.wait_story("joined 1");
    assert!(session.story().contains(&"warning listen left_behind".to_owned()), "{:?}", session.story());
}

#[test]
fn what_others_own_is_not_touched() {
    let (folder, path, text) = folder();
    let _theirs = UnixListener::bind(&path).expect("bound");
    let error = refused(listen(&text));
    assert_eq!(
        (error.operation, error.kind, &*error.address),
        (Operation::Listen, ErrorKind::AddressInUse, &*format!("unix:{text}"))
    );
    UnixStream::connect(&path).expect("it still listens");
    let file = folder.path().join("notes.txt");
    std::fs::write(&file, "notes").expect("written");
    let error = refused(listen(file.to_str().expect("UTF-8")));
    assert_eq!(error.kind, ErrorKind::NotASocket);
    assert_eq!(std::fs::read(&file).expect("it is there"), b"notes");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&file, &link).expect("a link");
    assert_eq!(refused(listen(link.to_str().expect("UTF-8"))).kind, ErrorKind::NotASocket);
    let nowhere = folder.path().join("nowhere/x.sock");
    assert_eq!(refused(listen(nowhere.to_str().expect("UTF-8"))).kind, ErrorKind::File);
}

#[test]
fn a_file_put_in_the_place_of_ours_stays() {
    let (_folder, path, text) = folder();
    let mut session = Session::open(listen(&text));
    std::fs::remove_file(&path).expect("removed");
    std::fs::write(&path, "theirs").expect("written");
    session.close();
    assert_eq!(std::fs::read(&path).expect("it is there"), b"theirs");
}

#[test]
fn a_client_without_a_server_is_refused() {
    let (_folder, path, text) = folder();
    assert_eq!(refused(connect(&text)).kind, ErrorKind::File);
    drop(UnixListener::bind(&path).expect("bound"));
    let error = refused(connect(&text));
    assert_eq!((error.operation, error.kind), (Operation::Connect, ErrorKind::Refused));
    assert_eq!(error.address, format!("unix:{text}"));
}
