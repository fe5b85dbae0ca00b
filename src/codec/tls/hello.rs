//! ClientHello and ServerHello out of the first bytes of a stream (RFC 8446 sections 4.1, 4.2 and 5.1; RFC 5246).

use crate::model::TlsHello;

/// Content types of records.
const HANDSHAKE: u8 = 22;
const CHANGE_CIPHER_SPEC: u8 = 20;
/// Handshake messages.
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
/// Extensions.
const SERVER_NAME: u16 = 0;
const SUPPORTED_GROUPS: u16 = 10;
const ALPN: u16 = 16;
const SUPPORTED_VERSIONS: u16 = 43;
const KEY_SHARE: u16 = 51;

/// The most bytes of a stream that are kept until its hellos are known.
const KEPT_BYTES: usize = 64 << 10;
/// The most entries of each list.
const ENTRIES: usize = 128;
/// The random of a ServerHello that asks for another ClientHello (RFC 8446 section 4.1.3).
const RETRY: [u8; 32] = [
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2, 0x11,
    0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
];

/// Whether a stream that begins with these bytes can be TLS: the type and the major version of a record.
#[must_use]
pub fn is_record_start(bytes: &[u8]) -> bool {
    let kind = bytes.first().is_none_or(|kind| (20..=23).contains(kind));
    kind && bytes.get(1).is_none_or(|major| *major == 3)
}

/// Collects the hellos of one direction.
#[derive(Debug, Default)]
pub struct HelloReader {
    /// Bytes of records that are not complete.
    records: Vec<u8>,
    /// Bytes of handshake messages that are not complete.
    messages: Vec<u8>,
    is_done: bool,
}

impl HelloReader {
    /// Whether no more bytes are needed.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Takes the next bytes of the stream and returns the hellos that they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<TlsHello> {
        let mut hellos = Vec::new();
        if self.is_done {
            return hellos;
        }
        let room = KEPT_BYTES.saturating_sub(self.records.len() + self.messages.len());
        self.records.extend_from_slice(&bytes[..bytes.len().min(room)]);
        let is_full = bytes.len() > room;
        while !self.is_done && self.take_record() {
            self.take_messages(&mut hellos);
        }
        if self.is_done || is_full {
            *self = Self { is_done: true, ..Self::default() };
        }
        hellos
    }

    /// Moves the content of a complete record. False: there is none.
    fn take_record(&mut self) -> bool {
        let Some((&[kind, major, _, high, low], rest)) = self.records.split_first_chunk::<5>() else { return false };
        let len = usize::from(u16::from_be_bytes([high, low]));
        if major != 3 || !matches!(kind, HANDSHAKE | CHANGE_CIPHER_SPEC) {
            self.is_done = true;
            return false;
        }
        let Some(content) = rest.get(..len) else { return false };
        if kind == HANDSHAKE {
            self.messages.extend_from_slice(content);
        }
        self.records.drain(..5 + len);
        true
    }

    fn take_messages(&mut self, hellos: &mut Vec<TlsHello>) {
        while let Some((&[kind, a, b, c], rest)) = self.messages.split_first_chunk::<4>() {
            let len = u32::from_be_bytes([0, a, b, c]) as usize;
            if !matches!(kind, CLIENT_HELLO | SERVER_HELLO) {
                self.is_done = true;
                return;
            }
            let Some(body) = rest.get(..len) else { return };
            let Some(hello) = read(kind == CLIENT_HELLO, body) else {
                self.is_done = true;
                return;
            };
            self.is_done = !hello.is_retry;
            hellos.push(hello);
            self.messages.drain(..4 + len);
            if self.is_done {
                return;
            }
        }
    }
}

/// Bytes that are read from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (front, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(front)
    }

    fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_be_bytes(*self.take(2)?.first_chunk()?))
    }

    /// A vector whose length is one byte.
    fn short(&mut self) -> Option<Self> {
        let len = self.u8()?;
        self.take(len.into()).map(Self)
    }

    /// A vector whose length is two bytes.
    fn long(&mut self) -> Option<Self> {
        let len = self.u16()?;
        self.take(len.into()).map(Self)
    }

    /// The rest as numbers.
    fn numbers(&mut self) -> Vec<u16> {
        std::iter::from_fn(|| self.u16()).take(ENTRIES).collect()
    }
}

/// Reads the body of a hello.
fn read(from_client: bool, body: &[u8]) -> Option<TlsHello> {
    let mut body = Reader(body);
    let legacy_version = body.u16()?;
    let random = body.take(32)?;
    body.short()?; // session id
    let suites = if from_client { body.long()?.numbers() } else { vec![body.u16()?] };
    if from_client {
        body.short()?; // compression methods
    } else {
        body.u8()?;
    }
    let mut hello = TlsHello {
        from_client,
        versions: vec![legacy_version],
        suites: suites.into_iter().filter(|suite| !is_reserved(*suite)).collect(),
        is_retry: !from_client && random == RETRY,
        ..TlsHello::default()
    };
    // A hello without extensions ends here.
    let mut extensions = body.long().unwrap_or(Reader(&[]));
    while let (Some(kind), Some(content)) = (extensions.u16(), extensions.long()) {
        hello.extend(kind, content);
    }
    Some(hello)
}

/// Values that clients insert at random (RFC 8701).
fn is_reserved(number: u16) -> bool {
    let [high, low] = number.to_be_bytes();
    high == low && low & 0x0F == 0x0A
}

impl TlsHello {
    /// Takes an extension. A malformed one is left out.
    fn extend(&mut self, kind: u16, mut content: Reader<'_>) {
        let known = |numbers: Vec<u16>| numbers.into_iter().filter(|number| !is_reserved(*number)).collect();
        match kind {
            SERVER_NAME => self.server_name = server_name(content).or(self.server_name.take()),
            ALPN => self.alpn = protocols(content).unwrap_or_default(),
            SUPPORTED_GROUPS => self.groups = content.long().map(|mut list| known(list.numbers())).unwrap_or_default(),
            SUPPORTED_VERSIONS if self.from_client => {
                let versions: Vec<u16> = content.short().map(|mut list| known(list.numbers())).unwrap_or_default();
                if !versions.is_empty() {
                    self.versions = versions;
                }
            }
            SUPPORTED_VERSIONS => self.versions = content.u16().map_or_else(|| self.versions.clone(), |one| vec![one]),
            KEY_SHARE if !self.from_client => self.groups = content.u16().into_iter().collect(),
            _ => {}
        }
    }
}

/// RFC 6066 section 3.
fn server_name(mut content: Reader<'_>) -> Option<String> {
    let mut list = content.long()?;
    let kind = list.u8()?;
    let name = list.long()?.0;
    (kind == 0).then(|| String::from_utf8_lossy(&name[..name.len().min(255)]).into_owned())
}

/// RFC 7301 section 3.1.
fn protocols(mut content: Reader<'_>) -> Option<Vec<String>> {
    let mut list = content.long()?;
    let one = || list.short().map(|name| String::from_utf8_lossy(name.0).into_owned());
    Some(std::iter::from_fn(one).take(ENTRIES).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vector(len_bytes: usize, content: &[u8]) -> Vec<u8> {
        let len = (content.len() as u64).to_be_bytes();
        [&len[8 - len_bytes..], content].concat()
    }

    fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
        [&kind.to_be_bytes()[..], &vector(2, content)].concat()
    }

    fn client_hello() -> Vec<u8> {
        let extensions = [
            extension(0x0A0A, &[]),
            extension(SERVER_NAME, &vector(2, &[&[0][..], &vector(2, b"device.local")].concat())),
            extension(ALPN, &vector(2, &[vector(1, b"h2"), vector(1, b"http/1.1")].concat())),
            extension(SUPPORTED_GROUPS, &vector(2, &[0x1A, 0x1A, 0, 29, 0, 23])),
            extension(SUPPORTED_VERSIONS, &vector(1, &[3, 4, 3, 3])),
        ]
        .concat();
        [
            &[3, 3][..],
            &[7; 32],
            &vector(1, &[1; 32]),
            &vector(2, &[0x13, 1, 0xC0, 0x2F]),
            &[1, 0],
            &vector(2, &extensions),
        ]
        .concat()
    }

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        [&[kind][..], &vector(3, body)].concat()
    }

    fn record(content: &[u8]) -> Vec<u8> {
        [&[HANDSHAKE, 3, 1][..], &vector(2, content)].concat()
    }

    fn expected() -> TlsHello {
        TlsHello {
            from_client: true,
            versions: vec![0x0304, 0x0303],
            suites: vec![0x1301, 0xC02F],
            server_name: Some("device.local".into()),
            alpn: vec!["h2".into(), "http/1.1".into()],
            groups: vec![29, 23],
            is_retry: false,
        }
    }

    #[test]
    fn a_hello_is_read_wherever_stream_and_records_are_cut() {
        let message = message(CLIENT_HELLO, &client_hello());
        for cut in [1, 4, 5, 60, message.len() - 1] {
            let stream = [record(&message[..cut]), record(&message[cut..]), record(b"\x0Bxxx")].concat();
            for step in [1, 2, 7, stream.len()] {
                let mut reader = HelloReader::default();
                let hellos: Vec<_> = stream.chunks(step).flat_map(|part| reader.feed(part)).collect();
                assert_eq!(hellos, [expected()], "{cut} {step}");
                assert!(reader.is_done());
            }
        }
    }

    #[test]
    fn a_retry_is_followed_by_the_hello_that_counts() {
        let share = |extra: &[u8]| extension(KEY_SHARE, &[&[0, 29][..], extra].concat());
        let hello = |random: [u8; 32], share: Vec<u8>| {
            let extensions = [extension(SUPPORTED_VERSIONS, &[3, 4]), share].concat();
            let body = [&[3, 3][..], &random, &[0], &[0x13, 2, 0], &vector(2, &extensions)].concat();
            record(&message(SERVER_HELLO, &body))
        };
        let retry = hello(RETRY, share(&[]));
        let last = hello([9; 32], share(&vector(2, &[5; 32])));
        let mut reader = HelloReader::default();
        let stream = [retry, vec![CHANGE_CIPHER_SPEC, 3, 3, 0, 1, 1], last].concat();
        let hellos = reader.feed(&stream);
        assert_eq!(hellos.iter().map(|hello| hello.is_retry).collect::<Vec<_>>(), [true, false]);
        assert_eq!(
            (&hellos[1].versions, &hellos[1].suites, &hellos[1].groups),
            (&vec![0x0304], &vec![0x1302], &vec![29])
        );
        assert!(reader.is_done());
    }

    #[test]
    fn an_old_hello_has_the_version_of_its_header() {
        let body = [&[3, 1][..], &[7; 32], &[0], &vector(2, &[0, 0x2F, 0, 0x35]), &[1, 0]].concat();
        let hellos = HelloReader::default().feed(&record(&message(CLIENT_HELLO, &body)));
        assert_eq!((&hellos[0].versions, &hellos[0].suites), (&vec![0x0301], &vec![0x2F, 0x35]));
    }

    #[test]
    fn what_is_no_hello_ends_the_search_and_holds_nothing() {
        for start in [&b"GET / HTTP/1.1\r\n"[..], &[0x16, 3, 1, 0, 4, 99, 0, 0, 0], &[23, 3, 3, 0, 1, 0]] {
            let mut reader = HelloReader::default();
            assert_eq!(reader.feed(start), []);
            assert!(reader.is_done() && reader.records.capacity() + reader.messages.capacity() == 0, "{start:?}");
        }
        let mut reader = HelloReader::default();
        let endless = record(&[&[CLIENT_HELLO, 0xFF, 0xFF, 0xFF][..], &[0; 9000]].concat());
        for _ in 0..20 {
            assert_eq!(reader.feed(&endless), []);
        }
        assert!(reader.is_done(), "no length sizes memory");
        assert!(
            !is_record_start(b"GET") && is_record_start(&[22, 3]) && is_record_start(&[]) && !is_record_start(&[22, 4])
        );
    }
}
