//! Progress of a file being sent: bytes and rate per peer, and peers that do not read.

use crate::engine::{PeerProgress, SendProgress};
use crate::gui::sentences;
use crate::model::{PeerId, Ticket};
use crate::words::{self, Lang};
use std::time::{Duration, Instant};

/// A peer that accepts nothing for this long is reported as not reading.
const STALLED: Duration = Duration::from_secs(3);
/// Minimum time over which a rate is measured.
const MEASURED: Duration = Duration::from_secs(1);
/// Maximum number of peers with their own line.
pub const LINES: usize = 4;

/// A file being sent.
#[derive(Debug)]
pub struct Transfer {
    pub ticket: Ticket,
    /// Bytes sent, sum over all peers.
    pub sent: u64,
    /// Total bytes, if known.
    pub total: Option<u64>,
    /// Bytes per peer, if known.
    peer_bytes: Option<u64>,
    peer_count: usize,
    peers: Vec<Peer>,
}

#[derive(Debug)]
struct Peer {
    progress: PeerProgress,
    /// Start of the current rate measurement.
    since: Instant,
    from: u64,
    per_second: Option<f64>,
}

/// One line of the strip.
#[derive(Debug, PartialEq)]
pub struct Line {
    pub words: String,
    /// 0–1, if the size is known.
    pub fraction: Option<f32>,
    /// The peer does not read.
    pub stalled: bool,
}

impl Transfer {
    /// A transfer that has just started.
    pub fn new(ticket: Ticket) -> Self {
        Self { ticket, sent: 0, total: None, peer_bytes: None, peer_count: 0, peers: Vec::new() }
    }

    /// Applies a progress report of the engine.
    pub fn progressed(&mut self, now: Instant, progress: &SendProgress) {
        self.sent = progress.sent_bytes;
        self.total = progress.total_bytes.or(self.total);
        self.peer_bytes = progress.peer_bytes.or(self.peer_bytes);
        self.peer_count = progress.peer_count;
        let mut before = std::mem::take(&mut self.peers);
        let peers = progress.peers.iter().map(|report| {
            let known = before.iter().position(|peer| peer.progress.peer == report.peer);
            let fresh = Peer { progress: *report, since: now, from: report.sent_bytes, per_second: None };
            let mut peer = known.map_or(fresh, |at| before.swap_remove(at));
            peer.take(now, *report);
            peer
        });
        self.peers = peers.collect();
    }

    /// The lines to show: the peers with the least progress, and one line for the others.
    pub fn lines(&self, names_peers: bool, lang: Lang) -> Vec<Line> {
        let mut order: Vec<&Peer> = self.peers.iter().collect();
        order.sort_by_key(|peer| (peer.progress.gone, peer.progress.sent_bytes));
        order.truncate(if self.peer_count > LINES { LINES - 1 } else { LINES });
        order.sort_by_key(|peer| peer.progress.peer);
        let mut lines: Vec<Line> =
            order.iter().map(|peer| self.line(peer, names_peers.then_some(peer.progress.peer), lang)).collect();
        let others = self.peer_count.saturating_sub(lines.len());
        if lines.is_empty() || others > 0 {
            let sum = words::size_of(self.sent, self.total);
            let words = if lines.is_empty() { sum } else { lang.texts().other_peers(others, &sum) };
            lines.push(Line { words, fraction: fraction(self.sent, self.total), stalled: false });
        }
        lines
    }

    /// The number of lines.
    pub fn line_count(&self) -> usize {
        self.peer_count.clamp(1, LINES)
    }

    fn line(&self, peer: &Peer, name: Option<PeerId>, lang: Lang) -> Line {
        let report = peer.progress;
        let mut words = name.map_or(String::new(), |peer| format!("#{} ", peer.0));
        words += &words::size_of(report.sent_bytes, self.peer_bytes);
        let is_whole = self.peer_bytes == Some(report.sent_bytes);
        let stalled = !report.gone && !is_whole && report.waits >= STALLED;
        if report.gone {
            words += lang.texts().transfer_gone();
        } else if stalled {
            let waits = sentences::duration(report.waits, lang);
            words += &lang.texts().transfer_stalled(&waits);
        } else if let Some(rate) = peer.per_second.filter(|rate| *rate >= 1.0 && !is_whole) {
            words += &format!(" · {}/s", words::size(rate as u64));
            if let Some(whole) = self.peer_bytes {
                let left = Duration::from_secs_f64((whole.saturating_sub(report.sent_bytes) as f64 / rate).min(1e9));
                let left = sentences::duration(left.max(Duration::from_secs(1)), lang);
                words += &lang.texts().transfer_left(&left);
            }
        }
        Line { words, fraction: fraction(report.sent_bytes, self.peer_bytes), stalled }
    }
}

impl Peer {
    fn take(&mut self, now: Instant, report: PeerProgress) {
        self.progress = report;
        let passed = now.saturating_duration_since(self.since);
        if passed >= MEASURED {
            let rate = report.sent_bytes.saturating_sub(self.from) as f64 / passed.as_secs_f64();
            // Average with the previous rate, so that the value does not jump.
            self.per_second = Some(self.per_second.map_or(rate, |before| f64::midpoint(before, rate)));
            (self.since, self.from) = (now, report.sent_bytes);
        }
    }
}

fn fraction(done: u64, total: Option<u64>) -> Option<f32> {
    total.filter(|total| *total > 0).map(|total| (done as f64 / total as f64) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn report(peers: &[(u32, u64, u64)], peer_count: usize) -> SendProgress {
        let peers: Vec<PeerProgress> = peers
            .iter()
            .map(|(peer, sent, waits)| PeerProgress {
                peer: PeerId(*peer),
                sent_bytes: sent * MIB,
                waits: Duration::from_secs(*waits),
                gone: false,
            })
            .collect();
        SendProgress {
            ticket: Ticket(1),
            sent_bytes: peers.iter().map(|peer| peer.sent_bytes).sum(),
            total_bytes: Some(200 * MIB * peer_count as u64),
            rounds: 0,
            peer_bytes: Some(200 * MIB),
            peer_count,
            peers,
        }
    }

    fn words(transfer: &Transfer, lang: Lang) -> Vec<String> {
        transfer.lines(true, lang).into_iter().map(|line| line.words).collect()
    }

    #[test]
    fn each_peer_has_its_own_part_rate_and_time_left() {
        let start = Instant::now();
        let mut transfer = Transfer::new(Ticket(1));
        transfer.progressed(start, &report(&[(1, 0, 0), (2, 0, 0)], 2));
        transfer.progressed(start + Duration::from_secs(2), &report(&[(1, 20, 0), (2, 8, 5)], 2));
        assert_eq!(
            words(&transfer, Lang::ZhCn),
            ["#1 20.0 / 200.0 MiB · 10.0 MiB/s · 剩余 18 秒", "#2 8.0 / 200.0 MiB · 对端停止接收 5 秒"]
        );
        assert_eq!(
            words(&transfer, Lang::En),
            ["#1 20.0 / 200.0 MiB · 10.0 MiB/s · 18 s left", "#2 8.0 / 200.0 MiB · not reading for 5 s"]
        );
        transfer.progressed(start + Duration::from_secs(20), &report(&[(1, 200, 9), (2, 8, 23)], 2));
        assert_eq!(words(&transfer, Lang::En)[0], "#1 200.0 / 200.0 MiB");
    }

    #[test]
    fn a_peer_that_never_reads_is_shown_as_stalled() {
        let mut transfer = Transfer::new(Ticket(1));
        transfer.progressed(Instant::now(), &report(&[(1, 0, 3)], 1));
        let lines = transfer.lines(false, Lang::ZhCn);
        assert_eq!(lines[0].words, "0 B / 200.0 MiB · 对端停止接收 3 秒");
        assert_eq!((lines[0].fraction, lines[0].stalled), (Some(0.0), true));
    }

    #[test]
    fn only_the_slowest_of_many_peers_have_their_own_line() {
        let mut transfer = Transfer::new(Ticket(1));
        let peers: Vec<(u32, u64, u64)> = (1..=9).map(|peer| (peer, u64::from(peer) * 10, 0)).collect();
        transfer.progressed(Instant::now(), &report(&peers, 60));
        let lines = words(&transfer, Lang::ZhCn);
        assert_eq!(lines.len(), LINES);
        assert!(lines[0].starts_with("#1 ") && lines[2].starts_with("#3 "), "{lines:?}");
        assert_eq!(lines[3], "另有 57 个对端 · 共 450.0 MiB / 11.7 GiB");
    }
}
