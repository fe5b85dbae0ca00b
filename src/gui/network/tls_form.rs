//! TLS of a form: its fields as a configuration.

use crate::model::{NetError, ServerIdentity, TlsClientConfig, TlsFault, TlsFiles, TlsServerConfig, TlsTrust, alpn_of};
use crate::settings::{TlsSetup, TrustChoice};
use std::path::PathBuf;

/// A field that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongTls {
    /// The file of an authority is missing.
    Authority,
    /// Not a fingerprint.
    Fingerprint,
    /// The file of the own certificate is missing.
    Certificates,
    /// Not a list of protocols.
    Alpn,
}

fn path(text: &str) -> Option<PathBuf> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(PathBuf::from)
}

fn alpn(setup: &TlsSetup, wrong: &mut Vec<WrongTls>) -> Vec<String> {
    alpn_of(&setup.alpn).unwrap_or_else(|_| {
        wrong.push(WrongTls::Alpn);
        Vec::new()
    })
}

fn files(setup: &TlsSetup) -> Option<TlsFiles> {
    let certificates = path(&setup.certificates)?;
    let key = path(&setup.key).unwrap_or_else(|| certificates.clone());
    Some(TlsFiles { certificates, key })
}

/// TLS of a client from its fields; what is wrong is added to `wrong`.
pub fn client(setup: &TlsSetup, wrong: &mut Vec<WrongTls>) -> Option<TlsClientConfig> {
    if !setup.is_on {
        return None;
    }
    let trust = match setup.trust {
        TrustChoice::System => TlsTrust::System,
        TrustChoice::Any => TlsTrust::Any,
        TrustChoice::Authority => match path(&setup.authority) {
            Some(file) => TlsTrust::Authority { file },
            None => {
                wrong.push(WrongTls::Authority);
                TlsTrust::System
            }
        },
        TrustChoice::Fingerprint => match TlsTrust::fingerprint_of(&setup.fingerprint) {
            Some(sha256) => TlsTrust::Fingerprint { sha256 },
            None => {
                wrong.push(WrongTls::Fingerprint);
                TlsTrust::System
            }
        },
    };
    Some(TlsClientConfig {
        versions: setup.versions,
        server_name: Some(setup.server_name.trim().to_owned()).filter(|name| !name.is_empty()),
        alpn: alpn(setup, wrong),
        trust,
        identity: files(setup),
        key_log: path(&setup.key_log),
    })
}

/// TLS of a server.
pub fn server(setup: &TlsSetup, wrong: &mut Vec<WrongTls>) -> Option<TlsServerConfig> {
    if !setup.is_on {
        return None;
    }
    let identity = match files(setup).filter(|_| setup.uses_files) {
        Some(files) => ServerIdentity::Files(files),
        None => {
            if setup.uses_files {
                wrong.push(WrongTls::Certificates);
            }
            ServerIdentity::SelfSigned
        }
    };
    Some(TlsServerConfig {
        versions: setup.versions,
        alpn: alpn(setup, wrong),
        identity,
        client_authority: path(&setup.client_authority),
        key_log: path(&setup.key_log),
    })
}

/// The SHA-256 of a certificate that was accepted without a check, if the warning is about one.
pub fn unchecked(warning: &NetError) -> Option<String> {
    match warning.tls.as_deref() {
        Some(TlsFault::Unchecked { sha256 }) => Some(sha256.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_become_a_configuration_or_errors() {
        let mut errors = Vec::new();
        let off = TlsSetup { trust: TrustChoice::Authority, ..TlsSetup::default() };
        assert_eq!((client(&off, &mut errors), server(&off, &mut errors)), (None, None));
        let on = TlsSetup { is_on: true, server_name: " device ".into(), alpn: "h2, x".into(), ..TlsSetup::default() };
        let config = client(&on, &mut errors).unwrap();
        assert_eq!((config.server_name.as_deref(), config.trust), (Some("device"), TlsTrust::System));
        assert_eq!(config.alpn, ["h2", "x"]);
        assert_eq!(server(&on, &mut errors).unwrap().identity, ServerIdentity::SelfSigned);
        assert!(errors.is_empty());
        let wrong = TlsSetup { trust: TrustChoice::Fingerprint, alpn: ",".into(), uses_files: true, ..on };
        client(&wrong, &mut errors);
        server(&wrong, &mut errors);
        for at in [WrongTls::Fingerprint, WrongTls::Alpn, WrongTls::Certificates] {
            assert!(errors.contains(&at), "{at:?}");
        }
        let files = TlsSetup { certificates: "both.pem".into(), alpn: String::new(), ..wrong };
        let both = TlsFiles { certificates: "both.pem".into(), key: "both.pem".into() };
        assert_eq!(server(&files, &mut errors).unwrap().identity, ServerIdentity::Files(both));
    }
}
