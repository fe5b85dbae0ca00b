//! A session that the front end has opened.

use super::{Link, OpenSession, Opening, Worker};
use crate::capture::CaptureReader;
use crate::talk::outcome::ProblemKind;

impl Link {
    /// Attaches to a session of the front end.
    pub fn attached(name: &str, opening: Opening, open: OpenSession) -> Self {
        let first_ticket = open.feed.first_ticket();
        let news = open.feed.take();
        let (from, peers) = (open.from, open.peers.clone());
        let mut link = Self::of(name, opening, Worker::Open(Box::new(open)), first_ticket);
        link.state = news.state;
        link.sends.clear();
        if let Some(capture) = news.capture {
            link.read_from(&capture, from);
            for (id, address) in peers {
                let key = link.key(id);
                let peer = link.peer(key, id, &capture);
                peer.is_open = true;
                peer.id = id;
                peer.address = address.or(peer.address);
            }
        }
        link
    }

    /// Keeps the records from this one on until they were read.
    fn read_from(&mut self, capture: &CaptureReader, from: u64) {
        self.next = from;
        self.hold = Some(capture.hold(from));
        self.capture = Some(capture.clone());
    }

    /// Takes what the front end passed on. Returns false for a session of the run's own.
    ///
    /// # Errors
    /// The worker has ended.
    pub(super) fn take_news(&mut self) -> Result<bool, ProblemKind> {
        let Worker::Open(open) = &self.worker else { return Ok(false) };
        let news = open.feed.take();
        if let Some(capture) = news.capture
            && self.capture.as_ref().is_none_or(|own| own.id() != capture.id())
        {
            self.read_from(&capture, capture.records().start);
        }
        self.state = news.state;
        self.store_error = news.store_error;
        self.error = news.error.or(self.error.take());
        for (ticket, outcome) in news.sends {
            if let Some(place) = self.sends.get_mut(&ticket) {
                *place = Some(outcome);
            }
        }
        if news.has_ended { Err(ProblemKind::SessionFailed) } else { Ok(true) }
    }
}
