//! The records of a running session: printed, saved, and searched for expected patterns.

use super::Run;
use crate::capture::{CaptureReader, ReadError, Record, RecordKind, SessionNote};
use crate::cli::frames::Frames;
use crate::cli::plan::Role;
use crate::cli::printer::{Content, Ends, Printer};
use crate::model::{CloseReason, Direction, ErrorKind, NetError, Operation, Transport};
use crate::words;

/// Count of records printed before events, signals and timers are checked again.
const TURN_RECORDS: u64 = 2048;
/// See [`TURN_RECORDS`].
const TURN_BYTES: u64 = 4 << 20;

impl Run {
    /// Prints new records. Returns true if there are more already.
    pub(super) fn print_records(&mut self) -> bool {
        let Some(reader) = self.reader.clone() else { return false };
        let there = reader.records();
        if self.next < there.start {
            self.print_gap(there.start);
        }
        let until = there.end.min(self.next + TURN_RECORDS);
        let mut records = Vec::new();
        let mut printed_bytes = 0;
        while self.next < until && printed_bytes < TURN_BYTES {
            records.clear();
            if let Err(error) = reader.records_in(self.next..until, &mut records) {
                // Evicted meanwhile: the next turn reports the gap.
                if self.next >= reader.records().start {
                    self.unreadable(&reader, &error);
                }
                break;
            }
            if records.is_empty() {
                break;
            }
            for record in &records {
                self.print_record(&reader, record);
                self.next = record.number + 1;
                printed_bytes += u64::from(record.len);
                if printed_bytes >= TURN_BYTES {
                    break;
                }
            }
        }
        let more = self.next < reader.records().end;
        if !more {
            // The failure of a send is reported after the records of what was sent before it.
            for error in std::mem::take(&mut self.send_failures) {
                self.fail(&error);
            }
        }
        self.flush_files();
        self.let_go(more);
        more
    }

    /// Releases records that were printed and saved, so that the size limit may delete them. The start of a frame is kept until its
    /// end has arrived, unless the frame is larger than the size limit and would block itself.
    fn let_go(&self, more: bool) {
        let Some(hold) = &self.hold else { return };
        let framed = self.printer.frames.as_ref().and_then(Frames::oldest_needed);
        let stuck = !more && hold.is_awaited();
        hold.advance(framed.filter(|_| !stuck).map_or(self.next, |oldest| oldest.min(self.next)));
    }

    /// The capture's files cannot be read: the following records cannot be printed.
    fn unreadable(&mut self, reader: &CaptureReader, error: &ReadError) {
        let error = NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, reader.id(), error.to_string());
        self.fail(&error);
        self.next = reader.records().end;
        self.end();
    }

    fn print_gap(&mut self, start: u64) {
        let (from, until) = (self.next, start - 1);
        self.printer.print_warning(&self.lang.texts().deleted_unprinted(from, until));
        // The saved file lacks bytes.
        self.failed |= self.save.is_some();
        self.printer.conditions.gap();
        self.next = start;
    }

    fn print_record(&mut self, reader: &CaptureReader, record: &Record) {
        let ends = Ends::of(reader, record);
        if record.kind != RecordKind::Data {
            let note = reader.note(record).ok();
            self.take_note(record, note.as_ref());
            self.with_printer(|printer| printer.print(record, ends, Content::Note(note)));
            return;
        }
        let direction = record.direction.unwrap_or(Direction::Received);
        let received = direction == Direction::Received;
        let looks =
            received && (self.save.is_some() || self.commands.is_some() || self.printer.conditions.look_at_bytes());
        let mut payload = std::mem::take(&mut self.payload);
        payload.clear();
        let read = if looks || self.printer.needs(direction) {
            let read = reader.payload(record, 0..record.len, &mut payload);
            read.map_err(|error| words::read_error_in_full(&error, self.lang))
        } else {
            Ok(())
        };
        // Pings and close frames are not what the peers exchange.
        if received && !record.form().is_control() {
            self.printer.conditions.counted(record.len);
            self.printer.conditions.received(self.transport, record.peer, &payload);
            self.keep(record, reader.peer_address(record.peer), &payload);
            self.take_answer(&payload);
            // The saved file has a gap.
            self.failed |= read.is_err() && self.save.is_some();
        }
        self.with_printer(|printer| {
            printer.print(record, ends, Content::Data(read.as_ref().map(|()| &payload[..]).map_err(String::as_str)))
        });
        self.payload = payload;
    }

    fn take_note(&mut self, record: &Record, note: Option<&SessionNote>) {
        match note {
            // The end of the session decides.
            Some(SessionNote::PeerLeft { .. }) if self.reconnects => {}
            Some(SessionNote::PeerLeft { reason } | SessionNote::Closed { reason, next: None }) => {
                self.take_end(*reason);
            }
            _ => {}
        }
        if record.kind == RecordKind::PeerJoined || matches!(note, Some(SessionNote::Connected { .. })) {
            self.printer.conditions.joined();
            if self.reconnects {
                (self.peer_half_closed, self.shut_down) = (false, false);
                self.half_closed.clear();
            }
            self.first_peer.get_or_insert(record.peer);
        }
        if let Some(SessionNote::Warning { warning }) = note
            && (self.role, self.transport) == (Role::Connect, Transport::Udp)
        {
            self.refused |= matches!(warning.kind, ErrorKind::Refused | ErrorKind::Unreachable);
        }
        match record.kind {
            RecordKind::PeerLeft => self.printer.conditions.left(record.peer),
            RecordKind::HalfClosed => {
                self.peer_half_closed = true;
                self.half_closed.push(record.peer);
            }
            RecordKind::Closed => {
                self.closed_printed = !matches!(note, Some(SessionNote::Closed { next: Some(_), .. }));
                if self.role == Role::Connect {
                    self.printer.conditions.all_left();
                }
            }
            _ => {}
        }
    }

    /// Handles the end of a client's connection: an abnormal end is a failure unless all conditions were met before.
    fn take_end(&mut self, reason: CloseReason) {
        let broken = matches!(reason, CloseReason::Reset | CloseReason::Timeout | CloseReason::Error);
        if !broken || self.role == Role::Listen || self.is_ending() {
            return;
        }
        if self.transfers.is_some() {
            // The transfers decide.
        } else if self.opened.is_some() && !self.printer.conditions.is_empty() && self.printer.conditions.hold() {
            self.held = true;
        } else {
            self.failed = true;
        }
    }

    fn keep(&mut self, record: &Record, address: Option<std::net::SocketAddr>, payload: &[u8]) {
        if let Some(Err(error)) = self.save.as_mut().map(|save| save.sink().take(record, address, payload)) {
            self.fail(&error);
        }
    }

    pub(super) fn flush_files(&mut self) {
        if let Some(Err(error)) = self.save.as_mut().map(|save| save.sink().finish()) {
            self.fail(&error);
        }
        self.with_printer(Printer::flush);
    }

    pub(super) fn with_printer(&mut self, act: impl FnOnce(&mut Printer) -> Result<(), NetError>) {
        if let Err(error) = act(&mut self.printer) {
            self.fail(&error);
        }
    }

    pub(super) fn fail(&mut self, error: &NetError) {
        self.failed = true;
        self.printer.print_error(error);
    }
}
