//! Prints records in order to standard output, standard error and the log, both for a running session and for stored captures.

use super::conditions::Conditions;
use super::dump::dump;
use super::frames::{FrameOut, Frames};
use super::local_time::local_time;
use super::out::{StandardOut, say};
use super::plan::{Form, Show};
use super::sequence::Sequences;
use super::streams::{harmless, one_line};
use super::unreadable::Unreadable;
use crate::capture::json::{Beside, Data, Line, Place};
use crate::capture::{CaptureReader, Record, RecordKind, SessionNote, Tails, TextStreams};
use crate::codec::hex;
use crate::lines::OutputFile;
use crate::model::{CloseReason, Direction, NetError, PeerId, Transport, display_address, zone_name};
use crate::words::{self, Lang};
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

/// Content of a record.
#[derive(Debug)]
pub(super) enum Content<'a> {
    /// Payload, or why it is unavailable.
    Data(Result<&'a [u8], &'a str>),
    /// The note of any other record.
    Note(Option<SessionNote>),
}

/// A capture may contain runs of both transports.
fn transport_of(record: &Record) -> Transport {
    if record.is_datagram() { Transport::Udp } else { Transport::Tcp }
}

/// Both ends of a record, and the name of what sent it, if known.
#[derive(Clone, Debug, Default)]
pub(super) struct Ends {
    pub peer: Option<SocketAddr>,
    /// The local address that a datagram was sent to.
    pub local: Option<SocketAddr>,
    /// The number of the interface that it arrived on.
    pub interface: Option<u32>,
    /// The rule, step or command.
    pub name: Option<Arc<str>>,
}

impl Ends {
    pub fn of(reader: &CaptureReader, record: &Record) -> Self {
        let local = record.destination();
        Self {
            peer: reader.peer_address(record.peer),
            local: local.and_then(|local| reader.local_address(local)),
            interface: local.and_then(|local| reader.local_interface(local)),
            name: reader.name(record),
        }
    }
}

/// See the module documentation.
pub(super) struct Printer {
    pub lang: Lang,
    pub show: Show,
    /// The direction whose payload goes to standard output; `None` for both.
    pub shown: Option<Direction>,
    /// Id of the capture.
    pub capture: String,
    pub streams: TextStreams,
    pub out: StandardOut,
    pub log: Option<OutputFile>,
    /// Payload goes to standard output as frames instead of records.
    pub frames: Option<Frames>,
    sequences: Option<Sequences>,
    /// For a running session, the conditions that its records and frames are checked against.
    pub conditions: Conditions,
    /// Transfers are printed by themselves, so their failures are not printed from the records.
    pub has_transfers: bool,
    /// The run is a client's: joining and leaving of its only peer equal those of its connection.
    is_client: bool,
    /// Standard output is a terminal: each datagram is on a separate line.
    on_terminal: bool,
    /// Standard error is the same terminal.
    shares_terminal: bool,
    unreadable: Unreadable,
}

impl Printer {
    /// Starts without output.
    pub fn new(lang: Lang, show: Show, log: Option<OutputFile>) -> Self {
        Self {
            lang,
            show,
            shown: (!show.json).then_some(Direction::Received),
            capture: String::new(),
            streams: TextStreams::new(show.encoding),
            out: StandardOut::default(),
            log,
            frames: None,
            sequences: show.sequence.map(Sequences::new),
            conditions: Conditions::default(),
            has_transfers: false,
            is_client: false,
            on_terminal: std::io::stdout().is_terminal(),
            shares_terminal: std::io::stdout().is_terminal() && std::io::stderr().is_terminal(),
            unreadable: Unreadable::default(),
        }
    }

    /// Whether the payload of records of this direction is printed or logged, so that it must be read.
    pub fn needs(&self, direction: Direction) -> bool {
        let is_printed = self.shows(direction);
        (self.show.form != Form::None && (is_printed || self.log.is_some()))
            || (self.frames.is_some() && is_printed)
            || (self.sequences.is_some() && direction == Direction::Received)
    }

    /// Whether payload of this direction goes to standard output.
    pub fn shows(&self, direction: Direction) -> bool {
        self.shown.is_none_or(|shown| shown == direction)
    }

    /// Whether no payload is printed or logged.
    pub fn is_silent(&self) -> bool {
        !self.needs(Direction::Received) && !self.needs(Direction::Sent) && self.log.is_none()
    }

    /// Prints one record.
    ///
    /// # Errors
    /// The log cannot be written (reported once).
    pub fn print(&mut self, record: &Record, ends: Ends, content: Content<'_>) -> Result<(), NetError> {
        let address = ends.peer;
        match content {
            Content::Data(payload) => self.print_data(record, ends, payload),
            Content::Note(note) => self.print_note(record, address, note.as_ref()),
        }
    }

    /// Prints a line for people on standard error, after ending a line of payload on the same terminal.
    pub fn say(&mut self, line: &str) {
        self.say_unreadable();
        self.say_line(line);
    }

    fn say_line(&mut self, line: &str) {
        if self.shares_terminal {
            self.out.end_line();
        }
        self.out.flush();
        say(line);
    }

    /// Reports in one line why the newest records were not printed.
    pub fn say_unreadable(&mut self) {
        if let Some(line) = self.unreadable.take(self.lang) {
            self.say_line(&line);
        }
    }

    /// Ends the output: on a terminal, what follows the program starts on a new line.
    pub fn end_output(&mut self) {
        if self.on_terminal {
            self.out.end_line();
        }
    }

    /// Count of records that should have been printed but cannot be read.
    pub fn unreadable_records(&self) -> u64 {
        self.unreadable.all
    }

    /// Processes a record that is not printed itself, but in which printed frames may start or end.
    pub fn pass_over(&mut self, record: &Record, address: Option<SocketAddr>, content: &Content<'_>) {
        match content {
            Content::Data(payload) => self.frame(record, address, payload.ok()),
            Content::Note(_) => self.end_frames(Some(record)),
        }
    }

    fn frame(&mut self, record: &Record, address: Option<SocketAddr>, bytes: Option<&[u8]>) {
        self.with_frames(|frames, out| frames.feed(record, transport_of(record), address, bytes, out));
    }

    /// Ends the framing of the streams that end with this record; of all streams if `None`.
    pub fn end_frames(&mut self, record: Option<&Record>) {
        self.with_frames(|frames, out| match record.map(|record| (record.kind, record.peer)) {
            Some((RecordKind::PeerLeft, peer)) => frames.end(peer, out),
            Some((RecordKind::Closed, _)) | None => frames.end_all(out),
            Some(_) => {}
        });
    }

    /// Prints frames that are complete because no more data arrived.
    pub fn settle_frames(&mut self) {
        if self.quiet_at().is_some_and(|at| at <= Instant::now()) {
            self.with_frames(Frames::settle);
            self.out.flush();
        }
    }

    /// When [`Printer::settle_frames`] has something to do.
    pub fn quiet_at(&self) -> Option<Instant> {
        self.frames.as_ref().and_then(Frames::quiet_at)
    }

    /// Prints the counts of frames, and of what was lost.
    pub fn print_frame_counts(&mut self) {
        self.with_frames(|frames, out| frames.print_counts(out));
        if let Some(sequences) = &self.sequences {
            sequences.print(self.show.json, self.lang, &mut self.out);
        }
    }

    fn with_frames(&mut self, act: impl FnOnce(&mut Frames, &mut FrameOut<'_>)) {
        let Self { frames: Some(frames), show, shown, lang, out, conditions, sequences, .. } = self else { return };
        act(frames, &mut FrameOut { show: *show, shown: *shown, lang: *lang, out, conditions, sequences });
    }

    /// Reports an error without a record.
    pub fn print_error(&mut self, error: &NetError) {
        if self.show.json {
            self.out.line(&Line::error(error, words::error_sentence(error, self.lang)).to_text());
        } else {
            self.say(&words::error_sentence(error, self.lang));
        }
    }

    /// Reports a warning without a record.
    pub fn print_warning(&mut self, message: &str) {
        if self.show.json {
            let line = Line::Warning { message: message.to_owned(), cause: None, at: None };
            self.out.line(&line.to_text());
        } else {
            self.say(message);
        }
    }

    /// Reports the end of a session that the capture could not record.
    pub fn print_closed(&mut self, reason: CloseReason) {
        let tails = self.streams.end_all();
        if self.show.json {
            self.out.line(
                &Line::Closed { reason: Some(reason.name()), next: None, tails: tails.into(), at: None }.to_text(),
            );
        } else {
            self.out.push(tails.received.as_bytes());
            self.say(words::close_reason(reason, self.lang));
        }
    }

    fn print_data(&mut self, record: &Record, ends: Ends, payload: Result<&[u8], &str>) -> Result<(), NetError> {
        let (address, name) = (ends.peer, ends.name.clone());
        let direction = record.direction.unwrap_or(Direction::Received);
        let (bytes, unavailable) = match payload {
            Ok(bytes) => (bytes, None),
            Err(why) => (&[][..], Some(why)),
        };
        self.frame(record, address, payload.ok());
        let framed = self.frames.is_some();
        if let (false, Direction::Received, Ok(message), Some(sequences)) =
            (framed || !record.is_message(), direction, payload, &mut self.sequences)
        {
            sequences.take(record.peer, address, message, record.mono_ns);
        }
        let needs_text = self.show.form == Form::Text && self.needs(direction) && (!framed || self.log.is_some());
        let text = needs_text.then(|| self.text(record, direction, bytes));
        let is_missed = unavailable.is_some() && self.shows(direction) && (framed || self.show.form != Form::None);
        self.unreadable.all += u64::from(is_missed);
        if !self.shows(direction) || (framed && unavailable.is_none()) {
            // Not printed, or printed as frames.
        } else if self.show.json {
            self.data_as_json(record, ends, direction, (bytes, text.as_deref(), unavailable));
        } else {
            self.data_plain(address, direction, (bytes, text.as_deref(), unavailable));
            if self.on_terminal && record.is_datagram() {
                self.out.end_line();
            }
        }
        let Some(log) = &mut self.log else { return Ok(()) };
        let shown = match (self.show.form, unavailable) {
            (_, Some(why)) => one_line(why),
            (Form::None, None) => format!("{} B", record.len),
            (_, None) if bytes.is_empty() => words::empty_datagram(self.lang).to_owned(),
            (Form::Text, None) => one_line(text.as_deref().unwrap_or_default()),
            (Form::Hex, None) => hex::spaced_lower(bytes),
            (Form::Dump, None) => format!("\n{}", dump(bytes).trim_end()),
        };
        log.write(log_line(record, mark(direction), (address, name.as_deref()), &shown).as_bytes())
    }

    fn data_as_json(
        &mut self,
        record: &Record,
        ends: Ends,
        direction: Direction,
        (bytes, text, unavailable): (&[u8], Option<&str>, Option<&str>),
    ) {
        if self.show.form == Form::None {
            return;
        }
        let data = Data {
            at: Place::of(record),
            peer: ends.peer.map(display_address),
            local: ends.local.filter(|_| direction == Direction::Received).map(display_address),
            interface: ends.interface.and_then(zone_name),
            pair: record.pair(),
            len: record.len,
            form: record.form().name(),
            goes_on: record.goes_on(),
            kind: None,
            check: None,
            name: ends.name.map(|name| name.to_string()),
            hex: hex::lower(bytes),
            text,
            unavailable,
        };
        self.out.line(&Line::data(direction, data).to_text());
    }

    fn data_plain(
        &mut self,
        address: Option<SocketAddr>,
        direction: Direction,
        (bytes, text, unavailable): (&[u8], Option<&str>, Option<&str>),
    ) {
        if self.show.form != Form::None
            && let Some(why) = unavailable
        {
            if let Some(line) = self.unreadable.one_more(why, self.lang) {
                self.say_line(&line);
            }
            return;
        }
        self.say_unreadable();
        if bytes.is_empty() && self.show.form != Form::None {
            let peer = address.map_or_else(String::new, display_address);
            self.say(&format!("{peer} {}", words::empty_datagram(self.lang)));
        }
        let text = text.unwrap_or_default();
        match (self.show.form, self.shown) {
            (Form::Text, Some(_)) => self.out.push(harmless(text).as_bytes()),
            // Both directions on one stream: each record is a separate line.
            (Form::Text, None) => self.out.line(&format!("{} {}", mark(direction), one_line(text))),
            (Form::Hex, Some(_)) => self.out.line(&hex::spaced_lower(bytes)),
            (Form::Hex, None) => self.out.line(&format!("{} {}", mark(direction), hex::spaced_lower(bytes))),
            (Form::Dump, Some(_)) => self.out.push(dump(bytes).as_bytes()),
            (Form::Dump, None) => self.out.push(format!("{}\n{}", mark(direction), dump(bytes)).as_bytes()),
            (Form::None, _) => {}
        }
    }

    /// The characters that a record completes; a datagram is decoded by itself.
    fn text(&mut self, record: &Record, direction: Direction, bytes: &[u8]) -> String {
        if record.is_message() {
            return self.show.encoding.decode(bytes);
        }
        let mut text = String::with_capacity(bytes.len());
        self.streams.feed(record.peer, direction, bytes, &mut text);
        text
    }

    fn print_note(
        &mut self,
        record: &Record,
        address: Option<SocketAddr>,
        note: Option<&SessionNote>,
    ) -> Result<(), NetError> {
        self.end_frames(Some(record));
        let tails = match record.kind {
            RecordKind::PeerLeft => self.streams.end(record.peer),
            RecordKind::Closed => self.streams.end_all(),
            _ => Tails::default(),
        };
        let sentence = match (record.kind, transport_of(record)) {
            // UDP has no connections.
            (RecordKind::PeerJoined, Transport::Udp) => words::first_heard_sentence(address, self.lang),
            _ => words::event_sentence(record.kind, note, address, self.lang),
        };
        let line = log_line(record, "--", (address, None), &one_line(&sentence));
        let logged = self.log.as_mut().map_or(Ok(()), |log| log.write(line.as_bytes()));
        if self.show.json {
            let connected = matches!(note, Some(SessionNote::Connected { .. }));
            let beside = Beside { peer: address, capture: &self.capture, tails: tails.into(), message: sentence };
            if let Some(line) = Line::of_event(record, note, beside) {
                self.out.line(&line.of_session().to_text());
            }
            if connected {
                // A client has a single record for the connection and its only peer.
                let line = Line::PeerJoined { peer: address.map(display_address), at: Place::of(record) }.to_text();
                self.out.line(&line);
            }
        } else {
            self.print_tails(&tails);
            self.out.flush();
            self.note_plain(record.kind, note, &sentence);
        }
        logged
    }

    /// Prints incomplete characters at the end of streams to plain standard output.
    pub fn print_tails(&mut self, tails: &Tails) {
        match self.shown {
            Some(Direction::Received) => self.out.push(tails.received.as_bytes()),
            Some(Direction::Sent) => self.out.push(tails.sent.as_bytes()),
            None => {
                for (direction, tail) in [(Direction::Received, &tails.received), (Direction::Sent, &tails.sent)] {
                    if !tail.is_empty() {
                        self.out.line(&format!("{} {tail}", mark(direction)));
                    }
                }
            }
        }
    }

    fn note_plain(&mut self, kind: RecordKind, note: Option<&SessionNote>, sentence: &str) {
        match note {
            // Fixed words that scripts wait for, in every language.
            Some(SessionNote::Listening { local } | SessionNote::Bound { local }) => {
                self.say(&format!("listening on {}", display_address(*local)));
            }
            Some(SessionNote::Connected { local, remote, .. }) => {
                self.is_client = true;
                let (local, remote) = (display_address(*local), display_address(*remote));
                self.say(&format!("connected to {remote} from {local}"));
            }
            Some(SessionNote::Opened { .. } | SessionNote::Connecting { .. }) => self.is_client = false,
            _ if self.is_client && kind == RecordKind::PeerLeft => {}
            Some(SessionNote::Facts { facts }) => {
                for (label, value) in words::facts_rows(facts, self.lang) {
                    self.say(&format!("{label}{}{value}", self.lang.texts().colon()));
                }
            }
            Some(SessionNote::TransferFailed { .. }) if self.has_transfers => {}
            _ => self.say(sentence),
        }
    }

    /// Flushes all output.
    ///
    /// # Errors
    /// The log cannot be written (reported once).
    pub fn flush(&mut self) -> Result<(), NetError> {
        self.say_unreadable();
        self.out.flush();
        self.log.as_mut().map_or(Ok(()), OutputFile::flush)
    }
}

/// The mark of a direction, as in a log.
pub(super) fn mark(direction: Direction) -> &'static str {
    match direction {
        Direction::Received => "<-",
        Direction::Sent => "->",
    }
}

/// A line of the log in the format of the window ([`crate::lines::LogForm`]): local time, direction, peer, content.
fn log_line(record: &Record, mark: &str, (address, name): (Option<SocketAddr>, Option<&str>), content: &str) -> String {
    let time = local_time(record.unix_ns, "%Y-%m-%dT%H:%M:%S%.3f%:z");
    let peer = match (record.peer, address) {
        (PeerId::NONE, _) => "-".to_owned(),
        (peer, Some(address)) => format!("#{} {}", peer.0, display_address(address)),
        (peer, None) => format!("#{}", peer.0),
    };
    let separator = if content.starts_with('\n') { "" } else { "  " };
    let name = name.map(|name| format!("  [{}]", one_line(&words::sender(record.cause(), name)))).unwrap_or_default();
    format!("{time} {mark} {peer}{name}{separator}{content}\n")
}
