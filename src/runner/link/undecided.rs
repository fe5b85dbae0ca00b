//! Frames whose rules have not decided yet. A frame that a rule takes is not for the statements of the file.

use super::{Link, What};
use crate::engine::{FrameNumber, FrameNumbers, RuleVerdict, RuleVerdicts};
use crate::model::PeerId;
use crossbeam_channel::Receiver;
use std::collections::{BTreeMap, VecDeque};

/// What waits for verdicts.
pub(super) struct Undecided {
    verdicts: RuleVerdicts,
    /// What waits, by the key of its connection, in the order of arrival.
    waiting: BTreeMap<PeerId, VecDeque<(Waiting, Option<Frame>)>>,
    connections: BTreeMap<PeerId, Connection>,
}

/// An arrival that waits.
pub(super) struct Waiting {
    pub key: PeerId,
    pub record: u64,
    pub mono_ns: i64,
    pub what: What,
}

/// A frame of a connection.
struct Frame {
    peer: PeerId,
    number: FrameNumber,
}

#[derive(Default)]
struct Connection {
    numbers: FrameNumbers,
    /// Verdicts whose frames were not read yet.
    verdicts: VecDeque<(FrameNumber, bool)>,
    /// All further frames go past the rules.
    is_free: bool,
    /// Its end was read.
    has_ended: bool,
}

impl Connection {
    /// Whether a rule took a frame; `None`: this is not decided.
    fn verdict(&mut self, number: FrameNumber) -> Option<bool> {
        while let Some((decided, is_taken)) = self.verdicts.front().copied() {
            if decided > number {
                // The rules saw other frames, or so many that their verdicts were dropped.
                return Some(false);
            }
            self.verdicts.pop_front();
            if decided == number {
                return Some(is_taken);
            }
        }
        self.is_free.then_some(false)
    }
}

impl Undecided {
    pub fn new(verdicts: RuleVerdicts) -> Self {
        Self { verdicts, waiting: BTreeMap::new(), connections: BTreeMap::new() }
    }

    pub fn signals(&self) -> &Receiver<()> {
        self.verdicts.signals()
    }

    /// Whether something of this connection waits.
    pub fn holds(&self, key: PeerId) -> bool {
        self.waiting.contains_key(&key)
    }

    /// Waits behind what is there.
    pub fn follow(&mut self, waiting: Waiting) {
        self.waiting.entry(waiting.key).or_default().push_back((waiting, None));
    }

    /// A record with bytes of a stream.
    pub fn fed(&mut self, peer: PeerId, record: u64, begin: u64, len: usize) {
        self.connections.entry(peer).or_default().numbers.fed(record, begin, len as u64);
    }

    /// A frame, which ends here in the stream of its peer, or in this datagram.
    pub fn frame(&mut self, waiting: Waiting, peer: PeerId, end: Result<u64, u64>) {
        let numbers = &mut self.connections.entry(peer).or_default().numbers;
        let number = match end {
            Ok(end) => numbers.of_stream(end),
            Err(record) => numbers.of_record(record),
        };
        self.waiting.entry(waiting.key).or_default().push_back((waiting, Some(Frame { peer, number })));
    }

    /// The end of a connection was read.
    pub fn ended(&mut self, peer: PeerId) {
        if let Some(connection) = self.connections.get_mut(&peer) {
            connection.has_ended = true;
        }
    }

    fn take_verdicts(&mut self) {
        for RuleVerdict { peer, frame, is_taken } in self.verdicts.take() {
            let connection = self.connections.entry(peer).or_default();
            match frame {
                Some(number) => connection.verdicts.push_back((number, is_taken)),
                None => connection.is_free = true,
            }
        }
    }

    /// What does not wait any more and no rule took. `all`: nothing is decided any more.
    fn decided(&mut self, all: bool) -> Vec<Waiting> {
        self.take_verdicts();
        let mut free = Vec::new();
        for waiting in self.waiting.values_mut() {
            while let Some((_, frame)) = waiting.front() {
                let verdict = match frame {
                    None => Some(false),
                    Some(frame) => {
                        let verdict = self.connections.entry(frame.peer).or_default().verdict(frame.number);
                        verdict.or(all.then_some(false))
                    }
                };
                let Some(is_taken) = verdict else { break };
                free.extend(waiting.pop_front().map(|(waiting, _)| waiting).filter(|_| !is_taken));
            }
        }
        self.waiting.retain(|_, waiting| !waiting.is_empty());
        let is_used = |peer: &PeerId| {
            self.waiting.values().flatten().any(|(_, frame)| frame.as_ref().is_some_and(|frame| frame.peer == *peer))
        };
        if self.connections.len() > super::PEERS_KEPT {
            let ended = self.connections.iter().filter(|(_, one)| one.is_free && one.has_ended);
            let ended: Vec<PeerId> = ended.map(|(id, _)| *id).collect();
            for id in ended.into_iter().filter(|id| !is_used(id)) {
                self.connections.remove(&id);
            }
        }
        free
    }
}

impl Link {
    /// Adds what rules let go. `all`: the run of the session ended, and its rules decide nothing any more.
    pub(super) fn take_decided(&mut self, all: bool) {
        let free = self.undecided.as_mut().map(|undecided| undecided.decided(all)).unwrap_or_default();
        for Waiting { key, record, mono_ns, what } in free {
            self.arrived(key, record, mono_ns, what);
        }
    }
}
