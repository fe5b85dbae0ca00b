//! Plain values that all other rooms use. No I/O, no threads, no text for users.

mod cast;
mod close;
mod config;
mod counters;
mod endpoint;
mod error;
mod facts;
mod forward;
mod forward_datagrams;
mod ids;
mod random;
mod socket_options;
mod state;
mod tls;
mod transfer;
mod unix;
mod websocket;
mod zones;

pub use cast::{CastOptions, GROUPS_MAX, Group, GroupError, GroupInterface, is_interface_name};
pub use close::CloseReason;
pub use config::{NextTry, Protocol, Reconnect, SessionConfig, TcpClientConfig, TcpServerConfig, UdpConfig};
pub use counters::CounterValues;
pub use endpoint::{Endpoint, EndpointError, HostPort, Layers, Transport, display_address, parse_address, unmap_v4};
pub use error::{ErrorKind, NetError, Operation, is_a_directory};
pub use facts::{Facts, OpenedBy, Queues, TcpFacts};
pub use forward::Forward;
pub use forward_datagrams::ForwardDatagrams;
pub use ids::{Direction, PeerId, RunNumber, SessionId, Target, Ticket};
pub use random::random_bits;
pub use socket_options::{KeepAlive, OptionForm, OptionListError, OptionName, Probing, SocketOptions};
pub use state::SessionState;
pub use tls::{
    ServerIdentity, TlsCertificate, TlsClientConfig, TlsFault, TlsFiles, TlsHello, TlsServerConfig, TlsStep, TlsTrust,
    TlsVersion, TlsVersions, WrongAlpn, alpn_of,
};
pub use transfer::{NameProblem, TransferError};
pub use unix::{UNIX_PATH_MAX, UNIX_SCHEME, UnixEnd, unix_name, unix_name_number, unix_names};
pub use websocket::{MessageForm, WebSocketConfig, WebSocketFault, WebSocketStep, WrongHeader};
pub use zones::{foreign_zone, know_zone, known_zones, zone_name, zone_number};
