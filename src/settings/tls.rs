//! TLS of a session.

use crate::model::TlsVersions;
use serde::{Deserialize, Serialize};

/// Which certificates a client accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrustChoice {
    /// Those that the system trusts.
    #[default]
    System,
    /// Those of an authority in a file.
    Authority,
    /// Any; the window shows its fingerprint.
    Any,
    /// One alone.
    Fingerprint,
}

/// The fields as typed. Files are named, never copied: no key is in the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TlsSetup {
    /// The payload is encrypted.
    pub is_on: bool,
    /// Versions that are used.
    pub versions: TlsVersions,
    /// Client: which certificates are accepted.
    pub trust: TrustChoice,
    /// Client: the file of the authority.
    pub authority: String,
    /// Client: the SHA-256 of the certificate.
    pub fingerprint: String,
    /// Client: the name that is sent and looked for; empty for the remote host.
    pub server_name: String,
    /// Protocols (ALPN) with commas between them.
    pub alpn: String,
    /// Server: its certificate comes from a file; otherwise this program makes one that signs itself.
    pub uses_files: bool,
    /// The file of the own certificate.
    pub certificates: String,
    /// The file of its key; empty: it is in the same file.
    pub key: String,
    /// Server: clients must have a certificate of the authority in this file; empty: they need none.
    pub client_authority: String,
    /// The file for the secrets of connections; empty: they are not kept.
    pub key_log: String,
}
