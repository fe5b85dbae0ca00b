//! The progress of a send with one peer.

use crate::model::PeerId;
use std::time::{Duration, Instant};

/// What a lane waits for before its next item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::engine) enum Delay {
    /// Nothing.
    #[default]
    None,
    /// Earlier items must be written before the time starts.
    Written,
    /// The lane's timer runs.
    Runs,
    /// The timer has fired: the item is queued as soon as the queue has room.
    Over,
}

/// When the next item of a lane is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Due {
    /// At once.
    Now,
    /// After this time, for which the lane's timer must be set.
    In(Duration),
    /// When its timer fires, or when what is queued is written.
    Later,
}

/// A send's progress with one peer. Each lane has its own timer, so that a slow peer does not delay others.
#[derive(Debug)]
pub(in crate::engine) struct Lane {
    pub(in crate::engine) peer: PeerId,
    /// Rounds begun.
    pub(in crate::engine) round: u64,
    /// Index of the next item to queue. The count of items if none is left in the round.
    pub(in crate::engine) item: usize,
    /// Index after the item that was written last.
    pub(in crate::engine) written: usize,
    /// Payloads queued and not written.
    pub(in crate::engine) outstanding: usize,
    /// Rounds written.
    pub(in crate::engine) rounds_done: u64,
    /// Bytes written.
    pub(in crate::engine) sent_bytes: u64,
    /// When bytes were last written.
    pub(in crate::engine) taken_at: Instant,
    /// Nothing more is sent to this peer.
    pub(in crate::engine) dead: bool,
    /// Waiting for room in the queue.
    pub(in crate::engine) parked: bool,
    /// Sum of the delays of items for other peers since the last item of this lane.
    pub(in crate::engine) passed: Duration,
    /// The wait before the next item.
    pub(in crate::engine) delay: Delay,
    /// How far the file is that is sent in pieces.
    pub(in crate::engine) piece: Option<Pieces>,
}

/// A file that is sent in pieces.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine) struct Pieces {
    /// When the first piece began.
    pub(in crate::engine) begun: Instant,
    /// Offset of the next byte that is not written.
    pub(in crate::engine) offset: u64,
}

impl Lane {
    pub(in crate::engine) fn new(peer: PeerId, items: usize) -> Self {
        Self {
            peer,
            round: 0,
            item: items,
            written: 0,
            outstanding: 0,
            rounds_done: 0,
            sent_bytes: 0,
            taken_at: Instant::now(),
            dead: false,
            parked: false,
            passed: Duration::ZERO,
            delay: Delay::None,
            piece: None,
        }
    }

    pub(in crate::engine) fn begin_round(&mut self) {
        self.round += 1;
        self.item = 0;
    }

    /// The items were replaced by `items` others. Skips the rest of a round that has begun.
    pub(in crate::engine) fn skip_to_end_of(&mut self, items: usize) {
        if self.item > 0 {
            self.item = items;
            self.parked = false;
            self.delay = Delay::None;
        }
        self.piece = None;
        self.written = 0;
    }

    /// Skips the next item, which is for other peers; its delay counts.
    pub(in crate::engine) fn pass_over(&mut self, delay: Duration) {
        self.item += 1;
        self.passed = self.passed.saturating_add(delay);
    }

    /// Notes that the next item was queued.
    pub(in crate::engine) fn queued(&mut self) {
        self.item += 1;
        self.outstanding += 1;
        self.parked = false;
        self.passed = Duration::ZERO;
        self.delay = Delay::None;
    }

    /// Notes that a piece of the next item was queued. The item stays the next one until all its pieces are written.
    pub(in crate::engine) fn queued_piece(&mut self) {
        self.piece.get_or_insert(Pieces { begun: Instant::now(), offset: 0 });
        self.outstanding += 1;
        self.parked = false;
        self.passed = Duration::ZERO;
        self.delay = Delay::Written;
    }

    /// Ends the lane.
    pub(in crate::engine) fn die(&mut self) {
        self.dead = true;
        self.parked = false;
        self.outstanding = 0;
        self.delay = Delay::None;
    }

    /// The piece before must be written first.
    pub(in crate::engine) fn awaits_piece(&self) -> bool {
        self.piece.is_some() && self.outstanding > 0
    }

    /// The offset behind `bytes` more written bytes of `item`, if that is the file that is sent in pieces.
    pub(in crate::engine) fn piece_end(&self, item: usize, bytes: u64) -> Option<u64> {
        self.piece.filter(|_| item == self.item).map(|pieces| pieces.offset.saturating_add(bytes))
    }

    /// The file is written up to `end`. `is_whole`: it ends there.
    pub(in crate::engine) fn piece_written(&mut self, end: u64, is_whole: bool) {
        if is_whole {
            self.piece = None;
            self.item += 1;
        } else if let Some(pieces) = &mut self.piece {
            pieces.offset = end;
        }
    }

    /// Whether the next item, whose own delay is `delay`, is due.
    pub(in crate::engine) fn due(&mut self, delay: Duration) -> Due {
        let wait = self.passed.saturating_add(delay);
        match self.delay {
            Delay::Over => return Due::Now,
            Delay::Runs => return Due::Later,
            Delay::None | Delay::Written if wait.is_zero() => return Due::Now,
            Delay::None | Delay::Written => {}
        }
        if self.outstanding > 0 {
            self.delay = Delay::Written;
            return Due::Later;
        }
        self.delay = Delay::Runs;
        Due::In(wait)
    }
}
