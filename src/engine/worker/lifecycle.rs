//! Start and end of a run.

use crate::capture::{Caught, SessionNote};
use crate::engine::context::timers::{Timer, after};
use crate::engine::context::{Context, Report};
use crate::engine::net::interfaces::know_interfaces;
use crate::engine::net::resolve::{self, Lookup, Resolved, Sought};
use crate::engine::net::sockets::Sockets;
use crate::engine::net::tcp::{ConnectPlan, TcpSockets, check_target};
use crate::engine::net::udp::{UdpForward, UdpSockets};
use crate::engine::send::scheduler::Sends;
use crate::engine::worker::phase::Phase;
use crate::engine::{EventKind, SessionOptions};
use crate::model::{
    CloseReason, ErrorKind, Forward, HostPort, NetError, NextTry, Operation, PeerId, SessionConfig, SessionState,
    UdpConfig, unix_name_number,
};
use mio::Waker;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Interval of the periodic checks of an open run: kernel drops, disk, silent peers.
pub(super) const SECOND: Duration = Duration::from_secs(1);

/// Starts a run.
pub(super) fn open(
    phase: &mut Phase,
    config: SessionConfig,
    options: &SessionOptions,
    waker: &Arc<Waker>,
    context: &mut Context,
) {
    let started = Instant::now();
    let endpoint = config.endpoint();
    if phase.is_active() {
        let detail = "the session is open already";
        context.event(EventKind::Warning(NetError::new(
            Operation::Bind,
            ErrorKind::Invalid,
            endpoint.to_string(),
            detail,
        )));
        return;
    }
    context.begin_run(&endpoint);
    context.options = config.options().clone();
    // Zones of link-local peers are displayed as interface names, so the names must be known first.
    know_interfaces();
    if let Some(path) = endpoint.at.unix_path() {
        // Addresses in the capture refer to it by its number.
        unix_name_number(path);
    }
    if !matches!(config, SessionConfig::TcpClient(_)) {
        context.give_up_waiting(ErrorKind::Invalid, "only a TCP client connects");
    }
    context.journal.begin_run();
    if !context.journal.exists() {
        let (dir, capture) = (&options.captures_dir, options.capture.clone());
        let waker = waker.clone();
        let caught = Arc::new(move || drop(waker.wake()));
        let readers = (caught as Caught, context.holds_for_reader);
        if let Err(error) = context.journal.create(dir, &endpoint, capture, readers, &context.shared) {
            tracing::warn!(%error, "no capture, no session");
            context.event(EventKind::Error(error));
            context.give_up_waiting(ErrorKind::Cancelled, "there was no connection");
            context.state(SessionState::Closed(CloseReason::Error));
            return;
        }
        if let Some(reader) = context.shared.capture() {
            context.event(EventKind::Capture(reader));
        }
    }
    let opened = SessionNote::Opened { run: context.run.0, endpoint: endpoint.to_string() };
    context.journal.note(PeerId::NONE, &opened);
    context.timers.set(started + SECOND, Timer::Second);
    if let Err(error) = check(&config) {
        context.fail_run(error);
        return;
    }
    if let SessionConfig::TcpClient(client) = &config {
        let connecting = SessionNote::Connecting { remote: client.remote.to_string() };
        context.journal.note(PeerId::NONE, &connecting);
    }
    look_up(phase, config, started, waker, context);
}

fn look_up(phase: &mut Phase, config: SessionConfig, started: Instant, waker: &Arc<Waker>, context: &mut Context) {
    let hosts = hosts(&config);
    if let Some(addresses) = resolve::literals(config.endpoint().transport, &hosts) {
        resolved(phase, &config, addresses, started, context);
        return;
    }
    match Lookup::start(config.endpoint().transport, hosts, waker.clone()) {
        Ok(lookup) => {
            if let SessionConfig::TcpClient(client) = &config {
                context.timers.set(after(started, client.connect_timeout), Timer::LookUp);
            }
            context.state(SessionState::Resolving);
            *phase = Phase::Resolving { lookup, config, started };
        }
        Err(error) => context.fail_run(error),
    }
}

/// Opens the sockets once the names are resolved.
pub(super) fn resolved(
    phase: &mut Phase,
    config: &SessionConfig,
    addresses: Resolved,
    started: Instant,
    context: &mut Context,
) {
    *phase = Phase::Idle;
    context.timers.cancel(Timer::LookUp);
    let addresses = match addresses {
        Ok(addresses) => addresses,
        Err(error) => return context.fail_run(error),
    };
    let mut addresses = addresses.into_iter();
    match config {
        SessionConfig::TcpClient(client) => {
            let (remotes, bind) = (addresses.next().unwrap_or_default(), addresses.next().unwrap_or_default());
            context.state(SessionState::Connecting);
            let mut sockets = match TcpSockets::client(client) {
                Ok(sockets) => Box::new(sockets),
                Err(error) => return context.fail_run(error),
            };
            let looked_up_in = client.remote.literal().is_none().then(|| started.elapsed());
            let timeout = client.connect_timeout;
            sockets.connect(ConnectPlan { remotes, looked_up_in, bind, started, timeout }, context);
            *phase = Phase::Open(sockets);
        }
        SessionConfig::TcpServer(server) => match TcpSockets::server(server) {
            Ok(sockets) => {
                let onward = server.forward.as_ref().map(|forward| (forward, addresses.next().unwrap_or_default()));
                listen(phase, Box::new(sockets), addresses, onward, context);
            }
            Err(error) => context.fail_run(error),
        },
        SessionConfig::Udp(udp) => {
            let onward = udp.forward.as_ref().and_then(|_| addresses.next()).unwrap_or_default();
            let remotes = udp.remote.as_ref().and_then(|_| addresses.next()).unwrap_or_default();
            let locals = udp.local.as_ref().and_then(|_| addresses.next()).unwrap_or_default();
            bind(phase, (&locals, &remotes, &onward), udp, context);
        }
    }
}

/// Listens on one address of each host. If one of them fails, all listeners are closed.
fn listen(
    phase: &mut Phase,
    mut sockets: Box<TcpSockets>,
    hosts: impl Iterator<Item = Vec<SocketAddr>>,
    onward: Option<(&Forward, Vec<SocketAddr>)>,
    context: &mut Context,
) {
    let mut listening: Result<Vec<_>, _> = hosts.map(|addresses| sockets.listen(&addresses, context)).collect();
    if let (Ok(locals), Some((forward, remotes))) = (&listening, onward) {
        match check_target(locals, &remotes) {
            Ok(()) => sockets.forward(forward, remotes),
            Err(error) => listening = Err(error),
        }
    }
    match listening {
        Ok(locals) => {
            for local in &locals {
                context.journal.note(PeerId::NONE, &SessionNote::Listening { local: *local });
            }
            if let Some(local) = locals.first() {
                context.state(SessionState::Listening { local: *local });
            }
            *phase = Phase::Open(sockets);
        }
        Err(error) => {
            sockets.close(CloseReason::Error, context);
            context.fail_run(error);
        }
    }
}

fn bind(
    phase: &mut Phase,
    (locals, remotes, onward): (&[SocketAddr], &[SocketAddr], &[SocketAddr]),
    udp: &UdpConfig,
    context: &mut Context,
) {
    let sockets = match UdpSockets::bind(locals, remotes, &udp.cast, context) {
        Ok(sockets) => sockets,
        Err(error) => return context.fail_run(error),
    };
    let local = sockets.local;
    let sockets: Box<dyn Sockets> = match &udp.forward {
        None => {
            note_bound(&sockets, context);
            Box::new(sockets)
        }
        Some(forward) => match UdpForward::new(sockets, forward, onward) {
            Ok(sockets) => {
                note_bound(sockets.clients(), context);
                Box::new(sockets)
            }
            Err(error) => return context.fail_run(error),
        },
    };
    context.state(SessionState::Bound { local });
    *phase = Phase::Open(sockets);
}

fn note_bound(sockets: &UdpSockets, context: &mut Context) {
    context.journal.note(PeerId::NONE, &SessionNote::Bound { local: sockets.local });
    sockets.note_groups(context);
}

/// The hosts of a configuration in a fixed order: the remote host first.
fn hosts(config: &SessionConfig) -> Vec<Sought> {
    let remote = |host: &HostPort| Sought { host: host.clone(), operation: Operation::Resolve };
    let local = |host: &HostPort| Sought { host: host.clone(), operation: Operation::Bind };
    match config {
        SessionConfig::TcpClient(client) => {
            std::iter::once(remote(&client.remote)).chain(client.bind.as_ref().map(local)).collect()
        }
        SessionConfig::TcpServer(server) => {
            let onward = server.forward.iter().map(|forward| &forward.to);
            onward.chain(std::iter::once(&server.local)).chain(&server.also).map(remote).collect()
        }
        SessionConfig::Udp(udp) => {
            let onward = udp.forward.as_ref().map(|forward| &forward.to);
            let remotes = onward.into_iter().chain(&udp.remote).map(remote);
            remotes.chain(udp.local.as_ref().map(local)).collect()
        }
    }
}

/// Checks a configuration without opening a socket.
///
/// # Errors
/// The remote port is 0.
pub(super) fn check(config: &SessionConfig) -> Result<(), NetError> {
    let (remote, operation) = match config {
        SessionConfig::TcpClient(client) => (Some(&client.remote), Operation::Connect),
        SessionConfig::Udp(udp) => {
            let onward = udp.forward.as_ref().map(|forward| &forward.to);
            (onward.or(udp.remote.as_ref()), Operation::Bind)
        }
        SessionConfig::TcpServer(server) => (server.forward.as_ref().map(|forward| &forward.to), Operation::Connect),
    };
    match remote {
        Some(remote) if remote.port == 0 && remote.unix_path().is_none() => {
            let scheme = config.endpoint().scheme();
            Err(NetError::new(
                operation,
                ErrorKind::Invalid,
                format!("{scheme}://{remote}"),
                "port 0 is not a valid destination",
            ))
        }
        _ => Ok(()),
    }
}

/// Fails the run: the name look-up took longer than the connect timeout.
pub(super) fn look_up_timed_out(config: &SessionConfig, context: &mut Context) {
    let detail = "the name look-up took too long";
    let address = config.endpoint().to_string();
    context.fail_run(NetError::new(Operation::Resolve, ErrorKind::Timeout, address, detail));
}

/// Ends a run: closes the sockets, finishes the sends and writes the last record. `next`: the attempt that follows.
pub(super) fn end(
    phase: &mut Phase,
    sends: &mut Sends,
    (reason, next): (CloseReason, Option<NextTry>),
    context: &mut Context,
) {
    if let Phase::Open(sockets) = std::mem::take(phase) {
        sockets.close(reason, context);
    }
    if reason == CloseReason::Local {
        // We closed these connections, so their sends are cancelled below instead of failing.
        context.reports.retain(|report| !matches!(report, Report::Gone { .. }));
    }
    sends.absorb(phase, context);
    sends.end_all(reason, phase, context);
    context.give_up_waiting(ErrorKind::Cancelled, "there was no connection");
    context.journal.note(PeerId::NONE, &SessionNote::Closed { reason, next });
    if !context.journal.flush() {
        context.journal.end_run();
    }
    context.timers.clear_run();
    context.reports.clear();
    context.joined.clear();
    context.queued_bytes = 0;
    context.ended = None;
}
