//! Which certificates are accepted.

use super::failure::Chain;
use crate::codec::tls::fingerprint;
use crate::model::TlsFault;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error, OtherError, SignatureScheme};
use std::sync::Arc;

/// How the certificate of a server is judged. That the server has the private key is checked in any case.
#[derive(Clone, Debug)]
pub(super) enum Judge {
    /// Issued for the name by an authority.
    Authorities(Arc<WebPkiServerVerifier>),
    /// Accepted as it is.
    Any,
    /// This fingerprint alone.
    Fingerprint(String),
}

/// Verifies the server's certificate of one connection, and keeps the chain that the server sent.
#[derive(Debug)]
pub(super) struct ServerTrust {
    pub(super) judge: Judge,
    pub(super) algorithms: WebPkiSupportedAlgorithms,
    pub(super) chain: Chain,
}

fn all(end_entity: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> Vec<Vec<u8>> {
    std::iter::once(end_entity).chain(intermediates).map(|certificate| certificate.to_vec()).collect()
}

impl ServerCertVerifier for ServerTrust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.chain.set(all(end_entity, intermediates));
        match &self.judge {
            Judge::Authorities(verifier) => {
                verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
            Judge::Any => Ok(ServerCertVerified::assertion()),
            Judge::Fingerprint(expected) => {
                let found = fingerprint(end_entity);
                if found == *expected {
                    return Ok(ServerCertVerified::assertion());
                }
                let fault = TlsFault::OtherFingerprint { expected: expected.clone(), found };
                Err(CertificateError::Other(OtherError(Arc::new(fault))).into())
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Requires a certificate from each client, and keeps the chain that the client sent.
#[derive(Debug)]
pub(super) struct ClientTrust {
    pub(super) verifier: Arc<dyn ClientCertVerifier>,
    pub(super) chain: Chain,
}

impl ClientCertVerifier for ClientTrust {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.verifier.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        self.chain.set(all(end_entity, intermediates));
        self.verifier.verify_client_cert(end_entity, intermediates, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.verifier.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
