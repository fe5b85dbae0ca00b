//! TLS: configuration, facts of a handshake, and why it failed.

mod config;

pub use config::{
    ServerIdentity, TlsClientConfig, TlsFiles, TlsServerConfig, TlsTrust, TlsVersion, TlsVersions, WrongAlpn, alpn_of,
};
