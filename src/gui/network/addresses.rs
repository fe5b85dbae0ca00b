//! The addresses of this computer. A job reads them, because the system call may block a frame.

use crate::engine::{LocalAddress, local_addresses};
use crate::jobs::{Job, JobPoll, Wake};
use std::time::{Duration, Instant};

/// Minimum interval between two reads.
const FRESH: Duration = Duration::from_secs(5);

/// The known addresses of this computer.
#[derive(Default)]
pub struct Addresses {
    proposals: Vec<String>,
    first: Option<String>,
    job: Option<Job<Vec<LocalAddress>>>,
    read_at: Option<Instant>,
}

impl Addresses {
    /// Reads the addresses again if they are old.
    pub fn refresh(&mut self, wake: &Wake) {
        if self.job.is_some() || self.read_at.is_some_and(|at| at.elapsed() < FRESH) {
            return;
        }
        // Without a thread the list stays as it is; addresses can still be typed.
        self.job = Job::start("addresses", wake.clone(), |_| local_addresses()).ok();
    }

    /// Takes the result of the job.
    pub fn poll(&mut self) {
        let Some(job) = &mut self.job else { return };
        match job.poll() {
            JobPoll::Running => {}
            JobPoll::Done(list) => self.take(&list),
            JobPoll::Gone => self.job = None,
        }
    }

    fn take(&mut self, list: &[LocalAddress]) {
        self.job = None;
        self.read_at = Some(Instant::now());
        let mut proposals = vec!["0.0.0.0".to_owned(), "::".to_owned(), "127.0.0.1".to_owned()];
        for address in list {
            let text = typed(address);
            if !proposals.contains(&text) {
                proposals.push(text);
            }
        }
        self.first = list.iter().find(|address| !address.loopback && address.ip.is_ipv4()).map(typed);
        self.proposals = proposals;
    }

    /// The suggestions of the drop-down.
    pub fn proposals(&self) -> &[String] {
        &self.proposals
    }

    /// The address at which other computers most likely reach this one.
    pub fn first(&self) -> Option<String> {
        self.first.clone()
    }
}

/// The address in the form to type: link-local IPv6 needs its interface (RFC 4007 §11).
fn typed(address: &LocalAddress) -> String {
    let text = address.ip.to_string();
    if text.starts_with("fe80:") { format!("{text}%{}", address.interface) } else { text }
}
