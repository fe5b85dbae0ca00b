//! The facts of a TLS handshake as fields of a line: numbers become their registered names.

use crate::capture::time::utc;
use crate::codec::tls::{group_name, suite_name, version_name};
use crate::model::{TlsCertificate, TlsHello, TlsStep};
use serde::Serialize;

/// A step of a handshake.
#[derive(Debug, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// We sent a hello.
    SentHello(Hello),
    /// The peer sent a hello.
    ReceivedHello(Hello),
    /// The peer showed its certificate and those of its issuers.
    Certificates {
        /// The peer's first.
        chain: Vec<Certificate>,
    },
    /// Both sides agreed.
    Agreed {
        /// The version.
        version: String,
        /// The cipher suite.
        suite: String,
        /// The protocol.
        #[serde(skip_serializing_if = "Option::is_none")]
        alpn: Option<String>,
        /// The key exchange group.
        #[serde(skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// An earlier session was resumed.
        resumed: bool,
        /// Time of the handshake.
        took_ms: u64,
    },
}

/// A hello.
#[derive(Debug, Serialize)]
pub struct Hello {
    /// `client` or `server`.
    from: &'static str,
    versions: Vec<String>,
    suites: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_name: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alpn: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retry: bool,
}

/// A certificate.
#[derive(Debug, Serialize)]
pub struct Certificate {
    subject: String,
    issuer: String,
    not_before: String,
    not_after: String,
    names: Vec<String>,
    key: String,
    sha256: String,
}

impl Step {
    /// The step with names instead of numbers.
    #[must_use]
    pub fn of(step: &TlsStep) -> Self {
        match step {
            TlsStep::SentHello { hello } => Self::SentHello(Hello::of(hello)),
            TlsStep::ReceivedHello { hello } => Self::ReceivedHello(Hello::of(hello)),
            TlsStep::Certificates { chain } => {
                Self::Certificates { chain: chain.iter().map(Certificate::of).collect() }
            }
            TlsStep::Agreed { version, suite, alpn, group, is_resumed, took_ms, .. } => Self::Agreed {
                version: version_name(*version),
                suite: suite_name(*suite),
                alpn: alpn.clone(),
                group: group.map(group_name),
                resumed: *is_resumed,
                took_ms: *took_ms,
            },
        }
    }
}

impl Hello {
    fn of(hello: &TlsHello) -> Self {
        Self {
            from: if hello.from_client { "client" } else { "server" },
            versions: hello.versions.iter().map(|version| version_name(*version)).collect(),
            suites: hello.suites.iter().map(|suite| suite_name(*suite)).collect(),
            server_name: hello.server_name.clone(),
            alpn: hello.alpn.clone(),
            groups: hello.groups.iter().map(|group| group_name(*group)).collect(),
            retry: hello.is_retry,
        }
    }
}

impl Certificate {
    fn of(certificate: &TlsCertificate) -> Self {
        let time = |seconds: i64| utc(seconds.saturating_mul(1_000_000_000));
        Self {
            subject: certificate.subject.clone(),
            issuer: certificate.issuer.clone(),
            not_before: time(certificate.not_before),
            not_after: time(certificate.not_after),
            names: certificate.names.clone(),
            key: certificate.key.clone(),
            sha256: certificate.sha256.clone(),
        }
    }
}
