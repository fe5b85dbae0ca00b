//! Runs send plans: queues the next payload of each peer, begins timed rounds, and reports progress and outcomes.

use crate::capture::SessionNote;
use crate::engine::context::timers::{Timer, after};
use crate::engine::context::{Context, Report};
use crate::engine::send::job::{Job, Pace, Receivers, Refusal};
use crate::engine::send::lane::{Delay, Due, Lane};
use crate::engine::send::outlet::Outlet;
use crate::engine::send::plan::{SendContent, SendItem, SendPlan};
use crate::engine::send::queue::Room;
use crate::engine::{EventKind, SendOutcome, SendProgress};
use crate::model::{CloseReason, ErrorKind, NetError, Operation, PeerId, Target, Ticket};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Maximum count of sends in progress.
pub(in crate::engine) const MAX_JOBS: usize = 1024;
/// Interval of progress events.
const PROGRESS: Duration = Duration::from_millis(200);

/// Makes an error of a send that is not about a single peer.
fn send_error(kind: ErrorKind, detail: &str) -> NetError {
    NetError::new(Operation::Send, kind, "", detail)
}

fn report_progress(job: &Job, context: &mut Context) {
    let Some(ticket) = job.ticket else { return };
    context.event(EventKind::SendProgress(SendProgress {
        ticket,
        sent_bytes: job.sent_bytes,
        total_bytes: job.total_bytes(),
        rounds: job.rounds_done(),
        peer_bytes: job.peer_bytes(),
        peer_count: job.lanes.len(),
        peers: job.peers(),
    }));
}

/// Makes the error of a send that was ended from outside. It names the receiver, never the local address.
fn cut(peer: Option<PeerId>, outlet: &dyn Outlet, context: &Context, kind: ErrorKind, detail: &str) -> NetError {
    let address = peer.and_then(|peer| outlet.address(peer)).map(|address| context.named(address));
    NetError::new(Operation::Send, kind, address.unwrap_or_default(), detail)
}

fn closed(address: String) -> NetError {
    NetError::new(Operation::Send, ErrorKind::Closed, address, "the connection ended before everything was sent")
}

/// The sends in progress, in the order of their commands.
#[derive(Debug, Default)]
pub(in crate::engine) struct Sends {
    jobs: BTreeMap<u64, Job>,
    last: u64,
}

impl Sends {
    /// Starts a send.
    pub(in crate::engine) fn start(
        &mut self,
        ticket: Option<Ticket>,
        target: Target,
        plan: SendPlan,
        outlet: &mut dyn Outlet,
        context: &mut Context,
    ) {
        let started = self.prepare(ticket, target, plan, outlet, context);
        let job = match started {
            Ok(job) => job,
            Err(Refusal { error, item }) => {
                let outcome = SendOutcome { sent_bytes: 0, rounds: 0, peers: 0, result: Err(error), item };
                report(ticket, false, outcome, context);
                return;
            }
        };
        if job.is_nothing() {
            report(ticket, false, job.outcome(None), context);
            return;
        }
        self.last += 1;
        let id = self.last;
        let is_timed = matches!(job.pace, Pace::Timed(..));
        // The total is shown at once, even if the peer takes nothing.
        if job.has_files() {
            report_progress(&job, context);
        }
        self.jobs.insert(id, job);
        if is_timed {
            self.round(id, outlet, context);
        } else {
            self.pump(id, outlet, context);
        }
    }

    fn prepare(
        &self,
        ticket: Option<Ticket>,
        target: Target,
        plan: SendPlan,
        outlet: &mut dyn Outlet,
        context: &mut Context,
    ) -> Result<Job, Refusal> {
        if self.jobs.len() >= MAX_JOBS {
            return Err(send_error(ErrorKind::QueueFull, "too many sends are under way").into());
        }
        let receivers = receivers(target, &plan.items, outlet, context)?;
        Job::new((ticket, target), plan, receivers, outlet.is_datagram(), &context.endpoint)
    }

    /// Begins a timed round.
    pub(in crate::engine) fn round(&mut self, id: u64, outlet: &mut dyn Outlet, context: &mut Context) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let Pace::Timed(every, _) = job.pace else { return };
        if job.is_for_all() {
            refresh_lanes(job, outlet, context);
        }
        // A round for which no peer was ready does not count, so that the number of rounds sent is the number requested.
        job.begin_timed_round();
        if !job.is_last_round_begun() {
            context.timers.set(next_round(job.started, every, Instant::now()), Timer::Round(id));
        }
        self.pump(id, outlet, context);
    }

    /// The timer of a lane fired: its next item is due.
    pub(in crate::engine) fn item_due(
        &mut self,
        id: u64,
        peer: PeerId,
        outlet: &mut dyn Outlet,
        context: &mut Context,
    ) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        let Some(lane) = job.lane_of(peer).filter(|lane| job.lanes[*lane].delay == Delay::Runs) else { return };
        job.lanes[lane].delay = Delay::Over;
        pump_lane(id, job, lane, outlet, context);
        self.settle(id, outlet, context);
    }

    /// Queues as many payloads as fit, in every lane.
    fn pump(&mut self, id: u64, outlet: &mut dyn Outlet, context: &mut Context) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        for lane in 0..job.lanes.len() {
            pump_lane(id, job, lane, outlet, context);
        }
        self.settle(id, outlet, context);
    }

    /// Ends a send that has nothing left, or reports its progress.
    fn settle(&mut self, id: u64, outlet: &mut dyn Outlet, context: &mut Context) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        if job.is_over() {
            self.end(id, None, outlet, context);
        } else if job.progress_reported.elapsed() >= PROGRESS {
            job.progress_reported = Instant::now();
            report_progress(job, context);
        }
    }

    /// Once a second: reports the progress of sends whose peers take nothing.
    pub(in crate::engine) fn tick(&mut self, context: &mut Context) {
        for job in self.jobs.values_mut().filter(|job| job.progress_reported.elapsed() >= PROGRESS) {
            job.progress_reported = Instant::now();
            report_progress(job, context);
        }
    }

    fn end(&mut self, id: u64, cut: Option<NetError>, outlet: &mut dyn Outlet, context: &mut Context) {
        let Some(job) = self.jobs.remove(&id) else { return };
        if matches!(job.pace, Pace::Timed(..)) {
            context.timers.cancel(Timer::Round(id));
        }
        for lane in job.lanes.iter().filter(|lane| lane.delay == Delay::Runs) {
            context.timers.cancel(Timer::Item(id, lane.peer));
        }
        if !job.lanes.iter().all(|lane| lane.outstanding == 0) {
            outlet.purge(id, None, context);
        }
        let outcome = job.outcome(cut);
        note_failed_file(&job, &outcome, context);
        report(job.ticket, matches!(job.pace, Pace::Timed(_, None)), outcome, context);
    }

    /// Cancels a send at the user's request. False: there is no such send.
    pub(in crate::engine) fn cancel(&mut self, ticket: Ticket, outlet: &mut dyn Outlet, context: &mut Context) -> bool {
        let found = self.jobs.iter().find(|(_, job)| job.ticket == Some(ticket));
        let Some((id, job)) = found.map(|(id, job)| (*id, job)) else { return false };
        let peer = job.only_peer();
        // A repeat always ends this way; for a single send, a record says how far it came.
        if job.pace == Pace::Once {
            let note = SessionNote::SendCancelled { sent_bytes: job.sent_bytes, total_bytes: job.total_bytes() };
            context.journal.note(peer.unwrap_or(PeerId::NONE), &note);
        }
        self.end(id, Some(cut(peer, outlet, context, ErrorKind::Cancelled, "stopped")), outlet, context);
        true
    }

    /// Replaces the payload of a repeat from its next round on.
    pub(in crate::engine) fn change(&mut self, ticket: Ticket, content: &SendContent) {
        let repeats = |job: &&mut Job| job.ticket == Some(ticket) && matches!(job.pace, Pace::Timed(..));
        if let Some(job) = self.jobs.values_mut().find(repeats) {
            job.change(content);
        }
    }

    /// Ends a send because the run ends.
    fn end_cut(&mut self, id: u64, kind: ErrorKind, detail: &str, outlet: &mut dyn Outlet, context: &mut Context) {
        let peer = self.jobs.get(&id).and_then(Job::only_peer);
        self.end(id, Some(cut(peer, outlet, context, kind, detail)), outlet, context);
    }

    /// Processes what the sockets reported since the last call.
    pub(in crate::engine) fn absorb(&mut self, outlet: &mut dyn Outlet, context: &mut Context) {
        // Queueing may add reports; they are processed in the next turn.
        let mut room = false;
        let mut touched = BTreeSet::new();
        let mut written = Vec::new();
        for report in std::mem::take(&mut context.reports) {
            match report {
                Report::Sent { job, peer, item, bytes, done } => {
                    if self.sent(job, peer, bytes, (item, done)) {
                        written.push((job, peer));
                    }
                    touched.insert(job);
                }
                Report::Failed { job, peer, error } => {
                    outlet.purge(job, Some(peer), context);
                    self.lose_lane(job, peer, || error);
                    touched.insert(job);
                }
                Report::Gone { peer, address } => {
                    self.lose_peer(peer, &context.named(address), &mut touched);
                }
                Report::Room => room = true,
            }
        }
        for (id, peer) in written {
            if let Some(job) = self.jobs.get_mut(&id)
                && let Some(lane) = job.lane_of(peer)
            {
                pump_lane(id, job, lane, outlet, context);
            }
        }
        for id in touched {
            self.settle(id, outlet, context);
        }
        if room {
            let parked = self.jobs.iter().filter(|(_, job)| job.lanes.iter().any(|lane| lane.parked));
            for id in parked.map(|(id, _)| *id).collect::<Vec<_>>() {
                self.pump(id, outlet, context);
            }
        }
    }

    /// Counts written bytes of an item, which may be done with them. Returns whether the delay before the next one starts now.
    fn sent(&mut self, job: u64, peer: PeerId, bytes: u64, (item, is_done): (usize, bool)) -> bool {
        let Some(job) = self.jobs.get_mut(&job) else { return false };
        job.sent_bytes += bytes;
        let Some(at) = job.lane_of(peer) else { return false };
        let end = job.lanes[at].piece_end(item, bytes);
        let is_whole = is_done && end.is_none_or(|end| job.ends_at(item, end));
        let ends_round = job.ends_round(item, peer);
        let lane = &mut job.lanes[at];
        lane.sent_bytes += bytes;
        lane.taken_at = Instant::now();
        if let Some(end) = end {
            lane.piece_written(end, is_whole);
        }
        if !is_done {
            return false;
        }
        lane.outstanding = lane.outstanding.saturating_sub(1);
        if is_whole {
            lane.written = item + 1;
            lane.rounds_done += u64::from(ends_round);
        }
        lane.outstanding == 0 && lane.delay == Delay::Written
    }

    fn lose_lane(&mut self, job: u64, peer: PeerId, error: impl FnOnce() -> NetError) {
        let Some(job) = self.jobs.get_mut(&job) else { return };
        let Some(lane) = job.lane_of(peer) else { return };
        let was_complete = job.is_lane_complete(&job.lanes[lane]);
        // A peer that leaves between two rounds of a broadcast has missed nothing.
        let is_idle = job.is_for_all() && matches!(job.pace, Pace::Timed(..));
        let is_idle = is_idle && job.lanes[lane].item == job.items() && job.lanes[lane].outstanding == 0;
        let error = (!was_complete && !is_idle).then(error);
        job.end_lane(lane, error);
    }

    fn lose_peer(&mut self, peer: PeerId, address: &str, touched: &mut BTreeSet<u64>) {
        let concerned = self.jobs.iter().filter(|(_, job)| job.lane_of(peer).is_some()).map(|(id, _)| *id);
        let concerned: Vec<u64> = concerned.collect();
        for id in concerned {
            self.lose_lane(id, peer, || closed(address.to_owned()));
            touched.insert(id);
        }
    }

    /// Whether a send to this peer is in progress that ends by itself.
    pub(in crate::engine) fn is_busy_with(&self, peer: PeerId) -> bool {
        self.jobs.values().any(|job| job.is_busy_with(peer))
    }

    /// Starts closing: only sends that are completely queued continue.
    pub(in crate::engine) fn begin_close(&mut self, outlet: &mut dyn Outlet, context: &mut Context) {
        let stays = |job: &Job| {
            let all_is_queued = job.lanes.iter().all(|lane| lane.dead || lane.item == job.items());
            job.pace == Pace::Once && !job.has_files() && all_is_queued
        };
        let ends: Vec<u64> = self.jobs.iter().filter(|(_, job)| !stays(job)).map(|(id, _)| *id).collect();
        for id in ends {
            self.end_cut(id, ErrorKind::Cancelled, "the session was closed", outlet, context);
        }
    }

    /// Ends all sends, because the run is over.
    pub(in crate::engine) fn end_all(&mut self, reason: CloseReason, outlet: &mut dyn Outlet, context: &mut Context) {
        for id in self.jobs.keys().copied().collect::<Vec<_>>() {
            let (kind, detail) = match reason {
                CloseReason::Local => (ErrorKind::Cancelled, "the session was closed"),
                _ => (ErrorKind::Closed, "the connection ended"),
            };
            self.end_cut(id, kind, detail, outlet, context);
        }
    }
}

/// The next multiple of the interval. Rounds do not drift, and missed rounds are skipped.
fn next_round(started: Instant, every: Duration, now: Instant) -> Instant {
    let passed = now.duration_since(started).as_nanos() / every.as_nanos().max(1);
    let next = u32::try_from(passed + 1).ok().and_then(|rounds| every.checked_mul(rounds));
    next.and_then(|after| started.checked_add(after)).filter(|at| *at > now).unwrap_or_else(|| after(now, every))
}

/// Updates the lanes of a broadcast: removes peers that have left, adds those that have joined.
fn refresh_lanes(job: &mut Job, outlet: &mut dyn Outlet, context: &mut Context) {
    job.rounds_of_the_dead = job.rounds_done();
    job.lanes.retain(|lane| !lane.dead);
    let items = job.items();
    let known = job.lanes.len();
    // No peers is no error: the next round may find some.
    for peer in outlet.peers_of(Target::All, context).unwrap_or_default() {
        if job.lanes[..known].binary_search_by_key(&peer, |lane| lane.peer).is_err() {
            job.lanes.push(Lane::new(peer, items));
        }
    }
    job.lanes.sort_unstable_by_key(|lane| lane.peer);
}

/// Returns the peers of a send, sorted, and the receivers of each item.
///
/// # Errors
/// An item has no receiver.
fn receivers(
    target: Target,
    items: &[SendItem],
    outlet: &mut dyn Outlet,
    context: &mut Context,
) -> Result<(Vec<PeerId>, Vec<Receivers>), Refusal> {
    if items.iter().all(|item| item.target.is_none()) {
        let peers = outlet.peers_of(target, context)?;
        return Ok((peers, vec![Receivers::Everyone; items.len()]));
    }
    let mut everyone = BTreeSet::new();
    let mut of_items = Vec::with_capacity(items.len());
    // Items to all come last: a UDP address that another item names may be new, and counts as one of all.
    let (to_all, to_some): (Vec<_>, Vec<_>) =
        items.iter().enumerate().partition(|(_, item)| item.target.unwrap_or(target) == Target::All);
    for (place, item) in to_some.into_iter().chain(to_all) {
        let target = item.target.unwrap_or(target);
        let refused = |error| Refusal { error, item: item.name.clone() };
        let mut peers = outlet.peers_of(target, context).map_err(refused)?;
        peers.sort_unstable();
        everyone.extend(peers.iter().copied());
        let receivers = if target == Target::All { Receivers::Everyone } else { Receivers::These(peers) };
        of_items.push((place, receivers));
    }
    of_items.sort_unstable_by_key(|(place, _)| *place);
    Ok((everyone.into_iter().collect(), of_items.into_iter().map(|(_, receivers)| receivers).collect()))
}

fn pump_lane(id: u64, job: &mut Job, lane: usize, outlet: &mut dyn Outlet, context: &mut Context) {
    let ahead = job.pace != Pace::Once;
    loop {
        let Some(found) = job.lanes.get(lane).filter(|lane| !lane.dead && !job.is_stopped()) else { return };
        let (peer, item) = (found.peer, found.item);
        if item == job.items() {
            if !job.begin_next_round(lane) {
                return;
            }
            continue;
        }
        let delay = job.delay(item);
        if !job.is_for(item, peer) {
            job.lanes[lane].pass_over(delay);
            continue;
        }
        let pace = job.piece_pace(item, outlet.is_datagram());
        if job.lanes[lane].awaits_piece() {
            job.lanes[lane].delay = Delay::Written;
            return;
        }
        let delay = match (pace, job.lanes[lane].piece) {
            (Some(pace), Some(pieces)) => pace.wait(pieces.begun, pieces.offset, Instant::now()),
            _ => delay,
        };
        match job.lanes[lane].due(delay) {
            Due::Now => {}
            Due::In(wait) => return context.timer_in(wait, Timer::Item(id, peer)),
            Due::Later => return,
        }
        if !job.make(item, lane, &context.endpoint) {
            return;
        }
        match outlet.room(peer, job.queued_len(item), ahead, context) {
            Room::Free => {
                let Some(entry) = job.entry(id, item, &job.lanes[lane], outlet.is_datagram()) else { return };
                outlet.push(entry, context);
                match pace {
                    Some(_) => job.lanes[lane].queued_piece(),
                    None => job.lanes[lane].queued(),
                }
            }
            Room::Full if job.is_single() => {
                job.full_peers.extend(outlet.address(peer).map(|address| context.named(address)));
                job.end_lane(lane, None);
                return;
            }
            Room::Full => {
                job.lanes[lane].parked = true;
                return;
            }
            Room::Gone => {
                let address = outlet.address(peer).map(|address| context.named(address));
                job.end_lane(lane, Some(closed(address.unwrap_or_default())));
                return;
            }
        }
    }
}

/// Records how much of a file was sent before it failed, because its data records do not show it. A send without a ticket
/// leaves a warning instead.
fn note_failed_file(job: &Job, outcome: &SendOutcome, context: &mut Context) {
    if let Err(error) = &outcome.result
        && error.kind != ErrorKind::Cancelled
        && job.ticket.is_some()
        && job.has_files()
    {
        let (sent_bytes, total_bytes) = (job.sent_bytes, job.total_bytes());
        let note = SessionNote::SendFailed { sent_bytes, total_bytes, error: error.clone() };
        context.journal.note(job.only_peer().unwrap_or(PeerId::NONE), &note);
    }
}

/// Reports the outcome of a send; without a ticket, a failure is reported as a warning. The end of the connection is no failure of
/// an endless repeat.
fn report(ticket: Option<Ticket>, endless: bool, outcome: SendOutcome, context: &mut Context) {
    if let Some(ticket) = ticket {
        context.event(EventKind::SendFinished(ticket, outcome));
    } else if let Err(error) = outcome.result
        && !matches!(error.kind, ErrorKind::Cancelled | ErrorKind::NoPeer)
        && !(endless && error.kind == ErrorKind::Closed)
    {
        context.journal.note(PeerId::NONE, &SessionNote::Warning { warning: error.clone() });
        context.event(EventKind::Warning(error));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_keep_to_multiples_of_the_interval() {
        let start = Instant::now();
        let every = Duration::from_millis(10);
        let ms = |n| start + Duration::from_millis(n);
        assert_eq!(next_round(start, every, start), ms(10));
        assert_eq!(next_round(start, every, ms(10)), ms(20));
        assert_eq!(next_round(start, every, ms(13)), ms(20), "no drift");
        assert_eq!(next_round(start, every, ms(45)), ms(50), "what was missed is skipped");
    }
}
