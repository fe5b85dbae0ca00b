//! The sockets of a run.

pub(in crate::engine) mod connect;
pub(in crate::engine) mod connection;
mod free_port;
pub(in crate::engine) mod interfaces;
pub(in crate::engine) mod keepalive;
pub(in crate::engine) mod listen;
pub(in crate::engine) mod resolve;
pub(in crate::engine) mod tcp;
pub(in crate::engine) mod udp;
mod udp_bind;

pub use free_port::free_port;
pub use interfaces::{LocalAddress, know_interfaces, local_addresses, raise_descriptor_limit};
