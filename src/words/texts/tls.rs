//! TLS: the steps of a handshake, and why it failed.

use crate::model::TlsFault;

/// The parts of a fault as text.
#[derive(Debug, Default)]
pub struct FaultParts {
    /// A date.
    pub date: String,
    /// Names, protocols, or the first bytes of the peer.
    pub list: String,
    /// What the peer speaks: its versions.
    pub versions: String,
    /// How it exchanges keys, if in no way that this program has; else empty.
    pub exchange: String,
    /// Whether one of its versions is allowed here.
    pub has_version: bool,
    /// The versions that are allowed here.
    pub ours: String,
    /// The name and number of an alert.
    pub alert: String,
    /// A fingerprint.
    pub fingerprint: String,
}

/// TLS.
pub trait Tls {
    /// Separates the parts of a list.
    fn tls_and(&self) -> &'static str;
    /// Why it failed, after a colon.
    fn tls_why(&self, fault: &TlsFault, parts: &FaultParts) -> String;
    /// The same in a few words.
    fn tls_why_short(&self, fault: &TlsFault) -> &'static str;
    /// A hello was sent or received.
    fn tls_hello(&self, is_sent: bool, from_client: bool, is_retry: bool) -> &'static str;
    /// The name of the server that a client looks for.
    fn tls_server_name(&self, name: &str) -> String;
    /// Cipher suites.
    fn tls_suites(&self, count: u64, names: &str) -> String;
    /// Key exchange groups.
    fn tls_groups(&self, names: &str) -> String;
    /// The certificate of the peer.
    fn tls_certificate(&self, subject: &str) -> String;
    /// Its issuer.
    fn tls_issuer(&self, issuer: &str) -> String;
    /// It is its own issuer.
    fn tls_self_signed(&self) -> &'static str;
    /// Its validity.
    fn tls_valid(&self, from: &str, to: &str) -> String;
    /// The names that it is for.
    fn tls_names(&self, names: &str) -> String;
    /// The certificates of issuers that were shown with it.
    fn tls_issuers(&self, count: u64, names: &str) -> String;
    /// The handshake is complete.
    fn tls_agreed(&self) -> &'static str;
    /// An earlier session was resumed.
    fn tls_resumed(&self) -> &'static str;
    // Window: label and accessible name of a field, or the label alone.
    /// Switches TLS on.
    fn tls_encryption(&self) -> &'static str;
    /// Which certificates of a server are trusted.
    fn tls_trust(&self) -> (&'static str, &'static str);
    /// Its choices: the system's, those of a file, any, one fingerprint.
    fn tls_trusts(&self) -> [&'static str; 4];
    /// The file of an authority.
    fn tls_authority_file(&self) -> (&'static str, &'static str);
    /// The fingerprint that is trusted.
    fn tls_fingerprint(&self) -> (&'static str, &'static str);
    /// The name of the server.
    fn tls_sni(&self) -> (&'static str, &'static str);
    /// Shown in the empty field of the name.
    fn tls_as_remote(&self) -> &'static str;
    /// The file of the own certificate.
    fn tls_own_certificate(&self) -> (&'static str, &'static str);
    /// The file of its key.
    fn tls_key(&self) -> (&'static str, &'static str);
    /// Shown in the empty field of the key.
    fn tls_key_beside(&self) -> &'static str;
    /// Where the certificate of a server comes from.
    fn tls_server_certificate(&self) -> (&'static str, &'static str);
    /// Its choices: made here, from files.
    fn tls_server_certificates(&self) -> [&'static str; 2];
    /// The file of the authority for client certificates.
    fn tls_client_authority(&self) -> (&'static str, &'static str);
    /// The file for secrets.
    fn tls_key_log(&self) -> (&'static str, &'static str);
    /// The name of a file is missing.
    fn tls_no_file(&self) -> &'static str;
    /// Not a fingerprint.
    fn tls_no_fingerprint(&self) -> &'static str;
    /// Not a list of protocols.
    fn tls_no_protocols(&self) -> &'static str;
    /// A certificate was accepted without a check.
    fn tls_unchecked(&self) -> &'static str;
    /// Trusts it, and no other.
    fn tls_trust_this(&self) -> &'static str;
}
