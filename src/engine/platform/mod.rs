//! What differs between systems, each behind one small function with a fallback.

mod buffer;
mod descriptors;
mod destination;
mod drops;
mod folder;
mod groups;
mod interfaces;
mod port_user;
mod precise_timer;
mod refusals;
mod socket_diag;
mod unanswered;

pub(super) use buffer::enlarge_receive_buffer;
pub(super) use descriptors::raise_descriptor_limit;
pub(super) use destination::{Destination, Source, ask_for_destinations, is_about_the_source, receive_from, send_from};
pub(super) use drops::DropCounter;
pub(super) use folder::{can_show_in_folder, show_in_folder};
pub(super) use groups::{join_problem, receive_own_groups_only, send_groups_from, share_port};
pub(super) use interfaces::interfaces;
pub(super) use port_user::{local_sockets, port_user};
pub(super) use precise_timer::PreciseTimer;
pub(super) use refusals::{ask_for_refusals, next_refusal};
pub(super) use socket_diag::{tcp_facts, unread};
pub(super) use unanswered::{inode, limit_silence, unanswered};

/// A short read of a stream socket has drained it, and the poll reports what comes
/// after (epoll(7)) or the urgent byte at which it stopped ([`is_urgent`]). On other systems only `WouldBlock` says so.
pub(super) const SHORT_READ_DRAINS: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// The events that the poll reports of a stream socket.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) const STREAM_INTEREST: mio::Interest =
    mio::Interest::READABLE.add(mio::Interest::WRITABLE).add(mio::Interest::PRIORITY);

/// On other systems the poll does not report urgent bytes.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) const STREAM_INTEREST: mio::Interest = mio::Interest::READABLE.add(mio::Interest::WRITABLE);

/// An urgent byte can be read.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn is_urgent(event: &mio::event::Event) -> bool {
    event.is_priority()
}

/// Unknown on this system.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(super) fn is_urgent(_event: &mio::event::Event) -> bool {
    false
}

/// Accepted connections inherit the options of their listener, such as TCP_NODELAY and keep-alive (Linux copies the socket).
pub(super) const ACCEPTED_INHERIT: bool = cfg!(any(target_os = "linux", target_os = "android"));
