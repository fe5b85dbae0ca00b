//! What a wait does with the bytes of streams that are not cut into frames.

use super::run::Run;
use super::waits::{Caught, Hunt, Line, Look, Place};
use super::world::Sight;
use crate::model::PeerId;
use crate::talk::pattern::{Choice, Found, Several};
use std::collections::btree_map::Entry;
use std::sync::Arc;

/// The search in the stream of one peer.
pub(super) struct Searching {
    /// Offset in the stream at which it began.
    begin: u64,
    /// Offset behind the bytes that it got.
    pub fed: u64,
    /// The lines of the wait that are about this peer.
    lines: Vec<usize>,
    search: Several,
    /// The bytes of a match that an earlier one may still go before.
    held: Option<Arc<[u8]>>,
}

impl Run<'_> {
    /// Searches the new bytes of a stream, which may have ended.
    pub(super) fn search(&self, hunt: &mut Hunt, key: PeerId, is_closed: bool) -> Look {
        let link = &self.links[hunt.link];
        let peer = link.peers.get(&key)?;
        let encoding = link.opening.encoding;
        let (from, bytes) = (peer.stream.0, &peer.stream.1);
        let lines = hunt.lines.clone();
        let searching = match hunt.searches.entry(key) {
            Entry::Occupied(searching) => searching.into_mut(),
            Entry::Vacant(place) => {
                let is_about = |line: &Line| match line {
                    Line::Pattern { from, .. } => self.is_peer(hunt.link, key, from.as_deref()),
                    Line::Open { .. } | Line::Close { .. } => false,
                };
                let own: Vec<usize> = (0..lines.len()).filter(|number| is_about(&lines[*number].0)).collect();
                let patterns = own.iter().filter_map(|number| lines[*number].0.prepared());
                match Several::new(patterns) {
                    Ok(search) => place.insert(Searching { begin: from, fed: from, lines: own, search, held: None }),
                    Err(fault) => return Some(Err(Self::fault(fault))),
                }
            }
        };
        if searching.lines.is_empty() {
            return None;
        }
        let new = bytes.get((searching.fed.saturating_sub(from)) as usize..).unwrap_or_default();
        searching.fed = from + bytes.len() as u64;
        let mut sight = Sight { memory: &self.memory, links: &self.links, encoding };
        let mut choice = searching.search.feed(new, &mut sight);
        if is_closed && choice == Ok(Choice::Wait) {
            choice = searching.search.close(&mut sight);
        }
        let kept = |found: &Found| {
            let (start, end) = (searching.begin + found.range.start, searching.begin + found.range.end);
            let range = (start.saturating_sub(from)) as usize..(end.saturating_sub(from)) as usize;
            Arc::from(bytes.get(range).unwrap_or_default())
        };
        match choice {
            Err(fault) => Some(Err(Self::fault(fault))),
            Ok(Choice::Found(number, found)) => {
                let bytes = kept(&found);
                Some(Ok(searching.caught(key, number, &found, bytes)))
            }
            Ok(Choice::Wait | Choice::Never) => {
                let held = searching.search.held().map(|(_, found)| kept(found));
                searching.held = held;
                if !bytes.is_empty() {
                    let missed = searching.search.missed().filter_map(|number| searching.lines.get(number).copied());
                    let is_next = |number: &usize| lines[*number].0.prepared().is_some_and(|one| one.pattern().is_next);
                    hunt.missed.extend(missed.filter(is_next));
                }
                self.not_next(hunt)
            }
        }
    }

    /// The time is up, so a match is taken that an earlier one could have gone before.
    pub(super) fn held(&self, hunt: &Hunt) -> Option<Caught> {
        hunt.searches.iter().find_map(|(key, searching)| {
            let (number, found) = searching.search.held()?;
            Some(searching.caught(*key, number, found, searching.held.clone().unwrap_or_default()))
        })
    }
}

impl Searching {
    fn caught(&self, peer: PeerId, number: usize, found: &Found, bytes: Arc<[u8]>) -> Caught {
        Caught {
            line: self.lines.get(number).copied().unwrap_or_default(),
            peer,
            captures: found.captures.clone(),
            bytes: Some(bytes),
            place: Place::Stream(self.begin + found.range.start..self.begin + found.range.end),
        }
    }
}
