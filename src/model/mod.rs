//! Plain values every other room speaks in. No I/O, no threads, no text for users.

mod close;
mod config;
mod counters;
mod endpoint;
mod error;
mod ids;
mod state;

pub use close::CloseReason;
pub use config::{Protocol, SessionConfig, TcpClientConfig, TcpServerConfig, UdpConfig};
pub use counters::CounterValues;
pub use endpoint::{Endpoint, EndpointError, HostPort, Transport, display_address, unmap_v4};
pub use error::{ErrorKind, NetError, Operation};
pub use ids::{Direction, PeerId, RunNumber, SessionId, Target, Ticket};
pub use state::SessionState;
