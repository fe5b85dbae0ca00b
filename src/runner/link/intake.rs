//! Reads what arrived from the capture.

use super::undecided::Waiting;
use super::{Link, Received, TURN_RECORDS, What};
use crate::capture::{CaptureReader, Record, RecordKind, SessionNote};
use crate::codec::{Frame, FrameKind, FramingRule};
use crate::model::{CloseReason, Direction, PeerId};
use crate::talk::outcome::ProblemKind;
use std::time::{Duration, Instant};

impl Link {
    /// Reads some of the new records. Returns whether there are more.
    pub(super) fn read_records(&mut self) -> Result<bool, ProblemKind> {
        let Some(capture) = self.capture.clone().filter(|_| !self.is_unread) else { return Ok(false) };
        let there = capture.records();
        if self.next < there.start {
            return Err(ProblemKind::Evicted);
        }
        let until = there.end.min(self.next.saturating_add(TURN_RECORDS));
        let mut records = Vec::new();
        if self.next < until {
            capture.records_in(self.next..until, &mut records).map_err(|_| ProblemKind::Evicted)?;
        }
        for record in &records {
            self.take(&capture, record)?;
            self.next = record.number + 1;
        }
        if let Some(hold) = &mut self.hold {
            hold.advance(self.next);
        }
        Ok(!records.is_empty() && self.next < capture.records().end)
    }

    fn take(&mut self, capture: &CaptureReader, record: &Record) -> Result<(), ProblemKind> {
        match record.kind {
            RecordKind::Data if record.direction == Some(Direction::Sent) => {
                let key = self.key(record.peer);
                let peer = self.peer(key, record.peer, capture);
                peer.sent_mono_ns = Some(record.mono_ns as i64);
            }
            RecordKind::Data => self.take_data(capture, record)?,
            RecordKind::PeerJoined => self.joined(capture, record),
            RecordKind::State if matches!(capture.note(record), Ok(SessionNote::Connected { .. })) => {
                self.joined(capture, record);
            }
            RecordKind::HalfClosed => self.closed(record, CloseReason::PeerFin, true),
            RecordKind::PeerLeft => {
                if let Ok(SessionNote::PeerLeft { reason }) = capture.note(record) {
                    self.closed(record, reason, false);
                }
            }
            RecordKind::Closed => {
                if let Ok(SessionNote::Closed { reason, .. }) = capture.note(record) {
                    self.all_closed(record, reason);
                }
                self.take_decided(true);
            }
            _ => {}
        }
        Ok(())
    }

    fn take_data(&mut self, capture: &CaptureReader, record: &Record) -> Result<(), ProblemKind> {
        let mut payload = std::mem::take(&mut self.payload);
        payload.clear();
        capture.payload(record, 0..record.len, &mut payload).map_err(|_| ProblemKind::Evicted)?;
        let key = self.key(record.peer);
        let is_new = !self.peers.contains_key(&key);
        self.peer(key, record.peer, capture).is_open = true;
        let mono_ns = record.mono_ns as i64;
        if is_new {
            self.push(key, record.number, mono_ns, What::Opened);
        }
        if self.framers.is_some() {
            self.take_frames(key, record, &payload);
        } else {
            let peer = self.peer(key, record.peer, capture);
            let end = peer.stream.0 + (peer.stream.1.len() + payload.len()) as u64;
            peer.stream.1.extend_from_slice(&payload);
            peer.note_read(end, mono_ns);
            self.push(key, record.number, mono_ns, What::Bytes { len: payload.len() });
        }
        self.payload = payload;
        Ok(())
    }

    fn take_frames(&mut self, key: PeerId, record: &Record, payload: &[u8]) {
        let Some(mut framers) = self.framers.take() else { return };
        let mono_ns = record.mono_ns as i64;
        if let Some(undecided) = self.undecided.as_mut().filter(|_| !record.marks().is_message) {
            undecided.fed(record.peer, record.number, record.stream_offset, payload.len());
        }
        if let Some(peer) = self.peers.get_mut(&key) {
            peer.note_read(record.stream_offset + payload.len() as u64, mono_ns);
            peer.quiet_since = Instant::now();
        }
        if record.marks().is_message {
            if payload.is_empty() {
                let empty = Frame { start: 0, end: 0, kind: FrameKind::Frame, payload: 0..0, verdict: None };
                self.take_frame(framers.rule(), (key, None), record.number, &empty, &[]);
            } else {
                let mut frames = Vec::new();
                framers.datagram(record.stream_offset, payload, record.mono_ns, &mut |frame, bytes| {
                    frames.push((frame.clone(), bytes.to_vec()));
                });
                for (frame, bytes) in frames {
                    self.take_frame(framers.rule(), (key, None), record.number, &frame, &bytes);
                }
            }
        } else {
            let rule = framers.rule().clone();
            let offset = (record.stream_offset, record.number);
            framers.feed(record.peer, offset, payload, record.mono_ns, &mut |id, frame, bytes, number| {
                self.take_frame(&rule, (key, Some(id)), *number, frame, bytes);
            });
        }
        self.framers = Some(framers);
    }

    /// A frame of a connection with this key, from the stream of this peer; `None`: from a datagram.
    fn take_frame(
        &mut self,
        rule: &FramingRule,
        (key, stream): (PeerId, Option<PeerId>),
        record: u64,
        frame: &Frame,
        bytes: &[u8],
    ) {
        let mono_ns =
            self.peers.get_mut(&key).and_then(|peer| peer.read_at(frame.start, frame.end)).unwrap_or_default();
        if frame.kind != FrameKind::Frame {
            return;
        }
        let received = Received {
            wire: bytes.into(),
            content: rule.bare_content(bytes, frame.payload_within()).into(),
            is_right: frame.verdict.is_none_or(crate::codec::checksum::Verdict::is_ok),
        };
        let what = What::Frame(received);
        match &mut self.undecided {
            None => self.push(key, record, mono_ns, what),
            Some(undecided) => {
                let end = if stream.is_some() { Ok(frame.end) } else { Err(record) };
                undecided.frame(Waiting { key, record, mono_ns, what }, stream.unwrap_or(key), end);
            }
        }
    }

    /// Ends frames that a pause ends.
    pub(super) fn end_quiet_frames(&mut self) {
        let Some(mut framers) = self.framers.take() else { return };
        let rule = framers.rule().clone();
        for id in framers.keys() {
            let key = self.key(id);
            let Some(gap) = framers.get(id).and_then(|stream| stream.framer().gap()) else { continue };
            let quiet = self.peers.get(&key).map_or(Duration::ZERO, |peer| peer.quiet_since.elapsed());
            if quiet < gap || framers.pending(id) == 0 {
                continue;
            }
            let last = self.peers.get(&key).and_then(|peer| peer.reads.back()).map_or(0, |(_, mono_ns)| *mono_ns);
            let now_ns = (last as u64).saturating_add(quiet.as_nanos() as u64);
            framers.idle(id, now_ns, &mut |id, frame, bytes, number| {
                self.take_frame(&rule, (key, Some(id)), *number, frame, bytes);
            });
        }
        self.framers = Some(framers);
    }

    fn joined(&mut self, capture: &CaptureReader, record: &Record) {
        let key = self.key(record.peer);
        let peer = self.peer(key, record.peer, capture);
        if peer.is_open && peer.id == record.peer {
            return;
        }
        peer.is_open = true;
        peer.half_closed = false;
        peer.id = record.peer;
        peer.address = capture.peer_address(record.peer).or(peer.address);
        self.push(key, record.number, record.mono_ns as i64, What::Opened);
    }

    fn closed(&mut self, record: &Record, reason: CloseReason, is_half: bool) {
        let key = self.key(record.peer);
        self.end_frames(record.peer, key);
        if let Some(undecided) = self.undecided.as_mut().filter(|_| !is_half) {
            undecided.ended(record.peer);
        }
        let Some(peer) = self.peers.get_mut(&key) else { return };
        let was_half = std::mem::replace(&mut peer.half_closed, is_half);
        peer.is_open = is_half;
        if !(was_half && reason == CloseReason::PeerFin) {
            self.push(key, record.number, record.mono_ns as i64, What::Closed(reason));
        }
    }

    /// The run of the session ended: so do all its connections.
    fn all_closed(&mut self, record: &Record, reason: CloseReason) {
        let open: Vec<PeerId> = self.peers.iter().filter(|(_, peer)| peer.is_open).map(|(key, _)| *key).collect();
        for key in open {
            let id = self.peers.get(&key).map_or(key, |peer| peer.id);
            self.end_frames(id, key);
            let Some(peer) = self.peers.get_mut(&key) else { continue };
            peer.is_open = false;
            if !peer.half_closed {
                self.push(key, record.number, record.mono_ns as i64, What::Closed(reason));
            }
        }
    }

    fn end_frames(&mut self, id: PeerId, key: PeerId) {
        let Some(mut framers) = self.framers.take() else { return };
        let rule = framers.rule().clone();
        framers.end_stream(id, &mut |id, frame, bytes, number| {
            self.take_frame(&rule, (key, Some(id)), *number, frame, bytes);
        });
        self.framers = Some(framers);
    }
}
