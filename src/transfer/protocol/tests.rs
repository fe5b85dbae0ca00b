use super::*;
use crate::codec::Encoding;
use crate::model::NameProblem;
use crate::transfer::head::with_length;
use std::collections::BTreeMap;

/// Files in memory.
#[derive(Default)]
struct Memory {
    served: BTreeMap<String, Vec<u8>>,
    kept: BTreeMap<String, Vec<u8>>,
    incoming: Option<(String, Vec<u8>)>,
    full: bool,
}

impl Files for Memory {
    fn find(&mut self, name: &str) -> Result<u64, TransferError> {
        self.served.get(name).map(|bytes| bytes.len() as u64).ok_or(TransferError::NoSuchFile)
    }

    fn create(&mut self, name: &str) -> Result<(), TransferError> {
        if self.kept.contains_key(name) {
            return Err(NameProblem::Exists.into());
        }
        self.incoming = Some((name.to_owned(), Vec::new()));
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), TransferError> {
        if self.full {
            return Err(TransferError::Cancelled);
        }
        self.incoming.as_mut().expect("a file is open").1.extend_from_slice(bytes);
        Ok(())
    }

    fn keep(&mut self) -> Result<(), TransferError> {
        let (name, bytes) = self.incoming.take().expect("a file is open");
        self.kept.insert(name, bytes);
        Ok(())
    }

    fn discard(&mut self) {
        self.incoming = None;
    }
}

/// One end with its files and what it wanted.
struct End {
    role: Box<dyn Role>,
    files: Memory,
    steps: Vec<Step>,
}

impl End {
    fn new(role: impl Role + 'static) -> Self {
        Self { role: Box::new(role), files: Memory::default(), steps: Vec::new() }
    }

    fn server(serves: bool, receives: bool) -> Self {
        Self::new(Server::new(serves, receives, Encoding::UTF_8))
    }

    fn act(&mut self, act: impl FnOnce(&mut dyn Role, &mut Io<'_>)) {
        act(self.role.as_mut(), &mut Io { files: &mut self.files, steps: &mut self.steps });
    }

    fn feed(&mut self, bytes: &[u8], piece: usize) {
        for piece in bytes.chunks(piece.max(1)) {
            self.act(|role, io| role.received(piece, io));
        }
    }

    /// Carries out the sends and hashes so far and returns the bytes; `file` is the file to send.
    fn sent(&mut self, file: &[u8]) -> Vec<u8> {
        let mut sent = Vec::new();
        let mut at = 0;
        while let Some(step) = self.steps.get(at) {
            match step {
                Step::Send(bytes) => sent.extend_from_slice(bytes),
                Step::SendFile { head } => {
                    sent.extend_from_slice(head);
                    sent.extend_from_slice(file);
                    self.act(|role, io| role.file_sent(io));
                }
                Step::Hash => {
                    let md5 = md5(file);
                    self.act(|role, io| role.hashed(Ok(md5), io));
                }
                _ => {}
            }
            at += 1;
        }
        self.steps.retain(|step| matches!(step, Step::Begin { .. } | Step::End(_) | Step::HangUp | Step::Arrived(_)));
        sent
    }

    fn outcomes(&self) -> Vec<&Result<bool, TransferError>> {
        self.steps.iter().filter_map(|step| if let Step::End(outcome) = step { Some(outcome) } else { None }).collect()
    }

    fn hangs_up(&self) -> bool {
        self.steps.contains(&Step::HangUp)
    }
}

fn md5(bytes: &[u8]) -> String {
    hex::lower(&Md5::digest(bytes))
}

const CUTS: [usize; 6] = [1, 2, 3, 7, 32, 100_000];

fn upload_head(name: &str, len: i64) -> String {
    format!(r#"{{"action": "put", "filename": "{name}", "filesize": {len}}}"#)
}

#[test]
fn a_download_arrives_however_it_is_cut() {
    for len in [0_usize, 1, 1000] {
        let file: Vec<u8> = (0..len).map(|n| n as u8).collect();
        for cut in CUTS {
            let mut server = End::server(true, false);
            server.files.served.insert("a.bin".to_owned(), file.clone());
            let mut client = End::new(Get::new(vec!["a.bin".into(), "none".into(), "a.bin".into()], Encoding::UTF_8));
            client.act(|role, io| role.start(io));
            for turn in 0..3 {
                let asked = client.sent(&[]);
                server.feed(&asked, cut);
                assert!(server.role.waits_for_quiet(), "a name has no end");
                server.act(|role, io| role.quiet(io));
                let answer = server.sent(&file);
                client.feed(&answer, cut);
                if turn == 0 {
                    assert_eq!(client.files.kept.remove("a.bin").as_ref(), Some(&file), "{len} {cut}");
                }
            }
            assert_eq!(client.files.kept.get("a.bin"), Some(&file));
            let outcomes = client.outcomes();
            assert_eq!(outcomes, [&Ok(true), &Err(TransferError::NoSuchFile), &Ok(true)], "{len} {cut}");
            assert_eq!(server.outcomes(), [&Ok(false), &Err(TransferError::NoSuchFile), &Ok(false)]);
            assert!(client.role.is_idle() && server.role.is_idle() && !client.hangs_up());
        }
    }
}

#[test]
fn both_forms_of_upload_arrive_however_they_are_cut() {
    for form in [UploadForm::WithMd5, UploadForm::PlainJson] {
        for (len, cut) in [0_usize, 1, 5000].into_iter().flat_map(|len| CUTS.map(|cut| (len, cut))) {
            let file: Vec<u8> = (0..len).map(|n| (n % 251) as u8).collect();
            // A server that also serves files recognises uploads.
            let mut server = End::server(len == 1, true);
            let mut client = End::new(Put::new("报告 a.bin".to_owned(), len as u64, form));
            client.act(|role, io| role.start(io));
            for _ in 0..4 {
                let sent = client.sent(&file);
                server.feed(&sent, cut);
                let answers = server.sent(&[]);
                client.feed(&answers, cut);
            }
            let verified = form == UploadForm::WithMd5;
            assert_eq!(server.files.kept.get("报告 a.bin"), Some(&file), "{form:?} {len} {cut}");
            assert_eq!((server.outcomes(), client.outcomes()), (vec![&Ok(verified)], vec![&Ok(verified)]));
            assert!(server.role.is_idle() && client.role.is_idle());
        }
    }
}

#[test]
fn a_wrong_md5_is_answered_with_204_and_leaves_no_file() {
    let head = with_length(upload_head("a", 3).as_bytes());
    for cut in CUTS {
        let mut server = End::server(false, true);
        server.feed(&[&head[..], b"abc", "0".repeat(32).as_bytes()].concat(), cut);
        assert_eq!(server.sent(&[]), b"OK204");
        assert!(matches!(server.outcomes()[..], [Err(TransferError::Md5 { .. })]), "{:?}", server.steps);
        assert!(server.files.kept.is_empty() && server.files.incoming.is_none() && !server.hangs_up());
        // The next upload on the same connection is understood.
        server.feed(&[&head[..], b"abc", md5(b"abc").to_ascii_uppercase().as_bytes()].concat(), cut);
        assert_eq!(server.sent(&[]), b"OK203");
        assert_eq!(server.files.kept.get("a").map(Vec::as_slice), Some(&b"abc"[..]));
    }
}

#[test]
fn every_lie_of_a_client_is_one_error() {
    let field = |name: &str| TransferError::HeadField { field: name.to_owned() };
    let length = |len: i32| TransferError::HeadLength { len: len.into(), most: 65_536 };
    let head = |text: &str| with_length(text.as_bytes());
    for (bytes, error) in [
        ((-1_i32).to_le_bytes().to_vec(), length(-1)),
        (0_i32.to_le_bytes().to_vec(), length(0)),
        (i32::MAX.to_le_bytes().to_vec(), length(i32::MAX)),
        (b"GET / HTTP/1.1\r\n".to_vec(), length(i32::from_le_bytes(*b"GET "))),
        (head("nonsense"), TransferError::HeadNotJson),
        (head("[1]"), TransferError::HeadNotJson),
        (head(&upload_head("a", -5)), field("filesize")),
        (head(r#"{"action": "put", "filename": 7, "filesize": 1}"#), field("filename")),
        (head(r#"{"action": "put", "filesize": 1}"#), field("filename")),
        (head(r#"{"action": "delete", "filename": "a", "filesize": 1}"#), field("action")),
        (head(r#"{"filename": "a", "filesize": 1e99}"#), field("filesize")),
        (upload_head("a", -5).into_bytes(), field("filesize")),
        ([b"{\"a\": \"", &b"x".repeat(70_000)[..]].concat(), TransferError::HeadNotJson),
        (head(&upload_head("old", 1)), NameProblem::Exists.into()),
    ] {
        for cut in CUTS {
            let mut server = End::server(false, true);
            server.files.kept.insert("old".to_owned(), Vec::new());
            server.feed(&bytes, cut);
            server.feed(&[0; 100], cut);
            server.act(|role, io| role.ended(None, io));
            let begun = server.steps.iter().filter(|step| matches!(step, Step::Begin { .. })).count();
            assert_eq!((server.outcomes(), begun), (vec![&Err(error.clone())], 1), "{cut}");
            assert!(server.hangs_up() && server.files.kept.len() == 1 && server.files.incoming.is_none());
        }
    }
}

#[test]
fn a_connection_that_ends_early_leaves_no_file() {
    let head = with_length(upload_head("a", 10).as_bytes());
    for (bytes, error) in [
        (head[..2].to_vec(), None),
        (head[..20].to_vec(), Some(TransferError::EndedEarly { have: 0, want: None })),
        ([&head[..], b"abc"].concat(), Some(TransferError::EndedEarly { have: 3, want: Some(10) })),
        ([&head[..], b"0123456789abc"].concat(), Some(TransferError::EndedEarly { have: 10, want: Some(10) })),
    ] {
        let mut server = End::server(false, true);
        server.feed(&bytes, 5);
        server.act(|role, io| role.ended(None, io));
        let error = error.map(Err);
        assert_eq!(server.outcomes(), error.iter().collect::<Vec<_>>(), "{} bytes", bytes.len());
        assert!(server.files.kept.is_empty() && server.files.incoming.is_none());
    }
}

#[test]
fn every_lie_of_a_server_is_one_error() {
    let announced = |len: i64, md5: &str| with_length(format!(r#"{{"lenth": {len}, "md5": "{md5}"}}"#).as_bytes());
    let wrong = "0".repeat(32);
    for (bytes, error) in [
        ((-7_i32).to_le_bytes().to_vec(), TransferError::HeadLength { len: -7, most: 65_536 }),
        (with_length(b"nothing"), TransferError::HeadNotJson),
        (announced(-1, &wrong), TransferError::HeadField { field: "lenth".into() }),
        (announced(1, "short"), TransferError::HeadField { field: "md5".into() }),
        (
            [announced(3, &wrong), b"abc".to_vec()].concat(),
            TransferError::Md5 { announced: wrong.clone(), found: md5(b"abc") },
        ),
        ([announced(9, &wrong), b"abc".to_vec()].concat(), TransferError::EndedEarly { have: 3, want: Some(9) }),
        (b"\x05\0".to_vec(), TransferError::EndedEarly { have: 0, want: None }),
    ] {
        for cut in CUTS {
            let mut client = End::new(Get::new(vec!["a".into()], Encoding::UTF_8));
            client.act(|role, io| role.start(io));
            client.feed(&bytes, cut);
            client.act(|role, io| role.ended(None, io));
            assert_eq!(client.outcomes(), [&Err(error.clone())], "{cut}");
            assert!(client.files.kept.is_empty() && client.files.incoming.is_none() && client.role.is_idle());
        }
    }
}

#[test]
fn wrong_answers_to_an_upload_are_named() {
    for (answers, error) in [
        (&b"NO"[..], TransferError::Answer { expected: "OK".into(), found: "NO".into() }),
        (b"OK500", TransferError::Answer { expected: "203 / 204".into(), found: "500".into() }),
        (b"OK204", TransferError::PeerMd5),
        (b"OK", TransferError::EndedEarly { have: 0, want: None }),
    ] {
        for cut in CUTS {
            let mut client = End::new(Put::new("a".into(), 3, UploadForm::WithMd5));
            client.act(|role, io| role.start(io));
            client.sent(b"abc");
            client.feed(answers, cut);
            client.act(|role, io| role.ended(None, io));
            let found = client.outcomes();
            // Answers that are cut are shown as far as they decide.
            let same = matches!(
                (found[..].first(), &error),
                (Some(Err(TransferError::Answer { .. })), TransferError::Answer { .. })
            );
            assert!(found.len() == 1 && (same || found[0] == &Err(error.clone())), "{cut} {found:?}");
        }
    }
    let mut early = End::new(Put::new("a".into(), 3, UploadForm::WithMd5));
    early.act(|role, io| role.start(io));
    // The server answers before this side has learned that everything is sent.
    early.feed(b"OK", 1);
    assert_eq!(early.sent(b"abc").len(), 4 + upload_head("a", 3).len() + 3 + 32);
    early.feed(b"203", 1);
    assert_eq!(early.outcomes(), [&Ok(true)]);
}

#[test]
fn a_served_name_ends_at_a_line_break_or_a_pause() {
    let mut server = End::server(true, true);
    server.files.served.insert("a".into(), b"abc".to_vec());
    server.feed(b"a\r\na", 1);
    assert!(server.sent(b"abc").ends_with(b"abc"));
    assert!(server.role.waits_for_quiet(), "the second name waits");
    server.act(|role, io| role.quiet(io));
    assert!(server.sent(b"abc").ends_with(b"abc"));
    assert_eq!(server.outcomes(), [&Ok(false), &Ok(false)]);
    let mut flood = End::server(true, false);
    flood.feed(&b"x".repeat(5000), 100);
    assert_eq!(flood.outcomes(), [&Err(NameProblem::TooLong.into())]);
    let mut early = End::server(true, false);
    early.files.served.insert("a".into(), b"abc".to_vec());
    early.feed(&[&b"a\n"[..], &b"x".repeat(2000)].concat(), 100);
    assert_eq!(early.outcomes(), [&Err(TransferError::TooEarly)]);
}

#[test]
fn a_disk_that_is_full_ends_the_transfer() {
    let mut server = End::server(false, true);
    server.files.full = true;
    server.feed(&[&with_length(upload_head("a", 3).as_bytes())[..], b"abc"].concat(), 4);
    assert_eq!(server.outcomes(), [&Err(TransferError::Cancelled)]);
    assert!(server.hangs_up() && server.files.incoming.is_none());
}

#[test]
fn no_input_panics_or_keeps_much() {
    use proptest::prelude::*;
    let inputs = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 0..20);
    proptest!(|(inputs in inputs, serves: bool, receives: bool)| {
        let mut server = End::server(serves, receives);
        let mut client = End::new(Get::new(vec!["a".into()], Encoding::UTF_8));
        client.act(|role, io| role.start(io));
        for input in &inputs {
            for end in [&mut server, &mut client] {
                end.feed(input, 1000);
                if end.role.waits_for_quiet() {
                    end.act(|role, io| role.quiet(io));
                }
                end.sent(b"");
            }
        }
        for end in [&mut server, &mut client] {
            end.act(|role, io| role.ended(None, io));
            let begun = end.steps.iter().filter(|step| matches!(step, Step::Begin { .. })).count();
            prop_assert_eq!(begun, end.outcomes().len());
        }
    });
}
