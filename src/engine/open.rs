//! The beginning and the end of a run.

use super::core::{Core, Report};
use super::local::know_interfaces;
use super::resolve::{self, Lookup, Resolved};
use super::run::{self, Link};
use super::sender::Sends;
use super::tcp::TcpSide;
use super::tcp_client::{Connect, Connecting};
use super::tcp_server;
use super::timers::{Timer, after};
use super::udp::UdpSide;
use super::{EventKind, SessionOptions};
use crate::capture::{Caught, SessionNote};
use crate::model::{CloseReason, ErrorKind, NetError, Operation, PeerId, SessionConfig, SessionState, display_address};
use mio::Waker;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often drops and the disk are looked at while a run is open.
pub(super) const SECOND: Duration = Duration::from_secs(1);

/// Begins a run.
pub(super) fn open(
    link: &mut Link,
    config: SessionConfig,
    options: &SessionOptions,
    waker: &Arc<Waker>,
    core: &mut Core,
) {
    let started = Instant::now();
    let endpoint = config.endpoint();
    if link.is_active() {
        let detail = "the session is open already";
        core.event(EventKind::Warning(NetError::new(
            Operation::Bind,
            ErrorKind::Invalid,
            endpoint.to_string(),
            detail,
        )));
        return;
    }
    core.begin_run(&endpoint);
    // Peers of link-local addresses are shown with the names of their zones.
    know_interfaces();
    if !matches!(config, SessionConfig::TcpClient(_)) {
        core.give_up_waiting(ErrorKind::Invalid, "only a TCP client connects");
    }
    core.journal.begin_run();
    if !core.journal.exists() {
        let (dir, capture) = (&options.captures_dir, options.capture.clone());
        let waker = waker.clone();
        let caught = Arc::new(move || drop(waker.wake()));
        let readers = (caught as Caught, core.holds_for_reader);
        if let Err(error) = core.journal.create(dir, &endpoint, capture, readers, &core.shared) {
            tracing::warn!(%error, "no capture, no session");
            core.event(EventKind::Error(error));
            core.give_up_waiting(ErrorKind::Cancelled, "there was no connection");
            core.state(SessionState::Closed(CloseReason::Error));
            return;
        }
        if let Some(reader) = core.shared.capture() {
            core.event(EventKind::Capture(reader));
        }
    }
    let opened = SessionNote::Opened { run: core.run.0, endpoint: endpoint.to_string() };
    core.journal.note(PeerId::NONE, &opened);
    core.timers.set(started + SECOND, Timer::Second);
    if let Err(error) = run::check(&config) {
        fail(core, error);
        return;
    }
    if let SessionConfig::TcpClient(client) = &config {
        let connecting = SessionNote::Connecting { remote: client.remote.to_string() };
        core.journal.note(PeerId::NONE, &connecting);
    }
    look_up(link, config, started, waker, core);
}

fn look_up(link: &mut Link, config: SessionConfig, started: Instant, waker: &Arc<Waker>, core: &mut Core) {
    let hosts = run::hosts(&config);
    if let Some(addresses) = resolve::literals(run::transport(&config), &hosts) {
        resolved(link, &config, addresses, started, core);
        return;
    }
    match Lookup::start(run::transport(&config), hosts, waker.clone()) {
        Ok(lookup) => {
            if let SessionConfig::TcpClient(client) = &config {
                core.timers.set(after(started, client.connect_timeout), Timer::Connect);
            }
            core.state(SessionState::Resolving);
            *link = Link::Resolving { lookup, config, started };
        }
        Err(error) => fail(core, error),
    }
}

/// The look-up is done: opens the sockets.
pub(super) fn resolved(
    link: &mut Link,
    config: &SessionConfig,
    addresses: Resolved,
    started: Instant,
    core: &mut Core,
) {
    *link = Link::Idle;
    let addresses = match addresses {
        Ok(addresses) => addresses,
        Err(error) => return fail(core, error),
    };
    let mut addresses = addresses.into_iter();
    match config {
        SessionConfig::TcpClient(client) => {
            let (remotes, bind) = (addresses.next().unwrap_or_default(), addresses.next().unwrap_or_default());
            core.state(SessionState::Connecting);
            let (connecting, outcome) = Connecting::start(remotes, bind, started, client.connect_timeout, core);
            *link = Link::Connecting { connecting, keep_half_open: client.keep_half_open };
            connect(link, outcome, core);
        }
        SessionConfig::TcpServer(server) => {
            listen(link, &addresses.next().unwrap_or_default(), server.keep_half_open, core);
        }
        SessionConfig::Udp(udp) => {
            let remotes = udp.remote.as_ref().and_then(|_| addresses.next()).unwrap_or_default();
            let locals = udp.local.as_ref().and_then(|_| addresses.next()).unwrap_or_default();
            bind(link, &locals, &remotes, core);
        }
    }
}

fn listen(link: &mut Link, addresses: &[SocketAddr], keep_half_open: bool, core: &mut Core) {
    match tcp_server::listen(addresses, core) {
        Ok(listener) => {
            let local = listener.local;
            core.journal.note(PeerId::NONE, &SessionNote::Listening { local });
            core.state(SessionState::Listening { local });
            *link = Link::Tcp(TcpSide::new(Some(listener), keep_half_open));
        }
        Err(error) => fail(core, error),
    }
}

fn bind(link: &mut Link, locals: &[SocketAddr], remotes: &[SocketAddr], core: &mut Core) {
    match UdpSide::bind(locals, remotes, core) {
        Ok(side) => {
            let local = side.local;
            core.journal.note(PeerId::NONE, &SessionNote::Bound { local });
            core.state(SessionState::Bound { local });
            *link = Link::Udp(Box::new(side));
        }
        Err(error) => fail(core, error),
    }
}

/// Acts on what came of a connect.
pub(super) fn connect(link: &mut Link, outcome: Connect, core: &mut Core) {
    match outcome {
        Connect::Waits => {}
        Connect::Failed(error) => fail(core, error),
        Connect::Done { socket, remote, local, took, broken } => {
            let Link::Connecting { keep_half_open, .. } = *link else { return };
            let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            let note = SessionNote::Connected { local, remote, took_ms };
            let id = core.journal.number_peer(remote);
            core.journal.note(id.unwrap_or(PeerId::NONE), &note);
            core.state(SessionState::Connected { local, remote });
            let mut side = TcpSide::new(None, keep_half_open);
            let joined = side.join(socket, id, remote, core);
            if let (Some(id), Some(reason)) = (id, broken) {
                side.is_broken(id, reason);
            }
            *link = Link::Tcp(side);
            if let Err(error) = joined {
                fail(core, NetError::from_io(Operation::Connect, format!("tcp://{}", display_address(remote)), &error));
            }
        }
    }
}

/// A look-up took longer than the whole connect may.
pub(super) fn look_up_timed_out(config: &SessionConfig, core: &mut Core) {
    let detail = "the name look-up took too long";
    let address = config.endpoint().to_string();
    fail(core, NetError::new(Operation::Resolve, ErrorKind::Timeout, address, detail));
}

/// The run cannot go on.
fn fail(core: &mut Core, error: NetError) {
    let reason = if error.kind == ErrorKind::Timeout { CloseReason::Timeout } else { CloseReason::Error };
    core.fail(PeerId::NONE, error);
    core.ended = Some(reason);
}

/// Ends a run: sockets, sends, the last record, the last state.
pub(super) fn end(link: &mut Link, sends: &mut Sends, reason: CloseReason, core: &mut Core) {
    match std::mem::take(link) {
        Link::Idle | Link::Resolving { .. } => {}
        Link::Connecting { mut connecting, .. } => connecting.abandon(core),
        Link::Tcp(mut side) => side.close(reason, core),
        Link::Udp(side) => side.close(core),
    }
    if reason == CloseReason::Local {
        // The peers left because we did: their sends are cancelled, below.
        core.reports.retain(|report| !matches!(report, Report::Gone { .. }));
    }
    sends.absorb(link, core);
    sends.end_all(reason, link, core);
    core.give_up_waiting(ErrorKind::Cancelled, "there was no connection");
    core.journal.note(PeerId::NONE, &SessionNote::Closed { reason });
    if !core.journal.flush() {
        core.journal.end_run();
    }
    core.timers.clear_run();
    core.reports.clear();
    core.joined.clear();
    core.queued_bytes = 0;
    core.ended = None;
    core.state(SessionState::Closed(reason));
}
