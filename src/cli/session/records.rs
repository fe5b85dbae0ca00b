//! The records of a running session: told, saved, looked through for what is expected.

use super::Run;
use crate::capture::{CaptureReader, ReadError, Record, RecordKind, SessionNote};
use crate::cli::files::OutputFile;
use crate::cli::frames::Frames;
use crate::cli::plan::Role;
use crate::cli::teller::{Content, Ends, Teller};
use crate::model::{CloseReason, Direction, ErrorKind, NetError, Operation, Transport};
use crate::words;

/// Records, and about how many bytes, told before events, signals and timers are looked at again.
const TURN_RECORDS: u64 = 2048;
/// See [`TURN_RECORDS`].
const TURN_BYTES: u64 = 4 << 20;

impl Run {
    /// Tells new records; true = there are more already.
    pub(super) fn tell_records(&mut self) -> bool {
        let Some(reader) = self.reader.clone() else { return false };
        let there = reader.records();
        if self.next < there.start {
            self.tell_gap(there.start);
        }
        let until = there.end.min(self.next + TURN_RECORDS);
        let mut records = Vec::new();
        let mut told_bytes = 0;
        while self.next < until && told_bytes < TURN_BYTES {
            records.clear();
            if let Err(error) = reader.records_in(self.next..until, &mut records) {
                // Evicted meanwhile: the next turn tells the gap.
                if self.next >= reader.records().start {
                    self.unreadable(&reader, &error);
                }
                break;
            }
            if records.is_empty() {
                break;
            }
            for record in &records {
                self.tell_record(&reader, record);
                self.next = record.number + 1;
                told_bytes += u64::from(record.len);
                if told_bytes >= TURN_BYTES {
                    break;
                }
            }
        }
        let more = self.next < reader.records().end;
        if !more {
            // A send's failure comes after the records of what was sent before it.
            for error in std::mem::take(&mut self.send_failures) {
                self.fail(&error);
            }
        }
        self.flush_files();
        self.let_go(more);
        more
    }

    /// Releases the records that were printed and saved, so that the size limit may delete them. The beginning of a frame is kept
    /// until its end has come; but a frame that the size limit has no room for must not stop what it waits for.
    fn let_go(&self, more: bool) {
        let Some(hold) = &self.hold else { return };
        let framed = self.teller.frames.as_ref().and_then(Frames::oldest_needed);
        let stuck = !more && hold.is_awaited();
        hold.advance(framed.filter(|_| !stuck).map_or(self.next, |oldest| oldest.min(self.next)));
    }

    /// The capture's own files cannot be read: what follows cannot be told.
    fn unreadable(&mut self, reader: &CaptureReader, error: &ReadError) {
        let error = NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, reader.id(), error.to_string());
        self.fail(&error);
        self.next = reader.records().end;
        self.end();
    }

    fn tell_gap(&mut self, start: u64) {
        let (from, until) = (self.next, start - 1);
        self.teller.tell_warning(&self.lang.texts().deleted_unprinted(from, until));
        // Bytes that should be in the saved file are not.
        self.failed |= self.save.is_some();
        self.teller.conditions.gap();
        self.next = start;
    }

    fn tell_record(&mut self, reader: &CaptureReader, record: &Record) {
        let ends = Ends::of(reader, record);
        if record.kind != RecordKind::Data {
            let note = reader.note(record).ok();
            self.take_note(record, note.as_ref());
            self.told(|teller| teller.tell(record, ends, Content::Note(note)));
            return;
        }
        let direction = record.direction.unwrap_or(Direction::Received);
        let received = direction == Direction::Received;
        let looks = received && (self.save.is_some() || self.teller.conditions.look_at_bytes());
        let mut payload = std::mem::take(&mut self.payload);
        payload.clear();
        let read = if looks || self.teller.needs(direction) {
            let read = reader.payload(record, 0..record.len, &mut payload);
            read.map_err(|error| words::read_error_in_full(&error, self.lang))
        } else {
            Ok(())
        };
        if received {
            self.teller.conditions.counted(record.len);
            self.teller.conditions.received(self.transport, record.peer, &payload);
            self.keep(&payload);
            // A saved file with a hole is not what was asked for.
            self.failed |= read.is_err() && self.save.is_some();
        }
        self.told(|teller| {
            teller.tell(record, ends, Content::Data(read.as_ref().map(|()| &payload[..]).map_err(String::as_str)))
        });
        self.payload = payload;
    }

    fn take_note(&mut self, record: &Record, note: Option<&SessionNote>) {
        if let Some(SessionNote::PeerLeft { reason } | SessionNote::Closed { reason }) = note {
            self.take_end(*reason);
        }
        if record.kind == RecordKind::PeerJoined || matches!(note, Some(SessionNote::Connected { .. })) {
            self.teller.conditions.joined();
            self.first_peer.get_or_insert(record.peer);
        }
        if let Some(SessionNote::Warning { warning }) = note
            && (self.role, self.transport) == (Role::Connect, Transport::Udp)
        {
            self.refused |= matches!(warning.kind, ErrorKind::Refused | ErrorKind::Unreachable);
        }
        match record.kind {
            RecordKind::PeerLeft => self.teller.conditions.left(record.peer),
            RecordKind::HalfClosed => {
                self.peer_half_closed = true;
                self.half_closed.push(record.peer);
            }
            RecordKind::Closed => {
                self.closed_told = true;
                if self.role == Role::Connect {
                    self.teller.conditions.all_left();
                }
            }
            _ => {}
        }
    }

    /// A client's connection ended, perhaps badly: that is a failure unless all conditions held before.
    fn take_end(&mut self, reason: CloseReason) {
        let broken = matches!(reason, CloseReason::Reset | CloseReason::Timeout | CloseReason::Error);
        if !broken || self.role == Role::Listen || self.is_ending() {
            return;
        }
        if self.opened.is_some() && !self.teller.conditions.is_empty() && self.teller.conditions.hold() {
            self.held = true;
        } else {
            self.failed = true;
        }
    }

    fn keep(&mut self, payload: &[u8]) {
        if let Some(Err(error)) = self.save.as_mut().map(|save| save.write(payload)) {
            self.fail(&error);
        }
    }

    pub(super) fn flush_files(&mut self) {
        if let Some(Err(error)) = self.save.as_mut().map(OutputFile::flush) {
            self.fail(&error);
        }
        self.told(Teller::flush);
    }

    pub(super) fn told(&mut self, tell: impl FnOnce(&mut Teller) -> Result<(), NetError>) {
        if let Err(error) = tell(&mut self.teller) {
            self.fail(&error);
        }
    }

    pub(super) fn fail(&mut self, error: &NetError) {
        self.failed = true;
        self.teller.tell_error(error);
    }
}
