//! The seam between a worker and its sockets.

use crate::engine::context::Context;
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::SocketTimer;
use crate::engine::respond::Replies;
use crate::engine::send::outlet::Outlet;
use crate::model::{CloseReason, Facts, NetError, PeerId, Target};
use mio::event::Event;

/// How one connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Disconnect {
    /// Writes what the socket accepts at once, then sends a FIN.
    InOrder,
    /// Sends a reset.
    Reset,
}

/// The sockets of an open run. TCP and UDP have one implementation each, and the worker depends only on this trait.
///
/// A turn of the worker calls [`Sockets::on_event`] and [`Sockets::on_timer`] for what happened, runs the commands, then calls
/// [`Sockets::accept`], [`Sockets::serve`] and, after the sends have counted what was written, [`Sockets::release_shutdowns`].
pub(in crate::engine) trait Sockets: Outlet {
    /// Handles an event of the poll. Only marks the socket as ready, unless the source is a connect.
    fn on_event(&mut self, source: PollSource, event: &Event, context: &mut Context);

    /// Handles a timer of the sockets. It can be stale: its peer or connect can be gone.
    fn on_timer(&mut self, timer: SocketTimer, context: &mut Context);

    /// Periodic work, called once per second.
    fn every_second(&mut self, context: &mut Context);

    /// Accepts connections. Called before [`Sockets::serve`], so that payloads for each new peer are queued before it is read.
    fn accept(&mut self, _context: &mut Context) {}

    /// Runs one bounded round of reading and writing.
    fn serve(&mut self, context: &mut Context);

    /// Whether there is work to do without waiting for the poll.
    fn has_work(&self, context: &Context) -> bool;

    /// Marks all sockets as ready, because what blocked them (a pause, a full disk, unread answers) can be over.
    fn make_all_ready(&mut self) {}

    /// Whether the peer is the single remote that the session was opened for.
    fn is_remote(&self, _peer: PeerId) -> bool {
        false
    }

    /// Sets the rules that answer received data from now on.
    fn set_replies(&mut self, replies: Replies, context: &mut Context);

    /// Closes one connection.
    ///
    /// # Errors
    /// There is no such connection.
    fn disconnect(&mut self, peer: PeerId, how: Disconnect, context: &mut Context) -> Result<(), NetError>;

    /// Shuts down the write side to these peers when their queues are empty and no send to them is in progress.
    ///
    /// # Errors
    /// There is no such peer, or the sockets have no connections.
    fn shut_down_write(&mut self, target: Target, context: &mut Context) -> Result<(), NetError>;

    /// Allows the requested shutdowns of peers for which `is_busy` returns false: no send to them is in progress.
    fn release_shutdowns(&mut self, _is_busy: &dyn Fn(PeerId) -> bool) {}

    /// The facts of a connection, or of the socket of a UDP session.
    fn facts(&self, _peer: PeerId, _context: &Context) -> Option<Facts> {
        None
    }

    /// Uses the patience of the context for connections that are accepted from now on.
    fn set_patience(&self, _context: &Context) {}

    /// Resets the counters of the sockets.
    fn reset_counters(&mut self, context: &mut Context);

    /// Starts to close: accepts no connections and reads no more of files, but still sends what is queued. False: no connection was
    /// open yet, so the run ends at once.
    fn begin_close(&mut self, context: &mut Context) -> bool;

    /// Whether all queues are empty.
    fn is_drained(&self) -> bool;

    /// Reads what has arrived, and closes all sockets.
    fn close(self: Box<Self>, reason: CloseReason, context: &mut Context);
}
