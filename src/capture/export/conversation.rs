//! Reconstructs TCP connections as segments: the records show who connected, which bytes were transferred and how the connection
//! ended; acknowledgements are added.
//!
//! Sequence numbers follow the stream offsets of the records, so missing bytes appear as a gap. A connection whose start is not
//! among the records has no handshake.

use super::SaveError;
use super::packet::{Segment, Way, flag, segment_len_max};
use crate::capture::{CaptureReader, Record, RecordKind, SessionNote};
use crate::model::{CloseReason, Direction, Endpoint, HostPort, PeerId, unmap_v4};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Maximum count of records before the first one that are searched for the local address.
const LOOK_BACK: u64 = 1 << 20;
/// Records per read.
const CHUNK_RECORDS: u64 = 4096;
/// First ephemeral port (RFC 6335).
const FIRST_CLIENT_PORT: u16 = 49_152;

/// Receives a segment.
pub(super) type Emit<'a> = dyn FnMut(&Way, Segment, &[u8]) -> Result<(), SaveError> + 'a;

/// The local address according to the newest note.
pub(super) struct Local {
    address: Option<SocketAddr>,
    asked: Option<HostPort>,
}

impl Local {
    /// The local address before the record `start`.
    pub fn before(reader: &CaptureReader, start: u64) -> Self {
        let asked = reader.endpoint().parse::<Endpoint>().ok().map(|endpoint| endpoint.at);
        let mut local = Self { address: None, asked };
        let kept = reader.records();
        let first = kept.start.max(start.saturating_sub(LOOK_BACK));
        let mut end = start.min(kept.end);
        let mut records = Vec::new();
        while local.address.is_none() && end > first {
            let begin = first.max(end.saturating_sub(CHUNK_RECORDS));
            let mut next = begin;
            while next < end {
                records.clear();
                if reader.records_in(next..end, &mut records).is_err() || records.is_empty() {
                    break;
                }
                next = records.last().map_or(end, |record| record.number + 1);
                for record in records.iter().filter(|record| record.kind == RecordKind::State) {
                    if let Ok(note) = reader.note(record) {
                        local.heard(&note);
                    }
                }
            }
            end = begin;
        }
        local
    }

    /// Updates the address if the note contains it.
    pub fn heard(&mut self, note: &SessionNote) {
        match note {
            SessionNote::Connected { local, .. } | SessionNote::Listening { local } | SessionNote::Bound { local } => {
                self.address = Some(unmap_v4(*local));
            }
            _ => {}
        }
    }

    /// The local address as seen by a peer: the noted address. If that is a wildcard or of the other family, the loopback address
    /// for a peer on this machine, otherwise the unspecified address, which means one of the local addresses.
    pub fn towards(&self, remote: SocketAddr, peer: PeerId) -> SocketAddr {
        let asked = self.asked.as_ref();
        let known = self.address.or_else(|| {
            let connects = asked.is_some_and(|asked| asked.port == remote.port());
            asked
                .filter(|_| !connects)
                .map(|asked| asked.literal().map_or(SocketAddr::new(unspecified(remote.ip()), asked.port), unmap_v4))
        });
        let chosen = FIRST_CLIENT_PORT + u16::try_from(peer.0 % 0x3FFF).unwrap_or(0);
        let port = known.map_or(chosen, |known| known.port());
        match known.map(|known| known.ip()) {
            Some(ip) if ip.is_ipv4() == remote.is_ipv4() && !ip.is_unspecified() => SocketAddr::new(ip, port),
            _ if remote.ip().is_loopback() => SocketAddr::new(remote.ip(), port),
            _ => SocketAddr::new(unspecified(remote.ip()), port),
        }
    }
}

fn unspecified(like: IpAddr) -> IpAddr {
    match like {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}

/// One direction of a connection.
#[derive(Clone, Copy, Debug)]
struct Side {
    /// Sequence number of the next byte.
    sequence: u32,
    /// Stream offset of the next byte, once known.
    offset: Option<u64>,
    finished: bool,
}

/// One connection.
#[derive(Debug)]
struct Connection {
    local: SocketAddr,
    remote: SocketAddr,
    peer: PeerId,
    /// Received and sent direction.
    sides: [Side; 2],
}

fn side_of(direction: Direction) -> usize {
    match direction {
        Direction::Received => 0,
        Direction::Sent => 1,
    }
}

fn other(direction: Direction) -> Direction {
    match direction {
        Direction::Received => Direction::Sent,
        Direction::Sent => Direction::Received,
    }
}

impl Connection {
    fn new(local: SocketAddr, remote: SocketAddr, peer: PeerId) -> Self {
        // Different for each connection, so that two connections between the same ports are distinguishable.
        let first = |salt: u32| peer.0.wrapping_add(salt).wrapping_mul(0x9E37_79B1);
        let side = |salt| Side { sequence: first(salt), offset: None, finished: false };
        Self { local, remote, peer, sides: [side(1), side(0x8000_0001)] }
    }

    fn segment(
        &mut self,
        direction: Direction,
        flags: u8,
        payload: &[u8],
        emit: &mut Emit<'_>,
    ) -> Result<(), SaveError> {
        let outward = direction == Direction::Sent;
        let (from, to) = if outward { (self.local, self.remote) } else { (self.remote, self.local) };
        let way = Way { from, to, peer: self.peer, outward };
        let acknowledged = self.sides[side_of(other(direction))].sequence;
        let side = &mut self.sides[side_of(direction)];
        let segment = Segment { sequence: side.sequence, acknowledged, flags };
        let takes = u32::from(flags & flag::SYN != 0) + u32::from(flags & flag::FIN != 0);
        side.sequence = side.sequence.wrapping_add(takes).wrapping_add(u32::try_from(payload.len()).unwrap_or(0));
        emit(&way, segment, payload)
    }

    fn handshake(&mut self, opener: Direction, emit: &mut Emit<'_>) -> Result<(), SaveError> {
        self.segment(opener, flag::SYN, &[], emit)?;
        self.segment(other(opener), flag::SYN | flag::ACK, &[], emit)?;
        for side in &mut self.sides {
            side.offset = Some(0);
        }
        self.segment(opener, flag::ACK, &[], emit)
    }

    fn finish(&mut self, direction: Direction, emit: &mut Emit<'_>) -> Result<(), SaveError> {
        if std::mem::replace(&mut self.sides[side_of(direction)].finished, true) {
            return Ok(());
        }
        self.segment(direction, flag::FIN | flag::ACK, &[], emit)?;
        self.segment(other(direction), flag::ACK, &[], emit)
    }
}

/// The connections that are open at this position in the history.
pub(super) struct Conversations {
    pub local: Local,
    open: HashMap<PeerId, Connection>,
}

impl Conversations {
    /// Starts at the record `start`.
    pub fn new(reader: &CaptureReader, start: u64) -> Self {
        Self { local: Local::before(reader, start), open: HashMap::new() }
    }

    fn connection(&mut self, remote: SocketAddr, peer: PeerId) -> &mut Connection {
        let local = &self.local;
        self.open.entry(peer).or_insert_with(|| Connection::new(local.towards(remote, peer), remote, peer))
    }

    /// Opens the connection of a peer that joined through one of several listeners.
    pub fn accepted(&mut self, local: SocketAddr, remote: SocketAddr, peer: PeerId) {
        let local = Local { address: Some(unmap_v4(local)), asked: None }.towards(remote, peer);
        self.open.insert(peer, Connection::new(local, remote, peer));
    }

    /// Starts a data record.
    pub fn record(&mut self, record: &Record, direction: Direction, remote: SocketAddr) {
        let side = &mut self.connection(remote, record.peer).sides[side_of(direction)];
        let missing = record.stream_offset.saturating_sub(side.offset.unwrap_or(record.stream_offset));
        side.sequence = side.sequence.wrapping_add(missing as u32); // sequence numbers wrap too
        side.offset = Some(record.stream_offset + u64::from(record.len));
    }

    /// Adds bytes of the record.
    pub fn bytes(
        &mut self,
        peer: PeerId,
        direction: Direction,
        bytes: &[u8],
        emit: &mut Emit<'_>,
    ) -> Result<(), SaveError> {
        let Some(connection) = self.open.get_mut(&peer) else { return Ok(()) };
        let mut pieces = bytes.chunks(usize::from(segment_len_max(connection.remote.ip()))).peekable();
        while let Some(piece) = pieces.next() {
            let push = if pieces.peek().is_none() { flag::PSH } else { 0 };
            connection.segment(direction, flag::ACK | push, piece, emit)?;
        }
        connection.segment(other(direction), flag::ACK, &[], emit)
    }

    /// Skips a record that cannot be read, which leaves a gap.
    pub fn skip(&mut self, record: &Record) {
        let len = record.len;
        if let (Some(direction), Some(connection)) = (record.direction, self.open.get_mut(&record.peer)) {
            let side = &mut connection.sides[side_of(direction)];
            side.sequence = side.sequence.wrapping_add(len);
        }
    }

    /// Processes a record that is not data.
    pub fn event(
        &mut self,
        record: &Record,
        note: Option<&SessionNote>,
        remote: Option<SocketAddr>,
        emit: &mut Emit<'_>,
    ) -> Result<(), SaveError> {
        let peer = record.peer;
        if let Some(note) = note {
            self.local.heard(note);
        }
        let Some(remote) = remote.filter(|_| peer != PeerId::NONE) else { return Ok(()) };
        match (record.kind, note) {
            (RecordKind::PeerJoined, _) => self.connection(remote, peer).handshake(Direction::Received, emit),
            (_, Some(SessionNote::Connected { .. })) => self.connection(remote, peer).handshake(Direction::Sent, emit),
            (RecordKind::HalfClosed, _) => self.connection(remote, peer).finish(Direction::Received, emit),
            (_, Some(SessionNote::PeerLeft { reason })) => {
                self.connection(remote, peer);
                let Some(mut connection) = self.open.remove(&peer) else { return Ok(()) };
                match reason {
                    CloseReason::PeerFin => {
                        connection.finish(Direction::Received, emit)?;
                        connection.finish(Direction::Sent, emit)
                    }
                    CloseReason::Local | CloseReason::Kicked => connection.finish(Direction::Sent, emit),
                    CloseReason::Reset => connection.segment(Direction::Received, flag::RST | flag::ACK, &[], emit),
                    // The peer stopped responding, so there is no segment.
                    CloseReason::Timeout | CloseReason::Tls | CloseReason::Error => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }
}
