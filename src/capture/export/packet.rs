//! Ethernet II frames with IP and TCP or UDP (RFC 791, 8200, 9293, 768) and correct checksums (RFC 1071).

use crate::model::PeerId;
use std::net::{IpAddr, SocketAddr};

/// Length of an Ethernet header.
const ETHERNET_LEN: usize = 14;
const PROTOCOL_TCP: u8 = 6;
const PROTOCOL_UDP: u8 = 17;
/// Window of every segment; with [`WINDOW_SHIFT`] it is never exceeded.
const WINDOW: u16 = u16::MAX;
/// Maximum window scale (RFC 7323).
const WINDOW_SHIFT: u8 = 14;
/// Maximum payload of IP, whose length field has 16 bits.
const IP_LEN_MAX: usize = u16::MAX as usize;

/// Flags of a TCP segment.
pub(super) mod flag {
    pub const FIN: u8 = 0x01;
    pub const SYN: u8 = 0x02;
    pub const RST: u8 = 0x04;
    pub const PSH: u8 = 0x08;
    pub const ACK: u8 = 0x10;
}

/// Source and destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub from: SocketAddr,
    pub to: SocketAddr,
    /// Determines the peer's hardware address.
    pub peer: PeerId,
    /// The packet goes to the peer.
    pub outward: bool,
}

/// Fields of a TCP header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub sequence: u32,
    /// Only valid with the flag ACK.
    pub acknowledged: u32,
    pub flags: u8,
}

/// Maximum payload of a segment on Ethernet.
pub(super) fn segment_len_max(ip: IpAddr) -> u16 {
    match ip {
        IpAddr::V4(_) => 1460,
        IpAddr::V6(_) => 1440,
    }
}

/// Appends a frame with a TCP segment.
pub(super) fn tcp(way: &Way, segment: Segment, payload: &[u8], frame: &mut Vec<u8>) -> bool {
    let mut options = [0; 8];
    let opens = segment.flags & flag::SYN != 0;
    if opens {
        let [high, low] = segment_len_max(way.from.ip()).to_be_bytes();
        options = [2, 4, high, low, 1, 3, 3, WINDOW_SHIFT];
    }
    let options = if opens { &options[..] } else { &[] };
    let header_len = 20 + options.len();
    let mut transport = Vec::with_capacity(header_len + payload.len());
    transport.extend_from_slice(&way.from.port().to_be_bytes());
    transport.extend_from_slice(&way.to.port().to_be_bytes());
    transport.extend_from_slice(&segment.sequence.to_be_bytes());
    let acknowledged = if segment.flags & flag::ACK == 0 { 0 } else { segment.acknowledged };
    transport.extend_from_slice(&acknowledged.to_be_bytes());
    transport.push(if opens { 7 << 4 } else { 5 << 4 });
    transport.push(segment.flags);
    transport.extend_from_slice(&WINDOW.to_be_bytes());
    transport.extend_from_slice(&[0; 4]); // checksum, urgent pointer
    transport.extend_from_slice(options);
    transport.extend_from_slice(payload);
    let sum = transport_checksum(way, PROTOCOL_TCP, &transport);
    transport[16..18].copy_from_slice(&sum.to_be_bytes());
    frame_of(way, PROTOCOL_TCP, &transport, frame)
}

/// Appends a frame with a datagram.
pub(super) fn udp(way: &Way, payload: &[u8], frame: &mut Vec<u8>) -> bool {
    let Ok(len) = u16::try_from(payload.len() + 8) else { return false };
    let mut transport = Vec::with_capacity(usize::from(len));
    for value in [way.from.port(), way.to.port(), len, 0] {
        transport.extend_from_slice(&value.to_be_bytes());
    }
    transport.extend_from_slice(payload);
    // A checksum of 0 means none.
    let sum = match transport_checksum(way, PROTOCOL_UDP, &transport) {
        0 => u16::MAX,
        sum => sum,
    };
    transport[6..8].copy_from_slice(&sum.to_be_bytes());
    frame_of(way, PROTOCOL_UDP, &transport, frame)
}

/// Appends Ethernet and IP headers and the payload. Returns false and appends nothing if it is too long for IP.
fn frame_of(way: &Way, protocol: u8, transport: &[u8], frame: &mut Vec<u8>) -> bool {
    let header_len = if way.from.is_ipv4() && way.to.is_ipv4() { 20 } else { 0 };
    let Ok(len) = u16::try_from(header_len + transport.len()) else { return false };
    debug_assert!(usize::from(len) <= IP_LEN_MAX);
    let start = frame.len();
    frame.reserve(ETHERNET_LEN + 40 + transport.len());
    let (us, them) = (hardware(0), hardware(way.peer.0));
    let (from, to) = if way.outward { (us, them) } else { (them, us) };
    frame.extend_from_slice(&to);
    frame.extend_from_slice(&from);
    match (way.from.ip(), way.to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => {
            frame.extend_from_slice(&[0x08, 0x00]);
            let ip = frame.len();
            frame.extend_from_slice(&[0x45, 0]);
            frame.extend_from_slice(&len.to_be_bytes());
            frame.extend_from_slice(&[0, 0, 0x40, 0, 64, protocol, 0, 0]); // don't fragment, 64 hops
            frame.extend_from_slice(&from.octets());
            frame.extend_from_slice(&to.octets());
            let sum = fold(add(0, &frame[ip..]));
            frame[ip + 10..ip + 12].copy_from_slice(&sum.to_be_bytes());
        }
        (from, to) => {
            frame.extend_from_slice(&[0x86, 0xDD, 0x60, 0, 0, 0]);
            frame.extend_from_slice(&len.to_be_bytes());
            frame.extend_from_slice(&[protocol, 64]);
            frame.extend_from_slice(&octets_of_v6(from));
            frame.extend_from_slice(&octets_of_v6(to));
        }
    }
    frame.extend_from_slice(transport);
    debug_assert!(frame.len() > start);
    true
}

fn octets_of_v6(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V4(ip) => ip.to_ipv6_mapped().octets(),
        IpAddr::V6(ip) => ip.octets(),
    }
}

/// A locally administered hardware address of this machine (0) or of a peer.
fn hardware(number: u32) -> [u8; 6] {
    let [a, b, c, d] = number.to_be_bytes();
    [0x02, 0, a, b, c, d]
}

/// Checksum over the pseudo header and the transport data.
fn transport_checksum(way: &Way, protocol: u8, transport: &[u8]) -> u16 {
    let addresses = match (way.from.ip(), way.to.ip()) {
        (IpAddr::V4(from), IpAddr::V4(to)) => add(add(0, &from.octets()), &to.octets()),
        (from, to) => add(add(0, &octets_of_v6(from)), &octets_of_v6(to)),
    };
    fold(add(addresses + transport.len() as u64 + u64::from(protocol), transport))
}

fn add(sum: u64, bytes: &[u8]) -> u64 {
    let mut pairs = bytes.chunks_exact(2);
    let all = pairs.by_ref().fold(sum, |sum, pair| sum + u64::from(u16::from_be_bytes([pair[0], pair[1]])));
    all + pairs.remainder().first().map_or(0, |last| u64::from(*last) << 8)
}

fn fold(mut sum: u64) -> u16 {
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_1071() {
        assert_eq!(fold(add(0, &[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7])), !0xddf2);
    }

    #[test]
    fn what_no_ip_packet_can_hold_is_refused() {
        let way =
            Way { from: ([127, 0, 0, 1], 1).into(), to: ([127, 0, 0, 1], 2).into(), peer: PeerId(1), outward: true };
        let mut frame = Vec::new();
        assert!(!udp(&way, &[0; 65_508], &mut frame) && frame.is_empty());
        assert!(udp(&way, &[0; 65_507], &mut frame));
        assert_eq!(frame.len(), 14 + 65_535);
    }
}
