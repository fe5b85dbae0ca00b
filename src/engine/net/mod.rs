//! The sockets of a run, each kind behind [`sockets::Sockets`].

mod fault;
mod free_port;
pub(in crate::engine) mod interfaces;
mod options;
mod probe;
pub(in crate::engine) mod resolve;
pub(in crate::engine) mod sockets;
pub(in crate::engine) mod tcp;
pub(in crate::engine) mod udp;

pub use free_port::free_port;
pub use interfaces::{LocalAddress, know_interfaces, local_addresses, raise_descriptor_limit};
pub use probe::{LookUp, addresses_of, look_up, ping};
