//! The beginning and the end of a run.

use crate::capture::{Caught, SessionNote};
use crate::engine::context::timers::{Timer, after};
use crate::engine::context::{Context, Report};
use crate::engine::net::connect::{Connect, Connecting};
use crate::engine::net::interfaces::know_interfaces;
use crate::engine::net::listen;
use crate::engine::net::resolve::{self, Lookup, Resolved};
use crate::engine::net::tcp::TcpSide;
use crate::engine::net::udp::UdpSide;
use crate::engine::send::scheduler::Sends;
use crate::engine::worker::phase::{self, Link};
use crate::engine::{EventKind, SessionOptions};
use crate::model::{CloseReason, ErrorKind, NetError, Operation, PeerId, SessionConfig, SessionState, display_address};
use mio::Waker;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often drops and the disk are looked at while a run is open.
pub(in crate::engine) const SECOND: Duration = Duration::from_secs(1);

/// Begins a run.
pub(in crate::engine) fn open(
    link: &mut Link,
    config: SessionConfig,
    options: &SessionOptions,
    waker: &Arc<Waker>,
    context: &mut Context,
) {
    let started = Instant::now();
    let endpoint = config.endpoint();
    if link.is_active() {
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
    // Peers of link-local addresses are shown with the names of their zones.
    know_interfaces();
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
    if let Err(error) = phase::check(&config) {
        fail(context, error);
        return;
    }
    if let SessionConfig::TcpClient(client) = &config {
        let connecting = SessionNote::Connecting { remote: client.remote.to_string() };
        context.journal.note(PeerId::NONE, &connecting);
    }
    look_up(link, config, started, waker, context);
}

fn look_up(link: &mut Link, config: SessionConfig, started: Instant, waker: &Arc<Waker>, context: &mut Context) {
    let hosts = phase::hosts(&config);
    if let Some(addresses) = resolve::literals(phase::transport(&config), &hosts) {
        resolved(link, &config, addresses, started, context);
        return;
    }
    match Lookup::start(phase::transport(&config), hosts, waker.clone()) {
        Ok(lookup) => {
            if let SessionConfig::TcpClient(client) = &config {
                context.timers.set(after(started, client.connect_timeout), Timer::Connect);
            }
            context.state(SessionState::Resolving);
            *link = Link::Resolving { lookup, config, started };
        }
        Err(error) => fail(context, error),
    }
}

/// The look-up is done: opens the sockets.
pub(in crate::engine) fn resolved(
    link: &mut Link,
    config: &SessionConfig,
    addresses: Resolved,
    started: Instant,
    context: &mut Context,
) {
    *link = Link::Idle;
    let addresses = match addresses {
        Ok(addresses) => addresses,
        Err(error) => return fail(context, error),
    };
    let mut addresses = addresses.into_iter();
    match config {
        SessionConfig::TcpClient(client) => {
            let (remotes, bind) = (addresses.next().unwrap_or_default(), addresses.next().unwrap_or_default());
            context.state(SessionState::Connecting);
            let (connecting, outcome) = Connecting::start(remotes, bind, started, client.connect_timeout, context);
            *link = Link::Connecting { connecting, keep_half_open: client.keep_half_open };
            connect(link, outcome, context);
        }
        SessionConfig::TcpServer(server) => {
            listen(link, &addresses.next().unwrap_or_default(), server.keep_half_open, context);
        }
        SessionConfig::Udp(udp) => {
            let remotes = udp.remote.as_ref().and_then(|_| addresses.next()).unwrap_or_default();
            let locals = udp.local.as_ref().and_then(|_| addresses.next()).unwrap_or_default();
            bind(link, &locals, &remotes, context);
        }
    }
}

fn listen(link: &mut Link, addresses: &[SocketAddr], keep_half_open: bool, context: &mut Context) {
    match listen::listen(addresses, context) {
        Ok(listener) => {
            let local = listener.local;
            context.journal.note(PeerId::NONE, &SessionNote::Listening { local });
            context.state(SessionState::Listening { local });
            *link = Link::Tcp(TcpSide::new(Some(listener), keep_half_open));
        }
        Err(error) => fail(context, error),
    }
}

fn bind(link: &mut Link, locals: &[SocketAddr], remotes: &[SocketAddr], context: &mut Context) {
    match UdpSide::bind(locals, remotes, context) {
        Ok(side) => {
            let local = side.local;
            context.journal.note(PeerId::NONE, &SessionNote::Bound { local });
            context.state(SessionState::Bound { local });
            *link = Link::Udp(Box::new(side));
        }
        Err(error) => fail(context, error),
    }
}

/// Acts on what came of a connect.
pub(in crate::engine) fn connect(link: &mut Link, outcome: Connect, context: &mut Context) {
    match outcome {
        Connect::Waits => {}
        Connect::Failed(error) => fail(context, error),
        Connect::Done { socket, remote, local, took, broken } => {
            let Link::Connecting { keep_half_open, .. } = *link else { return };
            let took_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            let note = SessionNote::Connected { local, remote, took_ms };
            let id = context.journal.number_peer(remote);
            context.journal.note(id.unwrap_or(PeerId::NONE), &note);
            context.state(SessionState::Connected { local, remote });
            let mut side = TcpSide::new(None, keep_half_open);
            let joined = side.join(socket, id, remote, context);
            if let (Some(id), Some(reason)) = (id, broken) {
                side.is_broken(id, reason);
            }
            *link = Link::Tcp(side);
            if let Err(error) = joined {
                fail(
                    context,
                    NetError::from_io(Operation::Connect, format!("tcp://{}", display_address(remote)), &error),
                );
            }
        }
    }
}

/// A look-up took longer than the whole connect may.
pub(in crate::engine) fn look_up_timed_out(config: &SessionConfig, context: &mut Context) {
    let detail = "the name look-up took too long";
    let address = config.endpoint().to_string();
    fail(context, NetError::new(Operation::Resolve, ErrorKind::Timeout, address, detail));
}

/// The run cannot go on.
fn fail(context: &mut Context, error: NetError) {
    let reason = if error.kind == ErrorKind::Timeout { CloseReason::Timeout } else { CloseReason::Error };
    context.fail(PeerId::NONE, error);
    context.ended = Some(reason);
}

/// Ends a run: sockets, sends, the last record, the last state.
pub(in crate::engine) fn end(link: &mut Link, sends: &mut Sends, reason: CloseReason, context: &mut Context) {
    match std::mem::take(link) {
        Link::Idle | Link::Resolving { .. } => {}
        Link::Connecting { mut connecting, .. } => connecting.abandon(context),
        Link::Tcp(mut side) => side.close(reason, context),
        Link::Udp(side) => side.close(context),
    }
    if reason == CloseReason::Local {
        // The peers left because we did: their sends are cancelled, below.
        context.reports.retain(|report| !matches!(report, Report::Gone { .. }));
    }
    sends.absorb(link, context);
    sends.end_all(reason, link, context);
    context.give_up_waiting(ErrorKind::Cancelled, "there was no connection");
    context.journal.note(PeerId::NONE, &SessionNote::Closed { reason });
    if !context.journal.flush() {
        context.journal.end_run();
    }
    context.timers.clear_run();
    context.reports.clear();
    context.joined.clear();
    context.queued_bytes = 0;
    context.ended = None;
    context.state(SessionState::Closed(reason));
}
