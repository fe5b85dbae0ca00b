//! Running searches for free ports and for the programs that use ports. Of each tab only the newest search counts, in whichever
//! order they end.

use crate::engine::PortUser;
use crate::jobs::{Job, JobPoll};
use crate::model::SessionId;

/// The searches for free ports.
pub type PortSearches = Searches<Why, Option<u16>>;

/// The look-ups of the programs that use a port.
pub type UserSearches = Searches<u16, Option<PortUser>>;

/// The purpose of the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// For the form of a new session, which contains this port now.
    New(u16),
    /// For a session whose open failed with this port.
    Refused(u16),
}

/// Searches of one kind: `A` is what a search is about, `T` its result.
pub struct Searches<A, T> {
    running: Vec<(SessionId, A, Job<T>)>,
}

impl<A, T> Default for Searches<A, T> {
    fn default() -> Self {
        Self { running: Vec::new() }
    }
}

impl<A, T: Send + 'static> Searches<A, T> {
    /// Adds a search of a tab in place of its older one, whose result would be about a port that is not wanted any more.
    pub(super) fn add(&mut self, id: SessionId, about: A, job: Job<T>) {
        self.running.retain(|(other, ..)| *other != id);
        self.running.push((id, about, job));
    }

    /// The results of the searches that have ended.
    pub(super) fn ended(&mut self) -> Vec<(SessionId, A, T)> {
        let mut ended = Vec::new();
        for (id, about, mut job) in std::mem::take(&mut self.running) {
            match job.poll() {
                JobPoll::Running => self.running.push((id, about, job)),
                JobPoll::Done(result) => ended.push((id, about, result)),
                JobPoll::Gone => {}
            }
        }
        ended
    }

    /// No search is running.
    #[cfg(test)]
    fn is_empty(&self) -> bool {
        self.running.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    /// A job that ends when the sender is dropped.
    fn held(result: u64) -> (Job<u64>, crossbeam_channel::Sender<()>) {
        let (hold, held) = crossbeam_channel::bounded::<()>(0);
        let job = Job::start("test", Arc::new(|| ()), move |_| {
            held.recv_timeout(Duration::from_secs(20)).ok();
            result
        });
        (job.expect("a thread"), hold)
    }

    #[test]
    fn the_newest_search_of_each_tab_counts_in_whichever_order_they_end() {
        for tabs in [1_u64, 2, 4, 8, 16] {
            for round in 0..20 {
                let mut searches = Searches::default();
                let mut holds = Vec::new();
                for about in [1, 2] {
                    for tab in 0..tabs {
                        let (job, hold) = held(about * 100 + tab);
                        searches.add(SessionId(tab), about, job);
                        holds.push(hold);
                    }
                }
                // The newer searches end first in every other round.
                if round % 2 == 0 {
                    holds.reverse();
                }
                let mut ended = Vec::new();
                let deadline = Instant::now() + Duration::from_secs(20);
                for hold in holds {
                    drop(hold);
                    ended.extend(searches.ended());
                }
                while !searches.is_empty() {
                    assert!(Instant::now() < deadline, "{tabs} tabs: a search does not end");
                    std::thread::yield_now();
                    ended.extend(searches.ended());
                }
                ended.sort_unstable_by_key(|(id, ..)| id.0);
                let wanted: Vec<_> = (0..tabs).map(|tab| (SessionId(tab), 2, 200 + tab)).collect();
                assert_eq!(ended, wanted, "{tabs} tabs");
            }
        }
    }

    #[test]
    fn a_search_that_panics_is_over() {
        let mut searches = Searches::default();
        let job = Job::<u64>::start("test panic", Arc::new(|| ()), |_| panic!("requested by the test"));
        searches.add(SessionId(1), 1, job.expect("a thread"));
        let deadline = Instant::now() + Duration::from_secs(20);
        while !searches.is_empty() {
            assert!(Instant::now() < deadline, "the search does not end");
            assert_eq!(searches.ended(), []);
            std::thread::yield_now();
        }
    }
}
