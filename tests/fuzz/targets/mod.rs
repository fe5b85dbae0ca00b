//! The targets: each passes arbitrary bytes to one of the program's readers of foreign data, and asserts invariants.
//!
//! Shared by the short run (`tests/fuzz`, part of `cargo test`) and the long, coverage-guided one (`fuzz/`, `scripts/fuzz`); see
//! `docs/TESTING.md`. A target passes by returning; a panic is a finding.

mod capture;
mod files;
mod forge;
mod reading;
mod streams;
mod talk;
mod texts;
mod tls;
mod websocket;

/// A target.
pub struct Target {
    /// Name on the command line and of the folder in `tests/fuzz/corpus`.
    pub name: &'static str,
    /// Panics if an invariant is violated.
    pub run: fn(&[u8]),
    /// Count of new inputs in the short run.
    #[allow(dead_code)] // not used by the long run
    pub tries: u32,
}

const fn target(name: &'static str, run: fn(&[u8]), tries: u32) -> Target {
    Target { name, run, tries }
}

/// All targets.
pub const ALL: &[Target] = &[
    target("hex", texts::hex, 8000),
    target("escapes", texts::escapes, 8000),
    target("endpoint", texts::endpoint, 8000),
    target("rule", texts::rule, 8000),
    target("filter", texts::filter, 3000),
    target("pattern", texts::pattern, 1500),
    target("send", texts::send, 8000),
    target("framing", streams::framing, 3000),
    target("decoding", streams::decoding, 5000),
    target("capture", capture::capture, 300),
    target("settings", files::settings, 1000),
    target("netassist", files::netassist, 300),
    target("talk", talk::talk, 1500),
    target("commands", talk::commands, 1500),
    target("tls", tls::hello, 5000),
    target("websocket", websocket::frames, 5000),
];

/// Reads an input from its start.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// Takes at most `len` bytes.
    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }

    /// Takes everything up to the next line feed, and removes the line feed.
    fn line(&mut self) -> String {
        let len = self.0.iter().position(|byte| *byte == b'\n').unwrap_or(self.0.len());
        let line = String::from_utf8_lossy(self.take(len)).into_owned();
        self.byte();
        line
    }

    /// Takes the rest.
    fn text(&mut self) -> String {
        String::from_utf8_lossy(self.take(usize::MAX)).into_owned()
    }

    fn encoding(&mut self) -> wirebench::codec::Encoding {
        let all = wirebench::codec::Encoding::all();
        all[usize::from(self.byte()) % all.len()]
    }
}

/// Lengths of parts, derived from the input, so that the same input is always split in the same way.
struct Cuts(u64);

impl Cuts {
    fn of(data: &[u8]) -> Self {
        Self(
            data.iter()
                .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3)),
        )
    }

    /// A number below `most`.
    fn next(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }

    /// Splits `bytes` into parts, some of them empty.
    fn parts<'a>(&mut self, bytes: &'a [u8]) -> Vec<&'a [u8]> {
        let mut parts = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let most = [2, 4, 9, 40][self.next(4)];
            let (part, behind) = rest.split_at(self.next(most).min(rest.len()));
            parts.push(part);
            rest = behind;
        }
        parts
    }
}

/// An error must have a message in both languages without control characters from users or peers.
fn assert_explained(sentence: impl Fn(wirebench::words::Lang) -> String) {
    for lang in [wirebench::words::Lang::En, wirebench::words::Lang::ZhCn] {
        let message = sentence(lang);
        assert!(!message.is_empty());
        assert!(!message.chars().any(char::is_control), "a control character in {message:?}");
    }
}
