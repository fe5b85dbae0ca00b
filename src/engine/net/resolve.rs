//! Resolves host names without blocking the worker.

use crate::engine::net::interfaces::{has_interface, interface_names, know_interfaces, zones_for};
use crate::jobs::thread::spawn_named;
use crate::model::{Endpoint, ErrorKind, HostPort, NetError, Operation, Transport};
use crossbeam_channel::{Receiver, TryRecvError, bounded};
use mio::Waker;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

/// The addresses of each host, in order; no list is empty.
pub(in crate::engine) type Resolved = Result<Vec<Vec<SocketAddr>>, NetError>;

/// A host to resolve.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Sought {
    pub host: HostPort,
    /// The operation that fails if it cannot be resolved: [`Operation::Bind`] for a local address.
    pub operation: Operation,
}

impl Sought {
    fn endpoint(&self, transport: Transport) -> String {
        Endpoint::new(transport, self.host.clone()).to_string()
    }
}

/// A look-up in progress. If it is dropped, the helper thread ends with the system's time-out and its result is ignored.
#[derive(Debug)]
pub(in crate::engine) struct Lookup {
    result: Receiver<Resolved>,
    what: String,
}

/// Parses all hosts without a look-up, if none of them is a name.
pub(in crate::engine) fn literals(transport: Transport, hosts: &[Sought]) -> Option<Resolved> {
    if hosts.iter().any(|sought| sought.host.zoned().is_some()) {
        know_interfaces();
    }
    let all = hosts.iter().map(|sought| Some(literal(transport, sought)?.map(|address| vec![address])));
    all.collect()
}

/// Parses an address with its zone.
fn literal(transport: Transport, sought: &Sought) -> Option<Result<SocketAddr, NetError>> {
    let host = &sought.host;
    let failed =
        |kind, detail: String| Some(Err(NetError::new(sought.operation, kind, sought.endpoint(transport), detail)));
    if let Some((_, zone)) = host.zoned()
        && !has_interface(zone)
    {
        return failed(ErrorKind::NoSuchInterface, interface_names().join(", "));
    }
    match host.literal() {
        Some(SocketAddr::V6(v6)) if v6.ip().is_unicast_link_local() && v6.scope_id() == 0 => {
            failed(ErrorKind::ZoneMissing, zones_for(*v6.ip()).join(", "))
        }
        Some(address) => Some(Ok(address)),
        None => None,
    }
}

fn look_up(transport: Transport, sought: &Sought) -> Result<Vec<SocketAddr>, NetError> {
    let Sought { host, operation } = sought;
    if let Some(literal) = literal(transport, sought) {
        return literal.map(|address| vec![address]);
    }
    let address = sought.endpoint(transport);
    let found: Vec<SocketAddr> = match (host.host.as_str(), host.port).to_socket_addrs() {
        Ok(found) => found.collect(),
        Err(error) => {
            return Err(NetError { kind: ErrorKind::Resolve, ..NetError::from_io(*operation, address, &error) });
        }
    };
    if found.is_empty() {
        return Err(NetError::new(*operation, ErrorKind::Resolve, address, "the name has no address"));
    }
    Ok(found)
}

impl Lookup {
    /// Starts the helper thread. It wakes the worker when it is done.
    ///
    /// # Errors
    /// The system refuses a thread.
    pub(in crate::engine) fn start(
        transport: Transport,
        hosts: Vec<Sought>,
        waker: Arc<Waker>,
    ) -> Result<Self, NetError> {
        let what = hosts.first().map(|sought| sought.endpoint(transport)).unwrap_or_default();
        let (sender, result) = bounded(1);
        let started = spawn_named("wb-resolve", move || {
            let found = hosts.iter().map(|sought| look_up(transport, sought)).collect();
            // After a close there is no receiver and nothing to wake.
            if sender.send(found).is_ok()
                && let Err(error) = waker.wake()
            {
                tracing::warn!(%error, "the worker could not be woken");
            }
        });
        match started {
            Ok(_) => Ok(Self { result, what }),
            Err(error) => Err(NetError::from_io(Operation::Resolve, what, &error)),
        }
    }

    /// The result, once the look-up is done.
    pub(in crate::engine) fn poll(&self) -> Option<Resolved> {
        match self.result.try_recv() {
            Ok(resolved) => Some(resolved),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                let detail = "the look-up ended without a result";
                Some(Err(NetError::new(Operation::Resolve, ErrorKind::Resolve, self.what.clone(), detail)))
            }
        }
    }
}
