//! TLS in English.

use super::En;
use crate::model::TlsFault;
use crate::words::texts::FaultParts;
use crate::words::{counted, harmless};

texts! { Tls for En;

    tls_and: ", ";
    tls_why(fault: &TlsFault, parts: &FaultParts) -> String {
        match fault {
            TlsFault::Expired { not_after: None } => "the certificate has expired".to_owned(),
            TlsFault::Expired { .. } => format!("the certificate expired on {}", parts.date),
            TlsFault::NotYetValid { not_before: None } => "the certificate is not valid yet".to_owned(),
            TlsFault::NotYetValid { .. } => {
                format!("the certificate is not valid before {} (is the clock of this machine right?)", parts.date)
            }
            TlsFault::WrongHost { expected, .. } if parts.list.is_empty() => {
                format!("the certificate is for no name, and {} was expected", harmless(expected))
            }
            TlsFault::WrongHost { expected, .. } => {
                format!("the certificate is not for {}, but for {}", harmless(expected), parts.list)
            }
            TlsFault::UnknownIssuer { is_self_signed: true, .. } => {
                "the certificate signed itself, so no trusted authority vouches for it".to_owned()
            }
            TlsFault::UnknownIssuer { issuer: Some(issuer), .. } => {
                format!("no trusted authority issued the certificate; its issuer is {}", harmless(issuer))
            }
            TlsFault::UnknownIssuer { .. } => "no trusted authority issued the certificate".to_owned(),
            TlsFault::BadCertificate { detail } => format!("the certificate cannot be used: {}", harmless(detail)),
            TlsFault::OtherFingerprint { .. } => {
                format!("the certificate is not the expected one; its SHA-256 fingerprint is {}", parts.fingerprint)
            }
            TlsFault::Unchecked { .. } => {
                format!("the certificate was accepted without a check; SHA-256 fingerprint {}", parts.fingerprint)
            }
            TlsFault::NothingInCommon { versions, .. } if versions.is_empty() => {
                "the peer offers nothing that is allowed here".to_owned()
            }
            TlsFault::NothingInCommon { .. } => nothing_in_common(parts),
            TlsFault::NoProtocol { .. } if parts.list.is_empty() => "the peer offers no protocol (ALPN)".to_owned(),
            TlsFault::NoProtocol { .. } => {
                format!("the peer offers none of the protocols (ALPN) of this side, only {}", parts.list)
            }
            TlsFault::NotTls { .. } if parts.list.is_empty() => {
                "the peer does not speak TLS; it closed the connection without an answer".to_owned()
            }
            TlsFault::NotTls { .. } => format!("the peer does not speak TLS; it sent {}", parts.list),
            TlsFault::Alert { alert, .. } => {
                let reason = match alert {
                    40 => "it finds nothing acceptable in what was offered, often because it has only older cipher suites",
                    42 | 43 | 46 => "it does not accept our certificate",
                    44 => "our certificate is revoked",
                    45 => "our certificate has expired",
                    48 => "it does not know the issuer of our certificate",
                    49 => "it denies access",
                    70 => return format!(
                        "the peer accepts none of the versions of this side ({}); it may speak older ones only [alert {}]",
                        parts.ours, parts.alert
                    ),
                    71 => "it requires stronger encryption",
                    112 => "it has no certificate for the name that was asked for (SNI)",
                    116 => "it requires a certificate of the client",
                    120 => "it has none of the protocols that were offered (ALPN)",
                    _ => return format!("the peer refused [alert {}]", parts.alert),
                };
                format!("the peer refused: {reason} [alert {}]", parts.alert)
            }
            TlsFault::NoClientCertificate => "the client showed no certificate, and one is required".to_owned(),
            TlsFault::Ended => "the peer closed the connection during the handshake".to_owned(),
            TlsFault::Truncated => {
                "the peer ended the connection without close_notify, so bytes may be missing at the end".to_owned()
            }
            TlsFault::Protocol { detail } => format!("the peer broke the rules of TLS: {}", harmless(detail)),
            TlsFault::BadName { name } => format!("{} cannot be the name of a server in a certificate", harmless(name)),
            TlsFault::NoCertificateInFile => "it has no certificate in PEM form".to_owned(),
            TlsFault::NoKeyInFile => "it has no private key in PEM form".to_owned(),
            TlsFault::EncryptedKey => "the private key is encrypted with a password; only keys without one can be used".to_owned(),
            TlsFault::KeyMismatch => "the private key does not belong to this certificate".to_owned(),
            TlsFault::UnusableFile { detail } => format!("its certificate or key cannot be used: {}", harmless(detail)),
            TlsFault::NoSystemRoots => "this system has no trusted authorities; choose a file with one".to_owned(),
        }
    }
    tls_why_short(fault: &TlsFault) -> &'static str {
        match fault {
            TlsFault::Expired { .. } => "certificate expired",
            TlsFault::NotYetValid { .. } => "certificate not valid yet",
            TlsFault::WrongHost { .. } => "certificate is for another name",
            TlsFault::UnknownIssuer { .. } => "issuer not trusted",
            TlsFault::BadCertificate { .. } => "certificate cannot be used",
            TlsFault::OtherFingerprint { .. } => "another certificate",
            TlsFault::Unchecked { .. } => "certificate not checked",
            TlsFault::NothingInCommon { .. } => "no common version or cipher suite",
            TlsFault::NoProtocol { .. } => "no common protocol (ALPN)",
            TlsFault::NotTls { .. } => "the peer does not speak TLS",
            TlsFault::Alert { .. } => "refused by the peer",
            TlsFault::NoClientCertificate => "client certificate missing",
            TlsFault::Ended => "closed during the handshake",
            TlsFault::Truncated => "ended without close_notify",
            TlsFault::Protocol { .. } => "the peer broke the rules of TLS",
            TlsFault::BadName { .. } => "not a name of a server",
            TlsFault::NoCertificateInFile => "no certificate in the file",
            TlsFault::NoKeyInFile => "no private key in the file",
            TlsFault::EncryptedKey => "private key needs a password",
            TlsFault::KeyMismatch => "key of another certificate",
            TlsFault::UnusableFile { .. } => "certificate file cannot be used",
            TlsFault::NoSystemRoots => "no trusted authorities",
        }
    }
    tls_hello(is_sent: bool, from_client: bool, is_retry: bool) -> &'static str {
        match (is_sent, from_client, is_retry) {
            (true, true, _) => "TLS ClientHello sent",
            (true, false, false) => "TLS ServerHello sent",
            (true, false, true) => "TLS ServerHello sent (asks for another ClientHello)",
            (false, true, _) => "TLS ClientHello received",
            (false, false, false) => "TLS ServerHello received",
            (false, false, true) => "TLS ServerHello received (asks for another ClientHello)",
        }
    }
    tls_server_name(name: &str) => "server name {name}";
    tls_suites(count: u64, names: &str) => "{}: {names}", counted(count, "cipher suite");
    tls_groups(names: &str) => "groups {names}";
    tls_certificate(subject: &str) => "TLS certificate of the peer: {subject}";
    tls_issuer(issuer: &str) => "issued by {issuer}";
    tls_self_signed: "signed itself";
    tls_valid(from: &str, to: &str) => "valid from {from} to {to}";
    tls_names(names: &str) => "for {names}";
    tls_issuers(count: u64, names: &str) => "with {} of issuers: {names}", counted(count, "certificate");
    tls_agreed: "TLS is established";
    tls_resumed: "an earlier session was resumed";

    // Window
    tls_encryption: "Encrypt with TLS";
    tls_trust() -> (&'static str, &'static str) { ("Trust", "Trusted certificates") }
    tls_trusts() -> [&'static str; 4] {
        ["System CAs", "CA in a file", "Any, but shown", "One fingerprint"]
    }
    tls_authority_file() -> (&'static str, &'static str) { ("CA file", "CA file") }
    tls_fingerprint() -> (&'static str, &'static str) { ("SHA-256", "Certificate fingerprint") }
    tls_sni() -> (&'static str, &'static str) { ("Name", "Server name (SNI)") }
    tls_as_remote: "as the address";
    tls_own_certificate() -> (&'static str, &'static str) { ("Cert file", "Certificate file") }
    tls_key() -> (&'static str, &'static str) { ("Key file", "Private key file") }
    tls_key_beside: "in the certificate file";
    tls_server_certificate() -> (&'static str, &'static str) { ("Certificate", "Server certificate") }
    tls_server_certificates() -> [&'static str; 2] { ["Self-signed", "From files"] }
    tls_client_authority() -> (&'static str, &'static str) { ("Client CA", "CA file for client certificates") }
    tls_key_log() -> (&'static str, &'static str) { ("Key log", "Key log file") }
    tls_no_file: "Name a file";
    tls_no_fingerprint: "64 hex digits";
    tls_no_protocols: "Names with commas";
    tls_unchecked: "The certificate was not checked";
    tls_trust_this: "Trust this one";
}

fn nothing_in_common(parts: &FaultParts) -> String {
    let FaultParts { versions, exchange, ours, .. } = parts;
    match (parts.has_version, exchange.is_empty()) {
        (false, true) => format!("the peer offers {versions} only, which this program does not speak (here: {ours})"),
        (false, false) => format!(
            "the peer offers {versions} with {exchange} key exchange only, which this program does not speak (here: {ours} with ECDHE)"
        ),
        (true, false) => format!(
            "the peer offers {versions} with {exchange} key exchange only, which this program does not speak (here: ECDHE)"
        ),
        (true, true) => {
            format!("the peer offers {versions}, but no cipher suite, group or signature that this program has")
        }
    }
}
