//! Progress of a file being sent: bytes and rate per peer, and peers that do not read.

use crate::engine::{PeerProgress, SendOutcome, SendProgress};
use crate::model::PeerId;
use std::time::{Duration, Instant};

/// A peer that accepts nothing for this long is reported as not reading.
const STALLED: Duration = Duration::from_secs(3);
/// Minimum time over which a rate is measured.
const MEASURED: Duration = Duration::from_secs(1);

/// A file being sent.
#[derive(Debug, Default)]
pub struct Transfer {
    /// Bytes sent, sum over all peers.
    pub sent: u64,
    /// Total bytes, if known.
    pub total: Option<u64>,
    /// Bytes per peer, if known.
    peer_bytes: Option<u64>,
    peer_count: usize,
    peers: Vec<Peer>,
    has_ended: bool,
}

#[derive(Debug)]
struct Peer {
    progress: PeerProgress,
    rate: Rate,
}

/// How a part of a transfer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It goes on.
    Going,
    /// Everything is sent.
    Whole,
    /// The peer has accepted nothing for this long.
    Stalled(Duration),
    /// The peer has left.
    Gone,
    /// The transfer has ended early.
    Ended,
}

/// The progress of one peer, or of all together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub sent: u64,
    pub total: Option<u64>,
    /// Bytes per second, once measured.
    pub per_second: Option<u64>,
    /// The remaining time, if known.
    pub left: Option<Duration>,
    pub pace: Pace,
}

impl Part {
    /// 0–1, if the size is known.
    pub fn fraction(&self) -> Option<f32> {
        let total = self.total.filter(|total| *total > 0)?;
        Some((self.sent as f64 / total as f64) as f32)
    }
}

impl Transfer {
    /// Applies a progress report of the engine.
    pub fn progressed(&mut self, now: Instant, progress: &SendProgress) {
        self.sent = progress.sent_bytes;
        self.total = progress.total_bytes.or(self.total);
        self.peer_bytes = progress.peer_bytes.or(self.peer_bytes);
        self.peer_count = progress.peer_count;
        let mut before = std::mem::take(&mut self.peers);
        let peers = progress.peers.iter().map(|report| {
            let known = before.iter().position(|peer| peer.progress.peer == report.peer);
            let rate = known.map_or_else(Rate::default, |at| before.swap_remove(at).rate);
            let mut peer = Peer { progress: *report, rate };
            peer.rate.take(now, report.sent_bytes);
            peer
        });
        self.peers = peers.collect();
    }

    /// The send has ended.
    pub fn ended(&mut self, outcome: &SendOutcome) {
        self.sent = outcome.sent_bytes;
        self.has_ended = true;
        if outcome.result.is_ok() {
            for peer in self.peers.iter_mut().filter(|peer| !peer.progress.gone) {
                peer.progress.sent_bytes = self.peer_bytes.unwrap_or(peer.progress.sent_bytes);
            }
        }
    }

    /// Number of receivers.
    pub fn peer_count(&self) -> usize {
        self.peer_count
    }

    /// The progress of the listed peers, by number. Of many peers the engine reports those with the least progress.
    pub fn parts(&self) -> impl Iterator<Item = (PeerId, Part)> {
        self.peers.iter().map(|peer| (peer.progress.peer, self.part(peer)))
    }

    /// Number of peers that are not listed.
    pub fn unlisted(&self) -> usize {
        self.peer_count.saturating_sub(self.peers.len())
    }

    /// All peers together.
    pub fn whole(&self) -> Part {
        if let [only] = self.peers.as_slice()
            && self.peer_count == 1
        {
            return self.part(only);
        }
        let parts: Vec<Part> = self.parts().map(|(_, part)| part).collect();
        let left = parts.iter().filter_map(|part| part.left).max();
        let rates: Vec<u64> = parts.iter().filter_map(|part| part.per_second).collect();
        let under_way = || parts.iter().filter(|part| !matches!(part.pace, Pace::Whole | Pace::Gone | Pace::Ended));
        let waits = under_way().map(|part| match part.pace {
            Pace::Stalled(time) => Some(time),
            Pace::Going | Pace::Whole | Pace::Gone | Pace::Ended => None,
        });
        let pace = match waits.min().flatten() {
            _ if self.has_ended || self.total == Some(self.sent) => Pace::Whole,
            Some(shortest) => Pace::Stalled(shortest),
            None => Pace::Going,
        };
        let per_second = (!rates.is_empty()).then(|| rates.iter().sum());
        Part { sent: self.sent, total: self.total, per_second, left, pace }
    }

    /// A peer that does not read while others do, and for how long.
    pub fn slow_one(&self) -> Option<(PeerId, Duration)> {
        self.parts().find_map(|(peer, part)| match part.pace {
            Pace::Stalled(time) => Some((peer, time)),
            Pace::Going | Pace::Whole | Pace::Gone | Pace::Ended => None,
        })
    }

    fn part(&self, peer: &Peer) -> Part {
        let report = peer.progress;
        let (sent, total) = (report.sent_bytes, self.peer_bytes);
        let pace = match total {
            Some(whole) if whole == sent => Pace::Whole,
            _ if report.gone => Pace::Gone,
            _ if self.has_ended => Pace::Ended,
            _ if report.waits >= STALLED => Pace::Stalled(report.waits),
            _ => Pace::Going,
        };
        let rate = peer.rate.per_second().filter(|_| matches!(pace, Pace::Going | Pace::Stalled(_)));
        let fast = rate.filter(|rate| *rate >= 1.0 && pace == Pace::Going);
        let left = total.zip(fast).map(|(whole, rate)| {
            let seconds = (whole.saturating_sub(sent) as f64 / rate).min(1e9);
            Duration::from_secs_f64(seconds).max(Duration::from_secs(1))
        });
        let stands_still = matches!(pace, Pace::Stalled(_));
        let per_second = rate.map(|rate| if stands_still { 0 } else { rate as u64 });
        Part { sent, total, per_second, left, pace }
    }
}

/// A rate, measured over a second or more.
#[derive(Debug, Default)]
pub struct Rate {
    /// Start of the current measurement, and the amount at that time.
    from: Option<(Instant, u64)>,
    per_second: Option<f64>,
}

impl Rate {
    /// The amount at a time.
    pub fn take(&mut self, now: Instant, amount: u64) {
        let (since, from) = *self.from.get_or_insert((now, amount));
        let passed = now.saturating_duration_since(since);
        if passed >= MEASURED {
            let rate = amount.saturating_sub(from) as f64 / passed.as_secs_f64();
            // Average with the previous rate, so that the value does not jump.
            self.per_second = Some(self.per_second.map_or(rate, |before| f64::midpoint(before, rate)));
            self.from = Some((now, amount));
        }
    }

    /// Per second, once measured.
    pub fn per_second(&self) -> Option<f64> {
        self.per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Ticket;

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

    fn part(transfer: &Transfer, number: u32) -> Part {
        transfer.parts().find(|(peer, _)| peer.0 == number).expect("listed").1
    }

    fn seconds(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn each_peer_has_its_own_part_rate_and_time_left() {
        let start = Instant::now();
        let mut transfer = Transfer::default();
        transfer.progressed(start, &report(&[(1, 0, 0), (2, 0, 0)], 2));
        transfer.progressed(start + seconds(2), &report(&[(1, 20, 0), (2, 8, 5)], 2));
        let first = part(&transfer, 1);
        assert_eq!((first.sent, first.total, first.per_second), (20 * MIB, Some(200 * MIB), Some(10 * MIB)));
        assert_eq!((first.left, first.pace), (Some(seconds(18)), Pace::Going));
        let second = part(&transfer, 2);
        assert_eq!((second.per_second, second.left, second.pace), (Some(0), None, Pace::Stalled(seconds(5))));
        let whole = transfer.whole();
        assert_eq!((whole.sent, whole.total, whole.left), (28 * MIB, Some(400 * MIB), Some(seconds(18))));
        assert_eq!(whole.pace, Pace::Going, "one of them reads");
        assert_eq!(transfer.slow_one(), Some((PeerId(2), seconds(5))));
        transfer.progressed(start + seconds(20), &report(&[(1, 200, 9), (2, 8, 23)], 2));
        assert_eq!((part(&transfer, 1).pace, part(&transfer, 1).left), (Pace::Whole, None));
        assert_eq!(transfer.whole().pace, Pace::Stalled(seconds(23)), "the only one that is left does not read");
    }

    #[test]
    fn a_peer_that_never_reads_is_stalled_after_three_seconds() {
        let mut transfer = Transfer::default();
        transfer.progressed(Instant::now(), &report(&[(1, 0, 2)], 1));
        assert_eq!(transfer.whole().pace, Pace::Going);
        transfer.progressed(Instant::now(), &report(&[(1, 0, 3)], 1));
        assert_eq!(transfer.whole().pace, Pace::Stalled(seconds(3)));
        assert_eq!(transfer.whole().fraction(), Some(0.0));
    }

    #[test]
    fn of_many_peers_the_unlisted_ones_are_counted() {
        let mut transfer = Transfer::default();
        let peers: Vec<(u32, u64, u64)> = (1..=9).map(|peer| (peer, u64::from(peer) * 10, 0)).collect();
        transfer.progressed(Instant::now(), &report(&peers, 60));
        assert_eq!((transfer.parts().count(), transfer.unlisted()), (9, 51));
        assert_eq!(transfer.whole().sent, 450 * MIB);
    }

    #[test]
    fn an_ended_transfer_has_no_rate() {
        let mut transfer = Transfer::default();
        transfer.progressed(Instant::now(), &report(&[(1, 10, 5)], 1));
        transfer.ended(&SendOutcome { sent_bytes: 200 * MIB, rounds: 1, peers: 1, result: Ok(()), item: None });
        assert_eq!((transfer.whole().sent, transfer.whole().pace), (200 * MIB, Pace::Whole));
    }
}
