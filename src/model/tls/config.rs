//! Configuration of TLS on a TCP connection.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A version that this program speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum TlsVersion {
    /// RFC 5246.
    #[serde(rename = "1.2")]
    V12,
    /// RFC 8446.
    #[serde(rename = "1.3")]
    V13,
}

impl TlsVersion {
    /// Both, the older one first.
    pub const ALL: [Self; 2] = [Self::V12, Self::V13];

    /// Its name without `TLS`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::V12 => "1.2",
            Self::V13 => "1.3",
        }
    }

    /// The version with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.name() == name)
    }
}

/// The versions that are offered or accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TlsVersions {
    /// The oldest.
    pub min: TlsVersion,
    /// The newest; not older than `min`.
    pub max: TlsVersion,
}

impl Default for TlsVersions {
    fn default() -> Self {
        Self { min: TlsVersion::V12, max: TlsVersion::V13 }
    }
}

impl TlsVersions {
    /// Whether all versions are used.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Whether `version` is used.
    #[must_use]
    pub fn contains(&self, version: TlsVersion) -> bool {
        (self.min..=self.max).contains(&version)
    }
}

/// Which certificates of a server are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum TlsTrust {
    /// Issued for the name by an authority that the system trusts.
    #[default]
    System,
    /// Issued for the name by an authority in this PEM file.
    Authority {
        /// The file.
        file: PathBuf,
    },
    /// Any; a warning names its fingerprint.
    Any,
    /// Exactly the certificate with this SHA-256 fingerprint, in lower-case hex.
    Fingerprint {
        /// 64 hex digits.
        sha256: String,
    },
}

impl TlsTrust {
    /// Reads a SHA-256 fingerprint with or without colons: 64 hex digits in lower case.
    #[must_use]
    pub fn fingerprint_of(text: &str) -> Option<String> {
        let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect::<String>().to_ascii_lowercase();
        (digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(digits)
    }
}

/// A certificate with its chain, and its private key, as PEM files.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TlsFiles {
    /// The certificate, then the certificates of its issuers.
    pub certificates: PathBuf,
    /// PKCS #8, PKCS #1 or SEC 1. It may be the same file.
    pub key: PathBuf,
}

/// TLS of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TlsClientConfig {
    /// Versions that are offered.
    #[serde(default, skip_serializing_if = "TlsVersions::is_all")]
    pub versions: TlsVersions,
    /// The name that is sent (SNI) and looked for in the certificate; `None`: the host that is connected to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// Protocols that are offered (ALPN), the preferred one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alpn: Vec<String>,
    /// Which certificates are accepted.
    #[serde(default)]
    pub trust: TlsTrust,
    /// The client's own certificate, for a server that requests one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<TlsFiles>,
    /// A file that the secrets of each connection are appended to (`SSLKEYLOGFILE`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_log: Option<PathBuf>,
}

/// The certificate of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum ServerIdentity {
    /// A certificate that this program makes and signs itself.
    #[default]
    SelfSigned,
    /// PEM files.
    Files(TlsFiles),
}

/// TLS of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TlsServerConfig {
    /// Versions that are accepted.
    #[serde(default, skip_serializing_if = "TlsVersions::is_all")]
    pub versions: TlsVersions,
    /// Protocols that are accepted (ALPN), the preferred one first. Empty: the client's are ignored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alpn: Vec<String>,
    /// The certificate.
    #[serde(default)]
    pub identity: ServerIdentity,
    /// Clients must have a certificate of an authority in this PEM file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_authority: Option<PathBuf>,
    /// A file that the secrets of each connection are appended to (`SSLKEYLOGFILE`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_log: Option<PathBuf>,
}

/// A list of protocols has an empty name, or one of more than 255 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongAlpn;

/// Reads a list such as `h2,http/1.1`. An empty text is an empty list.
///
/// # Errors
/// A name is empty or longer than 255 bytes (RFC 7301 section 3.1).
pub fn alpn_of(text: &str) -> Result<Vec<String>, WrongAlpn> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let name = |name: &str| match name.trim() {
        name if (1..=255).contains(&name.len()) => Ok(name.to_owned()),
        _ => Err(WrongAlpn),
    };
    text.split(',').map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_are_separated_by_commas() {
        assert_eq!(alpn_of(" h2, http/1.1 "), Ok(vec!["h2".to_owned(), "http/1.1".to_owned()]));
        assert_eq!(alpn_of(" "), Ok(Vec::new()));
        assert_eq!(alpn_of("h2,,x"), Err(WrongAlpn));
        assert_eq!(alpn_of(&"x".repeat(256)), Err(WrongAlpn));
    }

    #[test]
    fn a_configuration_survives_its_file() {
        let all = TlsClientConfig {
            versions: TlsVersions { min: TlsVersion::V13, max: TlsVersion::V13 },
            server_name: Some("device".into()),
            alpn: vec!["h2".into()],
            trust: TlsTrust::Authority { file: "ca.pem".into() },
            identity: Some(TlsFiles { certificates: "c.pem".into(), key: "k.pem".into() }),
            key_log: Some("keys.log".into()),
        };
        for config in [TlsClientConfig::default(), all] {
            let text = serde_json::to_string(&config).unwrap();
            assert_eq!(serde_json::from_str::<TlsClientConfig>(&text).unwrap(), config, "{text}");
        }
        let server = TlsServerConfig { client_authority: Some("ca.pem".into()), ..TlsServerConfig::default() };
        let text = serde_json::to_string(&server).unwrap();
        assert_eq!(serde_json::from_str::<TlsServerConfig>(&text).unwrap(), server, "{text}");
    }
}
