//! What a handshake shows.

use serde::{Deserialize, Serialize};

/// A ClientHello or ServerHello (RFC 8446 section 4.1). Numbers are those of the IANA registries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsHello {
    /// It comes from the client.
    pub from_client: bool,
    /// The versions offered, or the version chosen; newest first as the peer wrote them.
    pub versions: Vec<u16>,
    /// The cipher suites offered, or the suite chosen.
    pub suites: Vec<u16>,
    /// The name of the server that the client looks for (SNI).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// The protocols offered, or the protocol chosen (ALPN). Of a TLS 1.3 server it is encrypted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alpn: Vec<String>,
    /// The key exchange groups offered, or the group chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<u16>,
    /// The server asks for another ClientHello.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_retry: bool,
}

/// An X.509 certificate (RFC 5280).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TlsCertificate {
    /// Distinguished name of its owner.
    pub subject: String,
    /// Distinguished name of its issuer.
    pub issuer: String,
    /// Begin of its validity, seconds since 1970-01-01 UTC.
    pub not_before: i64,
    /// End of its validity.
    pub not_after: i64,
    /// Names and addresses that it is valid for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// Algorithm and size of its key, such as `RSA 2048`.
    pub key: String,
    /// SHA-256 of the certificate, in lower-case hex.
    pub sha256: String,
}

/// A step of a handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum TlsStep {
    /// A hello was sent.
    SentHello {
        /// Its contents.
        hello: TlsHello,
    },
    /// A hello was received.
    ReceivedHello {
        /// Its contents.
        hello: TlsHello,
    },
    /// The peer showed its certificate.
    Certificates {
        /// The certificate, then those of its issuers; at most eight.
        chain: Vec<TlsCertificate>,
    },
    /// Both sides agreed: payload is encrypted from now on.
    Agreed {
        /// The version.
        version: u16,
        /// The cipher suite.
        suite: u16,
        /// The protocol (ALPN).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alpn: Option<String>,
        /// The key exchange group.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<u16>,
        /// An earlier session was resumed: no certificate is shown.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_resumed: bool,
        /// The peer proved to have the private key of its certificate.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        has_certificate: bool,
        /// Time of the handshake, in ms.
        took_ms: u64,
    },
}
