//! The receive buffer of a UDP socket.

use socket2::Socket;

/// What is asked for: bursts of 100,000 small datagrams fit.
const WANTED_BYTES: usize = 8 << 20;

/// Asks for 8 MiB, past the system's limit where this process may; returns what the system says it granted, in bytes
/// (Linux doubles the value asked for and counts its own overhead in it: socket(7), `SO_RCVBUF`); 0 = it does not say.
pub(in crate::engine) fn enlarge_receive_buffer(socket: &Socket) -> u64 {
    if !force(socket)
        && let Err(error) = socket.set_recv_buffer_size(WANTED_BYTES)
    {
        tracing::debug!(%error, "the receive buffer keeps its size");
    }
    socket.recv_buffer_size().map_or(0, |bytes| bytes as u64)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn force(socket: &Socket) -> bool {
    rustix::net::sockopt::set_socket_recv_buffer_size_force(socket, WANTED_BYTES).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn force(_socket: &Socket) -> bool {
    false
}
