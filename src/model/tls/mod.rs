//! TLS: configuration, facts of a handshake, and why it failed.

mod config;
mod facts;
mod fault;

pub use config::{
    ServerIdentity, TlsClientConfig, TlsFiles, TlsServerConfig, TlsTrust, TlsVersion, TlsVersions, WrongAlpn, alpn_of,
};
pub use facts::{TlsCertificate, TlsHello, TlsStep};
pub use fault::TlsFault;
