//! Why TLS failed.

use serde::{Deserialize, Serialize};

/// The cause of a failure or warning of TLS. `words` makes the sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
#[non_exhaustive]
pub enum TlsFault {
    /// The certificate is no longer valid.
    Expired {
        /// End of its validity, seconds since 1970-01-01 UTC.
        not_after: Option<i64>,
    },
    /// The certificate is not valid yet.
    NotYetValid {
        /// Begin of its validity.
        not_before: Option<i64>,
    },
    /// The certificate is for other names.
    WrongHost {
        /// The name looked for.
        expected: String,
        /// The names of the certificate.
        names: Vec<String>,
    },
    /// No trusted authority issued the certificate.
    UnknownIssuer {
        /// The issuer that is missing, if known.
        issuer: Option<String>,
        /// The certificate signed itself.
        is_self_signed: bool,
    },
    /// The certificate cannot be used for another reason.
    BadCertificate {
        /// The reason in English.
        detail: String,
    },
    /// The certificate is not the expected one.
    OtherFingerprint {
        /// The expected SHA-256.
        expected: String,
        /// The SHA-256 of the peer's.
        found: String,
    },
    /// The certificate was accepted without a check.
    Unchecked {
        /// Its SHA-256.
        sha256: String,
    },
    /// The peer offers or chose only what this program does not speak.
    NothingInCommon {
        /// Its versions.
        versions: Vec<u16>,
        /// Its cipher suites.
        suites: Vec<u16>,
        /// The versions that this side may use.
        ours: Vec<u16>,
    },
    /// The peer offers none of our protocols (ALPN).
    NoProtocol {
        /// What it offers.
        offered: Vec<String>,
    },
    /// The peer sent something that is not TLS.
    NotTls {
        /// Its first bytes, at most 32.
        start: Vec<u8>,
    },
    /// The peer refused with an alert (RFC 8446 section 6).
    Alert {
        /// The number of the alert.
        alert: u8,
        /// The versions that this side offered or accepts.
        ours: Vec<u16>,
    },
    /// The client showed no certificate although one is required.
    NoClientCertificate,
    /// The peer closed the connection during the handshake.
    Ended,
    /// The peer ended the connection without saying so in TLS: bytes may be missing.
    Truncated,
    /// The peer broke the protocol.
    Protocol {
        /// How, in English.
        detail: String,
    },
    /// The name that is looked for cannot be in a certificate.
    BadName {
        /// The name.
        name: String,
    },
    /// A file has no certificate in PEM form.
    NoCertificateInFile,
    /// A file has no private key in PEM form.
    NoKeyInFile,
    /// The private key is encrypted with a password.
    EncryptedKey,
    /// The private key does not belong to the certificate.
    KeyMismatch,
    /// A certificate or key in a file is damaged or of a kind that is not supported.
    UnusableFile {
        /// The reason in English.
        detail: String,
    },
    /// The system has no trusted authorities.
    NoSystemRoots,
}

impl TlsFault {
    /// The stable name used in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Expired { .. } => "expired",
            Self::NotYetValid { .. } => "not_yet_valid",
            Self::WrongHost { .. } => "wrong_host",
            Self::UnknownIssuer { .. } => "unknown_issuer",
            Self::BadCertificate { .. } => "bad_certificate",
            Self::OtherFingerprint { .. } => "other_fingerprint",
            Self::Unchecked { .. } => "unchecked",
            Self::NothingInCommon { .. } => "nothing_in_common",
            Self::NoProtocol { .. } => "no_protocol",
            Self::NotTls { .. } => "not_tls",
            Self::Alert { .. } => "alert",
            Self::NoClientCertificate => "no_client_certificate",
            Self::Ended => "ended",
            Self::Truncated => "truncated",
            Self::Protocol { .. } => "protocol",
            Self::BadName { .. } => "bad_name",
            Self::NoCertificateInFile => "no_certificate_in_file",
            Self::NoKeyInFile => "no_key_in_file",
            Self::EncryptedKey => "encrypted_key",
            Self::KeyMismatch => "key_mismatch",
            Self::UnusableFile { .. } => "unusable_file",
            Self::NoSystemRoots => "no_system_roots",
        }
    }
}

impl std::fmt::Display for TlsFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// It travels in an `io::Error` from a layer to whoever knows the address.
impl std::error::Error for TlsFault {}
