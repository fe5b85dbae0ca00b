//! The seam between a worker and its sockets.

use crate::engine::context::Context;
use crate::engine::context::limits::Patience;
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::SocketTimer;
use crate::engine::respond::Replies;
use crate::engine::send::outlet::Outlet;
use crate::model::{CloseReason, NetError, PeerId, Target};
use mio::event::Event;

/// How one connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Disconnect {
    /// What its socket takes at once, then a FIN.
    InOrder,
    /// A reset.
    Reset,
}

/// The sockets of an open run. TCP and UDP have one implementation each; the worker knows no other difference between them.
///
/// A turn of the worker calls, in this order: [`Sockets::on_event`] and [`Sockets::on_timer`] for what happened, the commands,
/// [`Sockets::accept`], [`Sockets::serve`], and [`Sockets::release_shutdowns`] once the sends have taken note of what was written.
pub(in crate::engine) trait Sockets: Outlet {
    /// The poll reports one of the sockets. Only takes note of it, unless the source is a connect.
    fn on_event(&mut self, source: PollSource, event: &Event, context: &mut Context);

    /// A timer of the sockets is due. It may be stale: its peer or connect may be gone.
    fn on_timer(&mut self, timer: SocketTimer, context: &mut Context);

    /// Once a second.
    fn every_second(&mut self, context: &mut Context);

    /// New connections become peers, so that what is sent to each new peer is queued before it is read.
    fn accept(&mut self, _context: &mut Context) {}

    /// One bounded round of reading and writing.
    fn serve(&mut self, context: &mut Context);

    /// There is something to do without waiting for the poll.
    fn has_work(&self, context: &Context) -> bool;

    /// What held the sockets up (a pause, a full disk, unread answers) may be over.
    fn make_all_ready(&mut self) {}

    /// The peer is the one remote end that the session was opened for.
    fn is_remote(&self, _peer: PeerId) -> bool {
        false
    }

    /// Answers what is received by these rules from now on.
    fn set_replies(&mut self, replies: Replies, context: &mut Context);

    /// Closes one connection.
    ///
    /// # Errors
    /// There is no such connection.
    fn disconnect(&mut self, peer: PeerId, how: Disconnect, context: &mut Context) -> Result<(), NetError>;

    /// Shuts down the write side to these peers once their queues are empty and no send goes on.
    ///
    /// # Errors
    /// Nobody, or sockets without connections.
    fn shut_down_write(&mut self, target: Target, context: &mut Context) -> Result<(), NetError>;

    /// Lets the write sides be shut down for which no send goes on.
    fn release_shutdowns(&mut self, _is_busy: &dyn Fn(PeerId) -> bool) {}

    /// Connections accepted from now on have this patience.
    fn set_patience(&self, _patience: Patience) {}

    /// Resets the counters of the sockets.
    fn reset_counters(&mut self, context: &mut Context);

    /// Begins to close: nothing new is accepted or taken from files; what is queued still goes out. False: nothing was open yet, so
    /// the run ends at once.
    fn begin_close(&mut self, context: &mut Context) -> bool;

    /// Nothing is queued.
    fn is_drained(&self) -> bool;

    /// Ends everything: reads what has arrived, and closes.
    fn close(self: Box<Self>, reason: CloseReason, context: &mut Context);
}
