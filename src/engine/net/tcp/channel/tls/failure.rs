//! From what rustls reports, and what was seen of the peer, to why a handshake failed.

use crate::codec::tls::{KeyExchange, certificate, is_record_start, key_exchange};
use crate::model::{TlsFault, TlsHello, TlsVersions};
use rustls::pki_types::{ServerName, UnixTime};
use rustls::{CertificateError, Error, InvalidMessage};
use std::sync::{Arc, Mutex, PoisonError};

/// The first bytes of a peer that are kept.
const START: usize = 32;

/// The certificates that the peer of one connection showed.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain(Arc<Mutex<Vec<Vec<u8>>>>);

impl Chain {
    pub(super) fn set(&self, chain: Vec<Vec<u8>>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = chain;
    }

    fn with<T>(&self, see: impl FnOnce(&mut Vec<Vec<u8>>) -> T) -> T {
        see(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What was seen of the peer of one connection.
#[derive(Debug)]
pub(super) struct Seen {
    versions: TlsVersions,
    /// The certificate is accepted without a check.
    accepts_any: bool,
    chain: Chain,
    /// The first certificate, after the chain was taken.
    first: Option<Vec<u8>>,
    start: Vec<u8>,
    hello: Option<TlsHello>,
}

impl Seen {
    pub(super) fn new(versions: TlsVersions, accepts_any: bool, chain: Chain) -> Self {
        Self { versions, accepts_any, chain, first: None, start: Vec::new(), hello: None }
    }

    /// Keeps the first bytes.
    pub(super) fn note_start(&mut self, bytes: &[u8]) {
        let room = START.saturating_sub(self.start.len());
        self.start.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    pub(super) fn note_hello(&mut self, hello: &TlsHello) {
        self.hello = Some(hello.clone());
    }

    /// The chain that the peer showed, once.
    pub(super) fn take_chain(&mut self) -> Vec<Vec<u8>> {
        let chain = self.chain.with(std::mem::take);
        self.first = chain.first().cloned().or(self.first.take());
        chain
    }

    /// The warning about a certificate that was not checked. To be called after [`Self::take_chain`].
    pub(super) fn take_warning(&mut self) -> Option<TlsFault> {
        let first = self.first.take().filter(|_| self.accepts_any)?;
        Some(TlsFault::Unchecked { sha256: crate::codec::tls::fingerprint(&first) })
    }

    /// The versions that this side uses, newest first.
    fn ours(&self) -> Vec<u16> {
        let both = [(crate::model::TlsVersion::V13, 0x0304), (crate::model::TlsVersion::V12, 0x0303)];
        both.into_iter().filter(|(version, _)| self.versions.contains(*version)).map(|(_, number)| number).collect()
    }

    /// The peer closed the connection in the middle of the handshake.
    pub(super) fn ended(&self) -> TlsFault {
        if is_record_start(&self.start) { TlsFault::Ended } else { TlsFault::NotTls { start: self.start.clone() } }
    }

    /// Why rustls gave up.
    pub(super) fn fault_of(&self, error: &Error) -> TlsFault {
        match error {
            Error::InvalidCertificate(error) => self.of_certificate(error),
            Error::AlertReceived(alert) => TlsFault::Alert { alert: u8::from(*alert), ours: self.ours() },
            Error::NoCertificatesPresented => TlsFault::NoClientCertificate,
            Error::NoApplicationProtocol => TlsFault::NoProtocol {
                offered: self.hello.as_ref().map(|hello| hello.alpn.clone()).unwrap_or_default(),
            },
            Error::InvalidMessage(InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion)
            | Error::InvalidMessage(InvalidMessage::MessageTooLarge | InvalidMessage::InvalidEmptyPayload)
                if !is_record_start(&self.start) =>
            {
                TlsFault::NotTls { start: self.start.clone() }
            }
            _ if !is_record_start(&self.start) => TlsFault::NotTls { start: self.start.clone() },
            Error::PeerIncompatible(_) | Error::PeerMisbehaved(_) if self.is_too_old() => self.nothing_in_common(),
            Error::PeerIncompatible(_) => self.nothing_in_common(),
            other => TlsFault::Protocol { detail: other.to_string() },
        }
    }

    /// The peer's hello has no version that this side uses.
    fn is_too_old(&self) -> bool {
        let ours = self.ours();
        self.hello.as_ref().is_some_and(|hello| !hello.versions.iter().any(|version| ours.contains(version)))
    }

    fn nothing_in_common(&self) -> TlsFault {
        let hello = self.hello.clone().unwrap_or_default();
        let suites = hello.suites.into_iter().filter(|suite| key_exchange(*suite) != KeyExchange::None).collect();
        TlsFault::NothingInCommon { versions: hello.versions, suites, ours: self.ours() }
    }

    fn of_certificate(&self, error: &CertificateError) -> TlsFault {
        let seconds = |time: &UnixTime| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        let first = || self.chain.with(|chain| chain.first().map(|der| certificate(der)));
        match error {
            CertificateError::ExpiredContext { not_after, .. } => {
                TlsFault::Expired { not_after: Some(seconds(not_after)) }
            }
            CertificateError::Expired => TlsFault::Expired { not_after: None },
            CertificateError::NotValidYetContext { not_before, .. } => {
                TlsFault::NotYetValid { not_before: Some(seconds(not_before)) }
            }
            CertificateError::NotValidYet => TlsFault::NotYetValid { not_before: None },
            CertificateError::NotValidForNameContext { expected, .. } => TlsFault::WrongHost {
                expected: name(expected),
                names: first().map(|certificate| certificate.names).unwrap_or_default(),
            },
            CertificateError::UnknownIssuer => {
                let last = self.chain.with(|chain| chain.last().map(|der| certificate(der)));
                let is_self_signed = first().is_some_and(|first| first.issuer == first.subject);
                TlsFault::UnknownIssuer { issuer: last.map(|last| last.issuer), is_self_signed }
            }
            CertificateError::Other(other) => match other.0.downcast_ref::<TlsFault>() {
                Some(fault) => fault.clone(),
                None => TlsFault::BadCertificate { detail: other.0.to_string() },
            },
            other => TlsFault::BadCertificate { detail: other.to_string() },
        }
    }
}

fn name(name: &ServerName<'_>) -> String {
    name.to_str().into_owned()
}
